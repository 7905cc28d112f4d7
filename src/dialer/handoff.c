/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/handoff.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "base/lex.h"
#include "dialer/order.h"

enum { DUE_LINK, DUE_HANDED, DUE_TELL, DUE_END };
enum { STOP_MS = 2000 };

typedef struct Handoff {
    Driver driver;
    SwitchConfig cfg;
    HandoffCarrier carrier;
    int64_t now;
    bool up;
    bool told;                /* an event since the last batch() */
    AgentId agent;            /* who is there; 0 nobody */
    CallId call;              /* the one that is up; 0 none */
    uint32_t gen;             /* grows with each call */
    int64_t run;              /* its program; 0: it has ended, and the call is the person's */
    bool handed;              /* the number is dialled: he is a PERSON */
    bool bridged, ours;
    Agenda agenda;            /* id: of the call or the agent it is about */
    char trouble[300];
} Handoff;

/* ---- words ----------------------------------------------------------------------------------- */

bool tel_uri(const char *number, const char *context, Buf *out, Error *err)
{
    if (!driver_check_number(number, err))
        return false;
    if (*number != '+' && !*context) {
        fail(err, ERR_INVALID, "%s has no country code, so a tel: URI must say where it holds",
             number);
        return fail_hint(err, "switch set NAME host=example.com names the place; or use {number}");
    }
    buf_cstr(out, "tel:");
    for (const char *p = number; *p; p++)
        buf_printf(out, *p == '#' ? "%%23" : "%c", *p);
    if (*number != '+')
        buf_printf(out, ";phone-context=%s", context);
    return true;
}

/* A word with what its marks stand for. */
static bool fill_word(const SwitchConfig *c, Str word, const char *number, Buf *out, int *marks,
                      Error *err)
{
    while (word.n) {
        if (str_starts(word, "{number}")) {
            buf_cstr(out, number);
            word = str_n(word.s + 8, word.n - 8);
        } else if (str_starts(word, "{tel}")) {
            if (!tel_uri(number, c->host, out, err))
                return false;
            word = str_n(word.s + 5, word.n - 5);
        } else {
            buf_put(out, word.s, 1);
            word = str_n(word.s + 1, word.n - 1);
            continue;
        }
        ++*marks;
    }
    return true;
}

static bool no_command(const SwitchConfig *c, const char *why, Error *err)
{
    fail(err, ERR_INVALID, "command of switch %s: %s", c->name, why);
    return fail_hint(err, "switch set %s command='%s', or any program with {number} in a word",
                     c->name, HANDOFF_USUAL);
}

bool handoff_words(const SwitchConfig *c, const char *number, Arena *a, char ***out, Error *err)
{
    Str line = str(*c->command ? c->command : HANDOFF_USUAL);
    Words words;
    LexEnd end;
    int marks = 0;
    if (!driver_check_number(number, err))
        return false;
    if (lex_command(line, &end) != line.n || !lex_words(line, a, &words, NULL, err))
        return no_command(c, "one command, without ; or an open quote", err);
    if (words.n == 0 || words.n > HANDOFF_WORDS || words.w[0].text.n == 0)
        return no_command(c, "not a program and its words", err);
    *out = ARENA_ARRAY(a, char *, words.n + 1);
    for (int i = 0; i < words.n; i++) {
        Buf text = { 0 };
        bool ok = fill_word(c, words.w[i].text, number, &text, &marks, err);
        (*out)[i] = arena_strndup(a, text.s ? text.s : "", text.n);
        buf_release(&text);
        if (!ok)
            return false;
        if (i == 0 && marks)
            return no_command(c, "its first word is the program, not the number", err);
    }
    return marks > 0 || no_command(c, "no word of it has {number} or {tel} in it", err);
}

/* ---- telling --------------------------------------------------------------------------------- */

static void tell(Handoff *m, DriverEvent ev)
{
    ev.at = m->now;
    m->told = true;
    m->driver.sink.event(m->driver.sink.self, &ev);
}

static void tell_call(Handoff *m, DriverEventKind kind)
{
    tell(m, (DriverEvent){ .kind = kind, .call = m->call });
}

static void later(Handoff *m, int what, int64_t in_ms, int64_t id, uint32_t gen)
{
    agenda_add(&m->agenda, m->now + in_ms, what, id, gen);
    if (m->carrier.wake)
        m->carrier.wake(m->carrier.self);
}

static void handed_over(Handoff *m)
{
    if (m->handed || m->ours)
        return;
    m->handed = true;
    tell_call(m, DRIVER_ANSWERED);
    tell_call(m, DRIVER_PERSON);
}

static void end_call(Handoff *m, DriverEventKind kind, HangupBy by)
{
    DriverEvent ev = { .kind = kind, .call = m->call, .by = by };
    m->call = 0;
    m->gen++;
    m->run = 0;
    tell(m, ev);
}

static void dialled_nothing(Handoff *m, int status)
{
    char how[60];
    if (WIFEXITED(status))
        snprintf(how, sizeof how, "ended with %d", WEXITSTATUS(status));
    else
        snprintf(how, sizeof how, "was ended by signal %d", WTERMSIG(status));
    snprintf(m->trouble, sizeof m->trouble,
             "%s: the program %s and has dialled nothing; dialer test %s shows what is started",
             m->cfg.name, how, m->cfg.name);
    tell(m, (DriverEvent){ .kind = DRIVER_TROUBLE, .text = m->trouble });
    end_call(m, DRIVER_FAILED, BY_NETWORK);
}

static void at(Handoff *m, int64_t now)
{
    if (now > m->now)
        m->now = now;
}

static void give_turn(Handoff *m)
{
    bool told = m->told;
    m->told = false;
    if (told && m->driver.sink.batch)
        m->driver.sink.batch(m->driver.sink.self);
}

/* ---- for the carrier ------------------------------------------------------------------------- */

static void run_is_over(Handoff *m, int status)
{
    bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    m->run = 0;
    if (m->ours)
        end_call(m, DRIVER_HANGUP, BY_US);
    else if (m->handed)
        end_call(m, DRIVER_HANGUP, BY_NOBODY);
    else if (well)
        handed_over(m);
    else
        dialled_nothing(m, status);
}

void handoff_ended(Driver *d, int64_t run, int status, int64_t now)
{
    Handoff *m = (Handoff *)d;
    at(m, now);
    if (m->call && run == m->run)
        run_is_over(m, status);
    give_turn(m);
}

static void happen(Handoff *m, const Due *due)
{
    DriverEventKind kind = (DriverEventKind)due->gen;
    switch (due->kind) {
    case DUE_LINK:
        m->up = true;
        tell(m, (DriverEvent){ .kind = DRIVER_LINK_UP });
        break;
    case DUE_HANDED:
        if (due->id == m->call && due->gen == m->gen)
            handed_over(m);
        break;
    case DUE_END:
        if (due->id == m->call && due->gen == m->gen)
            end_call(m, DRIVER_HANGUP, BY_US);
        break;
    default:
        if (kind == DRIVER_AGENT_UP || kind == DRIVER_AGENT_DOWN)
            tell(m, (DriverEvent){ .kind = kind, .agent = due->id });
        else if (due->id == m->call || due->id == 0)
            tell(m, (DriverEvent){ .kind = kind, .call = due->id });
        break;
    }
}

void handoff_tick(Driver *d, int64_t now)
{
    Handoff *m = (Handoff *)d;
    Due due;
    at(m, now);
    while (agenda_take(&m->agenda, m->now, &due))
        happen(m, &due);
    give_turn(m);
}

int64_t handoff_wake(const Driver *d)
{
    return agenda_next(&((const Handoff *)d)->agenda);
}

/* ---- orders ---------------------------------------------------------------------------------- */

static bool reachable(const Handoff *m, Error *err)
{
    return m->up || fail(err, ERR_UNREACHABLE, "switch %s is not ready yet", m->cfg.name);
}

static bool place(Driver *d, const DriverOrder *o, Error *err)
{
    Handoff *m = (Handoff *)d;
    Arena a = { 0 };
    char **argv;
    int64_t run = 0;
    if (!reachable(m, err) || !driver_check_number(o->number, err))
        return false;
    if (m->call == o->call)
        return fail(err, ERR_CONFLICT, "call %" PRId64 " is up already", o->call);
    if (m->call)
        return fail(err, ERR_FAILED, "switch %s carries one call at a time", m->cfg.name);
    bool ok = handoff_words(&m->cfg, o->number, &a, &argv, err)
              && m->carrier.start(m->carrier.self, argv, &run, err);
    arena_release(&a);
    if (!ok)
        return false;
    m->call = o->call;
    m->run = run;
    m->handed = m->bridged = m->ours = false;
    later(m, DUE_HANDED, HANDOFF_HANDED_MS, m->call, ++m->gen);
    return true;
}

static bool bridge(Driver *d, CallId call, AgentId agent, Error *err)
{
    Handoff *m = (Handoff *)d;
    if (!reachable(m, err))
        return false;
    if (call != m->call || !m->handed || m->ours)
        return true;                      /* he has just left: the end is told */
    m->bridged = agent == m->agent;       /* who dials hears the customer from the beginning */
    later(m, DUE_TELL, 0, call, m->bridged ? DRIVER_BRIDGED : DRIVER_BRIDGE_FAILED);
    return true;
}

static bool hangup(Driver *d, CallId call, HangupWhy why, Error *err)
{
    Handoff *m = (Handoff *)d;
    (void)why;
    if (!reachable(m, err))
        return false;
    if (call != m->call || !call || m->ours)
        return true;
    m->ours = true;
    if (m->run)
        m->carrier.stop(m->carrier.self, m->run);
    /* without a program the person hangs up at his phone; one that goes on is left to itself */
    later(m, DUE_END, m->run ? STOP_MS : 0, call, m->gen);
    return true;
}

static bool play(Driver *d, CallId call, const char *sound, Error *err)
{
    (void)call, (void)sound;
    return driver_cannot(d, "play a message", err);
}

static bool record(Driver *d, CallId call, bool on, Error *err)
{
    (void)call, (void)on;
    return driver_cannot(d, "record", err);
}

static bool take(Driver *d, const DriverOrder *o, Error *err)
{
    (void)o;
    return driver_cannot(d, "take calls in", err);
}

static bool supervise(Driver *d, AgentId supervisor, AgentId agent, Supervise how, Error *err)
{
    (void)supervisor, (void)agent, (void)how;
    return driver_cannot(d, "let a supervisor listen", err);
}

static bool agent_call(Driver *d, AgentId agent, Error *err)
{
    Handoff *m = (Handoff *)d;
    if (!reachable(m, err))
        return false;
    if (m->agent && m->agent != agent)
        return fail(err, ERR_REFUSED, "switch %s is the phone of one person", m->cfg.name);
    m->agent = agent;
    later(m, DUE_TELL, 0, agent, DRIVER_AGENT_UP);
    return true;
}

static bool agent_drop(Driver *d, AgentId agent, Error *err)
{
    Handoff *m = (Handoff *)d;
    if (!reachable(m, err))
        return false;
    if (agent == m->agent) {
        m->agent = 0;
        later(m, DUE_TELL, 0, agent, DRIVER_AGENT_DOWN);
    }
    return true;
}

/* Only what this driver placed can it know. */
static bool reconcile(Driver *d, Error *err)
{
    Handoff *m = (Handoff *)d;
    if (!reachable(m, err))
        return false;
    if (m->call)
        later(m, DUE_TELL, 0, m->call, m->handed ? DRIVER_ANSWERED : DRIVER_RINGING);
    if (m->call && m->handed)
        later(m, DUE_TELL, 0, m->call, DRIVER_PERSON);
    if (m->call && m->bridged)
        later(m, DUE_TELL, 0, m->call, DRIVER_BRIDGED);
    if (m->agent)
        later(m, DUE_TELL, 0, m->agent, DRIVER_AGENT_UP);
    later(m, DUE_TELL, 0, 0, DRIVER_RECONCILED);
    return true;
}

static int room(Driver *d)
{
    return ((Handoff *)d)->call == 0;
}

/* ---- life ------------------------------------------------------------------------------------ */

static void handoff_close(Driver *d)
{
    Handoff *m = (Handoff *)d;
    if (m->carrier.free)
        m->carrier.free(m->carrier.self);
    agenda_release(&m->agenda);
    free(m);
}

static const DriverOps ops = {
    .name = "command",
    .place = place,
    .bridge = bridge,
    .hangup = hangup,
    .play = play,
    .record = record,
    .take = take,
    .agent_call = agent_call,
    .agent_drop = agent_drop,
    .supervise = supervise,
    .reconcile = reconcile,
    .room = room,
    .close = handoff_close,
};

Driver *handoff_open(const SwitchConfig *c, const DriverHost *host, int64_t now, Error *err)
{
    Arena a = { 0 };
    char **argv;
    bool ok = handoff_words(c, "+15550100", &a, &argv, err);
    arena_release(&a);
    if (!ok)
        return NULL;
    Handoff *m = xalloc(sizeof *m);
    *m = (Handoff){ .driver = { &ops, host->sink }, .cfg = *c, .now = now };
    agenda_add(&m->agenda, now, DUE_LINK, 0, 0);
    return &m->driver;
}

void handoff_set_carrier(Driver *d, HandoffCarrier carrier)
{
    ((Handoff *)d)->carrier = carrier;
}
