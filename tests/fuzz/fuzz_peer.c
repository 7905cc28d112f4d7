/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as what a soft phone or a FreeSWITCH says after the login, with a call placed: the size
 * of the pieces makes no difference, a call ends once, and what is sent is commands of plain words.
 * The first byte picks the driver (1), whether lines are put into messages (2), and the size.
 */
#include "dialer/esl.h"
#include "dialer/netstring.h"
#include "dialer/softphone.h"
#include "fuzz_driver.h"

static void say_cstr(Side *s, bool esl, const char *text, int64_t now)
{
    Buf out = { 0 };
    if (esl)
        buf_cstr(&out, text);
    else
        net_write(&out, str(text));
    say(s, buf_as_str(&out), out.n, now);
    buf_release(&out);
}

/* Up, with call 1 placed and agent 7 there. */
static void begin(Side *s, bool esl, int64_t now)
{
    static const SwitchConfig config = {
        .name = "x", .host = "localhost", .ca_file = "", .user = "", .secret = "env:X",
        .prefix = "p1", .dial = "{number}", .phones = "{phone}", .caller = "", .command = "" };
    DriverHost host = { .sink = { s, on_event, NULL }, .phone = phone_of };
    Error err = { 0 };
    Driver *driver = esl ? esl_open(&config, "secret", &host, now, &err)
                         : softphone_open(&config, &host, now, &err);
    side_open(s, driver, &err, now);
    if (esl)
        say_cstr(s, true, "Content-Type: auth/request\n\nContent-Type: command/reply\n"
                          "Reply-Text: +OK\n\nContent-Type: command/reply\n"
                          "Reply-Text: +OK\n\n", now);
    else
        say_cstr(s, false, "{\"response\":true,\"ok\":true,\"data\":\"\",\"token\":\"hello\"}",
                 now);
    order(s, (DriverOrder){ .kind = ORDER_PLACE, .call = 1, .ring_ms = 25000, .wait_ms = 2000 },
          true);
    order(s, (DriverOrder){ .kind = ORDER_AGENT_CALL, .agent = 7 }, true);
}

static void run(Side *s, bool esl, Str text, size_t step)
{
    int64_t now = INT64_C(1893456000000);
    begin(s, esl, now);
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
    Side whole = { 0 }, pieces = { 0 };
    bool esl = data[0] & 1;
    if (data[0] & 2)
        put_into_messages(all, esl, &text);
    else
        buf_str(&text, all);
    run(&whole, esl, buf_as_str(&text), text.n ? text.n : 1);
    run(&pieces, esl, buf_as_str(&text), 1 + data[0] / 4);
    if (!str_eq(buf_as_str(&whole.told), buf_as_str(&pieces.told)))
        panic("told differs by the size of the pieces:\n%s---\n%s", whole.told.s, pieces.told.s);
    buf_release(&whole.told);
    buf_release(&whole.sent);
    buf_release(&pieces.told);
    buf_release(&pieces.sent);
    buf_release(&text);
    return 0;
}
