/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * field.c -- values of fields: read from what was typed, and as SQL expressions.
 */
#include <math.h>
#include <stdlib.h>

#include "base/unicode.h"
#include "model/record.h"
#include "model/stop.h"

static bool bad(const Field *f, Str typed, Error *err, const char *what, const char *how)
{
    fail(err, ERR_INVALID, "%s: %s: '%.*s'", f->name, what, STR_ARG(typed));
    return fail_hint(err, "%s", how);
}

/* Three digits and not a fourth: what may follow a thousands separator. */
static bool is_group(const char *s)
{
    int n = 0;
    while (s[n] >= '0' && s[n] <= '9' && n < 4)
        n++;
    return n == 3;
}

/* Whether the comma is the decimal sign: 1.234,56 and 12,5 and 12,50; 1,234 is a thousand. */
static bool is_comma_decimal(const char *s)
{
    const char *comma = strchr(s, ','), *point = strchr(s, '.');
    size_t after = comma ? strspn(comma + 1, "0123456789") : 0;
    return comma && !strchr(comma + 1, ',')
           && (point ? point < comma : (after == 1 || after == 2) && comma[after + 1] != '.');
}

/* Whether points separate thousands: 1.234.567, or 1.234 before a decimal comma. */
static bool is_point_group(const char *s, bool comma_decimal)
{
    const char *point = strchr(s, '.');
    return point && (comma_decimal || strchr(point + 1, '.'));
}

bool number_plain(Str typed, char out[static NUMBER_TEXT])
{
    Buf b = { .max = 200 };
    size_t n = 0;
    text_fold_into(typed, &b);
    buf_char(&b, '\0');
    bool whole = b.n > 1 && !b.full && strlen(b.s) == b.n - 1;
    bool comma = whole && is_comma_decimal(b.s), points = whole && is_point_group(b.s, comma);
    for (size_t i = 0; whole && b.s[i] && n < NUMBER_TEXT - 1; i++) {
        char c = b.s[i];
        bool after_digit = n > 0 && out[n - 1] >= '0' && out[n - 1] <= '9';
        bool separator = c == ' ' || c == '\'' || (c == ',' && !comma) || (c == '.' && points);
        if (!(separator && after_digit && is_group(b.s + i + 1)))
            out[n++] = c == ',' && comma ? '.' : c;
    }
    out[n] = '\0';
    buf_release(&b);
    return whole && n < NUMBER_TEXT - 1;
}

static bool ends_in(Str s, const char *end)
{
    size_t n = strlen(end);
    return s.n >= n && memcmp(s.s + s.n - n, end, n) == 0;
}

/* 3.5万 is 35000: the point moves. */
static bool units_apply(Str s, char out[static NUMBER_TEXT])
{
    static const struct { const char *name; int zeros; } units[] = { { "千", 3 }, { "万", 4 },
                                                                     { "亿", 8 } };
    int zeros = 0;
    for (size_t i = 0; i < sizeof units / sizeof *units && !zeros; i++)
        if (ends_in(s, units[i].name)) {
            zeros = units[i].zeros;
            s = str_trim(str_n(s.s, s.n - strlen(units[i].name)));
        }
    if (s.n + 10 > NUMBER_TEXT || (zeros && s.n == 0))
        return false;
    const char *point = zeros ? memchr(s.s, '.', s.n) : NULL;
    size_t whole = point ? (size_t)(point - s.s) : s.n, n = whole, from = whole + (point != NULL);
    memcpy(out, s.s, whole);
    for (; zeros > 0; zeros--)
        out[n++] = from < s.n ? s.s[from++] : '0';
    if (from < s.n && point)
        out[n++] = '.';
    while (from < s.n)
        out[n++] = s.s[from++];
    out[n] = '\0';
    return true;
}

static bool parse_number(const Field *f, Str typed, Value *out, Error *err)
{
    char text[NUMBER_TEXT], typed_plain[NUMBER_TEXT], *end = text;
    bool plain = number_plain(typed, typed_plain) && units_apply(str(typed_plain), text)
                 && strspn(text, "0123456789+-.e") == strlen(text);
    double r = plain ? strtod(text, &end) : 0;
    if (end == text || *end || !isfinite(r))
        return bad(f, typed, err, "not a number", "for example 12 or 0.5");
    int64_t i;
    *out = str_int(str(text), &i) ? value_int(i) : value_real(r);
    return true;
}

static bool parse_int(const Field *f, Str typed, Value *out, Error *err)
{
    char text[NUMBER_TEXT], plain[NUMBER_TEXT];
    int64_t i;
    if (!number_plain(typed, plain) || !units_apply(str(plain), text) || !str_int(str(text), &i))
        return bad(f, typed, err, "not a whole number", "for example 12");
    *out = value_int(i);
    return true;
}

static Str without(Str s, const char *front, const char *end)
{
    if (front && str_starts(s, front))
        s = str_n(s.s + strlen(front), s.n - strlen(front));
    if (end && ends_in(s, end))
        s.n -= strlen(end);
    return str_trim(s);
}

/* What is left of an amount, folded, when sign and currency are taken off; (500) is -500. */
static Str amount_bare(Str s, bool *negative)
{
    static const char *const signs[] = { "¥", "$", "€", "£", "元", "人民币", "rmb", "cny", "usd",
                                         "eur", NULL };
    bool brackets = str_starts(s, "(") && ends_in(s, ")");
    s = brackets ? without(s, "(", ")") : s;
    *negative = brackets || str_starts(s, "-");
    s = without(s, str_starts(s, "-") ? "-" : "+", NULL);
    for (int i = 0; signs[i]; i++)
        s = without(s, signs[i], signs[i]);
    if (!*negative && str_starts(s, "-")) {
        *negative = true;
        s = without(s, "-", NULL);
    }
    return s;
}

/* Exact: minor units are counted from the digits, never through floating point. */
bool money_parse(Str typed, int64_t *minor)
{
    char plain[NUMBER_TEXT], text[NUMBER_TEXT];
    bool negative;
    if (!number_plain(typed, plain) || !units_apply(amount_bare(str(plain), &negative), text))
        return false;
    Str s = str(text);
    int64_t sum = 0;
    int digits = 0, after = -1;            /* digits behind the point; -1: there is none yet */
    for (size_t i = 0; i < s.n; i++) {
        char c = s.s[i];
        if (c == '.' && after < 0) {
            after = 0;
            continue;
        }
        if (c < '0' || c > '9' || (after >= 2 && c != '0'))
            return false;
        digits++;
        if (after >= 0 && ++after > 2)
            continue;
        if (__builtin_mul_overflow(sum, 10, &sum) || __builtin_add_overflow(sum, c - '0', &sum))
            return false;
    }
    for (int i = after < 0 ? 0 : after; i < 2; i++)
        if (__builtin_mul_overflow(sum, 10, &sum))
            return false;
    *minor = negative ? -sum : sum;
    return digits > 0;
}

bool yes_no_parse(Str typed, bool *yes)
{
    static const char *const words[2][14] = {
        { "no", "n", "false", "f", "0", "off", "否", "不是", "无", "没有", "不", "假", "×", "✗" },
        { "yes", "y", "true", "t", "1", "on", "是", "是的", "有", "对", "真", "√", "✓", "✔" },
    };
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 14; k++)
            if (str_eq_nocase(typed, str(words[i][k]))) {
                *yes = i;
                return true;
            }
    return false;
}

static bool parse_bool(const Field *f, Str typed, Value *out, Error *err)
{
    bool yes;
    if (!yes_no_parse(typed, &yes))
        return bad(f, typed, err, "neither yes nor no", "yes, no, true, false, 1, 0, 是 or 否");
    *out = value_int(yes);
    return true;
}

/* One moment: a span such as 2026-Q3 is for filters. */
static bool one_moment(Crm *crm, Str typed, Moment *m)
{
    Error ignored = { 0 };
    return moment_parse(typed, crm->zone, crm_now(crm), m, &ignored)
           && (m->is_day || m->from == m->to);
}

static bool parse_date(Crm *crm, const Field *f, Str typed, Arena *a, Value *out, Error *err)
{
    int64_t day;
    if (!day_parse_iso(typed, &day)) {
        Moment m;
        if (!one_moment(crm, typed, &m))
            return bad(f, typed, err, "not a date",
                       "for example 2026-03-01, tomorrow, +30d or 下周三");
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
    if (!one_moment(crm, typed, &m))
        return bad(f, typed, err, "not a time",
                   "for example 2026-03-01 14:00, tomorrow 3pm, +2h or 明天下午3点");
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

static bool is_label(const char *labels, Str typed)
{
    for (size_t n; *labels; labels += n + (labels[n] == '|')) {
        n = strcspn(labels, "|");
        if (str_eq_nocase(typed, str_trim(str_n(labels, n))))
            return true;
    }
    return false;
}

/* By its name first, then by its labels; NULL: none is called so. */
static const char *choice_called(const Field *f, Str typed)
{
    for (int i = 0; f->choices[i]; i++)
        if (str_eq_nocase(typed, str(f->choices[i])))
            return f->choices[i];
    for (int i = 0; f->choice_labels && f->choices[i]; i++)
        if (is_label(f->choice_labels[i], typed))
            return f->choices[i];
    return NULL;
}

static bool parse_choice(const Field *f, Str typed, Value *out, Error *err)
{
    Buf b = { .max = 400 };
    const char *found = choice_called(f, typed);
    if (!found) {                                  /* full-width letters, too */
        text_fold_into(typed, &b);
        found = choice_called(f, buf_as_str(&b));
    }
    if (found) {
        *out = value_text(str(found));
        buf_release(&b);
        return true;
    }
    buf_reset(&b);
    for (const char *const *c = f->choices; *c; c++)
        buf_printf(&b, "%s%s", c == f->choices ? "" : ", ", *c);
    fail(err, ERR_INVALID, "%s: not one of its choices: '%.*s'", f->name, STR_ARG(typed));
    fail_hint(err, "one of %s", b.s ? b.s : "(none)");
    buf_release(&b);
    return false;
}

bool email_parse(Str typed, Arena *a, Str *out)
{
    const char *at = typed.n ? memchr(typed.s, '@', typed.n) : NULL;
    size_t local = at ? (size_t)(at - typed.s) : 0;
    if (local == 0 || local + 1 == typed.n || memchr(at + 1, '@', typed.n - local - 1))
        return false;
    char *copy = arena_strndup(a, typed.s, typed.n);
    for (size_t i = 0; i < typed.n; i++) {
        unsigned char c = (unsigned char)copy[i];
        if (c <= ' ' || c == 0x7F || c == ',' || c == ';')
            return false;
        if (c >= 'A' && c <= 'Z')           /* nobody tells Wang@ and wang@ apart */
            copy[i] = (char)(c + 32);
    }
    *out = str_n(copy, typed.n);
    return true;
}

static bool parse_email(const Field *f, Str typed, Arena *a, Value *out, Error *err)
{
    Str address;
    if (!email_parse(typed, a, &address))
        return bad(f, typed, err, "not an e-mail address", "for example name@example.com");
    *out = value_text(address);
    return true;
}

static bool parse_phone(Crm *crm, const Field *f, Str typed, Arena *a, Value *out, Error *err)
{
    Phone p[2];
    int wide = f->flags & FIELD_WIDE ? stop_parse(typed, a, out, err) : 0;
    if (wide)
        return wide > 0;
    int n = phone_read(crm->phones, typed, NULL, p, 2);
    if (n > 0 && p[0].status == PHONE_DAMAGED)
        return bad(f, typed, err, "a spreadsheet rounded this number", "its last digits are lost");
    if (n == 0 || p[0].status == PHONE_NONE)
        return bad(f, typed, err, "not a telephone number",
                   "for example 13800138000 or +1 212 555 0142");
    if (n > 1)
        return bad(f, typed, err, "more than one number", "give one of them");
    if (f->flags & FIELD_WIDE && p[0].valid == PHONE_VALID_NO && strlen(p[0].e164) < 9)
        return bad(f, typed, err, "too short for a telephone number",
                   "a beginning of numbers ends with *: +8621*");
    *out = value_text(str_dup(p[0].status == PHONE_OK ? str(p[0].e164) : typed, a));
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

static bool parse_money(const Field *f, Str typed, Value *out, Error *err)
{
    int64_t minor;
    if (!money_parse(typed, &minor))
        return bad(f, typed, err, "not an amount of money", "for example 1200 or 1,200.50");
    *out = value_int(minor);
    return true;
}

static bool parse_ref(Crm *crm, const Field *f, Str typed, Value *out, Error *err)
{
    int64_t id;
    if (strcmp(f->ref, "user") != 0 || !str_is(typed, "me")) {
        if (!record_find(crm, schema_type(crm->schema, str(f->ref)), typed, &id, err))
            return false;
        *out = value_int(id);
        return true;
    }
    if (!crm->user_id) {
        fail(err, ERR_NOT_FOUND, "%s: '%s' is no user of this file", f->name, crm_user(crm));
        return fail_hint(err, "user add name=%s role=owner", crm_user(crm));
    }
    *out = value_int(crm->user_id);
    return true;
}

bool field_parse(Crm *crm, const Field *f, Str typed, Arena *a, Value *out, Error *err)
{
    Str bare = str_trim(typed);
    *out = value_null();
    if (bare.n == 0)
        return true;
    if (!utf8_valid(typed))
        return bad(f, STR("..."), err, "not UTF-8", "convert the text first");
    if (memchr(typed.s, '\0', typed.n))
        return bad(f, STR("..."), err, "a NUL byte is no text", "take it out");
    switch (f->kind) {
    case KIND_TEXT:
    case KIND_TAGS:
        *out = value_text(f->clean ? f->clean(typed, a) : str_dup(typed, a));
        return true;
    case KIND_INT: return parse_int(f, bare, out, err);
    case KIND_NUMBER: return parse_number(f, bare, out, err);
    case KIND_MONEY: return parse_money(f, bare, out, err);
    case KIND_BOOL: return parse_bool(f, bare, out, err);
    case KIND_DATE: return parse_date(crm, f, bare, a, out, err);
    case KIND_TIME: return parse_time(crm, f, bare, out, err);
    case KIND_DURATION: return parse_duration(f, bare, out, err);
    case KIND_PHONE: return parse_phone(crm, f, bare, a, out, err);
    case KIND_EMAIL: return parse_email(f, bare, a, out, err);
    case KIND_CHOICE: return parse_choice(f, bare, out, err);
    case KIND_PERCENT: return parse_percent(f, bare, out, err);
    case KIND_REF: return parse_ref(crm, f, bare, out, err);
    case KINDS:
        break;
    }
    panic("field %s has no kind", f->name);
}

const char *field_alias(Str text, const char *alias, Arena *a)
{
    Buf b = { 0 };
    for (size_t i = 0; i < text.n; i++)
        if (text.s[i] == '$')
            buf_cstr(&b, alias);
        else
            buf_char(&b, text.s[i]);
    const char *out = str_c(buf_as_str(&b), a);
    buf_release(&b);
    return out;
}

const char *field_sql(const Schema *s, const Field *f, const char *alias, bool shown, Arena *a)
{
    if (f->sql)
        return field_alias(str(f->sql), alias, a);
    const Type *ref = f->kind == KIND_REF && shown ? schema_type(s, str(f->ref)) : NULL;
    if (ref && ref->handle)
        return arena_printf(a, "(SELECT h.\"%s\" FROM \"%s\" h WHERE h.id = %s.\"%s\")",
                            type_field(ref, str(ref->handle))->column, ref->table, alias,
                            f->column);
    return arena_printf(a, "%s.\"%s\"", alias, f->column);
}

Kind field_shown_kind(const Schema *s, const Field *f)
{
    if (f->kind != KIND_REF)
        return f->kind;
    const Type *ref = schema_type(s, str(f->ref));
    return ref && ref->handle ? KIND_TEXT : KIND_INT;
}
