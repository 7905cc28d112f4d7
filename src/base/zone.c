/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * zone.c -- time zones from TZif files (RFC 8536) and the POSIX rule in their footer.
 *
 * A zone is its list of past changes and the rule that holds after the last of them.  Leap seconds
 * are not used: the system's clock does not count them.
 */
#include "base/date.h"

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_FILE = 256 * 1024, MAX_ABBREVIATION = 16, HOUR = 3600, DAY = 86400 };

typedef struct Offset {
    int seconds;                       /* east of UTC */
    char abbreviation[MAX_ABBREVIATION];
} Offset;

typedef struct RuleDay {
    enum { RULE_MONTH, RULE_JULIAN, RULE_YEARDAY } form;   /* Mm.w.d, Jn (no 29 Feb), n */
    int month, week, day;              /* day: weekday 0 = Sunday, or day of the year */
    int at;                            /* seconds after local midnight, may be negative */
} RuleDay;

typedef struct Rule {                  /* a POSIX TZ string */
    Offset standard, summer;
    RuleDay begin, end;                /* of summer time */
    bool has_summer;
} Rule;

struct Zone {
    Zone *next;
    char *key;                         /* as asked for; "" is the local zone */
    char *name;
    int n;                             /* changes */
    int64_t *at;                       /* seconds, ascending */
    uint8_t *type;                     /* index into types, from at[i] on */
    Offset *types;
    int n_types;
    Rule rule;                         /* after the last change */
    bool has_rule;
};

/* ---- the POSIX rule ----------------------------------------------------------------------- */

static bool rule_name(const char **s, char out[MAX_ABBREVIATION])
{
    const char *p = *s, *end;
    if (*p == '<') {
        end = strchr(++p, '>');
        if (!end)
            return false;
        *s = end + 1;
    } else {
        for (end = p; isalpha((unsigned char)*end);)
            end++;
        *s = end;
    }
    if (end - p < 3 || end - p >= MAX_ABBREVIATION)
        return false;
    snprintf(out, MAX_ABBREVIATION, "%.*s", (int)(end - p), p);
    return true;
}

static bool rule_number(const char **s, int most, int *out)
{
    if (!isdigit((unsigned char)**s))
        return false;
    for (*out = 0; isdigit((unsigned char)**s) && *out <= most; ++*s)
        *out = *out * 10 + (**s - '0');
    return *out <= most;
}

/* [+-]h[:m[:s]] in seconds. */
static bool rule_time(const char **s, int *out)
{
    int sign = 1, h, m = 0, sec = 0;
    if (**s == '+' || **s == '-')
        sign = *(*s)++ == '-' ? -1 : 1;
    if (!rule_number(s, 167, &h))
        return false;
    if (**s == ':' && (++*s, !rule_number(s, 59, &m)))
        return false;
    if (**s == ':' && (++*s, !rule_number(s, 59, &sec)))
        return false;
    *out = sign * (h * HOUR + m * 60 + sec);
    return true;
}

static bool rule_day(const char **s, RuleDay *d)
{
    d->at = 2 * HOUR;
    if (*(*s)++ != ',')
        return false;
    if (**s == 'M') {
        d->form = RULE_MONTH;
        ++*s;
        if (!rule_number(s, 12, &d->month) || d->month < 1 || *(*s)++ != '.'
            || !rule_number(s, 5, &d->week) || d->week < 1 || *(*s)++ != '.'
            || !rule_number(s, 6, &d->day))
            return false;
    } else {
        d->form = **s == 'J' ? RULE_JULIAN : RULE_YEARDAY;
        *s += d->form == RULE_JULIAN;
        if (!rule_number(s, 365, &d->day))
            return false;
    }
    return **s != '/' || (++*s, rule_time(s, &d->at));
}

static bool rule_parse(const char *s, Rule *r)
{
    int west;
    *r = (Rule){ 0 };
    if (!rule_name(&s, r->standard.abbreviation) || !rule_time(&s, &west))
        return false;
    r->standard.seconds = -west;
    if (!*s)
        return true;
    if (!rule_name(&s, r->summer.abbreviation))
        return false;
    r->summer.seconds = r->standard.seconds + HOUR;
    if (*s && *s != ',') {
        if (!rule_time(&s, &west))
            return false;
        r->summer.seconds = -west;
    }
    r->has_summer = true;
    if (!*s)
        s = ",M3.2.0,M11.1.0";                  /* what POSIX systems take for "EST5EDT" */
    return rule_day(&s, &r->begin) && rule_day(&s, &r->end) && !*s;
}

/* Local second (as if UTC) at which the rule's day fires in a year. */
static int64_t rule_local(const RuleDay *d, int year)
{
    int64_t jan1 = day_number(year, 1, 1), day;
    if (d->form == RULE_MONTH) {
        int64_t first = day_number(year, d->month, 1), next = day_number(year, d->month + 1, 1);
        day = first + (d->day - day_weekday(first) % 7 + 7) % 7 + (d->week - 1) * 7;
        while (day >= next)
            day -= 7;
    } else {
        bool leap = day_number(year + 1, 1, 1) - jan1 == 366;
        day = jan1 + d->day;
        if (d->form == RULE_JULIAN)
            day += leap && d->day >= 60 ? 0 : -1;
    }
    return day * DAY + d->at;
}

static int year_of(int64_t second)
{
    int year, month, day;
    int64_t days = second / DAY - (second % DAY < 0);
    day_civil(days, &year, &month, &day);
    return year;
}

static const Offset *rule_offset(const Rule *r, int64_t second)
{
    if (!r->has_summer)
        return &r->standard;
    int year = year_of(second + r->standard.seconds);
    int64_t begin = rule_local(&r->begin, year) - r->standard.seconds;
    int64_t end = rule_local(&r->end, year) - r->summer.seconds;
    bool summer = begin < end ? second >= begin && second < end : second >= begin || second < end;
    return summer ? &r->summer : &r->standard;
}

static int64_t rule_change(const Rule *r, int64_t second)
{
    if (!r->has_summer)
        return INT64_MAX;
    for (int year = year_of(second) - 1;; year++) {
        int64_t a = rule_local(&r->begin, year) - r->standard.seconds;
        int64_t b = rule_local(&r->end, year) - r->summer.seconds;
        int64_t first = a < b ? a : b, last = a < b ? b : a;
        if (first > second)
            return first;
        if (last > second)
            return last;
    }
}

/* ---- the file ----------------------------------------------------------------------------- */

static int64_t big_endian(const unsigned char *p, int n)
{
    uint64_t v = p[0] & 0x80 ? UINT64_MAX : 0;
    while (n-- > 0)
        v = v << 8 | *p++;
    return (int64_t)v;
}

typedef struct Counts { size_t isut, isstd, leap, time, type, chars; } Counts;

/* Reads a header; returns the size of the data block that follows, 0 if it is none. */
static size_t read_header(const unsigned char *p, size_t n, int wide, Counts *c)
{
    if (n < 44 || memcmp(p, "TZif", 4) != 0)
        return 0;
    size_t *into[] = { &c->isut, &c->isstd, &c->leap, &c->time, &c->type, &c->chars };
    for (int i = 0; i < 6; i++) {
        *into[i] = (size_t)(uint32_t)big_endian(p + 20 + 4 * i, 4);
        if (*into[i] > MAX_FILE)
            return 0;
    }
    size_t w = (size_t)wide;
    return c->time * (w + 1) + c->type * 6 + c->chars + c->leap * (w + 4) + c->isstd + c->isut;
}

static bool read_types(Zone *z, const unsigned char *p, const Counts *c)
{
    const char *names = (const char *)p + c->type * 6;
    z->n_types = (int)c->type;
    z->types = xalloc(c->type * sizeof *z->types);
    for (size_t i = 0; i < c->type; i++, p += 6) {
        size_t at = p[5];
        if (at >= c->chars)
            return false;
        z->types[i].seconds = (int)big_endian(p, 4);
        snprintf(z->types[i].abbreviation, MAX_ABBREVIATION, "%.*s", (int)(c->chars - at),
                 names + at);
    }
    return c->type > 0;
}

static bool read_changes(Zone *z, const unsigned char *p, const Counts *c)
{
    const unsigned char *type = p + c->time * 8;
    z->n = (int)c->time;
    z->at = xalloc((c->time + 1) * sizeof *z->at);
    z->type = xalloc(c->time + 1);
    for (size_t i = 0; i < c->time; i++) {
        z->at[i] = big_endian(p + 8 * i, 8);
        z->type[i] = type[i];
        if (type[i] >= c->type || (i && z->at[i] <= z->at[i - 1]))
            return false;
    }
    return true;
}

/* Version 2 or later: a block with 32-bit times, which is skipped, one with 64-bit times, and the
 * rule between two newlines. */
static bool parse_file(Zone *z, const unsigned char *p, size_t n)
{
    Counts c;
    size_t block = read_header(p, n, 4, &c);
    if (!block || p[4] < '2' || 44 + block > n)
        return false;
    p += 44 + block;
    n -= 44 + block;
    block = read_header(p, n, 8, &c);
    if (!block || 44 + block > n)
        return false;
    if (!read_changes(z, p + 44, &c) || !read_types(z, p + 44 + c.time * 9, &c))
        return false;
    char footer[128];
    const char *text = (const char *)p + 44 + block;
    size_t left = n - 44 - block;
    const char *end = left > 1 && *text == '\n' ? memchr(text + 1, '\n', left - 1) : NULL;
    if (end && end - text < (ptrdiff_t)sizeof footer) {
        snprintf(footer, sizeof footer, "%.*s", (int)(end - text - 1), text + 1);
        z->has_rule = *footer && rule_parse(footer, &z->rule);
    }
    return true;
}

static bool read_file(Zone *z, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    unsigned char *data = xalloc(MAX_FILE);
    size_t n = 0;
    ssize_t got;
    while (n < MAX_FILE && (got = read(fd, data + n, MAX_FILE - n)) > 0)
        n += (size_t)got;
    close(fd);
    bool ok = parse_file(z, data, n);
    free(data);
    return ok;
}

/* ---- opening ------------------------------------------------------------------------------ */

static void zone_free(Zone *z)
{
    free(z->key);
    free(z->name);
    free(z->at);
    free(z->type);
    free(z->types);
    free(z);
}

static bool read_named(Zone *z, const char *name)
{
    const char *dir = getenv("TZDIR");
    char path[PATH_MAX];
    if (*name == '/' || strstr(name, "..") || strlen(name) > 100)
        return false;
    snprintf(path, sizeof path, "%s/%s", dir && *dir ? dir : "/usr/share/zoneinfo", name);
    if (read_file(z, path))
        return true;
    z->has_rule = strcmp(name, "UTC") == 0 && rule_parse("UTC0", &z->rule);
    return z->has_rule;
}

/* The zone's name behind /etc/localtime, or "local". */
static void local_name(Zone *z)
{
    char link[PATH_MAX];
    char *found = realpath("/etc/localtime", link) ? strstr(link, "/zoneinfo/") : NULL;
    free(z->name);
    z->name = xstrdup(found ? found + strlen("/zoneinfo/") : "local");
}

static bool open_local(Zone *z)
{
    const char *tz = getenv("TZ");
    if (!tz) {
        if (!read_file(z, "/etc/localtime"))
            return read_named(z, "UTC");
        local_name(z);
        return true;
    }
    tz += *tz == ':';
    free(z->name);
    z->name = xstrdup(*tz ? tz : "UTC");
    if (read_named(z, z->name) || (*tz == '/' && read_file(z, tz)))
        return true;
    z->has_rule = rule_parse(tz, &z->rule);
    return z->has_rule || read_named(z, "UTC");
}

bool zone_get(Zones *zones, const char *name, const Zone **out, Error *err)
{
    if (!name)
        name = "";
    for (Zone *z = zones->first; z; z = z->next)
        if (strcmp(z->key, name) == 0) {
            *out = z;
            return true;
        }
    Zone *z = xalloc(sizeof *z);
    z->key = xstrdup(name);
    z->name = xstrdup(*name ? name : "UTC");
    if (*name ? !read_named(z, name) : !open_local(z)) {
        zone_free(z);
        fail(err, ERR_INVALID, "there is no time zone '%.60s'", name);
        return fail_hint(err, "zones are named like Asia/Shanghai, Europe/Berlin or UTC");
    }
    z->next = zones->first;
    zones->first = z;
    *out = z;
    return true;
}

void zones_release(Zones *zones)
{
    for (Zone *z = zones->first, *next; z; z = next) {
        next = z->next;
        zone_free(z);
    }
    zones->first = NULL;
}

/* ---- asking ------------------------------------------------------------------------------- */

const char *zone_name(const Zone *z)
{
    return z ? z->name : "UTC";
}

/* How many changes lie at or before the second. */
static int changes_until(const Zone *z, int64_t second)
{
    int low = 0, high = z->n;
    while (low < high) {
        int mid = (low + high) / 2;
        if (z->at[mid] <= second)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static int64_t to_seconds(int64_t ms)
{
    return ms / 1000 - (ms % 1000 < 0);
}

static const Offset *offset_at(const Zone *z, int64_t ms)
{
    int64_t second = to_seconds(ms);
    int i = changes_until(z, second);
    if (i == z->n && z->has_rule)
        return rule_offset(&z->rule, second);
    return &z->types[i ? z->type[i - 1] : 0];
}

int zone_offset(const Zone *z, int64_t ms)
{
    return z ? offset_at(z, ms)->seconds : 0;
}

const char *zone_abbreviation(const Zone *z, int64_t ms)
{
    return z ? offset_at(z, ms)->abbreviation : "UTC";
}

int64_t zone_change(const Zone *z, int64_t ms)
{
    if (!z)
        return INT64_MAX;
    int64_t second = to_seconds(ms);
    int i = changes_until(z, second);
    int64_t at = i < z->n ? z->at[i] : z->has_rule ? rule_change(&z->rule, second) : INT64_MAX;
    return at == INT64_MAX ? at : at * 1000;
}
