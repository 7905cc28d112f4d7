/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * softphone_fake.h -- a soft phone that is none: what baresip 1.0.0 says over ctrl_tcp, word for
 * word, with the last digit of a number saying what becomes of the call (sim.h).  Knobs: bytes in
 * pieces, events twice, events out of order.
 */
#ifndef TESTS_SOFTPHONE_FAKE_H
#define TESTS_SOFTPHONE_FAKE_H

#include "dialer/netstring.h"
#include "dialer/softphone.h"
#include "fake_loop.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { SP_CALLS = 8, SP_LATE = 200 };
enum { SP_ACCEPT, SP_RING, SP_ANSWER, SP_END, SP_LEAVE, SP_SAY };

typedef struct SpCall {
    bool used, in, up, rang;
    char id[20], user[60];
    uint32_t gen;
} SpCall;

typedef struct SpFake {
    Driver *d;
    int64_t now;
    Agenda agenda;
    SpCall calls[SP_CALLS];   /* in the order in which they were made */
    int serial;
    bool reachable, connected;
    NetReader in;
    Buf wire;                 /* to the driver */
    char *late[SP_LATE];      /* events that are said a little later */
    int nlate;
    Rng rng;
    size_t piece;             /* of bytes to the driver; 0: all at once */
    int jumble_ms;            /* events come up to so much later, in any order */
    double twice;             /* of the events */
    char asked[400];          /* commands, with their params */
    int dials;
    bool refuses;             /* to dial */
} SpFake;

static inline void sp_say(SpFake *f, const char *json)
{
    if (f->connected)
        net_write(&f->wire, str(json));
}

static inline void sp_event(SpFake *f, const SpCall *c, const char *type, const char *param)
{
    char text[600];
    snprintf(text, sizeof text,
             "{\"event\":true,\"type\":\"%s\",\"class\":\"call\",\"accountaor\":"
             "\"sip:+15550100@127.0.0.1\",\"direction\":\"%s\",\"peeruri\":"
             "\"sip:%s@127.0.0.1\",\"id\":\"%s\",\"param\":\"%s\"}",
             type, c->in ? "incoming" : "outgoing", c->user, c->id, param);
    for (int times = rng_unit(&f->rng) < f->twice ? 2 : 1; times > 0; times--) {
        int late = f->jumble_ms ? (int)rng_between(&f->rng, 0, f->jumble_ms) : 0;
        if (late == 0 || f->nlate == SP_LATE) {
            sp_say(f, text);
            continue;
        }
        f->late[f->nlate] = xstrdup(text);
        agenda_add(&f->agenda, f->now + late, SP_SAY, f->nlate++, 0);
    }
}

static inline void sp_plan(SpFake *f, SpCall *c, int what, int64_t in_ms)
{
    agenda_add(&f->agenda, f->now + in_ms, what, c - f->calls, c->gen);
}

static inline SpCall *sp_new(SpFake *f, bool in, const char *user)
{
    SpCall *c = f->calls;
    while (c->used)
        c++;
    uint32_t gen = c->gen + 1;
    *c = (SpCall){ .used = true, .in = in, .gen = gen };
    snprintf(c->user, sizeof c->user, "%s", user);
    snprintf(c->id, sizeof c->id, "5f69%012d", ++f->serial);
    return c;
}

static inline SpCall *sp_newest(SpFake *f)
{
    SpCall *best = NULL;
    for (SpCall *c = f->calls; c < f->calls + SP_CALLS; c++)
        if (c->used && (!best || strcmp(c->id, best->id) > 0))
            best = c;
    return best;
}

static inline void sp_end(SpFake *f, SpCall *c, const char *param)
{
    c->used = false;
    c->gen++;
    sp_event(f, c, "CALL_CLOSED", param);
}

static inline void sp_answer(SpFake *f, SpCall *c)
{
    c->up = true;
    sp_event(f, c, "CALL_ESTABLISHED", "sip:x@127.0.0.1");
    if (c->user[strlen(c->user) - 1] != '9')
        sp_plan(f, c, SP_LEAVE, 20000);
}

/* ---- commands -------------------------------------------------------------------------------- */

static inline void sp_list(SpFake *f, Buf *data)
{
    int n = 0;
    for (int i = 0; i < SP_CALLS; i++)
        n += f->calls[i].used;
    buf_printf(data, "\n--- Active calls (%d) ---\n", n);
    for (SpCall *c = f->calls; c < f->calls + SP_CALLS; c++)
        if (c->used)
            buf_printf(data, "%s [line %d]  0:00:01  %s             sip:%s@127.0.0.1\n",
                       c == sp_newest(f) ? ">" : " ", (int)(c - f->calls) + 1,
                       c->up ? "ESTABLISHED" : c->in ? "   INCOMING" : "    RINGING", c->user);
    buf_cstr(data, "\n");
}

static inline void sp_dial(SpFake *f, const char *number)
{
    SpCall *c = sp_new(f, false, number);
    sp_say(f, "{\"event\":true,\"type\":\"CALL_LOCAL_SDP\",\"class\":\"other\",\"accountaor\":"
              "\"sip:+15550100@127.0.0.1\",\"direction\":\"outgoing\",\"param\":\"offer\"}");
    f->dials++;
    switch (number[strlen(number) - 1]) {
    case '0':
    case '4':
        sp_plan(f, c, SP_END, 100);
        break;
    default:
        sp_plan(f, c, SP_RING, 200);
    }
}

static inline void sp_command(SpFake *f, Str text)
{
    json_t *o = json_loadb(text.s, text.n, 0, NULL), *reply;
    const char *command = json_string_value(json_object_get(o, "command"));
    const char *params = json_string_value(json_object_get(o, "params"));
    const char *token = json_string_value(json_object_get(o, "token"));
    Buf data = { 0 };
    size_t n = strlen(f->asked);
    bool ok = true;
    if (strcmp(command, "listcalls") && strcmp(command, "reginfo"))
        snprintf(f->asked + n, sizeof f->asked - n, "%s%s%s;", command, params ? " " : "",
                 params ? params : "");
    if (strcmp(command, "reginfo") == 0) {
        buf_cstr(&data, "\n--- User Agents (1) ---\n> sip:a@127.0.0.1:15190       \n\n");
    } else if (strcmp(command, "listcalls") == 0) {
        sp_list(f, &data);
    } else if (strcmp(command, "dial") == 0 && f->refuses) {
        ok = false;
        buf_cstr(&data, "could not find UA\n");
    } else if (strcmp(command, "dial") == 0) {
        sp_dial(f, params);
    } else if (strcmp(command, "hangup") == 0) {
        SpCall *c = sp_newest(f);
        if (c)
            sp_end(f, c, "Connection reset by user");
    } else if (strcmp(command, "accept") == 0) {
        SpCall *c = sp_newest(f);
        if (c && c->in)
            sp_answer(f, c);
    }
    reply = json_pack("{s:b,s:b,s:s%,s:s}", "response", 1, "ok", ok, "data", data.s ? data.s : "",
                      data.n, "token", token);
    char *line = json_dumps(reply, JSON_COMPACT);
    sp_say(f, line);
    free(line);
    json_decref(reply);
    json_decref(o);
    buf_release(&data);
}

/* ---- time ------------------------------------------------------------------------------------ */

static inline void sp_ring(SpFake *f, SpCall *c)
{
    char last = c->user[strlen(c->user) - 1];
    c->rang = true;
    sp_event(f, c, "CALL_RINGING", "sip:x@127.0.0.1");
    if (last == '1' || last == '5')
        sp_plan(f, c, SP_END, 2000);
    else if (last != '2')
        sp_plan(f, c, SP_ANSWER, 2000);
}

static inline void sp_happen(void *self, const Due *due)
{
    SpFake *f = self;
    static const char *const ends[] = { "404 Not Found", "486 Busy Here", "", "", "503 Full",
                                        "603 Decline" };
    if (due->kind == SP_ACCEPT) {
        f->connected = f->reachable;
        net_release(&f->in);
        buf_reset(&f->wire);
        if (f->connected)
            peer_connected(f->d, f->now);
        else
            peer_lost(f->d, "connection refused", f->now);
        return;
    }
    if (due->kind == SP_SAY) {
        sp_say(f, f->late[due->id]);
        return;
    }
    SpCall *c = &f->calls[due->id];
    if (!c->used || c->gen != due->gen)
        return;
    switch (due->kind) {
    case SP_RING:
        sp_ring(f, c);
        break;
    case SP_ANSWER:
        sp_answer(f, c);
        break;
    case SP_LEAVE:
        sp_end(f, c, "Connection reset by peer");
        break;
    default:
        sp_end(f, c, ends[c->user[strlen(c->user) - 1] - '0']);
        break;
    }
}

static inline void sp_pump(void *self)
{
    SpFake *f = self;
    for (int quiet = 0; quiet < 2;) {
        Buf *out = peer_output(f->d);
        quiet++;
        if (out->n && f->connected) {
            char *text = xstrndup(out->s, out->n);
            const char *at = text;
            size_t n = out->n;
            Str got;
            buf_reset(out);
            while (net_read(&f->in, &at, &n, &got) == NET_STRING)
                sp_command(f, got);
            free(text);
            quiet = 0;
        }
        if (f->wire.n && f->connected) {
            fake_deliver(f->d, &f->wire, f->piece, &f->connected, f->now);
            quiet = 0;
        }
    }
    if (f->nlate && agenda_next(&f->agenda) == NEVER) {
        while (f->nlate)
            free(f->late[--f->nlate]);
    }
}

static inline void sp_run(SpFake *f, int64_t until)
{
    fake_loop((FakeLoop){ f, sp_pump, sp_happen }, f->d, &f->agenda, &f->now, until);
}

/* ---- life ------------------------------------------------------------------------------------ */

static inline void sp_connect(void *self)
{
    SpFake *f = self;
    agenda_add(&f->agenda, f->now + 2, SP_ACCEPT, 0, 0);
}

static inline void sp_disconnect(void *self)
{
    ((SpFake *)self)->connected = false;
}

static inline void sp_release(SpFake *f)
{
    while (f->nlate)
        free(f->late[--f->nlate]);
    agenda_release(&f->agenda);
    net_release(&f->in);
    buf_release(&f->wire);
}

static inline Driver *sp_open(SpFake *f, int64_t now, DriverSink sink)
{
    static const SwitchConfig config = { .name = "mine", .adapter = "softphone", .host = "",
                                         .ca_file = "", .prefix = "p1", .dial = "{number}",
                                         .phones = "", .caller = "", .command = "" };
    DriverHost host = { .sink = sink };
    Error err = { 0 };
    *f = (SpFake){ .now = now, .reachable = true };
    rng_seed(&f->rng, 1, 2, 3, 4);
    f->d = softphone_open(&config, &host, now, &err);
    peer_set_carrier(f->d, (Carrier){ .self = f, .connect = sp_connect,
                                      .disconnect = sp_disconnect });
    return f->d;
}

static inline void sp_set_link(SpFake *f, bool up)
{
    f->reachable = up;
    if (!up && f->connected) {
        f->connected = false;
        peer_lost(f->d, "connection reset", f->now);
    }
}

static inline SpCall *sp_call_in(SpFake *f, const char *number)
{
    SpCall *c = sp_new(f, true, number);
    sp_event(f, c, "CALL_INCOMING", "sip:x@127.0.0.1");
    sp_plan(f, c, SP_LEAVE, 30000);
    return c;
}

#endif
