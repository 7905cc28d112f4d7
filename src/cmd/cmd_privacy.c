/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_privacy.c -- privacy export, privacy erase: what the law gives a person.
 */
#include <inttypes.h>

#include "cmd/consent.h"
#include "model/privacy.h"
#include "model/record.h"
#include "store/journal.h"

typedef struct Subject { int64_t customer; } Subject;

#define SUBJECT_ARGS (const Arg[]){ \
    { "customer", ARG_INT, 0, "the id of who asks for it, deleted or not", \
      AT(Subject, customer), .least = 1 }, \
    { 0 } }

/* ---- export ---------------------------------------------------------------------------------- */

static const Column held_columns[] = { { "held", KIND_TEXT, COLUMN_SCALAR | COLUMN_JSON }, { 0 } };

static bool export_run(const Call *c, Error *err)
{
    const Subject *a = c->args;
    Held held;
    Buf json = { 0 };
    bool ok = privacy_held(c->crm, a->customer, c->arena, &held, err)
           && privacy_json(c->crm, &held, c->arena, &json, err)
           && out_begin(c->out, held_columns, -1, err)
           && out_row(c->out, (Value[]){ value_text(buf_as_str(&json)) }, err);
    buf_release(&json);
    return ok;
}

static const Command privacy_export = {
    .name = "privacy export",
    .summary = "Print all that is held on a customer, as one JSON object",
    .detail = "A key for each table with its rows, and the journal of these rows. Files beside the "
              "database (exports, rejects, backups) are not looked at.",
    .args = SUBJECT_ARGS,
    .args_size = sizeof(Subject), .columns = held_columns, .need = MAY_READ | MAY_EXPORT,
    .examples = (const Example[]){
        { "privacy export 1", "all of it" },
        { "privacy export 1 > held.json", "into a file that its owner alone can read" },
        { 0 } },
    .run = export_run,
};

/* ---- erase ----------------------------------------------------------------------------------- */

typedef struct Receipt {
    const Call *c;
    int64_t left;                      /* found where nothing should be */
    Error *err;
} Receipt;

static const Column receipt_columns[] = {
    { "place", KIND_TEXT, 0 }, { "searched", KIND_TEXT, COLUMN_FOLD }, { "found", KIND_INT, 0 },
    { 0 }
};

static bool line(Receipt *r, const char *place, const char *searched, int64_t found)
{
    r->left += found;
    return out_row(r->c->out, (Value[]){ value_cstr(place), value_cstr(searched),
                                         value_int(found) }, r->err);
}

/* Old values that are still in the bytes of the file, but in no row: those of others may be there,
 * when they have the same name. */
static bool bytes_line(Receipt *r, const Erasure *e)
{
    const Call *c = r->c;
    int64_t *times = ARENA_ARRAY(c->arena, int64_t, e->n_values + 1), left = 0;
    int others = 0;
    if (!store_bytes_hold(c->crm->store, e->values, e->n_values, times, r->err))
        return false;
    for (int i = 0; i < e->n_values; i++) {
        int64_t rows = 0;
        if (times[i] && !store_rows_hold(c->crm->store, e->values[i], &rows, r->err))
            return false;
        others += rows > 0;
        left += times[i] && rows == 0;
    }
    return line(r, "file and write-ahead log",
                arena_printf(c->arena, "each byte, for %d values%s", e->n_values, others ?
                             arena_printf(c->arena, "; %d of them others have too", others) : ""),
                left);
}

static bool receipt(Receipt *r, const Held *held, const Erasure *e, bool cut)
{
    int64_t fields, images, words, rows = 0;
    const Call *c = r->c;
    for (int i = 0; i < held->n; i++)
        rows += held->tables[i].n;
    return privacy_left(c->crm, held, c->arena, &fields, r->err)
        && store_rest(c->crm->store, held->tables, held->n, &images, &words, r->err)
        && out_begin(c->out, receipt_columns, -1, r->err)
        && line(r, "tables", arena_printf(c->arena, "%" PRId64 " rows of %d tables", rows,
                                          held->n), fields)
        && line(r, "journal", arena_printf(c->arena, "%" PRId64 " images and %" PRId64
                                           " texts removed", e->images, e->texts), images)
        && line(r, "search index", "written anew", words)
        && line(r, "write-ahead log", cut ? "cut" : "another program reads the file", !cut)
        && bytes_line(r, e);
}

/* All of it in one transaction; what is beside it cannot be taken back either. */
static bool erase_held(const Call *c, const Held *held, int64_t customer, Erasure *e, Erased *done,
                       Error *err)
{
    Store *st = c->crm->store;
    if (!store_begin(st, err))
        return false;
    journal_describe(st, str(arena_printf(c->arena, "privacy erase %" PRId64, customer)));
    if (!privacy_erase(c->crm, held, e, c->arena, done, err)) {
        store_rollback(st);
        return false;
    }
    if (call_rehearses(c)) {
        store_rollback(st);
        return true;
    }
    return store_commit(st, err);
}

/* The name must be typed, or the id of one without. */
static bool ask(const Call *c, int64_t customer, Error *err)
{
    const Type *t = schema_type(c->crm->schema, STR("customer"));
    const char *name = record_label(c->crm, t, customer, c->arena);
    if (!*name)
        name = arena_printf(c->arena, "%" PRId64, customer);
    return consent_ask(c, arena_printf(c->arena, "privacy erase %s", name), name, err);
}

static bool erase_run(const Call *c, Error *err)
{
    const Subject *a = c->args;
    Held held;
    Erasure e;
    Erased done;
    Receipt r = { .c = c, .err = err };
    bool cut = false, dry = call_rehearses(c);
    if (!dry && store_depth(c->crm->store) > 0) {
        fail(err, ERR_REFUSED, "privacy erase cannot be part of a larger change");
        return fail_hint(err, "commit or roll back what is open");
    }
    if (!privacy_held(c->crm, a->customer, c->arena, &held, err) || !ask(c, a->customer, err)
        || !erase_held(c, &held, a->customer, &e, &done, err))
        return false;
    ui_note(c->ui, "%scustomer %" PRId64 " erased: %" PRId64 " fields and %" PRId64
            " rows in %d tables", dry ? "would: " : "", a->customer, done.fields, done.rows,
            done.tables);
    if (dry)
        return true;
    if (!store_scrub(c->crm->store, &cut, err) || !receipt(&r, &held, &e, cut))
        return false;
    if (r.left == 0)
        return true;
    fail(err, ERR_FAILED, "something is left: see what was found");
    return fail_hint(err, cut ? "privacy erase %" PRId64 " again; check says whether the file is "
                          "sound" : "close the other program, then privacy erase %" PRId64,
                     a->customer);
}

static const Command privacy_erase_command = {
    .name = "privacy erase",
    .summary = "Take a customer's values out of the file for good, and prove it",
    .detail = "The rows that reports count stay, without what tells of a person; contact points, "
              "tags and lines of the stop list go. The journal loses the old values and what was "
              "typed, and log verify still holds. The name must be typed to confirm it. "
              "Afterwards the old values are sought in the tables, the journal, the search index "
              "and each byte of the file and its write-ahead log: the rows say what was found. "
              "Exports, rejects, backups and the shell's history are files of their own.",
    .args = SUBJECT_ARGS,
    .args_size = sizeof(Subject), .columns = receipt_columns, .need = MAY_ADMIN,
    .flags = COMMAND_WRITES | COMMAND_OWN_TX | COMMAND_FINAL,
    .examples = (const Example[]){
        { "privacy erase 3 --dry-run", "how much it is" },
        { 0 } },
    .run = erase_run,
};

const Command *const privacy_commands[] = { &privacy_export, &privacy_erase_command, NULL };
