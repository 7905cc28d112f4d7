/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as a cell of telephone numbers: no digit of it is left out, what is read is E.164 and
 * is read again the same, and our own tables say what libphonenumber says.  The first byte picks
 * the home region.
 */
#include "base/phone_fast.h"
#include "base/phone_plugin.h"
#include "base/plugin.h"
#include "fuzz.h"

static const PhonePlugin *library(void)
{
    static const PhonePlugin *plugin;
    Error err = { 0 };
    if (!plugin)
        plugin = plugin_table("phone", PHONE_PLUGIN_VERSION, &err);
    if (!plugin)
        panic("%s: %s", err.msg, err.detail);
    return plugin;
}

static bool is_digits(const char *s)
{
    return strspn(s, "0123456789") == strlen(s);
}

static bool lies_in(Str part, Str cell)
{
    return part.n == 0 || (part.s >= cell.s && part.s + part.n <= cell.s + cell.n);
}

static void no_digit(const char *from, const char *to)
{
    for (; from < to; from++)
        if (*from >= '0' && *from <= '9')
            panic("a digit is in no part of the cell");
}

static void check_parts(Str cell, const PhonePart *part, int n)
{
    const char *at = cell.s;
    for (int i = 0; i < n; i++) {
        const PhonePart *p = &part[i];
        if (!lies_in(p->raw, cell) || !lies_in(p->label, cell) || p->raw.n == 0)
            panic("a part that is none of the cell");
        if (p->raw.s < at)
            panic("parts overlap");
        no_digit(at, p->raw.s);
        at = p->raw.s + p->raw.n;
        if (!is_digits(p->ext) || (p->damaged && p->number[0]))
            panic("extension '%s', number '%s'", p->ext, p->number);
        for (const char *c = p->number; *c; c++)
            if (*c < ' ' || *c > '~')
                panic("a number that is not ASCII");
    }
    no_digit(at, cell.s + cell.n);
}

static void check_phone(Phones *ph, const char *region, const Phone *p)
{
    Phone again = { 0 };
    Buf shown = { 0 };
    if (p->status != PHONE_OK) {
        if (p->e164[0] || p->valid != PHONE_VALID_UNKNOWN)
            panic("not read, and yet %s", p->e164);
        return;
    }
    if (p->e164[0] != '+' || !is_digits(p->e164 + 1) || strlen(p->e164) < 3 || !is_digits(p->ext))
        panic("'%s' is not E.164", p->e164);
    if (strlen(p->country) != 0 && strlen(p->country) != 2)
        panic("country '%s'", p->country);
    phone_format(ph, str(p->e164), &shown);
    for (int i = 0; i < 2 && p->valid == PHONE_VALID_YES; i++) {
        phone_normalise(ph, i ? buf_as_str(&shown) : str(p->e164), region, &again);
        if (again.valid != p->valid || strcmp(again.e164, p->e164) != 0
            || strcmp(again.country, p->country) != 0 || again.kind != p->kind)
            panic("%s, shown as %s, is read as %s", p->e164, shown.s, again.e164);
    }
    buf_release(&shown);
}

/* The one answer that is meant to differ: "(212) 555-0142" in a Chinese list. */
static bool is_american(const char *number, const char *region, const Phone *p)
{
    return number[0] == '(' && strcmp(region, "CN") == 0 && str_starts(str(p->e164), "+1");
}

static void compare(const char *number, const char *region)
{
    PhonePluginNumber theirs;
    Phone ours = { 0 };
    if (!phone_fast(str(number), region, &ours) || is_american(number, region, &ours))
        return;
    if (!library()->parse(number, strlen(number), region, &theirs))
        panic("'%s' is %s, and nothing to libphonenumber", number, ours.e164);
    if (strcmp(ours.e164, theirs.e164) != 0 || strcmp(ours.country, theirs.country) != 0
        || (ours.valid == PHONE_VALID_YES) != theirs.valid || (int)ours.kind != theirs.kind)
        panic("'%s' is %s %s, and %s %s to libphonenumber", number, ours.e164, ours.country,
              theirs.e164, theirs.country);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const regions[] = { "CN", "US", "", "DE", "GB", "HK", "BR", "IT" };
    static Phones *ph;
    PhonePart part[PHONE_CELL_MAX];
    Phone phone[PHONE_CELL_MAX];
    if (n == 0)
        return 0;
    const char *region = regions[data[0] & 7];
    Str cell = { (const char *)data + 1, n - 1 };
    if (!ph)
        ph = phones_open("");
    library();
    int most = 1 + (data[0] >> 3 & 7);
    int parts = phone_cell_split(cell, region, part, most);
    int phones = phone_read(ph, cell, region, phone, most);
    bool plain = phones == 1 && phone[0].valid == PHONE_VALID_YES;   /* 17951311 80038000 is one */
    if (parts > most || (phones != parts && !plain))
        panic("%d parts, %d numbers of at most %d", parts, phones, most);
    check_parts(cell, part, parts);
    for (int i = 0; i < parts; i++)
        compare(part[i].number, region);
    for (int i = 0; i < phones; i++)
        check_phone(ph, region, &phone[i]);
    return 0;
}
