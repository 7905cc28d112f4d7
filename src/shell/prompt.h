/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * prompt.h -- what completion asks of the prompt.
 */
#ifndef SHELL_PROMPT_H
#define SHELL_PROMPT_H

#include "base/str.h"

Str prompt_pending(void);      /* earlier lines of the statement that is being typed */

#endif
