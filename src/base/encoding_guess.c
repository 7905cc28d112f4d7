/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An ordered test, since detectors by statistics call short Chinese lists Greek: BOM; the places
 * of NUL bytes; strict UTF-8; GB18030 against Big5 by the share of everyday characters (the first
 * level of each, in which names and addresses are written); Latin-1.  A few bytes that do not fit
 * (a name cut in the middle of a character) do not change what the rest of a long file says.
 *
 * Lines are looked at one by one as well: where some are UTF-8 beyond chance and others are not
 * UTF-8, the file changes its encoding, and what the others are in is judged by them alone.
 */
#include "base/encoding.h"

#include <stdlib.h>

enum {
    SURE = 1000,                    /* UTF-8 characters without a fault: it is nothing else */
    UTF8_PER_FAULT = 16,            /* good characters that outweigh a bad byte */
    PAIRS_PER_FAULT = 100,
    EUC_PAIRS = 4,                  /* fewer tell nothing of Japanese or Korean */
    EUC_TOLERANCE = 50,             /* pairs for one that they would not have */
    CUT = 1000,                     /* bytes of a file that may be UTF-16 with half a character */
    NUL_SHARE = 20,                 /* one byte in so many at most, in a text that has some */
    KANA_SHARE = 20,                /* Japanese has one in so many characters at least */
};

/* Long characters, of three bytes or four, in a line that is UTF-8 as a whole: in random names and
 * addresses of GB18030, Big5 and EUC two happen once in a million lines, four never did. */
enum {
    LONG = 2, LONG_CERTAIN = 4,
    OTHERS_PER_LONG = 1000,         /* one line by chance among so many is no change */
    OTHERS_PER_SHORT = 10,          /* the same of characters of two bytes, where not Chinese */
};
static const double EVERYDAY = 0.5; /* least share: other encodings read as pairs stay below */

/* Lines of so many pairs together tell GB18030 from Big5: of a list, read as what it is, .92 of the
 * pairs are everyday at least, and .76 at most read as the other. */
enum { PASSAGE = 64, PASSAGES = 2 };    /* PASSAGES: fewer of a sort are no change */
static const double ITSELF = 0.85, APART = 0.15;

typedef struct Utf8 {
    int need;                       /* bytes still to come in this character */
    unsigned low, high;             /* what the next must lie between */
    bool is_long;                   /* it has three bytes or four */
    int64_t good, bad, longs;
} Utf8;

typedef struct Pairs {
    unsigned lead;                  /* 0 between characters */
    int more;                       /* of a four-byte GB18030 character: place of the next byte */
    int64_t everyday, rare, bad;
    int64_t kana, hangul, beyond;   /* of GB18030: as EUC-JP, as EUC-KR, and of neither */
} Pairs;

typedef struct Line {               /* the one that is read, from its first byte above 0x7F */
    bool open;
    int64_t at;                     /* offset of that byte */
    Utf8 utf8;                      /* counts before it */
    Pairs gb, big5;
} Line;

typedef struct Lines { int64_t n, first, last; } Lines;     /* of a sort; offsets as in Line */

/* Lines that are not UTF-8, as many as make a passage, and what those before them were. */
typedef struct Passages {
    Pairs gb, big5;                 /* counts before this one */
    int64_t last;                   /* start of the last of the first sort before the second */
    int64_t end;                    /* of the first of the second sort */
    int64_t start;                  /* of this one; -1: none is begun */
    bool first_big5, back;          /* back: the first sort came again */
    int n[2];                       /* of the first sort, of the second */
} Passages;

struct Guesser {
    unsigned char head[4];
    int64_t n, nul[2];              /* bytes; NULs at even and odd offsets */
    bool high;
    Utf8 utf8;
    Pairs gb, big5;
    Line line;
    Lines long_lines, short_lines;  /* UTF-8: LONG characters or more, and none of them */
    Lines other_lines;              /* not UTF-8 */
    Passages passages;
    int64_t certain;                /* lines of LONG_CERTAIN or more; and SURE before a fault */
};

Guesser *guesser_new(void)
{
    Guesser *g = xalloc(sizeof *g);
    g->passages.start = -1;
    return g;
}

static void utf8_byte(Utf8 *u, unsigned c)
{
    if (u->need > 0) {
        if (c >= u->low && c <= u->high) {
            u->need--;
            u->good += u->need == 0;
            u->longs += u->need == 0 && u->is_long;
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
    u->is_long = c >= 0xE0;
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

/* A pair of GB18030 read as the other sets of the same shape, whose bytes both begin at 0xA1; 0x8E
 * is half-width katakana in EUC-JP. */
static void count_euc(Pairs *p, unsigned c)
{
    p->kana += p->lead == 0xA4 || p->lead == 0xA5;
    p->hangul += p->lead >= 0xB0 && p->lead <= 0xC8;
    p->beyond += c < 0xA1 || (p->lead < 0xA1 && p->lead != 0x8E);
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
        count_euc(p, c);
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

static void begin_line(Guesser *g, int64_t at)
{
    g->line = (Line){ true, at, g->utf8, g->gb, g->big5 };
}

/* Much of it is UTF-8 and nothing is not: until something is, it is no other, and lines say no
 * more. */
static bool is_sure(const Guesser *g)
{
    return g->utf8.good >= SURE && g->utf8.bad == 0;
}

/* Behind so much that it is beyond doubt. */
static void first_fault(Guesser *g, int64_t at)
{
    g->certain++;
    if (g->line.open)
        return;
    begin_line(g, at);
    g->line.utf8.bad--;
}

static void add_line(Lines *lines, int64_t at)
{
    if (lines->n++ == 0)
        lines->first = at;
    lines->last = at;
}

static double share_of(const Pairs *p)
{
    int64_t pairs = p->everyday + p->rare;
    if (pairs == 0 || p->bad * PAIRS_PER_FAULT > pairs)
        return 0;
    return (double)p->everyday / (double)pairs;
}

static Pairs since(const Pairs *now, const Pairs *then)
{
    return (Pairs){ .everyday = now->everyday - then->everyday, .rare = now->rare - then->rare,
                    .bad = now->bad - then->bad };
}

/* A passage from its start to `end` is of the one sort or the other, or says nothing. That in which
 * the change is may be taken for either. */
static void judge_passage(Passages *p, double gb, double big5, int64_t end)
{
    bool is_big5 = big5 > gb;
    double best = is_big5 ? big5 : gb, other = is_big5 ? gb : big5;
    if (best < ITSELF || best - other < APART)
        return;
    if (p->n[0] == 0)
        p->first_big5 = is_big5;
    int sort = is_big5 != p->first_big5;
    p->back |= sort == 0 && p->n[1] > 0;
    if (sort == 0 && p->n[1] == 0)
        p->last = p->start;
    else if (sort == 1 && p->n[1] == 0)
        p->end = end;
    p->n[sort]++;
}

static void passage_line(Guesser *g, int64_t at, int64_t end)
{
    Passages *p = &g->passages;
    if (p->start < 0)
        p->start = at;
    Pairs gb = since(&g->gb, &p->gb), big5 = since(&g->big5, &p->big5);
    if (gb.everyday + gb.rare < PASSAGE)
        return;
    judge_passage(p, share_of(&gb), share_of(&big5), end);
    p->gb = g->gb;
    p->big5 = g->big5;
    p->start = -1;
}

/* What is UTF-8 says nothing of the encoding of the others. */
static void end_line(Guesser *g, int64_t end)
{
    Line *line = &g->line;
    int64_t longs = g->utf8.longs - line->utf8.longs;
    line->open = false;
    if (g->utf8.bad > line->utf8.bad) {
        add_line(&g->other_lines, line->at);
        passage_line(g, line->at, end);
        return;
    }
    g->gb = line->gb;
    g->big5 = line->big5;
    g->certain += longs >= LONG_CERTAIN;
    if (longs == 0 || longs >= LONG)
        add_line(longs ? &g->long_lines : &g->short_lines, line->at);
}

/* Past what is plain; the first byte that is not, or n. */
static size_t skip_plain(Guesser *g, const char *s, size_t i, size_t n)
{
    size_t plain = plain_prefix(s + i, n - i);
    const char *end = g->line.open && plain ? memchr(s + i, '\n', plain) : NULL;
    if (end)
        end_line(g, g->n + (end - s));
    return i + plain;
}

void guesser_feed(Guesser *g, const char *s, size_t n)
{
    for (size_t i = 0; i < n && g->n + (int64_t)i < 4; i++)
        g->head[g->n + (int64_t)i] = (unsigned char)s[i];
    size_t i = 0;
    while (i < n) {
        if (between_characters(g) && (i = skip_plain(g, s, i, n)) == n)
            break;
        unsigned c = (unsigned char)s[i];
        if (c == 0)
            g->nul[(g->n + (int64_t)i) & 1]++;
        g->high |= c >= 0x80;
        bool sure = is_sure(g);
        if (!sure && !g->line.open && c >= 0x80)
            begin_line(g, g->n + (int64_t)i);
        utf8_byte(&g->utf8, c);
        if (sure && g->utf8.bad > 0) {
            first_fault(g, g->n + (int64_t)i);
            sure = false;
        }
        if (!sure) {
            gb_byte(&g->gb, c);
            big5_byte(&g->big5, c);
        } else {
            g->gb.lead = g->big5.lead = 0;
        }
        if (g->line.open && c == '\n')
            end_line(g, g->n + (int64_t)i);
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
 * same one. In a few lines of another encoding a NUL or two may stand so by chance. */
static bool guess_by_nul(const Guesser *g, Encoding *out)
{
    int64_t even = g->nul[0], odd = g->nul[1];
    *out = odd > even ? ENC_UTF16LE : ENC_UTF16BE;
    int64_t most = odd > even ? odd : even, least = odd > even ? even : odd;
    return g->n >= 4 && (g->n % 2 == 0 || g->n >= CUT) && most > 4 * least && most > 1
           && most * 40 >= g->n;
}

/* Kana or nothing but hangul, in bytes that Chinese might be as well. */
static Encoding perhaps(const Pairs *gb)
{
    int64_t pairs = gb->everyday + gb->rare;
    if (pairs < EUC_PAIRS || (gb->bad + gb->beyond) * EUC_TOLERANCE > pairs)
        return ENC_UTF8;
    if (gb->kana * KANA_SHARE >= pairs)
        return ENC_EUC_JP;
    return (pairs - gb->hangul) * EUC_TOLERANCE <= pairs ? ENC_EUC_KR : ENC_UTF8;
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

/* Lines of both sorts, neither of them by chance. */
static bool is_mixed(const Guesser *g, const EncodingGuess *others)
{
    int64_t n = g->other_lines.n;
    return g->certain > 0 || g->long_lines.n * OTHERS_PER_LONG > n
           || (others->unsure && g->short_lines.n * OTHERS_PER_SHORT >= n);
}

/* Where lines of one sort follow the first of the other. */
static void find_change(const Guesser *g, EncodingGuess *out)
{
    const Lines *u = g->long_lines.n ? &g->long_lines : &g->short_lines, *o = &g->other_lines;
    out->mixed = true;
    out->to_utf8 = u->first > o->first;
    out->once = u->first > o->last || o->first > u->last;
    out->change = out->to_utf8 ? u->first : o->first;
}

/* GB18030 and then Big5, or the reverse. Of EUC-JP, kana look like the one and kanji the other. */
static bool find_turn(const Guesser *g, EncodingGuess *out)
{
    const Passages *p = &g->passages;
    if (p->n[0] < PASSAGES || p->n[1] < PASSAGES || out->perhaps != ENC_UTF8)
        return false;
    out->once = !p->back;
    out->encoding = p->first_big5 ? ENC_BIG5 : ENC_GB18030;
    out->after = p->first_big5 ? ENC_GB18030 : ENC_BIG5;
    out->change = p->last;
    out->change_end = p->end;
    return out->turns = true;
}

static void end_text(Guesser *g)
{
    g->utf8.bad += g->utf8.need > 0;                /* cut at the end of the file */
    g->gb.bad += g->gb.lead > 0;
    g->big5.bad += g->big5.lead > 0;
    if (g->line.open)
        end_line(g, g->n);
}

static void guess_by_text(const Guesser *g, EncodingGuess *out)
{
    out->perhaps = perhaps(&g->gb);
    if (find_turn(g, out))
        return;
    guess_by_pairs(g, out);
    if (is_mixed(g, out))
        find_change(g, out);
}

EncodingGuess guesser_end(Guesser *g)
{
    int64_t nuls = g->nul[0] + g->nul[1];
    EncodingGuess out = { .ascii_only = !g->high };
    end_text(g);
    if (guess_by_bom(g, &out.encoding)) {
        out.bom = true;
    } else if (guess_by_nul(g, &out.encoding)) {
        out.ascii_only = false;
    } else if (nuls * NUL_SHARE > g->n) {
        out.encoding = ENC_UNKNOWN;
    } else if (g->utf8.bad * UTF8_PER_FAULT <= g->utf8.good) {
        out.encoding = ENC_UTF8;
    } else {
        guess_by_text(g, &out);
    }
    if (out.encoding == ENC_UTF8)
        out.invalid = g->utf8.bad;
    free(g);
    return out;
}
