/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * complete_value.c -- what an argument may be: choices, names of fields, and values from the data
 * as far as they can be read in the time there is.
 */
#include "cmd/complete.h"
#include "model/select.h"

enum { ROWS_MOST = 5000 };           /* rows looked at for values */

static bool out_of_time(const Offer *o)
{
    return o->n >= COMPLETE_MOST || clock_monotonic_us() > o->until;
}

/* ---- from the data --------------------------------------------------------------------------- */

/* Distinct values of a field, as shown, in the order of the rows; tags one by one. `among`: only
 * rows for which that filter holds, NULL: all. */
static void offer_stored(Offer *o, const Type *t, const Field *f, const char *among, Str before)
{
    Query *q = NULL;
    Error err = { 0 };
    Select sel = { .type = t, .fields = &f, .n = 1, .limit = ROWS_MOST };
    if (!o->s->crm
        || (among && !filter_text(o->s->crm, t, str(among), o->a, &sel.filter, &err))
        || !select_open(o->s->crm, &sel, o->a, &q, &err))
        return;
    while (!out_of_time(o) && query_next(q, &err) > 0) {
        Buf text = { 0 };
        Value v = query_col(q, 1);
        value_write_plain(v, v.type == VALUE_TEXT ? KIND_TEXT : f->kind, &text);
        for (Str rest = buf_as_str(&text); rest.n;) {
            size_t n = 0;
            while (n < rest.n && !(f->kind == KIND_TAGS && rest.s[n] == ','))
                n++;
            offer(o, before, str_n(rest.s, n));
            n += n < rest.n;
            rest = str_n(rest.s + n, rest.n - n);
        }
        buf_release(&text);
    }
    query_close(q);
}

static void offer_handles(Offer *o, const Type *t, const char *among, Str before)
{
    if (t && t->handle)
        offer_stored(o, t, type_field(t, str(t->handle)), among, before);
}

/* ---- fields ---------------------------------------------------------------------------------- */

static const Type *type_named(const Offer *o, const char *name)
{
    return name && o->s->crm ? schema_type(o->s->crm->schema, str(name)) : NULL;
}

static void offer_field_value(Offer *o, const Type *t, const Field *f, Str before)
{
    static const char *const days[] = { "today", "tomorrow", "yesterday", "this-week", "last-week",
                                        "this-month", "last-month", "-7d", "-30d", NULL };
    static const char *const yes_no[] = { "yes", "no", NULL };
    const char *const *words = f->kind == KIND_BOOL ? yes_no
        : f->kind == KIND_DATE || f->kind == KIND_TIME ? days : f->choices;
    for (; words && *words; words++)
        offer(o, before, str(*words));
    if (f->kind == KIND_REF) {
        if (strcmp(f->ref, "user") == 0)
            offer(o, before, STR("me"));
        offer_handles(o, type_named(o, f->ref), NULL, before);
    } else if (f->kind == KIND_TEXT || f->kind == KIND_TAGS)
        offer_stored(o, t, f, NULL, before);
}

static Str joined(Offer *o, Str a, Str b, const char *c)
{
    return str(arena_printf(o->a, "%.*s%.*s%s", STR_ARG(a), STR_ARG(b), c));
}

/* Names of fields, `before` in front and `after` ("=" or nothing) behind. */
static void offer_fields(Offer *o, const Type *t, Str before, const char *after, bool settable)
{
    for (int i = 0; i < t->n; i++) {
        const Field *f = &t->fields[i];
        if (settable && (f->flags & (FIELD_READONLY | FIELD_RULED) || (f->sql && !f->write)))
            continue;
        offer(o, before, joined(o, str(f->name), (Str){ "", 0 }, after));
    }
}

/* field=..., or owner.name=...: the value, once there is an operator. */
static bool offer_comparison(Offer *o, const Type *t)
{
    Comparison cmp;
    const Word w = { .text = o->typed };
    if (!word_comparison(&w, &cmp))
        return false;
    const char *dot = memchr(cmp.field.s, '.', cmp.field.n);
    Str name = cmp.field;
    if (dot) {
        const Field *ref = type_field(t, str_n(name.s, (size_t)(dot - name.s)));
        t = ref && ref->kind == KIND_REF ? type_named(o, ref->ref) : NULL;
        name = str_n(dot + 1, (size_t)(name.s + name.n - dot - 1));
    }
    const Field *f = t ? type_field(t, name) : NULL;
    if (f)
        offer_field_value(o, t, f, str_n(o->typed.s, cmp.value));
    return true;
}

/* A field, or a field of a related record behind a dot. */
static void offer_filter(Offer *o, const Type *t)
{
    if (!t || offer_comparison(o, t))
        return;
    const char *dot = memchr(o->typed.s, '.', o->typed.n);
    if (!dot) {
        offer_fields(o, t, (Str){ "", 0 }, "=", false);
        return;
    }
    Str name = str_n(o->typed.s, (size_t)(dot - o->typed.s));
    const Field *ref = type_field(t, name);
    const Type *to = ref && ref->kind == KIND_REF ? type_named(o, ref->ref)
        : type_named(o, str_c(name, o->a));
    if (to)
        offer_fields(o, to, str_n(o->typed.s, name.n + 1), "=", false);
}

/* ---- an argument ----------------------------------------------------------------------------- */

void offer_argument(Offer *o, const Command *cmd, const Arg *arg, Str before)
{
    const Type *t = arg_type_of(o->s, cmd, arg);
    int n = 0;
    const Type *const *types = NULL;
    switch (arg->kind) {
    case ARG_CHOICE:
        for (const char *const *c = arg->choices; *c; c++)
            offer(o, before, str(*c));
        return;
    case ARG_FILE:
        o->files = true;
        return;
    case ARG_TYPE:
        if (o->s->crm)
            types = schema_types(o->s->crm->schema, &n);
        for (int i = 0; i < n; i++)
            offer(o, before, str(types[i]->name));
        return;
    case ARG_FIELD:
        if (t)
            offer_fields(o, t, before, "", false);
        return;
    case ARG_RECORD:
    case ARG_TARGET:
        offer_handles(o, t, arg->among, before);
        return;
    case ARG_ASSIGN:
        if (t && !offer_comparison(o, t))
            offer_fields(o, t, before, "=", true);
        return;
    case ARG_FILTER:
        offer_filter(o, t);
        return;
    default:
        return;
    }
}
