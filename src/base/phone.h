/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phone.h -- telephone numbers: what people type in a cell, made into E.164.
 *
 * phone_cell_split() takes a cell apart (several numbers, labels, extensions, spreadsheet damage),
 * phone_normalise() reads one number, phone_read() does both.  Chinese and North American numbers
 * are read by tables of our own, proven equal to libphonenumber by a test; the others are asked of
 * libphonenumber, in a plugin that is loaded when the first such number comes.  Without the plugin
 * such a number is PHONE_UNCHECKED: keep it as typed.  Validity is a warning: numbering plans grow
 * faster than packages, so it is no reason to drop a lead; the caller keeps the raw text anyway.
 */
#ifndef BASE_PHONE_H
#define BASE_PHONE_H

#include "base/str.h"

typedef struct Phones Phones;             /* reader with the plugin; not for two threads at once */

enum {
    PHONE_E164_SIZE = 24,                 /* '+', at most 20 digits, NUL */
    PHONE_EXT_SIZE = 24,                  /* at most 20 digits, NUL */
    PHONE_TEXT_SIZE = 128,                /* what is longer is no number */
    PHONE_CELL_MAX = 8                    /* as many numbers as anybody writes into one cell */
};

typedef enum PhoneStatus {
    PHONE_NONE,                           /* not a number: no digits, words, too long */
    PHONE_OK,                             /* e164 is filled, valid or not */
    PHONE_DAMAGED,                        /* a spreadsheet rounded it (1.38E+10): digits are lost */
    PHONE_UNCHECKED                       /* only the plugin could read it, and it is not there */
} PhoneStatus;

typedef enum PhoneValid { PHONE_VALID_UNKNOWN, PHONE_VALID_NO, PHONE_VALID_YES } PhoneValid;

/* In the order of libphonenumber's PhoneNumberType, plus one; the plugin asserts that. */
typedef enum PhoneKind {
    PHONE_KIND_UNKNOWN, PHONE_FIXED, PHONE_MOBILE, PHONE_FIXED_OR_MOBILE, PHONE_TOLL_FREE,
    PHONE_PREMIUM, PHONE_SHARED_COST, PHONE_VOIP, PHONE_PERSONAL, PHONE_PAGER, PHONE_UAN,
    PHONE_VOICEMAIL, PHONE_KINDS
} PhoneKind;

/* What a label says that the number is for (手机 办公 住宅 传真, mobile work home fax). */
typedef enum PhoneUse {
    PHONE_USE_NONE, PHONE_USE_MOBILE, PHONE_USE_WORK, PHONE_USE_HOME, PHONE_USE_FAX
} PhoneUse;

/* One number of a cell, before it is read. raw and label are parts of the cell. */
typedef struct PhonePart {
    Str raw;                              /* as typed, label and extension included, trimmed */
    Str label;                            /* "手机", "王总"; empty: none */
    PhoneUse use;
    bool damaged;                         /* exponent form; number is then empty */
    char number[PHONE_TEXT_SIZE];         /* to give to phone_normalise: ASCII, no label */
    char ext[PHONE_EXT_SIZE];             /* digits; empty: none */
} PhonePart;

typedef struct Phone {
    Str raw, label;                       /* set by phone_read: parts of the cell */
    PhoneUse use;
    PhoneStatus status;
    PhoneValid valid;
    PhoneKind kind;
    char country[3];                      /* alpha-2; of an invalid number the main country of its
                                             calling (or area) code; empty: none (+800, +870) */
    char e164[PHONE_E164_SIZE];           /* "+8613800138000"; empty unless status is PHONE_OK */
    char ext[PHONE_EXT_SIZE];
} Phone;

/* `region` (ISO 3166 alpha-2) is the home of numbers typed without a country; "" or NULL: there is
 * none, and only numbers with + can be read.  Never fails: the plugin is looked for when a number
 * needs it, as plugin.h says. */
Phones *phones_open(const char *region);
void phones_close(Phones *ph);
void phones_set_region(Phones *ph, const char *region);
const char *phones_region(const Phones *ph);
bool phones_load(Phones *ph, Error *err); /* the plugin now; an error says where it was sought */
bool phones_loaded(const Phones *ph);

/* Take one cell apart; returns how many numbers `out` got (0 for an empty cell, at most `max`).
 * What there is no room for stays in the last part, which then has no number.  Separators are
 * / \ ; , 、 | & 或 or, newlines and labels, where both sides are whole numbers ("030 / 123456" stays
 * one); "58307717/18" is two numbers that differ in the last digits.  With region CN an area code
 * counts for the following numbers of the cell too, and a dash extension ("021-58307717-801") is
 * recognised after a complete number.  NULL: no region's habits. */
int phone_cell_split(Str cell, const char *region, PhonePart *out, int max);

/* Read one number; region NULL: the one of `ph`.  Fills all of `out` but raw, label and use, and
 * returns its status.  The text may hold spaces and the usual punctuation.  Region CN has habits
 * that libphonenumber lacks: "(212) 555-0142" is American, and 852-, 853-, 886- need no +. */
PhoneStatus phone_normalise(Phones *ph, Str number, const char *region, Phone *out);

/* Split and read: how many `out` got (0 for an empty cell, else at least 1, at most `max`). */
int phone_read(Phones *ph, Str cell, const char *region, Phone *out, int max);

/* For people: "+86 138 0013 8000", "+86 21 5830 7717", "+1 212 555 0142".  Other countries' numbers
 * are grouped if the plugin is loaded already and printed as they are if not.  Appends; what is no
 * E.164 is appended unchanged.  ph may be NULL. */
void phone_format(const Phones *ph, Str e164, Buf *out);

/* The digits of any text, full-width ones folded: the form in which numbers are searched by part.
 * Writes at most size - 1 digits and a NUL; returns how many. */
size_t phone_digits(Str s, char *out, size_t size);

const char *phone_use_name(PhoneUse use);        /* "mobile", "work", "home", "fax"; "" for none */

#endif
