/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Values of every kind as people type them: what they become, and what is said of the others.
 */
#include "crm_testing.h"
#include "model/schema.h"

static const char *const colours[] = { "red", "blue", "高", NULL };

/* What a typed text becomes, as a machine sees it; "" for null; the message for what is refused. */
static const char *read_as(Bench *b, Kind kind, const char *typed)
{
    Field f = { .name = "f", .kind = kind, .choices = colours, .ref = "list" };
    Value v;
    Buf out = { 0 };
    b->err = (Error){ 0 };
    if (!field_parse(b->crm, &f, str(typed), &b->a, &v, &b->err)) {
        assert_true(b->err.hint[0] != '\0');
        return b->err.msg;
    }
    value_write_plain(v, kind == KIND_REF ? KIND_INT : kind, &out);
    const char *text = out.n ? str_c(buf_as_str(&out), &b->a) : "";
    buf_release(&out);
    return text;
}

typedef struct Pair { const char *typed, *value; } Pair;

static void check(Bench *b, Kind kind, const Pair *p)
{
    for (; p->typed; p++) {
        const char *got = read_as(b, kind, p->typed);
        if (strcmp(got, p->value) != 0)
            fail_msg("%s '%s' is '%s', not '%s'", kind_name(kind), p->typed, got, p->value);
    }
}

static void blank_text_is_null(void **state)
{
    for (Kind k = 0; k < KINDS; k++) {
        assert_string_equal(read_as(*state, k, ""), "");
        assert_string_equal(read_as(*state, k, " \t "), "");
    }
}

static void text_is_kept(void **state)
{
    check(*state, KIND_TEXT, (Pair[]){
        { "宝钢", "宝钢" }, { " a ", " a " }, { "a\r\n\x1b[1m", "a\r\n\x1b[1m" }, { "＝１", "＝１" },
        { "\xff\xfe", "f: not UTF-8: '...'" }, { 0 } });
}

static void whole_numbers(void **state)
{
    check(*state, KIND_INT, (Pair[]){
        { "12", "12" }, { "-5", "-5" }, { "+7", "7" }, { "１２３", "123" }, { "1,200", "1200" },
        { "1，200", "1200" }, { "12,345,678", "12345678" }, { "1 200", "1200" }, { " 9 ", "9" },
        { "9223372036854775807", "9223372036854775807" },
        { "9223372036854775808", "f: not a whole number: '9223372036854775808'" },
        { "1.5", "f: not a whole number: '1.5'" }, { "1,2", "f: not a whole number: '1,2'" },
        { "1,2345", "f: not a whole number: '1,2345'" },
        { "0x10", "f: not a whole number: '0x10'" },
        { "1 2", "f: not a whole number: '1 2'" }, { "十", "f: not a whole number: '十'" },
        { "1; DROP", "f: not a whole number: '1; DROP'" }, { 0 } });
}

static void numbers(void **state)
{
    check(*state, KIND_NUMBER, (Pair[]){
        { "12", "12" }, { "0.5", "0.5" }, { "-1.25", "-1.25" }, { "1e3", "1000" }, { "１．５", "1.5" },
        { "1,200.5", "1200.5" }, { "1.200,5", "1200.5" }, { "12,5", "12.5" },
        { "1,200", "1200" }, { "2.5万", "25000" }, { "1'200.5", "1200.5" },
        { "nan", "f: not a number: 'nan'" },
        { "inf", "f: not a number: 'inf'" },
        { "1e999", "f: not a number: '1e999'" }, { "1.2.3", "f: not a number: '1.2.3'" },
        { "0x1p3", "f: not a number: '0x1p3'" }, { "-", "f: not a number: '-'" }, { 0 } });
}

static void money_is_exact(void **state)
{
    check(*state, KIND_MONEY, (Pair[]){
        { "1200", "1200" }, { "1,200.50", "1200.50" }, { "￥1,200.5", "1200.50" }, { "¥ 30", "30" },
        { "$-5", "-5" }, { "-$5", "-5" }, { "-0.50", "-0.50" }, { ".5", "0.50" }, { "5.", "5" },
        { "12.300", "12.30" }, { "１２．３４元", "12.34" }, { "0.1", "0.10" },
        { "1.005000", "f: not an amount "
        "of money: '1.005000'" }, { "90071992547409.93", "90071992547409.93" },
        { "92233720368547758.07", "92233720368547758.07" },
        { "92233720368547758.08", "f: not an amount of money: '92233720368547758.08'" },
        { ".", "f: not an amount of money: '.'" }, { "-", "f: not an amount of money: '-'" },
        { "¥", "f: not an amount of money: '¥'" }, { "元", "f: not an amount of money: '元'" },
        { "1e3", "f: not an amount of money: '1e3'" },
        { "--5", "f: not an amount of money: '--5'" },
        { "1,20", "1.20" }, { "1.234,5", "1234.50" }, { "1 234,50 €", "1234.50" },
        { "(500)", "-500" }, { "RMB 1,200", "1200" }, { "5 usd", "5" }, { "3万元", "30000" },
        { "3.5万", "35000" }, { "1.23456亿", "123456000" }, { "-５千", "-5000" },
        { "0.00001万", "0.10" }, { "1.234567万", "12345.67" },
        { "1.2345678万", "f: not an amount of money: '1.2345678万'" },
        { "万", "f: not an amount of money: '万'" },
        { "1,2,3", "f: not an amount of money: '1,2,3'" },
        { "1,2345", "f: not an amount of money: '1,2345'" },
        { "1.234", "f: not an amount of money: '1.234'" },
        { "abc", "f: not an amount of money: 'abc'" },
        { 0 } });
}

static void yes_and_no(void **state)
{
    check(*state, KIND_BOOL, (Pair[]){
        { "yes", "yes" }, { "Y", "yes" }, { "TRUE", "yes" }, { "1", "yes" }, { "是", "yes" },
        { "no", "no" }, { "T", "yes" }, { "✓", "yes" }, { "没有", "no" }, { "不是", "no" },
        { "0", "no" }, { "否", "no" }, { "maybe", "f: neither yes nor no: 'maybe'" },
        { "2", "f: neither yes nor no: '2'" }, { 0 } });
}

static void days(void **state)
{
    check(*state, KIND_DATE, (Pair[]){
        { "2026-03-01", "2026-03-01" }, { "2026/3/1", "2026-03-01" }, { "2026年3月1日", "2026-03-01" },
        { "20260301", "2026-03-01" }, { "today", "2026-03-04" }, { "+30d", "2026-04-03" },
        { "下周三", "2026-03-11" }, { "２０２６-０３-０１", "2026-03-01" }, { "2026/3/1 0:00", "2026-03-01" },
        { "2026-03-01T23:30:00Z", "2026-03-02" }, { "2026-13-01", "f: not a date: '2026-13-01'" },
        { "2026-02-29", "f: not a date: '2026-02-29'" }, { "2026-Q3", "f: not a date: '2026-Q3'" },
        { "2026", "f: not a date: '2026'" }, { "soon", "f: not a date: 'soon'" }, { 0 } });
}

static void times(void **state)
{
    check(*state, KIND_TIME, (Pair[]){
        { "2026-03-01 14:00", "2026-03-01T06:00:00Z" }, { "2026-03-01", "2026-02-28T16:00:00Z" },
        { "now", "2026-03-04T02:20:30Z" }, { "tomorrow 3pm", "2026-03-05T07:00:00Z" },
        { "-15min", "2026-03-04T02:05:30Z" }, { "明天下午3点", "2026-03-05T07:00:00Z" },
        { "2026-03-01T06:00:00.250Z", "2026-03-01T06:00:00.250Z" },
        { "last-month", "f: not a time: 'last-month'" }, { "25:00", "f: not a time: '25:00'" },
        { 0 } });
}

static void lengths_and_shares(void **state)
{
    Bench *b = *state;
    Field f = { .name = "f", .kind = KIND_DURATION };
    Value v;
    bench_must(b, field_parse(b->crm, &f, STR("1h30m"), &b->a, &v, &b->err));
    assert_int_equal(v.i, 5400000);
    assert_string_equal(read_as(b, KIND_DURATION, "long"), "f: not a length of time: 'long'");
    check(b, KIND_PERCENT, (Pair[]){ { "3%", "0.03" }, { "0.03", "0.03" }, { "12.5 %", "0.125" },
                                     { "％", "f: not a share: '％'" }, { "x", "f: not a share: 'x'" },
                                     { 0 } });
}

static void telephone_numbers(void **state)
{
    check(*state, KIND_PHONE, (Pair[]){
        { "138 0013 8000", "+8613800138000" }, { "１３８００１３８０００", "+8613800138000" },
        { "021-58307717", "+862158307717" }, { "+1 212 555 0142", "+12125550142" },
        { "call me", "f: not a telephone number: 'call me'" },
        { "1.38E+10", "f: a spreadsheet rounded this number: '1.38E+10'" },
        { "13800138000/13900139000", "f: more than one number: '13800138000/13900139000'" },
        { 0 } });
}

static void addresses(void **state)
{
    check(*state, KIND_EMAIL, (Pair[]){
        { "Wang@Example.COM", "wang@example.com" }, { " a@b.cn ", "a@b.cn" },
        { "a@b@c", "f: not an e-mail address: 'a@b@c'" },
        { "@b.cn", "f: not an e-mail address: '@b.cn'" },
        { "a@", "f: not an e-mail address: 'a@'" },
        { "a b@c", "f: not an e-mail address: 'a b@c'" },
        { "a@b;c@d", "f: not an e-mail address: 'a@b;c@d'" }, { 0 } });
}

static void choices_and_refs(void **state)
{
    Bench *b = *state;
    check(b, KIND_CHOICE, (Pair[]){ { "red", "red" }, { "RED", "red" }, { "高", "高" },
                                    { "green", "f: not one of its choices: 'green'" }, { 0 } });
    assert_string_equal(b->err.hint, "one of red, blue, 高");
    bench_add(b, "list", "name=spring");
    check(b, KIND_REF, (Pair[]){ { "spring", "1" }, { "1", "1" }, { "sprng", "no list 'sprng'" },
                                 { "9", "no list 9" }, { 0 } });
}

static void choices_by_their_labels(void **state)
{
    Bench *b = *state;
    const char *const declared[] = { "gold=金牌|Gold card|VIP", "silver = 银牌", "none", "vip",
                                     NULL };
    Field f = { .name = "tier", .kind = KIND_CHOICE };
    const Pair pairs[] = { { "金牌", "gold" }, { "GOLD CARD", "gold" }, { "ＧＯＬＤ", "gold" },
                           { "银牌", "silver" }, { "Silver", "silver" }, { "vip", "vip" },
                           { "None", "none" } };
    Value v;
    choices_declare(declared, &f, &b->a);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        bench_must(b, field_parse(b->crm, &f, str(pairs[i].typed), &b->a, &v, &b->err));
        assert_string_equal(str_c(v.s, &b->a), pairs[i].value);
    }
    assert_false(field_parse(b->crm, &f, STR("金"), &b->a, &v, &b->err));
    assert_string_equal(b->err.hint, "one of gold, silver, none, vip");
    assert_false(choices_check("tier", (const char *const[]){ "=金牌", NULL }, &b->err));
    assert_string_equal(b->err.msg, "tier: a choice has no name: '=金牌'");
}

static void me_is_the_user_of_the_account(void **state)
{
    Bench *b = *state;
    Field f = { .name = "owner", .kind = KIND_REF, .ref = "user" };
    Value v;
    assert_false(field_parse(b->crm, &f, STR("me"), &b->a, &v, &b->err));
    assert_int_equal(b->err.code, ERR_NOT_FOUND);
    assert_non_null(strstr(b->err.hint, "user add name="));
    char fields[100];
    snprintf(fields, sizeof fields, "name=boss|role=owner|account=%s", crm_user(b->crm));
    int64_t id = bench_add(b, "user", fields);
    bench_must(b, crm_reload(b->crm, &b->err));
    bench_must(b, field_parse(b->crm, &f, STR("me"), &b->a, &v, &b->err));
    assert_int_equal(v.i, id);
    assert_int_equal(b->crm->rights, MAY_ALL);
}

/* Anything at all is either read or refused in words. */
static void no_bytes_do_harm(void **state)
{
    Bench *b = *state;
    uint32_t seed = 7;
    static const char bits[] = "0123456789-+.,:/ eE%$@年月日￥元一aZ\xff\x00\x1b'\"();";
    for (int i = 0; i < 4000; i++) {
        char text[24];
        size_t n = (size_t)(i % 23);
        for (size_t k = 0; k < n; k++) {
            seed = seed * 1664525u + 1013904223u;
            text[k] = bits[(seed >> 8) % (sizeof bits - 1)];
        }
        for (Kind k = 0; k < KINDS; k++) {
            Field f = { .name = "f", .kind = k, .choices = colours, .ref = "list" };
            Value v;
            Error err = { 0 };
            if (!field_parse(b->crm, &f, str_n(text, n), &b->a, &v, &err))
                assert_true(err.code != ERR_NONE && err.msg[0]);
        }
        arena_release(&b->a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(blank_text_is_null), test(text_is_kept), test(whole_numbers), test(numbers),
        test(money_is_exact), test(yes_and_no), test(days), test(times), test(lengths_and_shares),
        test(telephone_numbers), test(addresses), test(choices_and_refs),
        test(choices_by_their_labels),
        test(me_is_the_user_of_the_account), test(no_bytes_do_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
