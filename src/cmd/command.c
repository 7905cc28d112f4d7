/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * command.c -- one place where a command is run: rights, transaction, journal entry, dry run,
 * confirmation, and the end of its rows.
 *
 * Handlers know nothing of these.  A writing command is one transaction unless it opens its own;
 * its rows and notes are held back until the commit.  A question is never asked inside a
 * transaction: the handler is stopped, everything rolled back, the question asked, and the handler
 * run again.
 */
#include "cmd/command.h"

#include <inttypes.h>

#include "cmd/args.h"
#include "cmd/consent.h"
#include "cmd/held.h"
#include "store/journal.h"

/* ---- rights ---------------------------------------------------------------------------------- */

unsigned command_need(const Command *cmd)
{
    if (cmd->need)
        return cmd->need;
    return cmd->flags & COMMAND_WRITES ? MAY_READ | MAY_WRITE : MAY_READ;
}

bool session_may(const Session *s, unsigned need, Error *err)
{
    unsigned lacks = need & ~s->crm->rights;
    if (!lacks)
        return true;
    fail(err, ERR_DENIED, "%s has not the right to %s", crm_user(s->crm), need_name(lacks));
    if (lacks & MAY_READ)                  /* no role at all */
        return fail_hint(err, "an owner of the file can give it: user add name=%s role=agent",
                         crm_user(s->crm));
    return fail_hint(err, "`user list` shows who holds which role");
}

bool call_rehearses(const Call *c)
{
    return c->dry_run || c->session->rehearsal;
}

/* ---- consent --------------------------------------------------------------------------------- */

bool consent_ask(const Call *c, const char *question, const char *name, Error *err)
{
    Consent *k = c->consent;
    const char *typed = k ? k->typed : NULL;
    if (!k || c->dry_run || k->answered || (k->yes && !name))
        return true;
    if (name && typed && strcmp(typed, name) == 0)
        return true;
    if (name && typed) {
        fail(err, ERR_USAGE, "--confirm=%s is not the name that must be confirmed", typed);
        return fail_hint(err, "--confirm='%s'", name);
    }
    k->wanted = true;
    k->question = question;
    k->name = name;
    fail(err, ERR_USAGE, "%s: nobody is here to confirm it", question);
    return name ? fail_hint(err, "add --confirm='%s'", name)
                : fail_hint(err, "add --yes, or --dry-run to see what it would do");
}

/* What must be typed for a severe command that names its subject by a record or a text; a target is
 * target_ids' to ask about. */
static bool ask_severe(const Call *c, Error *err)
{
    const Arg *a = c->cmd->args;
    while (a && a->name && arg_is_option(a))
        a++;
    if (!a || !a->name || a->kind == ARG_TARGET)
        return true;
    const void *at = (const char *)c->args + a->at;
    const char *name = c->cmd->name;
    if (a->kind == ARG_RECORD) {
        const Type *t = arg_type_of(c->session, c->cmd, a);
        int64_t id = *(const int64_t *)at;
        name = t ? record_label(c->crm, t, id, c->arena) : "";
        if (!*name)
            name = arena_printf(c->arena, "%" PRId64, id);
    } else if (a->slot == SLOT_TEXT && *(const char *const *)at)
        name = *(const char *const *)at;
    return consent_ask(c, arena_printf(c->arena, "%s %s", c->cmd->name, name), name, err);
}

/* ---- one attempt ----------------------------------------------------------------------------- */

static bool call_handler(const Call *c, Error *err)
{
    Session *s = c->session;
    if ((c->cmd->flags & COMMAND_SEVERE) && !ask_severe(c, err))
        return false;
    if (c->cmd->run)
        return c->cmd->run(c, err);
    if (s->script_run)
        return s->script_run(s, c->cmd, c, err);
    return fail(err, ERR_FAILED, "%s is written in Lua, and this program has none", c->cmd->name);
}

/* Within one transaction; what it says comes out once that is committed. */
static bool run_held(const Call *c, Error *err)
{
    Store *st = c->crm->store;
    bool outermost = store_depth(st) == 0, ok = false;
    Held *held = held_new(c->out, c->ui, c->dry_run);
    Call inner = *c;
    inner.out = held_out(held);
    inner.ui = held_ui(held);

    if (!store_begin(st, err))
        goto out;
    if (outermost)
        journal_describe(st, str(c->line));
    if (!call_handler(&inner, err) || !held_begin(held, err)) {
        store_rollback(st);
        goto out;
    }
    if (c->dry_run)
        store_rollback(st);
    else if (!store_commit(st, err))
        goto out;
    ok = held_release(held, err);
out:
    if (!ok)
        held_warnings(held);
    held_free(held);
    return ok;
}

static bool attempt(const Call *c, Error *err)
{
    bool ok;
    if (!(c->cmd->flags & COMMAND_WRITES))
        return call_handler(c, err);
    unsigned loads = c->crm->loads;
    journal_run_begin(c->crm->store, crm_user(c->crm), str(c->line));
    ok = c->cmd->flags & COMMAND_OWN_TX ? call_handler(c, err) : run_held(c, err);
    journal_run_end(c->crm->store);
    /* What was read is not what the file holds, rolled back or with users and fields changed. */
    if (c->crm->stale || ((!ok || c->dry_run) && c->crm->loads != loads)) {
        Error late = { 0 };
        if (!crm_reload(c->crm, &late) && ok)
            return *err = late, false;
    }
    return ok;
}

/* Again and again until it is through or nobody agrees. */
static bool run_with_consent(Call *c, Error *err)
{
    Consent *k = c->consent;
    while (!attempt(c, err)) {
        if (!k->wanted || k->answered)
            return false;
        int answer = c->ui && c->ui->ask ? c->ui->ask(c->ui, k->question, k->name) : -1;
        if (answer < 0)
            return false;
        *err = (Error){ 0 };
        if (answer == 0)
            return fail(err, ERR_REFUSED, "not confirmed: nothing was changed");
        k->answered = true;
    }
    return true;
}

bool command_run(Session *s, const Command *cmd, const void *args, const Common *common,
                 const char *line, Out *out, Arena *a, Error *err)
{
    Consent consent = { .yes = common->yes || s->yes,
                        .typed = common->confirm ? common->confirm : s->confirm };
    Call c = { .session = s, .crm = s->crm, .ui = s->ui, .arena = a, .out = out, .cmd = cmd,
               .args = args, .line = line, .dry_run = common->dry_run || s->dry_run,
               .yes = consent.yes, .want = &common->out, .fields = common->out.fields,
               .consent = &consent };
    if (!(cmd->flags & COMMAND_NO_DB)) {
        if (!s->crm)
            return fail(err, ERR_DATABASE, "%s: no database is open", cmd->name);
        if (!session_may(s, command_need(cmd), err))
            return false;
    }
    bool ok = run_with_consent(&c, err);
    Error late = { 0 };
    if (!out_end(out, ok ? err : &late))
        ok = false;
    return ok;
}
