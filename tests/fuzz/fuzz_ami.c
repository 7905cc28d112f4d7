/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as what an Asterisk says after the login, with a call placed and an agent's phone rung:
 * the size of the pieces makes no difference, a call ends once, and whatever is sent is actions of
 * plain words.  The first byte picks the size.
 */
#include "dialer/ami.h"
#include "dialer/ami_wire.h"
#include "fuzz_driver.h"

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
    side_open(s, ami_open(&config, "secret", &host, now, &err), &err, now);
    say(s, str(hello), sizeof hello, now);
    order(s, (DriverOrder){ .kind = ORDER_RECONCILE }, true);
    say(s, str(listed), sizeof listed, now);
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
    say(s, text, step, now + 1000);
    order(s, (DriverOrder){ .kind = ORDER_BRIDGE, .call = 1, .agent = 7 }, false);
    order(s, (DriverOrder){ .kind = ORDER_TAKE, .call = 2, .incoming = -1 }, false);
    say(s, text, step, now + 2000);
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
