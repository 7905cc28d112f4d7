/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_dial_callers.c -- who calls in while an agent works at the prompt; dial take.
 *
 * A soft phone rings on its person's desk, so nobody answers for him: who it is, is told above the
 * prompt, and `dial take` answers. Who gives up is written down as missed. A call that is taken at
 * the phone itself is the person's own. (On a switch for many the process that dials answers,
 * floor_in.c.)
 */
#include <inttypes.h>

#include "cmd/dial.h"
#include "dialer/session_caller.h"

enum { TAKING_MOST = 10000 };

static int place_of(const Dialing *d, CallId incoming)
{
    int i = 0;
    while (i < d->n_callers && d->callers[i].incoming != incoming)
        i++;
    return i;
}

static void forget(Dialing *d, int i)
{
    d->n_callers--;
    for (; i < d->n_callers; i++)
        d->callers[i] = d->callers[i + 1];
}

static const char *called(const Caller *k)
{
    return k->name && *k->name ? k->name : *k->number ? k->number : "number withheld";
}

static void announce(Dialing *d, const DeskCaller *who)
{
    Caller k = { 0 };
    Arena a = { 0 };
    Error err = { 0 };
    Ui *ui = d->session->ui;
    memcpy(k.number, who->number, sizeof k.number);
    if (!caller_find(d->session->crm, caller_within(d->session->crm), &a, &k, &err))
        ui_warn(ui, "who calls in could not be looked up: %s", err.msg);
    const char *of = k.customer ? arena_printf(&a, ", customer %" PRId64, k.customer) : "";
    const char *why = k.campaign
                          ? arena_printf(&a, ", for %s (%s)", k.campaign_name, k.because) : "";
    ui_note(ui, "%s calls in%s%s", called(&k), of, why);
    ui_note(ui, "  dial take answers");
    arena_release(&a);
}

void dial_callers_heard(Dialing *d, const DriverEvent *ev)
{
    int i = place_of(d, ev->call);
    if (!d->takes || d->closing || ev->call >= 0)
        return;
    if (ev->kind == DRIVER_INCOMING && i == d->n_callers && i < DESK_CALLERS
        && !engine_has_taken(d->live.engine, ev->call)) {
        DeskCaller *who = &d->callers[d->n_callers++];
        *who = (DeskCaller){ .incoming = ev->call };
        caller_number(d->session->crm, ev->number ? ev->number : "", who->number);
        announce(d, who);
    } else if (ev->kind == DRIVER_HANGUP && i < d->n_callers && ev->by == BY_CUSTOMER) {
        d->callers[i].gone = true;
    } else if (ev->kind == DRIVER_HANGUP && i < d->n_callers) {
        if (!d->callers[i].gone)
            ui_note(d->session->ui, "answered at the phone; `call in %s` writes it down",
                    d->callers[i].number);
        forget(d, i);
    }
}

/* Written down, then given to the engine: taken by the agent, or (0) missed. */
static bool take(Dialing *d, int i, AgentId agent, Arena *a, Caller *k, Error *err)
{
    CallId call;
    memcpy(k->number, d->callers[i].number, sizeof k->number);
    if (!caller_find(d->session->crm, caller_within(d->session->crm), a, k, err)
        || !dial_session_take(d->live.record, d->live.now, k, &call, err))
        return false;
    engine_take(d->live.engine, d->live.now, d->callers[i].incoming, call, k->number, agent, false);
    forget(d, i);
    return true;
}

void dial_callers_missed(Dialing *d)
{
    for (int i = 0; i < d->n_callers;) {
        Arena a = { 0 };
        Caller k = { 0 };
        Error err = { 0 };
        if (!d->callers[i].gone) {
            i++;
        } else if (!take(d, i, 0, &a, &k, &err)) {
            ui_warn(d->session->ui, "that %s called in vain could not be written down: %s",
                    called(&k), err.msg);
            forget(d, i);
        } else {
            live_settle(&d->live, d->live.now);
        }
        arena_release(&a);
    }
}

bool dial_callers_take(Dialing *d, Error *err)
{
    Caller k = { 0 };
    Arena a = { 0 };
    if (d->n_callers == 0)
        return fail(err, ERR_REFUSED, "nobody is calling in");
    if (d->n_callers > 1 && !d->simulated)          /* it would accept any of them */
        return fail(err, ERR_REFUSED, "%d people call in at once: answer at the phone",
                    d->n_callers);
    bool ok = take(d, 0, d->agent, &a, &k, err);
    if (ok) {
        arena_release(&d->card_arena);
        d->card = (DialCard){ .customer = k.customer, .last_result = "",
                              .name = arena_strdup(&d->card_arena, k.name ? k.name : "") };
        snprintf(d->card.number, sizeof d->card.number, "%s", k.number);
        dialing_catch_up(d);
        if (!dialing_has_loop(d) || d->own_loop)
            dialing_run_while(d, AGENT_DIALLING, TAKING_MOST);
    }
    arena_release(&a);
    return ok;
}
