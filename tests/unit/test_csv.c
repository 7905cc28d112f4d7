/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Delimited text: the streaming parser against a simple one at every buffer size, real corner
 * cases, sniffing, and writing that reads back.
 */
#include "base/csv.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#define SPECTRUM "../shared/data/csv-spectrum"
#define PAYLOADS "../shared/data/hostile/csv-formula-payloads.txt"

typedef struct Text { ByteSource base; Str left; size_t step; } Text;

static ptrdiff_t text_read(ByteSource *src, char *buf, size_t n, Error *err)
{
    Text *t = (Text *)src;
    (void)err;
    if (n > t->left.n)
        n = t->left.n;
    if (t->step && n > t->step)
        n = t->step;
    if (n)
        memcpy(buf, t->left.s, n);
    t->left.s += n;
    t->left.n -= n;
    return (ptrdiff_t)n;
}

static void put_field(Buf *out, Str s, bool quoted)
{
    buf_printf(out, "%s<", quoted ? "q" : "");
    buf_str(out, s);
    buf_char(out, '>');
}

/* All records as text: each field in <>, q before a quoted one, "line:" in front, ! if odd. */
static void parse(Str text, char delimiter, size_t buffer, size_t step, Buf *out)
{
    Text src = { { text_read }, text, step };
    Csv *c = csv_open_sized(&src.base, delimiter, buffer);
    CsvRecord rec;
    Error err = { 0 };
    int got;
    while ((got = csv_next(c, &rec, &err)) == 1) {
        buf_printf(out, "%lld@%lld:", (long long)rec.line, (long long)rec.offset);
        for (int i = 0; i < rec.n; i++)
            put_field(out, rec.field[i], rec.quoted[i]);
        buf_printf(out, "%s\n", rec.odd ? "!" : "");
        assert_memory_equal(rec.raw.s, text.s + rec.offset, rec.raw.n);
    }
    assert_int_equal(got, 0);
    csv_close(c);
}

/* The same from the whole text, byte by byte: what the parser must agree with. */
static void parse_simply(Str t, char delimiter, Buf *out)
{
    size_t i = t.n >= 3 && memcmp(t.s, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    long long line = 1;
    Buf field = { 0 };
    while (i < t.n) {
        bool odd = false, more = true;
        buf_printf(out, "%lld@%zu:", line, i);
        while (more) {
            bool quoted = i < t.n && t.s[i] == '"', open = quoted;
            i += quoted;
            buf_reset(&field);
            for (; i < t.n; i++) {
                char ch = t.s[i];
                if (open && ch == '"' && i + 1 < t.n && t.s[i + 1] == '"') {
                    i++;
                } else if (open && ch == '"') {
                    open = false;
                    if (i + 1 < t.n && t.s[i + 1] != delimiter && t.s[i + 1] != '\n'
                        && t.s[i + 1] != '\r')
                        odd = true;
                    continue;
                } else if (!open && (ch == delimiter || ch == '\n' || ch == '\r')) {
                    break;
                }
                if (ch == '\n' || (ch == '\r' && (i + 1 == t.n || t.s[i + 1] != '\n')))
                    line++;
                buf_char(&field, ch);
            }
            odd |= open;
            put_field(out, buf_as_str(&field), quoted);
            more = i < t.n && t.s[i] == delimiter;
            i += more;
        }
        buf_printf(out, "%s\n", odd ? "!" : "");
        if (i < t.n) {
            i += t.s[i] == '\r' && i + 1 < t.n && t.s[i + 1] == '\n' ? 2 : 1;
            line++;
        }
    }
    buf_release(&field);
}

static void check(const char *text, const char *expected)
{
    Buf got = { 0 };
    parse(str(text), ',', 64, 0, &got);
    assert_string_equal(got.s ? got.s : "", expected);
    buf_release(&got);
}

static void reads_what_files_hold(void **state)
{
    (void)state;
    check("", "");
    check("\xEF\xBB\xBF", "");
    check("a", "1@0:<a>\n");
    check("a,\n", "1@0:<a><>\n");
    check("\xEF\xBB\xBF" "a\n", "1@3:<a>\n");
    check("a,b\nc,d", "1@0:<a><b>\n2@4:<c><d>\n");
    check("a\r\nb\r\n", "1@0:<a>\n2@3:<b>\n");
    check("a\rb\r", "1@0:<a>\n2@2:<b>\n");
    check("a\n\nb", "1@0:<a>\n2@2:<>\n3@3:<b>\n");
    check("\"\",", "1@0:q<><>\n");
    check("\"a\nb\",c\nd", "1@0:q<a\nb><c>\n3@8:<d>\n");
    check("\"say \"\"hi\"\"\"\n", "1@0:q<say \"hi\">\n");
    check("5\" pipe,x\n", "1@0:<5\" pipe><x>\n");
    check(" \"a\",b\n", "1@0:q<a><b>!\n");
    check("\"a\"b\"c\",d\n", "1@0:q<ab\"c\"><d>!\n");
    check("\"a\n", "1@0:q<a\n>!\n");
}

/* Texts over the bytes that matter, at every buffer size and with short reads. */
static void agrees_with_a_simple_parser_at_every_buffer_size(void **state)
{
    (void)state;
    static const char alphabet[] = "\"\"\",,,\n\r\naab\xE4";
    uint64_t seed = 11;
    char text[96];
    for (int round = 0; round < 3000; round++) {
        Buf expected = { 0 }, got = { 0 };
        size_t n = 0;
        for (size_t want = (size_t)round % sizeof text; n < want; n++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            text[n] = alphabet[(seed >> 33) % (sizeof alphabet - 1)];
        }
        parse_simply(str_n(text, n), ',', &expected);
        for (size_t buffer = 0; buffer <= 64; buffer++) {
            buf_reset(&got);
            parse(str_n(text, n), ',', buffer, buffer % 3, &got);
            if (!str_eq(buf_as_str(&got), buf_as_str(&expected)))
                fail_msg("buffer %zu: [%.*s]\n%s\nnot\n%s", buffer, (int)n, text, got.s,
                         expected.s);
        }
        buf_release(&expected);
        buf_release(&got);
    }
}

static void keeps_to_its_limits(void **state)
{
    (void)state;
    Buf text = { 0 };
    buf_cstr(&text, "a\n");
    for (int i = 0; i < CSV_MAX_FIELDS; i++)
        buf_char(&text, ',');
    Text src = { { text_read }, buf_as_str(&text), 0 };
    Csv *c = csv_open(&src.base, ',');
    CsvRecord rec;
    Error err = { 0 };
    assert_int_equal(csv_next(c, &rec, &err), 1);
    assert_int_equal(csv_next(c, &rec, &err), -1);
    assert_int_equal(err.code, ERR_INVALID);
    assert_string_equal(err.msg, "the record on line 2 has more than 16384 fields");
    assert_int_equal(csv_next(c, &rec, &err), -1);
    csv_close(c);
    buf_reset(&text);
    buf_char(&text, '"');
    while (text.n < CSV_MAX_RECORD + (1 << 18))
        buf_cstr(&text, "never closed\n");
    src = (Text){ { text_read }, buf_as_str(&text), 0 };
    c = csv_open(&src.base, ',');
    assert_int_equal(csv_next(c, &rec, &err), -1);
    assert_string_equal(err.msg, "the record on line 1 is longer than 16 MiB");
    csv_close(c);
    buf_release(&text);
}

static char *read_file(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    char *s = xalloc(1 << 20);
    *n = fread(s, 1, (1 << 20) - 1, f);
    fclose(f);
    return s;
}

/* Header and records as the JSON array that the collection expects. */
static json_t *as_json(Str text)
{
    Text src = { { text_read }, text, 0 };
    Csv *c = csv_open_sized(&src.base, ',', 7);
    CsvRecord rec;
    Error err;
    json_t *names = json_array(), *rows = json_array();
    for (int row = 0; csv_next(c, &rec, &err) == 1; row++) {
        json_t *object = json_object();
        for (int i = 0; i < rec.n; i++) {
            json_t *cell = json_stringn(rec.field[i].s, rec.field[i].n);
            if (row == 0)
                json_array_append_new(names, cell);
            else
                json_object_set_new(object, json_string_value(json_array_get(names, (size_t)i)),
                                    cell);
        }
        if (row > 0)
            json_array_append(rows, object);
        json_decref(object);
    }
    json_decref(names);
    csv_close(c);
    return rows;
}

static void reads_the_spectrum(void **state)
{
    (void)state;
    DIR *dir = opendir(SPECTRUM "/csvs");
    struct dirent *e;
    int seen = 0;
    if (!dir)
        skip();
    while ((e = readdir(dir))) {
        char path[512];
        size_t n = 0;
        int stem = (int)strlen(e->d_name) - 4;
        /* the JSON of location_coordinates disagrees with its own CSV */
        if (stem < 1 || strncmp(e->d_name, "location", 8) == 0)
            continue;
        snprintf(path, sizeof path, SPECTRUM "/csvs/%s", e->d_name);
        char *csv = read_file(path, &n);
        json_t *got = as_json(str_n(csv, n));
        snprintf(path, sizeof path, SPECTRUM "/json/%.*s.json", stem, e->d_name);
        json_t *expected = json_load_file(path, 0, NULL);
        if (!expected || !json_equal(got, expected))
            fail_msg("%s reads as %s", e->d_name, json_dumps(got, 0));
        json_decref(expected);
        json_decref(got);
        free(csv);
        seen++;
    }
    closedir(dir);
    assert_int_equal(seen, 11);
}

static void sniffs(void **state)
{
    (void)state;
    static const struct { const char *text; char delimiter; size_t skip; } cases[] = {
        { "", ',', 0 }, { "name\n", ',', 0 }, { "a,b\n1,2\n", ',', 0 }, { "a;b\n1;2\n", ';', 0 },
        { "a\tb\n1\t2\n", '\t', 0 }, { "a|b|c\n1|2|3\n", '|', 0 },
        { "price;size\n1,5;2,5\n3,5;4,5\n", ';', 0 }, { "\"a;b\",c\n\"d;e\",f\n", ',', 0 },
        { "name;address\nx;Main St, 5\ny;Side St, 6, back\n", ';', 0 },
        { "Leads 2026\n\na,b,c\n1,2,3\n4,5,6\n", ',', 0 }, { "sep=;\r\na,b;c\n", ';', 7 },
        { "\xEF\xBB\xBFsep=|\na,b\n", '|', 9 }, { "a;b\n1;2\n3;", ';', 0 },
        { "name\nx|y, z\nu, v\nw\n", CSV_ONE_COLUMN, 0 }, { "name\nx,1\ny,2\n", ',', 0 },
        { "a;b\n\"x\n,y\";2\n", ';', 0 }, { "a,b", ',', 0 }, { "a;b", ';', 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t skip = 99;
        char got = csv_sniff(str(cases[i].text), &skip);
        if (got != cases[i].delimiter || skip != cases[i].skip)
            fail_msg("[%s] sniffed as '%c', skip %zu", cases[i].text, got, skip);
    }
}

static void check_field(Str s, unsigned flags, const char *expected)
{
    Buf out = { 0 };
    csv_write_field(&out, s, ',', flags);
    assert_string_equal(out.s ? out.s : "", expected);
    buf_release(&out);
}

static void writes_fields(void **state)
{
    (void)state;
    check_field((Str){ 0 }, 0, "");
    check_field(STR(""), 0, "\"\"");
    check_field(STR("a b"), 0, "a b");
    check_field(STR("a,b"), 0, "\"a,b\"");
    check_field(STR("a\nb"), 0, "\"a\nb\"");
    check_field(STR("a\rb"), 0, "\"a\rb\"");
    check_field(STR("say \"hi\""), 0, "\"say \"\"hi\"\"\"");
    check_field(STR("=1+1"), 0, "=1+1");
    check_field(STR("=1+1"), CSV_GUARD, "'=1+1");
    check_field(STR("=A1,\"x\""), CSV_GUARD, "\"'=A1,\"\"x\"\"\"");
    check_field(STR("+8613800138000"), CSV_GUARD, "+8613800138000");
    check_field((Str){ 0 }, CSV_GUARD, "");
    Buf out = { 0 };
    csv_write_end(&out, CSV_CRLF);
    csv_write_end(&out, 0);
    assert_string_equal(out.s, "\r\n\n");
    buf_release(&out);
}

/* Wherever it stands in a text of whatever length, and byte for byte nothing else. */
static void finds_what_must_be_quoted(void **state)
{
    enum { LONGEST = 50 };
    char text[LONGEST];
    (void)state;
    for (size_t n = 1; n <= LONGEST; n++)
        for (size_t at = 0; at < n; at++)
            for (int byte = 1; byte < 256; byte++) {
                Buf out = { 0 };
                memset(text, 'a', n);
                text[at] = (char)byte;
                csv_write_field(&out, str_n(text, n), ';', 0);
                assert_int_equal(out.s[0] == '"', strchr(";\"\r\n", byte) != NULL);
                buf_release(&out);
            }
}

static void knows_formulas(void **state)
{
    (void)state;
    static const char *const run[] = {
        "=1", "@SUM(1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "\t=1", "\r=1", "\n=1",
        "-", "+", "+1-1", "-A1", "＝1", "＠x", "+1.5e", "-5e3x", "+86 138x0013", "+.", "-1,23",
        "--5",
    };
    static const char *const kept[] = {
        "", "a=1", "5", "-5", "+5", "-1.5", "+1.5e3", "-.5", "-5.", "+1E-7", "-1,234,567.50", "-3%",
        "+8613800138000", "+86 138-0013-8000", "+1 (212) 555.0142", "'x", "ＡＢ", "1=1", " =1",
    };
    for (size_t i = 0; i < sizeof run / sizeof *run; i++)
        if (!csv_is_formula(str(run[i])))
            fail_msg("%s is a formula", run[i]);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (csv_is_formula(str(kept[i])))
            fail_msg("%s is no formula", kept[i]);
}

/* What is written reads back: fields, nulls, and after csv_unguard the text. */
static void reads_back_what_it_writes(void **state)
{
    (void)state;
    static const char *const texts[] = {
        NULL, "", "a", "=1", "'=1", "''=1", "'", "''", "'x", "+8613800138000", "-5", "\"", "\"\"",
        ",", "a\r\nb", "\n", "\r", "\t=x", "王芳", "\xff", "'\"=", "-x, y",
    };
    enum { N = sizeof texts / sizeof *texts };
    Buf out = { 0 };
    for (int i = 0; i < N; i++) {
        if (i)
            buf_char(&out, ',');
        csv_write_field(&out, texts[i] ? str(texts[i]) : (Str){ 0 }, ',', CSV_GUARD);
    }
    Text src = { { text_read }, buf_as_str(&out), 0 };
    Csv *c = csv_open_sized(&src.base, ',', 1);
    CsvRecord rec;
    Error err;
    assert_int_equal(csv_next(c, &rec, &err), 1);
    assert_int_equal(rec.n, N);
    assert_false(rec.odd);
    for (int i = 0; i < N; i++) {
        Str back = csv_unguard(rec.field[i]);
        assert_false(csv_is_formula(rec.field[i]));
        assert_true(str_is(back, texts[i] ? texts[i] : ""));
        assert_int_equal(rec.quoted[i] || rec.field[i].n > 0, texts[i] != NULL);
    }
    csv_close(c);
    buf_release(&out);
}

static void guards_known_payloads(void **state)
{
    (void)state;
    size_t n = 0;
    char *text = read_file(PAYLOADS, &n);
    int seen = 0;
    if (!text)
        skip();
    for (char *line = strtok(text, "\r\n"); line; line = strtok(NULL, "\r\n")) {
        Buf out = { 0 };
        csv_write_field(&out, str(line), ',', CSV_GUARD);
        const char *first = out.s + (out.s[0] == '"');
        assert_null(strchr("=+-@\t\r", *first));
        buf_release(&out);
        seen++;
    }
    free(text);
    assert_true(seen > 3);
}

static void writes_tsv(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "a", "a\tb", "\r\n", "\\t", "\\", "\"x\"", "x\"y",
                                         "\\x" };
    Arena a = { 0 };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Buf out = { 0 };
        tsv_write_field(&out, str(texts[i]));
        if (out.n) {
            assert_null(strpbrk(out.s, "\t\r\n"));
            assert_int_not_equal(out.s[0], '"');
        }
        assert_true(str_is(tsv_unescape(buf_as_str(&out), &a), texts[i]));
        buf_release(&out);
    }
    assert_true(str_is(tsv_unescape(STR("C:\\dir\\"), &a), "C:\\dir\\"));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_files_hold),
        cmocka_unit_test(agrees_with_a_simple_parser_at_every_buffer_size),
        cmocka_unit_test(keeps_to_its_limits), cmocka_unit_test(reads_the_spectrum),
        cmocka_unit_test(sniffs), cmocka_unit_test(writes_fields),
        cmocka_unit_test(finds_what_must_be_quoted), cmocka_unit_test(knows_formulas),
        cmocka_unit_test(reads_back_what_it_writes), cmocka_unit_test(guards_known_payloads),
        cmocka_unit_test(writes_tsv),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
