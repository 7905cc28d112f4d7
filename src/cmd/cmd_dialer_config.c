/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_dialer_config.c -- dialer config: what an administrator gives to his switch.
 *
 * The texts are files of lua/ADAPTER/; in them @name@ stands for an option of the command.
 */
#include <inttypes.h>
#include <sys/random.h>

#include "base/embed.h"
#include "cmd/command.h"
#include "cmd/lines.h"

typedef struct ConfigArgs {
    const char *adapter, *part, *user, *secret, *message;
    int64_t port;
} ConfigArgs;

static const char *const adapters[] = { "asterisk", "baresip", "freeswitch", NULL };
static const char *const usual_ports[] = { "5038", "4444", "8021" };     /* as in adapters */
static const char *const parts[] = {
    "extensions", "manager", "pjsip", "modules", "config", "accounts", "event_socket", NULL
};
static const struct Text { const char *adapter, *part; } texts[] = {
    { "asterisk", "extensions" }, { "asterisk", "manager" }, { "asterisk", "pjsip" },
    { "asterisk", "modules" }, { "baresip", "config" }, { "baresip", "accounts" },
    { "freeswitch", "event_socket" }, { 0 }
};

/* 32 hexadecimal digits that nobody can guess. */
static bool new_secret(char out[33], Error *err)
{
    unsigned char drawn[16];
    if (getrandom(drawn, sizeof drawn, 0) != sizeof drawn)
        return fail(err, ERR_IO, "no random numbers for a secret; give one with --secret");
    for (size_t i = 0; i < sizeof drawn; i++)
        snprintf(out + 2 * i, 3, "%02x", drawn[i]);
    return true;
}

/* A value stands in a line of a configuration file: one that ended the line, began a comment or a
 * section would say more than a value. */
static bool one_value(const char *option, const char *value, Error *err)
{
    for (const char *p = value; *p; p++)
        if ((unsigned char)*p < 0x21 || *p == 0x7f || strchr(";[](){}$,\\\"<>&", *p)) {
            fail(err, ERR_INVALID, "%s holds a character that has a meaning in a switch's files",
                 option);
            return fail_hint(err, "letters, digits and -_./:+ are safe");
        }
    return *value || fail(err, ERR_INVALID, "%s is empty", option);
}

/* Text with the value of each @name@ in its place. */
static void fill(Str text, const char *const (*values)[2], Buf *out)
{
    while (text.n) {
        size_t used = 1;
        for (int i = 0; text.s[0] == '@' && values[i][0]; i++) {
            size_t n = strlen(values[i][0]);
            if (n + 2 > text.n || memcmp(text.s + 1, values[i][0], n) || text.s[n + 1] != '@')
                continue;
            buf_cstr(out, values[i][1]);
            used = 0;
            text = str_n(text.s + n + 2, text.n - n - 2);
            break;
        }
        buf_put(out, text.s, used);
        text = str_n(text.s + used, text.n - used);
    }
}

static const char *port_of(const ConfigArgs *a, Arena *arena)
{
    int i = 0;
    while (strcmp(adapters[i], a->adapter))
        i++;
    return a->port ? arena_printf(arena, "%" PRId64, a->port) : usual_ports[i];
}

/* The parts of the adapter, or the one that is asked for. */
static bool put_parts(const Call *c, const char *const (*values)[2], Buf *out, Error *err)
{
    const ConfigArgs *a = c->args;
    const char *its = "";
    for (const struct Text *t = texts; t->part; t++) {
        Str text;
        if (strcmp(t->adapter, a->adapter))
            continue;
        its = arena_printf(c->arena, "%s%s%s", its, *its ? ", " : "", t->part);
        if (a->part && strcmp(a->part, t->part))
            continue;
        if (!embed_read(arena_printf(c->arena, "lua/%s/%s.conf", t->adapter, t->part), c->arena,
                        &text, err))
            return false;
        if (out->n)
            buf_cstr(out, "\n");
        fill(text, values, out);
    }
    if (out->n)
        return true;
    fail(err, ERR_USAGE, "%s has no part '%s'", a->adapter, a->part);
    return fail_hint(err, "its parts: %s", its);
}

static bool config_run(const Call *c, Error *err)
{
    const ConfigArgs *a = c->args;
    char secret[33], phone[33];
    const char *const values[][2] = {
        { "user", a->user }, { "secret", a->secret ? a->secret : secret },
        { "port", port_of(a, c->arena) },
        { "message", a->message }, { "phone-secret", phone }, { NULL, NULL }
    };
    Buf text = { 0 };
    bool ok = new_secret(secret, err) && new_secret(phone, err)
              && one_value("--user", a->user, err) && one_value("--message", a->message, err)
              && (!a->secret || one_value("--secret", a->secret, err))
              && put_parts(c, values, &text, err) && out_lines(c->out, buf_as_str(&text), err);
    buf_release(&text);
    return ok;
}

static const Command config = {
    .name = "dialer config",
    .summary = "Print what a switch needs to know of the dialer",
    .detail = "For Asterisk these are the dialplan (extensions), the account with the least rights "
              "that do (manager), the carrier and the phones (pjsip) and the modules (modules); "
              "the dialplan ends by itself what the dialer leaves: a person for whom no agent came "
              "hears the message, also when the dialer is gone. For baresip, one person's soft "
              "phone, they are its config and accounts, for FreeSWITCH the event socket "
              "(event_socket). Each begins with the place it goes to. Secrets are drawn anew each "
              "time unless one is given.",
    .args = (const Arg[]){
        { "adapter", ARG_CHOICE, 0, "the kind of switch", AT(ConfigArgs, adapter),
          .choices = adapters },
        { "part", ARG_CHOICE, ARG_OPTIONAL, "only this part; all unless given",
          AT(ConfigArgs, part), .choices = parts },
        { "--user", ARG_TEXT, ARG_OPTIONAL, "name of the dialer's account", AT(ConfigArgs, user),
          .fallback = "patter" },
        { "--secret", ARG_TEXT, ARG_OPTIONAL, "its secret", AT(ConfigArgs, secret) },
        { "--port", ARG_INT, ARG_OPTIONAL,
          "where the switch listens to the dialer; the usual one unless given: 5038 for Asterisk, "
          "4444 for baresip, 8021 for FreeSWITCH", AT(ConfigArgs, port), .least = 1 },
        { "--message", ARG_TEXT, ARG_OPTIONAL,
          "sound that a person hears for whom no agent came", AT(ConfigArgs, message),
          .fallback = "vm-goodbye" },
        { 0 } },
    .args_size = sizeof(ConfigArgs),
    .columns = (const Column[]){ { "text", KIND_TEXT, COLUMN_SCALAR }, { 0 } },
    .examples = (const Example[]){
        { "dialer config asterisk extensions --message sorry",
          "the dialplan; custom message from Asterisk's folder of sounds" },
        { "dialer config asterisk", "all parts" },
        { "dialer config baresip config", "lines for the soft phone's file config" },
        { 0 } },
    .flags = COMMAND_NO_DB,
    .run = config_run,
};

const Command *const dialer_config_commands[] = { &config, NULL };
