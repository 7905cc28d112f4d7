/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_dup.c -- dup find: which records are probably the same; dup merge: make them one.
 */
#include <inttypes.h>
#include <math.h>

#include "cmd/consent.h"
#include "model/dup.h"
#include "model/merge.h"

enum { DUP_MERGED = 100 };             /* records that one command line may name */

typedef struct FindArgs {
    FilterArg filter;
    const char *key;
    const Type *type;
    int64_t limit;
} FindArgs;

static const Column find_columns[] = {
    { "id", KIND_INT, 0 }, { "other", KIND_INT, 0 }, { "score", KIND_NUMBER, 0 },
    { "key", KIND_TEXT, 0 }, { "name", KIND_TEXT, COLUMN_FOLD },
    { "other_name", KIND_TEXT, COLUMN_FOLD }, { 0 }
};

static const Type *type_of(const Call *c, const Type *given)
{
    return given ? given : schema_type(c->crm->schema, STR("customer"));
}

/* "phone, name~0.9": the alternatives that agree. */
static const char *keys_text(const DupKey *key, uint32_t agree, Arena *a)
{
    const char *text = "";
    for (int i = 0; i < key->n; i++)
        if (agree >> i & 1)
            text = *text ? arena_printf(a, "%s, %s", text, key->alt[i].text) : key->alt[i].text;
    return text;
}

static bool put_pair(const Call *c, const Type *t, const DupKey *key, const DupPair *p, Error *err)
{
    Arena a = { 0 };                     /* not the command's: the sink keeps its rows there */
    const char *name = record_label(c->crm, t, p->id, &a);
    const char *other = record_label(c->crm, t, p->other, &a);
    const Value v[] = {
        value_int(p->id),
        value_int(p->other),
        value_real(round(p->score * 1000) / 1000),
        value_cstr(keys_text(key, p->keys, &a)),
        *name ? value_cstr(name) : value_null(),
        *other ? value_cstr(other) : value_null(),
    };
    bool ok = out_row(c->out, v, err);
    arena_release(&a);
    return ok;
}

static bool put_pairs(const Call *c, const Type *t, const DupKey *key, const DupPairs *p,
                      int64_t limit, Error *err)
{
    bool ok = out_begin(c->out, find_columns, -1, err);
    for (int64_t i = 0; ok && i < p->n && (!limit || i < limit); i++)
        ok = put_pair(c, t, key, &p->pair[i], err);
    if (ok && limit && p->n > limit)
        ui_note(c->ui, "%" PRId64 " pairs, the first %" PRId64 " shown; --limit 0 for all", p->n,
                limit);
    else if (ok)
        ui_note(c->ui, "%" PRId64 " pair%s", p->n, p->n == 1 ? "" : "s");
    if (ok && p->wide)
        ui_note(c->ui, "  %" PRId64 " times very many share a spelling; there only neighbours were "
                "compared", p->wide);
    return ok;
}

static bool find_run(const Call *c, Error *err)
{
    const FindArgs *a = c->args;
    const Type *t = type_of(c, a->type);
    DupTalk talk = { c->ui, ui_progress, ui_interrupted };
    DupKey key;
    DupPairs pairs;
    Filter filter;
    if (!dup_key(c->crm, t, a->key, c->arena, &key, err)
        || !filter_arg(c, t, &a->filter, &filter, err)
        || !dup_search(c->crm, t, &key, &filter, &talk, &pairs, err))
        return false;
    bool ok = put_pairs(c, t, &key, &pairs, a->limit, err);
    dup_pairs_release(&pairs);
    return ok;
}

static const Command dup_find = {
    .name = "dup find",
    .summary = "Find records that are probably the same",
    .detail = "--key a,b takes either, a+b takes both together; a~0.9 is a likeness of nine "
              "letters in ten, whatever the case, width, accents and order of words, and without "
              "words that do not tell such as Ltd or 有限公司 (setting dup.words). phone and email "
              "stand for all numbers and addresses of a record. Without --key the setting dup.key "
              "says what counts. Of n equal records n - 1 pairs are shown, each with the oldest.",
    .args = (const Arg[]){
        { "filter", ARG_FILTER, ARG_OPTIONAL, "only among records for which it holds",
          AT(FindArgs, filter), .of = "customer" },
        { "--key", ARG_TEXT, ARG_OPTIONAL, "what makes two the same", AT(FindArgs, key),
          .value = "a,b~0.9,c+d" },
        { "--type", ARG_TYPE, ARG_OPTIONAL, "among these records; else customers",
          AT(FindArgs, type) },
        { "--limit", ARG_INT, ARG_OPTIONAL, "at most this many pairs; 0 for all",
          AT(FindArgs, limit), .fallback = "100" },
        { 0 } },
    .args_size = sizeof(FindArgs),
    .columns = find_columns,
    .examples = (const Example[]){
        { "dup find", "customers, by what the setting dup.key says" },
        { "dup find --key phone,name~0.9", "by a common number, or names that are alike" },
        { "dup find city=上海 --key name~0.85+address~0.8 --csv", "only in one city, for a file" },
        { "dup find --type person --key customer+name~0.8", "people, within each customer" },
        { 0 } },
    .run = find_run,
};

/* ---- merge ----------------------------------------------------------------------------------- */

typedef struct MergeArgs {
    Texts words;
    const Type *type;
    const char *keep, *key, *where;
    bool all;
    int64_t most;
} MergeArgs;

static const Column merge_columns[] = {
    { "type", KIND_TEXT, 0 }, { "record", KIND_INT, 0 }, { "kept", KIND_INT, 0 },
    { "field", KIND_TEXT, 0 },
    { "won", KIND_TEXT, COLUMN_FOLD }, { "winner", KIND_INT, 0 },
    { "lost", KIND_TEXT, COLUMN_FOLD }, { 0 }
};

typedef struct MergeRun {
    const Call *c;
    Merge merge;
    MergeRules rules;
    MergeRefs refs;
    MergeReport report;
    Error *err;
    bool ok;
} MergeRun;

static void merge_row(void *ctx, const MergeField *f)
{
    MergeRun *r = ctx;
    const Value v[] = { value_cstr(f->type), value_int(f->record), value_int(f->kept),
                        value_cstr(f->field), f->won,
                        f->winner ? value_int(f->winner) : value_null(), f->lost };
    r->ok = r->ok && out_row(r->c->out, v, r->err);
}

/* "4", "4,17" and "field=rule" in any order. */
static bool merge_word(MergeRun *r, const Type *t, Str word, int64_t *ids, int *n, Error *err)
{
    const char *is = memchr(word.s, '=', word.n);
    if (is)
        return merge_rule_add(r->c->crm, t, str_n(word.s, (size_t)(is - word.s)),
                              str_n(is + 1, word.n - (size_t)(is - word.s) - 1), r->c->arena,
                              &r->rules, err);
    while (word.n) {
        const char *comma = memchr(word.s, ',', word.n);
        Str one = comma ? str_n(word.s, (size_t)(comma - word.s)) : word;
        if (*n > DUP_MERGED)
            return fail(err, ERR_USAGE, "at most %d records at once", DUP_MERGED);
        if (!record_find(r->c->crm, t, one, &ids[(*n)++], err))
            return false;
        word = comma ? str_n(comma + 1, word.n - one.n - 1) : (Str){ "", 0 };
    }
    return true;
}

/* "3 people"; rows of a side table without a type (customer_tag) by what is behind its owner. */
static const char *counted(const MergeRun *r, const char *table, int64_t n)
{
    int types;
    const Type *const *t = schema_types(r->c->crm->schema, &types);
    for (int i = 0; i < types; i++)
        if (strcmp(t[i]->table, table) == 0)
            return arena_printf(r->c->arena, "%" PRId64 " %s", n, n == 1 ? t[i]->name
                                                                         : t[i]->plural);
    const char *behind = strrchr(table, '_');
    return arena_printf(r->c->arena, "%" PRId64 " %s%s", n, behind ? behind + 1 : table,
                        n == 1 ? "" : "s");
}

/* "17 merged into 4; 2 fields taken, 5 contacts moved; 1 tag there twice". */
static void tell_merged(const MergeRun *r, const char *what)
{
    Buf moved = { 0 }, twice = { 0 };
    const MergeReport *p = &r->report;
    for (int i = 0; i < p->counts; i++) {
        const MergeCount *n = &p->count[i];
        if (n->moved)
            buf_printf(&moved, ", %s", counted(r, n->table, n->moved));
        if (n->doubled)
            buf_printf(&twice, "%s%s", twice.n ? ", " : "; ", counted(r, n->table, n->doubled));
    }
    ui_note(r->c->ui, "%s; %" PRId64 " field%s taken%s%s%s%s", what, p->taken,
            p->taken == 1 ? "" : "s", moved.n ? moved.s : "", moved.n ? " moved" : "",
            twice.n ? twice.s : "", twice.n ? " there twice" : "");
    ui_note(r->c->ui, "  undo brings all of them back");
    buf_release(&moved);
    buf_release(&twice);
}

static bool merge_some(MergeRun *r, const MergeArgs *a, Error *err)
{
    int64_t ids[DUP_MERGED + 2];
    int n = 0;
    Buf what = { 0 };
    for (int i = 0; i < a->words.n; i++)
        if (!merge_word(r, r->merge.type, str(a->words.s[i]), ids, &n, err))
            return false;
    if (n < 2) {
        fail(err, ERR_USAGE, "say which record stays and which become one with it");
        return fail_hint(err, "dup merge 4 17, or dup merge --all --key phone");
    }
    r->merge.keep = ids[0];
    r->merge.others = ids + 1;
    r->merge.n = n - 1;
    if (n - 1 > CONSENT_ABOVE
        && !consent_ask(r->c, arena_printf(r->c->arena, "dup merge: %d %s into %" PRId64, n - 1,
                                           r->merge.type->plural, ids[0]), NULL, err))
        return false;
    if (!merge_records(r->c->crm, &r->merge, r->c->arena, &r->report, err) || !r->ok)
        return false;
    for (int i = 1; i < n; i++)
        buf_printf(&what, "%s%" PRId64, i > 1 ? ", " : "", ids[i]);
    buf_printf(&what, " merged into %" PRId64, ids[0]);
    tell_merged(r, what.s);
    buf_release(&what);
    return true;
}

/* Groups of at least two and at most `most`: how many of them, and how many records go. */
typedef struct Groups { int64_t n, gone, large, large_first; } Groups;

static int64_t group_end(const DupGroups *g, int64_t at)
{
    int64_t end = at;
    while (end < g->n && g->first[end] == g->first[at])
        end++;
    return end;
}

static Groups groups_count(const DupGroups *g, int64_t most)
{
    Groups out = { 0 };
    for (int64_t at = 0, end; at < g->n; at = end) {
        end = group_end(g, at);
        if (end - at > most) {
            out.large_first = out.large++ ? out.large_first : g->first[at];
            continue;
        }
        out.n++;
        out.gone += end - at - 1;
    }
    return out;
}

static bool merge_groups(MergeRun *r, const DupGroups *g, int64_t most, Error *err)
{
    bool ok = true;
    for (int64_t at = 0, end; ok && at < g->n; at = end) {
        Arena a = { 0 };
        end = group_end(g, at);
        if (end - at > most)
            continue;
        if (ui_interrupted(r->c->ui))
            return fail(err, ERR_INTERRUPTED, "interrupted: nothing was merged");
        r->merge.keep = g->id[at];
        r->merge.others = g->id + at + 1;
        r->merge.n = (int)(end - at - 1);
        ok = merge_records(r->c->crm, &r->merge, &a, &r->report, err) && r->ok;
        arena_release(&a);
    }
    return ok;
}

static bool merge_found(MergeRun *r, const MergeArgs *a, const DupPairs *p, Error *err)
{
    const Call *c = r->c;
    DupGroups g;
    dup_groups(p, &g);
    Groups n = groups_count(&g, a->most);
    const char *plural = r->merge.type->plural;
    bool ok = n.gone <= CONSENT_ABOVE
        || consent_ask(c, arena_printf(c->arena, "dup merge: %" PRId64 " %s into %" PRId64
                                       " others", n.gone, plural, n.n), NULL, err);
    ok = ok && merge_groups(r, &g, a->most, err);
    if (ok)
        tell_merged(r, arena_printf(c->arena, "%" PRId64 " %s merged into %" PRId64, n.gone,
                                    n.gone == 1 ? r->merge.type->name : plural, n.n));
    if (ok && n.large)
        ui_note(c->ui, "  %" PRId64 " group%s of more than %" PRId64 " left alone, the first with "
                "%s %" PRId64 "; --most takes larger ones", n.large, n.large == 1 ? "" : "s",
                a->most, r->merge.type->name, n.large_first);
    dup_groups_release(&g);
    return ok;
}

static bool merge_all(MergeRun *r, const MergeArgs *a, Error *err)
{
    const Call *c = r->c;
    DupTalk talk = { c->ui, ui_progress, ui_interrupted };
    const Type *t = r->merge.type;
    int64_t none[DUP_MERGED + 2];
    DupKey key;
    DupPairs pairs;
    Filter filter = { .sql = "1", .text = "" };
    int n = 0;
    for (int i = 0; i < a->words.n; i++)
        if (!merge_word(r, t, str(a->words.s[i]), none, &n, err))
            return false;
    if (n || !a->key) {
        fail(err, ERR_USAGE, "--all wants a --key instead of records");
        return fail_hint(err, "dup merge --all --key phone,email --dry-run");
    }
    if (!dup_key(c->crm, t, a->key, c->arena, &key, err)
        || (a->where && !filter_text(c->crm, t, str(a->where), c->arena, &filter, err)))
        return false;
    for (int i = 0; i < key.n; i++)
        if (!key.alt[i].exact) {
            fail(err, ERR_USAGE, "--all merges what is equal, and %s is likeness",
                 key.alt[i].text);
            return fail_hint(err, "dup find --key '%s' shows them, dup merge takes one by one",
                             key.alt[i].text);
        }
    if (!dup_search(c->crm, t, &key, &filter, &talk, &pairs, err))
        return false;
    bool ok = merge_found(r, a, &pairs, err);
    dup_pairs_release(&pairs);
    return ok;
}

static bool merge_run(const Call *c, Error *err)
{
    const MergeArgs *a = c->args;
    MergeRun r = { .c = c, .err = err, .ok = true };
    r.merge = (Merge){ .type = type_of(c, a->type), .rules = &r.rules, .refs = &r.refs };
    r.report = (MergeReport){ .field = merge_row, .ctx = &r };
    return merge_default(str(a->keep ? a->keep : ""), &r.merge.fallback, err)
        && merge_rules(c->crm, setting_get(c->crm, "dup.rules", c->arena), c->arena, &r.rules, err)
        && merge_refs(c->crm, c->arena, &r.refs, err)
        && out_begin(c->out, merge_columns, -1, err)
        && (a->all ? merge_all(&r, a, err) : merge_some(&r, a, err));
}

static const Command dup_merge = {
    .name = "dup merge",
    .summary = "Make one record of several that are the same",
    .detail = "The first record stays, the others go; their numbers, people, tasks, calls, entries "
              "of lists and whatever else refers to them go to the one that stays, and what is "
              "then there twice becomes one. In each field the value of the one that stays wins, "
              "if it has one, or what --keep says; field=rule says it for one field (keep, newest, "
              "oldest, least, most, sum, join, the id of a record), the setting dup.rules for all "
              "merges. What was refused (dnc) stays refused. The rows are the fields in which they "
              "differed, and what won; merge list shows them later. --all merges all groups that "
              "are equal by --key, each into its oldest record: what is only alike (name~0.9) is "
              "for dup find to show and for you to merge.",
    .args = (const Arg[]){
        { "records", ARG_WORDS, ARG_OPTIONAL, "the id that stays, those that go, and field=rule",
          AT(MergeArgs, words), .value = "KEEP OTHER... field=rule" },
        { "--keep", ARG_TEXT, ARG_OPTIONAL, "whose values win: newest, oldest or an id",
          AT(MergeArgs, keep), .value = "RULE" },
        { "--type", ARG_TYPE, ARG_OPTIONAL, "these are records of that type; else customers",
          AT(MergeArgs, type) },
        { "--all", ARG_FLAG, ARG_OPTIONAL, "all groups that are equal by --key",
          AT(MergeArgs, all) },
        { "--key", ARG_TEXT, ARG_OPTIONAL, "with --all: what makes them the same",
          AT(MergeArgs, key), .value = "a,b+c" },
        { "--among", ARG_TEXT, ARG_OPTIONAL, "with --all: only records for which it holds",
          AT(MergeArgs, where), .value = "FILTER" },
        { "--most", ARG_INT, ARG_OPTIONAL, "with --all: leave larger groups alone",
          AT(MergeArgs, most), .fallback = "5", .least = 2 },
        { 0 } },
    .args_size = sizeof(MergeArgs),
    .columns = merge_columns,
    .examples = (const Example[]){
        { "dup merge 1 2 --keep newest --dry-run", "what would win, and what would move" },
        { "dup merge 1 2 name=2 note=join", "field by field" },
        { "dup merge --all --key phone --dry-run", "who shares a number" },
        { 0 } },
    .flags = COMMAND_WRITES,
    .run = merge_run,
};

const Command *const dup_commands[] = { &dup_find, &dup_merge, NULL };
