/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/overview.h"

#include <inttypes.h>

#include "base/json.h"
#include "cmd/recording.h"
#include "model/schema.h"
#include "model/overview.h"

/* A sink that puts the rows of one section into the sink of the command, or into JSON. */
typedef struct SectionOut {
    Out out;
    const Call *c;
    const char *name;
    const Column *cols;
    Buf *json;                         /* NULL: a further table of c->out */
} SectionOut;

static bool section_begin(Out *o, const Column *cols, int n, Error *err)
{
    SectionOut *s = (SectionOut *)o;
    Column *kept = ARENA_ARRAY(s->c->arena, Column, n + 1);
    (void)err;
    for (int i = 0; i < n; i++) {
        kept[i] = cols[i];
        kept[i].name = arena_strdup(s->c->arena, cols[i].name);
    }
    s->cols = kept;
    return true;
}

static void put_object(SectionOut *s, const Value *v)
{
    buf_cstr(s->json, s->out.rows > 1 ? ",{" : "{");
    for (int i = 0; i < s->out.n; i++) {
        buf_cstr(s->json, i ? "," : "");
        json_write_text(s->json, str(s->cols[i].name));
        buf_char(s->json, ':');
        json_write_value(s->json, v[i], s->cols[i].kind);
    }
    buf_char(s->json, '}');
}

static bool section_row(Out *o, const Value *v, Error *err)
{
    SectionOut *s = (SectionOut *)o;
    if (s->json) {
        put_object(s, v);
        return true;
    }
    return (o->rows > 1 || out_section(s->c->out, s->name, s->cols, o->n, err))
        && out_row(s->c->out, v, err);
}

static bool section_end(Out *o, Error *err)
{
    (void)o, (void)err;
    return true;
}

static void section_free(Out *o)
{
    (void)o;                           /* it is on the stack, its columns in the arena */
}

/* ---- where the rows come from ---- */

static const OverviewSection *shipped(Str name)
{
    for (const OverviewSection *s = overview_sections; s->name; s++)
        if (str_is(name, s->name))
            return s;
    return NULL;
}

static bool by_statement(const Call *c, const OverviewSection *s, int64_t customer, Out *out,
                         Error *err)
{
    Column cols[OVERVIEW_COLUMNS + 1];
    Value row[OVERVIEW_COLUMNS];
    Query *q = NULL;
    int n = 0, more = -1;
    for (; s->columns[n].name; n++)
        cols[n] = (Column){ s->columns[n].name, s->columns[n].kind, 0 };
    if (!out_begin(out, cols, n, err)
        || !query_open(c->crm->store, &overview_sql.sql[s->sql], &q, err))
        return false;
    query_int(q, 1, customer);
    while ((more = query_next(q, err)) > 0) {
        for (int i = 0; i < n; i++)
            row[i] = query_col(q, i);
        if (!out_row(out, row, err)) {
            more = -1;
            break;
        }
    }
    query_close(q);
    return more == 0;
}

/* The command of a section: one that reads, and not the one that shows sections. */
static bool get_command(const Call *c, const char *name, Error *err)
{
    Words words;
    const Command *cmd;
    int used, folded;
    Error unknown = { 0 };
    if (!lex_words(str(name), c->arena, &words, &folded, err))
        return false;
    if (!registry_match(c->session->registry, words.w, words.n, &cmd, &used, &unknown)
        || used != words.n) {
        fail(err, ERR_INVALID, "'%s' is neither a section nor a command", name);
        return fail_hint(err, "sections: people, contacts, consent, stage, touches, tasks, lists,"
                              " deals, value");
    }
    if (cmd->flags & COMMAND_WRITES || strcmp(cmd->name, "customer show") == 0
        || strcmp(cmd->name, "lead show") == 0)
        return fail(err, ERR_INVALID, "the command '%s' cannot be a section: it %s", name,
                    cmd->flags & COMMAND_WRITES ? "changes data" : "shows the sections itself");
    return true;
}

static bool by_command(const Call *c, const char *name, int64_t customer, Out *out, Error *err)
{
    Words words;
    int folded;
    const char *line = arena_printf(c->arena, "%s %" PRId64, name, customer);
    return get_command(c, name, err) && lex_words(str(line), c->arena, &words, &folded, err)
        && session_run(c->session, words.w, words.n, str(line), NULL, out, err);
}

static bool is_call(const Type *t)
{
    return strcmp(t->table, "call") == 0;
}

bool overview_has(const Type *t)
{
    return is_call(t) || strcmp(t->table, "customer") == 0;
}

static bool run_section(const Call *c, Str name, int64_t id, Buf *json, Error *err)
{
    const OverviewSection *s = shipped(name);
    SectionOut out = {
        .out = { .begin = section_begin, .row = section_row, .end = section_end,
                 .free = section_free },
        .c = c, .name = str_c(name, c->arena), .json = json,
    };
    if (json) {
        json_write_text(json, name);
        buf_cstr(json, ":[");
    }
    bool ok = is_call(c->cmd->type) ? recording_rows(c, id, &out.out, err)
              : s ? by_statement(c, s, id, &out.out, err)
                  : by_command(c, out.name, id, &out.out, err);
    if (json)
        buf_char(json, ']');
    return ok || fail_detail(err, "in section '%.*s' of customer.show", STR_ARG(name));
}

/* ---- which sections ---- */

static const char *const *names_of(const Call *c, const char *setting)
{
    if (setting)
        return choices_split(str(setting), c->arena);
    const char **names = ARENA_ARRAY(c->arena, const char *, 32);
    int n = 0;
    for (const OverviewSection *s = overview_sections; s->name; s++)
        names[n++] = s->name;
    names[n] = NULL;
    return names;
}

static const char *const *sections(const Call *c)
{
    static const char *const of_call[] = { "recording", NULL };
    return is_call(c->cmd->type) ? of_call
           : names_of(c, setting_get(c->crm, "customer.show", c->arena));
}

bool overview_put(const Call *c, int64_t id, Error *err)
{
    for (const char *const *name = sections(c); *name; name++)
        if (!run_section(c, str(*name), id, NULL, err))
            return false;
    return true;
}

bool overview_json(const Call *c, int64_t id, Buf *out, Error *err)
{
    bool ok = true;
    buf_char(out, '{');
    for (const char *const *name = sections(c), *const *first = name; ok && *name; name++) {
        buf_cstr(out, name > first ? "," : "");
        ok = run_section(c, str(*name), id, out, err);
    }
    buf_char(out, '}');
    return ok;
}

bool overview_valid(const Call *c, const char *value, Error *err)
{
    for (const char *const *name = names_of(c, value); *name; name++)
        if (!shipped(str(*name)) && !get_command(c, *name, err))
            return false;
    return true;
}
