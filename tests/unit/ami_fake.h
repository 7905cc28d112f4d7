/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ami_fake.h -- an Asterisk to test the driver `ami` against, on a turned clock: it reads the
 * driver's actions, lets the public behave as the last digit of the number says, follows the
 * dialplan of `dialer config asterisk`, and says what a real one was seen to say.
 *
 *     0 no such number      1 busy         2 rings for ever      3 answering machine
 *     4 congestion          5 rejects      6 no reply at all     7 early media, then nothing
 *     8 a person            9 one who never hangs up first
 *
 * Knobs make the wire worse than any network: pieces of one byte, events late by up to `jumble_ms`
 * (so in any order), twice, or not at all.
 */
#ifndef AMI_FAKE_H
#define AMI_FAKE_H

#include "dialer/ami.h"
#include "dialer/ami_wire.h"
#include "dialer/order.h"
#include "dialer/rng.h"
#include "fake_loop.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct FakeChan {
    bool up;                  /* exists */
    char id[64], name[64], number[100], exten[40], context[40], action[64];
    char call[64];
    bool answered, talked;
    int agent_wait, state, with;      /* with: bridged to; -1 nobody */
    int patience_ms, timeout_ms;
    int spies_on;             /* -1: on nobody */
    uint32_t gen;
} FakeChan;

typedef struct Fake {
    Driver *d;
    int64_t now;
    bool reachable, connected, logged_in;
    bool old;                 /* 16.28 rather than 22.10 */
    size_t piece;             /* bytes handed over at once; 0: all */
    int jumble_ms;
    double twice, lost;
    bool mute;                /* says nothing, as one that hangs */
    const char *notes[8];     /* what became of the first calls, as the dialplan wrote it */
    const char *refuse_login; /* the message, or NULL */
    const char *no_trunk;     /* dial strings with this have no channel */
    AmiReader in;
    FakeChan chans[512];
    int nchans, serial, connections;
    char **late;
    int nlate;
    Agenda agenda;
    Rng rng;
    Buf wire;                 /* to the driver */
    Buf log;                  /* actions, a line each */
} Fake;

enum { F_SEND, F_ACCEPT, F_MAKE, F_RING, F_PROGRESS, F_ANSWER, F_FAIL, F_TIMEOUT, F_DETECTED,
       F_ABANDON, F_OVER, F_LEAVE };

/* ---- saying ---------------------------------------------------------------------------------- */

static inline void fake_say_at(Fake *f, const char *text, int64_t at)
{
    f->late = xresize(f->late, sizeof *f->late * (size_t)(f->nlate + 1));
    f->late[f->nlate] = xstrdup(text);
    agenda_add(&f->agenda, at, F_SEND, f->nlate++, (uint32_t)f->connections);
}

__attribute__((format(printf, 2, 3))) static inline void fake_event(Fake *f, const char *fmt, ...)
{
    char text[2000];
    va_list ap;
    va_start(ap, fmt);
    int n = snprintf(text, sizeof text, "Event: ");
    n += vsnprintf(text + n, sizeof text - (size_t)n, fmt, ap);
    va_end(ap);
    snprintf(text + n, sizeof text - (size_t)n,
             "Privilege: call,all\r\nTimestamp: 1795320632.826296\r\n\r\n");
    if (!f->connected || !f->logged_in || (f->lost > 0 && rng_unit(&f->rng) < f->lost))
        return;
    int times = f->twice > 0 && rng_unit(&f->rng) < f->twice ? 2 : 1;
    for (int i = 0; i < times; i++) {
        int64_t late = f->jumble_ms ? (int64_t)rng_between(&f->rng, 0, f->jumble_ms) : 0;
        if (late)
            fake_say_at(f, text, f->now + late);
        else
            buf_cstr(&f->wire, text);
    }
}

static inline void fake_answer(Fake *f, const char *id, bool ok, const char *more)
{
    buf_printf(&f->wire, "Response: %s\r\nActionID: %s\r\n%s\r\n", ok ? "Success" : "Error", id,
               more);
}

static inline void fake_chan(Fake *f, const FakeChan *c, const char *event, const char *prefix,
                      const char *more)
{
    fake_event(f, "%s\r\n%sChannel: %s\r\n%sChannelState: %d\r\n%sUniqueid: %s\r\n%sContext: %s\r\n"
               "%sChanVariable: PATTER_CALL=%s\r\n%sChanVariable: AMDSTATUS=\r\n%s",
               event, prefix, c->name, prefix, c->state, prefix, c->id, prefix, c->context, prefix,
               c->call, prefix, more);
}

static inline void fake_word(Fake *f, const FakeChan *c, const char *word, const char *more)
{
    char text[400];
    snprintf(text, sizeof text, "UserEvent: %s\r\nCall: %s\r\n%s", word, c->call, more);
    fake_chan(f, c, "UserEvent", "", text);
}

/* ---- channels -------------------------------------------------------------------------------- */

static inline FakeChan *fake_find(Fake *f, Str name)
{
    for (int i = 0; i < f->nchans; i++)
        if (f->chans[i].up && (str_is(name, f->chans[i].id) || str_is(name, f->chans[i].name)))
            return &f->chans[i];
    return NULL;
}

static inline void fake_plan(Fake *f, FakeChan *c, int what, int64_t in_ms)
{
    agenda_add(&f->agenda, f->now + in_ms, what, c - f->chans, c->gen);
}

static inline void fake_replan(Fake *f, FakeChan *c, int what, int64_t in_ms)
{
    c->gen++;
    fake_plan(f, c, what, in_ms);
}

static inline FakeChan *fake_new(Fake *f)
{
    int i = 0;
    while (i < f->nchans && f->chans[i].up)
        i++;
    if (i == f->nchans)
        f->nchans++;
    FakeChan *c = &f->chans[i];
    *c = (FakeChan){ .up = true, .with = -1, .spies_on = -1, .gen = c->gen + 1 };
    snprintf(c->name, sizeof c->name, "PJSIP/x-%08x", ++f->serial);
    return c;
}

static inline void fake_reply(Fake *f, FakeChan *c, bool ok, int reason)
{
    if (!*c->action)
        return;
    fake_event(f, "OriginateResponse\r\nActionID: %s\r\nResponse: %s\r\nChannel: %s\r\n"
               "Reason: %d\r\nUniqueid: %s\r\n", c->action,
               ok ? "Success" : "Failure", c->name, reason, c->id);
    c->action[0] = '\0';
}

static inline void fake_end(Fake *f, FakeChan *c, int cause, bool far_end)
{
    char more[80];
    snprintf(more, sizeof more, "Cause: %d\r\nCause-txt: x\r\n", cause);
    if (far_end)
        fake_chan(f, c, "HangupRequest", "", more);
    if (c->with >= 0) {
        FakeChan *o = &f->chans[c->with];
        o->with = -1;
        if (o->agent_wait)
            fake_word(f, o, "PatterAgentWaits", "");
        else
            fake_replan(f, o, F_OVER, 20);        /* PATTER_TALKED */
    }
    for (int i = 0; i < f->nchans; i++)
        if (f->chans[i].up && f->chans[i].spies_on == c - f->chans)
            fake_replan(f, &f->chans[i], F_OVER, 10);
    /* the two come in this order as often as not */
    bool first = c->answered || f->serial % 2;
    if (first)
        fake_reply(f, c, false, cause == 19 || cause == 0 ? 3 : 0);
    fake_chan(f, c, "Hangup", "", more);
    if (!first)
        fake_reply(f, c, false, cause == 19 || cause == 0 ? 3 : 0);
    c->up = false;
    c->gen++;
}

static inline void fake_enter(Fake *f, FakeChan *c, const char *exten)
{
    char more[80];
    if (exten != c->exten)
        snprintf(c->exten, sizeof c->exten, "%s", exten);
    if (strcmp(exten, "person") == 0) {
        fake_word(f, c, "PatterPerson", "");
        fake_replan(f, c, F_ABANDON, c->patience_ms);
        if (c->number[strlen(c->number) - 1] == '8')
            fake_plan(f, c, F_LEAVE, 25000);
    } else if (strcmp(exten, "detect") == 0) {
        fake_replan(f, c, F_DETECTED, 1700);
    } else if (strcmp(exten, "abandon") == 0 || strcmp(exten, "play") == 0) {
        if (strcmp(exten, "abandon") == 0)
            fake_word(f, c, "PatterAbandoned", "");
        fake_replan(f, c, F_OVER, 3000);
    } else if (strcmp(exten, "wait") == 0) {
        c->agent_wait = 1;
        snprintf(more, sizeof more, "Agent: %s\r\n", c->call);
        fake_word(f, c, "PatterAgentWaits", more);
    }
}

static inline void fake_answered(Fake *f, FakeChan *c)
{
    c->answered = true;
    c->state = 6;
    fake_chan(f, c, "Newstate", "", "");
    fake_chan(f, c, "DialEnd", "Dest", "DialStatus: ANSWER\r\n");
    fake_reply(f, c, true, 4);
    if (c->spies_on >= 0)
        fake_event(f, "ChanSpyStart\r\nSpyerUniqueid: %s\r\n", c->id);
    else
        fake_enter(f, c, c->exten);
}

static inline void fake_make(Fake *f, FakeChan *c)
{
    static const int causes[] = { 1, 17, 0, 0, 34, 21 };
    char digit = c->number[strlen(c->number) - 1];
    fake_chan(f, c, "Newchannel", "", "");
    fake_chan(f, c, "NewCallerid", "", "CID-CallingPres: 0 (Presentation Allowed)\r\n");
    fake_chan(f, c, "DialBegin", "Dest", "DialString: x\r\n");
    if (strncmp(c->context, "patter-customer", 15) != 0 || digit == '8' || digit == '9'
        || digit == '3') {
        bool phone = c->context[7] != 'c';
        fake_plan(f, c, F_RING, phone ? 10 : 200);
        fake_plan(f, c, F_ANSWER, phone ? 100 : 3000);
    } else if (digit == '2' || digit == '5') {
        fake_plan(f, c, F_RING, 200);
    } else if (digit == '7') {
        fake_plan(f, c, F_PROGRESS, 300);
    }
    if (digit != '8' && digit != '9' && digit != '3' && digit != '2' && digit <= '5'
        && c->context[7] == 'c')
        agenda_add(&f->agenda, f->now + (digit == '5' ? 2000 : 150), F_FAIL, c - f->chans,
                   c->gen | (uint32_t)causes[digit - '0'] << 24);
    else
        fake_plan(f, c, F_TIMEOUT, c->timeout_ms);
}

/* ---- actions --------------------------------------------------------------------------------- */

static inline void copy_header(const AmiMessage *m, const char *name, char *out, size_t size)
{
    snprintf(out, size, "%.*s", STR_ARG(ami_get(m, name)));
}

static inline void fake_variables(FakeChan *c, const AmiMessage *m)
{
    for (int i = 0; i < m->n; i++) {
        char text[200];
        if (!str_is(m->h[i].name, "Variable"))
            continue;
        snprintf(text, sizeof text, "%.*s", STR_ARG(m->h[i].value));
        if (strncmp(text, "PATTER_CALL=", 12) == 0)
            snprintf(c->call, sizeof c->call, "%.60s", text + 12);
        if (strncmp(text, "PATTER_PATIENCE=", 16) == 0)
            c->patience_ms = atoi(text + 16) * 1000;
    }
}

static inline void fake_originate(Fake *f, const AmiMessage *m, const char *id)
{
    char channel[100], unique[64], data[100];
    copy_header(m, "Channel", channel, sizeof channel);
    copy_header(m, "ChannelId", unique, sizeof unique);
    copy_header(m, "Data", data, sizeof data);
    fake_answer(f, id, true, "Message: Originate successfully queued\r\n");
    if ((f->no_trunk && strstr(channel, f->no_trunk)) || fake_find(f, str(unique))) {
        fake_event(f, "OriginateResponse\r\nActionID: %s\r\nResponse: Failure\r\nChannel: %s\r\n"
                   "Reason: 0\r\nUniqueid: %s\r\n", id, channel, unique);
        return;
    }
    FakeChan *c = fake_new(f);
    snprintf(c->id, sizeof c->id, "%s", unique);
    snprintf(c->action, sizeof c->action, "%s", id);
    copy_header(m, "Context", c->context, sizeof c->context);
    copy_header(m, "Exten", c->exten, sizeof c->exten);
    if (!*c->context)
        snprintf(c->context, sizeof c->context, "default");
    char *at = strchr(channel, '@');
    if (at)
        *at = '\0';
    char *slash = strchr(channel, '/');
    snprintf(c->number, sizeof c->number, "%s", slash ? slash + 1 : channel);
    c->timeout_ms = (int)ami_int(m, "Timeout");
    fake_variables(c, m);
    if (*data) {
        *strchr(data, ',') = '\0';
        FakeChan *heard = fake_find(f, str(data));
        c->spies_on = heard ? (int)(heard - f->chans) : -1;
    }
    fake_plan(f, c, F_MAKE, 1);
}

static inline void fake_bridge(Fake *f, const AmiMessage *m, const char *id)
{
    FakeChan *one = fake_find(f, ami_get(m, "Channel1"));
    FakeChan *two = fake_find(f, ami_get(m, "Channel2"));
    if (!one || !two || !one->answered || !two->answered) {
        fake_answer(f, id, false, "Message: Channel1 does not exist\r\n");
        return;
    }
    one->with = (int)(two - f->chans);
    two->with = (int)(one - f->chans);
    two->gen++;
    if (two->number[strlen(two->number) - 1] == '8')
        fake_plan(f, two, F_LEAVE, 20000);
    fake_answer(f, id, true, "Message: Channels have been bridged\r\n");
    bool agent_last = f->serial % 2;
    fake_chan(f, agent_last ? two : one, "BridgeEnter", "", "BridgeNumChannels: 1\r\n");
    fake_chan(f, agent_last ? one : two, "BridgeEnter", "", "BridgeNumChannels: 2\r\n");
}

static inline void fake_note(Fake *f, const AmiMessage *m, const char *id)
{
    char key[40];
    copy_header(m, "Key", key, sizeof key);
    int call = atoi(strrchr(key, '-') + 1);
    if (call >= 8 || !f->notes[call]) {
        fake_answer(f, id, false, "Message: Database entry not found\r\n");
        return;
    }
    fake_answer(f, id, true, "Message: Result will follow\r\n");
    buf_printf(&f->wire, "Event: DBGetResponse\r\nActionID: %s\r\nFamily: patter\r\nKey: %s\r\n"
               "Val: p1-c%d- %s\r\n\r\nEvent: DBGetComplete\r\nActionID: %s\r\n"
               "EventList: Complete\r\nListItems: 1\r\n\r\n", id, key, call, f->notes[call], id);
}

/* It ends and nobody hears of it; this is what the dialplan writes. */
static inline void fake_vanish(Fake *f, CallId call, const char *note)
{
    char name[DRIVER_NAME];
    driver_call_name("p1", call, name);
    fake_find(f, str(name))->up = false;
    f->notes[call] = note;
}

static inline void fake_list(Fake *f, const char *id)
{
    int n = 0;
    fake_answer(f, id, true, "EventList: start\r\nMessage: Channels will follow\r\n");
    for (int i = 0; i < f->nchans; i++) {
        const FakeChan *c = &f->chans[i];
        if (!c->up || !c->state)
            continue;
        n++;
        buf_printf(&f->wire, "Event: CoreShowChannel\r\nActionID: %s\r\nChannel: %s\r\n"
                   "ChannelState: %d\r\nCallerIDNum: %s\r\nContext: %s\r\nExten: %s\r\n"
                   "Uniqueid: %s\r\nChanVariable: PATTER_CALL=%s\r\nApplication: Wait\r\n"
                   "BridgeId: %s\r\n\r\n", id, c->name, c->state, c->number, c->context, c->exten,
                   c->id, c->call, c->with >= 0 ? "4c613c28" : "");
    }
    buf_printf(&f->wire, "Event: CoreShowChannelsComplete\r\nActionID: %s\r\n"
               "EventList: Complete\r\nListItems: %d\r\n\r\n", id, n);
}

static inline void fake_on_channel(Fake *f, const AmiMessage *m, const char *action, const char *id)
{
    FakeChan *c = fake_find(f, ami_get(m, "Channel"));
    char value[64], exten[40];
    copy_header(m, "Value", value, sizeof value);
    copy_header(m, "Exten", exten, sizeof exten);
    if (!c || (!c->state && strcmp(action, "Hangup") == 0)) {
        fake_answer(f, id, false, "Message: No such channel\r\n");
        return;
    }
    fake_answer(f, id, true, "Message: done\r\n");
    if (strcmp(action, "Hangup") == 0)
        fake_replan(f, c, F_OVER, 5);
    else if (strcmp(action, "Redirect") == 0)
        fake_enter(f, c, exten);
    else if (ami_is(m, "Variable", "PATTER_CALL"))
        snprintf(c->call, sizeof c->call, "%s", value);
    else if (ami_is(m, "Variable", "PATTER_PATIENCE"))
        c->patience_ms = atoi(value) * 1000;
}

static inline void fake_action(Fake *f, const AmiMessage *m)
{
    char action[40], id[64];
    copy_header(m, "Action", action, sizeof action);
    copy_header(m, "ActionID", id, sizeof id);
    for (int i = 0; i < m->n; i++)
        buf_printf(&f->log, "%.*s=%.*s|", STR_ARG(m->h[i].name), STR_ARG(m->h[i].value));
    buf_char(&f->log, '\n');
    if (f->mute)
        return;
    if (strcmp(action, "Challenge") == 0) {
        fake_answer(f, id, true, "Challenge: 840415273\r\n");
    } else if (strcmp(action, "Login") == 0) {
        /* md5 of "840415273" "secret" */
        f->logged_in = !f->refuse_login && ami_is(m, "Key", "81c3ab5534a432bec402f6d988ee45b4");
        char more[200];
        snprintf(more, sizeof more, "Message: %s\r\n", f->logged_in ? "Authentication accepted"
                 : f->refuse_login ? f->refuse_login : "Authentication failed");
        fake_answer(f, id, f->logged_in, more);
    } else if (!f->logged_in) {
        fake_answer(f, id, false, "Message: Permission denied\r\n");
    } else if (strcmp(action, "Ping") == 0) {
        fake_answer(f, id, true, "Ping: Pong\r\nTimestamp: 1.5\r\n");
    } else if (strcmp(action, "Originate") == 0) {
        fake_originate(f, m, id);
    } else if (strcmp(action, "Bridge") == 0) {
        fake_bridge(f, m, id);
    } else if (strcmp(action, "CoreShowChannels") == 0) {
        fake_list(f, id);
    } else if (strcmp(action, "DBGet") == 0) {
        fake_note(f, m, id);
    } else {
        fake_on_channel(f, m, action, id);
    }
}

/* ---- time ------------------------------------------------------------------------------------ */

static inline void fake_happen(void *self, const Due *due)
{
    Fake *f = self;
    if (due->kind == F_SEND) {
        if (f->connected && due->gen == (uint32_t)f->connections)
            buf_cstr(&f->wire, f->late[due->id]);
        return;
    }
    if (due->kind == F_ACCEPT) {
        f->connected = f->reachable;
        f->logged_in = false;
        f->connections++;
        ami_reader_release(&f->in);
        f->in.greeted = true;
        buf_reset(&f->wire);
        if (!f->connected) {
            peer_lost(f->d, "connection refused", f->now);
            return;
        }
        peer_connected(f->d, f->now);
        buf_cstr(&f->wire, f->old ? "Asterisk Call Manager/5.0.4\r\n"
                                  : "Asterisk Call Manager/11.0.0\r\n");
        return;
    }
    FakeChan *c = &f->chans[due->id];
    if (!c->up || c->gen != (due->kind == F_FAIL ? due->gen & 0xffffff : due->gen))
        return;
    switch (due->kind) {
    case F_MAKE:
        c->state = 1;
        fake_make(f, c);
        break;
    case F_RING:
        c->state = 5;
        fake_chan(f, c, "Newstate", "", "");
        fake_chan(f, c, "DialState", "Dest", "DialStatus: RINGING\r\n");
        break;
    case F_PROGRESS:
        fake_chan(f, c, "DialState", "Dest", "DialStatus: PROGRESS\r\n");
        break;
    case F_ANSWER:
        fake_answered(f, c);
        break;
    case F_FAIL:
        fake_end(f, c, (int)(due->gen >> 24), true);
        break;
    case F_TIMEOUT:
        if (!c->answered)
            fake_end(f, c, f->old ? 0 : 19, false);
        break;
    case F_DETECTED:
        if (c->number[strlen(c->number) - 1] == '3') {
            fake_word(f, c, "PatterDetected", "Status: MACHINE\r\nCause: LONGGREETING-1\r\n");
            fake_replan(f, c, F_OVER, 30000);
        } else {
            fake_word(f, c, "PatterDetected", "Status: HUMAN\r\nCause: HUMAN-1\r\n");
            fake_enter(f, c, "person");
        }
        break;
    case F_ABANDON:
        fake_enter(f, c, "abandon");
        break;
    case F_LEAVE:
        fake_end(f, c, 16, true);
        break;
    case F_OVER:
        fake_end(f, c, 16, false);
        break;
    }
}

static inline void fake_pump(void *self)
{
    Fake *f = self;
    for (int quiet = 0; quiet < 2;) {
        Buf *out = peer_output(f->d);
        quiet++;
        if (out->n && f->connected) {
            char *text = xstrndup(out->s, out->n);
            const char *at = text;
            size_t n = out->n;
            AmiMessage m;
            buf_reset(out);
            while (ami_read(&f->in, &at, &n, &m))
                fake_action(f, &m);
            free(text);
            quiet = 0;
        }
        if (f->wire.n && f->connected) {
            fake_deliver(f->d, &f->wire, f->piece, &f->connected, f->now);
            quiet = 0;
        }
    }
}

static inline void fake_run(Fake *f, int64_t until)
{
    fake_loop((FakeLoop){ f, fake_pump, fake_happen }, f->d, &f->agenda, &f->now, until);
}

/* ---- life ------------------------------------------------------------------------------------ */

static inline void fake_connect(void *self)
{
    Fake *f = self;
    agenda_add(&f->agenda, f->now + 2, F_ACCEPT, 0, 0);
}

static inline void fake_disconnect(void *self)
{
    ((Fake *)self)->connected = false;
}

static inline bool fake_phone(void *self, AgentId agent, char out[static DRIVER_PHONE])
{
    (void)self;
    snprintf(out, DRIVER_PHONE, "80%02d", (int)agent);
    return true;
}

static const SwitchConfig fake_config = {
    .name = "pbx", .adapter = "ami", .host = "127.0.0.1", .ca_file = "", .user = "patter",
    .secret = "", .prefix = "p1", .dial = "PJSIP/{number}@carrier", .phones = "PJSIP/{phone}",
    .caller = "15550000000", .command = "", .share = 1,
};

static inline Driver *fake_open(Fake *f, int64_t now, DriverSink sink)
{
    DriverHost host = { .sink = sink, .phone = fake_phone };
    Error err = { 0 };
    *f = (Fake){ .now = now, .reachable = true };
    rng_seed(&f->rng, 1, 2, 3, 4);
    f->d = ami_open(&fake_config, "secret", &host, now, &err);
    peer_set_carrier(f->d, (Carrier){ .self = f, .connect = fake_connect,
                                        .disconnect = fake_disconnect });
    return f->d;
}

static inline void fake_release(Fake *f)
{
    for (int i = 0; i < f->nlate; i++)
        free(f->late[i]);
    free(f->late);
    agenda_release(&f->agenda);
    ami_reader_release(&f->in);
    buf_release(&f->wire);
    buf_release(&f->log);
}

static inline void fake_set_link(Fake *f, bool up)
{
    f->reachable = up;
    if (!up && f->connected) {
        f->connected = false;
        peer_lost(f->d, "connection reset", f->now);
    }
}

static inline void fake_call_in(Fake *f, const char *number, const char *called)
{
    char more[200];
    FakeChan *c = fake_new(f);
    snprintf(c->id, sizeof c->id, "pbx-1795320633.%d", f->serial);
    snprintf(c->context, sizeof c->context, "patter-inbound");
    snprintf(c->number, sizeof c->number, "%s", number);
    snprintf(c->exten, sizeof c->exten, "%s", called);
    c->answered = true;
    c->state = 6;
    fake_plan(f, c, F_ABANDON, 30000);
    fake_chan(f, c, "Newchannel", "", "");
    snprintf(more, sizeof more, "Number: %s\r\nCalled: %s\r\n", number, called);
    fake_word(f, c, "PatterInbound", more);
}

#endif
