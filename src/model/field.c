/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * field.c -- values of fields: read from what was typed, and as SQL expressions.
 */
#include <math.h>
#include <stdlib.h>

#include "base/unicode.h"
#include "model/record.h"

static bool bad(const Field *f, Str typed, Error *err, const char *what, const char *how)
{
    fail(err, ERR_INVALID, "%s: %s: '%.*s'", f->name, what, STR_ARG(typed));
    return fail_hint(err, "%s", how);
}

/* Digits with separators (1,234 / 1 234 / full-width folded) as a plain number text. */
static bool number_clean(Str typed, char out[static 64])
{
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.s[i];
        if (c == ',' && i + 3 < typed.n && i > 0)
            continue;
        if (c == ' ' || c == '_')
            continue;
        if (n + 1 >= 64 || !strchr("0123456789+-.eE", c))
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return n > 0;
}

static bool parse_number(const Field *f, Str typed, Value *out, Error *err)
{
    char text[64], *end = text;
    double r = number_clean(typed, text) ? strtod(text, &end) : 0;
    if (end == text || *end || !isfinite(r))
        return bad(f, typed, err, "not a number", "for example 12 or 0.5");
    int64_t i;
    *out = str_int(str(text), &i) ? value_int(i) : value_real(r);
    return true;
}

static bool parse_int(const Field *f, Str typed, Value *out, Error *err)
{
    char text[64];
    int64_t i;
    if (!number_clean(typed, text) || !str_int(str(text), &i))
        return bad(f, typed, err, "not a whole number", "for example 12");
    *out = value_int(i);
    return true;
}

/* Exact: minor units are counted from the digits, never through floating point. */
bool money_parse(Str typed, int64_t *minor)
{
    char text[64];
    static const char *const signs[] = { "¥", "￥", "$", "€", "£", NULL };
    for (int i = 0; signs[i]; i++)
        if (str_starts(typed, signs[i]))
            typed = str_trim(str_n(typed.s + strlen(signs[i]), typed.n - strlen(signs[i])));
    if (!number_clean(typed, text))
        return false;
    char *dot = strchr(text, '.');
    int64_t whole, cents = 0;
    bool negative = text[0] == '-';
    if (dot) {
        size_t digits = strlen(dot + 1);
        for (size_t i = 0; i < digits; i++)
            if (dot[1 + i] < '0' || dot[1 + i] > '9' || (i >= 2 && dot[1 + i] != '0'))
                return false;
        cents = (digits > 0 ? (dot[1] - '0') * 10 : 0) + (digits > 1 ? dot[2] - '0' : 0);
        *dot = '\0';
    }
    Str w = str(text);
    if (w.n == 0 || str_is(w, "-"))
        whole = 0;
    else if (!str_int(w, &whole))
        return false;
    return !__builtin_mul_overflow(whole, 100, &whole)
           && !__builtin_add_overflow(whole, negative ? -cents : cents, minor);
}

static bool parse_bool(const Field *f, Str typed, Value *out, Error *err)
{
    static const char *const yes[] = { "yes", "y", "true", "1", "on", "是", "有", "对", NULL };
    static const char *const no[] = { "no", "n", "false", "0", "off", "否", "无", "不", NULL };
    for (int i = 0; yes[i]; i++)
        if (str_eq_nocase(typed, str(yes[i]))) {
            *out = value_int(1);
            return true;
        }
    for (int i = 0; no[i]; i++)
        if (str_eq_nocase(typed, str(no[i]))) {
            *out = value_int(0);
            return true;
        }
    return bad(f, typed, err, "neither yes nor no", "yes, no, true, false, 1, 0, 是 or 否");
}

static bool parse_date(Crm *crm, const Field *f, Str typed, Arena *a, Value *out, Error *err)
{
    int64_t day;
    if (!day_parse_iso(typed, &day)) {
        Moment m;
        if (!moment_parse(typed, crm->zone, crm_now(crm), &m, err))
            return bad(f, typed, err, "not a date", "for example 2026-03-01, tomorrow, +30d or 下周三");
        Civil c = civil_at(crm->zone, m.from);
        day = day_number(c.year, c.month, c.day);
    }
    char iso[16];
    day_write_iso(day, iso);
    *out = value_text(str(arena_strdup(a, iso)));
    return true;
}

static bool parse_time(Crm *crm, const Field *f, Str typed, Value *out, Error *err)
{
    Moment m;
    if (!moment_parse(typed, crm->zone, crm_now(crm), &m, err))
        return bad(f, typed, err, "not a time", "for example 2026-03-01 14:00, tomorrow 3pm, +2h or 明天下午3点");
    *out = value_int(m.from);
    return true;
}

static bool parse_duration(const Field *f, Str typed, Value *out, Error *err)
{
    int64_t ms;
    if (!duration_parse(typed, &ms, err))
        return bad(f, typed, err, "not a length of time", "for example 90s, 15m, 4h or 1d");
    *out = value_int(ms);
    return true;
}

static bool parse_choice(const Field *f, Str typed, Arena *a, Value *out, Error *err)
{
    for (const char *const *c = f->choices; *c; c++)
        if (str_eq_nocase(typed, str(*c))) {
            *out = value_text(str(*c));
            return true;
        }
    Buf b = { 0 };
    for (const char *const *c = f->choices; *c; c++)
        buf_printf(&b, "%s%s", c == f->choices ? "" : ", ", *c);
    bad(f, typed, err, "not one of its choices", "");
    fail_hint(err, "one of %s", b.s ? b.s : "(none)");
    buf_release(&b);
    (void)a;
    return false;
}

static bool parse_email(const Field *f, Str typed, Arena *a, Value *out, Error *err)
{
    const char *at = memchr(typed.s, '@', typed.n);
    if (!at || at == typed.s || at == typed.s + typed.n - 1 || memchr(typed.s, ' ', typed.n))
        return bad(f, typed, err, "not an e-mail address", "for example name@example.com");
    char *copy = arena_strndup(a, typed.s, typed.n);
    for (size_t i = 0; i < typed.n; i++)           /* nobody tells Wang@ and wang@ apart */
        if (copy[i] >= 'A' && copy[i] <= 'Z')
            copy[i] = (char)(copy[i] + 32);
    *out = value_text(str_n(copy, typed.n));
    return true;
}

static bool parse_phone(Crm *crm, const Field *f, Str typed, Arena *a, Value *out, Error *err)
{
    Phone p[1];
    if (!phone_read(crm->phones, typed, NULL, p, 1) || p[0].status == PHONE_NONE)
        return bad(f, typed, err, "not a telephone number", "for example 13800138000 or +1 212 555 0142");
    *out = value_text(p[0].status == PHONE_OK ? str_dup(str(p[0].e164), a) : str_dup(typed, a));
    return true;
}

static bool parse_percent(const Field *f, Str typed, Value *out, Error *err)
{
    bool sign = typed.n && typed.s[typed.n - 1] == '%';
    Str digits = sign ? str_trim(str_n(typed.s, typed.n - 1)) : typed;
    Value v;
    if (!parse_number(f, digits, &v, err))
        return bad(f, typed, err, "not a share", "for example 3% or 0.03");
    double r = v.type == VALUE_INT ? (double)v.i : v.r;
    *out = value_real(sign ? r / 100 : r);
    return true;
}

bool field_parse(Crm *crm, const Field *f, Str typed, Arena *a, Value *out, Error *err)
{
    if (f->kind != KIND_TEXT)
        typed = str_trim(typed);
    if (typed.n == 0) {
        *out = value_null();
        return true;
    }
    switch (f->kind) {
    case KIND_TEXT:
    case KIND_TAGS:
        if (!utf8_valid(typed))
            return bad(f, STR("..."), err, "not UTF-8", "convert the text first");
        *out = value_text(f->clean ? f->clean(typed, a) : str_dup(typed, a));
        return true;
    case KIND_INT: return parse_int(f, typed, out, err);
    case KIND_NUMBER: return parse_number(f, typed, out, err);
    case KIND_MONEY: {
        int64_t minor;
        if (!money_parse(typed, &minor))
            return bad(f, typed, err, "not an amount of money", "for example 1200 or 1200.50");
        *out = value_int(minor);
        return true;
    }
    case KIND_BOOL: return parse_bool(f, typed, out, err);
    case KIND_DATE: return parse_date(crm, f, typed, a, out, err);
    case KIND_TIME: return parse_time(crm, f, typed, out, err);
    case KIND_DURATION: return parse_duration(f, typed, out, err);
    case KIND_PHONE: return parse_phone(crm, f, typed, a, out, err);
    case KIND_EMAIL: return parse_email(f, typed, a, out, err);
    case KIND_CHOICE: return parse_choice(f, typed, a, out, err);
    case KIND_PERCENT: return parse_percent(f, typed, out, err);
    case KIND_REF: {
        const Type *t = schema_type(crm->schema, str(f->ref));
        int64_t id;
        if (strcmp(f->ref, "user") == 0 && str_is(typed, "me")) {
            *out = crm->user_id ? value_int(crm->user_id) : value_null();
            if (!crm->user_id) {
                fail(err, ERR_NOT_FOUND, "%s: '%s' is no user of this file", f->name, crm->user);
                return fail_hint(err, "user add name=%s role=owner", crm->user);
            }
            return true;
        }
        if (!record_find(crm, t, typed, &id, err))
            return false;
        *out = value_int(id);
        return true;
    }
    case KINDS:
        break;
    }
    panic("field %s has no kind", f->name);
}

/* `sql` with each $ replaced by the alias. */
static const char *with_alias(const char *text, const char *alias, Arena *a)
{
    Buf b = { 0 };
    for (const char *p = text; *p; p++)
        if (*p == '$')
            buf_cstr(&b, alias);
        else
            buf_char(&b, *p);
    const char *out = str_c(buf_as_str(&b), a);
    buf_release(&b);
    return out;
}

const char *field_sql(const Schema *s, const Field *f, const char *alias, bool shown, Arena *a)
{
    if (f->sql)
        return with_alias(f->sql, alias, a);
    const Type *ref = f->kind == KIND_REF && shown ? schema_type(s, str(f->ref)) : NULL;
    if (ref && ref->handle)
        return arena_printf(a, "(SELECT h.\"%s\" FROM \"%s\" h WHERE h.id = %s.\"%s\")",
                            type_field(ref, str(ref->handle))->column, ref->table, alias, f->column);
    return arena_printf(a, "%s.\"%s\"", alias, f->column);
}

Kind field_shown_kind(const Schema *s, const Field *f)
{
    if (f->kind != KIND_REF)
        return f->kind;
    const Type *ref = schema_type(s, str(f->ref));
    return ref && ref->handle ? KIND_TEXT : KIND_INT;
}
