/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/esl.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/process.h"
#include "dialer/esl_inside.h"

/* Q.850, as far as the names are of it; FreeSWITCH's own as the nearest of those. */
int esl_cause(const char *name)
{
    static const struct { const char *name; int cause; } all[] = {
        { "UNALLOCATED_NUMBER", 1 }, { "NO_ROUTE_TRANSIT_NET", 2 }, { "NO_ROUTE_DESTINATION", 3 },
        { "NORMAL_CLEARING", 16 }, { "USER_BUSY", 17 }, { "NO_USER_RESPONSE", 18 },
        { "NO_ANSWER", 19 }, { "ALLOTTED_TIMEOUT", 19 }, { "SUBSCRIBER_ABSENT", 20 },
        { "USER_NOT_REGISTERED", 20 }, { "CALL_REJECTED", 21 }, { "NUMBER_CHANGED", 22 },
        { "DESTINATION_OUT_OF_ORDER", 27 }, { "INVALID_NUMBER_FORMAT", 28 },
        { "NORMAL_UNSPECIFIED", 31 }, { "NORMAL_CIRCUIT_CONGESTION", 34 },
        { "NETWORK_OUT_OF_ORDER", 38 }, { "GATEWAY_DOWN", 38 },
        { "NORMAL_TEMPORARY_FAILURE", 41 }, { "SWITCH_CONGESTION", 42 },
        { "REQUESTED_CHAN_UNAVAIL", 44 }, { "RECOVERY_ON_TIMER_EXPIRE", 102 },
        { "PROGRESS_TIMEOUT", 102 }, { "INTERWORKING", 127 }, { "ORIGINATOR_CANCEL", 16 },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(name, all[i].name) == 0)
            return all[i].cause;
    return 0;
}

/* ---- login ----------------------------------------------------------------------------------- */

static bool one_line(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < ' ' || *s == 0x7f)
            return false;
    return true;
}

static void subscribe(Esl *e)
{
    e->asked_events = true;
    buf_cstr(&e->p.out, "event plain CHANNEL_CREATE CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA"
                        " CHANNEL_ANSWER CHANNEL_BRIDGE CHANNEL_HANGUP_COMPLETE"
                        " BACKGROUND_JOB\n\n");
    peer_send(&e->p);
}

static void log_in(Esl *e, const EslMessage *m)
{
    Str reply = esl_get(m->head, "Reply-Text");
    if (esl_is(m->head, "Content-Type", "auth/request") && !e->asked_auth) {
        e->asked_auth = true;
        buf_printf(&e->p.out, "auth %s\n\n", e->secret);
        peer_send(&e->p);
    } else if (esl_is(m->head, "Content-Type", "text/rude-rejection")) {
        peer_give_up(&e->p, "it lets nobody in from here", STR("its access list says so"));
    } else if (!e->asked_auth) {
        peer_give_up(&e->p, "what answers there is not FreeSWITCH's event socket", (Str){ 0 });
    } else if (!esl_is(m->head, "Content-Type", "command/reply")) {
        return;
    } else if (!str_starts(reply, "+OK")) {
        peer_give_up(&e->p, "the event socket refuses the login", reply);
    } else if (!e->asked_events) {
        subscribe(e);
    } else {
        peer_is_up(&e->p);
    }
}

/* ---- events ---------------------------------------------------------------------------------- */

static void on_create(Esl *e, Leg *l, Str ev)
{
    char channel[ESL_VALUE];
    esl_value(ev, "Channel-Name", channel);
    snprintf(l->channel, sizeof l->channel, "%.90s", *channel ? channel : "?");
    if (l->kind == LEG_CALL)
        e->p.unmade = 0;
    if (l->ours && !l->answered)          /* hung up before it was there to be hung up */
        esl_kill(e, l);
}

static void on_progress(Esl *e, Leg *l, Str ev)
{
    (void)ev;
    leg_rang(&e->p, l);
}

static void on_answer(Esl *e, Leg *l, Str ev)
{
    (void)ev;
    if (l->kind == LEG_CALL)
        leg_person(&e->p, l, false);      /* nobody here tells machines from people */
}

static void on_hangup(Esl *e, Leg *l, Str ev)
{
    char cause[ESL_VALUE], how[ESL_VALUE];
    esl_value(ev, "Hangup-Cause", cause);
    esl_value(ev, "variable_sip_hangup_disposition", how);
    l->far_end = strncmp(how, "recv_", 5) == 0;
    leg_gone(&e->p, l, esl_cause(cause));
}

static void on_bridge(Esl *e, Leg *l, Str ev)
{
    char other[ESL_VALUE];
    leg_bridged(&e->p, l);
    esl_value(ev, "Other-Leg-Unique-ID", other);
    Leg *with = leg_named(&e->p, str(other));
    if (with)
        leg_bridged(&e->p, with);
}

static const struct { const char *name; void (*take)(Esl *e, Leg *l, Str ev); } events[] = {
    { "CHANNEL_CREATE", on_create },
    { "CHANNEL_PROGRESS", on_progress },
    { "CHANNEL_PROGRESS_MEDIA", on_progress },
    { "CHANNEL_ANSWER", on_answer },
    { "CHANNEL_BRIDGE", on_bridge },
    { "CHANNEL_HANGUP_COMPLETE", on_hangup },
};

/* ---- what is up ------------------------------------------------------------------------------ */

static const char *member(const json_t *row, const char *name)
{
    const char *s = json_string_value(json_object_get(row, name));
    return s ? s : "";
}

static Leg *leg_of_row(Esl *e, Str name)
{
    char text[DRIVER_NAME];
    CallId call;
    AgentId agent = leg_agent_of_name(&e->p, name);
    Leg *l = leg_named(&e->p, name);
    if (l || name.n == 0 || name.n >= sizeof text)
        return l;
    snprintf(text, sizeof text, "%.*s", STR_ARG(name));
    if (agent)
        return leg_of(&e->p, LEG_AGENT, agent) ? NULL : leg_open(&e->p, LEG_AGENT, agent, text);
    if (!driver_call_of_name(e->p.cfg.prefix, name, &call) || leg_of(&e->p, LEG_CALL, call)
        || !peer_mine(&e->p, call))
        return NULL;
    return leg_open(&e->p, LEG_CALL, call, text);
}

static void listed_row(Esl *e, const json_t *row)
{
    const char *call = member(row, "callstate"), *state = member(row, "state");
    Leg *l = leg_of_row(e, str(member(row, "uuid")));
    if (!l)
        return;
    l->epoch = e->p.epoch;
    snprintf(l->channel, sizeof l->channel, "%.90s", member(row, "name"));
    l->rang = l->rang || strcmp(call, "RINGING") == 0 || strcmp(call, "EARLY") == 0;
    l->answered = l->answered || strcmp(call, "ACTIVE") == 0 || strcmp(call, "HELD") == 0;
    if (l->kind != LEG_CALL || !l->answered)
        return;
    l->person = true;
    l->bridged = l->bridged || strcmp(state, "CS_EXCHANGE_MEDIA") == 0
                 || strcmp(state, "CS_SOFT_EXECUTE") == 0;
}

static void listed(Esl *e, Str text)
{
    json_t *all = json_loadb(text.s ? text.s : "", text.n, 0, NULL), *row;
    size_t i;
    if (json_is_object(all)) {
        json_array_foreach(json_object_get(all, "rows"), i, row)
            listed_row(e, row);
        legs_listed(&e->p);
    } else {
        peer_trouble(&e->p, 0, "it does not list its channels, so none can be placed: %.*s",
                     (int)(text.n < 100 ? text.n : 100), text.s ? text.s : "");
    }
    json_decref(all);
}

/* ---- answers --------------------------------------------------------------------------------- */

static void failed(Esl *e, Leg *l, char kind, Str why)
{
    char cause[60];
    snprintf(cause, sizeof cause, "%.*s", STR_ARG(why));
    switch (kind) {
    case 'o':
        leg_replied(&e->p, l, false, esl_cause(cause) == 19);
        break;
    case 'h':
        leg_missing(&e->p, l);
        break;
    case 'r':                             /* it does not go where it should: then it ends */
        esl_kill(e, l);
        break;
    default:
        if (!l->bridged && !l->gone)
            leg_tell(&e->p, l, DRIVER_BRIDGE_FAILED);
        break;
    }
}

static void job_done(Esl *e, Str id, Str text)
{
    char list[32], kind;
    snprintf(list, sizeof list, "list.%" PRIu32, e->p.epoch);
    if (str_is(id, "ping")) {
        e->p.pinged = false;
        return;
    }
    if (str_is(id, list)) {
        if (e->p.listing)
            listed(e, text);
        return;
    }
    Leg *l = leg_asked(&e->p, id, &kind);
    if (!l)
        return;
    text = str_trim(text);
    if (str_starts(text, "-ERR"))
        failed(e, l, kind, str_trim(str_n(text.s + 4, text.n - 4)));
    else if (kind == 'o' && str_starts(text, "+OK"))
        leg_replied(&e->p, l, true, false);
    else if (kind == 'b' && str_starts(text, "+OK"))
        leg_bridged(&e->p, l);
}

static void event(Esl *e, Str ev)
{
    char name[ESL_VALUE], id[ESL_VALUE];
    size_t n = strlen(e->jobs);
    esl_value(ev, "Event-Name", name);
    if (strcmp(name, "BACKGROUND_JOB") == 0) {
        esl_value(ev, "Job-UUID", id);
        if (strncmp(id, e->jobs, n) == 0 && id[n] == '.')
            job_done(e, str(id + n + 1), esl_inner(ev));
        return;
    }
    esl_value(ev, "Unique-ID", id);
    Leg *l = leg_named(&e->p, str(id));
    for (size_t i = 0; l && i < sizeof events / sizeof *events; i++)
        if (strcmp(name, events[i].name) == 0) {
            events[i].take(e, l, ev);
            return;
        }
}

/* ---- the connection -------------------------------------------------------------------------- */

static void message(Esl *e, const EslMessage *m)
{
    if (m->dropped && !e->unread) {
        e->unread = true;
        peer_trouble(&e->p, 0, "it sends messages beyond all measure; they are not read whole");
    }
    if (e->p.state != PEER_UP)
        log_in(e, m);
    else if (esl_is(m->head, "Content-Type", "text/event-plain"))
        event(e, m->body);
    else if (esl_is(m->head, "Content-Type", "text/disconnect-notice"))
        peer_drop(&e->p, "it ends the connection");
}

static void on_bytes(Peer *p, const char *s, size_t n)
{
    Esl *e = (Esl *)p;
    EslMessage m;
    uint32_t link = p->link;
    while (link == p->link && esl_read(&e->reader, &s, &n, &m))
        message(e, &m);
}

static void on_connected(Peer *p)
{
    Esl *e = (Esl *)p;                    /* it speaks first */
    e->asked_auth = e->asked_events = false;
}

static void ping(Peer *p)
{
    esl_job((Esl *)p, "ping", "status");
}

static void reset(Peer *p)
{
    Esl *e = (Esl *)p;
    e->unread = false;
    esl_reader_release(&e->reader);
}

static const PeerTalk talk = { on_connected, on_bytes, ping, NULL, reset };

/* ---- life ------------------------------------------------------------------------------------ */

Driver *esl_open(const SwitchConfig *c, const char *secret, const DriverHost *host, int64_t now,
                 Error *err)
{
    if (!peer_has(c->host, "host", c, err) || !peer_has(c->prefix, "prefix", c, err)
        || !peer_has(c->dial, "dial", c, err) || !peer_has(c->secret, "secret", c, err))
        return NULL;
    if (!*secret || !one_line(secret)) {
        fail(err, ERR_INVALID, "the secret of switch %s is not one line of text", c->name);
        return NULL;
    }
    char process[PROCESS_NAME];
    Esl *e = xalloc(sizeof *e);
    peer_init(&e->p, &esl_ops, &talk, c, host, now);
    e->secret = xstrdup(secret);
    process_name(process);
    snprintf(e->jobs, sizeof e->jobs, "%.16s-%s", c->prefix, process);
    return &e->p.driver;
}

Driver *esl_dial(const SwitchConfig *c, const DriverHost *host, Error *err)
{
    char secret[SECRET_MOST];
    if (!secret_read(c->secret, secret, err))
        return NULL;
    int64_t now = host->loop ? loop_now(host->loop) : host->now;
    Driver *d = esl_open(c, secret, host, now, err);
    explicit_bzero(secret, sizeof secret);
    return link_open(d, c, c->port ? c->port : ESL_PORT, host, err);
}

bool esl_probe(const SwitchConfig *c, const ProbeHost *host, Error *err)
{
    host->say(host->self, "adapter", PROBE_UNKNOWN,
              "built from FreeSWITCH's documentation; never tried on a real one",
              "try it with numbers of your own first");
    return link_probe(c, host, "is FreeSWITCH running, with mod_event_socket on this port?", NULL,
                      err);
}
