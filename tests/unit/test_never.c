/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers that are never dialled, and that ordinary ones beside them are.
 */
#include "base/never.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *why(const char *number)
{
    const char *w = never_dialled(str(number), (Str){ 0 });
    return w ? w : "may be dialled";
}

static void test_table(void **state)
{
    (void)state;
    static const struct { const char *number, *why; } rows[] = {
        { "+86110", "an emergency number" },          { "+86120", "an emergency number" },
        { "+86122", "an emergency number" },          { "+1911", "an emergency number" },
        { "+44999", "an emergency number" },          { "+49112", "an emergency number" },
        { "110", "an emergency number" },             { "911", "an emergency number" },
        { "+19005550142", "a number at a premium rate" },
        { "+499001234567", "a number at a premium rate" },
        { "+8616812345678", "a number at a premium rate" },
        { "+8613800138000", "may be dialled" },       { "+861101234567", "may be dialled" },
        { "+862158307717", "may be dialled" },        { "+12125550142", "may be dialled" },
        { "+18005550142", "may be dialled" },         { "+442079460000", "may be dialled" },
        { "8001", "may be dialled" },                 { "+", "may be dialled" },
        { "", "may be dialled" },                     { "+999", "may be dialled" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(why(rows[i].number), rows[i].why) != 0)
            fail_msg("%s: %s", rows[i].number, why(rows[i].number));
}

static void test_further_ones(void **state)
{
    (void)state;
    Str more = STR("+8695, +86400");
    assert_non_null(never_dialled(STR("+8695588"), more));
    assert_non_null(never_dialled(STR("+864008123123"), more));
    assert_null(never_dialled(STR("+8613800138000"), more));
    assert_non_null(never_dialled(STR("+86110"), more));
}

static void test_the_list(void **state)
{
    (void)state;
    Error err = { 0 };
    assert_true(never_list_ok(STR("+8695,+1900"), &err));
    assert_false(never_list_ok(STR("95"), &err));
    assert_false(never_list_ok(STR("+86x"), &err));
    assert_false(never_list_ok(STR("+8695,+"), &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table), cmocka_unit_test(test_further_ones),
        cmocka_unit_test(test_the_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
