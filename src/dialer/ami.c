/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/ami.h"

#include <stdio.h>
#include <stdlib.h>

#include "dialer/ami_inside.h"

/* ---- login ----------------------------------------------------------------------------------- */

static void greeted(Ami *a, const AmiMessage *m)
{
    Str line = m->n ? m->h[0].value : (Str){ 0 };
    if (!str_starts(line, "Asterisk Call Manager/")) {
        peer_give_up(&a->p, "what answers there is not an Asterisk manager",
                str_n(line.s, line.n < 60 ? line.n : 60));
        return;
    }
    AmiWriter w = ami_action(&a->p.out, "Challenge", "challenge");
    Error err = { 0 };
    ami_own(&w, "AuthType", "MD5");
    ami_done(&w, &err);
    a->step = AMI_CHALLENGE;
}

static void challenged(Ami *a, const AmiMessage *m)
{
    Error err = { 0 };
    if (!ami_is(m, "Response", "Success")) {
        peer_give_up(&a->p, "the manager gives no challenge to log in with", ami_get(m, "Message"));
        return;
    }
    AmiWriter w = ami_action(&a->p.out, "Login", "login");
    ami_put_login(&w, a->p.cfg.user, a->secret, ami_get(m, "Challenge"));
    ami_own(&w, "Events", "call,user");
    if (!ami_done(&w, &err))
        peer_give_up(&a->p, "the login", str(err.msg));
    else
        a->step = AMI_LOGIN;
}

static void logged_in(Ami *a, const AmiMessage *m)
{
    if (!ami_is(m, "Response", "Success")) {
        peer_give_up(&a->p, "the manager refuses the login", ami_get(m, "Message"));
        return;
    }
    a->step = AMI_UP;
    peer_is_up(&a->p);
}

static void message(Ami *a, const AmiMessage *m)
{
    if (m->dropped && !a->unread) {
        a->unread = true;
        peer_trouble(&a->p, 0, "it sends messages beyond all measure; they are not read whole");
    }
    switch (a->step) {
    case AMI_GREETING:
        greeted(a, m);
        break;
    case AMI_CHALLENGE:
        if (ami_is(m, "ActionID", "challenge"))
            challenged(a, m);
        break;
    case AMI_LOGIN:
        if (ami_is(m, "ActionID", "login"))
            logged_in(a, m);
        break;
    case AMI_UP:
        ami_message(a, m);
        break;
    default:
        break;
    }
}

/* ---- the connection -------------------------------------------------------------------------- */

static void on_connected(Peer *p)
{
    ((Ami *)p)->step = AMI_GREETING;
}

static void on_bytes(Peer *p, const char *s, size_t n)
{
    Ami *a = (Ami *)p;
    AmiMessage m;
    uint32_t link = p->link;
    while (link == p->link && ami_read(&a->reader, &s, &n, &m))
        message(a, &m);
}

static void ping(Peer *p)
{
    Error err = { 0 };
    AmiWriter w = ami_action(&p->out, "Ping", "ping");
    ami_done(&w, &err);
}

static void reset(Peer *p)
{
    Ami *a = (Ami *)p;
    a->unread = false;
    a->asked = 0;
    ami_reader_release(&a->reader);
}

static const PeerTalk talk = { on_connected, on_bytes, ping, NULL, reset };

/* ---- life ------------------------------------------------------------------------------------ */

Driver *ami_open(const SwitchConfig *c, const char *secret, const DriverHost *host, int64_t now,
                 Error *err)
{
    if (!peer_has(c->host, "host", c, err) || !peer_has(c->user, "user", c, err)
        || !peer_has(c->prefix, "prefix", c, err) || !peer_has(c->dial, "dial", c, err))
        return NULL;
    Ami *a = xalloc(sizeof *a);
    peer_init(&a->p, &ami_ops, &talk, c, host, now);
    a->secret = xstrdup(secret);
    return &a->p.driver;
}

int ami_port(const SwitchConfig *c)
{
    return c->port ? c->port : c->tls ? 5039 : 5038;
}

Driver *ami_dial(const SwitchConfig *c, const DriverHost *host, Error *err)
{
    char secret[SECRET_MOST];
    if (!secret_read(c->secret, secret, err))
        return NULL;
    int64_t now = host->loop ? loop_now(host->loop) : host->now;
    Driver *d = ami_open(c, secret, host, now, err);
    explicit_bzero(secret, sizeof secret);
    return link_open(d, c, ami_port(c), host, err);
}
