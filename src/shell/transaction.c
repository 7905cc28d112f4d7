/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * transaction.c -- begin, commit, rollback: a transaction that is held while statements are typed.
 *
 * It is the shell's own and the outermost: what others have open (-1, crm.tx, a rehearsal) is not
 * ended from here.  It is one run, titled by what was typed in it.
 */
#include "shell/shell.h"

#include "store/journal.h"

static bool begin_run(const Call *c, Error *err)
{
    Shell *sh = c->session->shell;
    Store *st = c->crm->store;
    if (store_depth(st) > 0)
        return fail(err, ERR_FAILED, "a transaction is open already");
    if (c->session->dialing || c->session->floor) {
        fail(err, ERR_REFUSED, "what becomes of calls is written at once, whatever is open");
        return fail_hint(err, "dial stop ends the dialling here");
    }
    if (!store_begin(st, err))
        return false;
    journal_run_begin(st, crm_user(c->crm), STR(""));
    sh->begun = true;
    return true;
}

static bool is_ours(const Call *c, Error *err)
{
    const Shell *sh = c->session->shell;
    int depth = store_depth(c->crm->store);
    if (sh->begun && depth == 1)
        return true;
    if (depth > 0)
        return fail(err, ERR_REFUSED, "the transaction that is open was not opened by begin");
    fail(err, ERR_FAILED, "no transaction is open");
    return fail_hint(err, "begin opens one");
}

static void ended(Shell *sh)
{
    journal_run_end(sh->session.crm->store);
    sh->begun = false;
}

static bool commit_run(const Call *c, Error *err)
{
    Error late;
    if (!is_ours(c, err))
        return false;
    bool ok = store_commit(c->crm->store, err);
    ended(c->session->shell);
    return ok || (crm_reload(c->crm, &late), false);
}

static bool rollback_run(const Call *c, Error *err)
{
    if (!is_ours(c, err))
        return false;
    store_rollback(c->crm->store);
    ended(c->session->shell);
    return crm_reload(c->crm, err);
}

bool transaction_end(Shell *sh, Error *err)
{
    if (!sh->begun)
        return true;
    store_rollback(sh->session.crm->store);
    ended(sh);
    fail(err, ERR_FAILED, "the transaction that begin opened was not committed: nothing of it is"
                          " kept");
    return fail_hint(err, "commit keeps it, rollback drops it");
}

static const Command begin = {
    .name = "begin",
    .summary = "Open a transaction: what follows is kept or dropped as one",
    .detail = "Nobody else can write to the file until commit or rollback. It is one step for "
              "undo.",
    .need = MAY_WRITE,
    .run = begin_run,
    .examples = (const Example[]){
        { "begin; customer add name=宝钢; commit", "two words around what belongs together" },
        { 0 } },
};

static const Command commit = {
    .name = "commit",
    .summary = "Keep what was done since begin",
    .need = MAY_WRITE,
    .run = commit_run,
    .examples = (const Example[]){
        { "begin; customer add name=宝钢; commit", "what was done since begin is kept" },
        { 0 } },
};

static const Command rollback = {
    .name = "rollback",
    .summary = "Drop what was done since begin",
    .need = MAY_WRITE,
    .run = rollback_run,
    .examples = (const Example[]){
        { "begin; customer add name=宝钢; rollback", "what was done since begin is dropped" },
        { 0 } },
};

void transaction_commands_add(Registry *r)
{
    registry_add(r, &begin);
    registry_add(r, &commit);
    registry_add(r, &rollback);
}
