/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_export.c -- what goes out, in which columns, and that it comes back as the same.
 */
#include "import_testing.h"

static const char people[] =
    "name,phone,email,fax,tag,value,created,note\n"
    "王芳,13800138000 / "
    "13900139000,a@x.com;b@x.com,021-58307717转801,\"vip,expo\",12.5,2026-01-02,\"a\nb\"\n"
    "B,,b2@x.com,,,-3,,=1+1\n"
    ",13800138005,,,,,,\n";

static void all_points_have_columns(void **state)
{
    Bench *b = *state;
    bench_import(b, people, "");
    desk_do(
        b->d,
        "contact add customer=3 kind=web value=https://x.com"); /* not in the order of customers */
    desk_do(b->d, "contact add customer=1 kind=web value=https://a.com");
    assert_string_equal(
        bench_rows(b, "export --fields id,phone,phone2,fax,email,email2,web,tag"),
        "1\t+8613800138000\t+8613900139000\t+862158307717 ext 801\ta@x.com\tb@x.com\t"
        "https://a.com\texpo,vip\n"
        "2\t\t\t\tb2@x.com\t\t\t\n"
        "3\t+8613800138005\t\t\t\t\thttps://x.com\t\n");
}

/* Nothing keeps two numbers from claiming one place: none of them is left out. */
static void points_of_one_position_share_a_column(void **state)
{
    Bench *b = *state;
    char line[300];
    bench_import(b, people, "");
    desk_do(b->d, "contact add customer=3 kind=phone value=13800138006");
    desk_do(b->d, "contact set --where kind=phone position=1 --yes");
    assert_string_equal(bench_rows(b, "export --fields id,phone"),
                        "1\t+8613800138000, +8613900139000\n2\t\n"
                        "3\t+8613800138005, +8613800138006\n");
    snprintf(line, sizeof line, "export %s/out.csv", b->dir);
    desk_do(b->d, line);
    snprintf(line, sizeof line, "customer import %s/out.csv --key id --on-match update", b->dir);
    desk_do(b->d, line);
    bench_report(b, 0, 0, 3, 0, 0);
}

static void comes_back_as_the_same(void **state)
{
    Bench *b = *state;
    static const char *const formats[] = { "csv", "tsv", "json", "jsonl" };
    char line[300];
    bench_import(b, people, "");
    char *before = bench_dump(b);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        snprintf(line, sizeof line, "customer export %s/out.%s", b->dir, formats[i]);
        desk_do(b->d, line);
        for (int update = 0; update < 2; update++) {
            snprintf(line, sizeof line, "customer import %s/out.%s --key id%s", b->dir, formats[i],
                     update ? " --on-match update" : "");
            desk_do(b->d, line);
            bench_report(b, 0, 0, 3, 0, 0);
        }
    }
    char *after = bench_dump(b);
    assert_string_equal(before, after);
    free(before), free(after);
}

static void goes_into_an_empty_base(void **state)
{
    Bench *b = *state;
    char line[300];
    bench_import(b, people, "");
    snprintf(line, sizeof line, "export %s/all.csv", b->dir);
    desk_do(b->d, line);
    char *rows = strdup(bench_rows(b, "export"));
    desk_do(b->d, "undo");
    snprintf(line, sizeof line, "customer import %s/all.csv --map stage=stage", b->dir);
    desk_do(b->d, line);
    bench_report(b, 3, 0, 0, 0, 0);
    const char *again = bench_rows(b, "export");              /* ids are never given again */
    for (const char *p = rows, *q = again; *p; p++, q++) {
        assert_int_equal(strcspn(p, "\t") > 0, strcspn(q, "\t") > 0);
        p = strchr(p, '\t'), q = strchr(q, '\t');
        size_t n = strcspn(p, "\n");
        assert_int_equal(n, strcspn(q, "\n"));
        assert_memory_equal(p, q, n);
        p += n, q += n;
    }
    free(rows);
}

static void a_filter_and_a_list_pick(void **state)
{
    Bench *b = *state;
    bench_import(b, people, "");
    assert_string_equal(bench_rows(b, "export - value<0 --fields id,email"), "2\tb2@x.com\n");
    desk_do(b->d, "list build some --from 'id!=2'");
    assert_string_equal(bench_rows(b, "list export some --fields id,phone2,tag"),
                        "1\t+8613900139000\texpo,vip\n3\t\t\n");
    assert_string_equal(bench_rows(b, "list export some - tag=vip --fields id"), "1\n");
}

static void files_are_whole_and_private(void **state)
{
    Bench *b = *state;
    char line[300];
    struct stat st;
    bench_import(b, people, "");
    bench_write(b, "out.csv", "mine", 4);
    snprintf(line, sizeof line, "export %s/out.csv", b->dir);
    desk_refused(b->d, line, ERR_CONFLICT, "is there already");
    assert_string_equal(bench_read(b, "out.csv"), "mine");
    snprintf(line, sizeof line, "export %s/out.csv --force --fields nofield", b->dir);
    assert_false(desk_run(b->d, line));
    assert_string_equal(bench_read(b, "out.csv"), "mine");
    snprintf(line, sizeof line, "export %s/out.csv --force --fields note", b->dir);
    desk_do(b->d, line);
    assert_string_equal(bench_read(b, "out.csv"), "note\n\"a\nb\"\n'=1+1\n\n");
    assert_int_equal(stat(bench_path(b, "out.csv"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    snprintf(line, sizeof line, ": > %s/n; ls %s | wc -l > %s/n", b->dir, b->dir, b->dir);
    assert_int_equal(system(line), 0);
    assert_string_equal(bench_read(b, "n"), "3\n"); /* in.csv, out.csv, n: nothing temporary */
}

static void other_types_too(void **state)
{
    Bench *b = *state;
    bench_import(b, "name\n宝钢\n", "");
    desk_do(b->d, "person add customer=1 name=李雷 phone=13800138000 role=decider");
    assert_string_equal(bench_rows(b, "person export --fields customer,name,role,phone"),
                        "1\t李雷\tdecider\t+8613800138000\n");
    assert_string_equal(
        bench_rows(b, "stage export --fields name,pipeline"),
        "identify\tlifecycle\npotential\tlifecycle\nopportunity\tlifecycle\n"
        "customer\tlifecycle\nuser\tlifecycle\nneed\tstd\nagree\tstd\nnegotiate\tstd\n"
        "won\tstd\nlost\tstd\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(all_points_have_columns),
        BENCH_TEST(points_of_one_position_share_a_column), BENCH_TEST(comes_back_as_the_same),
        BENCH_TEST(goes_into_an_empty_base), BENCH_TEST(a_filter_and_a_list_pick),
        BENCH_TEST(files_are_whole_and_private), BENCH_TEST(other_types_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
