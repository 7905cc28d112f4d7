/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Filters made at random over records made at random find what a simple evaluator finds.
 */
#include "base/unicode.h"
#include "crm_testing.h"

enum { ROWS = 300, FILTERS = 3000 };

static const char definition[] =
    "{\"name\":\"thing\",\"fields\":["
    "{\"name\":\"txt\",\"kind\":\"text\"},{\"name\":\"num\",\"kind\":\"int\"},"
    "{\"name\":\"sum\",\"kind\":\"money\"},{\"name\":\"flag\",\"kind\":\"bool\"},"
    "{\"name\":\"day\",\"kind\":\"date\"},{\"name\":\"at\",\"kind\":\"time\"}]}";

enum { TXT, NUM, SUM, FLAG, DAY, AT, FIELDS };
static const char *const names[] = { "txt", "num", "sum", "flag", "day", "at" };

static const char *const texts[]
    = { "a", "A", "ab", "宝钢", "宝", "ＡＢ", "x y", "it's", "and", "(a)", "b,c", "%" };
static const char *const days[]
    = { "2026-01-31", "2026-02-01", "2026-03-04", "2026-03-05", "2025-12-31" };

/* What is stored: numbers as they are, days as their number, times in hours since the first day. */
typedef struct Cell { bool null; int64_t i; const char *s; } Cell;
typedef struct Row { Cell v[FIELDS]; } Row;
typedef struct World { Bench *b; const Type *type; Row row[ROWS]; uint64_t seed; } World;

static int64_t pick(World *w, int64_t n)
{
    w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((w->seed >> 33) % (uint64_t)n);
}

static const char *pick_text(World *w)
{
    return texts[pick(w, sizeof texts / sizeof *texts)];
}

static int64_t pick_day(World *w)
{
    int64_t day = 0;
    day_parse_iso(str(days[pick(w, sizeof days / sizeof *days)]), &day);
    return day;
}

/* Milliseconds of an hour of a day in Shanghai. */
static int64_t hour(int64_t day, int64_t h)
{
    return day * DAY_MS + (h - 8) * 3600000;
}

static void fill(World *w)
{
    Bench *b = w->b;
    bench_must(b, type_add(b->crm, str(definition), &b->err));
    w->type = bench_type(b, "thing");
    bench_begin(b);
    for (int i = 0; i < ROWS; i++) {
        Record *r = record_new(w->type, &b->a);
        for (int f = 0; f < FIELDS; f++) {
            Cell *c = &w->row[i].v[f];
            c->null = pick(w, 5) == 0;
            if (c->null)
                continue;
            c->s = f == TXT ? pick_text(w) : NULL;
            c->i = f == NUM    ? pick(w, 9) - 4
                   : f == SUM  ? pick(w, 5) * 50 - 100
                   : f == FLAG ? pick(w, 2)
                   : f == DAY  ? pick_day(w)
                   : f == AT   ? hour(pick_day(w), pick(w, 24))
                               : 0;
            char iso[16] = "";
            if (f == DAY)
                day_write_iso(c->i, iso);
            record_put_value(r, type_field(w->type, str(names[f])),
                             f == TXT ? value_cstr(c->s)
                             : f == DAY ? value_cstr(arena_strdup(&b->a, iso)) : value_int(c->i));
        }
        bench_must(b, record_add(b->crm, r, &b->err));
        assert_int_equal(r->id, i + 1);
    }
    bench_commit(b);
}

/* ---- a comparison: its text, and its truth --------------------------------------------------- */

/* One comparison with the half-open range (or the one point) that its value means. */
typedef struct Test { int field; const char *op; int64_t from, to; const char *s; } Test;

static bool folded_in(const char *all, const char *part, Arena *a)
{
    Str x = text_fold(str(all), a), y = text_fold(str(part), a);
    return y.n == 0 || memmem(x.s, x.n, y.s, y.n) != NULL;
}

static bool holds(const Test *t, const Cell *c, Arena *a)
{
    const char *op = t->op[0] == '!' ? t->op + 1 : t->op;
    bool yes;
    if (strcmp(op, "null") == 0)
        yes = c->null;
    else if (c->null)
        yes = false;
    else if (op[0] == '~')
        yes = folded_in(c->s, t->s, a);
    else if (t->field == TXT) {
        int order = strcmp(c->s, t->s);
        yes = op[0] == '='   ? order == 0
              : op[0] == '<' ? order < (op[1] == '=')
                             : order > -(op[1] == '=');
    } else {
        yes = op[0] == '=' ? c->i >= t->from && c->i < t->to
              : op[0] == '<' ? c->i < (op[1] ? t->to : t->from) : c->i >= (op[1] ? t->from : t->to);
    }
    return t->op[0] == '!' ? !yes : yes;
}

static void put_quoted(Buf *out, const char *s)
{
    buf_char(out, '"');
    buf_cstr(out, s);
    buf_char(out, '"');
}

/* A value of the field as typed; fills what it means. */
static void put_value(World *w, Test *t, Buf *out)
{
    t->from = t->field == NUM ? pick(w, 9) - 4 : t->field == SUM ? pick(w, 5) * 50 - 100
              : t->field == FLAG ? pick(w, 2) : pick_day(w);
    t->to = t->from + 1;
    if (t->field == TXT) {
        put_quoted(out, t->s = pick_text(w));
    } else if (t->field == NUM) {
        buf_printf(out, "%" PRId64, t->from);
    } else if (t->field == SUM) {
        buf_printf(out, "%s%d.%02d", t->from < 0 ? "-" : "", abs((int)t->from) / 100,
                   abs((int)t->from) % 100);
    } else if (t->field == FLAG) {
        buf_cstr(out, t->from ? "yes" : "no");
    } else if (pick(w, 4) == 0) {
        buf_cstr(out, "2026-Q1");
        t->from = day_number(2026, 1, 1);
        t->to = day_number(2026, 4, 1);
    } else {
        char iso[16];
        day_write_iso(t->from, iso);
        buf_cstr(out, iso);
    }
    if (t->field == AT) {
        t->from = hour(t->from, 0);
        t->to = hour(t->to, 0);
    }
}

static const char *pick_op(World *w, int field)
{
    static const char *const any[] = { "=", "!=", "<", "<=", ">", ">=", "~", "!~" };
    return any[pick(w, field == FLAG ? 2 : field == TXT ? 8 : 6)];
}

/* ---- expressions: *truth gets a bit a row ---------------------------------------------------- */

static void put_comparison(World *w, Buf *out, bool *truth)
{
    Arena a = { 0 };
    Test t = { .field = (int)pick(w, FIELDS) };
    int kind = (int)pick(w, 10), n = 1;
    Test many[4];
    buf_cstr(out, names[t.field]);
    if (kind == 0) {
        t.op = pick(w, 2) ? "null" : "!null";
        buf_cstr(out, t.op[0] == '!' ? "!=" : "=");
        many[0] = t;
    } else if (kind == 1 && t.field != FLAG) {
        t.op = "!null";                               /* the bare field: it is there */
        many[0] = t;
    } else if (kind == 2) {
        n = 1 + (int)pick(w, 4);
        t.op = "=";
        bool not = pick(w, 2);
        buf_cstr(out, not ? " not in (" : " in (");
        for (int i = 0; i < n; i++) {
            many[i] = t;
            buf_cstr(out, i ? ", " : "");
            put_value(w, &many[i], out);
        }
        buf_char(out, ')');
        for (int r = 0; r < ROWS; r++) {
            truth[r] = false;
            for (int i = 0; i < n; i++)
                truth[r] |= holds(&many[i], &w->row[r].v[t.field], &a);
            truth[r] ^= not;
        }
        arena_release(&a);
        return;
    } else {
        t.op = pick_op(w, t.field);
        buf_cstr(out, t.op);
        put_value(w, &t, out);
        many[0] = t;
    }
    for (int r = 0; r < ROWS; r++)
        truth[r] = holds(&many[0], &w->row[r].v[t.field], &a);
    arena_release(&a);
}

static void put_expr(World *w, int depth, Buf *out, bool *truth)
{
    int kind = depth <= 0 ? 9 : (int)pick(w, 10);
    bool *right = xalloc(ROWS);
    if (kind < 5) {
        bool all = kind < 3;
        buf_char(out, '(');
        put_expr(w, depth - 1, out, truth);
        buf_cstr(out, !all ? " or " : kind < 2 ? " and " : " ");
        put_expr(w, depth - 1, out, right);
        buf_char(out, ')');
        for (int r = 0; r < ROWS; r++)
            truth[r] = all ? truth[r] && right[r] : truth[r] || right[r];
    } else if (kind < 7) {
        buf_cstr(out, "not ");
        put_expr(w, depth - 1, out, truth);
        for (int r = 0; r < ROWS; r++)
            truth[r] = !truth[r];
    } else {
        put_comparison(w, out, truth);
    }
    free(right);
}

static void filters_find_what_they_mean(void **state)
{
    Bench *b = *state;
    World *w = xalloc(sizeof *w);
    bool *truth = xalloc(ROWS);
    int64_t some = 0;
    *w = (World){ .b = b, .seed = 20260304 };
    fill(w);
    for (int i = 0; i < FILTERS; i++) {
        Buf text = { 0 };
        Filter f;
        int64_t *ids, n, k = 0;
        put_expr(w, 1 + (int)pick(w, 4), &text, truth);
        bench_must(b, filter_text(b->crm, w->type, buf_as_str(&text), &b->a, &f, &b->err)
                      && select_ids(b->crm, w->type, &f, &b->a, &ids, &n, &b->err));
        for (int r = 0; r < ROWS; r++) {
            bool found = k < n && ids[k] == r + 1;
            k += found;
            if (found != truth[r])
                fail_msg("row %d is %sfound by %s", r + 1, found ? "" : "not ", text.s);
        }
        some += n > 0 && n < ROWS;
        buf_release(&text);
        arena_release(&b->a);
    }
    assert_true(some > FILTERS / 2);          /* most filters tell some rows from others */
    free(truth);
    free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = { test(filters_find_what_they_mean) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
