/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/compare.h"

#include "base/unicode.h"

enum { DOTS_MOST = 6 };

/* What all steps of one condition need. */
typedef struct Ask {
    Crm *crm;
    Condition *c;
    const char *op;        /* the positive operator; "": the bare field */
    bool filled;           /* asked is, whether there is a value */
    Arena *a;
    Compiled *out;
    Error *err;
} Ask;

void compiled_put(Compiled *c, const char *sql)
{
    buf_cstr(&c->sql, sql);
}

static void bind(Ask *k, Value v)
{
    Compiled *c = k->out;
    if (c->n == c->room) {
        c->room = c->room ? c->room * 2 : 8;
        Value *more = ARENA_ARRAY(k->a, Value, c->room);
        if (c->n)
            memcpy(more, c->bind, sizeof *more * (size_t)c->n);
        c->bind = more;
    }
    c->bind[c->n++] = v;
}

/* ---- what is compared ------------------------------------------------------------------------ */

/* A field's expression, and for a view of several values the condition around it. */
typedef struct Operand { const Field *f; const char *expr, *before, *after; } Operand;

static Operand operand(Ask *k, const Field *f, const char *alias, bool shown)
{
    Operand o = { f, NULL, "", "" };
    const char *open = f->many ? strchr(f->many, '{') : NULL;
    const char *close = open ? strchr(open, '}') : NULL;
    if (!close) {
        o.expr = field_sql(k->crm->schema, f, alias, shown, k->a);
        return o;
    }
    o.before = field_alias(str_n(f->many, (size_t)(open - f->many)), alias, k->a);
    o.expr = str_c(str_n(open + 1, (size_t)(close - open - 1)), k->a);
    o.after = field_alias(str(close + 1), alias, k->a);
    return o;
}

/* Which operators say something about which kinds. */
static bool may_compare(Ask *k, const Field *f)
{
    bool text = false, order = true;
    switch (f->kind) {
    case KIND_TEXT: case KIND_PHONE: case KIND_EMAIL: case KIND_DATE:
        text = true;
        break;
    case KIND_CHOICE: case KIND_TAGS:
        text = true;
        order = false;
        break;
    case KIND_REF:
        text = field_shown_kind(k->crm->schema, f) == KIND_TEXT;
        order = false;
        break;
    case KIND_BOOL:
        order = false;
        break;
    default:
        break;
    }
    if (*k->op == '~' ? text : *k->op == '<' || *k->op == '>' ? order : true)
        return true;
    fail(k->err, ERR_USAGE, "%s (%s) cannot be compared by %.*s", f->name, kind_name(f->kind),
         STR_ARG(k->c->op));
    if (f->kind == KIND_REF)
        return fail_hint(k->err, "a field of the %s behind a dot can: %s.FIELD", f->ref, f->name);
    if (f->kind == KIND_TIME)
        return fail_hint(k->err, "%s=2026-03 asks for a span", f->name);
    return fail_hint(k->err, order ? "use = != < <= > >=" : text ? "use = != ~ !~" : "use = !=");
}

/* ---- how it is compared ---------------------------------------------------------------------- */

/* expr op ? */
static void plain(Ask *k, const Operand *o, const char *op, Value v)
{
    buf_printf(&k->out->sql, "%s%s %s ?%s", o->before, o->expr, op, o->after);
    bind(k, v);
}

/* A word that names a range: = lies in it, < before it, > after it, <= and >= include it. */
static void range(Ask *k, const Operand *o, Value from, Value to)
{
    if (*k->op == '=') {
        buf_printf(&k->out->sql, "(%s >= ? AND %s < ?)", o->expr, o->expr);
        bind(k, from);
        bind(k, to);
    } else if (*k->op == '<') {
        plain(k, o, "<", k->op[1] ? to : from);
    } else {
        plain(k, o, ">=", k->op[1] ? from : to);
    }
}

static Value day_value(int64_t day, Arena *a)
{
    char iso[16];
    day_write_iso(day, iso);
    return value_text(str(arena_strdup(a, iso)));
}

/* On a date a time stands for its day. */
static bool moment(Ask *k, const Operand *o, Str typed)
{
    Moment m;
    const Zone *z = k->crm->zone;
    if (!moment_parse(typed, z, crm_now(k->crm), &m, k->err))
        return false;
    if (o->f->kind == KIND_DATE) {
        Civil c = civil_at(z, m.from), e = civil_at(z, m.to);
        int64_t from = day_number(c.year, c.month, c.day), to = day_number(e.year, e.month, e.day);
        range(k, o, day_value(from, k->a), day_value(to > from ? to : from + 1, k->a));
    } else if (m.to > m.from) {
        range(k, o, value_int(m.from), value_int(m.to));
    } else {
        plain(k, o, k->op, value_int(m.from));
    }
    return true;
}

/* Nothing but digits and what is written between them. */
static bool is_digits(Str folded)
{
    for (size_t i = 0; i < folded.n; i++)
        if (!folded.s[i] || !strchr("0123456789 +-().", folded.s[i]))
            return false;
    return true;
}

/* Part of a number is sought among its digits; a 0 before an area code is not part of E.164. */
static bool contains(Ask *k, const Field *f, const char *alias, Str typed)
{
    Operand o = operand(k, f, alias, true);
    Str folded = text_fold(typed, k->a);
    char digits[64];
    if (f->kind != KIND_PHONE || !is_digits(folded)
        || phone_digits(folded, digits, sizeof digits) == 0) {
        buf_printf(&k->out->sql, "%sinstr(fold(%s), ?) > 0%s", o.before, o.expr, o.after);
        bind(k, value_text(folded));
        return true;
    }
    size_t zeros = strspn(digits, "0");
    buf_printf(&k->out->sql, "%s(instr(%s, ?) > 0", o.before, o.expr);
    bind(k, value_text(str(arena_strdup(k->a, digits))));
    if (zeros > 0 && digits[zeros]) {
        buf_printf(&k->out->sql, " OR instr(%s, ?) > 0", o.expr);
        bind(k, value_text(str(arena_strdup(k->a, digits + zeros))));
    }
    buf_printf(&k->out->sql, ")%s", o.after);
    return true;
}

static bool typed_value(Ask *k, const Field *f, Str typed, Value *v)
{
    Error ignored = { 0 };
    if (f->kind == KIND_TAGS && memchr(typed.s, ',', typed.n)) {
        fail(k->err, ERR_INVALID, "%s: a tag has no comma: '%.*s'", f->name, STR_ARG(typed));
        return fail_hint(k->err, "%s in (a, b)", f->name);
    }
    if (f->kind == KIND_TEXT || f->kind == KIND_TAGS) {
        *v = value_text(f->clean ? f->clean(typed, k->a) : typed);
        return true;
    }
    if (f->kind != KIND_PHONE && f->kind != KIND_EMAIL)
        return field_parse(k->crm, f, typed, k->a, v, k->err);
    if (!field_parse(k->crm, f, typed, k->a, v, &ignored))   /* kept as typed: so is it sought */
        *v = value_text(typed);
    return true;
}

static void is_null(Ask *k, const Field *f, const char *alias)
{
    Operand o = operand(k, f, alias, false);
    if (f->many)
        buf_printf(&k->out->sql, "NOT %s1%s", o.before, o.after);
    else
        buf_printf(&k->out->sql, "%s IS NULL", o.expr);
}

/* The bare field: a bool that is set, else any that is not null. */
static bool is_there(Ask *k, const Field *f, const char *alias)
{
    Operand o = operand(k, f, alias, false);
    if (f->many)
        buf_printf(&k->out->sql, "%s1%s", o.before, o.after);
    else
        buf_printf(&k->out->sql, f->kind == KIND_BOOL ? "coalesce(%s, 0) <> 0" : "%s IS NOT NULL",
                   o.expr);
    return true;
}

static bool is_moment(const Field *f)
{
    return f->kind == KIND_DATE || f->kind == KIND_TIME;
}

/* Equal to any of the values. Moments are ranges; the others stand in one list. */
static bool equals_any(Ask *k, const Field *f, const char *alias)
{
    Operand o = operand(k, f, alias, false);
    Value *v = ARENA_ARRAY(k->a, Value, k->c->n + 1);
    int n = 0, parts = 0;
    bool null = k->c->n == 0;
    compiled_put(k->out, "(");
    for (int i = 0; i < k->c->n; i++) {
        Str typed = k->c->values[i];
        k->c->wrong = i;
        if (str_trim(typed).n == 0) {
            null = true;
        } else if (is_moment(f)) {
            compiled_put(k->out, parts++ ? " OR " : "");
            if (!moment(k, &o, typed))
                return false;
        } else if (!typed_value(k, f, typed, &v[n++])) {
            return false;
        }
    }
    for (int i = 0; i < n; i++) {
        buf_printf(&k->out->sql, i ? ", ?" : "%s%s IN (?", o.before, o.expr);
        bind(k, v[i]);
    }
    if (n)
        buf_printf(&k->out->sql, ")%s", o.after);
    if (null) {
        compiled_put(k->out, parts + n ? " OR " : "");
        is_null(k, f, alias);
    }
    compiled_put(k->out, ")");
    return true;
}

/* The field itself, at the end of the path. */
static bool leaf(Ask *k, const Field *f, const char *alias)
{
    if (!*k->op)
        return is_there(k, f, alias);
    if (!may_compare(k, f))
        return false;
    if (k->filled) {
        compiled_put(k->out, "NOT (");
        is_null(k, f, alias);
        compiled_put(k->out, ")");
        return true;
    }
    if (*k->op == '=')
        return equals_any(k, f, alias);
    if (k->c->n == 0 || str_trim(k->c->values[0]).n == 0) {
        fail(k->err, ERR_USAGE, "a value is missing after %s%.*s", f->name, STR_ARG(k->c->op));
        return fail_hint(k->err, "%s= alone asks whether it is empty", f->name);
    }
    Str typed = k->c->values[0];
    k->c->wrong = 0;
    if (*k->op == '~')
        return contains(k, f, alias, typed);
    Operand o = operand(k, f, alias, false);
    Value v;
    if (is_moment(f))
        return moment(k, &o, typed);
    if (!typed_value(k, f, typed, &v))
        return false;
    plain(k, &o, k->op, v);
    return true;
}

/* ---- paths ----------------------------------------------------------------------------------- */

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
    if (!type_field(t, head))
        return type_field_get(t, head, &ignored, err);
    fail(err, ERR_USAGE, "%.*s of a %s is no other record: nothing comes after its dot",
         STR_ARG(head), t->name);
    return fail_hint(err, "help filter shows what a dot may follow");
}

/* Go into the record that `head` of row `alias` refers to, or into those that refer to the row:
 * opens an EXISTS, whose row is `inner`. */
static bool step(Ask *k, const Type *t, const char *alias, Str head, const char *inner,
                 const Type **other)
{
    const Field *f = type_field(t, head), *back = NULL;
    Buf *sql = &k->out->sql;
    if (f && f->kind == KIND_REF && f->column) {
        *other = schema_type(k->crm->schema, str(f->ref));
        buf_printf(sql, "EXISTS (SELECT 1 FROM \"%s\" %s WHERE %s.id = %s.\"%s\" AND ",
                   (*other)->table, inner, inner, alias, f->column);
        return true;
    }
    *other = f ? NULL : schema_type(k->crm->schema, head);
    back = *other ? field_to(k->crm->schema, *other, t) : NULL;
    if (!back)
        return no_path(t, head, k->err);
    buf_printf(sql, "EXISTS (SELECT 1 FROM \"%s\" %s WHERE %s.\"%s\" = %s.id AND ",
               (*other)->table, inner, inner, back->column, alias);
    return true;
}

static bool walk(Ask *k, const Type *t, const char *alias)
{
    Str rest = k->c->path;
    const char *dot;
    const Field *f;
    int dots = 0;
    for (; (dot = rest.n ? memchr(rest.s, '.', rest.n) : NULL); dots++) {
        Str head = str_n(rest.s, (size_t)(dot - rest.s));
        const char *inner = arena_printf(k->a, "%sx", alias);
        if (dots == DOTS_MOST)
            return fail(k->err, ERR_USAGE, "more than %d dots in '%.*s'", DOTS_MOST,
                        STR_ARG(k->c->path));
        if (!step(k, t, alias, head, inner, &t))
            return false;
        alias = inner;
        rest = str_n(dot + 1, rest.n - head.n - 1);
    }
    if (!type_field_get(t, rest, &f, k->err) || !leaf(k, f, alias))
        return false;
    while (dots-- > 0)
        compiled_put(k->out, ")");
    return true;
}

bool compare(Crm *crm, const Type *t, const char *alias, Condition *c, Arena *a, Compiled *out,
             Error *err)
{
    bool negative = c->op.n && c->op.s[0] == '!';
    Str op = negative ? str_n(c->op.s + 1, c->op.n - 1) : c->op;
    bool empty = str_is(op, "=") && (c->n == 0 || (c->n == 1 && str_trim(c->values[0]).n == 0));
    /* owner.name= holds for a row without an owner, too: none has a value */
    bool filled = empty && memchr(c->path.s, '.', c->path.n);
    Ask k = { crm, c, str_c(op, a), filled, a, out, err };
    negative = negative != filled;
    c->wrong = -1;
    if (negative)
        compiled_put(out, "(");
    if (!walk(&k, t, alias))
        return false;
    if (negative)
        compiled_put(out, ") IS NOT TRUE");
    return true;
}
