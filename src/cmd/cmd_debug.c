/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_debug.c -- what developers and tests ask the shipped program: how it reads a CSV file, a
 * dump that tells whether two databases are equal, whether its SQL holds, and its own
 * documentation.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/encoding.h"
#include "cmd/lines.h"
#include "model/books.h"
#include "cmd/catalog.h"

typedef struct Debug { const char *path; } Debug;

/* ---- debug csv ------------------------------------------------------------------------------- */

enum { SAMPLE = 64 * 1024 };

/* Read the file once for its encoding and a sample for its delimiter, then go back to its begin. */
static bool look(int fd, EncodingGuess *guess, Error *err)
{
    char block[SAMPLE];
    ssize_t n;
    Guesser *g = guesser_new();
    while ((n = read(fd, block, sizeof block)) > 0)
        guesser_feed(g, block, (size_t)n);
    *guess = guesser_end(g);
    return (n == 0 && lseek(fd, 0, SEEK_SET) == 0)
        || fail(err, ERR_IO, "cannot read the file: %s", strerror(errno));
}

/* A source that gives a sample back before it goes on. */
typedef struct Again { ByteSource src; ByteSource *from; char *sample; size_t n, at; } Again;

static ptrdiff_t again_read(ByteSource *src, char *buf, size_t n, Error *err)
{
    Again *a = (Again *)src;
    if (a->at == a->n)
        return a->from->read(a->from, buf, n, err);
    if (n > a->n - a->at)
        n = a->n - a->at;
    memcpy(buf, a->sample + a->at, n);
    a->at += n;
    return (ptrdiff_t)n;
}

static bool take_sample(Again *a, ByteSource *from, Arena *arena, Error *err)
{
    ptrdiff_t n;
    *a = (Again){ .src = { again_read }, .from = from, .sample = arena_alloc(arena, SAMPLE) };
    while (a->n < SAMPLE && (n = from->read(from, a->sample + a->n, SAMPLE - a->n, err)) != 0) {
        if (n < 0)
            return false;
        a->n += (size_t)n;
    }
    return true;
}

static bool csv_header(const Call *c, const CsvRecord *r, Error *err)
{
    Column *cols = ARENA_ARRAY(c->arena, Column, r->n);
    for (int i = 0; i < r->n; i++)
        cols[i].name = str_c(r->field[i], c->arena);
    return out_begin(c->out, cols, r->n, err);
}

static bool csv_record(const Call *c, const CsvRecord *r, Value *v, Error *err)
{
    for (int i = 0; i < c->out->n; i++)
        v[i] = i < r->n ? value_text(r->field[i]) : value_null();
    if (r->n > c->out->n)
        ui_warn(c->ui, "line %lld has %d fields, the header %d", (long long)r->line, r->n,
                c->out->n);
    return out_row(c->out, v, err);
}

static bool csv_rows(const Call *c, ByteSource *text, Error *err)
{
    Again again;
    CsvRecord r;
    Value *v = NULL;
    int more = 1;
    size_t skip = 0;
    if (!take_sample(&again, text, c->arena, err))
        return false;
    char delimiter = csv_sniff(str_n(again.sample, again.n), &skip);
    again.at = skip;
    Csv *csv = csv_open(&again.src, delimiter);
    for (bool ok = true; ok && (more = csv_next(csv, &r, err)) > 0;) {
        ok = v ? csv_record(c, &r, v, err) : csv_header(c, &r, err);
        v = v ? v : ARENA_ARRAY(c->arena, Value, r.n);
        more = ok ? more : -1;
    }
    csv_close(csv);
    return more == 0;
}

static bool csv_run(const Call *c, Error *err)
{
    const Debug *a = c->args;
    EncodingGuess guess;
    bool ok = false;
    int fd = open(a->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(err, ERR_IO, "cannot read %s: %s", a->path, strerror(errno));
    if (look(fd, &guess, err)) {
        ByteSource *bytes = fd_source_open(fd), *text = decoder_open(bytes, guess.encoding);
        ok = csv_rows(c, text, err);
        decoder_close(text);
        fd_source_close(bytes);
    }
    close(fd);
    return ok;
}

static const Command debug_csv = {
    .name = "debug csv",
    .summary = "Read a CSV file as import would and print its rows",
    .args = (const Arg[]){
        { "file", ARG_FILE, 0, "a file with a header", AT(Debug, path) }, { 0 } },
    .args_size = sizeof(Debug),
    .flags = COMMAND_HIDDEN | COMMAND_NO_DB,
    .run = csv_run,
};

/* ---- debug dump, debug sql ------------------------------------------------------------------- */

static bool dump_run(const Call *c, Error *err)
{
    Buf text = { 0 };
    bool ok = store_dump(c->crm->store, &text, err) && out_lines(c->out, buf_as_str(&text), err);
    buf_release(&text);
    return ok;
}

static const Command debug_dump = {
    .name = "debug dump",
    .summary = "Print schema and rows in stable order: equal dumps are equal databases",
    .columns = (const Column[]){ { "text", KIND_TEXT, COLUMN_SCALAR }, { 0 } },
    .need = MAY_EXPORT,
    .flags = COMMAND_HIDDEN,
    .run = dump_run,
};

static bool say_statement(const Call *c, const char *table, const Error *bad, int *bad_n,
                          Error *err)
{
    const Value v[] = { value_cstr(table), value_cstr(bad->msg) };
    ++*bad_n;
    return out_row(c->out, v, err);
}

/* Every problem is a row: one run shows them all. */
static bool sql_check_run(const Call *c, Error *err)
{
    int statements = 0, bad_n = 0;
    Query *q;
    if (!out_begin(c->out, c->cmd->columns, -1, err))
        return false;
    for (const SqlTable *const *t = sql_catalog; *t; statements += (*t)->n, t++)
        for (int i = 0; i < (*t)->n; i++) {
            const SqlTable one = { (*t)->module, &(*t)->sql[i], 1 };
            Error bad = { 0 };
            if (!store_check_sql(c->crm->store, &one, &bad)
                && !say_statement(c, (*t)->module, &bad, &bad_n, err))
                return false;
        }
    for (const Equation *const *table = books; *table; table++)
        for (const Equation *e = *table; e->name; e++, statements++) {
            Error bad = { 0 };
            if (query_open(c->crm->store, &e->sql, &q, &bad))
                query_close(q);
            else if (!say_statement(c, e->name, &bad, &bad_n, err))
                return false;
        }
    if (bad_n)
        return fail(err, ERR_FAILED, "%d of %d statements do not hold", bad_n, statements);
    ui_note(c->ui, "%d statements prepare, and the hot ones use an index", statements);
    return true;
}

static const Command debug_sql = {
    .name = "debug sql",
    .summary = "Prepare every statement of the program and look at the plans of the hot ones",
    .columns = (const Column[]){ { "table", KIND_TEXT, 0 }, { "problem", KIND_TEXT, COLUMN_FOLD },
                                 { 0 } },
    .flags = COMMAND_HIDDEN,
    .run = sql_check_run,
};

/* ---- debug docs, debug lua-index ------------------------------------------------------------- */

static bool docs_run(const Call *c, Error *err)
{
    const Debug *a = c->args;
    return doc_write_all(c->session->registry, c->crm, a->path, err);
}

static const Command debug_docs = {
    .name = "debug docs",
    .summary = "Write the reference, the manual page, the shell completion and the Lua stub",
    .args = (const Arg[]){
        { "folder", ARG_FILE, 0, "gets NOUN.md, patter.1, patter.bash and patter.lua",
          AT(Debug, path) },
        { 0 } },
    .args_size = sizeof(Debug),
    .flags = COMMAND_HIDDEN,
    .run = docs_run,
};

static bool index_run(const Call *c, Error *err)
{
    const Debug *a = c->args;
    Session *s = c->session;
    Buf text = { 0 };
    if (!s->script_index)
        return fail(err, ERR_FAILED, "this program has no Lua");
    bool ok = s->script_index(s, &text, err);
    FILE *f = ok ? fopen(a->path, "we") : NULL;
    if (f)
        fwrite(text.s, 1, text.n, f);
    if (ok && (!f || fclose(f)))
        ok = fail(err, ERR_IO, "cannot write %s: %m", a->path);
    buf_release(&text);
    return ok;
}

static const Command debug_lua_index = {
    .name = "debug lua-index",
    .summary = "Write the index of the commands and types written in Lua, as JSON",
    .args = (const Arg[]){
        { "file", ARG_FILE, 0, "lua/index.json", AT(Debug, path) },
        { 0 } },
    .args_size = sizeof(Debug),
    .flags = COMMAND_HIDDEN,
    .run = index_run,
};

/* ---- debug examples -------------------------------------------------------------------------- */

/* A command without one is a row of its own, so that the tests see it. */
static bool examples_run(const Call *c, Error *err)
{
    int n;
    const Command *const *all = registry_all(c->session->registry, &n);
    static const Example none[] = { { NULL, NULL }, { 0 } };
    if (!out_begin(c->out, c->cmd->columns, -1, err))
        return false;
    for (int i = 0; i < n; i++) {
        const Example *e = command_examples(all[i], c->arena);
        e = e->line ? e : none;
        do {
            const Value row[] = { value_cstr(all[i]->name), value_cstr(e->line),
                                  value_cstr(e->says),
                                  value_int((all[i]->flags & COMMAND_HIDDEN) != 0) };
            if (!out_row(c->out, row, err))
                return false;
        } while (e != none && (++e)->line);
    }
    return true;
}

static const Command debug_examples = {
    .name = "debug examples",
    .summary = "Print the examples of every command",
    .columns = (const Column[]){ { "command", KIND_TEXT, 0 }, { "line", KIND_TEXT, 0 },
                                 { "says", KIND_TEXT, COLUMN_FOLD }, { "hidden", KIND_BOOL, 0 },
                                 { 0 } },
    .flags = COMMAND_HIDDEN,
    .run = examples_run,
};

const Command *const debug_commands[] = {
    &debug_csv, &debug_dump, &debug_sql, &debug_docs, &debug_lua_index, &debug_examples, NULL
};
