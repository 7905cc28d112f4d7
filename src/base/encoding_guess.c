/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An ordered test, since detectors by statistics call short Chinese lists Greek: BOM; the places
 * of NUL bytes; strict UTF-8; GB18030 against Big5 by the share of everyday characters (the first
 * level of each, in which names and addresses are written); Latin-1.  A few bytes that do not fit
 * (a name cut in the middle of a character) do not change what the rest of a long file says.
 */
#include "base/encoding.h"

#include <stdlib.h>

enum {
    SURE = 1000,                    /* UTF-8 characters without a fault: it is nothing else */
    UTF8_PER_FAULT = 16,            /* good characters that outweigh a bad byte */
    PAIRS_PER_FAULT = 100,
};
static const double EVERYDAY = 0.5; /* least share: other encodings read as pairs stay below */

typedef struct Utf8 {
    int need;                       /* bytes still to come in this character */
    unsigned low, high;             /* what the next must lie between */
    int64_t good, bad;
} Utf8;

typedef struct Pairs {
    unsigned lead;                  /* 0 between characters */
    int more;                       /* of a four-byte GB18030 character: place of the next byte */
    int64_t everyday, rare, bad;
} Pairs;

struct Guesser {
    unsigned char head[4];
    int64_t n, nul[2];              /* bytes; NULs at even and odd offsets */
    bool high;
    Utf8 utf8;
    Pairs gb, big5;
};

Guesser *guesser_new(void)
{
    return xalloc(sizeof(Guesser));
}

static void utf8_byte(Utf8 *u, unsigned c)
{
    if (u->need > 0) {
        if (c >= u->low && c <= u->high) {
            u->good += --u->need == 0;
            u->low = 0x80;
            u->high = 0xBF;
            return;
        }
        u->bad++;
        u->need = 0;
    }
    if (c < 0x80)
        return;
    if (c < 0xC2 || c > 0xF4) {
        u->bad++;
        return;
    }
    u->need = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
    u->low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    u->high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
}

/* Rows A1-A3 of both are punctuation, digits and full-width letters: they say nothing. */
static void count_pair(Pairs *p, bool everyday)
{
    p->everyday += everyday;
    p->rare += !everyday && (p->lead < 0xA1 || p->lead > 0xA3);
    p->lead = 0;
}

static void bad_pair(Pairs *p, unsigned c)
{
    p->bad++;
    p->more = 0;
    p->lead = c > 0x80 && c < 0xFF ? c : 0;
}

/* Two bytes, or four with digits at the second and last place; 0x80 alone is Excel's euro. */
static void gb_byte(Pairs *p, unsigned c)
{
    bool digit = c >= '0' && c <= '9';
    if (p->more > 0) {
        if (p->more == 3 ? !digit : c < 0x81 || c == 0xFF)
            bad_pair(p, c);
        else if (p->more++ == 3)
            p->lead = 0, p->more = 0;
    } else if (p->lead == 0) {
        if (c == 0xFF)
            p->bad++;
        else if (c > 0x80)
            p->lead = c;
    } else if (digit) {
        p->more = 2;
    } else if (c < 0x40 || c == 0x7F || c == 0xFF) {
        bad_pair(p, c);
    } else {
        count_pair(p, p->lead >= 0xB0 && p->lead <= 0xD7 && c >= 0xA1);
    }
}

static void big5_byte(Pairs *p, unsigned c)
{
    if (p->lead == 0) {
        if (c >= 0xA1 && c <= 0xF9)
            p->lead = c;
        else
            p->bad += c >= 0x80;
    } else if (c < 0x40 || (c > 0x7E && c < 0xA1) || c == 0xFF) {
        bad_pair(p, c >= 0xA1 && c <= 0xF9 ? c : 0);
    } else {
        count_pair(p, p->lead >= 0xA4 && (p->lead < 0xC6 || (p->lead == 0xC6 && c <= 0x7E)));
    }
}

static bool between_characters(const Guesser *g)
{
    return g->utf8.need == 0 && g->gb.lead == 0 && g->big5.lead == 0;
}

/* How many of n bytes at s are plain ASCII without NUL, in steps of eight. */
static size_t plain_prefix(const char *s, size_t n)
{
    const uint64_t high = 0x8080808080808080u, ones = 0x0101010101010101u;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t w;
        memcpy(&w, s + i, 8);
        if ((w | (w - ones)) & high)
            break;
    }
    return i;
}

void guesser_feed(Guesser *g, const char *s, size_t n)
{
    for (size_t i = 0; i < n && g->n + (int64_t)i < 4; i++)
        g->head[g->n + (int64_t)i] = (unsigned char)s[i];
    size_t i = 0;
    while (i < n) {
        if (between_characters(g) && (i += plain_prefix(s + i, n - i)) == n)
            break;
        unsigned c = (unsigned char)s[i];
        if (c == 0)
            g->nul[(g->n + (int64_t)i) & 1]++;
        g->high |= c >= 0x80;
        utf8_byte(&g->utf8, c);
        if (g->utf8.good < SURE || g->utf8.bad > 0) {
            gb_byte(&g->gb, c);
            big5_byte(&g->big5, c);
        } else {
            g->gb.lead = g->big5.lead = 0;
        }
        i++;
    }
    g->n += (int64_t)n;
}

static bool guess_by_bom(const Guesser *g, Encoding *out)
{
    static const struct { const char *bom; int64_t n; Encoding e; } boms[] = {
        { "\xEF\xBB\xBF", 3, ENC_UTF8 }, { "\xFF\xFE", 2, ENC_UTF16LE },
        { "\xFE\xFF", 2, ENC_UTF16BE }, { "\x84\x31\x95\x33", 4, ENC_GB18030 },
    };
    for (size_t i = 0; i < sizeof boms / sizeof *boms; i++)
        if (g->n >= boms[i].n && memcmp(g->head, boms[i].bom, (size_t)boms[i].n) == 0) {
            *out = boms[i].e;
            return true;
        }
    return false;
}

/* UTF-16 without a BOM: of its commas, digits and line ends one byte in two is NUL, always the
 * same one. */
static bool guess_by_nul(const Guesser *g, Encoding *out)
{
    int64_t even = g->nul[0], odd = g->nul[1];
    *out = odd > even ? ENC_UTF16LE : ENC_UTF16BE;
    int64_t most = odd > even ? odd : even, least = odd > even ? even : odd;
    return g->n >= 4 && most > 4 * least && most * 40 >= g->n;
}

static double share_of(const Pairs *p)
{
    int64_t pairs = p->everyday + p->rare;
    if (pairs == 0 || p->bad * PAIRS_PER_FAULT > pairs)
        return 0;
    return (double)p->everyday / (double)pairs;
}

static void guess_by_pairs(const Guesser *g, EncodingGuess *out)
{
    double gb = share_of(&g->gb), big5 = share_of(&g->big5);
    const Pairs *p = gb >= big5 ? &g->gb : &g->big5;
    if (gb < EVERYDAY && big5 < EVERYDAY) {
        out->encoding = g->nul[0] + g->nul[1] > 0 ? ENC_UNKNOWN : ENC_LATIN1;
        out->unsure = out->encoding == ENC_LATIN1;
        return;
    }
    out->encoding = gb >= big5 ? ENC_GB18030 : ENC_BIG5;
    out->share = gb >= big5 ? gb : big5;
    out->invalid = p->bad;
}

EncodingGuess guesser_end(Guesser *g)
{
    EncodingGuess out = { .ascii_only = !g->high };
    g->utf8.bad += g->utf8.need > 0;                /* cut at the end of the file */
    g->gb.bad += g->gb.lead > 0;
    g->big5.bad += g->big5.lead > 0;
    if (guess_by_bom(g, &out.encoding))
        out.bom = true;
    else if (guess_by_nul(g, &out.encoding))
        out.ascii_only = false;
    else if (g->utf8.bad * UTF8_PER_FAULT <= g->utf8.good)
        out.encoding = ENC_UTF8;
    else
        guess_by_pairs(g, &out);
    if (out.encoding == ENC_UTF8)
        out.invalid = g->utf8.bad;
    free(g);
    return out;
}
