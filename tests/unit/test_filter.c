/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The filter language: what each operator means, what is refused and where, and that no field,
 * operator or value of any type makes SQL that does not run.
 */
#include "crm_testing.h"

/* ---- what the words mean --------------------------------------------------------------------- */

static void fill(Bench *b)
{
    bench_add_wang(b);
    bench_add(b, "customer", "name=宝钢|city=上海|value=120.50|tag=vip,new|phone=021-58307717"
                             "|owner=wang|created=2026-03-01");
    bench_add(b, "customer", "name=ACME Ltd|city=Boston|value=80|dnc=yes|created=2026-01-15"
                             "|phone=+1 212 555 0142|email=a@acme.com|country=US");
    bench_add(b, "customer", "name=王芳|value=0|tag=vip|created=2025-12-31");
    bench_add(b, "customer", "org=鞍钢|stage=potential|note=and (or) 'x'");
    bench_add(b, "person", "customer=1|name=李雷|role=decider|phone=13800138000");
    bench_add(b, "person", "customer=1|name=Han|role=user");
    bench_add(b, "person", "customer=2|name=Kim|role=decider|reports=2");
    bench_add(b, "deal", "customer=2|name=Pipes|expected=2026-07-01|value=5");
    bench_add(b, "deal", "customer=2|name=Rails|expected=2026-10-01");
    bench_sql(b, "INSERT INTO call (id, customer, number, mode, driver, state, placed_at) VALUES"
                 " (1, 1, '+862158307717', 'preview', 'sim', 'ended', 1772586000000),"
                 " (2, 1, '+862158307717', 'preview', 'sim', 'ended', 1772500000000)");
}

static void comparisons(void **state)
{
    Bench *b = *state;
    fill(b);
    assert_ids(b, "customer", "", "1 2 3 4");
    assert_ids(b, "customer", "name=宝钢", "1");
    assert_ids(b, "customer", "name!=宝钢", "2 3 4");
    assert_ids(b, "customer", "name~acme", "2");
    assert_ids(b, "customer", "name~ＡＣＭＥ", "2");
    assert_ids(b, "customer", "name!~acme", "1 3 4");
    assert_ids(b, "customer", "name=", "4");
    assert_ids(b, "customer", "name!=", "1 2 3");
    assert_ids(b, "customer", "name=''", "4");
    assert_ids(b, "customer", "name = 宝钢", "1");
    assert_ids(b, "customer", "value>=80", "1 2");
    assert_ids(b, "customer", "value>80", "1");
    assert_ids(b, "customer", "value<￥80.00", "3");
    assert_ids(b, "customer", "value<=80", "2 3");
    assert_ids(b, "customer", "value=", "4");
    assert_ids(b, "customer", "dnc", "2");
    assert_ids(b, "customer", "not dnc", "1 3 4");
    assert_ids(b, "customer", "dnc=no", "1 3 4");
    assert_ids(b, "customer", "city", "1 2");
    assert_ids(b, "customer", "tag=vip", "1 3");
    assert_ids(b, "customer", "tag!=vip", "2 4");
    assert_ids(b, "customer", "tag=", "2 4");
    assert_ids(b, "customer", "tag", "1 3");
    assert_ids(b, "customer", "tag~NE", "1");
    assert_ids(b, "customer", "country=美国", "2");
    assert_ids(b, "customer", "stage=potential", "4");
    assert_ids(b, "customer", "stage~ident", "1 2 3");
    assert_ids(b, "customer", "id=2", "2");
    assert_ids(b, "customer", "name<B", "2");
    assert_ids(b, "customer", "note=\"and (or) 'x'\"", "4");
    assert_ids(b, "customer", "note~(or)", "4");
}

static void numbers_and_addresses(void **state)
{
    Bench *b = *state;
    fill(b);
    assert_ids(b, "customer", "phone=021-58307717", "1");
    assert_ids(b, "customer", "phone~5830", "1");
    assert_ids(b, "customer", "phone~021-5830", "1");
    assert_ids(b, "customer", "phone~０２１-58", "1");
    assert_ids(b, "customer", "phone!~5830", "2 3 4");
    assert_ids(b, "customer", "phone", "1 2");
    assert_ids(b, "customer", "phone=", "3 4");
    assert_ids(b, "customer", "phone~00000", "");
    assert_ids(b, "customer", "email=a@ACME.com", "2");
    assert_ids(b, "customer", "email~@acme", "2");
    assert_ids(b, "customer", "phone in (02158307717, '+1 (212) 555-0142')", "1 2");
}

static void joining(void **state)
{
    Bench *b = *state;
    fill(b);
    assert_ids(b, "customer", "city=上海 or city=Boston value>100", "1");
    assert_ids(b, "customer", "city=Boston or city=上海 and value>100", "1 2");
    assert_ids(b, "customer", "(city=Boston or city=上海) and value>100", "1");
    assert_ids(b, "customer", "(city=Boston or city=上海) value<100", "2");
    assert_ids(b, "customer", "not (city=Boston or city=上海)", "3 4");
    assert_ids(b, "customer", "not city=Boston", "1 3 4");
    assert_ids(b, "customer", "not not city=Boston", "2");
    assert_ids(b, "customer", "city in (上海, Boston)", "1 2");
    assert_ids(b, "customer", "city in (上海,Boston)", "1 2");
    assert_ids(b, "customer", "city not in (上海)", "2 3 4");
    assert_ids(b, "customer", "city NOT IN (上海, ' ')", "2");
    assert_ids(b, "customer", "city in (上海, ' ')", "1 3 4");
    assert_ids(b, "customer", "tag in (new, x)", "1");
    assert_ids(b, "customer", "tag not in (new, ' ')", "3");
    assert_ids(b, "customer", "id in (1, 3) name!=", "1 3");
    assert_ids(b, "customer", "stage in (potential, identify) AND id>2", "3 4");
    assert_ids(b, "customer", "city='and'", "");
    assert_ids(b, "customer", "（city=Boston or city=上海）", "1 2");
    assert_ids(b, "customer", "id＝2", "2");
}

static void moments(void **state)
{
    Bench *b = *state;
    fill(b);
    assert_ids(b, "customer", "created=today", "4");
    assert_ids(b, "customer", "created=2026-03-01", "1");
    assert_ids(b, "customer", "created>2026-03-01", "4");
    assert_ids(b, "customer", "created>=2026-03-01", "1 4");
    assert_ids(b, "customer", "created<2026-03-01", "2 3");
    assert_ids(b, "customer", "created<=2026-03-01", "1 2 3");
    assert_ids(b, "customer", "created=2026-Q1", "1 2 4");
    assert_ids(b, "customer", "created!=2026-Q1", "3");
    assert_ids(b, "customer", "created>=-30d", "1 4");
    assert_ids(b, "customer", "created=2025", "3");
    assert_ids(b, "customer", "created=2026年3月", "1 4");
    assert_ids(b, "customer", "created in (today, 2025, 2026-03-01)", "1 3 4");
    assert_ids(b, "customer", "created not in (today, 2025)", "1 2");
    assert_ids(b, "customer", "created='2026-03-04 10:20:30'", "4");
    assert_ids(b, "customer", "created>now", "");
    assert_ids(b, "customer", "last_call>=-4h", "1");
    assert_ids(b, "deal", "expected=2026-Q3", "1");
    assert_ids(b, "deal", "expected>2026-Q3", "2");
    assert_ids(b, "deal", "expected>=2026-Q3", "1 2");
    assert_ids(b, "deal", "expected<2026-Q3", "");
    assert_ids(b, "deal", "expected<=2026-Q3", "1");
    assert_ids(b, "deal", "expected~2026-1", "2");
    bench_set(b, "deal", 1, "expected=下周三");
    assert_ids(b, "deal", "expected=下周三", "1");
    assert_ids(b, "deal", "expected=2026-03-11", "1");
    assert_ids(b, "deal", "expected='2026-03-11 14:00'", "1");
    assert_ids(b, "deal", "expected=next-week", "1");
}

/* On the day that the clock is put back a day has 25 hours, and is a day all the same. */
static void a_long_day_is_one_day(void **state)
{
    Bench *b = *state;
    bench_add(b, "customer", "name=a");
    bench_add(b, "deal", "customer=1|name=x|expected=2026-10-25");
    bench_begin(b);
    bench_must(b, setting_set(b->crm, "zone", "Europe/Berlin", &b->err));
    bench_commit(b);
    bench_must(b, crm_reload(b->crm, &b->err));
    assert_ids(b, "deal", "expected=2026-10-25", "1");
    assert_ids(b, "deal", "expected='2026-10-25 00:30'", "1");
    assert_ids(b, "deal", "expected<=2026-10-24", "");
}

static void related_and_computed(void **state)
{
    Bench *b = *state;
    fill(b);
    assert_ids(b, "customer", "owner.name=wang", "1");
    assert_ids(b, "customer", "owner.name!=wang", "2 3 4");
    assert_ids(b, "customer", "owner=wang", "1");
    assert_ids(b, "customer", "owner=", "2 3 4");
    assert_ids(b, "customer", "stage.position>=2", "4");
    assert_ids(b, "customer", "person.role=decider", "1 2");
    assert_ids(b, "customer", "person.role!=user", "2 3 4");
    assert_ids(b, "customer", "owner.name=", "2 3 4");
    assert_ids(b, "customer", "owner.name!=", "1");
    assert_ids(b, "customer", "not owner.name=''", "1");
    assert_ids(b, "customer", "person.role=", "3 4");
    assert_ids(b, "customer", "person.reports!=", "2");
    assert_ids(b, "person", "customer.owner.name=", "3");
    assert_ids(b, "customer", "person.role in (user, coach)", "1");
    assert_ids(b, "customer", "person.reports.role=user", "2");
    assert_ids(b, "person", "customer.city=上海 role=user", "2");
    assert_ids(b, "person", "customer.owner.name~WA", "1 2");
    assert_ids(b, "deal", "customer.country=US value>1", "1");
    assert_ids(b, "customer", "deal.expected>=2026-Q3", "2");
    assert_ids(b, "customer", "call.state=ended", "1");
    assert_ids(b, "customer", "calls=2", "1");
    assert_ids(b, "customer", "calls>0", "1");
    assert_ids(b, "customer", "calls=0", "2 3 4");
    assert_ids(b, "customer", "last_call=today", "1");
    assert_ids(b, "customer", "last_call=", "2 3 4");
    assert_ids(b, "customer", "deciders>0 people>1", "1");
    assert_ids(b, "customer", "contact.value~555", "2");
}

static void owner_is_me(void **state)
{
    Bench *b = *state;
    char fields[100];
    fill(b);
    snprintf(fields, sizeof fields, "name=boss|role=owner|account=%s", crm_user(b->crm));
    bench_add(b, "user", fields);
    bench_must(b, crm_reload(b->crm, &b->err));
    bench_set(b, "customer", 3, "owner=boss");
    assert_ids(b, "customer", "owner=me", "3");
    assert_ids(b, "customer", "owner!=me", "1 2 4");
    assert_ids(b, "customer", "owner in (me, wang)", "1 3");
}

/* ---- errors ---------------------------------------------------------------------------------- */

/* Refused; `where` is the part of the text that the error points at. */
static void refused(Bench *b, const char *text, const char *msg, const char *where)
{
    Filter f;
    b->err = (Error){ 0 };
    if (filter_text(b->crm, bench_type(b, "customer"), str(text), &b->a, &f, &b->err))
        fail_msg("'%s' is a filter: %s", text, f.sql);
    if (strcmp(b->err.msg, msg) != 0)
        fail_msg("'%s': %s", text, b->err.msg);
    const char *at = strstr(text, where);
    if (!at || b->err.at != at - text || b->err.width != (int)strlen(where))
        fail_msg("'%s': at %d, %d wide", text, b->err.at, b->err.width);
}

static void errors_say_what_and_where(void **state)
{
    Bench *b = *state;
    refused(b, "dnc valeu>8", "customers have no field 'valeu'", "valeu");
    assert_string_equal(b->err.hint, "nearest: value");
    assert_int_equal(b->err.code, ERR_USAGE);
    refused(b, "(city=x or valeu>8)", "customers have no field 'valeu'", "valeu");
    refused(b, "王芳", "customers have no field '王芳'", "王芳");
    assert_string_equal(b->err.hint, "customer find 王芳 looks for words");
    refused(b, "value>lots", "value: not an amount of money: 'lots'", "lots");
    assert_int_equal(b->err.code, ERR_INVALID);
    refused(b, "created>=someday", "'someday' is not a day or a time", "someday");
    refused(b, "stage=potentail", "no stage 'potentail'", "potentail");
    assert_string_equal(b->err.hint, "did you mean 'potential'?");
    assert_int_equal(b->err.code, ERR_NOT_FOUND);
    refused(b, "kind in (firm, frim)", "kind: not one of its choices: 'frim'", "frim");
    refused(b, "tag=vip,new", "tag: a tag has no comma: 'vip,new'", "vip,new");
    assert_string_equal(b->err.hint, "tag in (a, b)");
    refused(b, "value>", "a value is missing after value>", "value");
    refused(b, "name~", "a value is missing after name~", "name");
    refused(b, "stage>potential", "stage (ref) cannot be compared by >", "stage");
    refused(b, "dnc<yes", "dnc (bool) cannot be compared by <", "dnc");
    refused(b, "created~2026", "created (time) cannot be compared by ~", "created");
    refused(b, "value!~12", "value (money) cannot be compared by !~", "value");
    refused(b, "city.name=x", "city of a customer is no other record: nothing comes after its dot",
            "city.name");
    refused(b, "owner.nam=x", "users have no field 'nam'", "owner.nam");
    refused(b, "persn.role=user", "customers have no field 'persn'", "persn.role");
    refused(b, "name in x", "in wants a list in parentheses at 'x'", "x");
    refused(b, "name in ()", "a value is missing at ')'", ")");
    refused(b, "(city=x", "a ) is missing at the end of the filter", "");
    refused(b, "city=x)", "what does not belong there at ')'", ")");
    refused(b, "value<>80", "'<>' is no operator", "<>");
    assert_string_equal(b->err.hint, "!= is not, >= at least, <= at most, !~ does not contain; "
                                     "quote a value that begins so");
    refused(b, "city==x", "'==' is no operator", "==");
    refused(b, "city=~x", "'=~' is no operator", "=~");
    refused(b, "value=>80", "'=>' is no operator", "=>");
}

/* Words of a command line, from the lexer or (raw) from argv. */
static bool words(Bench *b, const char *const *argv, int n, Filter *f)
{
    char *copy[16];
    for (int i = 0; i < n; i++)
        copy[i] = arena_strdup(&b->a, argv[i]);
    Words w = lex_argv(copy, n, &b->a);
    b->err = (Error){ 0 };
    return filter_words(b->crm, bench_type(b, "customer"), w.w, w.n, &b->a, f, &b->err);
}

static void raw_words_are_one_comparison_each(void **state)
{
    Bench *b = *state;
    Filter f;
    fill(b);
    bench_must(b, words(b, (const char *[]){ "name=ACME Ltd", "value>=80" }, 2, &f));
    assert_string_equal(f.text, "name=\"ACME Ltd\" value>=80");
    assert_ids(b, "customer", f.text, "2");
    bench_must(b, words(b, (const char *[]){ "note=and (or) 'x'" }, 1, &f));
    assert_ids(b, "customer", f.text, "4");
    bench_must(b, words(b, (const char *[]){ "(", "city=上海", "or", "dnc", ")", "not", "tag=new" },
                        7, &f));
    assert_ids(b, "customer", f.text, "2");
    bench_must(b, words(b, (const char *[]){ "city", "in", "(上海,Boston)" }, 3, &f));
    assert_ids(b, "customer", f.text, "1 2");
    assert_false(words(b, (const char *[]){ "id in (1, 2)" }, 1, &f));
    assert_string_equal(b->err.msg, "'id in ' is not one comparison");
    assert_non_null(strstr(b->err.hint, "--where"));
    assert_false(words(b, (const char *[]){ "dnc", "valeu>80" }, 2, &f));
    assert_int_equal(b->err.at, 4);
    assert_int_equal(b->err.width, 5);
}

static void limits_are_said(void **state)
{
    Bench *b = *state;
    Filter f;
    Buf text = { 0 };
    for (int i = 0; i < 500; i++)
        buf_printf(&text, "%sid=%d", i ? " or " : "", i);
    assert_false(
        filter_text(b->crm, bench_type(b, "customer"), buf_as_str(&text), &b->a, &f, &b->err));
    assert_int_equal(b->err.code, ERR_USAGE);
    assert_non_null(strstr(b->err.msg, "too many comparisons"));
    buf_reset(&text);
    buf_cstr(&text, "id in (");
    for (int i = 0; i < 20000; i++)
        buf_printf(&text, "%s%d", i ? ", " : "", i);
    buf_cstr(&text, ")");
    b->err = (Error){ 0 };
    assert_string_equal(bench_ids(b, "customer", text.s), "");
    buf_reset(&text);
    for (int i = 0; i < 100; i++)
        buf_cstr(&text, "reports.");
    buf_cstr(&text, "name=x");
    assert_false(
        filter_text(b->crm, bench_type(b, "person"), buf_as_str(&text), &b->a, &f, &b->err));
    assert_non_null(strstr(b->err.msg, "more than 6 dots"));
    buf_release(&text);
}

/* As deep as may be runs; one more is refused in words. */
static void nesting_runs_or_is_refused(void **state)
{
    Bench *b = *state;
    static const char *const openers[] = { "(", "not (", "not " };
    fill(b);
    for (int o = 0; o < 3; o++) {
        int deepest = 0;
        for (int depth = 1; depth < 60; depth++) {
            Filter f;
            Buf text = { 0 };
            bool holds;
            for (int i = 0; i < depth; i++)
                buf_cstr(&text, openers[o]);
            buf_cstr(&text, "person.reports.reports.reports.reports.reports.role!=user");
            for (int i = 0; i < depth && o < 2; i++)
                buf_char(&text, ')');
            b->err = (Error){ 0 };
            if (filter_text(b->crm, bench_type(b, "customer"), buf_as_str(&text), &b->a, &f,
                            &b->err)) {
                bench_must(b,
                           filter_holds(b->crm, bench_type(b, "customer"), &f, 1, &holds, &b->err));
                deepest = depth;
            } else {
                assert_non_null(strstr(b->err.msg, "nested too deeply"));
            }
            buf_release(&text);
        }
        assert_true(deepest >= 9);
    }
}

/* ---- the same filter written again ----------------------------------------------------------- */

static void its_text_is_the_same_filter(void **state)
{
    Bench *b = *state;
    static const char *const filters[] = {
        "name='a b'", "name=\"it's \\\"so\\\"\"", "(city=x or not dnc) value>=80 tag!=",
        "city in ('a, b', c)",
        "name = x", "note~'(and)'", "name='and' and city='or'", "city not in (a,b)",
        "note='a\nb\tc'",
        "（city=上海 or tag=vip）", "name='=x'", "owner.name~'\\\\'", "note=a\\ b",
        "name='#x' city=x#y", "city=a;b", "city=甲；乙 name=x", "email=;,:", NULL
    };
    for (int i = 0; filters[i]; i++) {
        Filter f, g;
        bench_must(
            b,
            filter_text(b->crm, bench_type(b, "customer"), str(filters[i]), &b->a, &f, &b->err)
                && filter_text(b->crm, bench_type(b, "customer"), str(f.text), &b->a, &g, &b->err));
        assert_string_equal(f.sql, g.sql);
        assert_string_equal(f.text, g.text);
        assert_int_equal(f.n, g.n);
        for (int k = 0; k < f.n; k++)
            if (!value_eq(f.bind[k], g.bind[k]))
                fail_msg("%s became %s", filters[i], f.text);
    }
}

static void no_semicolon_or_newline_ends_it(void **state)
{
    Bench *b = *state;
    Filter f;
    bench_must(b, filter_text(b->crm, bench_type(b, "customer"),
                              STR("city=a;b\nand value>=80"), &b->a, &f, &b->err));
    assert_string_equal(f.text, "city=\"a;b\" and value>=80");
}

static void filters_are_combined(void **state)
{
    Bench *b = *state;
    Filter x, y, all;
    int64_t n;
    const Type *t = bench_type(b, "customer");
    fill(b);
    bench_must(b, filter_text(b->crm, t, STR("id=1 or id=2"), &b->a, &x, &b->err)
                  && filter_text(b->crm, t, STR("value>100 or city="), &b->a, &y, &b->err)
                  && filter_text(b->crm, t, STR(""), &b->a, &all, &b->err));
    Filter both = filter_and(&x, &y, &b->a), rest = filter_and_not(&x, &y, &b->a);
    Filter none = filter_and_not(&all, &all, &b->a), same = filter_and(&all, &x, &b->a);
    bench_must(b, select_count(b->crm, t, &both, &n, &b->err));
    assert_int_equal(n, 1);
    assert_ids(b, "customer", both.text, "1");
    assert_ids(b, "customer", rest.text, "2");
    assert_string_equal(same.text, x.text);
    bench_must(b, select_count(b->crm, t, &none, &n, &b->err));
    assert_int_equal(n, 0);
    bench_must(b, filter_text(b->crm, t, STR("name!=a(b"), &b->a, &y, &b->err));
    both = filter_and(&x, &y, &b->a);            /* the ( of a value opens nothing */
    assert_ids(b, "customer", both.text, "1 2");
    bench_must(b, filter_text(b->crm, t, STR("name!=a）"), &b->a, &y, &b->err));
    both = filter_and(&x, &y, &b->a);            /* nor does its ） close anything */
    assert_ids(b, "customer", both.text, "1 2");
    assert_ids(b, "customer", "(name ~ x,y or id in (1,2))", "1 2");  /* x,y is one value */
}

/* ---- every field, every operator, every value ------------------------------------------------ */

typedef struct Sweep { Bench *b; const Type *t; int64_t all; int ran, refused; } Sweep;

/* Rows for which it holds, -1 when it was refused in words. */
static int64_t rows_of(Sweep *s, const char *field, const char *op, Str value)
{
    Filter f;
    int64_t n;
    Bench *b = s->b;
    Buf word = { 0 };
    buf_printf(&word, "%s%s", field, op);
    buf_str(&word, value);
    Word w = { .text = buf_as_str(&word), .raw = true };
    b->err = (Error){ 0 };
    bool ok = filter_words(b->crm, s->t, &w, 1, &b->a, &f, &b->err);
    if (!ok && (b->err.code == ERR_FAILED || b->err.code == ERR_DATABASE || !b->err.msg[0]))
        fail_msg("%s: %s: %s", s->t->name, word.s, b->err.msg);
    if (ok && !select_count(b->crm, s->t, &f, &n, &b->err))
        fail_msg("%s: %s: %s: %s", s->t->name, word.s, f.sql, b->err.msg);
    buf_release(&word);
    s->ran += ok;
    s->refused += !ok;
    return ok ? n : -1;
}

static void one_value(Sweep *s, const char *field, Str value)
{
    static const char *const pairs[][2] = { { "=", "!=" }, { "~", "!~" } };
    static const char *const others[] = { "<", "<=", ">", ">=" };
    for (int i = 0; i < 2; i++) {
        int64_t yes = rows_of(s, field, pairs[i][0], value),
                no = rows_of(s, field, pairs[i][1], value);
        if ((yes < 0) != (no < 0) || (yes >= 0 && yes + no != s->all))
            fail_msg("%s.%s%s%.*s: %d and %d of %d", s->t->name, field, pairs[i][0],
                     STR_ARG(value), (int)yes, (int)no, (int)s->all);
    }
    for (int i = 0; i < 4; i++)
        rows_of(s, field, others[i], value);
}

static void every_field_and_operator_runs(void **state)
{
    Bench *b = *state;
    static char endless[20000];
    memset(endless, '9', sizeof endless);
    const Str values[] = {
        STR("1"), STR(""), STR(" "), STR("-5"), STR("0.5"), STR("yes"), STR("today"),
        STR("2026-Q3"),
        STR("下周三"), STR("-30d"), STR("vip"), STR("a@b.cn"), STR("021-58307717"), STR("identify"),
        STR("x' OR 1=1 --"), STR("\"; DROP TABLE customer; --"), STR("%_\\"), STR("\xff\xfe"),
        STR("a\0b"), STR("(and) or not in (,)"), STR("?1 $ {x}"), STR("１２３"), { endless, 20000 },
    };
    Sweep s = { .b = b };
    int n;
    const Type *const *types = schema_types(b->crm->schema, &n);
    fill(b);
    for (int k = 0; k < n; k++) {
        s.t = types[k];
        s.all = bench_int(b, arena_printf(&b->a, "SELECT count(*) FROM \"%s\"", s.t->table));
        for (int i = 0; i < s.t->n; i++) {
            for (size_t v = 0; v < sizeof values / sizeof *values; v++)
                one_value(&s, s.t->fields[i].name, values[v]);
            rows_of(&s, s.t->fields[i].name, "", STR(""));
        }
        arena_release(&b->a);
    }
    assert_true(s.ran > 10000);
    assert_true(s.refused > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(comparisons), test(numbers_and_addresses), test(joining), test(moments),
        test(a_long_day_is_one_day), test(related_and_computed), test(owner_is_me),
        test(errors_say_what_and_where), test(raw_words_are_one_comparison_each),
        test(limits_are_said), test(nesting_runs_or_is_refused), test(its_text_is_the_same_filter),
        test(no_semicolon_or_newline_ends_it),
        test(filters_are_combined), test(every_field_and_operator_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
