/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/vcard.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/encoding.h"
#include "base/unicode.h"
#include "base/vcard_lines.h"

static const char *const passed_over[] = { "PHOTO", "LOGO", "SOUND", "KEY", "AGENT", "X-AB..." };
enum { PASSED = sizeof passed_over / sizeof *passed_over, AGENT = 4, APPLE = 5,
       ADR_PARTS = 7, N_PARTS = 5 };

struct VcardReader {
    VcardLines lines;
    ByteSource *decoder;               /* of the last value that was converted; NULL: none yet */
    Encoding decoder_of;
    Arena card;                        /* texts of the card */
    size_t bytes;                      /* of them, about */
    VcardCell *cell;
    int n, room;
    Buf notes, tags;                   /* all NOTE, all CATEGORIES */
    int addresses;                     /* ADR so far */
    bool begun;                        /* a card or part of one is being read */
    bool named;                        /* it has an FN */
    Str name_parts, label;             /* N, and LABEL, for want of better */
    int64_t line;
    int agents;                        /* cards within, not closed yet */
    bool agent_next;                   /* the last property was an empty AGENT */
    int64_t held;                      /* line of a BEGIN that ended another card; 0: none */
    int64_t passed[PASSED];
    char bad[160];
};

VcardReader *vcard_open(ByteSource *src)
{
    VcardReader *r = xalloc(sizeof *r);
    r->lines.src = src;
    return r;
}

void vcard_close(VcardReader *r)
{
    if (!r)
        return;
    decoder_close(r->decoder);
    buf_release(&r->lines.text);
    buf_release(&r->lines.whole);
    buf_release(&r->notes);
    buf_release(&r->tags);
    arena_release(&r->card);
    free(r->cell);
    free(r);
}

void vcard_passed_over(const VcardReader *r, Buf *out)
{
    const char *between = "";
    for (int i = 0; i < PASSED; i++)
        if (r->passed[i]) {
            buf_printf(out, "%s%" PRId64 " %s", between, r->passed[i], passed_over[i]);
            between = ", ";
        }
}

__attribute__((format(printf, 2, 3))) static void spoil(VcardReader *r, const char *fmt, ...)
{
    va_list ap;
    if (r->bad[0])
        return;                        /* the first reason stays */
    va_start(ap, fmt);
    vsnprintf(r->bad, sizeof r->bad, fmt, ap);
    va_end(ap);
}

/* ---- values ---------------------------------------------------------------------------------- */

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 87 : -1;
}

static Str unquote(Str s, Arena *a)
{
    char *to = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        int high = s.s[i] == '=' && i + 2 < s.n ? hex(s.s[i + 1]) : -1;
        int low = high >= 0 ? hex(s.s[i + 2]) : -1;
        to[n++] = low >= 0 ? (char)(high << 4 | low) : s.s[i];
        i += low >= 0 ? 2 : 0;
    }
    return str_n(to, n);
}

typedef struct Text { ByteSource base; Str left; } Text;

static ptrdiff_t text_read(ByteSource *src, char *buf, size_t n, Error *err)
{
    Text *t = (Text *)src;
    (void)err;
    n = n < t->left.n ? n : t->left.n;
    if (n == 0)
        return 0;
    memcpy(buf, t->left.s, n);
    t->left = str_n(t->left.s + n, t->left.n - n);
    return (ptrdiff_t)n;
}

static bool convert(VcardReader *r, Str s, Encoding e, Str *out)
{
    Text from = { { text_read }, s };
    Buf all = { 0 };
    Error err;
    char block[4096];
    ptrdiff_t got;
    if (r->decoder && r->decoder_of == e) {
        decoder_restart(r->decoder, &from.base);
    } else {
        decoder_close(r->decoder);
        r->decoder = decoder_open(&from.base, e);
        r->decoder_of = e;
    }
    while ((got = r->decoder->read(r->decoder, block, sizeof block, &err)) > 0)
        buf_put(&all, block, (size_t)got);
    *out = str_dup(buf_as_str(&all), &r->card);
    buf_release(&all);
    return got == 0 && utf8_valid(*out);
}

/* Bytes of a quoted-printable value as UTF-8: from the charset it names, else as it looks. */
static Str to_utf8(VcardReader *r, const VcardProperty *p, Str bytes)
{
    Encoding e = ENC_UTF8;
    Str out = bytes;
    if (p->charset.n && !encoding_find(p->charset, &e)) {
        spoil(r, "line %" PRId64 ": the charset %.40s is not known", r->lines.line,
              str_c(p->charset, &r->card));
        return out;
    }
    if (!p->charset.n && !utf8_valid(bytes)) {
        Guesser *g = guesser_new();
        guesser_feed(g, bytes.s, bytes.n);
        e = guesser_end(g).encoding;
    }
    if (e == ENC_UTF8 ? utf8_valid(bytes) : e != ENC_UNKNOWN && convert(r, bytes, e, &out))
        return out;
    spoil(r, "line %" PRId64 ": its bytes are not %s", r->lines.line,
          e == ENC_UNKNOWN ? "text" : encoding_name(e));
    return bytes;
}

/* Escapes undone. 2.1 knows them for what would separate, and no \n. */
static Str unescape(const VcardReader *r, Str s, Arena *a)
{
    if (!s.n || !memchr(s.s, '\\', s.n))
        return s;
    char *to = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char next = s.s[i] == '\\' && i + 1 < s.n ? s.s[i + 1] : '\0';
        bool line = !r->lines.old && (next == 'n' || next == 'N');
        bool escaped = line || (next && strchr("\\;,:", next));
        to[n++] = line ? '\n' : escaped ? next : s.s[i];
        i += escaped;
    }
    return str_n(to, n);
}

/* Parts between semicolons (or another character) that are not escaped; how many, at most `most`.
 * The last has the rest. */
static int split(Str s, char at, Str *part, int most)
{
    int n = 0;
    size_t from = 0;
    for (size_t i = 0; i < s.n && n + 1 < most; i++)
        if (s.s[i] == '\\') {
            i++;
        } else if (s.s[i] == at) {
            part[n++] = str_n(s.s + from, i - from);
            from = i + 1;
        }
    part[n++] = str_n(s.s + from, s.n - from);
    return n;
}

/* ---- cells ----------------------------------------------------------------------------------- */

static void put(VcardReader *r, Str column, Str value)
{
    value = str_trim(value);
    if (value.n == 0 || r->n > VCARD_CELLS)
        return;
    if (r->n == r->room) {
        r->room = r->room ? r->room * 2 : 32;
        r->cell = xresize(r->cell, sizeof *r->cell * (size_t)r->room);
    }
    r->cell[r->n++] = (VcardCell){ column, str_dup(value, &r->card) };
}

/* Parts one after the other, empty ones left out. */
static Str joined(VcardReader *r, const Str *part, const int *order, int n, const char *between)
{
    Buf b = { 0 };
    for (int i = 0; i < n; i++) {
        Str one = str_trim(unescape(r, part[order[i]], &r->card));
        if (one.n && b.n)
            buf_cstr(&b, between);
        buf_str(&b, one);
    }
    Str out = str_dup(buf_as_str(&b), &r->card);
    buf_release(&b);
    return out;
}

static bool in_cjk(Str s)
{
    int len;
    for (size_t i = 0; i < s.n; i += (size_t)len)
        if (is_cjk(utf8_next(s.s + i, s.n - i, &len)))
            return true;
    return false;
}

/* N is family; given; further; title before; title behind. */
static Str name_of(VcardReader *r, Str n)
{
    static const int eastern[] = { 0, 1, 2 }, western[] = { 3, 1, 2, 0, 4 };
    Str part[N_PARTS] = { 0 };
    split(n, ';', part, N_PARTS);
    return in_cjk(n) ? joined(r, part, eastern, 3, "") : joined(r, part, western, N_PARTS, " ");
}

/* ADR is box; flat; street; town; region; code; country. */
static void take_address(VcardReader *r, Str value)
{
    static const char *const column[] = { "city", "region", "postcode", "country" };
    static const int street[] = { 2, 1, 0 };
    Str part[ADR_PARTS] = { 0 };
    split(value, ';', part, ADR_PARTS);
    int which = ++r->addresses;
    const char *more = which > 1 ? arena_printf(&r->card, " %d", which) : "";
    put(r, str(arena_printf(&r->card, "address%s", more)), joined(r, part, street, 3, ", "));
    for (int i = 0; i < 4; i++)
        put(r, str(arena_printf(&r->card, "%s%s", column[i], more)),
            unescape(r, part[3 + i], &r->card));
}

static void take_org(VcardReader *r, Str value)
{
    Str unit[8] = { 0 };
    static const int all[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
    put(r, STR("org"), joined(r, unit, all, split(value, ';', unit, 8), ", "));
}

static void add(Buf *to, char between, Str value)
{
    if (value.n && to->n)
        buf_char(to, between);
    buf_str(to, value);
}

/* Commas that are not escaped separate; one within a word becomes a blank. */
static void take_tags(VcardReader *r, Str value)
{
    size_t from = r->tags.n;
    for (Str part[2]; value.n; value = part[1]) {
        part[1] = (Str){ 0 };
        split(value, ',', part, 2);
        add(&r->tags, ',', str_trim(part[0]));
    }
    size_t n = from;
    for (size_t i = from; i < r->tags.n; i++) {
        bool escaped = r->tags.s[i] == '\\' && i + 1 < r->tags.n;
        i += escaped;
        r->tags.s[n++] = escaped && r->tags.s[i] == ',' ? ' ' : r->tags.s[i];
    }
    r->tags.n = n;
}

static Str without(Str s, const char *scheme)
{
    size_t n = strlen(scheme);
    return s.n > n && str_eq_nocase(str_n(s.s, n), str(scheme)) ? str_n(s.s + n, s.n - n) : s;
}

static void take_phone(VcardReader *r, const VcardProperty *p, Str value)
{
    Str number = without(value, "tel:");
    if (number.s != value.s)                       /* RFC 3966: tel:+86-21-5830;ext=12 */
        for (size_t i = 0; i + 5 < number.n; i++)
            if (str_starts(str_n(number.s + i, number.n - i), ";ext="))
                number = str(arena_printf(&r->card, "%.*s ext. %.*s", (int)i, number.s,
                                          (int)(number.n - i - 5), number.s + i + 5));
    put(r, p->types & VCARD_FAX    ? STR("fax")
           : p->types & VCARD_CELL ? STR("mobile")
           : p->types & VCARD_WORK ? STR("work phone")
           : p->types & VCARD_HOME ? STR("home phone")
                                   : STR("phone"), number);
}

static Str small(Str name, Arena *a)
{
    char *to = arena_alloc(a, name.n + 1);
    for (size_t i = 0; i < name.n; i++)
        to[i] = name.s[i] >= 'A' && name.s[i] <= 'Z' ? (char)(name.s[i] + 32) : name.s[i];
    return str_n(to, name.n);
}

/* ---- properties ------------------------------------------------------------------------------ */

typedef enum Meaning {
    PLAIN, OF_FILE, NAME_PARTS, FULL_NAME, LABEL, ORG, PHONE, EMAIL, ADDRESS, NOTE, TAGS, FIELD
} Meaning;

static const struct { const char *name; Meaning meaning; const char *column; } known[] = {
    { "FN", FULL_NAME, "name" }, { "N", NAME_PARTS, NULL }, { "TEL", PHONE, NULL },
    { "EMAIL", EMAIL, "email" }, { "ORG", ORG, NULL }, { "TITLE", PLAIN, "title" },
    { "ADR", ADDRESS, NULL }, { "LABEL", LABEL, NULL }, { "URL", PLAIN, "web" },
    { "NOTE", NOTE, NULL }, { "CATEGORIES", TAGS, NULL }, { "BDAY", PLAIN, "birthday" },
    { "X-PATTER", FIELD, NULL }, { "VERSION", OF_FILE, NULL }, { "PRODID", OF_FILE, NULL },
    { "REV", OF_FILE, NULL }, { "PROFILE", OF_FILE, NULL }, { "NAME", OF_FILE, NULL },
};

static bool pass_over(VcardReader *r, const VcardProperty *p)
{
    int i = 0;
    while (i < APPLE && !str_eq_nocase(p->name, str(passed_over[i])))
        i++;
    if (i == APPLE && !(p->name.n > 4 && str_eq_nocase(str_n(p->name.s, 4), STR("X-AB"))))
        return false;
    r->passed[i]++;
    r->agent_next = i == AGENT && str_trim(p->value).n == 0;
    return true;
}

static void take_meaning(VcardReader *r, Meaning m, const char *column, const VcardProperty *p,
                         Str value)
{
    Arena *a = &r->card;
    switch (m) {
    case OF_FILE: break;
    case NAME_PARTS:
        r->name_parts = str_dup(value, a);
        break;
    case LABEL:
        if (r->label.n)
            put(r, STR("label"), unescape(r, value, a));
        else
            r->label = str_dup(unescape(r, value, a), a);
        break;
    case FULL_NAME:
        r->named |= str_trim(value).n > 0;
        put(r, str(column), unescape(r, value, a));
        break;
    case ORG: take_org(r, value); break;
    case PHONE: take_phone(r, p, unescape(r, value, a)); break;
    case EMAIL: put(r, str(column), without(unescape(r, value, a), "mailto:")); break;
    case ADDRESS: take_address(r, value); break;
    case NOTE: add(&r->notes, '\n', str_trim(unescape(r, value, a))); break;
    case TAGS: take_tags(r, value); break;
    case FIELD:
        put(r, p->field.n ? str_dup(p->field, a) : small(p->name, a), unescape(r, value, a));
        break;
    case PLAIN:
        put(r, column ? str(column) : small(p->name, a), unescape(r, value, a));
        break;
    }
}

static void take(VcardReader *r, const VcardProperty *p)
{
    if (pass_over(r, p))
        return;
    Str value = p->value;
    r->bytes += p->name.n + p->field.n + value.n;
    if (r->bytes > VCARD_MAX)
        return;                        /* the card is refused */
    if (p->quoted_printable)
        value = to_utf8(r, p, unquote(value, &r->card));
    if (str_eq_nocase(p->name, STR("VERSION")))
        r->lines.old = str_is(str_trim(value), "2.1");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq_nocase(p->name, str(known[i].name))) {
            take_meaning(r, known[i].meaning, known[i].column, p, value);
            return;
        }
    take_meaning(r, PLAIN, NULL, p, value);
}

/* ---- cards ----------------------------------------------------------------------------------- */

static void begin(VcardReader *r, int64_t line)
{
    r->begun = true;
    r->line = line;
}

static void clear(VcardReader *r)
{
    arena_release(&r->card);
    buf_reset(&r->notes);
    buf_reset(&r->tags);
    r->bytes = 0;
    r->n = r->addresses = r->agents = 0;
    r->begun = r->named = r->agent_next = r->lines.old = false;
    r->name_parts = r->label = (Str){ 0 };
    r->bad[0] = '\0';
    if (r->held)
        begin(r, r->held);
    r->held = 0;
}

static int finish(VcardReader *r, Vcard *out)
{
    if (!r->named && r->name_parts.n)
        put(r, STR("name"), name_of(r, r->name_parts));
    put(r, r->addresses ? STR("label") : STR("address"), r->label);
    put(r, STR("note"), buf_as_str(&r->notes));
    put(r, STR("tag"), buf_as_str(&r->tags));
    *out = (Vcard){ .cell = r->cell, .n = r->n, .line = r->line,
                    .bad = r->bad[0] ? r->bad : NULL };
    return 1;
}

static bool within_limits(const VcardReader *r, Error *err)
{
    if (r->bytes <= VCARD_MAX && r->n <= VCARD_CELLS)
        return true;
    fail(err, ERR_INVALID, "the card on line %" PRId64 " has more than %d %s", r->line,
         r->bytes > VCARD_MAX ? VCARD_MAX >> 20 : VCARD_CELLS,
         r->bytes > VCARD_MAX ? "MiB of text" : "properties");
    return fail_hint(err, "look for an END:VCARD that is missing, or take the card out");
}

/* BEGIN and END: true when the card is over. */
static bool step(VcardReader *r, bool opens, bool after_agent)
{
    if (opens && !r->begun) {
        begin(r, r->lines.line);
    } else if (opens && after_agent) {
        r->agents++;
    } else if (opens) {
        r->held = r->lines.line;
        spoil(r, "the card is not closed: END:VCARD is missing before line %" PRId64,
              r->held);
        return true;
    } else if (r->agents) {
        r->agents--;
    } else {
        if (!r->begun)
            begin(r, r->lines.line);
        return true;
    }
    return false;
}

int vcard_next(VcardReader *r, Vcard *out, Error *err)
{
    Str line;
    int more;
    clear(r);
    bool proper = r->begun;
    while ((more = vcard_line(&r->lines, &line, err)) > 0) {
        VcardProperty p;
        bool property = vcard_property(line, &r->card, &p), after_agent = r->agent_next;
        bool opens = property && str_eq_nocase(p.name, STR("BEGIN"));
        r->agent_next = false;
        if (property && (opens || str_eq_nocase(p.name, STR("END")))
            && str_eq_nocase(str_trim(p.value), STR("VCARD"))) {
            proper |= opens && !r->begun;
            if (!step(r, opens, after_agent))
                continue;
            if (!proper)
                spoil(r, "it stands in no card: BEGIN:VCARD is missing");
            return finish(r, out);
        }
        if (!r->begun)
            begin(r, r->lines.line);
        if (!property)
            spoil(r, "line %" PRId64 " is not NAME:value", r->lines.line);
        else if (!r->agents)
            take(r, &p);
        else if (str_eq_nocase(p.name, STR("AGENT")))
            r->agent_next = true;
        if (!within_limits(r, err))
            return -1;
    }
    if (more < 0 || !r->begun)
        return more;
    spoil(r, proper ? "the card is not closed: END:VCARD is missing at the end of the file"
                    : "it stands in no card: BEGIN:VCARD is missing");
    return finish(r, out);
}
