/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * holiday.c -- what a holiday may say, and those that calling hours know of.
 */
#include "model/holiday.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/country.h"
#include "model/record.h"
#include "model/types.h"

enum { MOST = 1000 };                     /* years of them */

enum { COMING, LIKE_IT, SQL_COUNT };
static const Sql sql[] = {
    /* Of several of one day that of these hours goes first, then that of the country. */
    [COMING] = { "SELECT day, country, name, spec FROM holiday WHERE day >= ?1"
                 " AND (hours IS NULL OR hours = ?2)"
                 " ORDER BY day, hours IS NULL, country IS NULL LIMIT ?3", SQL_HOT },
    [LIKE_IT] = { "SELECT id FROM holiday WHERE day = ?1 AND country IS ?2 AND hours IS ?3"
                  " AND id <> ?4", 0 },
};
const SqlTable holiday_sql = { "holiday", sql, SQL_COUNT };

/* ---- one ------------------------------------------------------------------------------------- */

static bool day_is_free(Crm *crm, const Record *now, Error *err)
{
    Query *q = NULL;
    Value day = record_value(now, "day");
    if (!query_open(crm->store, &sql[LIKE_IT], &q, err))
        return false;
    query_value(q, 1, day);
    query_value(q, 2, record_value(now, "country"));
    query_value(q, 3, record_value(now, "hours"));
    query_int(q, 4, now->id);
    int n = query_next(q, err);
    int64_t other = n > 0 ? query_col_int(q, 0) : 0;
    query_close(q);
    if (n <= 0)
        return n == 0;
    fail(err, ERR_CONFLICT, "holiday %" PRId64 " is on %.*s already", other, STR_ARG(day.s));
    return fail_hint(err, "holiday set %" PRId64 " changes it; country= and hours= tell several of"
                          " a day apart", other);
}

bool check_holiday(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    Hours h;
    Value spec = record_value(now, "spec"), country = record_value(now, "country");
    (void)old;
    if (country.type == VALUE_TEXT && !country_name(str_c(country.s, a))) {
        fail(err, ERR_INVALID, "no country '%.*s'", STR_ARG(country.s));
        return fail_hint(err, "country=CN, or a name: 中国, Germany");
    }
    if (spec.type == VALUE_TEXT && !hours_parse_day(spec.s, &h, err))
        return false;
    return day_is_free(crm, now, err);
}

/* ---- those to come --------------------------------------------------------------------------- */

static bool read_one(const Query *q, Arena *a, Holiday *out)
{
    Error bad;
    Str country = query_col_str(q, 1);
    *out = (Holiday){ .name = str_c(query_col_str(q, 2), a) };
    if (!query_col_is_null(q, 1))
        memcpy(out->region, country.s, country.n < 2 ? country.n : 2);
    if (!query_col_is_null(q, 3) && !hours_parse_day(query_col_str(q, 3), &out->open, &bad))
        out->open = (Hours){ 0 };
    return day_parse_iso(query_col_str(q, 0), &out->day);
}

bool holidays_load(Crm *crm, int64_t id, int64_t now, Arena *a, Hours *hours, Error *err)
{
    Query *q = NULL;
    Holiday *list = NULL;
    const char *region = phones_region(crm->phones);
    char from[16];
    int n = 0, room = 0, more;
    day_write_iso(now / DAY_MS - 2, from);
    if (!query_open(crm->store, &sql[COMING], &q, err))
        return false;
    query_cstr(q, 1, from);
    query_int(q, 2, id);
    query_int(q, 3, MOST);
    while ((more = query_next(q, err)) > 0) {
        if (n == room) {
            Holiday *grown = ARENA_ARRAY(a, Holiday, room = room ? 2 * room : 16);
            if (n)
                memcpy(grown, list, sizeof *list * (size_t)n);
            list = grown;
        }
        n += read_one(q, a, &list[n]);
    }
    query_close(q);
    hours->holidays = list;
    hours->n_holidays = n;
    snprintf(hours->region, sizeof hours->region, "%s", region ? region : "");
    return more == 0;
}
