/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * likeness.h -- how like two names, firms or addresses are.
 *
 * A text is first brought into a form without what does not tell: case, width, accents, whether
 * Chinese is traditional, punctuation, the order of its words, and words such as Ltd or 有限公司.
 * Two such forms are compared word by word by edit distance; the score is the share of letters that
 * agree, 1 for equal forms.  It depends on the two texts alone, so a threshold means the same in
 * every database.
 */
#ifndef BASE_LIKENESS_H
#define BASE_LIKENESS_H

#include "base/str.h"

enum {
    LIKE_LETTERS = 96,                   /* of a form; what is longer is cut */
    LIKE_WORDS = 16,
    LIKE_GRAMS = LIKE_LETTERS + LIKE_WORDS
};

/* Words that do not tell, and words that stand for others: "ltd, 有限公司, street=st". */
typedef struct LikeWord { Str word, as; } LikeWord;             /* as.n 0: it is dropped */
typedef struct LikeWords { LikeWord *w; int n; } LikeWords;
/* Folded, the longest first; lives in the arena. ERR_INVALID names a bad one. */
bool like_words(const char *list, Arena *a, LikeWords *out, Error *err);
extern const char like_words_shipped[];

/* Append the form of a text: words in order, a blank between; nothing when nothing is left. `work`
 * is a buffer to work in. A text that is nothing but such words keeps them. */
void like_form(const LikeWords *w, Str text, Buf *work, Buf *out);

/* A form, taken apart for comparing. */
typedef struct Like {
    uint32_t letter[LIKE_LETTERS];
    uint8_t from[LIKE_WORDS + 1];        /* where word i begins; from[words] is the end */
    int words, letters;
    uint64_t seen;                       /* a bit for each letter in it; letters may share one */
    uint64_t word_seen[LIKE_WORDS];      /* the same of each word */
    bool initial;                        /* a word is one letter */
} Like;
void like_read(Str form, Like *out);

/* Whether they are certainly less alike than that; cheap. */
bool like_differs(const Like *a, const Like *b, double least);
/* least .. 1; 0 when it is less than that. */
double like_score(const Like *a, const Like *b, double least);

/* Hashes of the pairs of neighbouring letters, those with the edge of a word included; distinct.
 * Forms that are alike have some of them in common, whatever the order of words. */
int like_grams(const Like *l, uint32_t out[static LIKE_GRAMS]);
/* How many of its rarest pairs one must look at to meet each form that is at least `least` like
 * this one (nearly always); 0: only an equal one is. */
int like_prefix(const Like *l, double least);

#endif
