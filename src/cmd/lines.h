/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lines.h -- text as rows of one column: help, dumps. Private to cmd/.
 */
#ifndef CMD_LINES_H
#define CMD_LINES_H

#include "cmd/command.h"

/* Each line of the text is a row of the scalar column "text"; begins the sink. */
bool out_lines(Out *out, Str text, Error *err);

#endif
