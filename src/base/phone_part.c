/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phone_part.c -- one piece of a cell: label, number, extension, and what spreadsheets did to it.
 *
 * What has been understood is blanked in the folded cell; what is left at the end is the number.
 */
#include "base/phone_cell.h"

#include <stdio.h>
#include <strings.h>

typedef PhoneRange Range;

enum {
    WHOLE = 7,                  /* digits of a number that can stand alone */
    SHORT = 5,                  /* digits that may have an extension or outweigh a label */
    EXT_MOST = 7                /* digits of the longest extension people write */
};

static const struct { const char *word; PhoneUse use; } uses[] = {
    { "传真", PHONE_USE_FAX },    { "傳真", PHONE_USE_FAX },    { "fax", PHONE_USE_FAX },
    { "手机", PHONE_USE_MOBILE }, { "手機", PHONE_USE_MOBILE }, { "移动", PHONE_USE_MOBILE },
    { "mob", PHONE_USE_MOBILE },  { "cell", PHONE_USE_MOBILE }, { "handy", PHONE_USE_MOBILE },
    { "住宅", PHONE_USE_HOME },   { "家", PHONE_USE_HOME },     { "宅", PHONE_USE_HOME },
    { "home", PHONE_USE_HOME },   { "办公", PHONE_USE_WORK },   { "辦公", PHONE_USE_WORK },
    { "单位", PHONE_USE_WORK },   { "公司", PHONE_USE_WORK },   { "office", PHONE_USE_WORK },
    { "work", PHONE_USE_WORK },   { "business", PHONE_USE_WORK },
};

/* Words before an extension; the Chinese ones also end longer words (请拨分机). */
static const char *const extension_words[] = {
    "转", "轉", "转接", "分机", "分機", "分机号", "内线", "內線", "ext", "extn", "extension", "ex",
    "x", "xt", "доб", "poste", "int", NULL
};

static bool contains(Str s, const char *word)
{
    return memmem(s.s, s.n, word, strlen(word));
}

static bool ends(Str s, const char *word)
{
    size_t n = strlen(word);
    return s.n >= n && memcmp(s.s + s.n - n, word, n) == 0;
}

static PhoneUse use_of(Str label)
{
    static const char initials[] = "mwohf";               /* "M: 138...", "F: 021..." */
    static const PhoneUse meant[] = { PHONE_USE_MOBILE, PHONE_USE_WORK, PHONE_USE_WORK,
                                      PHONE_USE_HOME, PHONE_USE_FAX };
    const char *initial = label.n == 1 ? strchr(initials, label.s[0]) : NULL;
    if (initial)
        return meant[initial - initials];
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
        if (contains(label, uses[i].word))
            return uses[i].use;
    return PHONE_USE_NONE;
}

bool phone_is_extension_word(Str word)
{
    for (const char *const *w = extension_words; *w; w++)
        if (str_is(word, *w) || ((unsigned char)**w >= 0xE0 && ends(word, *w)))
            return true;
    return false;
}

static void blank(PhoneCell *k, Range r)
{
    memset(k->c + r.from, ' ', (size_t)(r.to - r.from));
}

static int count_letters(const PhoneCell *k, Range r)
{
    int n = 0;
    for (int i = r.from; i < r.to; i++)
        n += phone_is_letter(k->c[i]);
    return n;
}

/* ---- labels ---------------------------------------------------------------------------------- */

static void set_label(PhoneCell *k, Range r, PhonePart *out)
{
    char text[96];
    while (r.to > r.from && strchr(" \n:.-_,;/\\|&'\"()=*#", k->c[r.to - 1]))
        r.to--;
    while (r.from < r.to && strchr(" \n:.-_,;/\\|&'\"()=*#", k->c[r.from]))
        r.from++;
    if (out->label.n || r.from == r.to || !count_letters(k, r))
        return;
    out->label = phone_cell_typed(k, r);
    out->use = use_of(phone_cell_letters(k, r, text, sizeof text));
}

/* (王总), [fax], and (ext 801), which only loses its brackets. Brackets around digits stay. */
static void take_brackets(PhoneCell *k, Range r, PhonePart *out)
{
    for (int i = r.from; i < r.to; i++) {
        int end = i + 1;
        if (k->c[i] != '(')
            continue;
        while (end < r.to && k->c[end] != ')')
            end++;
        Range in = { i + 1, end };
        if (!count_letters(k, in))
            continue;
        if (!phone_cell_digits(k, in)) {
            set_label(k, in, out);
            blank(k, in);
        }
        k->c[i] = ' ';
        if (end < r.to)
            k->c[end] = ' ';
    }
}

/* The number begins at the first digit or +, or at the bracket before it. */
static int number_start(const PhoneCell *k, Range r)
{
    int i = r.from;
    while (i < r.to && k->c[i] != '+' && !phone_is_digit(k->c[i]))
        i++;
    return i > r.from && k->c[i - 1] == '(' ? i - 1 : i;
}

static void take_other_words(PhoneCell *k, Range r, PhonePart *out)
{
    for (int i = r.from; i < r.to; i++)
        if (phone_is_letter(k->c[i])) {
            int end = i;
            while (end < r.to && !phone_is_digit(k->c[end]))      /* "王 总" is one label */
                end++;
            set_label(k, (Range){ i, end }, out);
            blank(k, (Range){ i, end });
        }
}

/* ---- extensions ------------------------------------------------------------------------------ */

static void take_digits(PhoneCell *k, Range marker_and_digits, PhonePart *out)
{
    size_t n = 0;
    for (int i = marker_and_digits.from; i < marker_and_digits.to; i++)
        if (phone_is_digit(k->c[i]) && n + 1 < sizeof out->ext)
            out->ext[n++] = k->c[i];
    out->ext[n] = 0;
    blank(k, marker_and_digits);
}

/* "801/802", "801或802": more extensions of the number; the end of the last. */
static int more_extensions(const PhoneCell *k, int i, int to)
{
    for (int end = i; end < to; i = end) {
        while (end < to && strchr(" /,", k->c[end]))
            end++;
        end = phone_cell_letters_end(k, end, to);
        int from = end;
        while (end < to && phone_is_digit(k->c[end]))
            end++;
        if (end == from || end - from >= SHORT || from == i)
            break;
    }
    return i;
}

/* End of the extension's digits that follow a marker which ends at i; 0 if there are none. */
static int extension_end(const PhoneCell *k, int i, int to)
{
    while (i < to && strchr(" :.-#,=", k->c[i]))
        i++;
    int from = i;
    while (i < to && phone_is_digit(k->c[i]))
        i++;
    bool ends_here = i == to || !strchr("+-./(", k->c[i]) || more_extensions(k, i, to) > i;
    return ends_here && i > from && i - from <= EXT_MOST ? i : 0;
}

static int marker_end(const PhoneCell *k, int i, int to, int digits_before)
{
    char c = k->c[i], text[64];
    if (c == '#' || c == ';' || c == ',' || (c == '*' && digits_before >= WHOLE))
        return i + 1;
    if (phone_is_letter(c)) {
        int end = phone_cell_letters_end(k, i, to);
        if (phone_is_extension_word(phone_cell_letters(k, (Range){ i, end }, text, sizeof text)))
            return end;
    }
    return 0;
}

static void take_extension(PhoneCell *k, Range r, PhonePart *out)
{
    int digits = 0;
    for (int i = r.from; i < r.to; i++) {
        digits += phone_is_digit(k->c[i]);
        if (phone_is_digit(k->c[i]) || digits < SHORT)
            continue;
        int marker = marker_end(k, i, r.to, digits);
        int end = marker ? extension_end(k, marker, r.to) : 0;
        if (end) {
            int last = more_extensions(k, end, r.to);
            take_digits(k, (Range){ i, end }, out);
            blank(k, (Range){ end, last });
            return;
        }
        if (phone_is_letter(k->c[i]))
            i = phone_cell_letters_end(k, i, r.to) - 1;
    }
}

/* Is this a complete number as typed in China: mobile, area code with 0 and 7 or 8 digits, 400 and
 * 800 numbers, or a local number of 7 or 8 digits? */
static bool complete_in_china(const char *d, int n)
{
    if (n >= 12 && memcmp(d, "86", 2) == 0) {
        d += 2;
        n -= 2;
        if (*d != '0' && *d != '1' && *d != '4' && *d != '8')
            return n == 10 || n == 11;
    }
    if (d[0] == '0') {
        int area = d[1] == '1' || d[1] == '2' ? 3 : 4;
        return n == area + 7 || n == area + 8;
    }
    if (d[0] == '1')
        return n == 11;
    if (n == 10 && (memcmp(d, "400", 3) == 0 || memcmp(d, "800", 3) == 0))
        return true;
    return n == 7 || n == 8;
}

/* 852-2345-6789, 853-..., 886-2-2345-6789, which have no +. */
static bool is_neighbour(const PhoneCell *k, Range r)
{
    static const char *const codes[] = { "852-", "853-", "886-" };
    int digits = phone_cell_digits(k, r);
    for (size_t i = 0; i < sizeof codes / sizeof *codes && r.to - r.from > 4; i++)
        if (memcmp(k->c + r.from, codes[i], 4) == 0)
            return digits == 11 || digits == 12;
    return false;
}

/* "021-58307717-801": the last dash, behind a number that is complete. Behind a calling code other
 * than 86 what looks complete is none: +81 90-1234-5678. */
static void take_dash_extension(PhoneCell *k, Range r, PhonePart *out)
{
    char d[20];
    int n = 0, dash = r.to - 1;
    r = phone_cell_trim(k, r);
    int to = r.to;                              /* of the first extension */
    for (dash = to - 1; dash > r.from && (phone_is_digit(k->c[dash]) || k->c[dash] == '/'); dash--)
        to = k->c[dash] == '/' ? dash : to;
    if (k->c[dash] != '-' || to - dash - 1 < 1 || to - dash - 1 > 5
        || more_extensions(k, to, r.to) < r.to || is_neighbour(k, r))
        return;
    for (int i = r.from; i < dash && n < (int)sizeof d; i++)
        if (phone_is_digit(k->c[i]))
            d[n++] = k->c[i];
    int prefix = n > 1 && memcmp(d, "00", 2) == 0 ? 2 : 0;
    bool code = prefix || k->c[r.from] == '+' || k->c[r.from + 1] == '+';
    if (n < WHOLE || (code && memcmp(d + prefix, "86", 2) != 0)
        || !complete_in_china(d + prefix, n - prefix))
        return;
    take_digits(k, (Range){ dash, to }, out);
    blank(k, (Range){ to, r.to });
}

/* ---- spreadsheets ---------------------------------------------------------------------------- */

/* '138..., ="138..." and quotes around: they keep a spreadsheet from making a number of it. */
static Range without_quotes(const PhoneCell *k, Range r)
{
    r = phone_cell_trim(k, r);
    while (r.from < r.to && strchr("'\"`=", k->c[r.from]))
        r.from++;
    while (r.to > r.from && strchr("'\"`", k->c[r.to - 1]))
        r.to--;
    return phone_cell_trim(k, r);
}

/* 1.38E+10: a number shown rounded. The digits behind are lost even if it looks exact, unless all
 * of them are written (1.3800138000E+10): *r is then shortened to these. */
static bool is_exponent(PhoneCell *k, Range *r)
{
    int i = r->from, point = -1, power = 0;
    for (; i < r->to && (phone_is_digit(k->c[i]) || k->c[i] == '.' || k->c[i] == ','); i++)
        point = phone_is_digit(k->c[i]) ? point : i;
    int e = i;
    if (i == r->from || i >= r->to || (k->c[i] | 0x20) != 'e')
        return false;
    i++;
    if (i < r->to && k->c[i] == '+')
        i++;
    if (i >= r->to || r->to - i > 2 || phone_cell_digits(k, (Range){ i, r->to }) != r->to - i)
        return false;
    for (; i < r->to; i++)
        power = power * 10 + k->c[i] - '0';
    if (point != r->from + 1 || e - point - 1 != power)
        return true;
    memmove(k->c + point, k->c + point + 1, (size_t)(e - point - 1));
    blank(k, (Range){ e - 1, r->to });
    r->to = e - 1;
    return false;
}

/* 13,800,138,000: the commas of a spreadsheet's number format. */
static void drop_thousands(PhoneCell *k, Range r)
{
    int group = 0, commas = 0;
    for (int i = r.to - 1; i >= r.from; i--) {
        bool comma = k->c[i] == ',';
        if ((!comma && !phone_is_digit(k->c[i])) || comma != (group == 3))
            return;
        group = comma ? 0 : group + 1;
        commas += comma;
    }
    for (int i = r.from; commas && i < r.to; i++)
        if (k->c[i] == ',')
            k->c[i] = ' ';
}

/* 13800138000.0 */
static Range without_fraction(const PhoneCell *k, Range r)
{
    int end = r.to;
    while (end > r.from && k->c[end - 1] == '0')
        end--;
    if (end == r.to || end - r.from < 2 || k->c[end - 1] != '.')
        return r;
    int from = r.from + (k->c[r.from] == '+');
    Range whole = { from, end - 1 };
    return phone_cell_digits(k, whole) == whole.to - whole.from ? (Range){ r.from, end - 1 } : r;
}

/* ---- the whole piece ------------------------------------------------------------------------- */

static bool put_number(const PhoneCell *k, Range r, bool words, PhonePart *out)
{
    size_t n = 0;
    for (int i = r.from; i < r.to; i++) {
        char c = k->c[i];
        bool keep = phone_is_digit(c) || strchr("+-.()~*", c) ||
                    (words && (unsigned char)c > ' ' && c != 0x7F);
        if (!keep && (!n || out->number[n - 1] == ' '))
            continue;
        if (n + 1 >= sizeof out->number) {
            out->number[0] = 0;
            return false;
        }
        out->number[n++] = keep ? c : ' ';
    }
    while (n && strchr(" -.(~", out->number[n - 1]))
        n--;
    out->number[n] = 0;
    return n > 0;
}

/* "1800 six-flags": too few digits, and Latin letters that stand for the rest. */
static bool is_vanity(const PhoneCell *k, Range r)
{
    int latin = 0, other = 0, digits = phone_cell_digits(k, r);
    for (int i = r.from; i < r.to; i++) {
        latin += phone_is_latin(k->c[i]);
        other += k->c[i] == PHONE_WORD;
    }
    return digits >= 3 && digits < WHOLE && latin >= 3 && !other && digits + latin >= WHOLE;
}

/* tel:03-331-6005;phone-context=+64 (RFC 3966): only the plugin reads these. */
static bool is_uri(const PhoneCell *k, Range r)
{
    return r.to - r.from > 4 && strncasecmp(k->c + r.from, "tel:", 4) == 0 &&
           memchr(k->c + r.from, ';', (size_t)(r.to - r.from));
}

static void read_piece(PhoneCell *k, Range r, bool chinese, PhonePart *out)
{
    *out = (PhonePart){ 0 };
    out->raw = phone_cell_typed(k, r);
    r = without_quotes(k, r);
    if ((out->damaged = is_exponent(k, &r)))
        return;
    if (is_uri(k, r)) {
        put_number(k, r, true, out);
        return;
    }
    drop_thousands(k, r);
    take_brackets(k, r, out);
    int start = number_start(k, r);
    set_label(k, (Range){ r.from, start }, out);
    r = (Range){ start, r.to };
    take_extension(k, r, out);
    if (is_vanity(k, r)) {
        put_number(k, r, true, out);
        return;
    }
    take_other_words(k, r, out);
    r = without_fraction(k, phone_cell_trim(k, r));
    if (chinese && !out->ext[0])
        take_dash_extension(k, r, out);
    put_number(k, r, false, out);
}

/* "021-58307717/18": the number before with other last digits. */
static void read_tail(const PhoneCell *k, Range r, const PhonePart *before, PhonePart *out)
{
    size_t n = strlen(before->number);
    int left = r.to;
    *out = *before;
    out->raw = phone_cell_typed(k, r);
    while (n-- && left > r.from)
        if (phone_is_digit(out->number[n]))
            out->number[n] = k->c[--left];
}

/* "021-58307717, 58307718": a local number shares the area code of the one before. */
static void share_area_code(const PhonePart *before, PhonePart *part)
{
    const char *b = before->number;
    char d[16], joined[PHONE_TEXT_SIZE];
    size_t n = phone_digits(str(part->number), d, sizeof d);
    if ((n != 7 && n != 8) || d[0] < '2' || *b == '+')
        return;
    b += *b == '(';
    int area = b[0] == '0' && (b[1] == '1' || b[1] == '2') ? 3 : 4;
    char all[16];
    size_t whole = phone_digits(str(before->number), all, sizeof all);
    if (all[0] != '0' || (whole != (size_t)area + 7 && whole != (size_t)area + 8))
        return;
    int m = snprintf(joined, sizeof joined, "%.*s-%s", area, all, part->number);
    if (m > 0 && m < (int)sizeof joined)
        memcpy(part->number, joined, (size_t)m + 1);
}

int phone_cell_split(Str cell, const char *region, PhonePart *out, int max)
{
    PhoneCell k;
    PhonePiece piece[PHONE_CELL_MAX];
    bool chinese = region && strcmp(region, "CN") == 0;
    if (max <= 0)
        return 0;
    int n = phone_cell_pieces(&k, cell, piece, max < PHONE_CELL_MAX ? max : PHONE_CELL_MAX);
    if (n < 0) {
        *out = (PhonePart){ .raw = str_trim(cell) };
        return 1;
    }
    if (n > 1 && is_uri(&k, (Range){ 0, k.n })) {
        n = 1;
        piece[0] = (PhonePiece){ { 0, k.n } };
    }
    for (int i = 0; i < n; i++) {
        if (piece[i].rest)
            out[i] = (PhonePart){ .raw = phone_cell_typed(&k, piece[i].r) };
        else if (piece[i].tail)
            read_tail(&k, piece[i].r, &out[i - 1], &out[i]);
        else
            read_piece(&k, piece[i].r, chinese, &out[i]);
        if (chinese && i && !piece[i].tail)
            share_area_code(&out[i - 1], &out[i]);
    }
    return n;
}
