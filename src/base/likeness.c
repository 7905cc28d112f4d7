/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/likeness.h"

#include <stdlib.h>

#include "base/han.h"
#include "base/unicode.h"

const char like_words_shipped[] =
    "有限责任公司, 股份有限公司, 有限公司, 公司, 集团, 股份, 株式会社, 有限会社, "
    "co, company, corp, corporation, inc, incorporated, ltd, limited, llc, llp, plc, pty, gmbh, "
    "ag, kg, mbh, ohg, sa, sarl, sas, srl, spa, bv, nv, oy, ab, as, aps, the, and, of, "
    "mr, mrs, ms, 先生, 女士, 小姐, "
    "street=st, road=rd, avenue=ave, boulevard=blvd, drive=dr, lane=ln, apartment=apt, suite=ste, "
    "floor=fl, building=bldg, north=n, south=s, east=e, west=w";

/* 貿 and 贸, é and e are the same letter. */
static uint32_t letter_of(uint32_t folded)
{
    uint32_t cp = utf8_base(folded);
    return is_cjk(cp) ? han_simplified(cp) : cp;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* As a text has it when it is compared. */
static Str letters_of(Str word, Arena *a)
{
    Buf b = { 0 };
    char bytes[4];
    for (size_t i = 0; i < word.n;) {
        int len;
        uint32_t cp = letter_of(utf8_next(word.s + i, word.n - i, &len));
        buf_put(&b, bytes, (size_t)utf8_put(cp, bytes));
        i += (size_t)len;
    }
    Str s = str_dup(buf_as_str(&b), a);
    buf_release(&b);
    return s;
}

static int longest_first(const void *x, const void *y)
{
    const LikeWord *a = x, *b = y;
    return (a->word.n < b->word.n) - (a->word.n > b->word.n);
}

bool like_words(const char *list, Arena *a, LikeWords *out, Error *err)
{
    int room = 1;
    for (const char *p = list; *p; p++)
        room += *p == ',';
    *out = (LikeWords){ .w = ARENA_ARRAY(a, LikeWord, room) };
    while (*list) {
        size_t n = strcspn(list, ",");
        Str one = text_fold(str_n(list, n), a);
        const char *is = memchr(one.s ? one.s : "", '=', one.n);
        Str word = str_trim(is ? str_n(one.s, (size_t)(is - one.s)) : one);
        Str as = is ? str_trim(str_n(is + 1, one.n - word.n - 1)) : (Str){ 0 };
        if (is && (!word.n || !as.n)) {
            fail(err, ERR_INVALID, "not a word: '%.*s'", STR_ARG(one));
            return fail_hint(err, "words that do not count, or long=short, with commas between");
        }
        if (word.n)
            out->w[out->n++] = (LikeWord){ letters_of(word, a), letters_of(as, a) };
        list += n + (list[n] == ',');
    }
    qsort(out->w, (size_t)out->n, sizeof *out->w, longest_first);
    return true;
}

/* ---- the form -------------------------------------------------------------------------------- */

enum { TEXT_MAX = LIKE_LETTERS * 4 };    /* bytes */

typedef struct Piece { size_t at, n; bool cjk; } Piece;
typedef struct Pieces {
    char text[TEXT_MAX];
    size_t used;
    Piece piece[LIKE_WORDS];
    int n, letters;
} Pieces;

static bool is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == '`' || cp == 0x2019 || cp == 0x02BC;
}

static void piece_letter(Pieces *p, uint32_t cp)
{
    char bytes[4];
    size_t n = (size_t)utf8_put(cp, bytes);
    memcpy(p->text + p->used, bytes, n);
    p->used += n;
    p->piece[p->n - 1].n += n;
    p->letters++;
}

/* Words end at blanks and punctuation, and where the script changes; Chinese is not spaced, so a
 * blank inside it (王 芳) says nothing. */
static void pieces_cut(Str folded, Pieces *p)
{
    bool open = false, blank = false;
    p->used = 0;
    p->n = p->letters = 0;
    for (size_t i = 0; i < folded.n && p->letters < LIKE_LETTERS;) {
        int len;
        uint32_t cp = letter_of(utf8_next(folded.s + i, folded.n - i, &len));
        i += (size_t)len;
        if (is_apostrophe(cp))
            continue;
        if (!is_name_char(cp)) {
            blank = cp == ' ';
            open = open && blank && p->piece[p->n - 1].cjk;
            continue;
        }
        bool cjk = is_cjk(cp);
        if (open && (cjk != p->piece[p->n - 1].cjk || (blank && !cjk)))
            open = false;
        blank = false;
        if (!open && p->n == LIKE_WORDS)
            return;
        if (!open)
            p->piece[p->n++] = (Piece){ p->used, 0, cjk };
        open = true;
        piece_letter(p, cp);
    }
}

static Str piece_text(const Pieces *p, const Piece *x)
{
    return str_n(p->text + x->at, x->n);
}

/* What a piece counts as: itself, another word, its beginning (杭州新远 of 杭州新远有限公司), or
 * nothing. */
static Str piece_word(const LikeWords *w, Str s, bool cjk)
{
    for (int i = 0; i < w->n; i++) {
        Str word = w->w[i].word;
        if (word.n > s.n || (word.n < s.n && !cjk))
            continue;
        if (memcmp(s.s + s.n - word.n, word.s, word.n) != 0)
            continue;
        if (word.n == s.n)
            return w->w[i].as;
        s.n -= word.n;                   /* shorter ones may end what is left */
    }
    return s;
}

static int by_text(const void *x, const void *y)
{
    const Str *a = x, *b = y;
    int order = memcmp(a->s, b->s, a->n < b->n ? a->n : b->n);
    return order ? order : (a->n > b->n) - (a->n < b->n);
}

void like_form(const LikeWords *w, Str text, Buf *work, Buf *out)
{
    Pieces p;
    Str word[LIKE_WORDS];
    int n = 0;
    buf_reset(work);
    text_fold_into(text, work);
    pieces_cut(buf_as_str(work), &p);
    for (int i = 0; i < p.n; i++) {
        word[n] = piece_word(w, piece_text(&p, &p.piece[i]), p.piece[i].cjk);
        n += word[n].n > 0;
    }
    for (int i = 0; n == 0 && i < p.n; i++)
        word[i] = piece_text(&p, &p.piece[i]);
    n = n ? n : p.n;
    qsort(word, (size_t)n, sizeof *word, by_text);
    for (int i = 0; i < n; i++) {
        if (i)
            buf_char(out, ' ');
        buf_str(out, word[i]);
    }
}

typedef struct Run { const uint32_t *s; int n; uint64_t seen; } Run;

static Run word_of(const Like *l, int i)
{
    return (Run){ l->letter + l->from[i], l->from[i + 1] - l->from[i], l->word_seen[i] };
}

static bool is_initial(Run r)
{
    return r.n == 1 && !is_cjk(r.s[0]);
}

void like_read(Str form, Like *out)
{
    out->words = out->letters = 0;
    out->seen = 0;
    out->initial = false;
    bool open = false;
    for (size_t i = 0; i < form.n && out->letters < LIKE_LETTERS;) {
        int len;
        uint32_t cp = utf8_next(form.s + i, form.n - i, &len);
        i += (size_t)len;
        if (cp == ' ') {
            open = false;
            continue;
        }
        if (!open && out->words == LIKE_WORDS)
            break;
        if (!open)
            out->from[out->words++] = (uint8_t)out->letters;
        if (!open)
            out->word_seen[out->words - 1] = 0;
        open = true;
        out->letter[out->letters++] = cp;
        out->word_seen[out->words - 1] |= (uint64_t)1 << (cp * 0x9E3779B1u >> 26);
    }
    out->from[out->words] = (uint8_t)out->letters;
    for (int i = 0; i < out->words; i++) {
        out->seen |= out->word_seen[i];
        out->initial = out->initial || is_initial(word_of(out, i));
    }
}

/* ---- the score ------------------------------------------------------------------------------- */

static bool run_eq(Run a, Run b)
{
    return a.n == b.n && memcmp(a.s, b.s, (size_t)a.n * sizeof *a.s) == 0;
}

/* Letters to put in, take out, replace, or swap with the next (optimal string alignment); any
 * number above `most` where there are more. */
static int distance(Run a, Run b, int most)
{
    uint8_t rows[3][LIKE_LETTERS + 1], *before = rows[0], *last = rows[1], *now = rows[2];
    while (a.n && b.n && a.s[0] == b.s[0])
        a.s++, a.n--, b.s++, b.n--;
    while (a.n && b.n && a.s[a.n - 1] == b.s[b.n - 1])
        a.n--, b.n--;
    for (int j = 0; j <= b.n; j++)
        last[j] = (uint8_t)j;
    for (int i = 1; i <= a.n; i++) {
        int least = i;
        now[0] = (uint8_t)i;
        for (int j = 1; j <= b.n; j++) {
            int d = last[j - 1] + (a.s[i - 1] != b.s[j - 1]);
            if (last[j] + 1 < d)
                d = last[j] + 1;
            if (now[j - 1] + 1 < d)
                d = now[j - 1] + 1;
            if (i > 1 && j > 1 && a.s[i - 1] == b.s[j - 2] && a.s[i - 2] == b.s[j - 1]
                && before[j - 2] + 1 < d)
                d = before[j - 2] + 1;
            now[j] = (uint8_t)d;
            least = d < least ? d : least;
        }
        if (least > most)
            return least;
        uint8_t *free_row = before;
        before = last;
        last = now;
        now = free_row;
    }
    return last[b.n];
}

static bool is_number(Run r)
{
    for (int i = 0; i < r.n; i++)
        if (r.s[i] < '0' || r.s[i] > '9')
            return false;
    return true;
}

/* Of two words that differ. An initial is three quarters of the name, what is less alike than six
 * letters in ten is not alike, and another number is another number. */
static double word_score(Run a, Run b)
{
    int longer = a.n > b.n ? a.n : b.n, shorter = a.n + b.n - longer;
    if (is_number(a) || is_number(b))
        return 0;
    if ((is_initial(a) || is_initial(b)) && a.s[0] == b.s[0])
        return 0.75;
    if (shorter * 10 < longer * 6)
        return 0;
    int most = longer * 4 / 10;
    if (__builtin_popcountll(a.seen ^ b.seen) > 2 * most)
        return 0;
    int d = distance(a, b, most);
    return d > most ? 0 : 1.0 - (double)d / longer;
}

typedef struct Pairing { double score; int i, j; } Pairing;

static int best_first(const void *x, const void *y)
{
    const Pairing *a = x, *b = y;
    if (a->score != b->score)
        return a->score < b->score ? 1 : -1;
    return a->i != b->i ? a->i - b->i : a->j - b->j;
}

/* Letters of both that agree: each word with the one that is most like it. */
static double aligned(const Like *a, const Like *b)
{
    Pairing pair[LIKE_WORDS * LIKE_WORDS];
    bool used_a[LIKE_WORDS] = { 0 }, used_b[LIKE_WORDS] = { 0 };
    double sum = 0;
    int n = 0;
    for (int i = 0; i < a->words; i++)
        for (int j = 0; j < b->words && !used_a[i]; j++)
            if (!used_b[j] && run_eq(word_of(a, i), word_of(b, j))) {
                used_a[i] = used_b[j] = true;
                sum += 2 * word_of(a, i).n;
            }
    for (int i = 0; i < a->words; i++)
        for (int j = 0; j < b->words; j++)
            if (!used_a[i] && !used_b[j]
                && (pair[n].score = word_score(word_of(a, i), word_of(b, j))) > 0) {
                pair[n].i = i;
                pair[n++].j = j;
            }
    qsort(pair, (size_t)n, sizeof *pair, best_first);
    for (int k = 0; k < n; k++) {
        if (used_a[pair[k].i] || used_b[pair[k].j])
            continue;
        used_a[pair[k].i] = used_b[pair[k].j] = true;
        sum += pair[k].score * (word_of(a, pair[k].i).n + word_of(b, pair[k].j).n);
    }
    return sum;
}

/* As one word, for what is written apart on one side only: Micro soft, (上海)宝钢. */
static double joined(const Like *a, const Like *b, double least)
{
    uint32_t turned[LIKE_LETTERS];
    Run x = { a->letter, a->letters, 0 }, y = { b->letter, b->letters, 0 };
    int longer = x.n > y.n ? x.n : y.n, most = (int)((1 - least) * longer);
    int d = distance(x, y, most);
    const Like *two = a->words == 2 ? a : b->words == 2 ? b : NULL;
    if (two) {
        Run first = word_of(two, 0), second = word_of(two, 1);
        memcpy(turned, second.s, (size_t)second.n * sizeof *turned);
        memcpy(turned + second.n, first.s, (size_t)first.n * sizeof *turned);
        int other = distance((Run){ turned, two->letters, 0 }, two == a ? y : x, most);
        d = other < d ? other : d;
    }
    return 1.0 - (double)d / longer;
}

/* By length, or by letters that only one of them has: of the sum of their letters each of those
 * costs at least 0.8. Initials stand for more letters than they are. */
bool like_differs(const Like *a, const Like *b, double least)
{
    int sum = a->letters + b->letters, shorter = a->letters < b->letters ? a->letters : b->letters;
    int alone = __builtin_popcountll(a->seen ^ b->seen);
    if (a->initial || b->initial)
        return false;
    return 2 * shorter < least * sum || 0.8 * alone > (1 - least) * sum;
}

double like_score(const Like *a, const Like *b, double least)
{
    if (a->letters == 0 || b->letters == 0 || like_differs(a, b, least))
        return 0;
    double s = aligned(a, b) / (a->letters + b->letters);
    if (s < least && a->words != b->words) {
        double one = joined(a, b, least);
        s = one > s ? one : s;
    }
    return s < least ? 0 : s;
}

/* ---- pairs of letters ------------------------------------------------------------------------ */

static int gram_add(uint32_t *out, int n, uint32_t first, uint32_t second)
{
    uint64_t h = ((uint64_t)first << 32 | second) * 0x9E3779B97F4A7C15u;
    uint32_t gram = (uint32_t)(h >> 32);
    for (int i = 0; i < n; i++)
        if (out[i] == gram)
            return n;
    out[n] = gram;
    return n + 1;
}

int like_grams(const Like *l, uint32_t out[static LIKE_GRAMS])
{
    int n = 0;
    for (int w = 0; w < l->words; w++) {
        Run r = word_of(l, w);
        n = gram_add(out, n, 0, r.s[0]);
        for (int i = 0; i + 1 < r.n; i++)
            n = gram_add(out, n, r.s[i], r.s[i + 1]);
        n = gram_add(out, n, r.s[r.n - 1], 0);
    }
    return n;
}

/* A letter more or less costs at least 0.6 / letters of the score, and spoils three pairs. */
int like_prefix(const Like *l, double least)
{
    double may_lose = (1 - least) * l->letters / least;
    if (may_lose < 0.6)
        return 0;
    return 2 + (int)(3 * may_lose);
}
