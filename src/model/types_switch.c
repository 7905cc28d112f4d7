/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * types_switch.c -- telephone systems: how each is reached, and its part of the calls.
 *
 * A secret is never stored: the record says where it is.  What is typed here reaches dial strings
 * and dialplans, so each value is made of the characters that it needs and no others.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>

#include "model/record.h"
#include "model/types.h"

const char *const switch_adapters[] = { "sim", "ami", "command", "softphone", "esl", NULL };

static const Field switch_fields[] = {
    { "name", KIND_TEXT, FIELD_REQUIRED | FIELD_UNIQUE | FIELD_LISTED, "its name", "名称" },
    { "adapter", KIND_CHOICE, FIELD_REQUIRED | FIELD_LISTED, "how it is spoken to", "接口",
      .choices = switch_adapters, .fallback = "sim" },
    { "host", KIND_TEXT, FIELD_LISTED, "name or address", "主机" },
    { "port", KIND_INT, FIELD_LISTED, "none: the adapter's usual one", "端口" },
    { "tls", KIND_BOOL, FIELD_REQUIRED, "encrypted, with a certificate that is checked", "加密",
      .fallback = "no" },
    { "ca", KIND_TEXT, 0, "file of the authority that signed it (PEM); none: the system's", "证书" },
    { "user", KIND_TEXT, 0, "to log in as", "用户" },
    { "secret", KIND_TEXT, 0, "where it is: file:/PATH (mode 0600) or env:NAME", "密码来源" },
    { "prefix", KIND_TEXT, FIELD_REQUIRED, "names of calls there begin with it; made up if not "
      "given", "前缀" },
    { "dial", KIND_TEXT, FIELD_REQUIRED, "what dials {number}; the adapter's usual if not given",
      "拨号串" },
    { "phones", KIND_TEXT, FIELD_REQUIRED,
      "what rings an agent's {phone}; the adapter's usual if not given", "分机串" },
    { "caller", KIND_TEXT, FIELD_LISTED, "the number that is shown", "主叫号码" },
    { "recordings", KIND_TEXT, 0, "the folder in which it records, as this machine sees it",
      "录音目录" },
    { "command", KIND_TEXT, 0, "program and arguments that dial {number} or {tel}", "命令" },
    { "share", KIND_INT, FIELD_REQUIRED | FIELD_LISTED,
      "its part of the calls, against the others'", "份额", .fallback = "1" },
    { "max_calls", KIND_INT, FIELD_REQUIRED | FIELD_LISTED, "calls at once; 0: no limit", "最多并发",
      .fallback = "0" },
    { "max_rate", KIND_NUMBER, FIELD_REQUIRED | FIELD_LISTED, "calls a second; 0: no limit",
      "每秒呼叫", .fallback = "0" },
    { "enabled", KIND_BOOL, FIELD_REQUIRED | FIELD_LISTED, "calls may go through it", "启用",
      .fallback = "yes" },
    { "note", KIND_TEXT, 0, "anything else", "备注" },
    { 0 },
};

#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define LETTERS LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static Str text_of(const Record *r, const char *field)
{
    Value v = record_value(r, field);
    return v.type == VALUE_TEXT ? v.s : (Str){ 0 };
}

static bool made_of(Str s, const char *allowed)
{
    for (size_t i = 0; i < s.n; i++)
        if (!s.s[i] || !strchr(allowed, s.s[i]))
            return false;
    return true;
}

static bool field_made_of(const Record *r, const char *field, const char *allowed, Error *err)
{
    Str s = text_of(r, field);
    return made_of(s, allowed)
           || fail(err, ERR_INVALID, "%s: '%.*s' holds something that no %s has", field, STR_ARG(s),
                   field);
}

/* What dials and rings where nothing was said. */
static const struct { const char *adapter, *dial, *phones; } usual[] = {
    { "sim", "PJSIP/{number}@carrier", "PJSIP/{phone}" },
    { "ami", "PJSIP/{number}@carrier", "PJSIP/{phone}" },
    { "command", "{number}", "{phone}" },
    { "softphone", "{number}", "{phone}" },
    { "esl", "sofia/gateway/carrier/{number}", "user/{phone}" },
};

static const char *usual_of(const Record *r, bool dial)
{
    Str adapter = text_of(r, "adapter");
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (str_is(adapter, usual[i].adapter))
            return dial ? usual[i].dial : usual[i].phones;
    return "";
}

/* One that is not given, or was the usual one of the adapter before, is the usual one. */
static void make_usual(const Record *old, Record *now, bool dial)
{
    const char *field = dial ? "dial" : "phones", *want = usual_of(now, dial);
    Str given = text_of(now, field);
    bool was_usual = old && str_is(given, usual_of(old, dial));
    if (given.n == 0 || (was_usual && !str_is(given, want)))
        record_put_value(now, type_field(now->type, str(field)), value_cstr(want));
}

/* A dial string: the mark once, and around it what endpoints and trunks are called. */
static bool pattern_ok(const Record *r, const char *field, const char *mark, Error *err)
{
    Str s = text_of(r, field);
    const char *at = s.n ? memmem(s.s, s.n, mark, strlen(mark)) : NULL;
    if (s.n == 0)
        return true;
    if (at) {
        Str before = str_n(s.s, (size_t)(at - s.s));
        Str after = str_n(at + strlen(mark), s.n - before.n - strlen(mark));
        bool sip = str_is(text_of(r, "adapter"), "softphone");
        if (made_of(before, sip ? LETTERS DIGITS "._-+*#:" : LETTERS DIGITS "/._-+*#")
            && made_of(after, sip ? LETTERS DIGITS "@._-:;=" : LETTERS DIGITS "@/._-"))
            return true;
    }
    fail(err, ERR_INVALID, "%s: '%.*s' is not a dial string with one %s in it", field, STR_ARG(s),
         mark);
    return fail_hint(err, "like %s", usual_of(r, strcmp(mark, "{number}") == 0));
}

/* Words for a program; what they are split into is the driver's affair. */
static bool command_ok(const Record *r, Error *err)
{
    Str s = text_of(r, "command");
    bool clean = true;
    for (size_t i = 0; i < s.n; i++)
        clean = clean && (unsigned char)s.s[i] >= ' ' && s.s[i] != 0x7f;
    if (s.n == 0 || (clean && (memmem(s.s, s.n, "{number}", 8) || memmem(s.s, s.n, "{tel}", 5))))
        return true;
    fail(err, ERR_INVALID, "command: '%.*s' is not a program with {number} or {tel} in a word",
         STR_ARG(s));
    return fail_hint(err, "like 'xdg-open {tel}'");
}

/* It becomes the beginning of paths. */
static bool folder_ok(const Record *r, Error *err)
{
    Str s = text_of(r, "recordings");
    bool clean = s.n == 0 || s.s[0] == '/';
    for (size_t i = 0; i < s.n; i++)
        clean = clean && (unsigned char)s.s[i] >= ' ' && s.s[i] != 0x7f;
    if (clean)
        return true;
    fail(err, ERR_INVALID, "recordings: '%.*s' is not the full name of a folder", STR_ARG(s));
    return fail_hint(err, "recordings=/var/spool/asterisk/monitor");
}

static bool secret_ok(const Record *r, Error *err)
{
    Str s = text_of(r, "secret");
    if (s.n == 0 || str_starts(s, "file:/")
        || (str_starts(s, "env:") && s.n > 4 && made_of(s, LETTERS DIGITS "_:")))
        return true;
    fail(err, ERR_INVALID, "secret: not where a secret is");
    return fail_hint(err, "secret=file:/etc/patter/pbx.secret (mode 0600), or secret=env:NAME");
}

static bool within(const Record *r, const char *field, double least, double most, Error *err)
{
    Value v = record_value(r, field);
    double x = v.type == VALUE_REAL ? v.r : v.type == VALUE_INT ? (double)v.i : least;
    return (x >= least && x <= most)
           || fail(err, ERR_INVALID, "%s: between %g and %g, not %g", field, least, most, x);
}

/* Two databases that share a switch must not call their calls the same. */
static void make_prefix(Record *now, Arena *a)
{
    const Field *f = type_field(now->type, STR("prefix"));
    uint32_t draw;
    if (text_of(now, "prefix").n > 0)
        return;
    if (getrandom(&draw, sizeof draw, 0) != sizeof draw)
        panic("no random numbers from the system");
    record_put_value(now, f, value_cstr(arena_printf(a, "p%08" PRIx32, draw)));
}

static bool check_switch(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    if (!(crm->rights & MAY_MANAGE)) {
        fail(err, ERR_DENIED, "switches are changed by managers and owners");
        return fail_hint(err, "`user list` shows who holds which role");
    }
    make_prefix(now, a);
    make_usual(old, now, true);
    make_usual(old, now, false);
    if (text_of(now, "prefix").n > 16)
        return fail(err, ERR_INVALID, "prefix: at most 16 letters and digits");
    return field_made_of(now, "prefix", LOWER DIGITS, err)
           && field_made_of(now, "host", LETTERS DIGITS ".-_:/", err)
           && field_made_of(now, "user", LETTERS DIGITS "._-", err)
           && field_made_of(now, "caller", DIGITS "+*#", err)
           && pattern_ok(now, "dial", "{number}", err) && pattern_ok(now, "phones", "{phone}", err)
           && command_ok(now, err) && folder_ok(now, err) && secret_ok(now, err)
           && within(now, "port", 0, 65535, err)
           && within(now, "share", 0, 1000, err) && within(now, "max_calls", 0, 100000, err)
           && within(now, "max_rate", 0, 10000, err);
}

const Type type_switch = {
    .name = "switch", .plural = "switches", .summary = "telephone systems that carry the calls",
    .fields = switch_fields, .handle = "name", .check = check_switch,
    .verbs = TYPE_NO_IMPORT | TYPE_NO_FIND,
    .sample = "name=pbx adapter=sim prefix=p1",
};
