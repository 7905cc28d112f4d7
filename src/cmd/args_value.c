/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * args_value.c -- one typed word becomes one member of the argument struct, by the kind of the
 * argument.
 *
 * Does not know in which order words come (args.c does).  Every refusal is ERR_USAGE with the
 * position of the word, but what the database says about a record (no such, ambiguous) keeps its
 * own code.
 */
#include "cmd/args.h"

#include <stdlib.h>

enum { TARGET_MOST = 1000000 };       /* ids that a target may list; --where has no such limit */

/* ---- words taken apart ----------------------------------------------------------------------- */

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
        || c == '.' || (unsigned char)c >= 0x80;
}

bool word_comparison(const Word *w, Comparison *out)
{
    Str t = w->text;
    size_t i = 0;
    while (i < t.n && is_name_byte(t.s[i]) && !word_quoted_at(w, i))
        i++;
    if (i == 0 || i == t.n || word_quoted_at(w, i))
        return false;
    size_t n = 0;
    char c = t.s[i], next = i + 1 < t.n && !word_quoted_at(w, i + 1) ? t.s[i + 1] : '\0';
    if (c == '=' || c == '~')
        n = 1;
    else if (c == '<' || c == '>')
        n = next == '=' ? 2 : 1;
    else if (c == '!' && (next == '=' || next == '~'))
        n = 2;
    else if ((c == '+' || c == '-') && next == '=')
        n = 2;
    else
        return false;
    *out = (Comparison){ str_n(t.s, i), str_n(t.s + i, n), i + n };
    return true;
}

Word word_tail(const Word *w, size_t n, Arena *a)
{
    Word tail = *w;
    tail.text = str_dup(str_n(w->text.s + n, w->text.n - n), a);
    tail.mask = w->mask ? w->mask + n : NULL;
    tail.quoted = tail.text.n && word_quoted_at(&tail, 0);
    return tail;
}

/* ---- types ----------------------------------------------------------------------------------- */

const Type *arg_type_of(const Session *s, const Command *cmd, const Arg *arg)
{
    if (!arg->of)
        return cmd->type;
    return s && s->crm ? schema_type(s->crm->schema, str(arg->of)) : NULL;
}

bool arg_type(const ArgSet *b, const Arg *arg, const Type **out, Error *err)
{
    *out = arg_type_of(b->s, b->cmd, arg);
    for (const Arg *t = b->cmd->args; !*out && !arg->of && t && t->name; t++)
        if (t->kind == ARG_TYPE)
            *out = *(const Type **)((char *)b->args + t->at);
    return *out
        || fail(err, ERR_USAGE, "%s: say which record type before %s", b->cmd->name, arg->name);
}

/* ---- what went wrong ------------------------------------------------------------------------- */

static bool wants(const ArgSet *b, const Arg *arg, const Word *w, const char *what, Error *err)
{
    fail(err, ERR_USAGE, "%s wants %s, not '%.*s'", arg_label(arg, b->arena), what,
         STR_ARG(w->text));
    return fail_at(err, w->at, w->width);
}

/* Keep the message of the layer below, put the argument's name before it, point at the word. */
static bool blame(const ArgSet *b, const Arg *arg, const Word *w, ErrCode code, Error *err)
{
    char msg[sizeof err->msg];
    memcpy(msg, err->msg, sizeof msg);
    Error kept = *err;
    fail(err, code, "%s: %s", arg_label(arg, b->arena), msg);
    memcpy(err->detail, kept.detail, sizeof kept.detail);
    memcpy(err->hint, kept.hint, sizeof kept.hint);
    return fail_at(err, w->at, w->width);
}

/* ---- one converter a kind -------------------------------------------------------------------- */

static const char *text_of(const ArgSet *b, const Word *w)
{
    return str_c(w->text, b->arena);
}

static bool store_int(ArgSet *b, const Arg *arg, const Word *w, void *to, Error *err)
{
    int64_t v;
    if (!str_int(w->text, &v))
        return wants(b, arg, w, "a whole number", err);
    if (v < arg->least)
        return wants(b, arg, w, arena_printf(b->arena, "%lld or more", (long long)arg->least), err);
    *(int64_t *)to = v;
    return true;
}

static bool store_number(ArgSet *b, const Arg *arg, const Word *w, void *to, Error *err)
{
    const char *text = text_of(b, w);
    char *end;
    double v = strtod(text, &end);
    if (end == text || *end || v != v || v - v != 0)
        return wants(b, arg, w, "a number", err);
    if (v < (double)arg->least)
        return wants(b, arg, w, arena_printf(b->arena, "%lld or more", (long long)arg->least), err);
    *(double *)to = v;
    return true;
}

static bool store_flag(ArgSet *b, const Arg *arg, const Word *w, void *to, Error *err)
{
    bool yes = str_is(w->text, "yes") || str_is(w->text, "true") || str_is(w->text, "1");
    bool no = str_is(w->text, "no") || str_is(w->text, "false") || str_is(w->text, "0");
    if (!yes && !no)
        return wants(b, arg, w, "yes or no", err);
    *(bool *)to = yes;
    return true;
}

static bool store_choice(ArgSet *b, const Arg *arg, const Word *w, void *to, Error *err)
{
    size_t n = 0;
    Buf all = { .max = 400 };
    for (; arg->choices[n]; n++) {
        if (str_is(w->text, arg->choices[n])) {
            *(const char **)to = arg->choices[n];
            buf_release(&all);
            return true;
        }
        buf_printf(&all, "%s%s", n ? ", " : "", arg->choices[n]);
    }
    const char *near = str_nearest(w->text, arg->choices, n);
    fail(err, ERR_USAGE, "%s cannot be '%.*s'", arg_label(arg, b->arena), STR_ARG(w->text));
    fail_at(err, w->at, w->width);
    if (near)
        fail_hint(err, "did you mean '%s'? It is one of: %s", near, all.s);
    else
        fail_hint(err, "one of: %s", all.s);
    buf_release(&all);
    return false;
}

static bool store_time(ArgSet *b, const Arg *arg, const Word *w, void *to, Error *err)
{
    Moment m;
    if (!moment_parse(w->text, b->s->crm->zone, crm_now(b->s->crm), &m, err))
        return blame(b, arg, w, ERR_USAGE, err);
    *(int64_t *)to = m.from;
    return true;
}

static bool store_duration(ArgSet *b, const Arg *arg, const Word *w, void *to, Error *err)
{
    if (!duration_parse(w->text, to, err))
        return blame(b, arg, w, ERR_USAGE, err);
    return true;
}

static bool store_type(ArgSet *b, const Arg *arg, const Word *w, void *to, Error *err)
{
    const Schema *schema = b->s->crm->schema;
    const Type *t = schema_type(schema, w->text);
    if (!t) {
        const Type *near = schema_type_near(schema, w->text);
        fail(err, ERR_USAGE, "%s: there is no record type '%.*s'", arg_label(arg, b->arena),
             STR_ARG(w->text));
        if (near)
            fail_hint(err, "did you mean '%s'?", near->name);
        else
            fail_hint(err, "`type list` shows them");
        return fail_at(err, w->at, w->width);
    }
    *(const Type **)to = t;
    return true;
}

static bool store_field(ArgSet *b, const Arg *arg, const Word *w, void *to, Error *err)
{
    const Type *t;
    if (!arg_type(b, arg, &t, err) || !type_field_get(t, w->text, to, err))
        return fail_at(err, w->at, w->width);
    return true;
}

static bool store_record(ArgSet *b, const Arg *arg, const Word *w, void *to, Error *err)
{
    const Type *t;
    if (!arg_type(b, arg, &t, err) || !record_find(b->s->crm, t, w->text, to, err))
        return fail_at(err, w->at, w->width);
    return true;
}

/* ---- targets --------------------------------------------------------------------------------- */

static bool is_id_list(const Word *w)
{
    for (size_t i = 0; i < w->text.n; i++)
        if ((w->text.s[i] < '0' || w->text.s[i] > '9') && w->text.s[i] != ','
            && w->text.s[i] != '-')
            return false;
    return w->text.n && w->text.s[0] >= '0' && w->text.s[0] <= '9';
}

/* "7" or "7-9". */
static bool id_range(Str part, int64_t *from, int64_t *to)
{
    const char *dash = memchr(part.s, '-', part.n);
    if (!dash) {
        bool ok = str_int(part, from);
        *to = *from;
        return ok && *from > 0;
    }
    size_t n = (size_t)(dash - part.s);
    return str_int(str_n(part.s, n), from) && str_int(str_n(dash + 1, part.n - n - 1), to)
        && *from > 0 && *to >= *from;
}

static bool next_part(Str *rest, Str *part)
{
    if (!rest->s)
        return false;
    const char *comma = memchr(rest->s, ',', rest->n);
    size_t n = comma ? (size_t)(comma - rest->s) : rest->n;
    *part = str_n(rest->s, n);
    *rest = comma ? str_n(comma + 1, rest->n - n - 1) : (Str){ 0 };
    return true;
}

static bool target_list(ArgSet *b, const Arg *arg, const Word *w, Target *t, Error *err)
{
    int64_t from, to, count = 0;
    Str part;
    for (Str rest = w->text; next_part(&rest, &part);) {
        if (!id_range(part, &from, &to))
            return wants(b, arg, w, "ids such as 7 or 4,7-9", err);
        if (to - from >= TARGET_MOST || (count += to - from + 1) > TARGET_MOST) {
            fail(err, ERR_USAGE, "%.*s are more ids than can be listed", STR_ARG(w->text));
            fail_hint(err, "name them by a filter: --where 'id>=%lld and id<=%lld'",
                      (long long)from, (long long)to);
            return fail_at(err, w->at, w->width);
        }
    }
    t->ids = ARENA_ARRAY(b->arena, int64_t, count);
    t->n = 0;
    for (Str rest = w->text; next_part(&rest, &part);) {
        id_range(part, &from, &to);
        for (int64_t i = 0; i <= to - from; i++)
            t->ids[t->n++] = from + i;
    }
    return true;
}

static bool store_target(ArgSet *b, const Arg *arg, const Word *w, void *to, Error *err)
{
    Target *target = to;
    const Type *t;
    Comparison cmp;
    if (!arg_type(b, arg, &t, err))
        return fail_at(err, w->at, w->width);
    if (target->where) {
        fail(err, ERR_USAGE, "both '%.*s' and --where name the %s", STR_ARG(w->text), t->plural);
        return fail_at(err, w->at, w->width);
    }
    target->given = true;
    if (is_id_list(w) && !w->quoted)
        return target_list(b, arg, w, target, err);
    if (word_comparison(w, &cmp)) {
        wants(b, arg, w, "ids", err);
        return fail_hint(err, "name %s by a filter: --where '%.*s'", t->plural, STR_ARG(w->text));
    }
    if (!t->handle) {
        wants(b, arg, w, "ids", err);
        return fail_hint(err, "%s are named by 7 or 4,7-9, or --where EXPR; "
                              "`%s find %.*s` shows ids", t->plural, t->name, STR_ARG(w->text));
    }
    target->ids = ARENA_NEW(b->arena, int64_t);
    target->n = 1;
    if (!record_find(b->s->crm, t, w->text, target->ids, err))
        return fail_at(err, w->at, w->width);
    return true;
}

/* ---- the remaining words --------------------------------------------------------------------- */

/* Room for one more in an array that grows by doubling in the arena. */
static void *one_more(Arena *a, void *old, int n, size_t size)
{
    if (n & (n - 1))
        return old;
    void *to = arena_alloc(a, size * (size_t)(n ? 2 * n : 1));
    if (n)
        memcpy(to, old, size * (size_t)n);
    return to;
}

const char *assign_first(const Command *cmd, const Arg *arg)
{
    return arg->flags & ARG_FIRST_ALONE && cmd->type ? type_first(cmd->type) : NULL;
}

static bool not_assigned(const ArgSet *b, const Arg *arg, const Word *w, const Assigns *to,
                         Error *err)
{
    const Type *t = b->cmd->type;
    fail(err, ERR_USAGE, "'%.*s' is not FIELD=VALUE", STR_ARG(w->text));
    if (to->n == 0 && arg->flags & ARG_FIRST_ALONE && t && type_field(t, STR("name")))
        fail_hint(err, "is it the name? %s name=%s", b->cmd->name, lex_quote(w->text, b->arena));
    else
        fail_hint(err, "assignments are written field=value, field+=value or field-=value; quote a "
                       "value that holds blanks: name='王 芳'");
    return fail_at(err, w->at, w->width);
}

static bool store_assign(ArgSet *b, const Arg *arg, const Word *w, Assigns *to, Error *err)
{
    Comparison cmp;
    FieldOp op = FIELD_SET;
    bool found = word_comparison(w, &cmp);
    const char *first = assign_first(b->cmd, arg);
    if (!found && first && to->n == 0)
        cmp = (Comparison){ .field = str(first), .op = STR("="), .value = 0 }, found = true;
    if (found && cmp.op.n == 2 && (cmp.op.s[0] == '+' || cmp.op.s[0] == '-'))
        op = cmp.op.s[0] == '+' ? FIELD_ADD : FIELD_REMOVE;
    else if (!found || !str_is(cmp.op, "="))
        return not_assigned(b, arg, w, to, err);
    Word value = word_tail(w, cmp.value, b->arena);
    to->a = one_more(b->arena, to->a, to->n, sizeof *to->a);
    to->a[to->n++] = (Assign){ str_dup(cmp.field, b->arena), op, value.text, w->at, w->width };
    return true;
}

static void store_text_more(ArgSet *b, const Word *w, Texts *to)
{
    to->s = one_more(b->arena, to->s, to->n, sizeof *to->s);
    to->s[to->n++] = text_of(b, w);
}

static void store_filter(ArgSet *b, const Word *w, FilterArg *to)
{
    Word *more = one_more(b->arena, (Word *)to->w, to->n, sizeof *more);
    more[to->n++] = *w;
    to->w = more;
}

bool arg_store(ArgSet *b, const Arg *arg, const Word *w, Error *err)
{
    void *to = (char *)b->args + arg->at;
    switch (arg->kind) {
    case ARG_TEXT:
    case ARG_FILE:
        *(const char **)to = text_of(b, w);
        return true;
    case ARG_INT: return store_int(b, arg, w, to, err);
    case ARG_NUMBER: return store_number(b, arg, w, to, err);
    case ARG_FLAG: return store_flag(b, arg, w, to, err);
    case ARG_CHOICE: return store_choice(b, arg, w, to, err);
    case ARG_DURATION: return store_duration(b, arg, w, to, err);
    case ARG_TIME: return store_time(b, arg, w, to, err);
    case ARG_TYPE: return store_type(b, arg, w, to, err);
    case ARG_FIELD: return store_field(b, arg, w, to, err);
    case ARG_RECORD: return store_record(b, arg, w, to, err);
    case ARG_TARGET: return store_target(b, arg, w, to, err);
    case ARG_ASSIGN: return store_assign(b, arg, w, to, err);
    case ARG_FILTER:
        store_filter(b, w, to);
        return true;
    case ARG_WORDS:
    case ARG_LIST:
        store_text_more(b, w, to);
        return true;
    }
    return false;
}
