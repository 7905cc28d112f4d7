/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/compare.h"

#include "base/unicode.h"
#include "model/filter.h"

void compiled_put(Compiled *c, const char *sql)
{
    buf_cstr(&c->sql, sql);
}

static void bind(Compiled *c, Value v, Arena *a)
{
    if (c->n == c->room) {
        c->room = c->room ? c->room * 2 : 8;
        Value *more = ARENA_ARRAY(a, Value, c->room);
        if (c->n)
            memcpy(more, c->bind, sizeof *more * (size_t)c->n);
        c->bind = more;
    }
    c->bind[c->n++] = v;
}

/* ---- what is compared --------------------------------------------------------------------------- */

/* A field's expression, and for a view of several values the condition around it. */
typedef struct Operand { const Field *f; const char *expr, *before, *after; } Operand;

static const char *substitute(Str text, const char *alias, Arena *a)
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

static Operand operand(Crm *crm, const Field *f, const char *alias, bool shown, Arena *a)
{
    Operand o = { f, NULL, "", "" };
    const char *open = f->many ? strchr(f->many, '{') : NULL, *close = open ? strchr(open, '}') : NULL;
    if (!close) {
        o.expr = field_sql(crm->schema, f, alias, shown, a);
        return o;
    }
    o.before = substitute(str_n(f->many, (size_t)(open - f->many)), alias, a);
    o.expr = str_c(str_n(open + 1, (size_t)(close - open - 1)), a);
    o.after = substitute(str(close + 1), alias, a);
    return o;
}

/* ---- how it is compared --------------------------------------------------------------------------- */

/* expr op ? */
static void plain(Compiled *c, const Operand *o, const char *op, Value v, Arena *a)
{
    buf_printf(&c->sql, "%s%s %s ?%s", o->before, o->expr, op, o->after);
    bind(c, v, a);
}

/* A word that names a range: = lies in it, < before it, > after it, <= and >= include it. An exact
 * time is compared as it is. */
static void range(Compiled *c, const Operand *o, const char *op, Value from, Value to, Arena *a)
{
    if (strcmp(op, "=") == 0) {
        buf_printf(&c->sql, "%s(%s >= ? AND %s < ?)%s", o->before, o->expr, o->expr, o->after);
        bind(c, from, a);
        bind(c, to, a);
    } else if (op[0] == '<') {
        plain(c, o, "<", op[1] ? to : from, a);
    } else {
        plain(c, o, ">=", op[1] ? from : to, a);
    }
}

static Value day_of(const Zone *z, int64_t ms, Arena *a)
{
    Civil c = civil_at(z, ms);
    char iso[16];
    day_write_iso(day_number(c.year, c.month, c.day), iso);
    return value_text(str(arena_strdup(a, iso)));
}

static bool moment(Crm *crm, Compiled *c, const Operand *o, const char *op, Str typed, Arena *a, Error *err)
{
    Moment m;
    if (!moment_parse(typed, crm->zone, crm_now(crm), &m, err))
        return false;
    if (o->f->kind == KIND_DATE) {
        int64_t to = m.to > m.from ? m.to : m.from + 86400000;    /* a time stands for its day */
        range(c, o, op, day_of(crm->zone, m.from, a), day_of(crm->zone, to, a), a);
    } else if (m.to > m.from) {
        range(c, o, op, value_int(m.from), value_int(m.to), a);
    } else {
        plain(c, o, op, value_int(m.from), a);
    }
    return true;
}

static bool contains(Crm *crm, Compiled *c, const Field *f, const char *alias, Str typed, Arena *a)
{
    Operand o = operand(crm, f, alias, true, a);
    char digits[64];
    if (f->kind == KIND_PHONE && phone_digits(typed, digits, sizeof digits) > 0) {
        buf_printf(&c->sql, "%sinstr(%s, ?) > 0%s", o.before, o.expr, o.after);
        bind(c, value_text(str(arena_strdup(a, digits))), a);
    } else {
        buf_printf(&c->sql, "%sinstr(fold(%s), ?) > 0%s", o.before, o.expr, o.after);
        bind(c, value_text(text_fold(typed, a)), a);
    }
    return true;
}

static bool valued(Crm *crm, Compiled *c, const Field *f, const char *alias, const char *op, Str typed,
                   Arena *a, Error *err)
{
    Value v;
    if (op[0] == '~')
        return contains(crm, c, f, alias, typed, a);
    Operand o = operand(crm, f, alias, false, a);
    if (f->kind == KIND_DATE || f->kind == KIND_TIME)
        return moment(crm, c, &o, op, typed, a, err);
    if (f->kind == KIND_TEXT || f->kind == KIND_TAGS)
        v = value_text(f->clean ? f->clean(typed, a) : typed);
    else if (f->kind == KIND_PHONE || f->kind == KIND_EMAIL) {
        Error ignored = { 0 };
        if (!field_parse(crm, f, typed, a, &v, &ignored))     /* kept as typed: so is it sought */
            v = value_text(typed);
    } else if (!field_parse(crm, f, typed, a, &v, err)) {
        return false;
    }
    plain(c, &o, op, v, a);
    return true;
}

/* The field itself: null test, truth, or comparison. `op` is positive. */
static bool leaf(Crm *crm, Compiled *c, const Field *f, const char *alias, const char *op,
                 const Str *value, Arena *a, Error *err)
{
    if (value)
        return valued(crm, c, f, alias, op, *value, a, err);
    Operand o = operand(crm, f, alias, false, a);
    if (*op && strcmp(op, "=") != 0) {
        fail(err, ERR_USAGE, "a value is missing after %s%s", f->name, op);
        return fail_hint(err, "%s= alone asks whether it is empty", f->name);
    }
    if (f->many)
        buf_printf(&c->sql, "%s%s1%s", *op ? "NOT " : "", o.before, o.after);
    else if (*op)
        buf_printf(&c->sql, "%s IS NULL", o.expr);
    else if (f->kind == KIND_BOOL)
        buf_printf(&c->sql, "coalesce(%s, 0) <> 0", o.expr);
    else
        buf_printf(&c->sql, "%s IS NOT NULL", o.expr);
    return true;
}

/* ---- paths ------------------------------------------------------------------------------------------ */

/* The field of `other` that refers to t, for "person.role" on a customer. */
static const Field *field_to(const Schema *s, const Type *other, const Type *t)
{
    for (int i = 0; i < other->n; i++) {
        const Field *f = &other->fields[i];
        if (f->kind == KIND_REF && f->column && schema_type(s, str(f->ref)) == t)
            return f;
    }
    return NULL;
}

static bool no_path(const Type *t, Str head, Error *err)
{
    const Field *ignored;
    if (type_field(t, head)) {
        fail(err, ERR_USAGE, "%.*s of a %s is no other record: nothing comes after its dot", STR_ARG(head),
             t->name);
        return fail_hint(err, "help filter shows what a dot may follow");
    }
    return type_field_get(t, head, &ignored, err);
}

static bool walk(Crm *crm, Compiled *c, const Type *t, const char *alias, Str path, const char *op,
                 const Str *value, Arena *a, Error *err)
{
    const char *dot = memchr(path.s, '.', path.n);
    const Field *f;
    if (!dot)
        return type_field_get(t, path, &f, err) && leaf(crm, c, f, alias, op, value, a, err);
    Str head = str_n(path.s, (size_t)(dot - path.s)), tail = str_n(dot + 1, path.n - head.n - 1);
    const char *inner = arena_printf(a, "%sx", alias);
    f = type_field(t, head);
    const Type *other = f ? NULL : schema_type(crm->schema, head);
    const Field *back = other ? field_to(crm->schema, other, t) : NULL;
    if (f && f->kind == KIND_REF && f->column) {
        other = schema_type(crm->schema, str(f->ref));
        buf_printf(&c->sql, "EXISTS (SELECT 1 FROM \"%s\" %s WHERE %s.id = %s.\"%s\" AND ", other->table,
                   inner, inner, alias, f->column);
    } else if (back) {
        buf_printf(&c->sql, "EXISTS (SELECT 1 FROM \"%s\" %s WHERE %s.\"%s\" = %s.id AND ", other->table,
                   inner, inner, back->column, alias);
    } else {
        return no_path(t, head, err);
    }
    if (!walk(crm, c, other, inner, tail, op, value, a, err))
        return false;
    compiled_put(c, ")");
    return true;
}

bool compare(Crm *crm, const Type *t, const char *alias, Str path, Str op, const Str *value, Arena *a,
             Compiled *out, Error *err)
{
    bool negative = op.n && op.s[0] == '!';
    const char *positive = negative ? str_c(str_n(op.s + 1, op.n - 1), a) : str_c(op, a);
    if (negative)
        compiled_put(out, "NOT coalesce((");
    if (!walk(crm, out, t, alias, path, positive, value, a, err))
        return false;
    if (negative)
        compiled_put(out, "), 0)");
    return true;
}
