/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_journal.c -- undo, redo.
 *
 * The journal opens its own transactions; a rehearsal nests them in one that is rolled back.
 */
#include <inttypes.h>

#include "cmd/command.h"
#include "store/journal.h"

/* ---- undo, redo ------------------------------------------------------------------------------ */

typedef struct Undo { bool list; int64_t run, limit; } Undo;

static const Column undone_columns[] = {
    { "run", KIND_INT, 0 }, { "removed", KIND_INT, 0 }, { "restored", KIND_INT, 0 },
    { "schema", KIND_INT, 0 }, { "kept", KIND_INT, 0 }, { 0 }
};

/* "2 fields dropped": `noun` gets its s. */
static void put_count(Buf *b, int64_t n, const char *noun, const char *what)
{
    if (n)
        buf_printf(b, "%s%" PRId64 " %s%s%s%s", b->n ? ", " : "", n, noun,
                   *noun && n != 1 ? "s" : "", *noun ? " " : "", what);
}

static bool tell(const Call *c, const Undone *u, bool undo, Error *err)
{
    Buf counts = { 0 };
    put_count(&counts, u->removed, "", "removed");
    put_count(&counts, u->restored, "", "restored");
    put_count(&counts, u->columns, "field", u->again ? "added again" : "dropped");
    put_count(&counts, u->tables, "type", u->again ? "added again" : "dropped");
    put_count(&counts, u->facts, "fact", "kept");
    ui_note(c->ui, "%s%s: %.*s (%s)%s", c->dry_run ? "would: " : "", undo ? "undone" : "redone",
            STR_ARG(u->title), counts.n ? counts.s : "nothing left to change",
            undo ? "; redo brings it back" : "");
    buf_release(&counts);
    const Value v[] = { value_int(u->run), value_int(u->removed), value_int(u->restored),
                        value_int(u->columns + u->tables), value_int(u->facts) };
    return out_receipt(c->out, undone_columns, -1, v, err);
}

/* What the walkers of the journal are handed: a row that fails stops them and keeps its error. */
typedef struct Walk { const Call *c; Error *err; bool ok; } Walk;

static bool run_row(void *ctx, const RunInfo *r)
{
    Walk *w = ctx;
    const Value v[] = { value_int(r->id), value_int(r->at), value_text(r->user),
                        value_text(r->title), value_int(r->rows), value_int(r->undone) };
    return w->ok = out_row(w->c->out, v, w->err);
}

static bool list_runs(const Call *c, int64_t limit, Error *err)
{
    static const Column columns[] = {
        { "run", KIND_INT, 0 }, { "at", KIND_TIME, 0 }, { "user", KIND_TEXT, 0 },
        { "title", KIND_TEXT, COLUMN_FOLD }, { "rows", KIND_INT, 0 }, { "undone", KIND_BOOL, 0 },
        { 0 }
    };
    Walk w = { c, err, true };
    return out_begin(c->out, columns, -1, err)
        && journal_runs(c->crm->store, limit, run_row, &w, err) && w.ok;
}

/* A rehearsal is the real thing inside a transaction that is rolled back. Fields, settings and
 * rights may have come or gone, so they are read again. */
static bool take_back(const Call *c, bool undo, int64_t run, Error *err)
{
    Store *st = c->crm->store;
    Undone u = { 0 };
    if (c->dry_run && !store_begin(st, err))
        return false;
    bool ok = undo ? journal_undo(st, run, c->arena, &u, err)
                   : journal_redo(st, c->arena, &u, err);
    if (c->dry_run)
        store_rollback(st);
    else if (ok)
        ok = crm_reload(c->crm, err);
    return ok && tell(c, &u, undo, err);
}

static bool undo_run(const Call *c, Error *err)
{
    const Undo *a = c->args;
    return a->list ? list_runs(c, a->limit, err) : take_back(c, true, a->run, err);
}

static bool redo_run(const Call *c, Error *err)
{
    return take_back(c, false, 0, err);
}

static const Command undo = {
    .name = "undo",
    .summary = "Take back the last command, script, import or dial session",
    .detail = "Rows are restored whole. Where later work would be lost it refuses and names the "
              "rows. Real calls are facts: they are kept and counted.",
    .args = (const Arg[]){
        { "run", ARG_INT, ARG_OPTIONAL, "this one instead of the last (numbers: undo --list)",
          AT(Undo, run) },
        { "--list", ARG_FLAG, ARG_OPTIONAL, "show what can be taken back", AT(Undo, list) },
        { "--limit", ARG_INT, ARG_OPTIONAL, "list at most this many, 0 for all",
          AT(Undo, limit), .fallback = "20" },
        { 0 } },
    .args_size = sizeof(Undo),
    .examples = (const Example[]){
        { "undo", "take the last one back" },
        { "undo --list", "what there is to take back" },
        { "undo --dry-run", "what would happen" },
        { 0 } },
    .flags = COMMAND_WRITES | COMMAND_OWN_TX,
    .run = undo_run,
};

static const Command redo = {
    .name = "redo",
    .summary = "Do again what undo took back",
    .detail = "New work after an undo clears what could be redone.",
    .examples = (const Example[]){ { "undo; redo", "there and back" }, { 0 } },
    .columns = undone_columns,
    .flags = COMMAND_WRITES | COMMAND_OWN_TX,
    .run = redo_run,
};

const Command *const journal_commands[] = { &undo, &redo, NULL };
