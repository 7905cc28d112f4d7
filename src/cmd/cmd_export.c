/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_export.c -- export: all records of a type, or those that a filter or a list picks, to a file
 * or as rows.
 *
 * A file is written beside its name and renamed when it is whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/command.h"
#include "model/export.h"

enum { TICK = 4096, BUFFER = 1 << 16 };

typedef struct ExportArgs {
    int64_t list;
    const char *file;
    FilterArg filter;
    bool force;
} ExportArgs;

static const Column receipt_columns[] = { { "file", KIND_TEXT, 0 },
                                          { "rows", KIND_INT, 0 },
                                          { 0 } };

/* ---- rows ------------------------------------------------------------------------------------ */

static bool tick(const Call *c, int64_t rows, int64_t total, Error *err)
{
    Ui *ui = c->ui;
    if (rows % TICK)
        return true;
    if (ui->progress)
        ui->progress(ui, "exporting", rows, total);
    return !ui->interrupted || !ui->interrupted(ui)
           || fail(err, ERR_INTERRUPTED, "interrupted: nothing was exported");
}

static bool rows_put(const Call *c, Export *x, Out *to, Error *err)
{
    const ExportColumn *columns;
    const Value *row;
    int n = export_columns(x, &columns), more = 1;
    Column *cols = ARENA_ARRAY(c->arena, Column, n + 1);
    for (int i = 0; i < n; i++)
        cols[i] = (Column){ columns[i].name, columns[i].kind, 0 };
    if (!out_begin(to, cols, n, err))
        return false;
    for (int64_t rows = 1; (more = export_next(x, &row, err)) > 0; rows++)
        if (!out_row(to, row, err) || !tick(c, rows, 0, err))
            return false;
    return more == 0;
}

/* ---- a file ---------------------------------------------------------------------------------- */

static Format format_of(const Call *c, const char *file)
{
    static const struct { const char *suffix; Format format;
    } known[] = {
        { ".csv", FORMAT_CSV },     { ".tsv", FORMAT_TSV },     { ".tab", FORMAT_TSV },
        { ".json", FORMAT_JSON },   { ".jsonl", FORMAT_JSONL }, { ".ndjson", FORMAT_JSONL },
        { ".md", FORMAT_MARKDOWN }, { ".sql", FORMAT_SQL },     { ".xlsx", FORMAT_XLSX },
    };
    const char *dot = strrchr(file, '.');
    if (c->want->format != FORMAT_AUTO)
        return c->want->format;
    for (size_t i = 0; dot && i < sizeof known / sizeof *known; i++)
        if (strcmp(dot, known[i].suffix) == 0)
            return known[i].format;
    return FORMAT_CSV;
}

static bool may_write(const Store *db, const ExportArgs *a, Error *err)
{
    struct stat st;
    if (strpbrk(a->file, "=<>~") && !strchr(a->file, '.')) {
        fail(err, ERR_USAGE, "'%s' stands where the file should", a->file);
        return fail_hint(err, "name the file before the filter, or - for standard output");
    }
    if (stat(a->file, &st) != 0)
        return true;
    if (S_ISDIR(st.st_mode)) {
        fail(err, ERR_IO, "%s is a folder", a->file);
        return fail_hint(err, "give the path of a file");
    }
    if (a->force)
        return store_spares(db, a->file, err);
    fail(err, ERR_CONFLICT, "%s is there already", a->file);
    return fail_hint(err, "--force replaces it");
}

/* In a dry run the rows are counted. */
static bool count_rows(const Call *c, Export *x, int64_t *rows, Error *err)
{
    const Value *row;
    int more;
    while ((more = export_next(x, &row, err)) > 0)
        if (!tick(c, ++*rows, 0, err))
            return false;
    return more == 0;
}

static bool write_rows(const Call *c, const Type *t, Export *x, FILE *to, const char *file,
                       int64_t *rows, Error *err)
{
    OutOptions options = *c->want;
    options.format = format_of(c, file);
    options.table = t->table;
    options.terminal = options.colour = false;
    options.width = 0;
    Out *out = out_text(to, &options);
    bool ok = rows_put(c, x, out, err);
    ok = out_end(out, err) && ok;
    *rows = out->rows;
    out_free(out);
    return ok;
}

static bool io_failed(const char *file, Error *err)
{
    return fail(err, ERR_IO, "%s cannot be written: %s", file, strerror(errno));
}

static bool file_put(const Call *c, const Type *t, Export *x, const char *file, int64_t *rows,
                     Error *err)
{
    char *temporary = arena_printf(c->arena, "%s.XXXXXX", file);
    int fd = mkostemp(temporary, O_CLOEXEC);               /* 0600 */
    FILE *to = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!to)
        return io_failed(file, err);
    setvbuf(to, NULL, _IOFBF, BUFFER);
    bool ok = write_rows(c, t, x, to, file, rows, err);
    if (ferror(to)) {
        char said[sizeof err->msg];
        memcpy(said, err->msg, sizeof said);
        fail(err, ERR_IO, "%s: %s", file, said);
    }
    if (fclose(to) != 0 && ok)
        ok = io_failed(file, err);
    if (ok && rename(temporary, file) != 0)
        ok = io_failed(file, err);
    if (!ok)
        unlink(temporary);
    return ok;
}

/* ---- the commands ---------------------------------------------------------------------------- */

static bool export_as(const Call *c, const Type *t, Error *err)
{
    const ExportArgs *a = c->args;
    Filter filter;
    Export *x = NULL;
    int64_t rows = 0;
    bool named = a->file && strcmp(a->file, "-") != 0;
    if ((named && !may_write(c->crm->store, a, err)) || !filter_arg(c, t, &a->filter, &filter, err)
        || !export_open(c->crm, t, &filter, a->list, c->arena, &x, err))
        return false;
    bool dry = named && call_rehearses(c);
    bool ok = dry ? count_rows(c, x, &rows, err)
              : named ? file_put(c, t, x, a->file, &rows, err) : rows_put(c, x, c->out, err);
    export_close(x);
    if (!ok || !named) {
        if (ok)
            ui_note(c->ui, "%" PRId64 " %s", c->out->rows, c->out->rows == 1 ? t->name : t->plural);
        return ok;
    }
    ui_note(c->ui, "%s%" PRId64 " %s written to %s", dry ? "would: " : "", rows,
            rows == 1 ? t->name : t->plural, a->file);
    if (c->want->format != FORMAT_AUTO || c->want->excel)      /* the switch was for the file */
        return true;
    return out_receipt(c->out, receipt_columns, -1,
                       (Value[]){ value_cstr(a->file), value_int(rows) }, err);
}

static bool generic_run(const Call *c, Error *err)
{
    return export_as(c, c->cmd->type, err);
}

static bool customers_run(const Call *c, Error *err)
{
    return export_as(c, schema_type(c->crm->schema, STR("customer")), err);
}

#define EXPORT_ARGS(of_type) \
    { "file", ARG_FILE, ARG_OPTIONAL, "the file; - or none for standard output", \
      AT(ExportArgs, file) }, \
    { "filter", ARG_FILTER, ARG_OPTIONAL, "only records for which it holds", \
      AT(ExportArgs, filter), .of = of_type }, \
    { "--force", ARG_FLAG, ARG_OPTIONAL, "replace the file if there is one", \
      AT(ExportArgs, force) }, \
    { 0 }

#define DETAIL \
    "Rows come in the order of their ids, with every field that import takes, so that an import " \
    "of the file by --key id finds all of them the same. The format goes by the suffix (csv, " \
    "tsv, json, jsonl, xlsx, sql, md) or a switch; --excel writes CSV that a spreadsheet opens " \
    "with a double click. The file is readable by its owner alone."

const Command generic_export = {
    .name = "export", .summary = "Write records to a file", .detail = DETAIL,
    .args = (const Arg[]){ EXPORT_ARGS(NULL) }, .args_size = sizeof(ExportArgs),
    .need = MAY_READ | MAY_EXPORT, .run = generic_run,
    .examples = (const Example[]){
        { "{noun} export all.csv", "every one, every field" },
        { "{noun} export some.jsonl id<9", "some of them, for a program" },
        { 0 } },
};

static const Command export_customers = {
    .name = "export",
    .summary = "Write customers to a file",
    .detail = "The same as customer export. " DETAIL,
    .args = (const Arg[]){ EXPORT_ARGS("customer") },
    .args_size = sizeof(ExportArgs),
    .need = MAY_READ | MAY_EXPORT,
    .run = customers_run,
    .examples = (const Example[]){
        { "export all.csv", "every customer" },
        { "export potential.jsonl stage=potential", "some of them, for a program" },
        { 0 } },
};

static const Command list_export = {
    .name = "list export",
    .summary = "Write the customers on a list to a file",
    .detail = DETAIL,
    .args =
        (const Arg[]){ { "name", ARG_RECORD, 0, "the list", AT(ExportArgs, list), .of = "list" },
                       EXPORT_ARGS("customer") },
    .args_size = sizeof(ExportArgs),
    .need = MAY_READ | MAY_EXPORT,
    .run = customers_run,
    .examples = (const Example[]){
        { "list export demo demo.csv", "the customers of a list" },
        { 0 } },
};

const Command *const export_commands[] = { &export_customers, &list_export, NULL };
