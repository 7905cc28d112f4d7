/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * functions.c -- SQL functions that the program's own statements use.
 */
#include <stdlib.h>

#include "base/country.h"
#include "base/unicode.h"
#include "store/store_int.h"

/* fold(text): the form in which texts are compared; NULL stays NULL. */
static void fold(sqlite3_context *out, int argc, sqlite3_value **argv)
{
    (void)argc;
    if (sqlite3_value_type(argv[0]) == SQLITE_NULL)
        return;
    Buf folded = { 0 };
    const char *s = (const char *)sqlite3_value_text(argv[0]);
    text_fold_into(str_n(s ? s : "", (size_t)sqlite3_value_bytes(argv[0])), &folded);
    if (folded.s)
        sqlite3_result_text64(out, folded.s, folded.n, free, SQLITE_UTF8);
    else
        sqlite3_result_text(out, "", 0, SQLITE_STATIC);
}

/* number_zone(number): the time zone of a number in E.164; NULL for any other text. */
static void number_zone(sqlite3_context *out, int argc, sqlite3_value **argv)
{
    (void)argc;
    const char *s = (const char *)sqlite3_value_text(argv[0]);
    const char *zone = s ? country_zone_of_number(str(s)) : NULL;
    if (zone)
        sqlite3_result_text(out, zone, -1, SQLITE_STATIC);
}

/* now(): milliseconds since 1970 by the store's clock. */
static void now(sqlite3_context *out, int argc, sqlite3_value **argv)
{
    (void)argc, (void)argv;
    sqlite3_result_int64(out, store_now(sqlite3_user_data(out)));
}

bool functions_register(Store *st)
{
    return sqlite3_create_function(st->db, "now", 0, SQLITE_UTF8 | SQLITE_INNOCUOUS, st, now, NULL,
                                   NULL) == SQLITE_OK
        && sqlite3_create_function(st->db, "fold", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC
                                   | SQLITE_INNOCUOUS, NULL, fold, NULL, NULL) == SQLITE_OK
        && sqlite3_create_function(st->db, "number_zone", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC
                                   | SQLITE_INNOCUOUS, NULL, number_zone, NULL, NULL)
               == SQLITE_OK;
}
