/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/softphone.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "dialer/leg.h"
#include "dialer/netstring.h"

#define RING_LEAST_MS 15000
#define END_MS 3000                  /* from `hangup` to the event that says so */
#define DIALS "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+*#:;@=._-"

enum { KEPT = 16 };                  /* ids that are remembered */

typedef struct Ids { char id[KEPT][DRIVER_NAME]; int n; } Ids;    /* the newest; n may be more */

typedef struct Softphone {
    Peer p;
    NetReader reader;
    char dialled[300];        /* what our call was dialled as */
    Ids closed;               /* of calls that are over: what else is said of them is late */
    Ids foreign;              /* of calls that the person made, at most KEPT */
    int unnamed;              /* calls of his that were listed without an id */
    bool unread;              /* it was said that it is not understood, on this connection */
    char accounts[200];       /* what it said at login */
} Softphone;

/* ---- ids ------------------------------------------------------------------------------------- */

static int ids_find(const Ids *ids, Str id)
{
    for (int i = 0; i < KEPT && i < ids->n; i++)
        if (str_is(id, ids->id[i]))
            return i;
    return -1;
}

static void ids_add(Ids *ids, Str id)
{
    snprintf(ids->id[ids->n++ % KEPT], DRIVER_NAME, "%.*s", STR_ARG(id));
    if (ids->n == 2 * KEPT)
        ids->n = KEPT;
}

static bool ids_remove(Ids *ids, Str id)
{
    int i = ids_find(ids, id);
    if (i < 0)
        return false;
    int last = (ids->n < KEPT ? ids->n : KEPT) - 1;
    memmove(ids->id[i], ids->id[last], DRIVER_NAME);
    ids->n = last;
    return true;
}

/* ---- SIP ------------------------------------------------------------------------------------- */

Str sip_user(Str uri)
{
    const char *scheme = uri.n ? memchr(uri.s, ':', uri.n) : NULL;
    const char *at = uri.n ? memchr(uri.s, '@', uri.n) : NULL;
    if (!scheme || !at || at < scheme)
        return (Str){ 0 };
    return str_n(scheme + 1, (size_t)(at - scheme - 1));
}

/* RFC 3398 has most of these. */
int sip_cause(Str text, bool rang)
{
    static const int map[][2] = {
        { 403, 21 }, { 404, 1 }, { 410, 22 }, { 480, 20 }, { 484, 28 }, { 485, 1 }, { 486, 17 },
        { 487, 16 }, { 500, 41 }, { 502, 38 }, { 503, 34 }, { 504, 102 }, { 600, 17 }, { 603, 21 },
        { 604, 1 }, { 607, 21 },
    };
    int64_t status;
    if (text.n < 3 || !str_int(str_n(text.s, 3), &status) || status < 300 || status > 699
        || (text.n > 3 && text.s[3] != ' '))
        return 0;
    if (status == 408)
        return rang ? 18 : 102;
    for (size_t i = 0; i < sizeof map / sizeof *map; i++)
        if (map[i][0] == status)
            return map[i][1];
    return 127;
}

/* Is this the URI of what was dialled? It may have got a scheme and a host, and %23 for '#'. */
static bool same_target(const char *dialled, Str uri)
{
    const char *colon = strchr(dialled, ':'), *want = colon ? colon + 1 : dialled;
    Str user = sip_user(uri);
    size_t n = strcspn(want, "@"), i = 0;
    for (size_t k = 0; k < user.n; k++, i++) {
        bool hash = user.n - k >= 3 && memcmp(user.s + k, "%23", 3) == 0;
        if (i >= n || want[i] != (hash ? '#' : user.s[k]))
            return false;
        k += hash ? 2 : 0;
    }
    return i == n && n > 0;
}

/* ---- what is asked --------------------------------------------------------------------------- */

static void ask(Softphone *s, const char *command, const char *params, const char *token)
{
    Buf text = { 0 };
    buf_printf(&text, "{\"command\":\"%s\",\"token\":\"%s\"", command, token);
    if (params) {
        buf_cstr(&text, ",\"params\":");
        json_write_text(&text, str(params));
    }
    buf_cstr(&text, "}");
    net_write(&s->p.out, buf_as_str(&text));
    buf_release(&text);
    peer_send(&s->p);
}

static Leg *only_leg(Softphone *s, LegKind kind, int *n)
{
    Leg *found = NULL;
    *n = 0;
    for (int i = 0; i < s->p.nlegs; i++)
        if (s->p.legs[i].kind == kind) {
            found = &s->p.legs[i];
            ++*n;
        }
    return found;
}

static Leg *own_call(Softphone *s)
{
    int n;
    return only_leg(s, LEG_CALL, &n);
}

static bool has_id(const Softphone *s, const Leg *l)
{
    CallId call;
    return !driver_call_of_name(s->p.cfg.prefix, str(l->name), &call);
}

/* ---- events ---------------------------------------------------------------------------------- */

typedef struct Said { Str type, id, direction, peer, account, param; } Said;

static void copy(char *out, size_t size, Str s)
{
    snprintf(out, size, "%.*s", STR_ARG(s));
}

static Leg *incoming(Softphone *s, const Said *e)
{
    char name[DRIVER_NAME];
    copy(name, sizeof name, e->id);
    Leg *l = leg_open(&s->p, LEG_IN, --s->p.last_in, name);
    l->answered = true;
    copy(l->number, sizeof l->number, sip_user(e->peer));
    copy(l->called, sizeof l->called, sip_user(e->account));
    leg_tell(&s->p, l, DRIVER_INCOMING);
    return l;
}

/* Whose call it is. NULL: the person's own. */
static Leg *leg_of_event(Softphone *s, const Said *e)
{
    Leg *l = leg_named(&s->p, e->id);
    if (l)
        return l;
    if (str_is(e->direction, "incoming"))
        return str_is(e->type, "CALL_INCOMING") && ids_find(&s->foreign, e->id) < 0
                   ? incoming(s, e) : NULL;
    l = own_call(s);
    if (!l || has_id(s, l) || ids_find(&s->foreign, e->id) >= 0
        || !same_target(s->dialled, e->peer))
        return NULL;
    leg_set_name(&s->p, l, e->id);
    return l;
}

static void closed(Softphone *s, Leg *l, const Said *e)
{
    ids_add(&s->closed, e->id);
    l->far_end = !str_is(e->param, "Connection reset by user");
    leg_gone(&s->p, l, sip_cause(e->param, l->rang));
}

/* `hangup` has rejected another call than ours. */
static void hang_up_again(Softphone *s)
{
    Leg *l = own_call(s);
    if (l && l->ours)
        ask(s, "hangup", NULL, "hangup");
}

static void on_foreign(Softphone *s, const Said *e)
{
    if (str_is(e->type, "CALL_CLOSED")) {
        if (!ids_remove(&s->foreign, e->id) && s->unnamed > 0)
            s->unnamed--;
        ids_add(&s->closed, e->id);
        hang_up_again(s);
    } else if (ids_find(&s->foreign, e->id) < 0 && s->foreign.n < KEPT) {
        s->unnamed -= s->unnamed > 0;
        ids_add(&s->foreign, e->id);
    }
}

/* The person took a call in at his phone: it is his. */
static void taken_by_hand(Softphone *s, Leg *l, const Said *e)
{
    leg_gone(&s->p, l, 0);
    ids_add(&s->foreign, e->id);
}

static void call_event(Softphone *s, const Said *e)
{
    if (e->id.n == 0 || e->id.n >= DRIVER_NAME || ids_find(&s->closed, e->id) >= 0)
        return;
    Leg *l = leg_of_event(s, e);
    if (!l) {
        on_foreign(s, e);
    } else if (str_is(e->type, "CALL_RINGING") || str_is(e->type, "CALL_PROGRESS")) {
        leg_rang(&s->p, l);
    } else if (str_is(e->type, "CALL_ESTABLISHED")) {
        if (l->kind == LEG_CALL)
            leg_person(&s->p, l, false);
        else
            taken_by_hand(s, l, e);
    } else if (str_is(e->type, "CALL_CLOSED")) {
        bool own = l->kind == LEG_CALL;
        closed(s, l, e);
        if (!own)
            hang_up_again(s);
    }
}

/* ---- answers --------------------------------------------------------------------------------- */

/* "> [line 1]  0:00:01  ESTABLISHED             sip:b@127.0.0.1:15194" */
static void listed_call(Softphone *s, Str line)
{
    size_t end = line.n, at;
    while (end > 0 && line.s[end - 1] == ' ')
        end--;
    for (at = end; at > 0 && line.s[at - 1] != ' '; at--)
        ;
    Str uri = str_n(line.s + at, end - at), before = str_n(line.s, at);
    bool up = memmem(before.s, before.n, "ESTABLISHED", 11) != NULL;
    int n;
    Leg *own = own_call(s), *in = only_leg(s, LEG_IN, &n);
    Leg *l = own && same_target(s->dialled, uri) ? own
             : in && str_is(sip_user(uri), in->number) ? in : NULL;
    if (!l || l->epoch == s->p.epoch) {
        s->unnamed++;
        return;
    }
    l->epoch = s->p.epoch;
    l->rang = true;
    if (l->kind == LEG_CALL && up)
        l->answered = l->person = true;
    else if (l->kind == LEG_CALL)
        leg_due(&s->p, l, DUE_OWN, RING_LEAST_MS);
}

static void listed(Softphone *s, Str text)
{
    s->foreign.n = s->unnamed = 0;
    while (text.n) {
        const char *nl = memchr(text.s, '\n', text.n);
        size_t n = nl ? (size_t)(nl - text.s) : text.n;
        Str line = str_n(text.s, n);
        if (memmem(line.s, line.n, "[line ", 6))
            listed_call(s, line);
        text = str_n(text.s + n + (nl != NULL), text.n - n - (nl != NULL));
    }
    for (int i = 0; i < s->p.nlegs; i++)
        if (s->p.legs[i].kind == LEG_AGENT)
            s->p.legs[i].epoch = s->p.epoch;
    legs_listed(&s->p);
}

static void not_dialled(Softphone *s, Str why)
{
    Leg *l = own_call(s);
    if (!l || has_id(s, l) || l->answered)
        return;
    peer_trouble(&s->p, 0, "it does not dial: %.*s", STR_ARG(why));
    leg_gone(&s->p, l, 0);
}

static void answer(Softphone *s, Str token, bool ok, Str data)
{
    char list[32];
    snprintf(list, sizeof list, "list.%" PRIu32, s->p.epoch);
    s->p.pinged = false;
    if (str_is(token, "hello") && s->p.state == PEER_LOGIN) {
        copy(s->accounts, sizeof s->accounts, data);
        peer_is_up(&s->p);
    } else if (s->p.listing && str_is(token, list)) {
        if (ok)
            listed(s, data);
        else
            peer_trouble(&s->p, 0, "it does not list its calls, so none can be placed");
    } else if (str_is(token, "dial") && !ok) {
        not_dialled(s, data);
    }
}

/* ---- messages -------------------------------------------------------------------------------- */

static Str member(const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);
    return json_is_string(v) ? str_n(json_string_value(v), json_string_length(v)) : (Str){ 0 };
}

static void not_understood(Softphone *s)
{
    if (!s->unread)
        peer_trouble(&s->p, 0, "it says what cannot be read; that is left out");
    s->unread = true;
}

static void message(Softphone *s, Str text)
{
    json_t *o = json_loadb(text.s, text.n, 0, NULL);
    if (!json_is_object(o))
        not_understood(s);
    else if (json_is_true(json_object_get(o, "response")))
        answer(s, member(o, "token"), json_is_true(json_object_get(o, "ok")), member(o, "data"));
    else if (json_is_true(json_object_get(o, "event")) && s->p.state == PEER_UP)
        call_event(s, &(Said){ member(o, "type"), member(o, "id"), member(o, "direction"),
                               member(o, "peeruri"), member(o, "accountaor"),
                               member(o, "param") });
    json_decref(o);
}

static void on_bytes(Peer *p, const char *b, size_t n)
{
    Softphone *s = (Softphone *)p;
    uint32_t link = p->link;
    while (link == p->link) {
        Str text;
        NetGot got = net_read(&s->reader, &b, &n, &text);
        if (got == NET_MORE)
            return;
        if (got == NET_BROKEN)
            peer_give_up(p, "what answers there is not a soft phone with ctrl_tcp", (Str){ 0 });
        else if (got == NET_TOO_LONG)
            not_understood(s);
        else
            message(s, text);
    }
}

static void on_connected(Peer *p)
{
    ask((Softphone *)p, "reginfo", NULL, "hello");
}

static void ping(Peer *p)
{
    ask((Softphone *)p, "reginfo", NULL, "ping");
}

/* It rang as long as it may. */
static void waited(Peer *p, Leg *l)
{
    l->timed_out = true;
    ask((Softphone *)p, "hangup", NULL, "hangup");
    leg_due(p, l, DUE_CLOSE, END_MS);
}

static void reset(Peer *p)
{
    Softphone *s = (Softphone *)p;
    s->unread = false;
    net_release(&s->reader);
}

static const PeerTalk talk = { on_connected, on_bytes, ping, waited, reset };

/* ---- orders ---------------------------------------------------------------------------------- */

static bool one_call(const Softphone *s, Error *err)
{
    return fail(err, ERR_FAILED, "switch %s is in another call; it carries one at a time",
                s->p.cfg.name);
}

static int room(Driver *d)
{
    Softphone *s = (Softphone *)d;
    int n;
    return !own_call(s) && !only_leg(s, LEG_IN, &n) && s->foreign.n + s->unnamed == 0;
}

static bool place(Driver *d, const DriverOrder *o, Error *err)
{
    Softphone *s = (Softphone *)d;
    char name[DRIVER_NAME];
    Around dial;
    if (!peer_reachable(&s->p, err) || !driver_check_number(o->number, err))
        return false;
    if (leg_of(&s->p, LEG_CALL, o->call))
        return fail(err, ERR_CONFLICT, "call %" PRId64 " is up already", o->call);
    if (!room(d))
        return one_call(s, err);
    if (!around(o->dial ? o->dial : s->p.cfg.dial, "{number}", DIALS, &dial, err))
        return false;
    driver_call_name(s->p.cfg.prefix, o->call, name);
    Leg *l = leg_open(&s->p, LEG_CALL, o->call, name);
    l->replied = true;                    /* there is one word on how it ended */
    l->channel[0] = '-';
    leg_due(&s->p, l, DUE_OWN, o->ring_ms < RING_LEAST_MS ? RING_LEAST_MS : o->ring_ms);
    snprintf(s->dialled, sizeof s->dialled, "%s%s%s", dial.before, o->number, dial.after);
    ask(s, "dial", s->dialled, "dial");
    return true;
}

static bool bridge(Driver *d, CallId call, AgentId agent, Error *err)
{
    Softphone *s = (Softphone *)d;
    if (!peer_reachable(&s->p, err))
        return false;
    Leg *l = leg_of(&s->p, LEG_CALL, call);
    if (!l || !l->person || l->ours || l->bridged)
        return true;                      /* he has just left: the end is told */
    l->bridged = leg_of(&s->p, LEG_AGENT, agent) != NULL;
    leg_tell_later(&s->p, l->bridged ? DRIVER_BRIDGED : DRIVER_BRIDGE_FAILED, call);
    return true;
}

static bool hangup(Driver *d, CallId call, HangupWhy why, Error *err)
{
    Softphone *s = (Softphone *)d;
    (void)why;
    if (!peer_reachable(&s->p, err))
        return false;
    Leg *l = leg_of(&s->p, LEG_CALL, call);
    if (!l || l->ours)
        return true;
    l->ours = true;
    ask(s, "hangup", NULL, "hangup");
    leg_due(&s->p, l, DUE_CLOSE, END_MS);
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
    Softphone *s = (Softphone *)d;
    int n;
    if (!peer_reachable(&s->p, err))
        return false;
    Leg *l = leg_of(&s->p, LEG_IN, o->incoming);
    if (!l)
        return fail(err, ERR_NOT_FOUND, "who called in has hung up");
    if (own_call(s) || s->foreign.n + s->unnamed || (only_leg(s, LEG_IN, &n) && n > 1))
        return one_call(s, err);
    leg_rename(&s->p, l, LEG_CALL, o->call);
    l->replied = true;
    snprintf(s->dialled, sizeof s->dialled, "%s", l->number);     /* as it will be listed */
    ask(s, "accept", NULL, "accept");
    return true;
}

static bool agent_call(Driver *d, AgentId agent, Error *err)
{
    Softphone *s = (Softphone *)d;
    char name[DRIVER_NAME];
    int n;
    if (!peer_reachable(&s->p, err))
        return false;
    Leg *l = only_leg(s, LEG_AGENT, &n);
    if (l && l->id != agent)
        return fail(err, ERR_REFUSED, "switch %s is the phone of one person", s->p.cfg.name);
    if (!l) {
        leg_name(&s->p, 'a', agent, name);
        leg_open(&s->p, LEG_AGENT, agent, name)->answered = true;
    }
    leg_tell_later(&s->p, DRIVER_AGENT_UP, agent);
    return true;
}

static bool agent_drop(Driver *d, AgentId agent, Error *err)
{
    Softphone *s = (Softphone *)d;
    if (!peer_reachable(&s->p, err))
        return false;
    Leg *l = leg_of(&s->p, LEG_AGENT, agent);
    if (!l)
        return true;
    leg_free(&s->p, l);
    leg_tell_later(&s->p, DRIVER_AGENT_DOWN, agent);
    return true;
}

static bool supervise(Driver *d, AgentId supervisor, AgentId agent, Supervise how, Error *err)
{
    (void)supervisor, (void)agent, (void)how;
    return driver_cannot(d, "let a supervisor listen", err);
}

static bool reconcile(Driver *d, Error *err)
{
    Softphone *s = (Softphone *)d;
    char token[32];
    if (!peer_reachable(&s->p, err))
        return false;
    s->p.listing = true;
    snprintf(token, sizeof token, "list.%" PRIu32, ++s->p.epoch);
    ask(s, "listcalls", NULL, token);
    return true;
}

/* ---- life ------------------------------------------------------------------------------------ */

static void softphone_close(Driver *d)
{
    peer_release((Peer *)d);
    free(d);
}

static const DriverOps ops = {
    .name = "softphone",
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
    .close = softphone_close,
};

Driver *softphone_open(const SwitchConfig *c, const DriverHost *host, int64_t now, Error *err)
{
    Around dial;
    if (!peer_has(c->prefix, "prefix", c, err)
        || !around(c->dial, "{number}", DIALS, &dial, err))
        return NULL;
    Softphone *s = xalloc(sizeof *s);
    peer_init(&s->p, &ops, &talk, c, host, now);
    return &s->p.driver;
}

Driver *softphone_dial(const SwitchConfig *c, const DriverHost *host, Error *err)
{
    SwitchConfig here = *c;
    if (!*here.host)
        here.host = "127.0.0.1";
    int64_t now = host->loop ? loop_now(host->loop) : host->now;
    return link_open(softphone_open(&here, host, now, err), &here,
                     here.port ? here.port : SOFTPHONE_PORT, host, err);
}

static void say_accounts(Driver *d, const ProbeHost *host)
{
    const char *said = ((Softphone *)d)->accounts;
    Str uri = { 0 };
    const char *at = strstr(said, "sip:");
    if (at)
        uri = str_n(at, strcspn(at, " \n"));
    char text[220];
    snprintf(text, sizeof text, "%.*s", STR_ARG(uri));
    host->say(host->self, "account", uri.n ? PROBE_OK : PROBE_WRONG,
              uri.n ? text : "it has none, so it can call nobody",
              uri.n ? "" : "a line in its file `accounts`: <sip:NAME@HOST>;auth_pass=...");
}

bool softphone_probe(const SwitchConfig *c, const ProbeHost *host, Error *err)
{
    return link_probe(c, host, "run baresip with module ctrl_tcp.so and ctrl_tcp_listen"
                      " 127.0.0.1:4444 in its config", say_accounts, err);
}
