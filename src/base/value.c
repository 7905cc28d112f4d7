/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/value.h"

#include <inttypes.h>
#include <math.h>

#include "base/date.h"

static const char *const names[KINDS] = {
    [KIND_TEXT] = "text", [KIND_INT] = "int", [KIND_NUMBER] = "number", [KIND_MONEY] = "money",
    [KIND_BOOL] = "bool", [KIND_DATE] = "date", [KIND_TIME] = "time",
    [KIND_DURATION] = "duration", [KIND_PHONE] = "phone", [KIND_EMAIL] = "email",
    [KIND_CHOICE] = "choice", [KIND_REF] = "ref", [KIND_TAGS] = "tags", [KIND_PERCENT] = "percent",
};

bool value_eq(Value a, Value b)
{
    if (a.type == VALUE_INT && b.type == VALUE_REAL)
        return (double)a.i == b.r;
    if (a.type == VALUE_REAL && b.type == VALUE_INT)
        return a.r == (double)b.i;
    if (a.type != b.type)
        return false;
    switch (a.type) {
    case VALUE_NULL: return true;
    case VALUE_INT: return a.i == b.i;
    case VALUE_REAL: return a.r == b.r;
    case VALUE_TEXT: return str_eq(a.s, b.s);
    }
    return false;
}

Value value_dup(Value v, Arena *a)
{
    if (v.type == VALUE_TEXT)
        v.s = str_dup(v.s, a);
    return v;
}

const char *kind_name(Kind k)
{
    return names[k];
}

bool kind_find(Str name, Kind *out)
{
    for (int k = 0; k < KINDS; k++)
        if (str_is(name, names[k])) {
            *out = (Kind)k;
            return true;
        }
    return false;
}

static void write_real(double r, Buf *out)
{
    if (r == floor(r) && fabs(r) < 1e15)
        buf_printf(out, "%.0f", r);
    else
        buf_printf(out, "%.15g", r);
}

static void write_money(int64_t minor, Buf *out)
{
    int64_t cents = minor % 100;
    if (minor < 0 && minor > -100)
        buf_char(out, '-');
    buf_int(out, minor / 100, 1);
    if (cents) {
        buf_char(out, '.');
        buf_int(out, cents < 0 ? -cents : cents, 2);
    }
}

static void write_duration(int64_t ms, Buf *out)
{
    int64_t s = ms / 1000;
    if (s >= 3600)
        buf_printf(out, "%" PRId64 ":%02" PRId64 ":%02" PRId64, s / 3600, s / 60 % 60, s % 60);
    else
        buf_printf(out, "%" PRId64 ":%02" PRId64, s / 60, s % 60);
}

void value_write_plain(Value v, Kind k, Buf *out)
{
    switch (v.type) {
    case VALUE_NULL:
        return;
    case VALUE_TEXT:
        buf_str(out, v.s);
        return;
    case VALUE_REAL:
        write_real(v.r, out);
        return;
    case VALUE_INT:
        break;
    }
    if (k == KIND_MONEY)
        write_money(v.i, out);
    else if (k == KIND_BOOL)
        buf_cstr(out, v.i ? "yes" : "no");
    else if (k == KIND_TIME)
        time_write_iso(v.i, out);
    else if (k == KIND_DURATION)
        write_duration(v.i, out);
    else
        buf_int(out, v.i, 1);
}
