/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/pacing.h"

#include <math.h>

static const char *const mode_names[PACE_MODES] = {
    [PACE_PREVIEW] = "preview",
    [PACE_PROGRESSIVE] = "progressive",
    [PACE_RATIO] = "ratio",
    [PACE_PREDICTIVE] = "predictive",
    [PACE_VICIDIAL] = "vicidial",
};

double ledger_share(Ledger l)
{
    return l.answered > 0 ? (double)l.abandoned / (double)l.answered : 0;
}

/* A cap of nothing allows nothing to be risked; any other is enforced on the worse of the two
 * ledgers. */
static bool may_dial_ahead(const PacingRules *rules, const PacingView *v)
{
    return rules->abandon_cap > 0 && ledger_share(v->today) <= rules->abandon_cap
           && ledger_share(v->window) <= rules->abandon_cap;
}

static int in_flight_allowed(const PacingRules *rules, const PacingView *v, Pace *p)
{
    if (rules->mode != PACE_RATIO)
        return v->idle;
    if (!may_dial_ahead(rules, v)) {
        p->held_back = PACE_CARE_CAP;
        return v->idle;
    }
    return (int)floor(rules->ratio * v->idle + 0.5);
}

void pacing_limit(const PacingRules *rules, const PacingView *view, Pace *p)
{
    if (p->place > 0 && rules->max_calls > 0 && p->place > rules->max_calls - view->lines) {
        p->place = rules->max_calls - view->lines;
        if (p->place <= 0) {
            p->place = 0;
            p->why = PACE_ALL_LINES;
        }
    }
}

Pace pacing_decide(const PacingRules *rules, const PacingView *view)
{
    Pace p = { .idle = view->idle, .in_flight = view->in_flight };
    if (rules->mode == PACE_PREVIEW) {
        p.why = PACE_ON_COMMAND;
        return p;
    }
    p.place = in_flight_allowed(rules, view, &p) - view->in_flight;
    if (p.place <= 0) {
        p.place = 0;
        p.why = view->idle == 0 ? PACE_NO_IDLE : PACE_ENOUGH;
        return p;
    }
    pacing_limit(rules, view, &p);
    return p;
}

PacingRules pacing_defaults(void)
{
    return (PacingRules){
        .mode = PACE_PROGRESSIVE,
        .ratio = 1.0,
        .abandon_cap = 0.03,
        .ring_ms = 25000,
    };
}

bool pacing_check(const PacingRules *rules, Error *err)
{
    if (!(rules->ratio >= 1.0 && rules->ratio <= 10.0)) {
        fail(err, ERR_INVALID, "ratio %g is not between 1 and 10 calls an idle agent",
             rules->ratio);
        return fail_hint(err, "2 is a cautious ratio where about a third of the people answer");
    }
    if (!(rules->abandon_cap >= 0 && rules->abandon_cap <= 1)) {
        fail(err, ERR_INVALID, "abandoned share %g is not between 0 and 1", rules->abandon_cap);
        return fail_hint(err, "0.03 is 3 %%; 0 never dials ahead of the agents");
    }
    if (rules->max_calls < 0)
        return fail(err, ERR_INVALID, "%d lines at once are fewer than none", rules->max_calls);
    if (rules->ring_ms < RING_MS_LEAST || rules->ring_ms > 120000) {
        fail(err, ERR_INVALID, "a ring of %g s is not between %d and 120 s",
             rules->ring_ms / 1000.0, RING_MS_LEAST / 1000);
        return fail_hint(err, "a shorter ring counts as a nuisance call in many places");
    }
    return true;
}

const char *pace_mode_name(PaceMode m)
{
    return mode_names[m];
}

bool pace_mode_find(Str name, PaceMode *out)
{
    for (PaceMode m = 0; m < PACE_MODES; m++)
        if (str_is(name, mode_names[m])) {
            *out = m;
            return true;
        }
    return false;
}

const char *pace_why_text(PaceWhy w)
{
    static const char *const texts[PACE_WHYS] = {
        [PACE_DIALLING] = "calls are being placed",
        [PACE_ENOUGH] = "as many calls are out as the mode allows",
        [PACE_NO_IDLE] = "no agent is idle",
        [PACE_RISKY] = "one more call would risk too many abandoned ones",
        [PACE_ALL_LINES] = "all lines of the campaign are in use",
        [PACE_ON_COMMAND] = "each call waits for an agent's word",
        [PACE_STOPPED] = "dialling is stopped",
        [PACE_NO_LINK] = "the switch cannot be reached",
        [PACE_DEAD_LINE] = "calls fail before they ring, so one is tried now and then",
        [PACE_NO_ENTRY] = "no entry of the list may be dialled now",
        [PACE_NO_STORE] = "calls cannot be written down",
    };
    return texts[w];
}

const char *pace_care_text(PaceCare c)
{
    static const char *const texts[PACE_CARES] = {
        [PACE_CARE_NONE] = "",
        [PACE_CARE_CAP] = "the abandoned share is over its cap",
        [PACE_CARE_SURPRISE] = "far more calls were abandoned than predicted",
        [PACE_CARE_CLOCK] = "the clock has jumped",
        [PACE_CARE_EVENTS] = "the line does not tell what becomes of calls",
    };
    return texts[c];
}

void pace_explain(const Pace *p, Buf *out)
{
    if (p->place)
        buf_printf(out, "%d placed", p->place);
    else
        buf_cstr(out, pace_why_text(p->why));
    buf_printf(out, ": %d idle, %d under way", p->idle, p->in_flight);
    if (p->n.limit > 0) {
        buf_printf(out, "; %.1f persons and %.1f agents expected in the next half minute",
                   p->n.due, p->n.free);
        buf_printf(out, "; one more call risks %.3f abandoned for %.3f served, allowed are %.3f"
                   " (credit %.1f calls)", p->n.risk, p->n.served, p->n.limit * p->n.served,
                   p->n.credit);
    }
    if (p->held_back)
        buf_printf(out, "; no call ahead of the agents: %s", pace_care_text(p->held_back));
}
