/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * json.h -- writing JSON as a stream (reading is jansson's).
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/value.h"

/* A string with quotes; valid UTF-8 passes, an invalid byte becomes \udcXX (lone low surrogate
 * U+DC00 + byte, as Python's surrogateescape has it), so that no byte is lost. What a terminal
 * would obey (C0, DEL, C1, bidi controls, line separators) is a \u escape, which means the same
 * to every reader. */
void json_write_text(Buf *out, Str s);

/* A value by kind: numbers as numbers (shortest text that reads back equal; what is not finite is
 * null), money as a decimal number, duration in seconds, bool true/false, time as ISO 8601 UTC
 * text, tags as an array of strings, null as null; ints beyond 2^53 stay integers. */
void json_write_value(Buf *out, Value v, Kind k);

#endif
