/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * generic.c -- the verbs that every type has: add show list count find set delete history.
 * (history, import and export are in cmd_history.c, cmd_import.c and cmd_export.c.)
 */
#include "cmd/generic.h"

#include <inttypes.h>

#include "cmd/overview.h"
#include "model/find.h"
#include "model/schema.h"

static const Type *noun(const Call *c)
{
    return c->cmd->type;
}

/* "customer 7 (王芳)" */
static const char *named(const Call *c, const Type *t, int64_t id)
{
    const char *label = record_label(c->crm, t, id, c->arena);
    return *label ? arena_printf(c->arena, "%s %" PRId64 " (%s)", t->name, id, label)
                  : arena_printf(c->arena, "%s %" PRId64, t->name, id);
}

static bool holds_several(const Field *f)
{
    return f->write && (f->kind == KIND_PHONE || f->kind == KIND_EMAIL || f->kind == KIND_TAGS);
}

/* phone=A phone+=B: one cell that has both. False when the later one would only hide the first. */
static bool join_later(const Call *c, const Type *t, const Assigns *list, int i, Assign *to,
                       Error *err)
{
    const Field *f = type_field(t, to->field);
    for (int k = i + 1; f && k < list->n; k++) {
        const Assign *later = &list->a[k];
        if (type_field(t, later->field) != f)
            continue;
        bool joins = later->op == FIELD_ADD ? to->op != FIELD_REMOVE
                                            : later->op == FIELD_REMOVE && to->op == FIELD_REMOVE;
        if (!joins || !holds_several(f)) {
            fail(err, ERR_USAGE, "%s is given twice", f->name);
            fail_hint(err, "only one would count; change it in two commands");
            return fail_at(err, later->at, later->width);
        }
        to->value = str(arena_printf(c->arena, "%.*s; %.*s", STR_ARG(to->value),
                                     STR_ARG(later->value)));
    }
    return true;
}

static bool is_joined(const Type *t, const Assigns *list, int i)
{
    const Field *f = type_field(t, list->a[i].field);
    for (int k = 0; f && k < i; k++)
        if (type_field(t, list->a[k].field) == f)
            return true;
    return false;
}

static bool put_all(const Call *c, Record *r, const Assigns *list, Error *err)
{
    for (int i = 0; i < list->n; i++) {
        Assign a = list->a[i];
        if (is_joined(r->type, list, i))
            continue;
        if (!join_later(c, r->type, list, i, &a, err))
            return false;
        if (!record_put(c->crm, r, a.field, a.op, a.value, c->arena, err))
            return fail_at(err, a.at, a.width);
    }
    return true;
}

/* ---- add ------------------------------------------------------------------------------------- */

typedef struct AddArgs { Assigns fields; } AddArgs;

static bool add_run(const Call *c, Error *err)
{
    const AddArgs *a = c->args;
    Record *r = record_new(noun(c), c->arena);
    if (a->fields.n == 0) {
        fail(err, ERR_USAGE, "nothing is known of the %s", noun(c)->name);
        return fail_hint(err, "%s add field=value ...", noun(c)->name);
    }
    if (!put_all(c, r, &a->fields, err) || !record_add(c->crm, r, err))
        return false;
    static const Column id[] = { { "id", KIND_INT, COLUMN_SCALAR } };
    ui_note(c->ui, "%s added", named(c, noun(c), r->id));
    return out_receipt(c->out, id, 1, (Value[]){ value_int(r->id) }, err);
}

static const Command generic_add = {
    .name = "add", .summary = "Add a record",
    .detail = "Fields that are not given take their default. Several values of phone, email and "
              "tag are given with +=. The name of a list, the customer of a person and the like "
              "need no FIELD= when they are the first word.",
    .args = (const Arg[]){
        { "field=value", ARG_ASSIGN, ARG_OPTIONAL | ARG_FIRST_ALONE,
          "what is known; help NOUN lists the fields", AT(AddArgs, fields) },
        { 0 } },
    .examples = (const Example[]){
        { "{noun} add {sample}", "one more" },
        { 0 } },
    .args_size = sizeof(AddArgs), .flags = COMMAND_WRITES, .run = add_run,
};

/* ---- show ------------------------------------------------------------------------------------ */

typedef struct ShowArgs { Target target; Texts fields; } ShowArgs;

static bool all_fields(const Type *t, Arena *a, bool listed, const Field *const **out, int *n)
{
    const Field **list = ARENA_ARRAY(a, const Field *, t->n);
    int k = 0;
    for (int i = 1; i < t->n; i++)
        if (listed ? t->fields[i].flags & FIELD_LISTED : !(t->fields[i].flags & FIELD_HIDDEN))
            list[k++] = &t->fields[i];
    *out = list;
    *n = k;
    return true;
}

static bool named_fields(const Type *t, const Texts *names, Arena *a, const Field *const **out,
                         int *n,
                         Error *err)
{
    const Field **list = ARENA_ARRAY(a, const Field *, t->n + names->n);
    int k = 0;
    for (int i = 0; i < names->n; i++) {
        const Field *f;
        if (!type_field_get(t, str(names->s[i]), &f, err))
            return false;
        if (f->index > 0)
            list[k++] = f;
    }
    *out = list;
    *n = k;
    return true;
}

/* The columns of some fields. With sections, empty ones are left out, or the sections nested. */
static bool rows_begin(const Call *c, const Field *const *f, int n, bool sections, Error *err)
{
    Column *cols = ARENA_ARRAY(c->arena, Column, n + 2);
    cols[0] = (Column){ "id", KIND_INT, 0 };
    for (int i = 0; i < n; i++) {
        unsigned flags = f[i]->kind == KIND_TEXT || f[i]->kind == KIND_TAGS ? COLUMN_FOLD : 0;
        flags |= sections ? COLUMN_SPARE : 0;
        cols[i + 1] = (Column){ f[i]->name, field_shown_kind(c->crm->schema, f[i]), flags };
    }
    bool nested = sections && c->out->nests;
    if (nested)
        cols[n + 1] = (Column){ "sections", KIND_TEXT, COLUMN_JSON };
    return out_begin(c->out, cols, n + 1 + nested, err);
}

/* Print the rows of a Select and close it: at most `most` (0: all); *rows counts those
 * that there were, printed or not. */
static bool rows_from(const Call *c, Query *q, int fields, int64_t most, int64_t *rows, Error *err)
{
    int more;
    Value *v = ARENA_ARRAY(c->arena, Value, fields + 1);
    while ((more = query_next(q, err)) > 0) {
        ++*rows;
        for (int i = 0; i <= fields; i++)
            v[i] = query_col(q, i);
        if ((!most || *rows <= most) && !out_row(c->out, v, err)) {
            more = -1;
            break;
        }
    }
    query_close(q);
    return more == 0;
}

static bool rows_put(const Call *c, const Select *s, int64_t *rows, Error *err)
{
    Query *q;
    return select_open(c->crm, s, c->arena, &q, err) && rows_from(c, q, s->n, 0, rows, err);
}

static Filter id_filter(int64_t id, Arena *a)
{
    Filter f = { .sql = "t.id = ?", .bind = ARENA_NEW(a, Value), .n = 1, .text = "" };
    f.bind[0] = value_int(id);
    return f;
}

/* Each id names a record: asked before the first row is put, so that an error comes alone. */
static bool all_exist(const Call *c, const int64_t *ids, int64_t n, Error *err)
{
    for (int64_t i = 0; i < n; i++) {
        Filter f = id_filter(ids[i], c->arena);
        int64_t found;
        if (!select_count(c->crm, noun(c), &f, &found, err))
            return false;
        if (!found)
            return record_missing(c->crm, noun(c), ids[i], err);
    }
    return true;
}

/* Customers and calls have sections (overview.h), unless fields were named. */
static bool has_sections(const Call *c, const ShowArgs *a)
{
    return overview_has(noun(c)) && a->fields.n == 0 && !c->fields;
}

/* The rows of a Select of one record with its sections as a further, nested value. */
static bool nested_put(const Call *c, const Select *s, int64_t id, Error *err)
{
    Query *q = NULL;
    Buf json = { 0 };
    Value *v = ARENA_ARRAY(c->arena, Value, s->n + 2);
    bool ok = overview_json(c, id, &json, err) && select_open(c->crm, s, c->arena, &q, err)
           && query_one(q, err);
    for (int i = 0; ok && i <= s->n; i++)
        v[i] = query_col(q, i);
    v[s->n + 1] = value_text(buf_as_str(&json));
    ok = ok && out_row(c->out, v, err);
    query_close(q);
    buf_release(&json);
    return ok;
}

static bool show_run(const Call *c, Error *err)
{
    const ShowArgs *a = c->args;
    Select s = { .type = noun(c) };
    int64_t *ids, n, rows = 0;
    if (!target_ids(c, noun(c), &a->target, &ids, &n, err) || !all_exist(c, ids, n, err))
        return false;
    bool ok = a->fields.n ? named_fields(noun(c), &a->fields, c->arena, &s.fields, &s.n, err)
                          : all_fields(noun(c), c->arena, false, &s.fields, &s.n);
    c->out->one = n == 1;
    bool sections = has_sections(c, a), nested = sections && c->out->nests;
    ok = ok && rows_begin(c, s.fields, s.n, sections, err);
    for (int64_t i = 0; ok && i < n; i++) {
        s.filter = id_filter(ids[i], c->arena);
        ok = nested ? nested_put(c, &s, ids[i], err) : rows_put(c, &s, &rows, err);
    }
    return ok && (n != 1 || !sections || !c->out->section || overview_put(c, ids[0], err));
}

static const Command generic_show = {
    .name = "show", .summary = "Show records with all their fields",
    .args = (const Arg[]){
        { "target", ARG_TARGET, 0, "ids (7 or 4,7-9), a handle, or --where EXPR",
          AT(ShowArgs, target) },
        { "fields", ARG_WORDS, ARG_OPTIONAL, "only these fields", AT(ShowArgs, fields) },
        { 0 } },
    .examples = (const Example[]){
        { "{noun} show 1", "every field of one" },
        { "{noun} show 1 --json", "for a program" },
        { 0 } },
    .args_size = sizeof(ShowArgs), .run = show_run,
};

/* ---- list, count, find ----------------------------------------------------------------------- */

typedef struct ListArgs { FilterArg filter; const char *order; int64_t limit; } ListArgs;

/* The fields of --fields, else the listed ones. */
static bool columns_of(const Call *c, const Type *t, Select *s, Error *err)
{
    if (!c->fields)
        return all_fields(t, c->arena, true, &s->fields, &s->n);
    const char *const *list = choices_split(str(c->fields), c->arena);
    Texts names = { (const char **)list, 0 };
    while (list[names.n])
        names.n++;
    return named_fields(t, &names, c->arena, &s->fields, &s->n, err);
}

static bool list_run(const Call *c, Error *err)
{
    const ListArgs *a = c->args;
    Select s = { .type = noun(c), .order = a->order, .limit = a->limit ? a->limit + 1 : 0 };
    Query *q = NULL;
    int64_t rows = 0;
    if (!filter_arg(c, noun(c), &a->filter, &s.filter, err) || !columns_of(c, noun(c), &s, err)
        || !select_open(c->crm, &s, c->arena, &q, err))
        return false;
    if (!rows_begin(c, s.fields, s.n, false, err)) {
        query_close(q);
        return false;
    }
    if (!rows_from(c, q, s.n, a->limit, &rows, err))
        return false;
    if (a->limit && rows > a->limit)
        ui_note(c->ui, "the first %" PRId64 "; --limit 0 for all", a->limit);
    return true;
}

static const Command generic_list = {
    .name = "list", .summary = "List records that a filter holds for",
    .detail = "Rows come in the order of their ids unless --order says otherwise.",
    .args = (const Arg[]){
        { "filter", ARG_FILTER, ARG_OPTIONAL, "only records for which it holds",
          AT(ListArgs, filter) },
        { "--order", ARG_TEXT, ARG_OPTIONAL, "fields to sort by, - before one for descending",
          AT(ListArgs, order), .value = "a,-b" },
        { "--limit", ARG_INT, ARG_OPTIONAL, "at most this many; 0 for all", AT(ListArgs, limit),
          .fallback = "100" },
        { 0 } },
    .examples = (const Example[]){
        { "{noun} list {last}", "those for which it holds" },
        { "{noun} list --order -id --limit 3 --csv", "the newest three" },
        { 0 } },
    .args_size = sizeof(ListArgs), .run = list_run,
};

typedef struct CountArgs { FilterArg filter; const Field *by; } CountArgs;

static bool count_by(const Call *c, const Filter *f, const Field *by, Error *err)
{
    Query *q = NULL;
    int more;
    const Schema *s = c->crm->schema;
    const char *expr = field_sql(s, by, "t", true, c->arena);
    const char *text = arena_printf(c->arena, "SELECT %s AS k, count(*) FROM \"%s\" t WHERE %s "
                                              "GROUP BY k ORDER BY k",
                                    expr, noun(c)->table, f->sql);
    const Column cols[] = { { by->name, field_shown_kind(s, by), 0 }, { "count", KIND_INT, 0 } };
    if (!out_begin(c->out, cols, 2, err) || !query_text(c->crm->store, str(text), &q, err))
        return false;
    filter_bind(f, q, 1);
    while ((more = query_next(q, err)) > 0)
        if (!out_row(c->out, (Value[]){ query_col(q, 0), query_col(q, 1) }, err)) {
            more = -1;
            break;
        }
    query_close(q);
    return more == 0;
}

static bool count_run(const Call *c, Error *err)
{
    const CountArgs *a = c->args;
    static const Column cols[] = { { "count", KIND_INT, COLUMN_SCALAR } };
    Filter f;
    int64_t n;
    if (!filter_arg(c, noun(c), &a->filter, &f, err))
        return false;
    if (a->by)
        return count_by(c, &f, a->by, err);
    return select_count(c->crm, noun(c), &f, &n, err) && out_begin(c->out, cols, 1, err)
           && out_row(c->out, (Value[]){ value_int(n) }, err);
}

static const Command generic_count = {
    .name = "count", .summary = "Count records that a filter holds for",
    .args = (const Arg[]){
        { "filter", ARG_FILTER, ARG_OPTIONAL, "only records for which it holds",
          AT(CountArgs, filter) },
        { "--by", ARG_FIELD, ARG_OPTIONAL, "a count for each value of this field",
          AT(CountArgs, by) },
        { 0 } },
    .examples = (const Example[]){
        { "{noun} count", "all of them" },
        { "{noun} count {last}", "those for which it holds" },
        { 0 } },
    .args_size = sizeof(CountArgs), .run = count_run,
};

typedef struct FindArgs { Texts words; int64_t limit; } FindArgs;

static bool find_put(const Call *c, Error *err)
{
    const FindArgs *a = c->args;
    Select s = { .type = noun(c) };
    Buf text = { 0 };
    Found f;
    int64_t rows = 0, most = a->limit;
    for (int i = 0; i < a->words.n; i++)
        buf_printf(&text, "%s%s", i ? " " : "", a->words.s[i]);
    bool ok = find_ids(c->crm, noun(c), buf_as_str(&text), most ? most + 1 : 0, c->arena, &f, err)
              && columns_of(c, noun(c), &s, err);
    if (ok) {
        c->out->marks = f.marks;
        c->out->n_marks = f.n_marks;
    }
    ok = ok && rows_begin(c, s.fields, s.n, false, err);
    for (int64_t i = 0; ok && i < f.n && (!most || i < most); i++) {
        s.filter = id_filter(f.ids[i], c->arena);
        ok = rows_put(c, &s, &rows, err);
    }
    if (ok && most && f.n > most)
        ui_note(c->ui, "the best %" PRId64 "; --limit 0 for all", most);
    buf_release(&text);
    return ok;
}

/* Many small queries: one look at the file. */
static bool find_run(const Call *c, Error *err)
{
    bool ok = store_look(c->crm->store, err) && find_put(c, err);
    store_looked(c->crm->store);
    return ok;
}

static const Command generic_find = {
    .name = "find", .summary = "Find records by words, part of a number or an address",
    .detail = "Every word must match. One Chinese character is enough; three digits or more are "
              "looked for inside telephone numbers. field:text looks in one field. The best come "
              "first: what is or begins with the text, in a name before elsewhere.",
    .args = (const Arg[]){
        { "words", ARG_WORDS, 0, "what to look for", AT(FindArgs, words) },
        { "--limit", ARG_INT, ARG_OPTIONAL, "at most this many; 0 for all", AT(FindArgs, limit),
          .fallback = "50" },
        { 0 } },
    .examples = (const Example[]){
        { "{noun} find {word}", "those that this is found in" },
        { 0 } },
    .args_size = sizeof(FindArgs), .run = find_run,
};

/* ---- set, delete ----------------------------------------------------------------------------- */

typedef struct SetArgs { Target target; Assigns fields; } SetArgs;

static bool set_run(const Call *c, Error *err)
{
    const SetArgs *a = c->args;
    static const Column cols[] = { { "changed", KIND_INT, 0 }, { "same", KIND_INT, 0 } };
    int64_t *ids, n, changed = 0;
    if (!target_ids(c, noun(c), &a->target, &ids, &n, err))
        return false;
    if (a->fields.n == 0) {
        fail(err, ERR_USAGE, "nothing to set");
        return fail_hint(err, "%s set ID field=value ...", noun(c)->name);
    }
    for (int64_t i = 0; i < n; i++) {
        ArenaMark mark = arena_mark(c->arena);
        Record *r = record_new(noun(c), c->arena);
        bool differs;
        r->id = ids[i];
        if (!put_all(c, r, &a->fields, err) || !record_set(c->crm, r, &differs, err))
            return false;
        changed += differs;
        arena_rewind(c->arena, mark);
    }
    if (n == 1)
        ui_note(c->ui, "%s %s", named(c, noun(c), ids[0]), changed ? "changed"
                : "is like that already");
    else
        ui_note(c->ui, "%" PRId64 " %s changed, %" PRId64 " same", changed, noun(c)->plural,
                n - changed);
    return out_receipt(c->out, cols, 2, (Value[]){ value_int(changed), value_int(n - changed) },
                       err);
}

static const Command generic_set = {
    .name = "set", .summary = "Change fields of records",
    .detail = "field= empties a field. += and -= add and remove one of several values (phone, "
              "email, tag).",
    .args = (const Arg[]){
        { "target", ARG_TARGET, 0, "ids (7 or 4,7-9), a handle, or --where EXPR",
          AT(SetArgs, target) },
        { "field=value", ARG_ASSIGN, 0, "what to change", AT(SetArgs, fields) },
        { 0 } },
    .examples = (const Example[]){
        { "{noun} set 1 {last}", "one" },
        { "{noun} set --where 'id<3' {last} --dry-run", "many, rehearsed" },
        { 0 } },
    .args_size = sizeof(SetArgs), .flags = COMMAND_WRITES | COMMAND_BULK, .run = set_run,
};

typedef struct DeleteArgs { Target target; } DeleteArgs;

static bool delete_run(const Call *c, Error *err)
{
    const DeleteArgs *a = c->args;
    static const Column cols[] = { { "deleted", KIND_INT, 0 } };
    int64_t *ids, n;
    if (!target_ids(c, noun(c), &a->target, &ids, &n, err))
        return false;
    const char *first = n == 1 ? named(c, noun(c), ids[0]) : NULL;
    for (int64_t i = 0; i < n; i++)
        if (!record_delete(c->crm, noun(c), ids[i], err))
            return false;
    if (first)
        ui_note(c->ui, "%s deleted", first);
    else
        ui_note(c->ui, "%" PRId64 " %s deleted", n, noun(c)->plural);
    return out_receipt(c->out, cols, 1, (Value[]){ value_int(n) }, err);
}

static const Command generic_delete = {
    .name = "delete", .summary = "Delete records and what belongs to them",
    .detail = "undo brings them back.",
    .args = (const Arg[]){
        { "target", ARG_TARGET, 0, "ids (7 or 4,7-9), a handle, or --where EXPR",
          AT(DeleteArgs, target) },
        { 0 } },
    .examples = (const Example[]){
        { "{noun} delete 3 --dry-run", "what would go with it" },
        { 0 } },
    .args_size = sizeof(DeleteArgs), .flags = COMMAND_WRITES | COMMAND_BULK, .run = delete_run,
};

extern const Command generic_import, generic_export;      /* cmd_import.c, cmd_export.c */
extern const Command generic_history;                     /* cmd_history.c */

const Generic generic_verbs[] = {
    { &generic_add, TYPE_NO_ADD },
    { &generic_show, 0 },
    { &generic_list, 0 },
    { &generic_count, 0 },
    { &generic_find, TYPE_NO_FIND },
    { &generic_set, TYPE_NO_SET },
    { &generic_delete, TYPE_NO_DELETE },
    { &generic_history, 0 },
    { &generic_import, TYPE_NO_IMPORT },
    { &generic_export, 0 },
    { NULL, 0 },
};
