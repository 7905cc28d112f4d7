/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/unicode.h"
#include "model/import_infer.h"
#include "model/import_keys.h"
#include "model/import_mapping.h"
#include "model/import_reject.h"
#include "model/import_rows.h"
#include "model/import_write.h"
#include "model/record.h"
#include "store/journal.h"

enum { TICK = 4096, LARGE = 20000 };   /* LARGE: rows whose index is not sorted in memory */

enum { BATCH_ADD, SQL_COUNT };
static const Sql sql[] = {
    [BATCH_ADD] = { "INSERT INTO batch (id, type, file, at, encoding, key, on_match, list, read, "
                    "new, updated, same,"
                    " skipped, rejected, rejects, change, map, region, date_order) VALUES (?1, ?2,"
                    " ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
                    " ?19)",
                    0 },
};
const SqlTable import_sql = { "import", sql, SQL_COUNT };

static const char *const match_names[] = { "fill", "update", "skip", "reject" };

typedef struct Job {
    Crm *crm;
    const ImportOptions *o;
    ImportOptions told;                /* what o is for a reject file: as the first import had it */
    const ImportTalk *talk;
    Arena *arena;
    ImportReport *report;
    ImportFile *file;
    ImportMap map;
    ImportKeys keys;
    ImportWarnings warnings;
    RowFile *rows, *rejects;
    RejectFile reject_file;
    int64_t file_keys, blank;
    int64_t list;
    bool ordered;                      /* the order of dates in each column is known */
} Job;

static bool interrupted(const Job *j, Error *err)
{
    return fail(err, ERR_INTERRUPTED, "interrupted: nothing of %s was stored",
                import_file_name(j->file));
}

static bool tick(Job *j, const char *what, int64_t rows, int64_t done, int64_t total, Error *err)
{
    if (rows % TICK)
        return true;
    j->talk->progress(j->talk->ctx, what, done, total);
    if (!j->talk->interrupted(j->talk->ctx))
        return true;
    return interrupted(j, err);
}

/* ---- before the database is locked ----------------------------------------------------------- */

static void announce(Job *j)
{
    char *line = arena_printf(j->arena, "%s: %s, home region %s", import_file_name(j->file),
                              import_file_describe(j->file),
                              j->o->region ? j->o->region : phones_region(j->crm->phones));
    j->talk->note(j->talk->ctx, line);
    if (import_file_note(j->file))
        j->talk->note(j->talk->ctx, import_file_note(j->file));
}

static bool infer(Job *j, Error *err)
{
    j->ordered = true;
    return import_infer(&j->map, j->file, j->talk, j->arena, err);
}

/* A reject file is read as the import which wrote it was told; *batch is that one, or 0. */
static bool as_before(Job *j, int64_t *batch, Error *err)
{
    *batch = 0;
    if (j->o->saveds || reject_file_column(j->file) < 0)
        return true;
    j->told = *j->o;
    j->o = &j->told;
    return import_mapping_of_rejects(j->crm, str(import_file_name(j->file)), &j->told, batch,
                                     j->arena, err);
}

static bool prepare(Job *j, Error *err)
{
    const ImportOptions *o = j->o;
    int64_t batch;
    ImportFileOptions f = { o->file, o->format, o->encoding, o->delimiter, o->columns,
                            o->sheet, o->header, j->talk };
    if (!import_file_open(&f, j->arena, &j->file, err))
        return false;
    if (!as_before(j, &batch, err))
        return false;
    announce(j);
    if (batch && j->told.saveds)
        j->talk->note(j->talk->ctx, arena_printf(j->arena, "  columns and key as in batch %" PRId64,
                                                 batch));
    o = j->o;
    bool mapped = import_map(j->crm, o, j->file, j->arena, &j->map, err);
    j->ordered = o->date_order != NULL;
    mapped = mapped && import_infer_misfits(&j->map, j->crm, j->file, j->arena, err);
    if (mapped)
        import_map_own_fields(&j->map, j->arena);
    if (mapped && !o->create_fields && !o->ignore_unknown && import_map_has_unknown(&j->map))
        mapped = import_infer_empty(&j->map, j->file, j->talk, j->arena, err);
    mapped = mapped && import_map_settle(&j->map, o, j->arena, err);
    if (mapped && import_infer_needed(&j->map))
        mapped = infer(j, err);
    if (mapped)
        mapped = import_keys(o, &j->map, j->arena, &j->keys, err);
    if (mapped || err->code == ERR_FAILED)
        import_map_tell(&j->map, j->talk);
    return mapped;
}

static bool read_all(Job *j, RowReader *reader, Error *err)
{
    ImportRecord record;
    ImportRow row;
    Buf text = { 0 };
    int more = 1;
    bool ok = true;
    for (int64_t n = 0; ok && !row_reader_wants_order(reader)
                        && (more = import_file_next(j->file, &record, err)) > 0; n++) {
        ok = tick(j, "reading", n, import_file_tell(j->file), import_file_size(j->file), err);
        if (!ok)
            break;
        if (!row_read(reader, &record, n, &row)) {
            j->blank++;
            continue;
        }
        if (!row.reason.s)
            j->file_keys += import_keys_count(&j->keys, &row, &text);
        ok = row_file_put(j->rows, &row, err);
    }
    buf_release(&text);
    return ok && more >= 0;
}

static bool read_once(Job *j, bool *again, Error *err)
{
    row_file_close(j->rows);
    j->warnings = (ImportWarnings){ 0 };
    j->file_keys = j->blank = 0;
    j->rows = row_file_open(j->map.slots, err);
    if (!j->rows || !import_file_rewind(j->file, err))
        return false;
    RowReader *reader = row_reader_open(j->crm, &j->map, j->o->region, j->ordered, &j->warnings);
    bool ok = read_all(j, reader, err);
    *again = row_reader_wants_order(reader);
    row_reader_close(reader);
    return ok;
}

/* Parse and normalise the whole file. */
static bool read_file(Job *j, Error *err)
{
    bool again;
    if (!(j->rejects = row_file_open(0, err)) || !read_once(j, &again, err))
        return false;
    if (again && (!infer(j, err) || !read_once(j, &again, err)))
        return false;
    return import_file_unchanged(j->file, err) && row_file_rewind(j->rows, err);
}

/* ---- in the transaction ---------------------------------------------------------------------- */

static bool create_fields(Job *j, Error *err)
{
    bool any = false;
    for (int i = 0; i < j->map.columns; i++) {
        const Field *f = j->map.route[i].created;
        Buf choices = { 0 };
        if (!f)
            continue;
        for (int k = 0; f->choices && f->choices[k]; k++)
            buf_printf(&choices, "%s%s", k ? "," : "", f->choices[k]);
        FieldSpec spec = { .name = str(f->name), .label = str(f->label), .kind = f->kind,
                           .choices = buf_as_str(&choices) };
        bool ok = field_add(j->crm, j->map.type_name, &spec, err);
        buf_release(&choices);
        if (!ok)
            return false;
        any = true;
    }
    return !any || import_map_renew(&j->map, j->crm, err);
}

static bool find_list(Job *j, Error *err)
{
    Error missing = { 0 };
    const Type *list = schema_type(j->crm->schema, STR("list"));
    if (!j->o->list)
        return true;
    if (record_find(j->crm, list, str(j->o->list), &j->list, &missing)) {
        Record *r;
        if (!record_load(j->crm, list, j->list, false, j->arena, &r, err))
            return false;
        Value state = record_value(r, "state");
        if (state.type != VALUE_TEXT || str_is(state.s, "active"))
            return true;
        fail(err, ERR_REFUSED, "list %s is %.*s", j->o->list, STR_ARG(state.s));
        return fail_hint(err, "only an active list takes entries");
    }
    Record *r = record_new(list, j->arena);
    if (!record_put(j->crm, r, STR("name"), FIELD_SET, str(j->o->list), j->arena, err)
        || !record_add(j->crm, r, err))
        return false;
    j->list = r->id;
    return true;
}

static bool reject(Job *j, const ImportRow *row, const char *reason, Error *err)
{
    ImportRow r = { .ordinal = row->ordinal,
                    .line = row->line,
                    .reason = reason ? str(reason) : row->reason };
    if (j->report->rejected++ == 0) {
        Buf safe = { .max = 200 };
        text_put_safe(&safe, r.reason);
        j->report->reason = str_c(buf_as_str(&safe), j->arena);
        j->report->reason_line = r.line;
        buf_release(&safe);
    }
    return row_file_put(j->rejects, &r, err);
}

static bool write_rows(Job *j, ImportWriter *w, Error *err)
{
    ImportRow row;
    int more = 1;
    bool ok = true;
    while (ok && (more = row_file_next(j->rows, &row, err)) > 0) {
        const char *reason = NULL;
        ok = tick(j, "storing", j->report->read, j->report->read, row_file_count(j->rows), err);
        j->report->read++;
        if (ok && !row.reason.s)
            ok = import_writer_row(w, &row, j->report, &reason, err);
        if (ok && (reason || row.reason.s))
            ok = reject(j, &row, reason, err);
    }
    return ok && more == 0 && import_writer_end(w, j->report, err);
}

static bool write_file(Job *j, int64_t batch, Error *err)
{
    ImportPlan plan = { .o = j->o,
                        .map = &j->map,
                        .keys = &j->keys,
                        .file = j->rows,
                        .rows = row_file_count(j->rows),
                        .batch = batch,
                        .file_keys = j->file_keys,
                        .list = j->list,
                        .origin = arena_printf(j->arena, "import %s", import_file_name(j->file)),
                        .warnings = &j->warnings,
                        .arena = j->arena };
    ImportWriter *w = import_writer_open(j->crm, &plan, err);
    bool ok = w && write_rows(j, w, err);
    import_writer_close(w);
    return ok;
}

/* The reject file is complete before anything is committed, and gets its name after. */
static bool write_rejects(Job *j, Error *err)
{
    if (j->report->rejected == 0)
        return true;
    return (!j->o->rejects || store_spares(j->crm->store, j->o->rejects, err))
        && reject_file_write(j->file, j->o->file, j->o->rejects, j->rejects, j->arena,
                             &j->reject_file, err);
}

static bool batch_add(Job *j, int64_t id, Error *err)
{
    Query *q = NULL;
    const ImportReport *r = j->report;
    if (!query_open(j->crm->store, &sql[BATCH_ADD], &q, err))
        return false;
    const int64_t figures[] = { r->read, r->added, r->updated, r->same, r->skipped, r->rejected };
    query_int(q, 1, id);
    query_cstr(q, 2, j->map.type_name);
    query_cstr(q, 3, import_file_name(j->file));
    query_int(q, 4, crm_now(j->crm));
    query_cstr(q, 5, import_file_encoding(j->file));
    query_cstr(q, 6, j->keys.text);
    query_cstr(q, 7, match_names[j->o->on_match]);
    query_value(q, 8, j->list ? value_int(j->list) : value_null());
    for (int i = 0; i < 6; i++)
        query_int(q, 9 + i, figures[i]);
    query_cstr(q, 15, j->reject_file.path);
    query_int(q, 16, journal_current(j->crm->store));
    Buf map = { 0 };
    import_mapping_put(&j->map, j->o, &map);
    query_str(q, 17, map.n ? buf_as_str(&map) : (Str){ 0 });
    query_cstr(q, 18, j->o->region);
    query_cstr(q, 19, import_mapping_order(&j->map, j->o));
    bool ok = query_run(q, err);
    query_close(q);
    buf_release(&map);
    return ok;
}

static bool strict_ok(const Job *j, Error *err)
{
    if (!j->o->strict || j->report->rejected == 0)
        return true;
    fail(err, ERR_FAILED, "%" PRId64 " row%s rejected, and --strict stores all or nothing",
         j->report->rejected, j->report->rejected == 1 ? " was" : "s were");
    return fail_hint(err, "mend them in %s", j->reject_file.path);
}

/* It changes something, or knows nothing yet of the rows of its reject file, which will come in
 * again as it was told. */
static bool worth_a_batch(const Job *j)
{
    const ImportReport *r = j->report;
    bool fields = false;
    for (int i = 0; i < j->map.columns; i++)
        fields |= j->map.route[i].created != NULL;
    return fields || r->added || r->updated || r->listed || (r->rejected && !r->same);
}

static bool inside(Job *j, int64_t *batch, Error *err)
{
    return create_fields(j, err) && find_list(j, err)
           && store_ids(j->crm->store, "batch", 1, batch, err) && write_file(j, *batch, err)
           && write_rejects(j, err) && strict_ok(j, err)
           && (!worth_a_batch(j) || batch_add(j, *batch, err));
}

/* Whatever did not come to a commit leaves no trace: not in the file, nor in the schema in memory.
 */
static bool store_file(Job *j, Error *err)
{
    int64_t batch = 0;
    bool fields = false;
    bool large = row_file_count(j->rows) >= LARGE;
    if ((large && !store_spill(j->crm->store, true, err)) || !store_begin(j->crm->store, err))
        return false;
    for (int i = 0; i < j->map.columns; i++)
        fields |= j->map.route[i].created != NULL;
    bool ok = inside(j, &batch, err);
    bool keep = ok && !j->o->dry_run && (worth_a_batch(j) || j->list);
    if (keep)
        keep = ok = store_commit(j->crm->store, err);
    else
        store_rollback(j->crm->store);
    Error ignored = { 0 };
    if (large)
        store_spill(j->crm->store, false, &ignored);
    if (!keep && fields)
        crm_reload(j->crm, ok ? err : &ignored);
    j->report->batch = keep && worth_a_batch(j) ? batch : 0;
    return ok;
}

/* ---- what is said in the end ----------------------------------------------------------------- */

static void hint_keyless(Job *j)
{
    if (!j->keys.text && j->report->added)
        j->talk->warn(j->talk->ctx, "nothing tells whether a row is known already: a second "
                                    "import adds all again; --key names a column");
    else if (j->keys.text && j->file_keys == 0 && j->report->added)
        j->talk->warn(j->talk->ctx,
                      arena_printf(j->arena,
                                   "no row has a %s: a second import adds all again; --key"
                                   " names a column that tells",
                                   j->keys.text));
}

static void tell_end(Job *j, bool stored)
{
    j->report->warnings = import_warnings_tell(&j->warnings, j->talk);
    if (j->blank)
        j->talk->note(j->talk->ctx, arena_printf(j->arena, "  %" PRId64 " empty line%s left out",
                                                 j->blank, j->blank == 1 ? "" : "s"));
    if (stored)
        hint_keyless(j);
}

/* Rejected rows are for mending where the others were stored, or are to be with them (--strict). */
static bool finish_rejects(Job *j, bool ok, Error *err)
{
    Error renamed = { 0 };
    if (!j->reject_file.path)
        return ok;
    if (!ok && !(j->o->strict && err->code == ERR_FAILED)) {
        reject_file_drop(&j->reject_file);
        return false;
    }
    if (!reject_file_keep(&j->reject_file, j->arena, ok ? err : &renamed))
        return false;
    j->report->rejects = j->reject_file.path;
    return ok;
}

bool import_run(Crm *crm, const ImportOptions *o, const ImportTalk *talk, Arena *a,
                ImportReport *out, Error *err)
{
    Job j = { .crm = crm, .o = o, .talk = talk, .arena = a, .report = out };
    *out = (ImportReport){ 0 };
    bool ok = prepare(&j, err) && read_file(&j, err) && store_file(&j, err);
    bool stored = ok;
    ok = finish_rejects(&j, ok, err);
    if (stored || out->rejects)
        tell_end(&j, stored);
    if (!stored && j.file && err->code == ERR_INTERRUPTED)
        interrupted(&j, err);
    row_file_close(j.rows);
    row_file_close(j.rejects);
    import_file_close(j.file);
    return ok;
}
