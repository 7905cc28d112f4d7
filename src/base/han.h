/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * han.h -- traditional and simplified Chinese characters.
 */
#ifndef BASE_HAN_H
#define BASE_HAN_H

#include <stdint.h>

/* The simplified character of a traditional one (貿 is 贸), by itself: which of two meanings a word
 * gives it (乾 is 干 or stays) is not looked at. Any other code point is returned unchanged. */
uint32_t han_simplified(uint32_t cp);

#endif
