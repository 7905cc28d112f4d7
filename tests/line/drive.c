/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * drive.c -- a driver by hand, for the tests on a real line: orders are lines on standard input,
 * what the driver says are lines on standard output.
 *
 *     drive name=value ...     members of SwitchConfig: adapter host port tls ca user secret prefix
 *                              dial phones caller rate calls
 *
 *     place CALL NUMBER RING_MS WAIT_MS [detect] [record]     bridge CALL AGENT
 *     hangup CALL cancel|normal|machine|abandon               play CALL SOUND
 *     record CALL on|off                                      take INCOMING CALL WAIT_MS [record]
 *     agent AGENT up|down          phone AGENT PHONE          room
 *     supervise SUPERVISOR AGENT stop|listen|whisper|barge    reconcile
 *
 * Each order is answered by "ok", a number or "refused TEXT"; an event is a line of EVENT, its
 * name, call, agent, by, cause, at, number, called and text with tabs between them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "dialer/drivers.h"

enum { PHONES = 100, WORDS = 8 };

typedef struct Drive {
    Driver *driver;
    char phones[PHONES][DRIVER_PHONE];
    char line[1024];
    size_t filled;
    bool over;
} Drive;

static void say_event(void *self, const DriverEvent *ev)
{
    static const char *const by[] = { "nobody", "customer", "agent", "us", "network" };
    (void)self;
    printf("EVENT\t%s\t%" PRId64 "\t%" PRId64 "\t%s\t%d\t%" PRId64 "\t%s\t%s\t%s\n",
           driver_event_name(ev->kind), ev->call, ev->agent, by[ev->by], ev->cause, ev->at,
           ev->number ? ev->number : "", ev->called ? ev->called : "", ev->text ? ev->text : "");
    fflush(stdout);
}

static bool phone_of(void *self, AgentId agent, char out[static DRIVER_PHONE])
{
    const Drive *d = self;
    if (agent < 0 || agent >= PHONES || !d->phones[agent][0])
        return false;
    snprintf(out, DRIVER_PHONE, "%s", d->phones[agent]);
    return true;
}

/* ---- orders ---------------------------------------------------------------------------------- */

static int place_of(const char *word, const char *const *names)
{
    for (int i = 0; word && names[i]; i++)
        if (strcmp(word, names[i]) == 0)
            return i;
    return -1;
}

static bool has(char *const *w, int n, const char *flag)
{
    for (int i = 0; i < n; i++)
        if (strcmp(w[i], flag) == 0)
            return true;
    return false;
}

static int64_t number(const char *word)
{
    return word ? strtoll(word, NULL, 10) : 0;
}

/* The words as an order; false: they are none. */
static bool read_order(char **w, int n, DriverOrder *o)
{
    static const char *const kinds[] = { "place", "bridge", "hangup", "play", "record", "take",
                                         "up", "down", "supervise", "reconcile", NULL };
    static const char *const whys[] = { "cancel", "normal", "machine", "abandon", NULL };
    static const char *const hows[] = { "stop", "listen", "whisper", "barge", NULL };
    bool of_agent = strcmp(w[0], "agent") == 0;
    int kind = place_of(of_agent ? w[2] : w[0], kinds), why = place_of(w[2], whys);
    int how = place_of(w[3], hows);
    *o = (DriverOrder){ .kind = (DriverOrderKind)kind, .call = number(w[1]),
                        .why = why < 0 ? HANGUP_NORMAL : (HangupWhy)why,
                        .how = how < 0 ? SUPERVISE_STOP : (Supervise)how,
                        .detect_machine = has(w, n, "detect"),
                        .record = has(w, n, "record") && kind != ORDER_RECORD };
    switch (kind) {
    case ORDER_PLACE:
        snprintf(o->number, sizeof o->number, "%s", w[2] ? w[2] : "");
        o->ring_ms = (int)number(w[3]);
        o->wait_ms = (int)number(w[4]);
        break;
    case ORDER_BRIDGE:
        o->agent = number(w[2]);
        break;
    case ORDER_PLAY:
        snprintf(o->sound, sizeof o->sound, "%s", w[2] ? w[2] : "");
        break;
    case ORDER_RECORD:
        o->record = has(w, n, "on");
        break;
    case ORDER_TAKE:
        o->incoming = number(w[1]);
        o->call = number(w[2]);
        o->wait_ms = (int)number(w[3]);
        break;
    case ORDER_AGENT_CALL:
    case ORDER_AGENT_DROP:
        o->agent = o->call;
        break;
    case ORDER_SUPERVISE:
        o->supervisor = o->call;
        o->agent = number(w[2]);
        break;
    default:
        break;
    }
    return kind >= 0;
}

static void obey(Drive *d, char *line)
{
    char *w[WORDS + 1] = { 0 }, *rest = NULL;
    Error err = { 0 };
    DriverOrder o;
    int n = 0;
    for (char *p = strtok_r(line, " ", &rest); p && n < WORDS; p = strtok_r(NULL, " ", &rest))
        w[n++] = p;
    if (n == 0)
        return;
    if (strcmp(w[0], "room") == 0) {
        printf("%d\n", driver_room(d->driver));
    } else if (strcmp(w[0], "phone") == 0 && n == 3 && number(w[1]) < PHONES) {
        snprintf(d->phones[number(w[1])], DRIVER_PHONE, "%s", w[2]);
        puts("ok");
    } else if (!read_order(w, n, &o)) {
        puts("refused not an order");
    } else if (driver_do(d->driver, &o, &err)) {
        puts("ok");
    } else {
        printf("refused %d %s\n", (int)err.code, err.msg);
    }
    fflush(stdout);
}

static void read_lines(void *ctx, int fd, bool readable, bool writable)
{
    Drive *d = ctx;
    char *end;
    ssize_t got = read(fd, d->line + d->filled, sizeof d->line - 1 - d->filled);
    (void)readable;
    (void)writable;
    if (got <= 0) {
        d->over = true;
        return;
    }
    d->filled += (size_t)got;
    while ((end = memchr(d->line, '\n', d->filled))) {
        size_t used = (size_t)(end - d->line) + 1;
        *end = '\0';
        obey(d, d->line);
        d->filled -= used;
        memmove(d->line, d->line + used, d->filled);
    }
}

/* ---- the switch ------------------------------------------------------------------------------ */

static bool set(SwitchConfig *c, const char *word)
{
    const struct { const char *name; const char **text; } texts[] = {
        { "adapter", &c->adapter }, { "host", &c->host }, { "ca", &c->ca_file },
        { "user", &c->user }, { "secret", &c->secret }, { "prefix", &c->prefix },
        { "dial", &c->dial }, { "phones", &c->phones }, { "caller", &c->caller },
    };
    const char *value = strchr(word, '=');
    size_t n = value ? (size_t)(value++ - word) : 0;
    for (size_t i = 0; value && i < sizeof texts / sizeof *texts; i++)
        if (strlen(texts[i].name) == n && memcmp(word, texts[i].name, n) == 0)
            return *texts[i].text = value, true;
    if (value && strncmp(word, "port=", 5) == 0)
        c->port = atoi(value);
    else if (value && strncmp(word, "tls=", 4) == 0)
        c->tls = atoi(value);
    else if (value && strncmp(word, "calls=", 6) == 0)
        c->max_calls = atoi(value);
    else if (value && strncmp(word, "rate=", 5) == 0)
        c->max_rate = strtod(value, NULL);
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    SwitchConfig c = { .name = "line", .adapter = "ami", .host = "127.0.0.1", .ca_file = "",
                       .user = "", .secret = "", .prefix = "t", .dial = "PJSIP/{number}@carrier",
                       .phones = "PJSIP/{phone}", .caller = "", .command = "", .share = 1 };
    Clock clock = { 0 };
    Drive d = { 0 };
    Error err = { 0 };
    for (int i = 1; i < argc; i++)
        if (!set(&c, argv[i]))
            return fprintf(stderr, "drive: what is %s?\n", argv[i]), 2;
    Loop *loop = loop_new(&clock, &err);
    DriverHost host = { .loop = loop, .sink = { &d, say_event, NULL }, .self = &d,
                        .phone = phone_of };
    d.driver = loop ? driver_open(&c, &host, &err) : NULL;
    if (!d.driver)
        return fprintf(stderr, "drive: %s\n", err.msg), 1;
    loop_watch(loop, STDIN_FILENO, false, read_lines, &d);
    while (!d.over && loop_turn(loop, -1, &err))
        ;
    d.driver->ops->close(d.driver);
    loop_free(loop);
    return 0;
}
