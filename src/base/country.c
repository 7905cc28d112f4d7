/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * country.c -- look-ups in the tables of country_table.inc.
 */
#include "base/country.h"

#include <utf8proc.h>

typedef struct Country {
    char region[3];
    const char *name, *zh;
    uint16_t code;              /* calling code; 0: none */
    uint16_t zone;              /* in zones[] */
} Country;

typedef struct CountryName { uint16_t at; uint8_t country; } CountryName;
typedef struct NumberPrefix { uint32_t digits; uint16_t country, zone; } NumberPrefix;

#include "base/country_table.inc"

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

enum { NAME_SIZE = 128, PREFIX_DIGITS = 8 };

/* ---- by name --------------------------------------------------------------------------------- */

static bool is_ascii(Str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.s[i] >= 0x80)
            return false;
    return true;
}

static size_t put_ascii(uint32_t c, char *out)
{
    if (c >= 'A' && c <= 'Z')
        c += 'a' - 'A';
    if ((c < 'a' || c > 'z') && (c < '0' || c > '9'))
        return 0;
    *out = (char)c;
    return 1;
}

static bool is_word_char(utf8proc_int32_t cp)
{
    utf8proc_category_t c = utf8proc_category(cp);
    return c <= UTF8PROC_CATEGORY_LO || (c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO);
}

/* The form in which the table has names: small letters and digits without marks. 0: too long. */
static size_t fold_name(Str name, char out[static NAME_SIZE])
{
    utf8proc_int32_t cp[NAME_SIZE];
    size_t n = 0;
    if (name.n >= NAME_SIZE)
        return 0;
    if (is_ascii(name)) {
        for (size_t i = 0; i < name.n; i++)
            n += put_ascii((unsigned char)name.s[i], out + n);
        return n;
    }
    utf8proc_ssize_t len = utf8proc_decompose((const utf8proc_uint8_t *)name.s,
        (utf8proc_ssize_t)name.n, cp, NAME_SIZE, UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
        UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    if (len < 0 || len > NAME_SIZE)
        return 0;
    len = utf8proc_normalize_utf32(cp, len, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    for (utf8proc_ssize_t i = 0; i < len && n + 4 < NAME_SIZE; i++)
        if (is_word_char(cp[i]))
            n += (size_t)utf8proc_encode_char(cp[i], (utf8proc_uint8_t *)out + n);
    return n;
}

static const Country *find_folded(const char *key, size_t n)
{
    for (int low = 0, high = COUNT(names); low < high;) {
        int middle = (low + high) / 2;
        const char *name = name_text + names[middle].at;
        int order = strncmp(key, name, n);
        if (!order && name[n])
            order = -1;
        if (!order)
            return &countries[names[middle].country];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *country_find(Str name)
{
    char key[NAME_SIZE];
    size_t n = fold_name(name, key);
    const Country *c = n ? find_folded(key, n) : NULL;
    const char *bracket = name.n ? memchr(name.s, '(', name.n) : NULL;
    if (!c && bracket && bracket > name.s)                  /* "Slovakia (Slovak Republic)" */
        return country_find(str_n(name.s, (size_t)(bracket - name.s)));
    return c ? c->region : NULL;
}

/* ---- by region ------------------------------------------------------------------------------- */

static const Country *by_region(const char *region)
{
    for (int low = 0, high = COUNT(countries); region && low < high;) {
        int middle = (low + high) / 2;
        int order = strcmp(region, countries[middle].region);
        if (!order)
            return &countries[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *country_name(const char *region)
{
    const Country *c = by_region(region);
    return c ? c->name : NULL;
}

const char *country_name_zh(const char *region)
{
    const Country *c = by_region(region);
    return c ? c->zh : NULL;
}

int country_calling_code(const char *region)
{
    const Country *c = by_region(region);
    return c ? c->code : 0;
}

const char *country_zone(const char *region)
{
    const Country *c = by_region(region);
    return c ? zones[c->zone] : NULL;
}

/* ---- by number ------------------------------------------------------------------------------- */

static const NumberPrefix *find_prefix(uint32_t digits)
{
    for (int low = 0, high = COUNT(prefixes); low < high;) {
        int middle = (low + high) / 2;
        if (prefixes[middle].digits == digits)
            return &prefixes[middle];
        if (digits < prefixes[middle].digits)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* The longest prefix in the table. */
static const NumberPrefix *of_number(Str e164)
{
    const NumberPrefix *found = NULL;
    uint32_t digits = 1;
    if (e164.n < 4 || e164.s[0] != '+')
        return NULL;
    for (size_t i = 1; i < e164.n && i <= PREFIX_DIGITS; i++) {
        if (e164.s[i] < '0' || e164.s[i] > '9')
            return NULL;
        digits = digits * 10 + (uint32_t)(e164.s[i] - '0');
        const NumberPrefix *longer = find_prefix(digits);
        found = longer ? longer : found;
    }
    return found;
}

const char *country_zone_of_number(Str e164)
{
    const NumberPrefix *p = of_number(e164);
    return p ? zones[p->zone] : NULL;
}

const char *country_of_number(Str e164)
{
    const NumberPrefix *p = of_number(e164);
    return p ? countries[p->country].region : NULL;
}
