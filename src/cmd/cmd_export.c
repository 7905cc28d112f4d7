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

#include "base/draft.h"
#include "cmd/command.h"
#include "model/export.h"

enum { TICK = 4096, BUFFER = 1 << 16 };

typedef struct ExportArgs {
    int64_t list;
    const char *file;
    FilterArg filter;
    bool force;
    int64_t split;                     /* rows a file at most; 0: all in one */
} ExportArgs;

static const Column receipt_columns[] = { { "file", KIND_TEXT, 0 },
                                          { "rows", KIND_INT, 0 },
                                          { 0 } };

/* The rows that are left; one of them is read already. */
typedef struct Rows { Export *x; const Value *row; int more; } Rows;

/* A file of the export: written beside its name, then renamed. */
typedef struct Part { const char *name; Draft draft; int64_t rows; } Part;
typedef struct Parts { Part *part; int n, room; } Parts;

/* ---- rows ------------------------------------------------------------------------------------ */

static bool tick(const Call *c, int64_t rows, int64_t total, Error *err)
{
    if (rows % TICK)
        return true;
    ui_progress(c->ui, "exporting", rows, total);
    return !ui_interrupted(c->ui)
           || fail(err, ERR_INTERRUPTED, "interrupted: nothing was exported");
}

static bool rows_begin(Rows *r, Export *x, Error *err)
{
    *r = (Rows){ .x = x };
    r->more = export_next(x, &r->row, err);
    return r->more >= 0;
}

/* At most `most` of them; 0: all. */
static bool rows_put(const Call *c, Rows *r, int64_t most, Out *to, Error *err)
{
    const ExportColumn *columns;
    int n = export_columns(r->x, &columns);
    Column *cols = ARENA_ARRAY(c->arena, Column, n + 1);
    for (int i = 0; i < n; i++)
        cols[i] = (Column){ columns[i].name, columns[i].kind, 0 };
    if (!out_begin(to, cols, n, err))
        return false;
    for (int64_t rows = 1; r->more > 0 && (!most || rows <= most); rows++) {
        if (!out_row(to, r->row, err) || !tick(c, rows, 0, err))
            return false;
        r->more = export_next(r->x, &r->row, err);
    }
    return r->more >= 0;
}

/* ---- a file ---------------------------------------------------------------------------------- */

static Format format_of(const Call *c, const char *file)
{
    static const struct { const char *suffix; Format format;
    } known[] = {
        { ".csv", FORMAT_CSV },     { ".tsv", FORMAT_TSV },     { ".tab", FORMAT_TSV },
        { ".json", FORMAT_JSON },   { ".jsonl", FORMAT_JSONL }, { ".ndjson", FORMAT_JSONL },
        { ".md", FORMAT_MARKDOWN }, { ".sql", FORMAT_SQL },     { ".xlsx", FORMAT_XLSX },
        { ".vcf", FORMAT_VCARD },   { ".vcard", FORMAT_VCARD },
    };
    const char *dot = strrchr(file, '.');
    if (c->want->format != FORMAT_AUTO)
        return c->want->format;
    for (size_t i = 0; dot && i < sizeof known / sizeof *known; i++)
        if (strcmp(dot, known[i].suffix) == 0)
            return known[i].format;
    return FORMAT_CSV;
}

static bool may_replace(const Store *db, const ExportArgs *a, const char *file, Error *err)
{
    struct stat st;
    if (stat(file, &st) != 0)
        return true;
    if (S_ISDIR(st.st_mode)) {
        fail(err, ERR_IO, "%s is a folder", file);
        return fail_hint(err, "give the path of a file");
    }
    if (a->force)
        return store_spares(db, file, err);
    fail(err, ERR_CONFLICT, "%s is there already", file);
    return fail_hint(err, "--force replaces it");
}

/* "leads.csv", 3: "leads-3.csv". */
static const char *part_name(const Call *c, const char *file, int part)
{
    const char *slash = strrchr(file, '/'), *dot = strrchr(file, '.');
    size_t stem = dot && dot > (slash ? slash + 1 : file) ? (size_t)(dot - file) : strlen(file);
    return arena_printf(c->arena, "%.*s-%d%s", (int)stem, file, part, file + stem);
}

static bool may_write(const Call *c, const ExportArgs *a, bool named, Error *err)
{
    if (!named && a->split) {
        fail(err, ERR_USAGE, "--split needs the name of a file");
        return fail_hint(err, "leads.csv --split 1000 makes leads-1.csv, leads-2.csv ...");
    }
    if (!named)
        return true;
    if (strpbrk(a->file, "=<>~") && !strchr(a->file, '.')) {
        fail(err, ERR_USAGE, "'%s' stands where the file should", a->file);
        return fail_hint(err, "name the file before the filter, or - for standard output");
    }
    return may_replace(c->crm->store, a, a->split ? part_name(c, a->file, 1) : a->file, err);
}

static Part *parts_add(const Call *c, Parts *p)
{
    const ExportArgs *a = c->args;
    if (p->n == p->room) {
        Part *more = ARENA_ARRAY(c->arena, Part, p->room * 2 + 8);
        if (p->n)
            memcpy(more, p->part, sizeof *more * (size_t)p->n);
        p->part = more;
        p->room = p->room * 2 + 8;
    }
    Part *part = &p->part[p->n++];
    part->name = a->split ? part_name(c, a->file, p->n) : a->file;
    return part;
}

/* What a dry run does instead. */
static bool files_count(const Call *c, Rows *r, Parts *p, Error *err)
{
    const ExportArgs *a = c->args;
    do {
        Part *part = parts_add(c, p);
        for (; r->more > 0 && (!a->split || part->rows < a->split); part->rows++) {
            if (!tick(c, part->rows, 0, err))
                return false;
            r->more = export_next(r->x, &r->row, err);
        }
    } while (r->more > 0);
    return r->more == 0;
}

static bool write_rows(const Call *c, const Type *t, Rows *r, FILE *to, Part *part, Error *err)
{
    const ExportArgs *a = c->args;
    OutOptions options = *c->want;
    options.format = format_of(c, part->name);
    options.table = t->table;
    options.terminal = options.colour = false;
    options.width = 0;
    Out *out = out_text(to, &options);
    bool ok = rows_put(c, r, a->split, out, err);
    ok = out_end(out, err) && ok;
    part->rows = out->rows;
    out_free(out);
    return ok;
}

static bool io_failed(const char *file, Error *err)
{
    return fail(err, ERR_IO, "%s cannot be written: %s", file, strerror(errno));
}

static bool part_put(const Call *c, const Type *t, Rows *r, Part *part, Error *err)
{
    int fd = draft_open(&part->draft, part->name, c->arena);
    FILE *to = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!to)
        return io_failed(part->name, err);
    setvbuf(to, NULL, _IOFBF, BUFFER);
    bool ok = write_rows(c, t, r, to, part, err);
    if (ferror(to)) {
        char said[sizeof err->msg];
        memcpy(said, err->msg, sizeof said);
        fail(err, ERR_IO, "%s: %s", part->name, said);
    }
    return (fclose(to) == 0 || !ok || io_failed(part->name, err)) && ok;
}

/* All parts are whole before the first gets its name. */
static bool parts_keep(const Call *c, Parts *p, Error *err)
{
    for (int i = 1; i < p->n; i++)
        if (!may_replace(c->crm->store, c->args, p->part[i].name, err))
            return false;
    for (int i = 0; i < p->n; i++)
        if (!draft_keep(&p->part[i].draft, p->part[i].name, c->arena))
            return io_failed(p->part[i].name, err);
    return true;
}

static bool files_put(const Call *c, const Type *t, Rows *r, Parts *p, Error *err)
{
    bool ok;
    do {
        ok = part_put(c, t, r, parts_add(c, p), err);
    } while (ok && r->more > 0);
    ok = ok && parts_keep(c, p, err);
    for (int i = 0; i < p->n; i++)
        draft_drop(&p->part[i].draft);
    return ok;
}

static void say_parts(const Call *c, const Type *t, const Parts *p, bool dry)
{
    const ExportArgs *a = c->args;
    const char *would = dry ? "would: " : "";
    int64_t rows = 0;
    for (int i = 0; i < p->n; i++)
        rows += p->part[i].rows;
    const char *what = rows == 1 ? t->name : t->plural;
    if (p->n == 1) {
        ui_note(c->ui, "%s%" PRId64 " %s written to %s", would, rows, what, p->part[0].name);
    } else {
        ui_note(c->ui, "%s%" PRId64 " %s written to %d files, %s to %s", would, rows, what, p->n,
                p->part[0].name, p->part[p->n - 1].name);
    }
    const char *next = part_name(c, a->file, p->n + 1);
    if (a->split && access(next, F_OK) == 0)
        ui_warn(c->ui, "%s is from before, and stays", next);
}

/* ---- the commands ---------------------------------------------------------------------------- */

static bool export_rows(const Call *c, const Type *t, Rows *r, Error *err)
{
    if (!rows_put(c, r, 0, c->out, err))
        return false;
    ui_note(c->ui, "%" PRId64 " %s", c->out->rows, c->out->rows == 1 ? t->name : t->plural);
    return true;
}

static bool export_files(const Call *c, const Type *t, Rows *r, Error *err)
{
    Parts p = { 0 };
    bool dry = call_rehearses(c);
    if (dry ? !files_count(c, r, &p, err) : !files_put(c, t, r, &p, err))
        return false;
    say_parts(c, t, &p, dry);
    /* A format that was named is that of the file. */
    if (c->want->format != FORMAT_AUTO || c->want->excel || !c->out->receipt_shown)
        return true;
    bool ok = out_begin(c->out, receipt_columns, -1, err);
    for (int i = 0; ok && i < p.n; i++)
        ok = out_row(c->out, (Value[]){ value_cstr(p.part[i].name), value_int(p.part[i].rows) },
                     err);
    return ok;
}

static bool export_as(const Call *c, const Type *t, Error *err)
{
    const ExportArgs *a = c->args;
    Filter filter;
    Export *x = NULL;
    Rows r;
    bool named = a->file && strcmp(a->file, "-") != 0;
    if (!may_write(c, a, named, err) || !filter_arg(c, t, &a->filter, &filter, err)
        || !export_open(c->crm, t, &filter, a->list, c->arena, &x, err))
        return false;
    bool ok = rows_begin(&r, x, err)
              && (named ? export_files(c, t, &r, err) : export_rows(c, t, &r, err));
    export_close(x);
    return ok;
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
    { "--split", ARG_INT, ARG_OPTIONAL, \
      "rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on", \
      AT(ExportArgs, split), .least = 1 }, \
    { 0 }

#define DETAIL \
    "Rows come in the order of their ids, with every field that import takes, so that an import " \
    "of the file by --key id finds all of them the same. The format goes by the suffix (csv, " \
    "tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet " \
    "opens with a double click. The file is readable by its owner alone."

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
