/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as what an Asterisk says after the login, with a call placed and an agent's phone rung:
 * the size of the pieces makes no difference, a call ends once, and whatever is sent is actions of
 * plain words.  The first byte picks the size.
 */
#include <stdlib.h>

#include "dialer/ami.h"
#include "dialer/ami_wire.h"
#include "fuzz.h"

enum { ENDS = 64 };

typedef struct Side {
    Driver *driver;
    bool up;                           /* connected */
    Buf told, sent;
    CallId ended[ENDS];
    int ends;
} Side;

static void on_event(void *self, const DriverEvent *ev)
{
    Side *s = self;
    buf_printf(&s->told, "%s %lld %lld %d %d %s|%s|%s\n", driver_event_name(ev->kind),
               (long long)ev->call, (long long)ev->agent, ev->by, ev->cause,
               ev->number ? ev->number : "", ev->called ? ev->called : "",
               ev->text ? ev->text : "");
    if (!ev->call || !driver_ends_call(ev->kind))
        return;
    for (int i = 0; i < s->ends; i++)
        if (s->ended[i] == ev->call)
            panic("call %lld ends twice: %s", (long long)ev->call, s->told.s);
    if (s->ends < ENDS)
        s->ended[s->ends++] = ev->call;
}

static bool phone_of(void *self, AgentId agent, char out[static DRIVER_PHONE])
{
    (void)self;
    snprintf(out, DRIVER_PHONE, "80%d", (int)agent);
    return true;
}

static void connect_now(void *self)
{
    (void)self;
}

static void disconnect(void *self)
{
    ((Side *)self)->up = false;
}

static void send(void *self)
{
    Side *s = self;
    Buf *out = peer_output(s->driver);
    buf_str(&s->sent, buf_as_str(out));
    buf_reset(out);
}

static void say(Side *s, const char *text, size_t n, size_t step, int64_t now)
{
    for (size_t i = 0; i < n && s->up; i += step)
        peer_receive(s->driver, text + i, n - i < step ? n - i : step, now);
}

static void order(Side *s, DriverOrder o, bool must)
{
    Error err = { 0 };
    size_t told = s->told.n;
    snprintf(o.number, sizeof o.number, "13800138000");
    if (!driver_do(s->driver, &o, &err) && (must || err.code == ERR_NONE))
        panic("order %d: %s", o.kind, err.msg);
    if (s->told.n != told)
        panic("told from inside an order: %s", s->told.s + told);
}

/* Up, with call 1 placed and the phone of agent 7 rung. */
static void begin(Side *s, int64_t now)
{
    static const SwitchConfig config = {
        .name = "pbx", .adapter = "ami", .host = "localhost", .ca_file = "", .user = "patter",
        .secret = "", .prefix = "p1", .dial = "PJSIP/{number}@carrier", .phones = "PJSIP/{phone}",
        .caller = "", .command = "" };
    static const char hello[] =
        "Asterisk Call Manager/9.0.0\r\n"
        "Response: Success\r\nActionID: challenge\r\nChallenge: 123\r\n\r\n"
        "Response: Success\r\nActionID: login\r\n\r\n";
    static const char listed[] =
        "Event: CoreShowChannelsComplete\r\nActionID: list.1\r\nListItems: 0\r\n\r\n";
    DriverHost host = { .sink = { s, on_event, NULL }, .phone = phone_of };
    Error err = { 0 };
    s->driver = ami_open(&config, "secret", &host, now, &err);
    if (!s->driver)
        panic("%s", err.msg);
    peer_set_carrier(s->driver, (Carrier){ .self = s, .connect = connect_now, .send = send,
                                             .disconnect = disconnect });
    peer_tick(s->driver, now);
    s->up = true;
    peer_connected(s->driver, now);
    say(s, hello, sizeof hello - 1, sizeof hello, now);
    order(s, (DriverOrder){ .kind = ORDER_RECONCILE }, true);
    say(s, listed, sizeof listed - 1, sizeof listed, now);
    order(s, (DriverOrder){ .kind = ORDER_PLACE, .call = 1, .ring_ms = 25000, .wait_ms = 2000 },
          true);
    order(s, (DriverOrder){ .kind = ORDER_AGENT_CALL, .agent = 7 }, true);
    if (!strstr(s->told.s, "reconciled"))
        panic("not up: %s", s->told.s);
}

/* Actions, each of a name, an id and values without anything that steers. */
static void check_sent(Str sent)
{
    AmiReader *r = xalloc(sizeof *r);
    AmiMessage m;
    r->greeted = true;
    while (ami_read(r, &sent.s, &sent.n, &m)) {
        if (m.dropped || !ami_get(&m, "Action").n || !ami_get(&m, "ActionID").n)
            panic("what was sent is no action");
        for (int i = 0; i < m.n; i++)
            for (size_t k = 0; k < m.h[i].value.n; k++)
                if ((unsigned char)m.h[i].value.s[k] < ' ')
                    panic("a control character was sent in %.*s", STR_ARG(m.h[i].name));
    }
    ami_reader_release(r);
    free(r);
}

static void run(Side *s, Str text, size_t step)
{
    int64_t now = INT64_C(1893456000000);
    begin(s, now);
    say(s, text.s, text.n, step, now + 1000);
    order(s, (DriverOrder){ .kind = ORDER_BRIDGE, .call = 1, .agent = 7 }, false);
    order(s, (DriverOrder){ .kind = ORDER_TAKE, .call = 2, .incoming = -1 }, false);
    say(s, text.s, text.n, step, now + 2000);
    order(s, (DriverOrder){ .kind = ORDER_HANGUP, .call = 1, .why = HANGUP_NORMAL }, false);
    for (int64_t later = 3000; later < 120000; later += 9000)
        peer_tick(s->driver, now + later);
    s->driver->ops->close(s->driver);
    check_sent(buf_as_str(&s->sent));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Side one = { 0 }, other = { 0 };
    if (n == 0)
        return 0;
    Str text = { (const char *)data + 1, n - 1 };
    run(&one, text, SIZE_MAX / 2);
    run(&other, text, data[0] + 1u);
    if (!str_eq(buf_as_str(&one.told), buf_as_str(&other.told))
        || !str_eq(buf_as_str(&one.sent), buf_as_str(&other.sent)))
        panic("the size of the pieces makes a difference:\n%s\n%s", one.told.s, other.told.s);
    buf_release(&one.told);
    buf_release(&one.sent);
    buf_release(&other.told);
    buf_release(&other.sent);
    return 0;
}
