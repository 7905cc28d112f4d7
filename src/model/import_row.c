/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_row.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/country.h"
#include "base/unicode.h"

enum { MEMO = 64, MEMO_TEXT = 64 };

/* The last cells of a reference column and what they meant: a look-up in the database is made once.
 */
typedef struct Memo { char text[MEMO_TEXT]; uint8_t n; bool used; Value v; } Memo;

struct RowReader {
    Crm *crm;
    const ImportMap *map;
    ImportWarnings *warnings;
    const char *region;
    Arena row;                         /* what the values of one row need */
    ArenaMark empty;                   /* of `row`, with its first chunk kept */
    Arena kept;
    Memo **memo;                       /* by slot; NULL where none is needed */
    Value *v;
    Point point[IMPORT_POINTS_MAX];
    int points;
    int64_t line;
    Str label;                         /* of the cell at hand, by a column beside it; n 0: none */
    char region_of_row[4];
    char reason[600];
    int *slot_column, *point_column; /* columns of either kind, ended by -1: countries must be known
                                        before numbers */
    bool ordered, wants_order;
};

/* ---- cells ----------------------------------------------------------------------------------- */

/* Most letters are neither the first nor the last byte of a blank. */
static bool begins_blank_byte(unsigned char c)
{
    return c == 0xC2 || c == 0xE2 || c == 0xE3 || c == 0xEF;
}

static bool ends_blank_byte(unsigned char c)
{
    return c == 0xA0 || c == 0x80 || c == 0x8B || c == 0xBF;
}

static bool ends_blank(Str s, bool front, size_t *len)
{
    static const char *const blanks[] = { "\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\x8B",
                                          "\xEF\xBB\xBF" };
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        *len = strlen(blanks[i]);
        if (s.n >= *len && memcmp(front ? s.s : s.s + s.n - *len, blanks[i], *len) == 0)
            return true;
    }
    return false;
}

Str import_cell(Str cell)
{
    Str s = str_trim(cell);
    size_t len;
    if (s.n == 0)
        return s;
    while (s.n && begins_blank_byte((unsigned char)s.s[0]) && ends_blank(s, true, &len))
        s = str_trim(str_n(s.s + len, s.n - len));
    while (s.n && ends_blank_byte((unsigned char)s.s[s.n - 1]) && ends_blank(s, false, &len))
        s = str_trim(str_n(s.s, s.n - len));
    return s;
}

/* A cell of the row; n 0 where it has none. NUL bytes are no text, and end it in other programs. */
static Str cell_of(RowReader *r, const ImportRecord *record, int column)
{
    Str s = column < record->n ? import_cell(record->cell[column]) : (Str){ 0 };
    if (!s.n || !memchr(s.s, '\0', s.n))
        return s;
    char *plain = arena_alloc(&r->row, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.s[i])
            plain[n++] = s.s[i];
    s = import_cell(str_n(plain, n));
    import_warn(r->warnings, WARN_NUL, r->line, s);
    return s;
}

static bool reject(RowReader *r, const char *header, const Error *err)
{
    snprintf(r->reason, sizeof r->reason, "%s%s%s", header ? header : "", header ? ": " : "",
             err->msg);
    return false;
}

/* Plain digits with at most two decimals, the common case. */
static bool quick_money(Str s, int64_t *out)
{
    int64_t v = 0;
    size_t i = 0;
    for (; i < s.n && i < 15 && s.s[i] >= '0' && s.s[i] <= '9'; i++)
        v = v * 10 + (s.s[i] - '0');
    if (i == 0 || (i < s.n && (s.s[i] != '.' || s.n - i != 3)))
        return false;
    if (i == s.n) {
        *out = v * 100;
        return true;
    }
    int tens = s.s[i + 1] - '0', ones = s.s[i + 2] - '0';
    *out = v * 100 + tens * 10 + ones;
    return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
}

static bool parse_day(RowReader *r, const Route *route, const Field *f, Str cell, Value *out)
{
    int64_t ms;
    bool timed;
    char iso[16];
    if (f->kind == KIND_DATE) {
        int64_t day;
        if (!import_day(cell, route->order, &day)) {
            if (!import_moment(cell, route->order, NULL, &ms, &timed))
                return false;
            day = ms / DAY_MS - (ms % DAY_MS < 0);     /* the day as it stands, in any zone */
        }
        day_write_iso(day, iso);
        *out = value_text(str(arena_strdup(&r->row, iso)));
        return true;
    }
    if (!import_moment(cell, route->order, r->crm->zone, &ms, &timed))
        return false;
    *out = value_int(ms);
    return true;
}

static Memo *memo_of(RowReader *r, int slot, Str cell)
{
    if (!r->memo[slot] || cell.n >= MEMO_TEXT)
        return NULL;
    return &r->memo[slot][str_hash(cell) % MEMO];
}

static bool parse_known(RowReader *r, const Route *route, const Field *f, Str cell, Value *out)
{
    Error err = { 0 };
    Memo *m = memo_of(r, route->slot, cell);
    if (m && m->used && m->n == cell.n && memcmp(m->text, cell.s, cell.n) == 0) {
        *out = m->v;
        return true;
    }
    DayOrder order;
    if ((f->kind == KIND_DATE || f->kind == KIND_TIME) && import_day_order(cell, &order)) {
        r->wants_order = !r->ordered;
        fail(&err, ERR_INVALID, "may be two days: '%.*s'; --date-order dmy, mdy or ymd tells",
             STR_ARG(cell));
        return reject(r, f->name, &err);
    }
    if (!field_parse(r->crm, f, cell, &r->row, out, &err))
        return reject(r, NULL, &err);
    if (m) {
        memcpy(m->text, cell.s, cell.n);
        m->n = (uint8_t)cell.n;
        m->used = true;
        m->v = value_dup(*out, &r->kept);
    }
    return true;
}

static bool parse_cell(RowReader *r, const Route *route, Str cell, Value *out)
{
    const Field *f = r->map->slot[route->slot].field;
    int64_t minor;
    Str rest;
    switch (f->kind) {
    case KIND_TEXT:
        if (f->clean)
            break;
        *out = value_text(cell);
        return true;
    case KIND_TAGS:
        *out = import_tags(cell, &rest, &r->row);
        if (rest.n)
            import_warn(r->warnings, WARN_TAGS, r->line, rest);
        return true;
    case KIND_MONEY:
        if (!quick_money(cell, &minor))
            break;
        *out = value_int(minor);
        return true;
    case KIND_DATE:
    case KIND_TIME:
        if (!parse_day(r, route, f, cell, out))
            break;
        return true;
    default:
        break;
    }
    return parse_known(r, route, f, cell, out);
}

/* ---- contact points -------------------------------------------------------------------------- */

static void point_add(RowReader *r, Point p)
{
    for (int i = 0; i < r->points; i++)
        if (r->point[i].kind == p.kind && r->point[i].person == p.person
            && str_eq(r->point[i].value, p.value))
            return;
    if (r->points == IMPORT_POINTS_MAX)
        import_warn(r->warnings, WARN_POINTS, r->line, p.value);
    else
        r->point[r->points++] = p;
}

static bool has_digit(Str s)
{
    char digits[8];
    return phone_digits(s, digits, sizeof digits) > 0;
}

/* What the header says a number is for. A landline in a column of mobile numbers is none. */
static Str header_label(const Route *route, const Phone *p)
{
    bool wrong = p->kind == PHONE_FIXED && route->label && strcmp(route->label, "mobile") == 0;
    return route->label && !wrong ? str(route->label) : (Str){ 0 };
}

static void number_add(RowReader *r, const Route *route, const Phone *p)
{
    Point point = { .kind = route->point, .person = route->person, .valid = -1, .value = p->raw };
    const char *use = phone_use_name(p->use);
    point.label = p->label.n   ? p->label
                  : use[0]     ? str(use)
                  : r->label.n ? r->label
                               : header_label(route, p);
    if (p->use == PHONE_USE_FAX)
        point.kind = POINT_FAX;
    if (use[0])
        point.label = str(use);
    if (p->status == PHONE_OK) {
        point.value = str_dup(str(p->e164), &r->row);
        point.raw = str_eq(p->raw, point.value) ? (Str){ 0 } : p->raw;
        point.country = p->country[0] ? str_dup(str(p->country), &r->row) : (Str){ 0 };
        point.ext = p->ext[0] ? str_dup(str(p->ext), &r->row) : (Str){ 0 };
        point.valid = p->valid == PHONE_VALID_YES ? 1 : p->valid == PHONE_VALID_NO ? 0 : -1;
    } else if (p->status != PHONE_UNCHECKED) {
        point.valid = 0;
    }
    if (p->status == PHONE_DAMAGED)
        import_warn(r->warnings, WARN_DAMAGED, r->line, p->raw);
    else if (point.valid == 0)
        import_warn(r->warnings, WARN_NUMBER, r->line, p->raw);
    if (p->status == PHONE_OK || has_digit(p->raw))
        point_add(r, point);
}

static void read_numbers(RowReader *r, const Route *route, Str cell)
{
    Phone phone[PHONE_CELL_MAX];
    const char *region = r->region_of_row[0] ? r->region_of_row : r->region;
    int n = phone_read(r->crm->phones, cell, region, phone, PHONE_CELL_MAX);
    for (int i = 0; i < n; i++)
        number_add(r, route, &phone[i]);
}

/* VICIdial's list of further numbers: 7275551212_1_work!7275551213__summer home, each a number, its
 * calling code and what it is for. */
static void listed_numbers(RowReader *r, const Route *route, Str cell)
{
    while (cell.n) {
        const char *end = memchr(cell.s, '!', cell.n);
        Str one = str_n(cell.s, end ? (size_t)(end - cell.s) : cell.n);
        size_t past = one.n + (end != NULL);
        Str part[3] = { { 0 }, { 0 }, { 0 } };
        for (int k = 0; k < 3; k++) {
            const char *line = k < 2 ? memchr(one.s, '_', one.n) : NULL;
            part[k] = str_n(one.s, line ? (size_t)(line - one.s) : one.n);
            one = str_n(one.s + part[k].n + (line != NULL), one.n - part[k].n - (line != NULL));
        }
        r->label = part[2];
        read_numbers(r, route, part[1].n ? str(arena_printf(&r->row, "+%.*s%.*s", STR_ARG(part[1]),
                                                            STR_ARG(part[0])))
                                         : part[0]);
        cell = str_n(cell.s + past, cell.n - past);
    }
}

static void numbers_of(RowReader *r, const Route *route, Str cell)
{
    const char *line = memchr(cell.s, '_', cell.n);
    char digits[8];
    if (line && phone_digits(str_n(cell.s, (size_t)(line - cell.s)), digits, sizeof digits) == 7)
        listed_numbers(r, route, cell);
    else
        read_numbers(r, route, cell);
}

static void address_add(RowReader *r, const Route *route, Str s)
{
    Point p = { .kind = POINT_EMAIL, .person = route->person, .valid = -1, .value = s,
                .label = r->label.n ? r->label : route->label ? str(route->label) : (Str){ 0 } };
    const char *at = memchr(s.s, '@', s.n);
    if (!at || at == s.s || at + 1 == s.s + s.n) {
        p.valid = 0;
        import_warn(r->warnings, WARN_ADDRESS, r->line, s);
    }
    bool capitals = false;
    for (size_t i = 0; i < s.n && at; i++)
        capitals |= s.s[i] >= 'A' && s.s[i] <= 'Z';
    if (capitals) {
        char *copy = arena_strndup(&r->row, s.s, s.n);
        for (size_t i = 0; i < s.n; i++)
            copy[i] = copy[i] >= 'A' && copy[i] <= 'Z' ? (char)(copy[i] + 32) : copy[i];
        p.value = str_n(copy, s.n);
        p.raw = s;
    }
    point_add(r, p);
}

static void addresses_of(RowReader *r, const Route *route, Str cell)
{
    if (!memchr(cell.s, '@', cell.n)) {
        address_add(r, route, cell);
        return;
    }
    for (size_t i = 0; i < cell.n;) {
        size_t end = i;
        while (end < cell.n && !strchr(" ,;\t\r\n", cell.s[end]))
            end++;
        Str one = str_n(cell.s + i, end - i);
        if (one.n && !str_is(one, ":::"))          /* so Google joins what one label has */
            address_add(r, route, one);
        i = end + 1;
    }
}

static void points_of(RowReader *r, const Route *route, Str cell)
{
    switch (route->point) {
    case POINT_PHONE:
    case POINT_FAX:
        numbers_of(r, route, cell);
        break;
    case POINT_EMAIL:
        addresses_of(r, route, cell);
        break;
    default:
        point_add(
            r,
            (Point){ .kind = route->point, .person = route->person, .valid = -1, .value = cell,
                     .label = r->label });
    }
}

/* "* Work" is Google's label of the first among several. */
static Str label_of(RowReader *r, const ImportRecord *record, int column)
{
    Str s = cell_of(r, record, column);
    if (str_starts(s, "* "))
        s = str_trim(str_n(s.s + 2, s.n - 2));
    return s;
}

/* ---- names ----------------------------------------------------------------------------------- */

static bool is_chinese(Str s)
{
    int len;
    return s.n && is_cjk(utf8_next(s.s, s.n, &len));
}

/* 王 + 芳 is 王芳; Ada + King + Lovelace is "Ada King Lovelace". */
static Value name_of(const Str part[NAME_PARTS], Arena *a)
{
    Buf b = { 0 };
    if (is_chinese(part[NAME_FAMILY]) && is_chinese(part[NAME_GIVEN])) {
        buf_str(&b, part[NAME_FAMILY]);
        buf_str(&b, part[NAME_GIVEN]);
    } else {
        for (int i = 0; i < NAME_PARTS; i++)
            if (part[i].n)
                buf_printf(&b, "%s%.*s", b.n ? " " : "", STR_ARG(part[i]));
    }
    Value v = b.n ? value_text(str_dup(buf_as_str(&b), a)) : value_null();
    buf_release(&b);
    return v;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool all_blank(const ImportRecord *record)
{
    for (int i = 0; i < record->n; i++)
        if (str_trim(record->cell[i]).n)
            return false;
    return !record->bad;
}

/* More cells than columns are no row of this file, unless spreadsheets only went on with empty
 * ones. */
static bool shape_ok(RowReader *r, const ImportRecord *record)
{
    int extra = record->n;
    while (extra > r->map->columns && str_trim(record->cell[extra - 1]).n == 0)
        extra--;
    if (record->bad)
        snprintf(r->reason, sizeof r->reason, "%s", record->bad);
    else if (extra > r->map->columns)
        snprintf(r->reason, sizeof r->reason, "%d cells in a row of %d columns", extra,
                 r->map->columns);
    if (record->n < r->map->columns)
        import_warn(r->warnings, WARN_SHORT, r->line, (Str){ 0 });
    if (record->odd)
        import_warn(r->warnings, WARN_QUOTES, r->line, (Str){ 0 });
    if (record->fault.n)
        import_warn(r->warnings, WARN_FORMULA, r->line, record->fault);
    return !record->bad && extra <= r->map->columns;
}

/* Behind what the text has already: "Spouse: Tove" on its own line; "Suite 4" after a comma. */
static void line_add(RowReader *r, const ImportRecord *record, const Route *route, Str cell)
{
    Value *v = &r->v[route->slot];
    Str label = route->label_column ? label_of(r, record, route->label_column - 1) : (Str){ 0 };
    Str title = label.n ? label : route->titled ? route->header : (Str){ 0 };
    Buf b = { 0 };
    if (v->type == VALUE_TEXT)
        buf_printf(&b, "%.*s%s", STR_ARG(v->s), route->titled ? "\n" : ", ");
    if (title.n)
        buf_printf(&b, "%.*s: ", STR_ARG(title));
    buf_str(&b, cell);
    *v = value_text(str_dup(buf_as_str(&b), &r->row));
    buf_release(&b);
}

static bool refusal_add(RowReader *r, const Route *route, Str cell)
{
    Value *v = &r->v[route->slot];
    Error err = { 0 };
    bool yes;
    if (!yes_no_parse(cell, &yes)) {
        fail(&err, ERR_INVALID, "%.*s: not yes or no: '%.*s'", STR_ARG(route->header),
             STR_ARG(cell));
        return reject(r, NULL, &err);
    }
    if (!yes || (v->type == VALUE_TEXT && memmem(v->s.s, v->s.n, route->channel,
                                                 strlen(route->channel))))
        return true;
    *v = value_cstr(v->type != VALUE_TEXT ? route->channel
                    : arena_printf(&r->row, "%.*s,%s", STR_ARG(v->s), route->channel));
    return true;
}

static bool slots_fill(RowReader *r, const ImportRecord *record)
{
    Str part[NAME_PARTS] = { 0 };
    int name_slot = -1;
    for (int k = 0; r->slot_column[k] >= 0; k++) {
        int column = r->slot_column[k];
        const Route *route = &r->map->route[column];
        Str cell = cell_of(r, record, column);
        if (!cell.n || (route->spare && r->v[route->slot].type != VALUE_NULL))
            continue;
        if (route->kind == ROUTE_NAME) {
            part[route->part] = cell;
            name_slot = route->slot;
        } else if (route->kind == ROUTE_LINE) {
            line_add(r, record, route, cell);
        } else if (route->kind == ROUTE_REFUSAL) {
            if (!refusal_add(r, route, cell))
                return false;
        } else if (!parse_cell(r, route, cell, &r->v[route->slot])) {
            return false;
        }
    }
    if (name_slot >= 0)
        r->v[name_slot] = name_of(part, &r->row);
    return true;
}

/* The region of numbers without a country, where the row has a country. */
static void region_find(RowReader *r)
{
    Value v = r->map->country >= 0 ? r->v[r->map->country] : value_null();
    r->region_of_row[0] = '\0';
    if (v.type != VALUE_TEXT)
        return;
    const char *called = NULL;
    bool plus = v.s.n && v.s.s[0] == '+', digit = v.s.n && v.s.s[0] >= '0' && v.s.s[0] <= '9';
    if (v.s.n < 6 && (plus || digit))              /* a calling code: "+44", "44" */
        called = country_of_number(
            str(arena_printf(&r->row, "%s%.*s00000000", plus ? "" : "+", STR_ARG(v.s))));
    if (called)
        v = r->v[r->map->country] = value_cstr(called);
    if (v.s.n == 2)
        snprintf(r->region_of_row, sizeof r->region_of_row, "%.*s", STR_ARG(v.s));
    if (!country_name(r->region_of_row)) {
        import_warn(r->warnings, WARN_COUNTRY, r->line, v.s);
        r->region_of_row[0] = '\0';
    }
}

static bool anything(const RowReader *r)
{
    for (int i = 0; i < r->map->slots; i++)
        if (r->v[i].type != VALUE_NULL)
            return true;
    return r->points > 0;
}

static bool row_fill(RowReader *r, const ImportRecord *record)
{
    if (!shape_ok(r, record) || !slots_fill(r, record))
        return false;
    region_find(r);
    for (int k = 0; r->point_column[k] >= 0; k++) {
        int column = r->point_column[k];
        Str cell = cell_of(r, record, column);
        const Route *route = &r->map->route[column];
        if (!cell.n)
            continue;
        Str label = route->label_column ? label_of(r, record, route->label_column - 1) : (Str){ 0 };
        r->label = label.n ? text_fold(label, &r->row) : label;
        points_of(r, route, cell);
    }
    if (!anything(r)) {
        snprintf(r->reason, sizeof r->reason, "no cell that is used holds anything");
        return false;
    }
    for (int i = 0; i < r->map->slots; i++)
        if (r->map->slot[i].constant && r->v[i].type == VALUE_NULL)
            r->v[i] = value_cstr(r->map->slot[i].constant);
    return true;
}

bool row_read(RowReader *r, const ImportRecord *record, int64_t ordinal, ImportRow *out)
{
    if (all_blank(record))
        return false;
    arena_rewind(&r->row, r->empty);
    r->points = 0;
    r->line = record->line;
    for (int i = 0; i < r->map->slots; i++)
        r->v[i] = value_null();
    *out = (ImportRow){ .ordinal = ordinal, .line = record->line, .v = r->v, .point = r->point };
    if (row_fill(r, record))
        out->points = r->points;
    else
        out->reason = str(r->reason);
    return true;
}

bool row_reader_wants_order(const RowReader *r)
{
    return r->wants_order;
}

RowReader *row_reader_open(Crm *crm, const ImportMap *m, const char *region, bool ordered,
                           ImportWarnings *w)
{
    RowReader *r = xalloc(sizeof *r);
    int slots = 0, points = 0;
    r->crm = crm;
    r->map = m;
    r->region = region;
    r->ordered = ordered;
    r->warnings = w;
    arena_alloc(&r->row, 1);
    r->empty = arena_mark(&r->row);
    r->v = ARENA_ARRAY(&r->kept, Value, m->slots + 1);
    r->memo = ARENA_ARRAY(&r->kept, Memo *, m->slots + 1);
    for (int i = 0; i < m->slots; i++)
        if (m->slot[i].field->kind == KIND_REF || m->slot[i].field->clean)
            r->memo[i] = ARENA_ARRAY(&r->kept, Memo, MEMO);
    r->slot_column = ARENA_ARRAY(&r->kept, int, m->columns + 1);
    r->point_column = ARENA_ARRAY(&r->kept, int, m->columns + 1);
    for (int i = 0; i < m->columns; i++)
        if (m->route[i].kind == ROUTE_POINT)
            r->point_column[points++] = i;
        else if (m->route[i].kind == ROUTE_SLOT || m->route[i].kind == ROUTE_NAME
                 || m->route[i].kind == ROUTE_REFUSAL)
            r->slot_column[slots++] = i;
    for (int i = 0; i < m->columns; i++)
        if (m->route[i].kind == ROUTE_LINE)
            r->slot_column[slots++] = i;
    r->slot_column[slots] = r->point_column[points] = -1;
    return r;
}

void row_reader_close(RowReader *r)
{
    if (!r)
        return;
    arena_release(&r->row);
    arena_release(&r->kept);
    free(r);
}
