/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Row sinks: what each format makes of the same rows, widths, and what must not get through.
 */
#include "cmd/out.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/csv.h"

static const Column cols[] = {
    { "id", KIND_INT, 0 }, { "name", KIND_TEXT, 0 }, { "phone", KIND_PHONE, 0 },
    { "budget", KIND_MONEY, 0 }, { "note", KIND_TEXT, COLUMN_FOLD }, { 0 },
};

static const char *const names[] = { "王芳", "O'Neil", "李建国" };
static const char *const phones[] = { "+8613800138000", NULL, "+862158307717" };
static const char *const notes[] = { "", "says \"maybe\", or not", NULL };

static void give(Out *o, int rows)
{
    Error err = { 0 };
    assert_true(out_begin(o, cols, -1, &err));
    assert_int_equal(o->n, 5);
    for (int i = 0; i < rows; i++) {
        Value v[] = { value_int(i * 90 + 7), value_cstr(names[i]), value_cstr(phones[i]),
                      i == 1 ? value_null() : value_int(12500 * (i + 1)), value_cstr(notes[i]) };
        assert_true(out_row(o, v, &err));
    }
    assert_true(out_end(o, &err));
    assert_int_equal(o->rows, rows);
}

static void check(const OutOptions *opt, bool one, int rows, const char *expected)
{
    char *got = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&got, &n);
    Out *o = out_text(f, opt);
    o->one = one;
    give(o, rows);
    out_free(o);
    fclose(f);
    assert_string_equal(got, expected);
    free(got);
}

#define CHECK(rows, expected, ...) check(&(OutOptions){ __VA_ARGS__ }, false, rows, expected)

static void writes_for_programs(void **state)
{
    (void)state;
    CHECK(3, "id,name,phone,budget,note\n"
             "7,王芳,+8613800138000,125,\"\"\n"
             "97,O'Neil,,,\"says \"\"maybe\"\", or not\"\n"
             "187,李建国,+862158307717,375,\n", .format = FORMAT_CSV);
    CHECK(1, "\xEF\xBB\xBF" "id,name,phone,budget,note\r\n7,王芳,+8613800138000,125,\"\"\r\n",
          .format = FORMAT_CSV, .excel = true);
    CHECK(2, "id\tname\tphone\tbudget\tnote\n7\t王芳\t+8613800138000\t125\t\n"
             "97\tO'Neil\t\t\tsays \"maybe\", or not\n", .format = FORMAT_AUTO);
    CHECK(2, "7\t王芳\t+8613800138000\t125\t\n97\tO'Neil\t\t\tsays \"maybe\", or not\n",
          .format = FORMAT_TSV, .no_header = true);
    CHECK(2, "[\n{\"id\":7,\"name\":\"王芳\",\"phone\":\"+8613800138000\",\"budget\":125,"
             "\"note\":\"\"},\n"
             "{\"id\":97,\"name\":\"O'Neil\",\"phone\":null,\"budget\":null,"
             "\"note\":\"says \\\"maybe\\\", or not\"}\n]\n", .format = FORMAT_JSON);
    CHECK(0, "[]\n", .format = FORMAT_JSON);
    CHECK(1, "{\"id\":7,\"name\":\"王芳\",\"phone\":\"+8613800138000\",\"budget\":125,"
             "\"note\":\"\"}\n",
          .format = FORMAT_JSONL);
    CHECK(0, "", .format = FORMAT_JSONL);
    CHECK(2, "| id | name | phone | budget | note |\n| ---: | --- | --- | ---: | --- |\n"
             "| 7 | 王芳 | +86 138 0013 8000 | 125.00 |  |\n"
             "| 97 | O'Neil |  |  | says \"maybe\", or not |\n", .format = FORMAT_MARKDOWN);
}

static void picks_fields(void **state)
{
    (void)state;
    Error err = { 0 };
    CHECK(2, "note,id,id\n\"\",7,7\n\"says \"\"maybe\"\", or not\",97,97\n", .format = FORMAT_CSV,
          .fields = "note, id,id");
    CHECK(1, "[\n{\"name\":\"王芳\"}\n]\n", .format = FORMAT_JSON, .fields = "name");
    Out *o = out_text(stdout, &(OutOptions){ .fields = "id,nmae" });
    assert_false(out_begin(o, cols, -1, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_string_equal(err.msg, "there is no column 'nmae'");
    assert_string_equal(err.hint, "the columns are id, name, phone, budget, note");
    out_free(o);
}

static void aligns_a_table(void **state)
{
    (void)state;
    CHECK(3, " id  name    phone              budget  note\n"
             "  7  王芳    +86 138 0013 8000  125.00\n"
             " 97  O'Neil  -                       -  says \"maybe\", or not\n"
             "187  李建国  +86 21 5830 7717   375.00  -\n", .format = FORMAT_TABLE);
    CHECK(2, " 7  王芳    +86 138 0013 8000  125.00\n"
             "97  O'Neil  -                       -  says \"maybe\", or not\n",
          .terminal = true, .no_header = true, .width = 100);
    CHECK(0, "id  name  phone  budget  note\n", .terminal = true, .width = 80);
}

static void fits_a_table_to_its_width(void **state)
{
    (void)state;
    CHECK(3, " id  name    phone              budget  note\n"
             "  7  王芳    +86 138 0013 8000  125.00\n"
             " 97  O'Neil  -                       -  says \"ma…\n"
             "187  李建国  +86 21 5830 7717   375.00  -\n", .terminal = true, .width = 49);
    CHECK(1, "id      7\nname    王芳\nphone   +86 138 0013 8000\nbudget  125.00\nnote\n",
          .terminal = true, .width = 38);
}

static void shows_one_record_at_length(void **state)
{
    (void)state;
    check(&(OutOptions){ .terminal = true, .width = 80 }, true, 1,
          "id      7\nname    王芳\nphone   +86 138 0013 8000\nbudget  125.00\nnote\n");
    check(&(OutOptions){ .terminal = false }, true, 1,
          "id\tname\tphone\tbudget\tnote\n7\t王芳\t+8613800138000\t125\t\n");
    CHECK(2, "id      7\nname    王芳\nphone   +86 138 0013 8000\nbudget  125.00\nnote\n\n"
             "id      97\nname    O'Neil\nphone   -\nbudget  -\n"
             "note    says \"maybe\", or\n        not\n", .format = FORMAT_LONG, .width = 26);
}

static void shows_colour_only_when_asked(void **state)
{
    (void)state;
    CHECK(1, "\x1b[2mname  note\x1b[0m\n王芳\n", .format = FORMAT_TABLE, .colour = true,
          .fields = "name,note");
    CHECK(3, "\x1b[2mnote\x1b[0m\n\nsays \"maybe\", or not\n\x1b[2m-\x1b[0m\n",
          .format = FORMAT_TABLE, .colour = true, .fields = "note");
}

/* One row of one column in a format. */
static char *one_cell(const OutOptions *opt, const Column *col, Value v)
{
    char *got = NULL;
    size_t n = 0;
    Error err = { 0 };
    FILE *f = open_memstream(&got, &n);
    Out *o = out_text(f, opt);
    assert_true(out_begin(o, col, 1, &err) && out_row(o, &v, &err) && out_end(o, &err));
    out_free(o);
    fclose(f);
    return got;
}

static void check_cell(const OutOptions *opt, Column col, Value v, const char *expected)
{
    char *got = one_cell(opt, &col, v);
    assert_string_equal(got, expected);
    free(got);
}

/* What was searched stands out on a terminal, by its folded form, and nowhere else. */
static void marks_what_was_found(void **state)
{
    (void)state;
    const Str marks[] = { STR("smi"), STR("芳"), STR("5830") };
    static const Column columns[] = { { "name", KIND_TEXT, 0 }, { "phone", KIND_PHONE, 0 },
                                   { "n", KIND_INT, 0 } };
    const Value row[] = { value_cstr("ＳＭIth Goldsmith 王芳"), value_cstr("+862158307717"),
                          value_int(5830) };
    for (int terminal = 0; terminal < 2; terminal++) {
        OutOptions opt = { .format = FORMAT_TABLE, .terminal = terminal, .colour = true,
                           .no_header = true };
        char *got = NULL;
        size_t n = 0;
        Error err = { 0 };
        FILE *f = open_memstream(&got, &n);
        Out *o = out_text(f, &opt);
        o->marks = marks;
        o->n_marks = 3;
        assert_true(out_begin(o, columns, 3, &err) && out_row(o, row, &err) && out_end(o, &err));
        out_free(o);
        fclose(f);
        assert_string_equal(got, terminal ? "\x1b[1mＳＭI\x1b[0mth Goldsmith 王\x1b[1m芳\x1b[0m"
                                            "  +86 21 \x1b[1m5830\x1b[0m 7717  5830\n"
                                          : "ＳＭIth Goldsmith 王芳  +86 21 5830 7717  5830\n");
        free(got);
    }
}

static void gives_a_single_answer_bare(void **state)
{
    (void)state;
    Column count = { "count", KIND_INT, COLUMN_SCALAR };
    check_cell(&(OutOptions){ .terminal = true, .width = 80 }, count, value_int(521), "521\n");
    check_cell(&(OutOptions){ .terminal = false }, count, value_int(521), "521\n");
    check_cell(&(OutOptions){ .format = FORMAT_LONG }, count, value_int(521), "521\n");
    check_cell(&(OutOptions){ .format = FORMAT_JSON }, count, value_int(521),
               "[\n{\"count\":521}\n]\n");
    check_cell(&(OutOptions){ .format = FORMAT_CSV }, count, value_int(521), "count\n521\n");
}

static void shows_times_for_people(void **state)
{
    (void)state;
    enum { HOUR = 3600 * 1000 };
    int64_t now = 1767268800000;                /* 2026-01-01T12:00:00Z */
    Zones zones = { 0 };
    const Zone *zone;
    Error err = { 0 };
    Column col = { "at", KIND_TIME, 0 };
    assert_true(zone_get(&zones, "Asia/Shanghai", &zone, &err));
    OutOptions terminal = { .terminal = true, .no_header = true, .zone = zone, .now = now };
    check_cell(&terminal, col, value_int(now - 3 * HOUR), "3 h ago\n");
    check_cell(&terminal, col, value_int(now + 2 * HOUR), "in 2 h\n");
    check_cell(&terminal, col, value_int(now - 1000 * (int64_t)HOUR), "2025-11-21 04:00\n");
    terminal.format = FORMAT_LONG;
    check_cell(&terminal, col, value_int(now - 3 * HOUR), "2026-01-01 17:00 (3 h ago)\n");
    OutOptions pipe = { .format = FORMAT_TABLE, .no_header = true, .zone = zone, .now = now };
    check_cell(&pipe, col, value_int(now - 3 * HOUR), "2026-01-01 17:00\n");
    pipe.format = FORMAT_AUTO;
    check_cell(&pipe, col, value_int(now - 3 * HOUR), "2026-01-01T09:00:00Z\n");
    zones_release(&zones);
}

static void shows_kinds_for_people(void **state)
{
    (void)state;
    OutOptions table = { .format = FORMAT_TABLE, .no_header = true };
    check_cell(&table, (Column){ "x", KIND_PERCENT, 0 }, value_real(0.153), "15.3 %\n");
    check_cell(&table, (Column){ "x", KIND_MONEY, 0 }, value_int(-12345), "-123.45\n");
    check_cell(&table, (Column){ "x", KIND_BOOL, 0 }, value_int(1), "yes\n");
    check_cell(&table, (Column){ "x", KIND_DURATION, 0 }, value_int(75000), "1:15\n");
    check_cell(&table, (Column){ "x", KIND_PHONE, 0 }, value_cstr("ask 王"), "ask 王\n");
}

/* Nothing that a terminal would obey leaves on it, whatever the format; what goes to a program is
 * untouched. */
static void is_safe_on_a_terminal(void **state)
{
    (void)state;
    Str evil = STR("\x1b[2Ja\xC2\x9B" "31m\xE2\x80\xAE\x07\xFF\rb\nc");
    Column col = { "x", KIND_TEXT, 0 };
    for (int f = 0; f < FORMATS; f++) {
        if (f == FORMAT_XLSX)                   /* never goes to one */
            continue;
        OutOptions opt = { .format = (Format)f, .terminal = true, .width = 80 };
        char *got = one_cell(&opt, &col, value_text(evil));
        for (const char *p = got; *p; p++)
            assert_true((*p >= 0x20 && *p != 0x7F) || *p == '\n' || (*p & 0x80));
        assert_null(strstr(got, "\xC2\x9B"));
        assert_null(strstr(got, "\xE2\x80\xAE"));
        assert_true(utf8_valid(str(got)));
        free(got);
    }
    OutOptions pipe = { .format = FORMAT_CSV, .no_header = true };
    check_cell(&pipe, col, value_text(evil),
               "\"\x1b[2Ja\xC2\x9B" "31m\xE2\x80\xAE\x07\xFF\rb\nc\"\n");
}

static void escapes_for_what_it_enters(void **state)
{
    (void)state;
    Column col = { "x", KIND_TEXT, 0 };
    OutOptions opt = { .format = FORMAT_CSV, .no_header = true };
    check_cell(&opt, col, value_cstr("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0\n");
    check_cell(&opt, (Column){ "x", KIND_INT, 0 }, value_int(-5), "-5\n");
    opt.format = FORMAT_MARKDOWN;
    check_cell(&opt, col, value_cstr("a|b\n<i>*"), "| x |\n| --- |\n| a\\|b<br>\\<i>\\* |\n");
    opt.format = FORMAT_TSV;
    check_cell(&opt, col, value_cstr("a\tb\nc"), "a\\tb\\nc\n");
}

static void prints_nothing_when_nothing_began(void **state)
{
    (void)state;
    for (int f = 0; f < FORMATS; f++) {
        char *got = NULL;
        size_t n = 0;
        Error err = { 0 };
        FILE *file = open_memstream(&got, &n);
        Out *o = out_text(file, &(OutOptions){ .format = (Format)f });
        assert_true(out_end(o, &err));
        out_free(o);
        fclose(file);
        assert_int_equal(n, 0);
        free(got);
    }
}

static void shows_receipts_where_a_format_was_asked_for(void **state)
{
    (void)state;
    for (int f = FORMAT_AUTO; f <= FORMAT_JSON; f++) {
        char *got = NULL;
        size_t n = 0;
        Error err = { 0 };
        FILE *file = open_memstream(&got, &n);
        Out *o = out_text(file, &(OutOptions){ .format = (Format)f });
        assert_true(out_receipt(o, cols, 1, &(Value){ .type = VALUE_INT, .i = 3 }, &err));
        assert_true(out_end(o, &err));
        out_free(o);
        fclose(file);
        assert_int_equal(n > 0, f != FORMAT_AUTO);
        free(got);
    }
}

static void says_when_it_cannot_write(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    Error err = { 0 };
    if (!full)
        skip();
    Out *o = out_text(full, &(OutOptions){ .format = FORMAT_CSV });
    assert_true(out_begin(o, cols, -1, &err));
    assert_false(out_end(o, &err));
    assert_int_equal(err.code, ERR_IO);
    assert_string_equal(err.msg, "cannot write: No space left on device");
    out_free(o);
    fclose(full);
}

/* More rows than a table holds back: they are all printed, none twice. */
static void prints_tables_of_any_length(void **state)
{
    (void)state;
    enum { ROWS = 200000 };
    char *got = NULL;
    size_t n = 0, lines = 0;
    Error err = { 0 };
    FILE *f = open_memstream(&got, &n);
    Out *o = out_text(f, &(OutOptions){ .format = FORMAT_TABLE, .width = 40 });
    Column two[] = { { "id", KIND_INT, 0 }, { "name", KIND_TEXT, 0 } };
    assert_true(out_begin(o, two, 2, &err));
    for (int i = 1; i <= ROWS; i++)
        assert_true(out_row(o, (Value[]){ value_int(i), value_cstr("王芳 of somewhere") }, &err));
    assert_true(out_end(o, &err));
    out_free(o);
    fclose(f);
    char *line = strtok(got, "\n");
    while ((line = strtok(NULL, "\n")))
        assert_int_equal(atoi(line), ++lines);
    assert_int_equal(lines, ROWS);
    free(got);
}

static void keeps_workbooks_off_terminals(void **state)
{
    (void)state;
    Column col = { "x", KIND_TEXT, 0 };
    Error err = { 0 };
    char *got = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&got, &n);
    Out *o = out_text(f, &(OutOptions){ .format = FORMAT_XLSX, .terminal = true });
    assert_false(out_begin(o, &col, 1, &err));
    assert_int_equal(err.code, ERR_USAGE);
    out_free(o);
    fclose(f);
    assert_int_equal(n, 0);
    free(got);
}

static void names_formats(void **state)
{
    (void)state;
    static const char *const all[FORMATS] = { "auto", "table", "long", "csv", "tsv", "json",
                                              "jsonl", "markdown", "sql", "xlsx", "vcard" };
    for (int f = 0; f < FORMATS; f++) {
        Format found;
        assert_true(format_find(str(all[f]), &found));
        assert_int_equal(found, f);
    }
    assert_false(format_find(STR("xml"), &(Format){ 0 }));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_for_programs), cmocka_unit_test(picks_fields),
        cmocka_unit_test(aligns_a_table), cmocka_unit_test(fits_a_table_to_its_width),
        cmocka_unit_test(shows_one_record_at_length),
        cmocka_unit_test(shows_colour_only_when_asked),
        cmocka_unit_test(marks_what_was_found),
        cmocka_unit_test(gives_a_single_answer_bare), cmocka_unit_test(shows_times_for_people),
        cmocka_unit_test(shows_kinds_for_people), cmocka_unit_test(is_safe_on_a_terminal),
        cmocka_unit_test(escapes_for_what_it_enters),
        cmocka_unit_test(prints_nothing_when_nothing_began),
        cmocka_unit_test(shows_receipts_where_a_format_was_asked_for),
        cmocka_unit_test(says_when_it_cannot_write), cmocka_unit_test(prints_tables_of_any_length),
        cmocka_unit_test(keeps_workbooks_off_terminals),
        cmocka_unit_test(names_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
