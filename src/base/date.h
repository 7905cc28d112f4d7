/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * date.h -- days, times, spans, and the words people use for them; time zones; weekly hours.
 *
 * Days are "YYYY-MM-DD" or a day number; times are milliseconds since 1970 UTC.  Nothing here asks
 * what time it is: "now" is an argument.  Zones are read from the system's TZif files by our own
 * reader (setenv(TZ) is slow and not thread-safe).  Code: zone.c, date.c, moment.c, hours.c.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/* ---- zones -------------------------------------------------------------------------------- */

typedef struct Zone Zone;                      /* one time zone; immutable once opened */

/* Open a zone by IANA name ("Asia/Shanghai"); "" or NULL is the local zone (TZ, /etc/localtime,
 * else UTC). Zones are kept by the cache `zones` and live as long as it. ERR_INVALID: no such. */
typedef struct Zones { Zone *first; } Zones;   /* {0} is empty */
bool zone_get(Zones *zones, const char *name, const Zone **out, Error *err);
void zones_release(Zones *zones);
const char *zone_name(const Zone *z);
int zone_offset(const Zone *z, int64_t ms);    /* seconds east of UTC at that instant */
const char *zone_abbreviation(const Zone *z, int64_t ms);
int64_t zone_change(const Zone *z, int64_t ms);    /* next change of offset after ms; INT64_MAX */

/* ---- civil time --------------------------------------------------------------------------- */

enum { DAY_MS = 86400000 };

/* Civil time in a zone. month 1-12, weekday 1 (Monday) - 7, yearday 1-366. */
typedef struct Civil { int year, month, day, hour, minute, second, ms, weekday, yearday; } Civil;
Civil civil_at(const Zone *z, int64_t ms);     /* z NULL: UTC */
/* The instant of a civil time (fields out of range are normalised). In a gap the clock is taken
 * not to have jumped yet, so that 02:30 becomes 03:30; in an overlap the earlier instant. weekday
 * and yearday are ignored. */
int64_t civil_time(const Zone *z, const Civil *c);

int64_t day_number(int year, int month, int day);          /* days since 1970-01-01, proleptic */
void day_civil(int64_t day, int *year, int *month, int *day_of_month);
int day_weekday(int64_t day);                              /* 1 Monday - 7 Sunday */
bool day_parse_iso(Str s, int64_t *day);                  /* strict YYYY-MM-DD, a day that exists */
void day_write_iso(int64_t day, char out[static 16]);

void time_write_iso(int64_t ms, Buf *out);                 /* 2026-01-02T03:04:05Z, .mmm if not 0 */
/* YYYY-MM-DD, then "T" or a space, HH:MM[:SS[.fff]] and Z or +08:00; no offset: in zone z. A day
 * alone is its midnight. */
bool time_parse_iso(Str s, const Zone *z, int64_t *ms);

/* For people: "3 d ago", "in 2 h", "just now"; "2026-11-02 14:05". */
void ago_write(int64_t then, int64_t now, Buf *out);
void time_write_local(int64_t ms, const Zone *z, Buf *out);

/* ---- words -------------------------------------------------------------------------------- */

/* A moment as people type it, resolved against now in zone z. Case, width and spacing are free.
 *   exact    now; ISO 8601 date and time; +4h -15min (sign needed); 2小时后 30分钟前
 *   time     14:00, 3pm, 3:30 pm, noon, 下午3点, 15点30分, 晚上8点半: today, or on the day beside it
 *            ("tomorrow 3pm", "3pm tomorrow", "下周三 15:00", "2026-03-01 14:00")
 *   day      2026-03-01, 2026/3/1, 20260301, 2026年3月1日, 3月1日 (this year); today yesterday
 *            tomorrow, 今天 明天 后天 昨天 前天; +2d -30d 2w 3mo 1y (sign needed), 3天后 30天前;
 *            mon..sunday, 周三, 星期天: the next one, today included; "next monday", "last monday",
 *            下周三, 上周三, 本周三: the one in next, last, this week (weeks begin on Monday)
 *   span     2026, 2026-Q3, 2026-03, 2026年3月, this-week last-week next-week, and so month, quarter,
 *            year; 本周 上周 下周 本月 上月 下月 本季度 今年 去年 明年
 * ERR_INVALID says what was not understood and gives two examples. */
typedef struct Moment {
    int64_t from, to;      /* half-open range in ms; from == to for an exact time */
    bool is_day;           /* a whole day: from is its midnight in z */
} Moment;
bool moment_parse(Str s, const Zone *z, int64_t now, Moment *out, Error *err);

/* A length of time: 90s, 15m, 15min, 2h, 1d, 1w, 1h30m, 1.5h, 0:12 (m:s), 1:02:03, bare digits are
 * seconds; 15分钟 2小时. Milliseconds, never negative. ERR_INVALID. */
bool duration_parse(Str s, int64_t *ms, Error *err);

/* ---- weekly hours ------------------------------------------------------------------------- */

/* "Mon-Fri 09:00-20:00", "Mon-Fri 09:00-12:00 13:30-20:00; Sat 10:00-16:00", "daily 9-20",
 * "周一至周五 09:00-20:00", "Sat,Sun 22:00-02:00" (into the next day), "always", "never". */
struct Holiday;
typedef struct Hours {
    int n;
    struct { uint8_t days; int16_t from, to; } span[32];   /* bit 0 is Monday; minutes, half-open */
    const struct Holiday *holidays;                        /* not owned; none when parsed */
    int n_holidays;
    char region[3];                                        /* whose count; "": only all's */
} Hours;

/* A day with hours of its own, which are the same on each weekday: none, it is closed. A working
 * Saturday is one, too. Of several of a day the first that concerns the region counts. */
typedef struct Holiday {
    int64_t day;                                           /* a local day, as of day_number */
    char region[3];                                        /* ISO 3166; "": everywhere */
    const char *name;
    Hours open;
} Holiday;

bool hours_parse(Str s, Hours *out, Error *err);
/* The same without days of the week, "10:00-14:00". */
bool hours_parse_day(Str s, Hours *out, Error *err);
/* The holiday at that time; NULL: a day like others. */
const Holiday *hours_holiday(const Hours *h, const Zone *z, int64_t ms);
bool hours_open(const Hours *h, const Zone *z, int64_t ms);
/* The first instant after ms at which hours_open differs from what it is at ms; INT64_MAX if
 * never. */
int64_t hours_change(const Hours *h, const Zone *z, int64_t ms);

#endif
