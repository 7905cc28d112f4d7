/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_store.c -- the file as a whole: check, backup, status.
 */
#include <inttypes.h>

#include "cmd/command.h"
#include "model/books.h"
#include "model/select.h"
#include "store/journal.h"

/* ---- check ----------------------------------------------------------------------------------- */

typedef struct Checking { const Call *c; Error *err; bool ok; } Checking;

static const Column check_columns[] = {
    { "what", KIND_TEXT, 0 }, { "where", KIND_TEXT, 0 }, { "left", KIND_TEXT, 0 },
    { "right", KIND_TEXT, 0 }, { "says", KIND_TEXT, COLUMN_FOLD }, { 0 }
};

static void say_file(void *ctx, Str problem)
{
    Checking *k = ctx;
    const Value v[] = { value_cstr("file"), value_null(), value_null(), value_null(),
                        value_text(problem) };
    k->ok = k->ok && out_row(k->c->out, v, k->err);
}

static void say_books(void *ctx, const Imbalance *i)
{
    Checking *k = ctx;
    const Value v[] = { value_cstr(i->equation->name), value_text(i->where), i->left, i->right,
                        value_cstr(i->equation->says) };
    k->ok = k->ok && out_row(k->c->out, v, k->err);
}

static bool check_run(const Call *c, Error *err)
{
    Checking k = { c, err, true };
    int problems = 0, proven, broken;
    bool foreign = false;
    if (!out_begin(c->out, check_columns, -1, err)
        || !store_check(c->crm->store, say_file, &k, &problems, err) || !k.ok
        || !books_check(c->crm, say_books, &k, &proven, &broken, err) || !k.ok
        || !journal_foreign_writes(c->crm->store, &foreign, err))
        return false;
    if (foreign)
        ui_warn(c->ui, "another program has written to this file: its changes are not in the "
                       "journal, and undo knows nothing of them");
    if (problems + broken) {
        fail(err, ERR_FAILED, "%d problem%s found", problems + broken,
             problems + broken == 1 ? "" : "s");
        return fail_hint(err, "`log` shows what was done last; `undo` takes it back");
    }
    ui_note(c->ui, "the file is sound and %d equations hold", proven);
    return true;
}

static const Command check = {
    .name = "check",
    .summary = "Prove that the file is sound and its books balance",
    .detail = "Each row that breaks an equation is shown with both sides of it; the exit status is "
              "then 1.",
    .columns = check_columns,
    .examples = (const Example[]){ { "check", "no rows, exit status 0: all is well" }, { 0 } },
    .run = check_run,
};

/* ---- backup ---------------------------------------------------------------------------------- */

typedef struct Backup { const char *file; bool force; } Backup;

static bool backup_progress(void *ctx, int done, int total)
{
    const Call *c = ctx;
    ui_progress(c->ui, "backup", done, total);
    return !ui_interrupted(c->ui);
}

static bool backup_run(const Call *c, Error *err)
{
    const Backup *a = c->args;
    bool dry = call_rehearses(c);
    if (dry ? !store_backup_may(c->crm->store, a->file, a->force, err)
            : !store_backup(c->crm->store, a->file, a->force, backup_progress, (void *)c, err))
        return false;
    ui_note(c->ui, "%scopied to %s", dry ? "would: " : "", a->file);
    const Value v = value_cstr(a->file);
    return out_receipt(c->out, c->cmd->columns, -1, &v, err);
}

static const Command backup = {
    .name = "backup",
    .summary = "Copy the database to a file, also while it is in use",
    .args = (const Arg[]){
        { "file", ARG_FILE, 0, "the copy; it must not exist yet", AT(Backup, file) },
        { "--force", ARG_FLAG, ARG_OPTIONAL, "replace it if it exists", AT(Backup, force) },
        { 0 } },
    .args_size = sizeof(Backup),
    .columns = (const Column[]){ { "file", KIND_TEXT, 0 }, { 0 } },
    .examples = (const Example[]){ { "backup copy.db", "a consistent copy, mode 0600" }, { 0 } },
    .need = MAY_EXPORT,
    .run = backup_run,
};

/* ---- status ---------------------------------------------------------------------------------- */

static const char *const counted[] = { "customer", "deal", "list", "entry", "campaign", "call",
                                       "task" };
enum { COUNTED = sizeof counted / sizeof *counted };

typedef struct LastRun { Arena *arena; const char *title; } LastRun;

static bool keep_title(void *ctx, const RunInfo *r)
{
    LastRun *last = ctx;
    if (!r->undone)
        last->title = str_c(r->title, last->arena);
    return r->undone;                             /* on to an older one */
}

static const char *rights_text(unsigned rights, Arena *a)
{
    Buf b = { 0 };
    for (unsigned bit = MAY_READ; bit & MAY_ALL; bit <<= 1)
        if (rights & bit)
            buf_printf(&b, "%s%s", b.n ? ", " : "", need_name(bit));
    const char *text = str_c(buf_as_str(&b), a);
    buf_release(&b);
    return text;
}

static bool status_run(const Call *c, Error *err)
{
    Column cols[COUNTED + 5] = { { "file", KIND_TEXT, 0 }, { "user", KIND_TEXT, 0 },
                                 { "rights", KIND_TEXT, 0 } };
    LastRun last = { c->arena, NULL };
    Value v[COUNTED + 5] = { value_cstr(store_path(c->crm->store)), value_cstr(crm_user(c->crm)),
                             value_cstr(rights_text(c->crm->rights, c->arena)) };
    int n = 3;
    for (int i = 0; i < COUNTED; i++, n++) {
        const Type *t = schema_type(c->crm->schema, str(counted[i]));
        const Filter all = { .sql = "1" };
        int64_t count;
        if (!select_count(c->crm, t, &all, &count, err))
            return false;
        cols[n] = (Column){ t->plural, KIND_INT, 0 };
        v[n] = value_int(count);
    }
    if (!journal_runs(c->crm->store, 0, keep_title, &last, err))
        return false;
    cols[n] = (Column){ "undo", KIND_TEXT, COLUMN_FOLD };
    v[n++] = value_cstr(last.title);
    cols[n] = (Column){ "read_only", KIND_BOOL, 0 };
    v[n++] = value_int(store_is_readonly(c->crm->store));
    c->out->one = true;
    return out_begin(c->out, cols, n, err) && out_row(c->out, v, err);
}

static const Command status = {
    .name = "status",
    .summary = "Show which file this is, who you are and how much there is",
    .detail = "The line called undo is what `undo` would take back.",
    .examples = (const Example[]){ { "status", "the file at a glance" }, { 0 } },
    .run = status_run,
};

const Command *const store_commands[] = { &check, &backup, &status, NULL };
