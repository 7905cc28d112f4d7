/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_import.c -- columns, keys, the match rule, rejects, and all of it taken back.
 */
#include "import_testing.h"

/* ---- columns --------------------------------------------------------------------------------- */

static void headers_in_two_languages(void **state)
{
    Bench *b = *state;
    bench_import(b,
                 "姓名,手机号,公司名称,E-mail Address,Zip "
                 "Code\n王芳,13800138000,宝钢,Wang@EXAMPLE.com,200000\n",
                 "");
    bench_report(b, 1, 0, 0, 0, 0);
    assert_string_equal(bench_rows(b, "customer list --fields name,phone,org,email,postcode"),
                        "王芳\t+8613800138000\t宝钢\twang@example.com\t200000\n");
}

static void names_from_parts(void **state)
{
    Bench *b = *state;
    bench_import(b, "First Name,Last Name,Middle Name\nAda,Lovelace,King\n芳,王,\n,Cher,\n", "");
    assert_string_equal(bench_rows(b, "customer list --fields name"),
                        "Ada King Lovelace\n王芳\nCher\n");
}

static void a_firm_and_somebody_there(void **state)
{
    Bench *b = *state;
    bench_import(b,
                 "CompanyName,ContactName,ContactTitle,Phone,Country\nAlfreds,Maria "
                 "Anders,Sales,(212) 555-0142,United States\n",
                 "");
    assert_string_equal(bench_rows(b, "customer list --fields name,kind,org,phone,country,people"),
                        "Alfreds\tfirm\t\t+12125550142\tUS\t1\n");
    assert_string_equal(bench_rows(b, "person list --fields name,title,customer"),
                        "Maria Anders\tSales\t1\n");
    bench_import(b, "Contact Name,Company\n李雷,宝钢\n",
                 ""); /* without a phone nothing recognises it */
    assert_string_equal(bench_rows(b, "customer list id=2 --fields name,kind,people"),
                        "宝钢\tfirm\t1\n");
}

static void a_contact_alone_is_the_customer(void **state)
{
    Bench *b = *state;
    bench_import(b, "联系人,电话\n李雷,13800138000\n", "");
    assert_string_equal(bench_rows(b, "customer list --fields name,people"), "李雷\t0\n");
}

static void unknown_columns_stop(void **state)
{
    Bench *b = *state;
    assert_false(bench_try(b, "customer import", "name,意向,size\nx,高,1\n", ""));
    assert_string_equal(b->d->err.msg, "columns 意向, size match no field");
    assert_non_null(strstr(b->d->err.hint, "--map 意向=FIELD"));
    assert_non_null(strstr(b->d->err.hint, "--create-fields"));
    assert_non_null(strstr(b->d->err.hint, "--ignore-unknown"));
    bench_says(b, "意向 -> ?");
    assert_string_equal(desk_cell(b->d, "customer count --no-header"), "0");
    bench_import(b, "name,意向,size\nx,高,1\n", "--map 意向=note --map size=");
    assert_string_equal(bench_rows(b, "customer list --fields name,note"), "x\t高\n");
}

static void map_names_what_is_there(void **state)
{
    Bench *b = *state;
    assert_false(bench_try(b, "customer import", "a,b\n1,2\n", "--map c=name"));
    assert_int_equal(b->d->err.code, ERR_USAGE);
    assert_non_null(strstr(b->d->err.detail, "a"));
    assert_false(bench_try(b, "customer import", "a,b\n1,2\n", "--map a=nmae"));
    assert_non_null(strstr(b->d->err.hint, "name"));
    bench_import(b, "a,b\n宝钢,王芳\n", "--map a=name --map b=person.name");
    assert_string_equal(bench_rows(b, "person list --fields name,customer"), "王芳\t1\n");
}

static void twice_the_same_header(void **state)
{
    Bench *b = *state;
    bench_import(b, "Name,Email,Name,Email\nJo,jo@a.com,J,jo@b.com\n", "--create-fields");
    assert_string_equal(bench_rows(b, "customer list --fields name,name_2,email"),
                        "Jo\tJ\tjo@a.com\n");
    assert_string_equal(bench_rows(b, "contact list kind=email --fields value,position"),
                        "jo@a.com\t1\njo@b.com\t2\n");
}

static void without_header(void **state)
{
    Bench *b = *state;
    bench_import(b, "Jo|13800138000\nAl|13800138001\n", "--columns name,phone");
    assert_string_equal(bench_rows(b, "customer list --fields name,phone"),
                        "Jo\t+8613800138000\nAl\t+8613800138001\n");
}

/* ---- created fields -------------------------------------------------------------------------- */

static void kinds_of_created_fields(void **state)
{
    Bench *b = *state;
    Buf text = { 0 };
    buf_cstr(&text, "Customer Id,n,share,zip2,long,ok,day,us,level,2nd,令牌\n");
    for (int i = 0; i < 40; i++)
        buf_printf(&text,
                   "C%d,%d,%d.5,0%d,12345678901234567,%s,2026-01-%02d,1/%d/2026,%s,x%d,t%d\n", i,
                   i - 5, i, i, i % 2 ? "yes" : "no", i % 28 + 1, i % 28 + 1,
                   i % 3 ? "high" : "low", i, i);
    bench_import(b, text.s, "--create-fields --key 'Customer Id'");
    bench_report(b, 40, 0, 0, 0, 0);
    assert_string_equal(bench_rows(b, "field list --fields name,label,kind,choices"),
                        "customer_id\tCustomer "
                        "Id\ttext\t\nn\tn\tint\t\nshare\tshare\tnumber\t\nzip2\tzip2\ttext\t\n"
                        "long\tlong\ttext\t\nok\tok\tbool\t\nday\tday\tdate\t\nus\tus\tdate\t\n"
                        "level\tlevel\tchoice\tlow,high\nc_2nd\t2nd\ttext\t\n令牌\t令牌\ttext\t\n");
    assert_string_equal(desk_cell(b->d, "customer count ok=yes --no-header"), "20");
    assert_string_equal(bench_rows(b, "customer list customer_id=C13 --fields us,zip2"),
                        "2026-01-14\t013\n");
    bench_import(b, text.s, "--key customer_id");
    bench_report(b, 0, 0, 40, 0, 0);
    bench_says(b, "nothing was changed");
    buf_release(&text);
}

static void few_rows_make_no_choice(void **state)
{
    Bench *b = *state;
    bench_import(b, "name,level,when\na,low,1/2/2026\nb,high,2/1/2026\n", "--create-fields");
    assert_string_equal(bench_rows(b, "field list --fields name,kind"),
                        "level\ttext\nwhen\ttext\n");
}

/* ---- same or not ----------------------------------------------------------------------------- */

static void known_by_phone_then_email(void **state)
{
    Bench *b = *state;
    bench_import(b, "name,phone,email\nA,138 0013 8000,a@x.com\nB,13800138001,b@x.com\n", "");
    bench_import(b, "name,phone,email\nA,+86 13800138000,\nB,,B@X.com\nC,13800138002,c@x.com\n",
                 "");
    bench_report(b, 1, 0, 2, 0, 0);
}

static void a_later_row_is_an_earlier_one(void **state)
{
    Bench *b = *state;
    bench_import(
        b,
        "name,phone,city\nA,13800138000,\nA,13800138000,北京\nA,13800138000,北京\nB,13800138000,\n",
        "");
    bench_report(b, 1, 1, 1, 1, 0);
    assert_string_equal(bench_rows(b, "customer list --fields name,city"), "A\t北京\n");
}

/* Known records are read ahead in order of ids: what a row has just written is seen all the same.
 */
static void known_rows_in_any_order(void **state)
{
    Bench *b = *state;
    bench_import(b, "name,phone,city\nA,13800138000,\nB,13800138001,\nC,13800138002,\n"
                    "D,13800138003,\n", "");
    bench_import(b, "name,phone,city\nA,13800138000,\nB,13800138001,北京\nB,13800138001,北京\n"
                    "C,13800138002,上海\nB,13800138001,北京\nD,13800138003,\nA,13800138000,广州\n"
                    "C,13800138002,上海\nD,13800138003,\n", "");
    bench_report(b, 0, 3, 6, 0, 0);
    bench_import(b, "name,email,phone\nD,d@x.com,13800138003\nC,c@x.com,13800138002\n"
                    "C,c@x.com,13900138002\nD,d@x.com,13900138003\nC,,13900138002\n", "");
    bench_report(b, 0, 4, 1, 0, 0);
    assert_string_equal(bench_rows(b, "customer list --fields id,city,phone"),
                        "1\t广州\t+8613800138000\n2\t北京\t+8613800138001\n"
                        "3\t上海\t+8613800138002\n4\t\t+8613800138003\n");
}

static void what_the_match_rule_does(void **state)
{
    Bench *b = *state;
    static const char base[] = "name,phone,city,note\nA,13800138000,北京,\nB,13800138001,,\n";
    static const char next[] = "name,phone,city,note\nA2,13800138000,上海,n\nB,13800138001,,\n";
    bench_import(b, base, "");
    bench_import(b, next, "--on-match skip");
    bench_report(b, 0, 0, 1, 1, 0);
    bench_import(b, next, "--on-match reject");
    bench_report(b, 0, 0, 1, 0, 1);
    assert_non_null(strstr(bench_read(b, "in.rejects.csv"), "A2,13800138000,上海,n,2,"));
    bench_import(b, next, "");                                 /* fill */
    bench_report(b, 0, 1, 1, 0, 0);
    assert_string_equal(bench_rows(b, "customer list id=1 --fields name,city,note"),
                        "A\t北京\tn\n");
    bench_import(b, next, "--on-match update");
    bench_report(b, 0, 1, 1, 0, 0);
    assert_string_equal(bench_rows(b, "customer list id=1 --fields name,city,note"),
                        "A2\t上海\tn\n");
    bench_import(b, "name,phone,city,note\n,13800138000,,\n", "--on-match update");
    bench_report(b, 0, 0, 1, 0, 0);                            /* empty cells say nothing */
}

static void numbers_are_added_or_replaced(void **state)
{
    Bench *b = *state;
    bench_import(b, "name,email,phone\nA,a@x.com,13800138000\n", "");
    bench_import(b, "email,phone\na@x.com,13800138001\n", "--key email");
    bench_report(b, 0, 1, 0, 0, 0);
    assert_string_equal(bench_rows(b, "contact list kind=phone --fields value,position"),
                        "+8613800138000\t1\n+8613800138001\t2\n");
    bench_import(b, "email,phone\na@x.com,13800138001\n", "--key email");
    bench_report(b, 0, 0, 1, 0, 0);                            /* it has that number */
    bench_import(b, "email,phone\na@x.com,13800138002\n", "--key email --on-match update");
    assert_string_equal(bench_rows(b, "contact list kind=phone --fields value,position"),
                        "+8613800138002\t1\n+8613800138001\t2\n");
}

static void several_records_reject_the_row(void **state)
{
    Bench *b = *state;
    bench_import(b, "name,phone,email\nA,13800138000,a@x.com\nB,13800138001,b@x.com\n", "");
    bench_import(b, "name,phone\nC,13800138000 / 13800138001\n", "");
    bench_report(b, 0, 0, 0, 0, 1);
    assert_non_null(strstr(bench_read(b, "in.rejects.csv"), "is 2 records by its key: 1 2"));
}

static void composite_keys(void **state)
{
    Bench *b = *state;
    bench_import(b, "name,city\nＡＢＣ,北京\nabc,上海\nABC,北京\n", "--key name+city");
    bench_report(b, 2, 0, 0, 1, 0); /* the third differs in its letters' width only */
    bench_import(b, "name,city\nabc,北京\n abc ,上海\nabc,\n", "--key name+city");
    bench_report(b, 1, 0, 1, 1, 0);                            /* without a city there is no key */
}

static void the_id_only_when_asked(void **state)
{
    Bench *b = *state;
    bench_import(b, "id,name\n7,A\n8,B\n", "");
    bench_says(b, "not used (--key id matches by it): id");
    bench_import(b, "id,name\n2,B2\n9,C\n1,A\n", "--key id --on-match update");
    bench_report(b, 1, 1, 1, 0, 0);
    assert_string_equal(bench_rows(b, "customer list --fields id,name"), "1\tA\n2\tB2\n3\tC\n");
}

static void a_key_must_have_a_column(void **state)
{
    Bench *b = *state;
    assert_false(bench_try(b, "customer import", "name\nx\n", "--key phone"));
    assert_int_equal(b->d->err.code, ERR_USAGE);
    assert_non_null(strstr(b->d->err.msg, "phone"));
}

/* A small file is looked up key by key, a large one by an index in memory: the same comes of it. */
static void few_rows_beside_a_large_base(void **state)
{
    Bench *b = *state;
    Buf text = { 0 };
    buf_cstr(&text, "name,phone,email\n");
    for (int i = 0; i < 500; i++)
        buf_printf(&text, "N%d,1380013%04d,N%d@x.com\n", i, i, i);
    bench_import(b, text.s, "");
    bench_import(b,
                 "name,phone,email\nN3,13800130003,\nN4,,n4@x.com\nN5,,N5@X.com\nM,13900139000,\nM,"
                 "13900139000,\n",
                 "");
    bench_report(b, 1, 0, 4, 0, 0);
    buf_release(&text);
}

/* ---- cells ----------------------------------------------------------------------------------- */

static void number_cells(void **state)
{
    Bench *b = *state;
    bench_import(b,
                 "name,办公电话\nA,021-58307717转801 / "
                 "13800138000\nB,n/a\nC,1.38E+10\nD,12345678901234567890123\n",
                 "");
    bench_report(b, 4, 0, 0, 0, 0);
    bench_says(b, "1 number that a spreadsheet rounded");
    assert_string_equal(bench_rows(b, "contact list customer=1 --fields value,ext,label,country"),
                        "+862158307717\t801\twork\tCN\n+8613800138000\t\twork\tCN\n");
    assert_string_equal(bench_rows(b, "contact list customer=2 --fields value"), "");
    assert_string_equal(bench_rows(b, "contact list customer=3 --fields value,valid"),
                        "1.38E+10\tno\n");
}

static void cells_are_trimmed_and_guarded(void **state)
{
    Bench *b = *state;
    bench_import(b, "name,note\n  A  ,'=1+1\n　宽　,'tis\n\"B\nb\",\"-5\"\n", "");
    assert_string_equal(bench_rows(b, "customer list --fields name,note"),
                        "A\t=1+1\n宽\t'tis\nB\\nb\t-5\n");
}

static void wrong_values_reject_their_row(void **state)
{
    Bench *b = *state;
    bench_import(b,
                 "name,value,kind,created\nA,12.50,person,2026-01-02\nB,lots,,\nC,,robot,\nD,,,31."
                 "02.2026\nE,,,\n",
                 "");
    bench_report(b, 2, 0, 0, 0, 3);
    const char *text = bench_read(b, "in.rejects.csv");
    assert_non_null(strstr(text, "name,value,kind,created,line,reason\n"));
    assert_non_null(strstr(text, "B,lots,,,3,"));
    assert_non_null(strstr(text, "C,,robot,,4,"));
    assert_non_null(strstr(text, "D,,,31.02.2026,5,"));
    struct stat st;
    assert_int_equal(stat(bench_path(b, "in.rejects.csv"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void dates_by_the_whole_column(void **state)
{
    Bench *b = *state;
    bench_import(b, "name,created\nA,01/02/2026\nB,01/31/2026\n", "");
    assert_string_equal(bench_rows(b, "customer list created=2026-01-02 --fields name"), "A\n");
    bench_import(b, "name,created\nC,03/04/2026\n", "");
    bench_report(b, 0, 0, 0, 0, 1);
    assert_non_null(strstr(bench_read(b, "in.rejects.csv"), "two days"));
}

static void ragged_rows(void **state)
{
    Bench *b = *state;
    bench_import(b, "name,city,note\nA,北京\nB,b,c,d\nC,,,,\n\n,,\nD,d,d\n", "");
    bench_report(b, 3, 0, 0, 0, 1);
    bench_says(b, "1 row with too few cells");
    bench_says(b, "2 empty lines left out");
    assert_string_equal(bench_read(b, "in.rejects.csv"),
                        "name,city,note,line,reason\nB,b,c,3,4 cells in a row of 3 columns,d\n");
}

static void a_mended_reject_file_goes_in(void **state)
{
    Bench *b = *state;
    bench_import(b, "name;value\nA;1\nB;x\n", "");
    assert_string_equal(bench_read(b, "in.rejects.csv"),
                        "name,value,line,reason\nB,x,3,value: not an amount of money: 'x'\n");
    bench_import(b, bench_read(b, "in.rejects.csv"), "");
    bench_report(b, 0, 0, 0, 0, 1);
    assert_string_equal(bench_read(b, "in.rejects-2.csv"),
                        "name,value,line,reason\nB,x,2,value: not an amount of money: 'x'\n");
    bench_import(b, "name,value,line,reason\nB,2,3,\"value: not an amount\"\n", "");
    bench_report(b, 1, 0, 0, 0, 0);
    bench_says(b, "not used (of a reject file): line, reason");
}

/* ---- other files ----------------------------------------------------------------------------- */

static void json_lines(void **state)
{
    Bench *b = *state;
    static const char text[] =
        "{\"name\":\"王芳\",\"phone\":\"13800138000\",\"tag\":[\"b\",\"a\"],\"value\":12.5}\n"
        "{\"name\":\"B\",\"person\":{\"name\":\"P\"},\"dnc\":true}\n{\"name\":}\n";
    bench_write(b, "in.jsonl", text, sizeof text - 1);
    char line[200];
    snprintf(line, sizeof line, "customer import %s", bench_path(b, "in.jsonl"));
    bool ok = desk_run(b->d, line);
    assert_false(ok); /* person.name is no column that is known */
    snprintf(line, sizeof line, "customer import %s --map person.name=person.name",
             bench_path(b, "in.jsonl"));
    desk_do(b->d, line);
    bench_report(b, 2, 0, 0, 0, 1);
    assert_string_equal(bench_rows(b, "customer list --fields name,phone,tag,value,dnc,people"),
                        "王芳\t+8613800138000\ta,b\t12.50\tno\t0\nB\t\t\t\tyes\t1\n");
    assert_non_null(strstr(bench_read(b, "in.rejects.jsonl"), "\"line\":3,\"reason\":\"not JSON"));
}

static void gb18030_with_a_euro(void **state)
{
    Bench *b = *state;
    static const char text[] =
        "\xD0\xD5\xC3\xFB,\xB1\xB8\xD7\xA2\n\xCD\xF5\xB7\xBC,5\x80\n"; /* 姓名,备注 王芳,5€ */
    bench_write(b, "in.csv", text, sizeof text - 1);
    char line[200];
    snprintf(line, sizeof line, "customer import %s", bench_path(b, "in.csv"));
    desk_do(b->d, line);
    bench_says(b, "GB18030 (guessed from 王芳");
    assert_string_equal(bench_rows(b, "customer list --fields name,note"), "王芳\t5€\n");
}

static void other_types(void **state)
{
    Bench *b = *state;
    bench_import(b, "name\n宝钢\n王芳\n", "");
    assert_true(bench_try(b, "person import",
                          "customer,name,phone,title\n1,李雷,13800138000,经理\n2,,1,x\n9,Z,,\n",
                          ""));
    bench_report(b, 1, 0, 0, 0, 2);
    assert_string_equal(bench_rows(b, "person list --fields customer,name,phone,title"),
                        "1\t李雷\t+8613800138000\t经理\n");
    assert_true(
        bench_try(b, "person import", "customer,name,title\n1,李雷,总经理\n", "--on-match update"));
    bench_report(b, 0, 1, 0, 0, 0);
    assert_false(bench_try(b, "list import", "name\nx\n", ""));
}

/* ---- lists ----------------------------------------------------------------------------------- */

static void customers_on_a_list(void **state)
{
    Bench *b = *state;
    static const char text[] = "name,phone\nA,13800138000\nB,13800138001\nA,13800138000\n";
    bench_import(b, "name,phone\nA,13800138000\n", "");
    bench_write(b, "l.csv", text, sizeof text - 1);
    char line[200];
    snprintf(line, sizeof line, "list import spring %s", bench_path(b, "l.csv"));
    desk_do(b->d, line);
    bench_report(b, 1, 0, 2, 0, 0);
    bench_says(b, "2 entries added to list spring");
    desk_do(b->d, line);
    bench_report(b, 0, 0, 3, 0, 0);
    bench_says(b, "0 entries added to list spring");
    assert_string_equal(bench_rows(b, "entry list --fields list,customer,state,attempts"),
                        "spring\t1\tnew\t0\nspring\t2\tnew\t0\n");
    desk_do(b->d, "list freeze spring");
    desk_refused(b->d, line, ERR_REFUSED, "frozen");
}

/* ---- all or nothing -------------------------------------------------------------------------- */

static const char mixed[] =
    "name,phone,level,person\nA,13800138000,1,\nB,13800138001,2,x\nC,13800138002,3,\n";

static void undo_and_redo(void **state)
{
    Bench *b = *state;
    bench_import(b, "name,phone,city\nA,13800138000,北京\n", "");
    char *before = bench_dump(b);
    bench_import(b, mixed, "--create-fields --map person=person.name");
    bench_report(b, 2, 1, 0, 0, 0);
    char *after = bench_dump(b);
    desk_do(b->d, "undo");
    char *undone = bench_dump(b);
    assert_string_equal(before, undone);
    desk_do(b->d, "redo");
    char *redone = bench_dump(b);
    assert_string_equal(after, redone);
    free(before), free(after), free(undone), free(redone);
}

static void rehearsal_and_strict_store_nothing(void **state)
{
    Bench *b = *state;
    static const char wrong[] = "name,value,extra\nA,1,5\nB,x,6\n";
    char *before = bench_dump(b);
    bench_import(b, wrong, "--create-fields --dry-run");
    bench_report(b, 1, 0, 0, 0, 1);
    bench_says(b, "would have read");
    bench_says(b, "nothing was stored");
    assert_false(bench_try(b, "customer import", wrong, "--create-fields --strict"));
    assert_int_equal(b->d->err.code, ERR_FAILED);
    assert_non_null(strstr(b->d->err.hint, "in.rejects-2.csv"));
    char *after = bench_dump(b);
    assert_string_equal(before, after);
    desk_refused(b->d, "customer list extra=5", ERR_USAGE, "extra");
    bench_import(b, "name\nA\n", "");
    assert_string_equal(bench_rows(b, "customer list --fields id"),
                        "1\n"); /* ids were given back */
    free(before), free(after);
}

static void every_write_may_fail(void **state)
{
    Bench *b = *state;
    bench_import(b, "name,phone,city\nA,13800138000,\n", "");
    char *before = bench_dump(b);
    int failed = 0;
    for (int64_t n = 1;; n++) {
        store_fail_at(b->d->crm->store, n);
        bool ok =
            bench_try(b, "customer import", mixed, "--create-fields --map person=person.name");
        store_fail_at(b->d->crm->store, 0);
        if (ok)
            break;
        char *after = bench_dump(b);
        assert_string_equal(before, after);
        free(after);
        failed++;
    }
    assert_true(failed > 5);
    bench_report(b, 2, 1, 0, 0, 0);
    free(before);
}

static bool stop(Ui *ui)
{
    (void)ui;
    return true;
}

static void interrupted(void **state)
{
    Bench *b = *state;
    b->d->ui.interrupted = stop;
    assert_false(bench_try(b, "customer import", mixed, "--ignore-unknown"));
    assert_int_equal(b->d->err.code, ERR_INTERRUPTED);
    assert_string_equal(desk_cell(b->d, "customer count --no-header"), "0");
}

/* ---- hooks ----------------------------------------------------------------------------------- */

typedef struct Watch { HookWhen when; const char *event; int calls; } Watch;

static bool wanted(void *ctx, const char *event, HookWhen when)
{
    const Watch *w = ctx;
    return when == w->when && strcmp(event, w->event) == 0;
}

/* Refuses whoever is called B, and gives everybody else a source. */
static bool watch(void *ctx, Hook *h, Error *err)
{
    Watch *w = ctx;
    w->calls++;
    Value name = record_value(h->now, "name"), phone = record_value(h->now, "phone");
    if (name.type == VALUE_TEXT && str_is(name.s, "B"))
        return (fail)(err, ERR_REFUSED, "no B here");      /* not the macro */
    assert_int_equal(phone.type, VALUE_TEXT);
    if (h->when == HOOK_BEFORE && !h->old)
        record_put_value(h->now, type_field(h->type, STR("source")), value_cstr("hook"));
    return true;
}

static void watched(Bench *b, Watch *w)
{
    b->d->crm->hook = watch;
    b->d->crm->hook_wanted = wanted;
    b->d->crm->hook_ctx = w;
}

static void a_hook_before(void **state)
{
    Bench *b = *state;
    Watch w = { HOOK_BEFORE, "customer.add", 0 };
    watched(b, &w);
    bench_import(b, mixed, "--ignore-unknown");
    bench_report(b, 2, 0, 0, 0, 1);
    assert_int_equal(w.calls, 3);
    assert_string_equal(bench_rows(b, "customer list --fields id,name,source"),
                        "1\tA\thook\n2\tC\thook\n");
    assert_non_null(strstr(bench_read(b, "in.rejects.csv"), "no B here"));
}

static void a_hook_after(void **state)
{
    Bench *b = *state;
    Watch w = { HOOK_AFTER, "customer.add", 0 };
    watched(b, &w);
    bench_import(b, mixed, "--ignore-unknown");
    bench_report(b, 2, 0, 0, 0, 1);
    assert_string_equal(bench_rows(b, "customer list --fields name,phone"),
                        "A\t+8613800138000\nC\t+8613800138002\n");
    assert_string_equal(desk_cell(b->d, "contact count --no-header"), "2");
}

static void a_hook_on_set(void **state)
{
    Bench *b = *state;
    Watch w = { HOOK_BEFORE, "customer.set", 0 };
    bench_import(b, "name,phone\nA,13800138000\nB,13800138001\n", "");
    watched(b, &w);
    bench_import(b, "phone,city\n13800138000,北京\n13800138001,上海\n", "");
    bench_report(b, 0, 1, 0, 0, 1);
    assert_string_equal(bench_rows(b, "customer list --fields name,city"), "A\t北京\nB\t\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(headers_in_two_languages),
        BENCH_TEST(names_from_parts),
        BENCH_TEST(a_firm_and_somebody_there),
        BENCH_TEST(a_contact_alone_is_the_customer),
        BENCH_TEST(unknown_columns_stop),
        BENCH_TEST(map_names_what_is_there),
        BENCH_TEST(twice_the_same_header),
        BENCH_TEST(without_header),
        BENCH_TEST(kinds_of_created_fields),
        BENCH_TEST(few_rows_make_no_choice),
        BENCH_TEST(known_by_phone_then_email),
        BENCH_TEST(a_later_row_is_an_earlier_one),
        BENCH_TEST(known_rows_in_any_order),
        BENCH_TEST(what_the_match_rule_does),
        BENCH_TEST(numbers_are_added_or_replaced),
        BENCH_TEST(several_records_reject_the_row),
        BENCH_TEST(composite_keys),
        BENCH_TEST(the_id_only_when_asked),
        BENCH_TEST(a_key_must_have_a_column),
        BENCH_TEST(few_rows_beside_a_large_base),
        BENCH_TEST(number_cells),
        BENCH_TEST(cells_are_trimmed_and_guarded),
        BENCH_TEST(wrong_values_reject_their_row),
        BENCH_TEST(dates_by_the_whole_column),
        BENCH_TEST(ragged_rows),
        BENCH_TEST(a_mended_reject_file_goes_in),
        BENCH_TEST(json_lines),
        BENCH_TEST(gb18030_with_a_euro),
        BENCH_TEST(other_types),
        BENCH_TEST(customers_on_a_list),
        BENCH_TEST(undo_and_redo),
        BENCH_TEST(rehearsal_and_strict_store_nothing),
        BENCH_TEST(every_write_may_fail),
        BENCH_TEST(interrupted),
        BENCH_TEST(a_hook_before),
        BENCH_TEST(a_hook_after),
        BENCH_TEST(a_hook_on_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
