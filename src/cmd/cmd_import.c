/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_import.c -- import: a file of any type's records, or of customers for a list; import undo.
 */
#include <inttypes.h>

#include <stdio.h>

#include "base/clock.h"
#include "base/country.h"
#include "cmd/command.h"
#include "model/import.h"
#include "model/import_mapping.h"
#include "model/import_undo.h"
#include "store/journal.h"

typedef struct ImportArgs {
    const char *list, *file;
    Texts map;
    const char *key, *on_match;
    bool create_fields, ignore_unknown, strict;
    const char *region, *encoding, *delimiter, *format, *columns, *rejects, *sheet;
    const char *date_order, *mapping;
    int64_t header;
} ImportArgs;

static const char *const matches[] = { "fill", "update", "skip", "reject", NULL };

#define IMPORT_OPTIONS \
    { "--map", ARG_LIST, ARG_OPTIONAL, "lead a column to a field; HEADER= leaves it out", \
      AT(ImportArgs, map), .value = "HEADER=field" }, \
    { "--mapping", ARG_TEXT, ARG_OPTIONAL, "lead columns as a saved mapping does", \
      AT(ImportArgs, mapping), .value = "NAME" }, \
    { "--key", ARG_TEXT, ARG_OPTIONAL, \
      "what makes rows the same: a,b in turn, a+b together, fields or headers", \
      AT(ImportArgs, key), .value = "a,b" }, \
    { "--on-match", ARG_CHOICE, ARG_OPTIONAL, \
      "what becomes of a known record that the row differs from", \
      AT(ImportArgs, on_match), .choices = matches, .fallback = "fill" }, \
    { "--create-fields", ARG_FLAG, ARG_OPTIONAL, "columns that match no field become fields", \
      AT(ImportArgs, create_fields) }, \
    { "--ignore-unknown", ARG_FLAG, ARG_OPTIONAL, "columns that match no field are left out", \
      AT(ImportArgs, ignore_unknown) }, \
    { "--strict", ARG_FLAG, ARG_OPTIONAL, "store nothing when a row is rejected", \
      AT(ImportArgs, strict) }, \
    { "--region", ARG_TEXT, ARG_OPTIONAL, \
      "country of numbers without one; else the setting region", \
      AT(ImportArgs, region), .value = "CN" }, \
    { "--encoding", ARG_TEXT, ARG_OPTIONAL, "of the file; guessed from all of it otherwise", \
      AT(ImportArgs, encoding), .value = "NAME" }, \
    { "--delimiter", ARG_TEXT, ARG_OPTIONAL, "what separates cells; found out otherwise", \
      AT(ImportArgs, delimiter), .value = "CHAR" }, \
    { "--format", ARG_CHOICE, ARG_OPTIONAL, "of the file; by its name and first bytes otherwise", \
      AT(ImportArgs, format), .choices = import_formats }, \
    { "--columns", ARG_TEXT, ARG_OPTIONAL, \
      "the file has no header: these are its columns; or vicidial", \
      AT(ImportArgs, columns), .value = "a,b,c" }, \
    { "--sheet", ARG_TEXT, ARG_OPTIONAL, "of a workbook; else its first that is not hidden", \
      AT(ImportArgs, sheet), .value = "NAME|N" }, \
    { "--header", ARG_INT, ARG_OPTIONAL, \
      "the row or line that names the columns; found out otherwise", \
      AT(ImportArgs, header), .value = "ROW" }, \
    { "--date-order", ARG_CHOICE, ARG_OPTIONAL, \
      "of 3/4/2026; by the other days of its column otherwise", \
      AT(ImportArgs, date_order), .choices = import_day_orders }, \
    { "--rejects", ARG_FILE, ARG_OPTIONAL, "where rejected rows go; else beside the file", \
      AT(ImportArgs, rejects) }, \
    { 0 }

static const Column report_columns[] = {
    { "batch", KIND_INT, 0 },   { "read", KIND_INT, 0 },    { "new", KIND_INT, 0 },
    { "updated", KIND_INT, 0 }, { "same", KIND_INT, 0 },    { "skipped", KIND_INT, 0 },
    { "rejected", KIND_INT, 0 }, { "warnings", KIND_INT, 0 }, { 0 },
};

/* ---- what the model tells -------------------------------------------------------------------- */

static void talk_note(void *ctx, const char *line)
{
    ui_note(ctx, "%s", line);
}

static void talk_warn(void *ctx, const char *line)
{
    ui_warn(ctx, "%s", line);
}

/* "1,000": people read counts. */
static const char *count(int64_t n, Arena *a)
{
    char digits[24], *text = arena_alloc(a, 32);
    int len = snprintf(digits, sizeof digits, "%" PRId64, n), k = 0;
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            text[k++] = ',';
        text[k++] = digits[i];
    }
    return text;
}

static void tell(const Call *c, const ImportArgs *args, const ImportReport *r, int64_t us)
{
    Arena *a = c->arena;
    ui_note(c->ui, "%sread %s: new %s, updated %s, same %s, skipped %s, rejected %s   (%.2f s)",
            c->dry_run ? "would have " : "", count(r->read, a), count(r->added, a),
            count(r->updated, a), count(r->same, a), count(r->skipped, a), count(r->rejected, a),
            (double)us / 1e6);
    if (r->rejects)
        ui_note(c->ui, "  %s rejected row%s with reasons in %s; mend it and import it again",
                count(r->rejected, a), r->rejected == 1 ? "" : "s", r->rejects);
    if (r->reason)
        ui_note(c->ui, "  %sline %" PRId64 ": %s", r->rejected > 1 ? "the first on " : "",
                r->reason_line, r->reason);
    if (args->list)
        ui_note(c->ui, "  %s entr%s added to list %s", count(r->listed, a),
                r->listed == 1 ? "y" : "ies", args->list);
    if (r->batch && r->rejected && !r->added && !r->updated && !r->listed)
        ui_note(c->ui, "  batch %" PRId64 " keeps how they were read, for the reject file",
                r->batch);
    else if (r->batch)
        ui_note(c->ui, "  batch %" PRId64 "; undo takes all of this back", r->batch);
    else
        ui_note(c->ui, c->dry_run ? "  nothing was stored" : "  nothing was changed");
}

/* ---- the commands ---------------------------------------------------------------------------- */

static ImportMatch match_of(const char *typed)
{
    for (int i = 0; matches[i]; i++)
        if (typed && strcmp(typed, matches[i]) == 0)
            return (ImportMatch)i;
    return IMPORT_FILL;
}

static const char *region_of(const Call *c, const char *typed, Error *err)
{
    const char *code = country_find(str(typed));
    (void)c;
    if (code)
        return code;
    fail(err, ERR_USAGE, "no such country: '%s'", typed);
    fail_hint(err, "--region takes a country's code or name: CN, US, 德国");
    return NULL;
}

static bool import_as(const Call *c, const Type *t, Error *err)
{
    const ImportArgs *a = c->args;
    ImportReport r;
    ImportOptions o = {
        .type = t,
        .file = a->file,
        .list = a->list,
        .map = a->map.s,
        .maps = a->map.n,
        .key = a->key,
        .on_match = match_of(a->on_match),
        .create_fields = a->create_fields,
        .ignore_unknown = a->ignore_unknown,
        .strict = a->strict,
        .dry_run = c->dry_run,
        .encoding = a->encoding,
        .delimiter = a->delimiter,
        .format = a->format,
        .columns = a->columns,
        .rejects = a->rejects,
        .sheet = a->sheet,
        .header = a->header,
        .date_order = a->date_order,
    };
    ImportTalk talk = { c->ui, talk_note, talk_warn, ui_progress, ui_interrupted };
    if (a->mapping && !import_mapping_load(c->crm, a->mapping, &o, c->arena, err))
        return false;
    if (a->region && !(o.region = region_of(c, a->region, err)))
        return false;
    int64_t began = clock_monotonic_us();
    if (store_depth(c->crm->store) == 0)
        journal_describe(c->crm->store, str(c->line));
    bool ok = import_run(c->crm, &o, &talk, c->arena, &r, err);
    if (!ok) {
        if (r.rejects)
            ui_note(c->ui, "  %" PRId64 " rejected row%s with reasons in %s", r.rejected,
                    r.rejected == 1 ? "" : "s", r.rejects);
        return false;
    }
    tell(c, a, &r, clock_monotonic_us() - began);
    const Value v[] = {
        r.batch ? value_int(r.batch) : value_null(),
        value_int(r.read),
        value_int(r.added),
        value_int(r.updated),
        value_int(r.same),
        value_int(r.skipped),
        value_int(r.rejected),
        value_int(r.warnings),
    };
    return out_receipt(c->out, report_columns, -1, v, err);
}

static bool generic_run(const Call *c, Error *err)
{
    return import_as(c, c->cmd->type, err);
}

static bool customers_run(const Call *c, Error *err)
{
    return import_as(c, schema_type(c->crm->schema, STR("customer")), err);
}

#define DETAIL \
    "The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, " \
    "UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what " \
    "its columns are is found out " \
    "and told. A row that is a known record, by --key, fills the empty fields of that record " \
    "(fill), replaces its values (update), or leaves it alone; empty cells never erase, and a " \
    "further number or address is added to those there are. Rows that cannot be stored go to a " \
    "reject file with line and reason, which can be imported again once mended. All of it is " \
    "one transaction, and undo takes it back."

const Command generic_import = {
    .name = "import",
    .summary = "Bring in a file of records: CSV, TSV, JSON, vCard or XLSX",
    .detail = DETAIL,
    .args = (const Arg[]){ { "file", ARG_FILE, 0, "the file; - for standard input",
                             AT(ImportArgs, file) },
                           IMPORT_OPTIONS },
    .args_size = sizeof(ImportArgs),
    .columns = report_columns,
    .flags = COMMAND_WRITES | COMMAND_OWN_TX,
    .run = generic_run,
    .examples = (const Example[]){
        { "{noun} import {nouns}.csv --dry-run", "what it would do" },
        { "{noun} import {nouns}.csv --key id", "what `export` wrote" },
        { 0 } },
};

static const Command import = {
    .name = "import",
    .summary = "Bring in a file of customers: CSV, TSV, JSON, vCard or XLSX",
    .detail = "The same as customer import. " DETAIL,
    .args = (const Arg[]){ { "file", ARG_FILE, 0, "the file; - for standard input",
                             AT(ImportArgs, file) },
                           IMPORT_OPTIONS },
    .args_size = sizeof(ImportArgs),
    .columns = report_columns,
    .flags = COMMAND_WRITES | COMMAND_OWN_TX,
    .run = customers_run,
    .examples = (const Example[]){
        { "import customers.csv --dry-run", "what it would do" },
        { "import customers.csv --key phone --create-fields",
          "a field for each column that is none" },
        { 0 } },
};

static const Command list_import = {
    .name = "list import",
    .summary = "Bring in a file of customers and put them on a list",
    .detail = "The list is made when there is none of that name. Customers that are known already "
              "are put on it too. " DETAIL,
    .args = (const Arg[]){ { "name", ARG_TEXT, 0, "the list", AT(ImportArgs, list) },
                           { "file", ARG_FILE, 0, "the file; - for standard input",
                             AT(ImportArgs, file) },
                           IMPORT_OPTIONS },
    .args_size = sizeof(ImportArgs),
    .columns = report_columns,
    .flags = COMMAND_WRITES | COMMAND_OWN_TX,
    .run = customers_run,
    .examples = (const Example[]){
        { "list import spring customers.csv", "customers of a file, onto a list" },
        { 0 } },
};

/* ---- import undo ----------------------------------------------------------------------------- */

typedef struct UndoArgs { int64_t batch; } UndoArgs;
typedef struct StaysCtx { const Call *c; Error *err; bool ok; } StaysCtx;

static const Column stays_columns[] = {
    { "type", KIND_TEXT, 0 }, { "id", KIND_INT, 0 }, { "name", KIND_TEXT, COLUMN_FOLD },
    { "why", KIND_TEXT, COLUMN_FOLD }, { 0 }
};

static void stays_row(void *ctx, const char *table, int64_t row, Str why)
{
    StaysCtx *x = ctx;
    const Type *t = schema_type(x->c->crm->schema, str(table));
    Arena a = { 0 };                     /* not the command's: the sink keeps its rows there */
    const char *label = t ? record_label(x->c->crm, t, row, &a) : "";
    const Value v[] = { value_cstr(table), value_int(row),
                        *label ? value_cstr(label) : value_null(), value_text(why) };
    x->ok = x->ok && out_row(x->c->out, v, x->err);
    arena_release(&a);
}

static bool undo_run(const Call *c, Error *err)
{
    const UndoArgs *a = c->args;
    StaysCtx x = { c, err, true };
    ImportUndone u;
    if (!out_begin(c->out, stays_columns, -1, err)
        || !import_undo(c->crm, a->batch, stays_row, &x, &u, err) || !x.ok)
        return false;
    ui_note(c->ui, "import %" PRId64 " taken back: %s removed, %s restored%s", a->batch,
            count(u.removed, c->arena), count(u.restored, c->arena),
            u.columns ? arena_printf(c->arena, ", %" PRId64 " field%s dropped", u.columns,
                                     u.columns == 1 ? "" : "s") : "");
    if (u.kept)
        ui_note(c->ui, "  %s row%s: later work has touched them, see above",
                count(u.kept, c->arena), u.kept == 1 ? " stays" : "s stay");
    ui_note(c->ui, "  undo brings it back");
    return true;
}

static const Command import_undo_command = {
    .name = "import undo",
    .summary = "Take one import back, also when other work came after it",
    .detail = "Records that nobody has touched since are removed, or get the values back that they "
              "had. A record that was changed, called, listed or referred to since stays, with all "
              "that the import gave it; the rows are those that stay, with the reason. Fields that "
              "the import created go when nothing that stays has a value in them. The batch "
              "remains, marked as undone.",
    .args = (const Arg[]){
        { "import", ARG_RECORD, 0, "its number, as import list shows it", AT(UndoArgs, batch),
          .of = "batch" },
        { 0 } },
    .args_size = sizeof(UndoArgs),
    .columns = stays_columns,
    .examples = (const Example[]){
        { "import undo 1 --dry-run", "what would go and what would stay" },
        { 0 } },
    .flags = COMMAND_WRITES,
    .run = undo_run,
};

/* ---- mapping save ---------------------------------------------------------------------------- */

typedef struct MappingArgs { const char *name; Texts map; } MappingArgs;

static bool mapping_save_run(const Call *c, Error *err)
{
    const MappingArgs *a = c->args;
    bool added;
    if (!import_mapping_save(c->crm, a->name, a->map.s, a->map.n, c->arena, &added, err))
        return false;
    ui_note(c->ui, "mapping %s %s; --mapping %s imports by it", a->name,
            added ? "saved" : "replaced", a->name);
    return true;
}

static const Command mapping_save = {
    .name = "mapping save",
    .summary = "Keep what an import was told of its columns, under a name",
    .detail = "Of the last import: its --map, the fields that it created, the columns that it left "
              "out, and its --key. Or what --map says here. A mapping of that name is replaced. "
              "Headers that are known without it need not be in it; columns of it that a file does "
              "not have do not matter.",
    .args = (const Arg[]){
        { "name", ARG_TEXT, 0, "its name", AT(MappingArgs, name) },
        { "--map", ARG_LIST, ARG_OPTIONAL, "lead a column to a field; HEADER= leaves it out",
          AT(MappingArgs, map), .value = "HEADER=field" },
        { 0 } },
    .args_size = sizeof(MappingArgs),
    .examples = (const Example[]){
        { "mapping save fair --map Remarks=note --map Hall=", "for import --mapping fair" },
        { 0 } },
    .flags = COMMAND_WRITES,
    .run = mapping_save_run,
};

const Command *const import_commands[] = { &import, &list_import, &import_undo_command,
                                           &mapping_save, NULL };
