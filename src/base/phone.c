/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phone.c -- telephone numbers read and shown: our own tables first, then the plugin.
 */
#include "base/phone.h"

#include <stdlib.h>

#include "base/phone_fast.h"
#include "base/phone_plugin.h"
#include "base/plugin.h"
#include "base/unicode.h"

struct Phones {
    char region[3];             /* "" for none */
    bool sought;                /* the plugin was looked for; it is not looked for twice */
    const PhonePlugin *plugin;  /* NULL until loaded */
};

static const char *const use_names[] = { "", "mobile", "work", "home", "fax" };

const char *phone_use_name(PhoneUse use) { return use_names[use]; }

Phones *phones_open(const char *region)
{
    Phones *ph = xalloc(sizeof *ph);
    phones_set_region(ph, region);
    return ph;
}

void phones_close(Phones *ph)
{
    free(ph);
}

void phones_set_region(Phones *ph, const char *region)
{
    bool given = region && strlen(region) == 2;
    memcpy(ph->region, given ? region : "\0\0", 3);
}

const char *phones_region(const Phones *ph) { return ph->region; }
bool phones_loaded(const Phones *ph) { return ph->plugin; }

bool phones_load(Phones *ph, Error *err)
{
    if (ph->plugin)
        return true;
    ph->sought = true;
    ph->plugin = plugin_table("phone", PHONE_PLUGIN_VERSION, err);
    return ph->plugin;
}

static bool have_plugin(Phones *ph)
{
    Error ignored;
    return ph->plugin || (!ph->sought && phones_load(ph, &ignored));
}

/* ---- reading --------------------------------------------------------------------------------- */

static void clear(Phone *out)
{
    out->status = PHONE_NONE;
    out->valid = PHONE_VALID_UNKNOWN;
    out->kind = PHONE_KIND_UNKNOWN;
    out->country[0] = out->e164[0] = out->ext[0] = 0;
}

static bool ask_plugin(const Phones *ph, Str number, const char *region, Phone *out)
{
    PhonePluginNumber got;
    if (!ph->plugin->parse(number.s, number.n, region, &got))
        return false;
    memcpy(out->e164, got.e164, sizeof out->e164);
    memcpy(out->ext, got.ext, sizeof out->ext);
    memcpy(out->country, got.country, sizeof out->country);
    out->valid = got.valid ? PHONE_VALID_YES : PHONE_VALID_NO;
    out->kind = (PhoneKind)got.kind;
    out->status = PHONE_OK;
    return true;
}

/* In China people write 852-23456789, 853- and 886- without the + that libphonenumber wants. */
static void try_neighbours(const Phones *ph, Str number, Phone *out)
{
    static const char *const codes[] = { "852", "853", "886" };
    char d[PHONE_E164_SIZE];
    Phone abroad;
    d[0] = '+';
    size_t n = phone_digits(number, d + 1, sizeof d - 1);
    for (size_t i = 0; n >= 11 && i < sizeof codes / sizeof *codes; i++)
        if (memcmp(d + 1, codes[i], 3) == 0 && ask_plugin(ph, str_n(d, n + 1), "", &abroad) &&
            abroad.valid == PHONE_VALID_YES) {
            abroad.raw = out->raw;
            abroad.label = out->label;
            abroad.use = out->use;
            *out = abroad;
        }
}

/* Two digits, or a digit and letters, are the least that libphonenumber reads. */
static bool has_number(Str s)
{
    char d[4];
    return phone_digits(s, d, sizeof d) >= 2;
}

PhoneStatus phone_normalise(Phones *ph, Str number, const char *region, Phone *out)
{
    if (!region)
        region = ph->region;
    clear(out);
    if (phone_fast(number, region, out))
        return out->status;
    if (number.n >= PHONE_TEXT_SIZE || !has_number(number))
        return PHONE_NONE;
    if (!have_plugin(ph)) {
        out->status = PHONE_UNCHECKED;
        return PHONE_UNCHECKED;
    }
    ask_plugin(ph, number, region, out);
    if (out->valid == PHONE_VALID_NO && strcmp(region, "CN") == 0 && number.s[0] == '8')
        try_neighbours(ph, number, out);
    return out->status;
}

/* A cell that is one ordinary number needs no taking apart: digits and blanks, or a dash where no
 * extension can be meant, since the number begins with its prefix and is valid as a whole. */
static bool read_plain(Str cell, const char *region, Phone *out)
{
    if (!cell.n || !strchr("01+(", cell.s[0])) {
        for (size_t i = 0; i < cell.n; i++)
            if (cell.s[i] < '0' || cell.s[i] > '9')
                return false;
    }
    return !(cell.n > 2 && memcmp(cell.s + cell.n - 2, ".0", 2) == 0) &&
           phone_fast(cell, region, out) && out->valid == PHONE_VALID_YES;
}

static void read_part(Phones *ph, const PhonePart *part, const char *region, Phone *out)
{
    if (part->damaged) {
        clear(out);
        out->status = PHONE_DAMAGED;
    } else {
        phone_normalise(ph, str(part->number), region, out);
    }
    if (part->ext[0])
        memcpy(out->ext, part->ext, sizeof out->ext);
    out->raw = part->raw;
    out->label = part->label;
    out->use = part->use;
}

int phone_read(Phones *ph, Str cell, const char *region, Phone *out, int max)
{
    PhonePart parts[PHONE_CELL_MAX];
    if (!region)
        region = ph->region;
    if (max > 0 && read_plain(cell, region, out)) {
        out->ext[0] = 0;
        out->raw = cell;
        out->label = str_n("", 0);
        out->use = PHONE_USE_NONE;
        return 1;
    }
    int n = phone_cell_split(cell, region, parts, max < PHONE_CELL_MAX ? max : PHONE_CELL_MAX);
    for (int i = 0; i < n; i++)
        read_part(ph, &parts[i], region, &out[i]);
    return n;
}

/* ---- showing --------------------------------------------------------------------------------- */

/* Lengths of the groups after the calling code, "" for one group. */
static const char *china_groups(Str national)
{
    size_t n = national.n;
    const char *d = national.s;
    if (n == 11 && d[0] == '1' && d[1] >= '3')
        return "\3\4\4";
    if (n == 10 && (memcmp(d, "400", 3) == 0 || memcmp(d, "800", 3) == 0))
        return "\3\3\4";
    size_t area = d[0] == '2' || (d[0] == '1' && d[1] == '0') ? 2 : 3;
    if (n == area + 8)
        return area == 2 ? "\2\4\4" : "\3\4\4";
    if (n == area + 7)
        return area == 2 ? "\2\3\4" : "\3\3\4";
    return "";
}

static void put_groups(const char *code, Str national, const char *groups, Buf *out)
{
    buf_cstr(out, code);
    for (size_t i = 0, len; i < national.n; i += len) {
        len = *groups ? (size_t)*groups++ : national.n - i;
        buf_char(out, ' ');
        buf_put(out, national.s + i, len);
    }
}

void phone_format(const Phones *ph, Str e164, Buf *out)
{
    char text[PHONE_E164_SIZE], grouped[64];
    bool number = e164.n >= 4 && e164.n < sizeof text && e164.s[0] == '+';
    for (size_t i = 1; number && i < e164.n; i++)
        number = e164.s[i] >= '0' && e164.s[i] <= '9';
    if (number && str_starts(e164, "+86") && e164.n > 9) {
        Str national = str_n(e164.s + 3, e164.n - 3);
        put_groups("+86", national, china_groups(national), out);
        return;
    }
    if (number && e164.s[1] == '1' && e164.n == 12) {
        put_groups("+1", str_n(e164.s + 2, 10), "\3\3\4", out);
        return;
    }
    if (number && ph && ph->plugin) {
        memcpy(text, e164.s, e164.n);
        text[e164.n] = 0;
        size_t n = ph->plugin->format(text, grouped, sizeof grouped);
        if (n) {
            buf_put(out, grouped, n);
            return;
        }
    }
    buf_str(out, e164);
}

size_t phone_digits(Str s, char *out, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n && n + 1 < size;) {
        int len = 1;
        unsigned char b = (unsigned char)s.s[i];
        uint32_t cp = b < 0x80 ? b : utf8_next(s.s + i, s.n - i, &len);
        if (cp >= 0xFF10 && cp <= 0xFF19)                   /* full-width digits */
            cp = cp - 0xFF10 + '0';
        if (cp >= '0' && cp <= '9')
            out[n++] = (char)cp;
        i += (size_t)len;
    }
    if (size)
        out[n] = 0;
    return n;
}
