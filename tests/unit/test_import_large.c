/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_import_large.c -- files larger than one chunk, wider than one statement, and types of users'
 * own.
 */
#include "import_testing.h"

enum { ROWS = 7000, NUMBERS = 3000 };

static unsigned next(unsigned *seed)
{
    return *seed = *seed * 1103515245u + 12345u, *seed >> 8;
}

/* Rows in which each number comes again and again, some far apart, some side by side. */
static int repeated(Buf *text, bool seen[NUMBERS])
{
    unsigned seed = 7;
    int distinct = 0, last = 0;
    buf_cstr(text, "name,phone,city,note\n");
    for (int i = 0; i < ROWS; i++) {
        int k = next(&seed) % 4 == 0 ? last : (int)(next(&seed) % NUMBERS);
        last = k;
        distinct += !seen[k];
        seen[k] = true;
        buf_printf(text, "N%d,138%08d,%s,%s\n", k, k * 7919, k % 3 ? "北京" : "",
                   next(&seed) % 2 ? "later" : "");
    }
    return distinct;
}

static void the_same_number_all_over_the_file(void **state)
{
    Bench *b = *state;
    static bool seen[NUMBERS];
    Buf text = { 0 };
    char want[64];
    int distinct = repeated(&text, seen);
    bench_import(b, text.s, "");
    snprintf(want, sizeof want, "%d", distinct);
    assert_string_equal(desk_cell(b->d, "customer count --no-header"), want);
    assert_string_equal(desk_cell(b->d, "contact count --no-header"), want);
    char *once = bench_dump(b);
    bench_import(b, text.s, "");
    bench_says(b, "new 0, updated 0, ");
    char *twice = bench_dump(b);
    assert_string_equal(once, twice);
    desk_do(b->d, "check");
    desk_do(b->d, "undo");
    assert_string_equal(desk_cell(b->d, "contact count --no-header"), "0");
    free(once), free(twice);
    buf_release(&text);
}

static void a_load_makes_its_index(void **state)
{
    Bench *b = *state;
    Buf text = { 0 };
    buf_cstr(&text, "name,phone,email\n");
    for (int i = 0; i < 11000; i++)
        buf_printf(&text, "N%d,139%08d,n%d@x.com\n", i, i, i);
    static const char index[] =
        "sql \"SELECT count(*) FROM sqlite_schema WHERE name = 'contact_value'\" --no-header";
    bench_import(b, text.s, "--dry-run");
    assert_string_equal(desk_cell(b->d, index), "1");
    bench_import(b, text.s, "");
    bench_says(b, "read 11,000: new 11,000,");
    assert_string_equal(desk_cell(b->d, index), "1");
    desk_do(b->d, "check");
    bench_import(b, "name,phone\nM,13900000005\n", "");
    bench_report(b, 0, 0, 0, 1, 0); /* N5 has it: another name, nothing to fill */
    buf_release(&text);
}

/* Many new ones beside a base as large: that they are many shows on the way. */
static void a_second_load_makes_its_index(void **state)
{
    Bench *b = *state;
    for (int file = 0; file < 3; file++) {
        Buf text = { 0 };
        buf_cstr(&text, "name,phone\n");
        for (int i = 0; i < 40000; i++)
            buf_printf(&text, "N%d,13%d%08d\n", i, file == 2 && i % 100 ? 0 : file, i);
        bench_import(b, text.s, "");
        buf_release(&text);
    }
    bench_says(b, "read 40,000: new 400, updated 0, same 39,600,");
    assert_string_equal(desk_cell(b->d, "sql \"SELECT count(*) FROM contact INDEXED BY"
                                        " contact_value\" --no-header"), "80400");
    desk_do(b->d, "check");
    desk_do(b->d, "undo");
    desk_do(b->d, "undo");
    assert_string_equal(desk_cell(b->d, "contact count --no-header"), "40000");
    desk_do(b->d, "check");
}

static void more_columns_than_a_feed(void **state)
{
    Bench *b = *state;
    Buf text = { 0 };
    buf_cstr(&text, "name");
    for (int i = 0; i < 40; i++)
        buf_printf(&text, ",extra %c%c", 'a' + i / 10, 'a' + i % 10);
    for (int r = 0; r < 30; r++) {
        buf_printf(&text, "\nR%d", r);
        for (int i = 0; i < 40; i++)
            buf_printf(&text, ",%d", r * 100 + i);
    }
    bench_import(b, text.s, "--create-fields --key name");
    bench_report(b, 30, 0, 0, 0, 0);
    assert_string_equal(bench_rows(b, "customer list name=R7 --fields extra_aa,extra_dj"),
                        "700\t739\n");
    bench_import(b, text.s, "--key name");
    bench_report(b, 0, 0, 30, 0, 0);
    buf_release(&text);
}

static void a_cell_of_a_mebibyte(void **state)
{
    Bench *b = *state;
    Buf text = { 0 };
    buf_cstr(&text, "name,note\nA,");
    for (int i = 0; i < 1 << 20; i++)
        buf_char(&text, 'x');
    buf_cstr(&text, "\nB,y\n");
    bench_import(b, text.s, "");
    bench_report(b, 2, 0, 0, 0, 0);
    assert_string_equal(
        desk_cell(b->d, "sql \"SELECT length(note) FROM customer WHERE id = 1\" --no-header"),
        "1048576");
    buf_release(&text);
}

/* ---- types of users' own --------------------------------------------------------------------- */

static void products(Bench *b)
{
    Error err = { 0 };
    static const char json[] =
        "{\"name\":\"product\",\"handle\":\"sku\",\"fields\":["
        "{\"name\":\"sku\",\"unique\":true,\"required\":true},{\"name\":\"code\",\"unique\":true},"
        "{\"name\":\"size\",\"kind\":\"choice\",\"choices\":[\"S\",\"L\"]},{\"name\":\"price\","
        "\"kind\":\"money\"}]}";
    assert_true(type_add(b->d->crm, str(json), &err));
}

static void a_type_with_a_handle(void **state)
{
    Bench *b = *state;
    products(b);
    assert_true(bench_try(b, "product import",
                          "sku,code,size,price\nA1,c1,s,9.90\nA2,c2,XL,1\n,c3,,\nA3,c1,,\n7,,,\n",
                          ""));
    bench_report(b, 1, 0, 0, 0, 4);
    const char *text = bench_read(b, "in.rejects.csv");
    assert_non_null(strstr(text, "A2,c2,XL,1,3,size"));
    assert_non_null(strstr(text, ",c3,,,4,a product needs a sku"));
    assert_non_null(strstr(text, "A3,c1,,,5,code is taken by product 1"));
    assert_non_null(strstr(text, "7,,,,6,"));
    assert_true(
        bench_try(b, "product import", "sku,price\nA1,9.90\nA1,10\nB1,3\n", "--on-match update"));
    bench_report(b, 1, 1, 1, 0, 0);
    assert_string_equal(bench_rows(b, "product list --fields sku,size,price"),
                        "A1\tS\t10\nB1\t\t3\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(the_same_number_all_over_the_file), BENCH_TEST(a_load_makes_its_index),
        BENCH_TEST(a_second_load_makes_its_index),
        BENCH_TEST(more_columns_than_a_feed), BENCH_TEST(a_cell_of_a_mebibyte),
        BENCH_TEST(a_type_with_a_handle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
