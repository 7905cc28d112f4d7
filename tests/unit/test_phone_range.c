/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_phone_range.c -- own tables of Chinese and North American numbers against libphonenumber.
 *
 * Two walks over the digits of national numbers.  The first goes through every prefix of four
 * digits, and deeper wherever our automaton still distinguishes what comes next; below that, tails
 * of zeros, nines and mixed digits at every length, the last also in ways of typing.  The
 * second trusts the automaton less: every prefix of five (China) or six digits (North America: area
 * code and exchange), except below prefixes of four where the first walk found no number at all.
 * Whatever we answer must be what the library answers, and no valid number may be left unanswered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/phone_fast.h"
#include "base/phone_plugin.h"
#include "base/plugin.h"
#include "phone_testing.h"

#include <cmocka.h>                       /* last: it has a macro fail() */

#include "base/phone_table.inc"

typedef struct Form { const char *region, *prefix; } Form;

typedef struct Walk {
    const PhonePlugin *plugin;
    int code, shortest, longest, depth;
    const PhoneState *state;
    const Form *forms;                    /* ended by a region NULL; NULL: second walk */
    long numbers, typed;                  /* compared */
} Walk;

static const char *const tails[] = { "000000000000", "999999999999", "582741639058" };

static void same(const char *text, const Phone *ours, const PhonePluginNumber *theirs)
{
    if (strcmp(ours->e164, theirs->e164) || strcmp(ours->country, theirs->country) ||
        (ours->valid == PHONE_VALID_YES) != theirs->valid || (int)ours->kind != theirs->kind)
        fail_msg("%s: %s %s valid %d kind %d, libphonenumber: %s %s valid %d kind %d", text,
                 ours->e164, ours->country, ours->valid == PHONE_VALID_YES, ours->kind,
                 theirs->e164, theirs->country, theirs->valid, theirs->kind);
}

/* One national number with its calling code. */
static void compare_number(Walk *w, const char *national)
{
    char text[40];
    PhonePluginNumber theirs;
    Phone ours = { .status = PHONE_NONE };
    bool read = w->plugin->classify(w->code, national, &theirs);
    snprintf(text, sizeof text, "+%d%s", w->code, national);
    w->numbers++;
    if (phone_fast(str(text), "", &ours)) {
        assert_true(read);
        same(text, &ours, &theirs);
    } else if (read && theirs.valid) {
        fail_msg("%s is valid, but not answered", text);
    }
}

/* True if it is one that we answer. */
static bool compare_typed(const PhonePlugin *plugin, const char *text, const char *region)
{
    PhonePluginNumber theirs;
    Phone ours = { .status = PHONE_NONE };
    if (!phone_fast(str(text), region, &ours))
        return false;
    if (!plugin->parse(text, strlen(text), region, &theirs))
        fail_msg("%s in %s: libphonenumber does not read it", text, region);
    same(text, &ours, &theirs);
    return true;
}

static void compare_forms(Walk *w, const char *national)
{
    char text[40];
    for (const Form *f = w->forms; f->region; f++) {
        snprintf(text, sizeof text, "%s%s", f->prefix, national);
        w->typed += compare_typed(w->plugin, text, f->region);
    }
}

/* All digits lead to the same place, however many follow. */
static bool is_uniform(const Walk *w, int at)
{
    for (int next; at; at = next) {
        next = w->state[at].next[0];
        for (int d = 1; d < 10; d++)
            if (w->state[at].next[d] != next)
                return false;
    }
    return true;
}

static void compare_tails(Walk *w, char *digits, int n)
{
    for (int length = n < w->shortest ? w->shortest : n; length <= w->longest; length++)
        for (size_t t = 0; t < sizeof tails / sizeof *tails; t++) {
            memcpy(digits + n, tails[t], (size_t)(length - n));
            digits[length] = 0;
            compare_number(w, digits);
            if (t == 2)
                compare_forms(w, digits);
            if (length == n)
                break;
        }
}

/* Below the fixed depth; `at` is the automaton's state after the digits. */
static void walk_deep(Walk *w, char *digits, int n, int at)
{
    if (n == w->longest || is_uniform(w, at)) {
        compare_tails(w, digits, n);
        return;
    }
    if (n >= w->shortest) {
        digits[n] = 0;
        compare_number(w, digits);
    }
    for (int d = 0; d < 10; d++) {
        digits[n] = (char)('0' + d);
        walk_deep(w, digits, n + 1, w->state[at].next[d]);
    }
}

static void compare_lengths(Walk *w, char *digits, int n)
{
    for (int length = w->shortest; length <= w->longest; length++) {
        memcpy(digits + n, tails[w->numbers % 3], (size_t)(length - n));
        digits[length] = 0;
        compare_number(w, digits);
    }
}

/* To the fixed depth. */
static void walk(Walk *w, char *digits, int n, int at, char first)
{
    if (n == w->depth || (n == 4 && !at)) {
        if (w->forms)
            walk_deep(w, digits, n, at);
        else if (at)
            compare_lengths(w, digits, n);
        return;
    }
    for (char c = first; c <= '9'; c++) {
        digits[n] = c;
        walk(w, digits, n + 1, w->state[at].next[c - '0'], '0');
    }
}

static const PhonePlugin *plugin(void)
{
    Error err;
    use_built_plugins();
    const PhonePlugin *found = plugin_table("phone", PHONE_PLUGIN_VERSION, &err);
    if (!found) {
        print_message("%s\n", err.msg);
        skip();
    }
    return found;
}

static void test_china(void **unused)
{
    static const Form forms[] = {
        { "CN", "" }, { "CN", "0" }, { "CN", "86" }, { "CN", "860" }, { "CN", "0086" },
        { "CN", "17951" }, { "", "+86" }, { "US", "011860" }, { NULL, NULL } };
    Walk w = { .plugin = plugin(), .code = 86, .shortest = 7, .longest = 12, .depth = 4,
               .state = cn_state, .forms = forms };
    char digits[16];
    (void)unused;
    walk(&w, digits, 0, cn_start, '1');
    w.forms = NULL;
    w.depth = 5;
    walk(&w, digits, 0, cn_start, '1');
    print_message("China: %ld numbers, %ld typed forms\n", w.numbers, w.typed);
}

static void test_north_america(void **unused)
{
    static const Form forms[] = {
        { "US", "" }, { "CA", "" }, { "US", "1" }, { "CA", "1" }, { "", "+1" }, { "CN", "001" },
        { "US", "0111" }, { NULL, NULL } };
    Walk w = { .plugin = plugin(), .code = 1, .shortest = 10, .longest = 10, .depth = 4,
               .state = nanp_state, .forms = forms };
    char digits[16];
    (void)unused;
    walk(&w, digits, 0, nanp_start, '1');
    w.forms = NULL;
    w.depth = 6;
    walk(&w, digits, 0, nanp_start, '2');
    print_message("North America: %ld numbers, %ld typed forms\n", w.numbers, w.typed);
}

/* Carriers' codes (1[12]ddd, 179dd) alone, before national numbers, and before 00 and a calling
 * code, at every length: the digits of a carrier may also be those of a mobile number. */
static void test_carriers(void **unused)
{
    static const char *const after[] = { "", "0", "00", "001", "0086", "13800138000", "21583077171",
                                         "021583077171", "0044207946", "0018613800138000" };
    const PhonePlugin *p = plugin();
    long typed = 0;
    (void)unused;
    for (int carrier = 11000; carrier < 18000; carrier++) {
        if (carrier >= 13000 && carrier < 17900)
            continue;
        for (size_t a = 0; a < sizeof after / sizeof *after; a++)
            for (int length = 5; length <= 21; length++) {
                char text[64];
                snprintf(text, sizeof text, "%d%s%s", carrier, after[a], tails[2]);
                text[length] = 0;
                typed += compare_typed(p, text, "CN");
            }
    }
    print_message("carriers: %ld typed forms\n", typed);
    assert_true(typed > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_china), cmocka_unit_test(test_north_america),
        cmocka_unit_test(test_carriers) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
