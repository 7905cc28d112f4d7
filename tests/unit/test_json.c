/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON out: what every kind becomes, and text that comes back byte for byte.
 */
#include "base/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

static void check_text(Str s, const char *expected)
{
    Buf out = { 0 };
    json_write_text(&out, s);
    assert_string_equal(out.s, expected);
    buf_release(&out);
}

static void writes_text(void **state)
{
    (void)state;
    check_text((Str){ 0 }, "\"\"");
    check_text(STR("O'Neil"), "\"O'Neil\"");
    check_text(STR("say \"hi\" \\ /"), "\"say \\\"hi\\\" \\\\ /\"");
    check_text(STR("王芳 é 😀"), "\"王芳 é 😀\"");
    check_text(STR("a\nb\tc\r"), "\"a\\nb\\tc\\r\"");
    check_text(STR("\x1b[2J\x7f"), "\"\\u001b[2J\\u007f\"");
    check_text(STR("a\0b"), "\"a\\u0000b\"");
    check_text(STR("\xC2\x9B" "31m"), "\"\\u009b31m\"");
    check_text(STR("\xE2\x80\xAE" "x\xE2\x80\xA8"), "\"\\u202ex\\u2028\"");
    check_text(STR("\xF3\xA0\x80\x81"), "\"\\udb40\\udc01\"");
    check_text(STR("a\xFF\xC3"), "\"a\\udcff\\udcc3\"");
    check_text(STR("\xED\xA0\x80"), "\"\\udced\\udca0\\udc80\"");
}

/* Wherever it stands in a text of whatever length, each byte comes back. */
static void escapes_at_every_place(void **state)
{
    enum { LONGEST = 40 };
    char text[LONGEST];
    (void)state;
    for (size_t n = 1; n <= LONGEST; n++)
        for (size_t at = 0; at < n; at++)
            for (int byte = 0; byte < 0x80; byte++) {
                Buf out = { 0 };
                json_t *back;
                memset(text, 'a', n);
                text[at] = (char)byte;
                json_write_text(&out, str_n(text, n));
                back = json_loads(out.s, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
                assert_non_null(back);
                assert_int_equal(json_string_length(back), n);
                assert_memory_equal(json_string_value(back), text, n);
                assert_int_equal(out.n == n + 2, byte >= 0x20 && byte < 0x7F && byte != '"'
                                                 && byte != '\\');
                json_decref(back);
                buf_release(&out);
            }
}

static void check_value(Value v, Kind k, const char *expected)
{
    Buf out = { 0 };
    json_write_value(&out, v, k);
    assert_string_equal(out.s, expected);
    buf_release(&out);
}

static void writes_values_by_kind(void **state)
{
    (void)state;
    check_value(value_null(), KIND_TEXT, "null");
    check_value(value_null(), KIND_TAGS, "null");
    check_value(value_int(INT64_MIN), KIND_INT, "-9223372036854775808");
    check_value(value_int(9007199254740993), KIND_REF, "9007199254740993");
    check_value(value_int(1250), KIND_MONEY, "12.50");
    check_value(value_int(-5), KIND_MONEY, "-0.05");
    check_value(value_int(1), KIND_BOOL, "true");
    check_value(value_int(0), KIND_BOOL, "false");
    check_value(value_int(0), KIND_TIME, "\"1970-01-01T00:00:00Z\"");
    check_value(value_int(12000), KIND_DURATION, "12");
    check_value(value_int(-1500), KIND_DURATION, "-1.500");
    check_value(value_real(0.1), KIND_NUMBER, "0.1");
    check_value(value_real(1.0 / 3), KIND_NUMBER, "0.3333333333333333");
    check_value(value_real(5), KIND_NUMBER, "5");
    check_value(value_real(0.42), KIND_PERCENT, "0.42");
    check_value(value_real(NAN), KIND_NUMBER, "null");
    check_value(value_real(-INFINITY), KIND_NUMBER, "null");
    check_value(value_cstr("2026-01-02"), KIND_DATE, "\"2026-01-02\"");
    check_value(value_cstr("a,b c,d"), KIND_TAGS, "[\"a\",\"b c\",\"d\"]");
    check_value(value_cstr(""), KIND_TAGS, "[]");
}

static void reads_back_real_numbers(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int i = 0; i < 20000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        double r, back;
        memcpy(&r, &seed, sizeof r);
        if (!isfinite(r))
            continue;
        Buf out = { 0 };
        json_write_value(&out, value_real(r), KIND_NUMBER);
        back = strtod(out.s, NULL);
        assert_memory_equal(&back, &r, sizeof r);
        buf_release(&out);
    }
}

/* Any bytes pass through a JSON reader that refuses lone surrogates. */
static void gives_back_any_text(void **state)
{
    (void)state;
    static const char *const bits[] = { "a", "\\", "\"", "u", "dc80", "\xFF", "\xC3", "é", "王",
                                        "\n", "\x80", "😀", "\xED\xA0\x80", "\xF4\x90", "\x1b",
                                        "\xDC" };
    uint64_t seed = 5;
    for (int round = 0; round < 5000; round++) {
        Buf text = { 0 }, json = { 0 };
        for (int i = 0; i < round % 12; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            buf_cstr(&text, bits[(seed >> 33) % (sizeof bits / sizeof *bits)]);
        }
        json_write_text(&json, buf_as_str(&text));
        assert_true(utf8_valid(buf_as_str(&json)));
        json_error_t error;
        json_t *value = json_loadb(json.s, json.n, JSON_DECODE_ANY, &error);
        assert_int_equal(value != NULL, utf8_valid(buf_as_str(&text)));
        if (value)
            assert_true(str_eq(str_n(json_string_value(value), json_string_length(value)),
                               buf_as_str(&text)));
        json_decref(value);
        buf_release(&text);
        buf_release(&json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_text), cmocka_unit_test(escapes_at_every_place),
        cmocka_unit_test(writes_values_by_kind), cmocka_unit_test(reads_back_real_numbers),
        cmocka_unit_test(gives_back_any_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
