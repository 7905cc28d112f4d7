/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as what a soft phone or a FreeSWITCH says after the login, with a call placed: the size
 * of the pieces makes no difference, a call ends once, and what is sent is commands of plain words.
 * The first byte picks the driver (1), whether lines are put into messages (2), and the size.
 */
#include <stdlib.h>

#include "dialer/esl.h"
#include "dialer/netstring.h"
#include "dialer/softphone.h"
#include "fuzz.h"

enum { ENDS = 64 };

typedef struct Side {
    Driver *driver;
    bool esl, up;                      /* up: connected */
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

static void say(Side *s, Str text, size_t step, int64_t now)
{
    for (size_t i = 0; i < text.n && s->up; i += step)
        peer_receive(s->driver, text.s + i, text.n - i < step ? text.n - i : step, now);
}

static void say_cstr(Side *s, const char *text, int64_t now)
{
    Buf out = { 0 };
    if (s->esl)
        buf_cstr(&out, text);
    else
        net_write(&out, str(text));
    say(s, buf_as_str(&out), out.n, now);
    buf_release(&out);
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

/* Up, with call 1 placed and agent 7 there. */
static void begin(Side *s, int64_t now)
{
    static const SwitchConfig config = {
        .name = "x", .host = "localhost", .ca_file = "", .user = "", .secret = "env:X",
        .prefix = "p1", .dial = "{number}", .phones = "{phone}", .caller = "", .command = "" };
    DriverHost host = { .sink = { s, on_event, NULL }, .phone = phone_of };
    Error err = { 0 };
    s->driver = s->esl ? esl_open(&config, "secret", &host, now, &err)
                       : softphone_open(&config, &host, now, &err);
    if (!s->driver)
        panic("%s", err.msg);
    peer_set_carrier(s->driver, (Carrier){ .self = s, .connect = connect_now, .send = send,
                                           .disconnect = disconnect });
    peer_tick(s->driver, now);
    s->up = true;
    peer_connected(s->driver, now);
    if (s->esl)
        say_cstr(s, "Content-Type: auth/request\n\nContent-Type: command/reply\n"
                    "Reply-Text: +OK\n\nContent-Type: command/reply\nReply-Text: +OK\n\n", now);
    else
        say_cstr(s, "{\"response\":true,\"ok\":true,\"data\":\"\",\"token\":\"hello\"}", now);
    order(s, (DriverOrder){ .kind = ORDER_PLACE, .call = 1, .ring_ms = 25000, .wait_ms = 2000 },
          true);
    order(s, (DriverOrder){ .kind = ORDER_AGENT_CALL, .agent = 7 }, true);
}

static void run(Side *s, Str text, size_t step)
{
    int64_t now = INT64_C(1893456000000);
    begin(s, now);
    say(s, text, step, now + 1000);
    order(s, (DriverOrder){ .kind = ORDER_RECONCILE }, false);
    order(s, (DriverOrder){ .kind = ORDER_BRIDGE, .call = 1, .agent = 7 }, false);
    order(s, (DriverOrder){ .kind = ORDER_TAKE, .call = 2, .incoming = -1 }, false);
    say(s, text, step, now + 2000);
    if (!s->ends)                         /* else it asks for the end of another's call */
        order(s, (DriverOrder){ .kind = ORDER_HANGUP, .call = 1, .why = HANGUP_NORMAL }, false);
    peer_tick(s->driver, now + 3000);
    say(s, text, step, now + 3000);
    peer_tick(s->driver, now + 60000);
    for (size_t i = 0; i < s->sent.n; i++)
        if ((unsigned char)s->sent.s[i] < ' ' && s->sent.s[i] != '\n')
            panic("a control character was sent");
    s->driver->ops->close(s->driver);
}

/* Each line as the body of a message; '|' stands for a newline in one of a FreeSWITCH. */
static void put_into_messages(Str text, bool esl, Buf *out)
{
    while (text.n) {
        const char *nl = memchr(text.s, '\n', text.n);
        size_t n = nl ? (size_t)(nl - text.s) : text.n;
        Str line = str_n(text.s, n);
        text = str_n(text.s + n + (nl != NULL), text.n - n - (nl != NULL));
        if (!esl) {
            net_write(out, line);
            continue;
        }
        buf_printf(out, "Content-Type: text/event-plain\nContent-Length: %zu\n\n", line.n);
        for (size_t i = 0; i < line.n; i++)
            buf_char(out, line.s[i] == '|' ? '\n' : line.s[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > 8192)
        return 0;
    Buf text = { 0 };
    Str all = str_n((const char *)data + 1, size - 1);
    Side whole = { .esl = data[0] & 1 }, pieces = { .esl = data[0] & 1 };
    if (data[0] & 2)
        put_into_messages(all, whole.esl, &text);
    else
        buf_str(&text, all);
    run(&whole, buf_as_str(&text), text.n ? text.n : 1);
    run(&pieces, buf_as_str(&text), 1 + data[0] / 4);
    if (!str_eq(buf_as_str(&whole.told), buf_as_str(&pieces.told)))
        panic("told differs by the size of the pieces:\n%s---\n%s", whole.told.s, pieces.told.s);
    buf_release(&whole.told);
    buf_release(&whole.sent);
    buf_release(&pieces.told);
    buf_release(&pieces.sent);
    buf_release(&text);
    return 0;
}
