/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * date.h -- days, times, spans, and the words people use for them; time zones.
 *
 * Days are "YYYY-MM-DD" or a day number; times are milliseconds since 1970 UTC.  Nothing here asks
 * what time it is: "now" is an argument.  Zones are read from the system's TZif files by our own
 * reader (setenv(TZ) is slow and not thread-safe).
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

typedef struct Zone Zone;                      /* one time zone; immutable once opened */

/* Open a zone by IANA name ("Asia/Shanghai"); "" or NULL is the local zone (TZ, /etc/localtime,
 * else UTC). Zones are kept by the cache `zones` and live as long as it. ERR_INVALID: no such. */
typedef struct Zones { Zone *first; } Zones;   /* {0} is empty */
bool zone_get(Zones *zones, const char *name, const Zone **out, Error *err);
void zones_release(Zones *zones);
const char *zone_name(const Zone *z);
int zone_offset(const Zone *z, int64_t ms);    /* seconds east of UTC at that instant */
const char *zone_abbreviation(const Zone *z, int64_t ms);

/* Civil time in a zone. month 1-12, weekday 1 (Monday) - 7, yearday 1-366. */
typedef struct Civil { int year, month, day, hour, minute, second, ms, weekday, yearday; } Civil;
Civil civil_at(const Zone *z, int64_t ms);
/* The instant of a civil time (fields out of range are normalised); in a gap the later side, in
 * an overlap the earlier instant. weekday and yearday are ignored. */
int64_t civil_time(const Zone *z, const Civil *c);

int64_t day_number(int year, int month, int day);          /* days since 1970-01-01, proleptic */
void day_civil(int64_t day, int *year, int *month, int *day_of_month);
bool day_parse_iso(Str s, int64_t *day);                   /* strict YYYY-MM-DD, a day that exists */
void day_write_iso(int64_t day, char out[static 16]);

void time_write_iso(int64_t ms, Buf *out);                 /* 2026-01-02T03:04:05Z, .mmm if not 0 */
bool time_parse_iso(Str s, const Zone *z, int64_t *ms);    /* ISO 8601; no offset: in zone z */

/* A moment as people type it, resolved against now in zone z: ISO dates and times; today, now,
 * yesterday, tomorrow, mon..sunday (the next one, today included), "next monday"; "tomorrow 3pm",
 * "2026-03-01 14:00", "14:00"; +2d -30d +4h -15min 2w 3mo 1y (sign needed); Chinese: 今天 明天 后天
 * 昨天 前天 周三 下周三 上周三 星期天 下午3点 15点30分 3天后 2小时后 30天前, full-width digits.
 * A span names its range: 2026 (year, only where unambiguous: 4 digits), 2026-Q3, 2026-03,
 * this-week last-week next-week this-month last-month next-month this-quarter last-quarter
 * this-year last-year, 本周 上周 下周 本月 上月 下月 今年 去年; a day is the range of that day; a time is
 * a range of length 0.  ERR_INVALID says what was not understood and gives two examples. */
typedef struct Moment {
    int64_t from, to;      /* half-open range in ms; from == to for an exact time */
    bool is_day;           /* a whole day: from is its midnight in z */
} Moment;
bool moment_parse(Str s, const Zone *z, int64_t now, Moment *out, Error *err);

/* A length of time: 90s, 15m, 15min, 2h, 1d, 1h30m, 0:12 (m:s), 1:02:03, bare digits are seconds;
 * 15分钟 2小时. Milliseconds. ERR_INVALID. */
bool duration_parse(Str s, int64_t *ms, Error *err);

/* Weekly hours: "Mon-Fri 09:00-20:00", "Mon-Fri 09:00-12:00 13:30-20:00; Sat 10:00-16:00", "daily
 * 9-20", "周一至周五 09:00-20:00", "always", "never". */
typedef struct Hours { int n; struct { uint8_t days; int16_t from, to; } span[32]; } Hours;
bool hours_parse(Str s, Hours *out, Error *err);            /* bit 0 of days is Monday; minutes */
bool hours_open(const Hours *h, const Zone *z, int64_t ms);
/* The next instant >= ms at which the answer of hours_open changes; INT64_MAX if never. */
int64_t hours_change(const Hours *h, const Zone *z, int64_t ms);

/* For people: "3 d ago", "in 2 h", "just now"; "2026-11-02 14:05". */
void ago_write(int64_t then, int64_t now, Buf *out);
void time_write_local(int64_t ms, const Zone *z, Buf *out);

#endif
