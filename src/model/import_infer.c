/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_infer.h"

#include <stdio.h>

#include "base/unicode.h"
#include "model/import_layout.h"

enum {
    NAME_BYTES = 48,
    CHOICES_MAX = 12,
    CHOICE_BYTES = 40,
    CHOICE_ROWS = 20,
    CHOICE_SHARE = 4,
    SAMPLE = 1000,                     /* rows that show whether a header keeps its promise */
    CREATED_MAX = 500,                 /* fields: the database has room for 2,000 columns */
    MISFITS = 3,                       /* cells that overrule a field's own name */
    TICK = 4096
};

typedef struct Seen {                  /* what the cells of one column have been so far */
    int64_t filled;
    bool not_int, not_number, not_bool, not_day, not_choice, not_digits;
    bool timed;                        /* a day with a time of day was among them */
    bool mdy, dmy, open;               /* days of either order, and days that fit both */
    int choices;
    char choice[CHOICES_MAX][CHOICE_BYTES + 1];
} Seen;

static bool wants_days(const ImportMap *m, const Route *r)
{
    Kind k = r->kind == ROUTE_SLOT ? m->slot[r->slot].field->kind : KIND_TEXT;
    return k == KIND_DATE || k == KIND_TIME;
}

bool import_infer_needed(const ImportMap *m)
{
    for (int i = 0; i < m->columns; i++)
        if (m->route[i].kind == ROUTE_CREATE)
            return true;
    return false;
}

/* ---- cells ----------------------------------------------------------------------------------- */

static bool is_number(Str s, bool *whole)
{
    char plain[NUMBER_TEXT];
    if (memchr(s.s, ',', s.n) && number_plain(s, plain))
        s = str(plain);                /* 1,234.50 and 1.234,50 */
    size_t i = s.n && s.s[0] == '-', digits = 0, point = 0;
    size_t first = i;
    for (; i < s.n; i++) {
        if (s.s[i] == '.' && !point && i > first)
            point = i;
        else if (s.s[i] >= '0' && s.s[i] <= '9')
            digits++;
        else
            return false;
    }
    bool leading_zero = s.n > first + 1 && s.s[first] == '0' && point != first + 1;
    *whole = !point;
    return digits > 0 && digits <= 15 && !leading_zero && (!point || point + 1 < s.n);
}

/* A column of 1 and 0 may as well count something. */
static bool is_yes_or_no(Str s)
{
    bool yes;
    return yes_no_parse(s, &yes) && *s.s != '1' && *s.s != '0';
}

static void see_day(Seen *n, Str s)
{
    DayOrder order = DAY_ORDER_UNKNOWN;
    int64_t ms;
    bool timed = false;
    if (import_day_order(s, &order)) {
        n->mdy |= order == DAY_ORDER_MDY;
        n->dmy |= order == DAY_ORDER_DMY;
        n->open |= order == DAY_ORDER_UNKNOWN;
        order = order == DAY_ORDER_UNKNOWN ? DAY_ORDER_MDY : order;
    }
    n->not_day |= !import_moment(s, order, NULL, &ms, &timed);
    n->timed |= timed;
}

static void see_choice(Seen *n, Str s)
{
    for (int i = 0; i < n->choices; i++)
        if (str_is(s, n->choice[i]))
            return;
    if (s.n > CHOICE_BYTES || memchr(s.s, ',', s.n) || memchr(s.s, '=', s.n)
        || memchr(s.s, '\n', s.n)
        || memchr(s.s, '\0', s.n) || n->choices == CHOICES_MAX) {
        n->not_choice = true;
        return;
    }
    memcpy(n->choice[n->choices], s.s, s.n);
    n->choice[n->choices++][s.n] = '\0';
}

static void see(Seen *n, Str s)
{
    bool whole = false, number = !n->not_number && is_number(s, &whole);
    n->filled++;
    n->not_number |= !number;
    n->not_int |= !number || !whole;
    for (size_t i = 0; i < s.n && !n->not_digits; i++)
        n->not_digits = s.s[i] < '0' || s.s[i] > '9';
    n->not_bool = n->not_bool || !is_yes_or_no(s);
    if (!n->not_day)
        see_day(n, s);
    if (!n->not_choice)
        see_choice(n, s);
}

static DayOrder order_of(const ImportMap *m, const Seen *n)
{
    if (m->order != DAY_ORDER_UNKNOWN)
        return m->order;
    if (n->mdy && n->dmy)
        return DAY_ORDER_MIXED;
    return n->mdy ? DAY_ORDER_MDY : n->dmy ? DAY_ORDER_DMY : DAY_ORDER_UNKNOWN;
}

static Kind kind_of(const ImportMap *m, const Seen *n)
{
    DayOrder order = order_of(m, n);
    bool clear_days = !n->open || (order != DAY_ORDER_MIXED && order != DAY_ORDER_UNKNOWN);
    if (n->filled == 0)
        return KIND_TEXT;
    if (!n->not_bool)
        return KIND_BOOL;
    if (!n->not_number)
        return n->not_int ? KIND_NUMBER : KIND_INT;
    if (!n->not_day && clear_days)
        return n->timed ? KIND_TIME : KIND_DATE;
    if (!n->not_choice && n->not_digits && n->choices > 1 && n->filled >= CHOICE_ROWS
        && n->filled >= (int64_t)n->choices * CHOICE_SHARE)
        return KIND_CHOICE;
    return KIND_TEXT;
}

/* ---- fields ---------------------------------------------------------------------------------- */

static bool name_taken(const ImportMap *m, Str name)
{
    static const char *const words[] = { "and", "or", "not", "in", "id", "change", "me", NULL };
    for (int i = 0; words[i]; i++)
        if (str_is(name, words[i]))
            return true;
    if (type_field(m->type, name))
        return true;
    for (int i = 0; i < m->columns; i++)
        if (m->route[i].created && str_is(name, m->route[i].created->name))
            return true;
    return false;
}

const char *import_field_name(const ImportMap *m, Str header, int column, Arena *a)
{
    Buf b = { 0 };
    bool gap = false, small = false;
    for (size_t i = 0; i < header.n && b.n < NAME_BYTES;) {
        int len = 1;
        uint32_t cp = utf8_next(header.s + i, header.n - i, &len);
        bool capital = cp >= 'A' && cp <= 'Z', digit = cp >= '0' && cp <= '9';
        bool letter = capital || (cp >= 'a' && cp <= 'z') || (cp >= 0x80 && is_name_char(cp));
        gap |= (capital && small) || (!letter && !digit && b.n);
        if (letter || digit) {
            if (gap && b.n)
                buf_char(&b, '_');
            if (digit && !b.n)
                buf_cstr(&b, "c_");
            if (capital)
                buf_char(&b, (char)(cp + 32));
            else
                buf_put(&b, header.s + i, (size_t)len);
            gap = false;
        }
        small = cp >= 'a' && cp <= 'z';
        i += (size_t)len;
    }
    const char *base = b.n ? str_c(buf_as_str(&b), a) : arena_printf(a, "column_%d", column + 1);
    const char *name = base;
    for (int k = 2; name_taken(m, str(name)); k++)
        name = arena_printf(a, "%s_%d", base, k);
    buf_release(&b);
    return name;
}

static void create(ImportMap *m, int i, const Seen *n, Arena *a)
{
    Route *r = &m->route[i];
    Field *f = ARENA_NEW(a, Field);
    f->name = import_field_name(m, r->header, i, a);
    f->label = str_c(r->header, a);
    f->kind = kind_of(m, n);
    f->flags = FIELD_USER;
    if (f->kind == KIND_CHOICE) {
        const char **list = ARENA_ARRAY(a, const char *, n->choices + 1);
        for (int k = 0; k < n->choices; k++)
            list[k] = arena_strdup(a, n->choice[k]);
        f->choices = list;
    }
    r->created = f;
    r->kind = ROUTE_SLOT;
    r->slot = import_map_slot(m, f, false, a);
    bool unread = f->kind == KIND_TEXT && !n->not_day && n->open;
    r->target = arena_printf(a, "%s (new, %s%s)", f->name, kind_name(f->kind),
                             unread ? ": may be two days, --date-order tells" : "");
}

/* ---- the pass -------------------------------------------------------------------------------- */

static bool look(ImportMap *m, ImportFile *f, Seen **seen, const ImportTalk *talk, Error *err)
{
    ImportRecord r;
    int more = 1;
    if (!import_file_rewind(f, err))
        return false;
    for (int64_t rows = 0; (more = import_file_next(f, &r, err)) > 0; rows++) {
        for (int i = 0; i < m->columns && i < r.n; i++) {
            Str s = seen[i] ? import_cell(r.cell[i]) : (Str){ 0 };
            if (s.n)
                see(seen[i], s);
        }
        if (rows % TICK)
            continue;
        talk->progress(talk->ctx, "looking at columns", import_file_tell(f), import_file_size(f));
        if (talk->interrupted(talk->ctx))
            return fail(err, ERR_INTERRUPTED, "interrupted: nothing was stored");
    }
    return more == 0;
}

typedef struct Fit { int64_t filled; bool fitting; char example[44]; } Fit;

static void see_fit(Fit *fit, const Field *f, Crm *crm, Str cell)
{
    Arena a = { 0 };
    Value v;
    Error ignored = { 0 };
    Str s = import_cell(cell);
    if (s.n && fit->filled++ == 0) {
        Buf b = { .max = sizeof fit->example - 1 };
        text_put_safe(&b, text_fit(s, 20, 1, NULL));
        snprintf(fit->example, sizeof fit->example, "%s", b.s);
        buf_release(&b);
    }
    fit->fitting = s.n && field_parse(crm, f, s, &a, &v, &ignored);
    arena_release(&a);
}

bool import_infer_empty(ImportMap *m, ImportFile *f, const ImportTalk *talk, Arena *a, Error *err)
{
    Seen **seen = ARENA_ARRAY(a, Seen *, m->columns);
    for (int i = 0; i < m->columns; i++)
        if (m->route[i].kind == ROUTE_UNKNOWN)
            seen[i] = ARENA_NEW(a, Seen);
    if (!look(m, f, seen, talk, err))
        return false;
    bool filled = false;
    Str cell;
    for (int i = 0; i < m->columns; i++)
        filled |= seen[i] && seen[i]->filled;
    if (!filled && import_layout_is_row(m->header, m->columns, &cell))
        return true;                   /* a row without a header is not empty columns */
    for (int i = 0; i < m->columns; i++)
        if (seen[i] && !seen[i]->filled)
            import_map_leave_out(&m->route[i], "empty");
    return true;
}

static bool may_misfit(const ImportMap *m, const Route *r)
{
    if (r->kind != ROUTE_SLOT || r->given || r->person || m->reject >= 0)
        return false;
    const Field *f = m->slot[r->slot].field;
    return (f->kind == KIND_CHOICE || f->kind == KIND_REF) && !(f->flags & FIELD_REQUIRED);
}

/* The field's own name is believed sooner than another word for it. */
static const char *misfit(const ImportMap *m, const Route *r, const Fit *fit, Arena *a)
{
    const Field *f = m->slot[r->slot].field;
    bool named = str_is(r->norm, f->name);
    if (fit->fitting || fit->filled < (named ? MISFITS : 1))
        return NULL;
    return arena_printf(a, "no cell is a %s: %s", f->kind == KIND_REF ? f->ref : f->name,
                        fit->example);
}

bool import_infer_misfits(ImportMap *m, Crm *crm, ImportFile *f, Arena *a, Error *err)
{
    Fit **fit = ARENA_ARRAY(a, Fit *, m->columns);
    bool any = false;
    for (int i = 0; i < m->columns; i++)
        if (may_misfit(m, &m->route[i])) {
            fit[i] = ARENA_NEW(a, Fit);
            any = true;
        }
    ImportRecord record;
    int more = 1;
    if (any && !import_file_rewind(f, err))
        return false;
    for (int n = 0; any && n < SAMPLE && (more = import_file_next(f, &record, err)) > 0; n++)
        for (int i = 0; i < m->columns && i < record.n; i++)
            if (fit[i] && !fit[i]->fitting)
                see_fit(fit[i], m->slot[m->route[i].slot].field, crm, record.cell[i]);
    for (int i = 0; i < m->columns; i++) {
        const char *why = fit[i] ? misfit(m, &m->route[i], fit[i], a) : NULL;
        if (why)
            import_map_misfit(m, &m->route[i], why);
    }
    return more >= 0;
}

static bool few_created(const ImportMap *m, Seen *const *seen, Error *err)
{
    int created = 0;
    for (int i = 0; i < m->columns; i++)
        created += m->route[i].kind == ROUTE_CREATE && seen[i]->filled > 0;
    if (created <= CREATED_MAX)
        return true;
    fail(err, ERR_INVALID, "%d columns match no field, and an import creates no more than %d",
         created, CREATED_MAX);
    return fail_hint(err, "--ignore-unknown leaves them out; where columns are days or products, "
                          "make each a row");
}

bool import_infer(ImportMap *m, ImportFile *f, const ImportTalk *talk, Arena *a, Error *err)
{
    Seen **seen = ARENA_ARRAY(a, Seen *, m->columns);
    for (int i = 0; i < m->columns; i++)
        if (m->route[i].kind == ROUTE_CREATE || wants_days(m, &m->route[i]))
            seen[i] = ARENA_NEW(a, Seen);
    if (!look(m, f, seen, talk, err) || !few_created(m, seen, err))
        return false;
    for (int i = 0; i < m->columns; i++) {
        if (!seen[i])
            continue;
        m->route[i].order = order_of(m, seen[i]);
        if (m->route[i].kind == ROUTE_CREATE && !seen[i]->filled)
            import_map_leave_out(&m->route[i], "empty");
        else if (m->route[i].kind == ROUTE_CREATE)
            create(m, i, seen[i], a);
    }
    return true;
}
