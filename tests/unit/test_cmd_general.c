/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_testing.h"

#include <sys/stat.h>
#include <unistd.h>

/* ---- undo, redo, log ------------------------------------------------------------------------- */

static void test_undo_and_redo_by_command(void **state)
{
    Desk *d = *state;
    desk_do(d, "customer add name=a");
    desk_do(d, "customer set 1 city=上海");
    desk_do(d, "undo");
    assert_string_equal(desk_notes(d),
                        "undone: customer set 1 city=上海 (1 restored); redo brings it back\n");
    assert_string_equal(desk_cell(d, "customer count city=上海 --no-header"), "0");
    desk_do(d, "redo");
    assert_string_equal(desk_cell(d, "customer count city=上海 --no-header"), "1");
    desk_do(d, "undo");
    desk_do(d, "undo");
    assert_string_equal(desk_cell(d, "customer count --no-header"), "0");
    desk_refused(d, "undo", ERR_NOT_FOUND, "nothing to undo");
}

static void test_undo_can_be_rehearsed(void **state)
{
    Desk *d = *state;
    desk_do(d, "customer add name=a");
    desk_do(d, "undo --dry-run");
    assert_non_null(strstr(desk_notes(d), "would: undone: customer add name=a (1 removed)"));
    assert_string_equal(desk_cell(d, "customer count --no-header"), "1");
    desk_refused(d, "redo", ERR_NOT_FOUND, "nothing to redo");
}

static void test_undo_of_an_older_run_refuses_to_lose_work(void **state)
{
    Desk *d = *state;
    desk_do(d, "customer add name=a");
    desk_do(d, "customer set 1 city=上海");
    desk_refused(d, "undo 1", ERR_CONFLICT, "run 1");
    assert_non_null(strstr(d->err.detail, "customer 1"));
    assert_string_equal(desk_cell(d, "customer count city=上海 --no-header"), "1");
}

static void test_undo_of_a_field_forgets_it(void **state)
{
    Desk *d = *state;
    desk_do(d, "field add customer grade text");
    desk_do(d, "customer list grade=a");
    desk_do(d, "undo");
    assert_non_null(strstr(desk_notes(d), "1 field dropped"));
    desk_refused(d, "customer list grade=a", ERR_USAGE, "grade");
    desk_do(d, "redo");
    desk_do(d, "customer list grade=a");
}

static void test_the_list_and_the_log(void **state)
{
    Desk *d = *state;
    desk_do(d, "customer add name=a");
    desk_do(d, "customer add name=b --dry-run");  /* leaves no trace */
    desk_do(d, "customer set 1 name=a");          /* alters nothing: no entry */
    desk_do(d, "customer set 1 name=c");
    desk_do(d, "undo");
    desk_do(d, "undo --list --tsv --no-header --fields title,rows,undone");
    assert_string_equal(d->rows, "customer set 1 name=c\t1\tyes\ncustomer add name=a\t1\tno\n");
    desk_do(d, "undo --list --limit 1 --tsv --no-header --fields title");
    assert_string_equal(d->rows, "customer set 1 name=c\n");
    desk_do(d, "log --limit 3 --tsv --no-header --fields kind,text");
    assert_string_equal(d->rows,
                        "undo\t\nwork\tcustomer set 1 name=c\nwork\tcustomer add name=a\n");
    desk_do(d, "log verify --tsv --no-header --fields entries");
    assert_string_equal(d->rows, "4\n");
}

static void test_history_tells_each_field_once(void **state)
{
    Desk *d = *state;
    desk_do(d, "customer add name=a");
    desk_do(d, "customer set 1 city=上海 name=b");
    desk_do(d, "undo");
    desk_do(d, "customer history 1 --tsv --no-header --fields what,field,before,after");
    assert_string_equal(d->rows, "added\t\t\t\nchanged\tname\ta\tb\nchanged\tcity\t\t上海\n"
                                 "changed\tname\tb\ta\nchanged\tcity\t上海\t\n");
}

/* ---- sql ------------------------------------------------------------------------------------- */

static void test_sql_reads(void **state)
{
    Desk *d = *state;
    desk_do(d, "customer add name=王芳 value=80");
    desk_do(d, "sql 'SELECT name, value/100.0 AS v, city FROM customer' --json");
    assert_string_equal(d->rows, "[\n{\"name\":\"王芳\",\"v\":80,\"city\":null}\n]\n");
    desk_do(d, "sql SELECT name FROM customer WHERE name = '王芳' --csv");
    assert_string_equal(d->rows, "name\n王芳\n");
    desk_do(d, "sql \"SELECT name FROM customer WHERE id = 9\" --csv");
    assert_string_equal(d->rows, "name\n");
    desk_refused(d, "sql 'SELEKT 1'", ERR_USAGE, "SELEKT");
    desk_refused(d, "sql 'SELECT 1; SELECT 2'", ERR_USAGE, "one statement");
}

static void test_sql_writes_on_request_and_in_the_journal(void **state)
{
    Desk *d = *state;
    desk_do(d, "customer add name=a");
    desk_refused(d, "sql 'DELETE FROM customer'", ERR_USAGE, "changes the file");
    desk_do(d, "sql --write 'DELETE FROM customer' --dry-run");
    assert_string_equal(desk_notes(d), "would: 0 added, 0 changed, 1 deleted\n");
    assert_string_equal(desk_cell(d, "customer count --no-header"), "1");
    desk_do(d, "sql --write 'DELETE FROM customer'");
    assert_string_equal(desk_cell(d, "customer count --no-header"), "0");
    desk_do(d, "undo");
    assert_string_equal(desk_cell(d, "customer count --no-header"), "1");
    assert_false(desk_run(d, "sql --write 'DROP TABLE customer'"));
    assert_false(desk_run(d, "sql --write 'DELETE FROM change'"));
    d->crm->rights = MAY_READ | MAY_WRITE | MAY_EXPORT;
    desk_refused(d, "sql --write 'DELETE FROM customer'", ERR_DENIED, "admin");
    d->crm->rights = MAY_READ | MAY_WRITE;
    desk_refused(d, "sql 'SELECT 1'", ERR_DENIED, "export");
    assert_int_equal(store_depth(d->crm->store), 0);
}

/* ---- settings -------------------------------------------------------------------------------- */

static void test_settings(void **state)
{
    Desk *d = *state;
    assert_string_equal(desk_cell(d, "setting get region"), "CN");
    desk_do(d, "setting set region US");
    assert_string_equal(desk_cell(d, "setting get region"), "US");
    desk_do(d, "setting set region ''");
    assert_string_equal(desk_cell(d, "setting get region"), "CN");
    desk_do(d, "undo");
    assert_string_equal(desk_cell(d, "setting get region"), "US");
    desk_refused(d, "setting set regoin US", ERR_USAGE, "regoin");
    assert_non_null(strstr(d->err.hint, "region"));
    desk_refused(d, "setting set region Utopia", ERR_INVALID, "Utopia");
    desk_refused(d, "setting set zone Mars/Olympus", ERR_INVALID, "Mars/Olympus");
    desk_refused(d, "setting set ambiguous 3", ERR_INVALID, "3");
    desk_refused(d, "setting set dup.key phone,x", ERR_USAGE, "x");
    desk_refused(d, "setting set dup.rules note=join", ERR_INVALID, "note=join");
    desk_refused(d, "setting set dup.rules customer.dnc=least", ERR_USAGE, "refused");
    desk_do(d, "setting list --tsv --no-header --fields name,set");
    assert_string_equal(d->rows, "region\tyes\nzone\tno\nambiguous\tno\n"
                                 "consent\tno\ndial.never\tno\ncustomer.show\tno\n"
                                 "customer.needs\tno\ndup.key\tno\n"
                                 "dup.words\tno\ndup.rules\tno\n"
                                 "inbound.days\tno\ninbound.new\tno\n"
                                 "lua.seconds\tno\nlua.megabytes\tno\n");
}

static void test_a_setting_takes_effect_at_once(void **state)
{
    Desk *d = *state;
    desk_do(d, "setting set region US");
    desk_do(d, "customer add name=a phone='(212) 555-0142'");
    assert_string_equal(desk_cell(d, "customer list --fields phone --no-header"), "+12125550142");
    desk_do(d, "setting set zone America/New_York");
    assert_string_equal(zone_name(d->crm->zone), "America/New_York");
    desk_do(d, "setting set zone Asia/Tokyo --dry-run");
    assert_string_equal(zone_name(d->crm->zone), "America/New_York");
    desk_do(d, "undo");
    assert_string_not_equal(zone_name(d->crm->zone), "America/New_York");
}

/* ---- find, status, backup, why --------------------------------------------------------------- */

static void test_find_looks_everywhere(void **state)
{
    Desk *d = *state;
    desk_do(d, "customer add name=王芳 phone=021-58307717");
    desk_do(d, "person add customer=1 name=李芳");
    desk_do(d, "find 芳 --tsv --no-header");
    assert_non_null(strstr(d->rows, "customer\t1\t王芳"));
    assert_non_null(strstr(d->rows, "person\t1\t李芳"));
    desk_do(d, "find 5830 --tsv --no-header");
    assert_non_null(strstr(d->rows, "customer\t1\t王芳"));
    desk_do(d, "find 赵 --tsv --no-header");
    assert_string_equal(d->rows, "");
    desk_refused(d, "find", ERR_USAGE, "needs WORD");
}

static void test_status_counts(void **state)
{
    Desk *d = *state;
    desk_do(d, "customer add name=a");
    desk_do(d, "status --tsv --no-header --fields file,customers,undo,read_only");
    assert_string_equal(d->rows, ":memory:\t1\tcustomer add name=a\tno\n");
}

static void test_backup_is_a_whole_database(void **state)
{
    Desk *d = *state;
    char dir[] = "/tmp/patter-test-XXXXXX", line[128], file[64];
    struct stat st;
    Error err = { 0 };
    Crm *copy;
    assert_non_null(mkdtemp(dir));
    snprintf(file, sizeof file, "%s/copy.db", dir);
    desk_do(d, "customer add name=a");
    snprintf(line, sizeof line, "backup %s", file);
    desk_do(d, line);
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_false(desk_run(d, line));              /* it exists now */
    snprintf(line, sizeof line, "backup %s --force", file);
    desk_do(d, line);
    assert_true(crm_open(file, 0, &d->clock, &copy, &err));
    const Filter all = { .sql = "1" };
    bool holds;
    const Type *customer = schema_type(copy->schema, STR("customer"));
    assert_true(filter_holds(copy, customer, &all, 1, &holds, &err));
    assert_true(holds);
    crm_close(copy);
    unlink(file);
    assert_int_equal(rmdir(dir), 0);
}

static void test_why_names_what_it_knows(void **state)
{
    Desk *d = *state;
    desk_refused(d, "why castle 7", ERR_USAGE, "'castle'");
    assert_non_null(strstr(d->err.hint, "it knows"));
    desk_do(d, "list build l");
    desk_do(d, "campaign add name=castle list=l script=x");
    desk_do(d, "why castle");
    desk_refused(d, "why 1", ERR_USAGE, "'1'");
}

/* ---- debug ----------------------------------------------------------------------------------- */

static void test_debug_csv(void **state)
{
    Desk *d = *state;
    char file[] = "/tmp/patter-test-XXXXXX", line[128];
    int fd = mkstemp(file);
    static const char text[] = "\xEF\xBB\xBF" "a;b\r\n\"1;2\";\"x\r\ny\"\r\n3\r\n";
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
    close(fd);
    snprintf(line, sizeof line, "debug csv %s --json", file);
    desk_do(d, line);
    assert_string_equal(d->rows, "[\n{\"a\":\"1;2\",\"b\":\"x\\r\\ny\"},\n"
                                 "{\"a\":\"3\",\"b\":null}\n]\n");
    unlink(file);
    desk_refused(d, line, ERR_IO, file);
}

static void test_debug_dump_tells_databases_apart(void **state)
{
    Desk *d = *state;
    desk_do(d, "debug dump");
    char *before = strdup(d->rows);
    desk_do(d, "customer add name=a");
    desk_do(d, "debug dump");
    assert_string_not_equal(d->rows, before);
    desk_do(d, "undo");
    desk_do(d, "debug dump");
    assert_string_equal(d->rows, before);
    free(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(test_undo_and_redo_by_command),
        DESK_TEST(test_undo_can_be_rehearsed),
        DESK_TEST(test_undo_of_an_older_run_refuses_to_lose_work),
        DESK_TEST(test_undo_of_a_field_forgets_it),
        DESK_TEST(test_the_list_and_the_log),
        DESK_TEST(test_history_tells_each_field_once),
        DESK_TEST(test_sql_reads),
        DESK_TEST(test_sql_writes_on_request_and_in_the_journal),
        DESK_TEST(test_settings),
        DESK_TEST(test_a_setting_takes_effect_at_once),
        DESK_TEST(test_find_looks_everywhere),
        DESK_TEST(test_status_counts),
        DESK_TEST(test_backup_is_a_whole_database),
        DESK_TEST(test_why_names_what_it_knows),
        DESK_TEST(test_debug_csv),
        DESK_TEST(test_debug_dump_tells_databases_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
