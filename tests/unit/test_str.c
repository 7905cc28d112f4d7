/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Strings and the growing buffer.
 */
#include "base/str.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void writes_integers_like_printf(void **state)
{
    (void)state;
    static const int64_t values[] = { 0, 1, -1, 9, 10, -10, 99, 100, 12345, INT64_MAX, INT64_MIN };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (int digits = 1; digits <= 5; digits++) {
            char expected[64];
            Buf out = { 0 };
            snprintf(expected, sizeof expected, "%.*" PRId64, digits, values[i]);
            buf_int(&out, values[i], digits);
            assert_string_equal(out.s, expected);
            buf_release(&out);
        }
}

static void reads_integers(void **state)
{
    (void)state;
    int64_t v;
    assert_true(str_int(STR("-9223372036854775808"), &v) && v == INT64_MIN);
    assert_true(str_int(STR("9223372036854775807"), &v) && v == INT64_MAX);
    assert_true(str_int(STR("+7"), &v) && v == 7);
    assert_false(str_int(STR("9223372036854775808"), &v));
    assert_false(str_int(STR(""), &v));
    assert_false(str_int(STR("-"), &v));
    assert_false(str_int(STR("7 "), &v));
}

static void grows_up_to_its_limit(void **state)
{
    (void)state;
    Buf b = { .max = 10 };
    buf_cstr(&b, "12345678");
    assert_false(b.full);
    buf_cstr(&b, "abc");
    assert_true(b.full);
    assert_string_equal(b.s, "12345678");
    buf_reset(&b);
    assert_false(b.full);
    buf_printf(&b, "%d-%s", 7, "abcdefgh");
    assert_string_equal(b.s, "7-abcdefgh");
    buf_release(&b);
}

static void knows_valid_utf8(void **state)
{
    (void)state;
    static const char *const bad[] = { "\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80",
                                       "\xF4\x90\x80\x80", "\xFF", "a\xE7\x8E", "\xF0\x9F\x98" };
    assert_true(utf8_valid((Str){ 0 }));
    assert_true(utf8_valid(STR("a王é😀\xF4\x8F\xBF\xBF")));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(utf8_valid(str(bad[i])));
}

static void suggests_near_names(void **state)
{
    (void)state;
    static const char *const names[] = { "customer", "campaign", "list", "call" };
    assert_string_equal(str_nearest(STR("custmer"), names, 4), "customer");
    assert_string_equal(str_nearest(STR("lsit"), names, 4), "list");
    assert_null(str_nearest(STR("zebra"), names, 4));
    const char *const verbs[] = { "edit", "list" };
    assert_string_equal(str_nearest(STR("lsit"), verbs, 2), "list");
    assert_int_equal(str_distance(STR("lsit"), STR("list"), 9), 1);
    assert_int_equal(str_distance(STR("abcd"), STR("badc"), 9), 2);
    assert_int_equal(str_distance(STR("ca"), STR("abc"), 9), 3);
    assert_int_equal(str_distance(STR("kitten"), STR("sitting"), 9), 3);
    assert_int_equal(str_distance(STR(""), STR("abc"), 9), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_integers_like_printf), cmocka_unit_test(reads_integers),
        cmocka_unit_test(grows_up_to_its_limit), cmocka_unit_test(knows_valid_utf8),
        cmocka_unit_test(suggests_near_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
