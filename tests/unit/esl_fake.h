/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * esl_fake.h -- a FreeSWITCH that is none: what the documentation of its event socket says that it
 * says, with the last digit of a number saying what becomes of the call (sim.h).  Knobs: bytes in
 * pieces, events twice, events out of order.
 */
#ifndef TESTS_ESL_FAKE_H
#define TESTS_ESL_FAKE_H

#include "dialer/esl.h"
#include "dialer/esl_wire.h"
#include "fake_loop.h"

#include <stdio.h>
#include <stdlib.h>

enum { FS_CHANS = 400, FS_LATE = 4000 };
enum { FS_ACCEPT, FS_RING, FS_ANSWER, FS_END, FS_TIMEOUT, FS_LEAVE, FS_ABANDON, FS_OVER, FS_SAY };

typedef struct FsChan {
    bool used, answered, in_message;
    char uuid[64], dest[100], then[120], job[120], bridged[64];
    int ring_s, wait_ms;
    uint32_t gen;
    bool heard;               /* a supervisor's, or an agent's: it does nothing by itself */
} FsChan;

typedef struct FsFake {
    Driver *d;
    int64_t now;
    Agenda agenda;
    FsChan chans[FS_CHANS];
    bool reachable, connected, in;
    EslReader reader;
    Buf wire;                 /* to the driver */
    char *late[FS_LATE];
    int nlate;
    Rng rng;
    size_t piece;             /* of bytes to the driver; 0: all at once */
    int jumble_ms;            /* events come up to so much later, in any order */
    double twice;             /* of the events */
    char last[1200];          /* command */
    const char *reject;       /* reply to auth; NULL: +OK */
    bool no_trunk;            /* the gateway is not known */
} FsFake;

static inline char fs_digit(const FsChan *c)
{
    return c->dest[strlen(c->dest) - 1];
}

static inline void fs_say(FsFake *f, const char *text)
{
    if (f->connected)
        buf_cstr(&f->wire, text);
}

static inline void fs_event_text(FsFake *f, const char *body)
{
    Buf text = { 0 };
    buf_printf(&text, "Content-Length: %zu\nContent-Type: text/event-plain\n\n%s", strlen(body),
               body);
    for (int times = rng_unit(&f->rng) < f->twice ? 2 : 1; times > 0; times--) {
        int late = f->jumble_ms ? (int)rng_between(&f->rng, 0, f->jumble_ms) : 0;
        if (late == 0 || f->nlate == FS_LATE) {
            fs_say(f, text.s);
            continue;
        }
        f->late[f->nlate] = xstrdup(text.s);
        agenda_add(&f->agenda, f->now + late, FS_SAY, f->nlate++, 0);
    }
    buf_release(&text);
}

static inline void fs_event(FsFake *f, const FsChan *c, const char *name, const char *more)
{
    Buf body = { 0 };
    buf_printf(&body,
               "Event-Name: %s\nEvent-Date-Local: 2026-01-01%%2010%%3A00%%3A00\n"
               "Unique-ID: %s\nChannel-Name: sofia/external/%s\n%s\n", name, c->uuid, c->dest,
               more);
    fs_event_text(f, body.s);
    buf_release(&body);
}

static inline void fs_job(FsFake *f, const char *job, const char *result)
{
    Buf body = { 0 };
    buf_printf(&body, "Event-Name: BACKGROUND_JOB\nJob-UUID: %s\nJob-Command: x\n"
                      "Content-Length: %zu\n\n%s", job, strlen(result), result);
    fs_event_text(f, body.s);
    buf_release(&body);
}

static inline void fs_plan(FsFake *f, FsChan *c, int what, int64_t in_ms)
{
    agenda_add(&f->agenda, f->now + in_ms, what, c - f->chans, c->gen);
}

static inline void fs_replan(FsFake *f, FsChan *c, int what, int64_t in_ms)
{
    c->gen++;
    fs_plan(f, c, what, in_ms);
}

static inline FsChan *fs_find(FsFake *f, const char *uuid)
{
    for (FsChan *c = f->chans; c < f->chans + FS_CHANS; c++)
        if (c->used && strcmp(c->uuid, uuid) == 0)
            return c;
    return NULL;
}

static inline void fs_end(FsFake *f, FsChan *c, const char *cause, bool far_end)
{
    char more[200];
    FsChan *other = *c->bridged ? fs_find(f, c->bridged) : NULL;
    snprintf(more, sizeof more, "Hangup-Cause: %s\nvariable_sip_hangup_disposition: %s\n", cause,
             far_end ? "recv_bye" : "send_bye");
    fs_event(f, c, "CHANNEL_HANGUP_COMPLETE", more);
    if (!c->answered) {
        snprintf(more, sizeof more, "-ERR %s\n", cause);
        fs_job(f, c->job, more);
    }
    c->used = false;
    c->gen++;
    snprintf(more, sizeof more, "&eavesdrop(%s)", c->uuid);
    for (FsChan *spy = f->chans; spy < f->chans + FS_CHANS; spy++)
        if (spy->used && strcmp(spy->then, more) == 0)
            fs_end(f, spy, "NORMAL_CLEARING", false);
    if (other) {
        other->bridged[0] = '\0';
        if (!other->heard)                /* hangup_after_bridge */
            fs_end(f, other, "NORMAL_CLEARING", false);
    }
}

static inline void fs_answered(FsFake *f, FsChan *c)
{
    char more[100];
    c->answered = true;
    c->gen++;
    fs_event(f, c, "CHANNEL_ANSWER", "");
    snprintf(more, sizeof more, "+OK %s\n", c->uuid);
    fs_job(f, c->job, more);
    if (!c->heard)
        fs_plan(f, c, FS_ABANDON, c->wait_ms);
}

/* ---- commands -------------------------------------------------------------------------------- */

static inline void fs_originate(FsFake *f, const char *args, const char *job)
{
    static FsChan zero;
    FsChan *c = f->chans;
    while (c->used)
        c++;
    uint32_t gen = c->gen + 1;
    *c = zero;
    c->gen = gen;
    c->used = true;
    snprintf(c->job, sizeof c->job, "%s", job);
    sscanf(strstr(args, "origination_uuid=") + 17, "%63[^,}]", c->uuid);
    sscanf(strstr(args, "originate_timeout=") + 18, "%d", &c->ring_s);
    sscanf(strchr(args, '}') + 1, "%99s %119[^\n]", c->dest, c->then);
    sscanf(c->then, "'sleep:%d", &c->wait_ms);
    c->heard = c->then[0] == '&';
    if (f->no_trunk || fs_find(f, c->uuid) != c) {
        c->used = false;
        fs_job(f, job, "-ERR INVALID_GATEWAY\n");
        return;
    }
    fs_event(f, c, "CHANNEL_CREATE", "");
    if (c->heard)
        fs_plan(f, c, FS_ANSWER, 300);
    else if (fs_digit(c) == '0' || fs_digit(c) == '4')
        fs_plan(f, c, FS_END, 100);
    else
        fs_plan(f, c, FS_RING, 200);
}

static inline void fs_bridge(FsFake *f, const char *args, const char *job)
{
    char a[64], b[64], more[200];
    sscanf(args, "%63s %63s", a, b);
    FsChan *agent = fs_find(f, a), *c = fs_find(f, b);
    if (!agent || !c || !agent->answered || !c->answered) {
        fs_job(f, job, "-ERR Invalid uuid\n");
        return;
    }
    snprintf(agent->bridged, sizeof agent->bridged, "%s", b);
    snprintf(c->bridged, sizeof c->bridged, "%s", a);
    c->gen++;
    if (fs_digit(c) != '9')
        fs_plan(f, c, FS_LEAVE, 20000);
    snprintf(more, sizeof more, "Other-Leg-Unique-ID: %s\n", b);
    fs_event(f, agent, "CHANNEL_BRIDGE", more);
    fs_job(f, job, "+OK x\n");
}

static inline void fs_list(FsFake *f, const char *job)
{
    Buf text = { 0 };
    int n = 0;
    buf_cstr(&text, "{\"rows\":[");
    for (FsChan *c = f->chans; c < f->chans + FS_CHANS; c++)
        if (c->used)
            buf_printf(&text, "%s{\"uuid\":\"%s\",\"name\":\"sofia/external/%s\",\"state\":\"%s\","
                       "\"callstate\":\"%s\"}", n++ ? "," : "", c->uuid, c->dest,
                       *c->bridged ? "CS_EXCHANGE_MEDIA" : "CS_EXECUTE",
                       c->answered ? "ACTIVE" : "RINGING");
    buf_printf(&text, "%s\"row_count\":%d}", n ? "]," : "],", n);
    fs_job(f, job, text.s);
    buf_release(&text);
}

static inline void fs_bgapi(FsFake *f, const char *command, const char *job)
{
    char uuid[64] = "", cause[40] = "";
    fs_say(f, "Content-Type: command/reply\nReply-Text: +OK Job-UUID: ");
    fs_say(f, job);
    fs_say(f, "\n\n");
    snprintf(f->last, sizeof f->last, "%s", command);
    if (strncmp(command, "originate ", 10) == 0) {
        fs_originate(f, command, job);
    } else if (strncmp(command, "show ", 5) == 0) {
        fs_list(f, job);
    } else if (strncmp(command, "uuid_bridge ", 12) == 0) {
        fs_bridge(f, command + 12, job);
    } else if (sscanf(command, "uuid_kill %63s %39s", uuid, cause) == 2
               || sscanf(command, "uuid_transfer %63s", uuid) == 1) {
        FsChan *c = fs_find(f, uuid);
        fs_job(f, job, c ? "+OK\n" : "-ERR No such channel!\n");
        if (c && *cause) {
            fs_end(f, c, cause, false);
        } else if (c) {
            c->in_message = true;
            fs_replan(f, c, FS_OVER, 3000);
        }
    } else {
        fs_job(f, job, "+OK\n");
    }
}

static inline void fs_command(FsFake *f, Str head)
{
    char *text = xstrndup(head.s, head.n), *nl = strchr(text, '\n'), job[120] = "";
    if (nl)
        *nl = '\0';
    if (nl)
        sscanf(nl + 1, "Job-UUID: %119s", job);
    if (strncmp(text, "auth ", 5) == 0) {
        fs_say(f, "Content-Type: command/reply\nReply-Text: ");
        fs_say(f, f->reject ? f->reject : "+OK accepted");
        fs_say(f, "\n\n");
    } else if (strncmp(text, "event ", 6) == 0) {
        f->in = true;
        fs_say(f, "Content-Type: command/reply\nReply-Text: +OK event listener enabled plain\n\n");
    } else if (strncmp(text, "bgapi ", 6) == 0 && f->in) {
        fs_bgapi(f, text + 6, job);
    }
    free(text);
}

/* ---- time ------------------------------------------------------------------------------------ */

static inline void fs_happen(void *self, const Due *due)
{
    FsFake *f = self;
    if (due->kind == FS_ACCEPT) {
        f->connected = f->reachable;
        f->in = false;
        esl_reader_release(&f->reader);
        buf_reset(&f->wire);
        if (!f->connected) {
            peer_lost(f->d, "connection refused", f->now);
            return;
        }
        peer_connected(f->d, f->now);
        fs_say(f, "Content-Type: auth/request\n\n");
        return;
    }
    if (due->kind == FS_SAY) {
        fs_say(f, f->late[due->id]);
        return;
    }
    FsChan *c = &f->chans[due->id];
    if (!c->used || c->gen != due->gen)
        return;
    switch (due->kind) {
    case FS_RING:
        fs_event(f, c, fs_digit(c) == '7' ? "CHANNEL_PROGRESS_MEDIA" : "CHANNEL_PROGRESS", "");
        if (strchr("15", fs_digit(c)))
            fs_plan(f, c, FS_END, 2000);
        else if (strchr("27", fs_digit(c)))
            fs_plan(f, c, FS_TIMEOUT, c->ring_s * 1000 - 200);
        else
            fs_plan(f, c, FS_ANSWER, 2000);
        break;
    case FS_ANSWER:
        fs_answered(f, c);
        break;
    case FS_END:
        fs_end(f, c, fs_digit(c) == '0' ? "UNALLOCATED_NUMBER" : fs_digit(c) == '1' ? "USER_BUSY"
                     : fs_digit(c) == '4' ? "NORMAL_CIRCUIT_CONGESTION" : "CALL_REJECTED", true);
        break;
    case FS_TIMEOUT:
        fs_end(f, c, "NO_ANSWER", false);
        break;
    case FS_ABANDON:
        c->in_message = true;
        fs_replan(f, c, FS_OVER, 3000);
        break;
    default:
        fs_end(f, c, "NORMAL_CLEARING", due->kind == FS_LEAVE);
        break;
    }
}

static inline void fs_pump(void *self)
{
    FsFake *f = self;
    for (int quiet = 0; quiet < 2;) {
        Buf *out = peer_output(f->d);
        quiet++;
        if (out->n && f->connected) {
            char *text = xstrndup(out->s, out->n);
            const char *at = text;
            size_t n = out->n;
            EslMessage m;
            buf_reset(out);
            while (esl_read(&f->reader, &at, &n, &m))
                fs_command(f, m.head);
            free(text);
            quiet = 0;
        }
        if (f->wire.n && f->connected) {
            fake_deliver(f->d, &f->wire, f->piece, &f->connected, f->now);
            quiet = 0;
        }
    }
    if (f->nlate && agenda_next(&f->agenda) == NEVER)
        while (f->nlate)
            free(f->late[--f->nlate]);
}

static inline void fs_run(FsFake *f, int64_t until)
{
    fake_loop((FakeLoop){ f, fs_pump, fs_happen }, f->d, &f->agenda, &f->now, until);
}

/* ---- life ------------------------------------------------------------------------------------ */

static inline void fs_connect(void *self)
{
    FsFake *f = self;
    agenda_add(&f->agenda, f->now + 2, FS_ACCEPT, 0, 0);
}

static inline void fs_disconnect(void *self)
{
    ((FsFake *)self)->connected = false;
}

static inline bool fs_phone(void *self, AgentId agent, char out[static DRIVER_PHONE])
{
    (void)self;
    snprintf(out, DRIVER_PHONE, "80%02d", (int)agent);
    return true;
}

static inline void fs_release(FsFake *f)
{
    while (f->nlate)
        free(f->late[--f->nlate]);
    agenda_release(&f->agenda);
    esl_reader_release(&f->reader);
    buf_release(&f->wire);
}

static inline Driver *fs_open(FsFake *f, int64_t now, DriverSink sink)
{
    static const SwitchConfig config = { .name = "fs", .adapter = "esl", .host = "127.0.0.1",
        .ca_file = "", .user = "", .secret = "env:X", .prefix = "p1",
        .dial = "sofia/gateway/carrier/{number}", .phones = "user/{phone}",
        .caller = "15550000000", .command = "" };
    DriverHost host = { .sink = sink, .phone = fs_phone };
    Error err = { 0 };
    *f = (FsFake){ .now = now, .reachable = true };
    rng_seed(&f->rng, 1, 2, 3, 4);
    f->d = esl_open(&config, "ClueCon", &host, now, &err);
    peer_set_carrier(f->d, (Carrier){ .self = f, .connect = fs_connect,
                                      .disconnect = fs_disconnect });
    return f->d;
}

static inline void fs_set_link(FsFake *f, bool up)
{
    f->reachable = up;
    if (!up && f->connected) {
        f->connected = false;
        peer_lost(f->d, "connection reset", f->now);
    }
}

#endif
