/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * alias.h -- a small set of words from other shells, for muscle memory: \q \i \timing .quit ...
 */
#ifndef SHELL_ALIAS_H
#define SHELL_ALIAS_H

#include "base/error.h"
#include "base/str.h"

/* Append the statement that `\word rest` stands for. ERR_USAGE lists those there are. */
bool alias_expand(Str text, Buf *out, Error *err);

#endif
