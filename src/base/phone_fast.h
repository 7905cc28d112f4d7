/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phone_fast.h -- Chinese and North American numbers, read without the plugin.
 *
 * Says nothing unless it knows: whatever it answers is what libphonenumber 8.12.57 answers, which
 * tests/unit/test_phone_range.c checks over all ranges.  One exception is meant: "(212) 555-0142"
 * in a Chinese list is American, where libphonenumber makes +86 21 2555 0142 of it.
 */
#ifndef BASE_PHONE_FAST_H
#define BASE_PHONE_FAST_H

#include "base/phone.h"

/* Read digits, spaces and - ( ) . with at most one + before them.  True: out's status, e164,
 * country, valid and kind are set.  False: ask the plugin; out is as before. `region` may be "". */
bool phone_fast(Str number, const char *region, Phone *out);

#endif
