/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whatever was done at random to customers and their numbers, find finds what a look at all finds.
 */
#include "import_testing.h"

enum { ROWS = 9000, STEPS = 60, ASKED = 3 };   /* enough numbers for the digit index to be made */

typedef struct World { Bench *b; uint64_t seed; } World;

static const char *const marks[] = { "宝钢", "王芳", "海光", "新月", "长城", "东风", "山水", "金石" };

static int pick(World *w, int n)
{
    w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
    return (int)((w->seed >> 33) % (uint64_t)n);
}

static const char *pick_mark(World *w)
{
    return marks[pick(w, sizeof marks / sizeof *marks)];
}

static void load(World *w)
{
    Buf text = { 0 };
    buf_cstr(&text, "name,phone\n");
    for (int i = 0; i < ROWS; i++)
        buf_printf(&text, "%s%s,138%08d\n", pick_mark(w), pick_mark(w), i * 7919);
    bench_import(w->b, text.s, "");
    buf_release(&text);
}

/* One of the things people do; some are refused, which is as good. */
static bool do_something(World *w)
{
    int id = 1 + pick(w, 60), other = 1 + pick(w, 60), number = pick(w, 1000) * 7919;
    const char *mark = pick_mark(w);
    char line[200];
    switch (pick(w, 9)) {
    case 0: snprintf(line, sizeof line, "customer set %d name=%s", id, mark); break;
    case 1: snprintf(line, sizeof line, "customer set %d phone=139%08d", id, number); break;
    case 2: snprintf(line, sizeof line, "customer set %d phone+=137%08d", id, number); break;
    case 3: snprintf(line, sizeof line, "customer delete %d", id); break;
    case 4: snprintf(line, sizeof line, "dup merge %d %d", id, other); break;
    case 5: snprintf(line, sizeof line, "contact set %d value=136%08d", id, number); break;
    case 6: snprintf(line, sizeof line, "contact delete %d", id); break;
    case 7: snprintf(line, sizeof line, "undo"); break;
    default: snprintf(line, sizeof line, "redo"); break;
    }
    return desk_run(w->b->d, line);
}

/* Each id once, and the same ones. */
static void same_ids(World *w, const char *what, const char *scan)
{
    char line[300];
    snprintf(line, sizeof line, "customer find %s --limit 0 --fields id", what);
    const char *rows = bench_rows(w->b, line);
    int64_t want = 0, have = 0;
    unsigned char found[ROWS + 100] = { 0 };
    for (const char *p = rows; *p; p = strchr(p, '\n') + 1) {
        int64_t id = strtoll(p, NULL, 10);
        assert_in_range(id, 1, ROWS + 99);
        assert_int_equal(found[id]++, 0);
        have++;
    }
    for (const char *p = bench_rows(w->b, scan); *p; p = strchr(p, '\n') + 1, want++)
        if (!found[strtoll(p, NULL, 10)])
            fail_msg("%s does not find %.*s", what, (int)strcspn(p, "\n"), p);
    if (have != want)
        fail_msg("%s finds %d, and there are %d", what, (int)have, (int)want);
}

static void agrees(World *w)
{
    char scan[300], digits[16];
    for (int i = 0; i < ASKED; i++) {
        const char *mark = pick_mark(w);
        snprintf(scan, sizeof scan, "sql \"SELECT id FROM customer"
                 " WHERE instr(name, '%s')\"", mark);
        same_ids(w, mark, scan);
        snprintf(digits, sizeof digits, "%d", 100 + pick(w, 9900));
        snprintf(scan, sizeof scan, "sql \"SELECT DISTINCT customer FROM contact"
                 " WHERE instr(value, '%s') ORDER BY 1\"", digits);
        same_ids(w, digits, scan);
    }
}

static void finds_what_a_look_at_all_finds(void **state)
{
    World w = { .b = *state, .seed = 20260302 };
    int done = 0;
    load(&w);
    agrees(&w);
    assert_true(atoi(bench_rows(w.b, "sql \"SELECT count(*) FROM contact_digits\"")) > 0);
    for (int i = 0; i < STEPS; i++) {
        done += do_something(&w);
        agrees(&w);
    }
    assert_true(done > STEPS / 2);
    desk_do(w.b->d, "customer set 61 name=长城");
    desk_do(w.b->d, "privacy erase 61 --confirm=长城");
    agrees(&w);
    desk_do(w.b->d, "import undo 1 --yes");
    agrees(&w);
    desk_do(w.b->d, "undo");
    agrees(&w);
    desk_do(w.b->d, "check");
}

int main(void)
{
    const struct CMUnitTest tests[] = { BENCH_TEST(finds_what_a_look_at_all_finds) };
    return cmocka_run_group_tests_name("find_random", tests, NULL, NULL);
}
