/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/probe.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/wire.h"
#include "dialer/ami.h"
#include "dialer/ami_plan.h"
#include "dialer/ami_wire.h"

#define CONNECT_MS 10000
#define ANSWER_MS 5000
#define LOCAL_RING_MS 1000

typedef struct Probe {
    const SwitchConfig *cfg;
    const ProbeHost *host;
    Loop *loop;
    Wire *wire;
    AmiReader reader;
    Buf out;
    bool up, lost, greeted, in, stopped;
    char why[300], greeting[100];
    char want[20];            /* ActionID of the answer that is waited for; "" none */
    bool answered, success, rang_out;
    char says[sizeof(((Error *)0)->msg)];     /* Message of the answer */
    char value[200];          /* what it was asked for */
    int wrong;
} Probe;

/* ---- the wire -------------------------------------------------------------------------------- */

static void copy(char *out, size_t size, Str s)
{
    snprintf(out, size, "%.*s", STR_ARG(s));
}

static void take_answer(Probe *p, const AmiMessage *m)
{
    static const char *const more[] = { "Challenge", "AsteriskVersion", "Value" };
    p->answered = true;
    p->success = ami_is(m, "Response", "Success") || ami_get(m, "Response").n == 0;
    copy(p->says, sizeof p->says, ami_get(m, "Message"));
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        if (ami_get(m, more[i]).n)
            copy(p->value, sizeof p->value, ami_get(m, more[i]));
}

static void on_up(void *self)
{
    ((Probe *)self)->up = true;
}

static void on_lost(void *self, const char *why)
{
    Probe *p = self;
    p->lost = true;
    snprintf(p->why, sizeof p->why, "%s", why);
}

static void on_bytes(void *self, const char *s, size_t n)
{
    Probe *p = self;
    AmiMessage m;
    while (ami_read(&p->reader, &s, &n, &m)) {
        Str event = ami_get(&m, "Event");
        if (!p->greeted && m.n) {
            p->greeted = true;
            copy(p->greeting, sizeof p->greeting, m.h[0].value);
        } else if (*p->want && ami_is(&m, "ActionID", p->want)) {
            if (!event.n)
                take_answer(p, &m);
            else if (str_is(event, "OriginateResponse"))
                p->rang_out = true;
        }
    }
}

static void wait_for(Probe *p, const bool *what, int most_ms)
{
    Error err = { 0 };
    int64_t end = clock_monotonic_us() + most_ms * INT64_C(1000);
    while (!*what && !p->lost && !p->stopped && clock_monotonic_us() < end) {
        loop_turn(p->loop, 50, &err);
        p->stopped = p->host->stop && p->host->stop(p->host->self);
    }
}

/* ---- asking ---------------------------------------------------------------------------------- */

static AmiWriter ask(Probe *p, const char *action, const char *id)
{
    snprintf(p->want, sizeof p->want, "%s", id);
    p->answered = p->success = p->rang_out = false;
    p->says[0] = p->value[0] = '\0';
    return ami_action(&p->out, action, id);
}

/* Whether it was answered with Success. */
static bool answer(Probe *p, AmiWriter *w)
{
    Error err = { 0 };
    if (!ami_done(w, &err)) {
        snprintf(p->says, sizeof p->says, "%s", err.msg);
        return false;
    }
    wire_send(p->wire, &p->out);
    wait_for(p, &p->answered, ANSWER_MS);
    if (!p->answered && !p->stopped)
        snprintf(p->says, sizeof p->says, "%s", p->lost ? p->why : "it does not answer");
    return p->answered && p->success;
}

__attribute__((format(printf, 5, 6)))
static bool say(Probe *p, const char *step, ProbeVerdict v, const char *found, const char *mend,
                ...)
{
    char text[400];
    va_list ap;
    va_start(ap, mend);
    vsnprintf(text, sizeof text, mend, ap);
    va_end(ap);
    if (p->stopped)
        return false;
    p->wrong += v == PROBE_WRONG;
    p->host->say(p->host->self, step, v, found, v == PROBE_OK ? "" : text);
    return v != PROBE_WRONG;
}

/* ---- steps ----------------------------------------------------------------------------------- */

static bool connect_step(Probe *p)
{
    const SwitchConfig *c = p->cfg;
    char where[300];
    wire_connect(p->wire);
    wait_for(p, &p->up, CONNECT_MS);
    if (!p->up)
        return say(p, "connect", PROBE_WRONG, p->lost ? p->why : "nothing answers",
                   strstr(p->why, "certificate")
                       ? "ca=FILE names the authority of its certificate, host=NAME the name in it"
                   : strstr(p->why, "no TLS") ? "is this the port of tlsbindaddr in manager.conf?"
                   : strstr(p->why, "encrypted") ? "switch set %s tls=yes"
                   : "is Asterisk running? does manager.conf of %s say enabled = yes, this port and"
                     " an address that can be reached (bindaddr)?", c->name);
    snprintf(where, sizeof where, "%s, port %d%s", c->host, ami_port(c),
             c->tls ? ", TLS with a certificate that holds" : "");
    say(p, "connect", PROBE_OK, where, " ");
    wait_for(p, &p->greeted, ANSWER_MS);
    bool manager = strncmp(p->greeting, "Asterisk Call Manager/", 22) == 0;
    return say(p, "greeting", manager ? PROBE_OK : PROBE_WRONG,
               p->greeted ? p->greeting : "it says nothing",
               "another service listens there%s: the manager's port is in manager.conf",
               c->tls ? "" : ", or one that wants TLS");
}

static bool login_step(Probe *p, const char *secret)
{
    AmiWriter w = ask(p, "Challenge", "challenge");
    ami_own(&w, "AuthType", "MD5");
    if (!answer(p, &w))
        return say(p, "login", PROBE_WRONG, p->says, "MD5 must be allowed in manager.conf");
    char challenge[sizeof p->value];
    memcpy(challenge, p->value, sizeof challenge);
    w = ask(p, "Login", "login");
    ami_put_login(&w, p->cfg->user, secret, str(challenge));
    ami_own(&w, "Events", "call,user");
    bool ok = p->in = answer(p, &w);
    return say(p, "login", ok ? PROBE_OK : PROBE_WRONG, ok ? p->cfg->user : p->says,
               "user and secret must be those of [%s] in manager.conf, and its permit must list the"
               " address that this machine comes from", p->cfg->user);
}

static void rights_step(Probe *p)
{
    AmiWriter w = ask(p, "CoreSettings", "settings");
    if (answer(p, &w))
        say(p, "version", PROBE_OK, p->value, " ");
    else
        say(p, "version", PROBE_WRONG, p->says,
            "write = call,originate,reporting in [%s] of manager.conf", p->cfg->user);
    w = ask(p, "CoreShowChannels", "list");
    bool ok = answer(p, &w);
    say(p, "list calls", ok ? PROBE_OK : PROBE_WRONG, ok ? "allowed" : p->says,
        "write = call,originate,reporting in [%s] of manager.conf", p->cfg->user);
}

static void dialplan_step(Probe *p)
{
    static const struct { const char *context, *exten; } needed[] = {
        { PLAN_CUSTOMER, PLAN_PERSON }, { PLAN_CUSTOMER, PLAN_DETECT },
        { PLAN_CUSTOMER, PLAN_ABANDON }, { PLAN_CUSTOMER, PLAN_PLAY }, { PLAN_AGENT, PLAN_WAIT },
        { PLAN_INBOUND, NULL },
    };
    char missing[300] = "";
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        AmiWriter w = ask(p, "ShowDialPlan", "plan");
        size_t n = strlen(missing);
        ami_own(&w, "Context", needed[i].context);
        if (needed[i].exten)
            ami_own(&w, "Extension", needed[i].exten);
        if (answer(p, &w))
            continue;
        if (strstr(p->says, "ermission")) {
            say(p, "dialplan", PROBE_UNKNOWN, p->says, "the right `reporting` is to look at it");
            return;
        }
        snprintf(missing + n, sizeof missing - n, "%s%s%s%s", n ? ", " : "",
                 needed[i].exten ? needed[i].exten : "", needed[i].exten ? "@" : "",
                 needed[i].context);
    }
    char found[340];
    snprintf(found, sizeof found, "not there: %s", missing);
    say(p, "dialplan", *missing ? PROBE_WRONG : PROBE_OK, *missing ? found : "all of it is there",
        "dialer config asterisk extensions prints it; then `dialplan reload` on the switch");
}

/* The waiting place of an agent, called from inside the switch: nobody's phone rings. */
static void originate_step(Probe *p)
{
    AmiWriter w = ask(p, "Originate", "originate");
    ami_own(&w, "Channel", "Local/" PLAN_WAIT "@" PLAN_AGENT);
    ami_own(&w, "Context", PLAN_CUSTOMER);
    ami_own(&w, "Exten", PLAN_ABANDON);
    ami_own(&w, "Priority", "1");
    ami_put_int(&w, "Timeout", LOCAL_RING_MS);
    ami_own(&w, "Async", "true");
    if (!answer(p, &w)) {
        say(p, "place a call", PROBE_WRONG, p->says,
            "write = call,originate,reporting in [%s] of manager.conf", p->cfg->user);
        return;
    }
    wait_for(p, &p->rang_out, LOCAL_RING_MS + ANSWER_MS);
    say(p, "place a call", p->rang_out ? PROBE_OK : PROBE_WRONG,
        p->rang_out ? "inside the switch: it does, and says how it ended"
                    : "it does, but does not say how it ended",
        "read = call,user in [%s] of manager.conf", p->cfg->user);
}

/* "PJSIP/{number}@carrier": does it know the carrier? */
static void trunk_step(Probe *p)
{
    const char *at = strrchr(p->cfg->dial, '@');
    if (strncmp(p->cfg->dial, "PJSIP/", 6) != 0 || !at) {
        say(p, "trunk", PROBE_UNKNOWN, p->cfg->dial,
            "only trunks like PJSIP/{number}@carrier can be asked for");
        return;
    }
    AmiWriter w = ask(p, "Getvar", "trunk");
    ami_put(&w, "Variable", "PJSIP_DIAL_CONTACTS(", at + 1, AMI_WORD, ")");
    bool known = answer(p, &w) && *p->value;
    say(p, "trunk", known ? PROBE_OK : p->success || !p->answered ? PROBE_WRONG : PROBE_UNKNOWN,
        known ? p->value : *p->says && !p->success ? p->says : "there is no way to it",
        "pjsip.conf needs an endpoint [%s] with a contact;"
        " or switch set %s dial=PJSIP/{number}@NAME",
        at + 1, p->cfg->name);
}

static void steps(Probe *p)
{
    char secret[SECRET_MOST];
    Error err = { 0 };
    if (!secret_read(p->cfg->secret, secret, &err)) {
        say(p, "secret", PROBE_WRONG, err.msg, "%s",
            *err.hint ? err.hint : "secret=file:/PATH (mode 0600) or secret=env:NAME");
        return;
    }
    if (connect_step(p) && login_step(p, secret)) {
        rights_step(p);
        dialplan_step(p);
        originate_step(p);
        trunk_step(p);
    }
    explicit_bzero(secret, sizeof secret);
}

bool ami_probe(const SwitchConfig *c, const ProbeHost *host, Error *err)
{
    static const Clock real;
    Probe p = { .cfg = c, .host = host };
    WireTo to = { c->host, ami_port(c), c->tls, c->ca_file, true };
    p.loop = loop_new(&real, err);
    if (!p.loop)
        return false;
    p.wire = wire_new(p.loop, &to, (WireEnd){ &p, on_up, on_bytes, on_lost });
    steps(&p);
    wire_free(p.wire);
    loop_free(p.loop);
    ami_reader_release(&p.reader);
    buf_release(&p.out);
    if (p.stopped)
        return fail(err, ERR_INTERRUPTED, "interrupted");
    return p.wrong == 0
           || fail(err, p.in ? ERR_FAILED : ERR_UNREACHABLE, "switch %s would carry no calls",
                   c->name);
}
