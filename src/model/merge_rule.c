/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * merge_rule.c -- whose value wins when records become one.
 */
#include <stdlib.h>

#include "model/merge_inside.h"
#include "model/schema.h"

enum { STAGE_POSITION, SQL_COUNT };
static const Sql sql[] = {
    [STAGE_POSITION] = { "SELECT position FROM stage WHERE id = ?1", SQL_HOT },
};
const SqlTable merge_rule_sql = { "merge_rule", sql, SQL_COUNT };

/* ---- rules as typed -------------------------------------------------------------------------- */

static bool how_parse(Str s, MergeRule *out)
{
    static const char *const names[] = { "keep", "newest", "oldest", "least", "most", "sum",
                                         "join" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(s, names[i])) {
            out->how = (MergeHow)i;
            return true;
        }
    out->how = MERGE_RECORD;
    return str_int(s, &out->record) && out->record > 0;
}

static bool rule_parse(const Type *t, Str field, Str how, MergeRule *out, Error *err)
{
    const Field *f;
    if (!type_field_get(t, field, &f, err))
        return false;
    *out = (MergeRule){ .type = str(t->name), .field = str(f->name) };
    if (f->flags & FIELD_CONSENT) {
        fail(err, ERR_USAGE, "%s has no rule: what was refused stays refused", f->name);
        return fail_hint(err, "%s set ID %s=... afterwards", t->name, f->name);
    }
    if (how_parse(how, out))
        return true;
    const Field *with = type_field(t, how);
    if (with && with != f) {
        out->how = MERGE_WITH;
        out->with = str(with->name);
        return true;
    }
    fail(err, ERR_USAGE, "%s: no rule '%.*s'", f->name, STR_ARG(how));
    return fail_hint(err, "keep, newest, oldest, least, most, sum, join, an id or a field");
}

static void put_first(MergeRules *rules, MergeRule one, Arena *a)
{
    MergeRule *more = ARENA_ARRAY(a, MergeRule, rules->n + 1);
    more[0] = one;
    if (rules->n)
        memcpy(more + 1, rules->rule, sizeof *more * (size_t)rules->n);
    rules->rule = more;
    rules->n++;
}

bool merge_rule_add(Crm *crm, const Type *t, Str field, Str how, Arena *a, MergeRules *rules,
                    Error *err)
{
    MergeRule one;
    (void)crm;
    if (!rule_parse(t, field, how, &one, err))
        return false;
    put_first(rules, one, a);
    return true;
}

bool merge_default(Str how, MergeRule *out, Error *err)
{
    *out = (MergeRule){ .how = MERGE_KEEP };
    if (!how.n || (how_parse(how, out) && (out->how <= MERGE_OLDEST || out->how == MERGE_RECORD)))
        return true;
    fail(err, ERR_USAGE, "--keep: no rule '%.*s'", STR_ARG(how));
    return fail_hint(err, "newest, oldest, or the id of the record whose values win");
}

bool merge_rules(Crm *crm, const char *text, Arena *a, MergeRules *out, Error *err)
{
    const char *const *one = choices_split(str(text ? text : MERGE_RULES), a);
    *out = (MergeRules){ 0 };
    for (; *one; one++) {
        const char *dot = strchr(*one, '.'), *is = dot ? strchr(dot, '=') : NULL;
        const Type *t = is ? schema_type(crm->schema, str_n(*one, (size_t)(dot - *one))) : NULL;
        if (!t) {
            fail(err, ERR_INVALID, "not a rule: '%s'", *one);
            return fail_hint(err, "type.field=rule, for example customer.note=join");
        }
        if (!merge_rule_add(crm, t, str_trim(str_n(dot + 1, (size_t)(is - dot - 1))),
                            str_trim(str(is + 1)), a, out, err))
            return false;
    }
    return true;
}

/* ---- the winner ------------------------------------------------------------------------------ */

typedef struct Choice {
    Crm *crm;
    const MergeRules *rules;
    const MergeRule *fallback;
    Record *const *r;
    int n;
    Arena *a;
} Choice;

static Value value_of(const Choice *c, int i, const Field *f)
{
    return c->r[i]->v[f->index];
}

/* Where a value stands among those of its field. */
static bool rank_of(const Choice *c, const Field *f, Value v, double *out, Error *err)
{
    Query *q = NULL;
    *out = v.type == VALUE_REAL ? v.r : v.type == VALUE_INT ? (double)v.i : 0;
    if (v.type == VALUE_TEXT && f->choices)
        for (int i = 0; f->choices[i]; i++)
            if (str_is(v.s, f->choices[i]))
                *out = i;
    if (f->kind != KIND_REF || strcmp(f->ref, "stage") != 0)
        return true;
    if (!query_open(c->crm->store, &sql[STAGE_POSITION], &q, err))
        return false;
    query_int(q, 1, v.i);
    bool ok = query_one(q, err);
    *out = ok ? query_col_real(q, 0) : 0;
    query_close(q);
    return ok;
}

static bool is_less(const Choice *c, const Field *f, Value x, Value y, bool *less, Error *err)
{
    double a, b;
    if (x.type == VALUE_TEXT && y.type == VALUE_TEXT && !f->choices) {
        *less = str_order(x.s, y.s) < 0;
        return true;
    }
    if (!rank_of(c, f, x, &a, err) || !rank_of(c, f, y, &b, err))
        return false;
    *less = a < b;
    return true;
}

/* Whether record i beats the best so far; neither is empty. */
static bool beats(const Choice *c, const MergeRule *rule, const Field *f, int i, int best,
                  bool *yes, Error *err)
{
    *yes = false;
    switch (rule->how) {
    case MERGE_NEWEST:
        *yes = c->r[i]->id > c->r[best]->id;
        return true;
    case MERGE_OLDEST:
        *yes = c->r[i]->id < c->r[best]->id;
        return true;
    case MERGE_RECORD:
        *yes = c->r[i]->id == rule->record;
        return true;
    case MERGE_LEAST:
        return is_less(c, f, value_of(c, i, f), value_of(c, best, f), yes, err);
    case MERGE_MOST:
        return is_less(c, f, value_of(c, best, f), value_of(c, i, f), yes, err);
    default:
        return true;
    }
}

static Value sum_of(const Choice *c, const Field *f)
{
    int64_t sum = 0;
    for (int i = 0; i < c->n; i++)
        sum += value_of(c, i, f).type == VALUE_INT ? value_of(c, i, f).i : 0;
    return value_int(sum);
}

/* Each text once, a line each. */
static Value join_of(const Choice *c, const Field *f)
{
    Buf b = { 0 };
    for (int i = 0; i < c->n; i++) {
        Value v = value_of(c, i, f);
        bool there = v.type != VALUE_TEXT;
        for (int k = 0; k < i && !there; k++)
            there = value_eq(v, value_of(c, k, f));
        if (there)
            continue;
        if (b.n)
            buf_char(&b, '\n');
        buf_str(&b, v.s);
    }
    Value out = value_text(str_dup(buf_as_str(&b), c->a));
    buf_release(&b);
    return out;
}

static const MergeRule *rule_of(const Choice *c, const Field *f)
{
    static const MergeRule refused = { .how = MERGE_MOST };
    if (f->flags & FIELD_CONSENT)
        return &refused;
    for (int i = 0; i < c->rules->n; i++)
        if (str_is(c->rules->rule[i].type, c->r[0]->type->name)
            && str_is(c->rules->rule[i].field, f->name))
            return &c->rules->rule[i];
    return c->fallback;
}

/* How many records have a value, and different ones. */
static void survey(const Choice *c, const Field *f, int *first, bool *differ)
{
    *first = -1;
    *differ = false;
    for (int i = 0; i < c->n; i++) {
        if (value_of(c, i, f).type == VALUE_NULL)
            continue;
        if (*first < 0)
            *first = i;
        *differ = *differ || !value_eq(value_of(c, i, f), value_of(c, *first, f));
    }
}

static bool choose(const Choice *c, const Field *f, int depth, int *winner, Value *made, Error *err)
{
    const MergeRule *rule = rule_of(c, f);
    bool differ, yes;
    *made = value_null();
    if (rule->how == MERGE_WITH && depth < 4) {
        const Field *with = type_field(c->r[0]->type, rule->with);
        return with && choose(c, with, depth + 1, winner, made, err);
    }
    *winner = 0;
    if (f->flags & FIELD_READONLY && rule == c->fallback)
        return true;
    survey(c, f, winner, &differ);
    if (*winner < 0)
        *winner = 0;
    if (rule->how == MERGE_SUM || (rule->how == MERGE_JOIN && differ)) {
        *made = rule->how == MERGE_SUM ? sum_of(c, f) : join_of(c, f);
        *winner = -1;
        return true;
    }
    for (int i = *winner + 1; i < c->n && differ; i++) {
        if (value_of(c, i, f).type == VALUE_NULL)
            continue;
        if (!beats(c, rule, f, i, *winner, &yes, err))
            return false;
        if (yes)
            *winner = i;
    }
    return true;
}

bool merge_choose(Crm *crm, const MergeRules *rules, const MergeRule *fallback, const Field *f,
                  Record *const *r, int n, Arena *a, int *winner, Value *made, Error *err)
{
    Choice c = { crm, rules, fallback, r, n, a };
    return choose(&c, f, 0, winner, made, err);
}
