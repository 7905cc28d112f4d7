/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session_keep.c -- what has happened and is not in the file yet: outcomes of calls and states of
 * agents.  When it is written, and how: decisions/dial-commits.md.
 *
 * What is kept is all written or not at all.  An outcome that cannot be written stays, and keeps
 * anything more from being dialled; of the states of an agent only the last one stays.
 */
#include <stdlib.h>

#include "dialer/session_inside.h"

enum { HOLD_MS = 500 };                   /* what may wait is written with the next intents, or
                                             after this */

void session_write_soon(DialSession *s, int64_t now)
{
    if ((s->n_kept || s->n_states) && now < s->write_at)
        s->write_at = now;
}

static void keep(DialSession *s, const Over *over)
{
    s->kept = xresize(s->kept, sizeof *s->kept * (size_t)(s->n_kept + 1));
    s->kept[s->n_kept++] = *over;
}

/* ---- writing --------------------------------------------------------------------------------- */

bool session_write_kept(DialSession *s, Error *err)
{
    for (int i = 0; i < s->n_kept; i++)
        if (!session_write_outcome(s, &s->kept[i], err))
            return false;
    return session_write_states(s, err);
}

void session_kept_written(DialSession *s)
{
    for (int i = 0; i < s->n_kept; i++)
        session_outcome_written(s, &s->kept[i]);
    s->n_kept = s->n_states = 0;
    s->write_at = NEVER;
    s->trouble = (Error){ 0 };
}

/* With somebody watching each call has a transaction of its own, which he may refuse. */
static bool write_watched(DialSession *s, Error *err)
{
    while (s->n_kept > 0) {
        if (!session_record_outcome(s, s->kept, err))
            return false;
        session_outcome_written(s, s->kept);
        memmove(s->kept, s->kept + 1, sizeof *s->kept * (size_t)--s->n_kept);
    }
    return true;
}

bool session_write_all(DialSession *s, Error *err)
{
    if (session_watched(s) && !write_watched(s, err))
        return false;
    bool ok = (!s->n_kept && !s->n_states)
              || (session_begin(s, err) && session_end(s, session_write_kept(s, err), err));
    if (ok)
        session_kept_written(s);
    return ok;
}

bool dial_session_write(DialSession *s, int64_t now)
{
    Error err = { 0 };
    if (session_write_all(s, &err))
        return true;
    session_trouble(s, &err);
    s->write_at = now + STORE_RETRY;
    return false;
}

void dial_session_turned(DialSession *s, int64_t now)
{
    if (now >= s->write_at)
        dial_session_write(s, now);
}

int64_t dial_session_next(const DialSession *s)
{
    return s->write_at;
}

/* ---- what happens ---------------------------------------------------------------------------- */

/* Whether somebody counts on it at once: the agent who dialled or said how it went, who rang in
 * vain, and the law. */
static bool is_urgent(const Over *over)
{
    return over->line.own || over->said.agent || over->line.result == RESULT_ABANDONED
           || over->line.result == RESULT_MISSED;
}

void session_ended(void *self, int64_t now, const Line *line)
{
    DialSession *s = self;
    Error err = { 0 };
    Over over = { .line = *line };
    session_take_word(s, line->agent, &over.said);
    if (!line->bridged_at)
        over.said = (Said){ 0 };
    if (s->plan.keeps && !session_watched(s)) {
        keep(s, &over);
        session_write_soon(s, is_urgent(&over) ? now : now + HOLD_MS);
    } else if (session_record_outcome(s, &over, &err)) {
        session_outcome_written(s, &over);
    } else {
        session_trouble(s, &err);
        if (!s->plan.rehearsal) {
            keep(s, &over);
            session_write_soon(s, now + STORE_RETRY);
        }
    }
}

/* Of several states of one agent the last counts. */
static void keep_state(DialSession *s, StateNote n)
{
    int i = 0;
    while (i < s->n_states && s->states[i].agent != n.agent)
        i++;
    if (i == s->n_states)
        s->states = xresize(s->states, sizeof n * (size_t)++s->n_states);
    s->states[i] = n;
}

/* A call is on his screen as soon as it is in his ear. */
void session_state(DialSession *s, const StateNote *n)
{
    Error err = { 0 };
    keep_state(s, *n);
    if (s->plan.whole)
        return;
    if (s->plan.keeps) {
        session_write_soon(s, n->joins ? n->at : n->at + HOLD_MS);
        return;
    }
    bool ok = session_begin(s, &err) && session_end(s, session_write_states(s, &err), &err);
    s->n_states = 0;                      /* live, the next state is written in its place */
    if (!ok && s->plan.rehearsal)
        session_trouble(s, &err);
}
