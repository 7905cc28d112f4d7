/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bigram.c -- the tokenizer of the search index.
 *
 * Text is folded (NFKC, case) and cut into runs.  A run of Han, kana or hangul becomes its
 * overlapping pairs and, when a document is indexed, its last character alone, so that every
 * character begins a token; a query leaves that one out, or a phrase would match only at the end of
 * a run.  Any other run of letters and digits is one token.
 */
#include <stdlib.h>

#include "base/unicode.h"
#include "store/store_int.h"

/* Letters, digits and marks beyond ASCII: all but the blocks of punctuation and signs. */
static bool is_word_beyond_ascii(uint32_t cp)
{
    static const struct { uint32_t first, last; } signs[] = {
        { 0x80, 0xA9 }, { 0xAB, 0xB4 }, { 0xB6, 0xB9 }, { 0xBB, 0xBF }, { 0xD7, 0xD7 },
        { 0xF7, 0xF7 }, { 0x2000, 0x206F }, { 0x20A0, 0x20CF }, { 0x2190, 0x2BFF },
        { 0x2E00, 0x2E7F }, { 0x3000, 0x3004 }, { 0x3008, 0x3020 }, { 0x3030, 0x3030 },
        { 0xFE10, 0xFE1F }, { 0xFE30, 0xFE6F }, { 0xFF00, 0xFF0F }, { 0xFF1A, 0xFF20 },
        { 0xFF3B, 0xFF40 }, { 0xFF5B, 0xFF65 }, { 0xFFE0, 0xFFFF }, { 0x1F000, 0x1FAFF },
    };
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (cp >= signs[i].first && cp <= signs[i].last)
            return false;
    return true;
}

typedef enum Class { CLASS_BREAK, CLASS_WORD, CLASS_CJK } Class;

static Class class_at(Str text, size_t at, int *len)
{
    unsigned char c = (unsigned char)text.s[at];
    *len = 1;
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
             ? CLASS_WORD : CLASS_BREAK;
    uint32_t cp = utf8_next(text.s + at, text.n - at, len);
    return is_cjk(cp) ? CLASS_CJK : is_word_beyond_ascii(cp) ? CLASS_WORD : CLASS_BREAK;
}

bool bigram_run(Str text, size_t *at, Str *run, bool *cjk)
{
    int len;
    Class c = CLASS_BREAK;
    while (*at < text.n && (c = class_at(text, *at, &len)) == CLASS_BREAK)
        *at += (size_t)len;
    if (*at >= text.n)
        return false;
    size_t start = *at;
    while (*at < text.n && class_at(text, *at, &len) == c)
        *at += (size_t)len;
    *run = str_n(text.s + start, *at - start);
    *cjk = c == CLASS_CJK;
    return true;
}

/* Pairs of a CJK run; the last character alone when indexing, or when it is the only one. */
static int cut_cjk(Str run, bool query, int (*fn)(void *, Str), void *ctx)
{
    size_t at = 0;
    int rc = 0, len;
    while (at < run.n && rc == 0) {
        utf8_next(run.s + at, run.n - at, &len);
        size_t first = (size_t)len, next = at + first;
        if (next < run.n) {
            utf8_next(run.s + next, run.n - next, &len);
            rc = fn(ctx, str_n(run.s + at, first + (size_t)len));
        } else if (!query || at == 0) {
            rc = fn(ctx, str_n(run.s + at, first));
        }
        at = next;
    }
    return rc;
}

int bigram_cut(Str folded, bool query, int (*fn)(void *ctx, Str token), void *ctx)
{
    size_t at = 0;
    Str run;
    bool cjk;
    int rc = 0;
    while (rc == 0 && bigram_run(folded, &at, &run, &cjk))
        rc = cjk ? cut_cjk(run, query, fn, ctx) : fn(ctx, run);
    return rc;
}

/* ---- FTS5 ------------------------------------------------------------------------------------ */

struct Fts5Tokenizer { Buf folded; };

typedef struct Sink {
    int (*token)(void *, int, const char *, int, int, int);
    void *ctx;
} Sink;

static int tokenizer_new(void *ctx, const char **argv, int argc, Fts5Tokenizer **out)
{
    (void)ctx, (void)argv, (void)argc;
    *out = xalloc(sizeof **out);
    return SQLITE_OK;
}

static void tokenizer_delete(Fts5Tokenizer *t)
{
    buf_release(&t->folded);
    free(t);
}

/* Offsets into the text are for snippets, which a contentless table has not. */
static int pass_on(void *ctx, Str token)
{
    const Sink *s = ctx;
    return s->token(s->ctx, 0, token.s, (int)token.n, 0, (int)token.n);
}

static int tokenize(Fts5Tokenizer *t, void *ctx, int flags, const char *text, int n,
                    int (*token)(void *, int, const char *, int, int, int))
{
    if (!text || n <= 0)
        return SQLITE_OK;
    buf_reset(&t->folded);
    text_fold_into(str_n(text, (size_t)n), &t->folded);
    return bigram_cut(buf_as_str(&t->folded), flags & FTS5_TOKENIZE_QUERY, pass_on,
                      &(Sink){ token, ctx });
}

static fts5_api *find_api(sqlite3 *db)
{
    fts5_api *api = NULL;
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &stmt, NULL) == SQLITE_OK) {
        sqlite3_bind_pointer(stmt, 1, &api, "fts5_api_ptr", NULL);
        sqlite3_step(stmt);
    }
    sqlite3_finalize(stmt);
    return api;
}

bool bigram_register(Store *st)
{
    fts5_tokenizer bigram = { tokenizer_new, tokenizer_delete, tokenize };     /* copied */
    fts5_api *api = find_api(st->db);
    return api && api->xCreateTokenizer(api, "bigram", NULL, &bigram, NULL) == SQLITE_OK;
}
