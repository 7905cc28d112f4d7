/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phone_cell.h -- the two halves of phone_cell_split(): phone_cell.c cuts a cell into pieces that
 * hold one number each, phone_part.c reads a piece.
 */
#ifndef BASE_PHONE_CELL_H
#define BASE_PHONE_CELL_H

#include "base/phone.h"

enum { PHONE_CELL_PLACES = 512 };         /* characters of the longest cell that is taken apart */

/* A cell, one char a character; see phone_cell.c for what the chars are. */
typedef struct PhoneCell {
    Str text;
    int n;
    char c[PHONE_CELL_PLACES + 1];
    uint16_t at[PHONE_CELL_PLACES + 1];   /* byte of the text where each begins, and the end */
} PhoneCell;

typedef struct PhoneRange { int from, to; } PhoneRange;     /* places of a cell, to excluded */

typedef struct PhonePiece {
    PhoneRange r;
    bool tail;                            /* not a number: other last digits of the one before */
    bool rest;                            /* several numbers: all that there was no room for */
} PhonePiece;

enum { PHONE_WORD = 1 };                  /* in c[]: a letter of a script other than A-Z */

static inline bool phone_is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool phone_is_latin(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
static inline bool phone_is_letter(char c) { return c == PHONE_WORD || phone_is_latin(c); }
static inline bool phone_is_space(char c) { return c == ' ' || c == '\n'; }

bool phone_is_extension_word(Str letters);                          /* 转 分机 ext x */

/* Fold a cell and cut it. -1: too long; 0: empty. */
int phone_cell_pieces(PhoneCell *k, Str cell, PhonePiece *out, int max);

PhoneRange phone_cell_trim(const PhoneCell *k, PhoneRange r);
int phone_cell_digits(const PhoneCell *k, PhoneRange r);            /* how many digits it holds */
int phone_cell_letters_end(const PhoneCell *k, int i, int to);      /* end of the letters at i */
Str phone_cell_typed(const PhoneCell *k, PhoneRange r);             /* its bytes, trimmed */

/* The letters of a range as UTF-8, Latin ones small; cut at the size. */
Str phone_cell_letters(const PhoneCell *k, PhoneRange r, char *out, size_t size);

#endif
