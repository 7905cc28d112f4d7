/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_phone.c -- cells taken apart, numbers read and shown, with and without the plugin.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/phone.h"
#include "phone_testing.h"

#include <cmocka.h>                       /* last: it has a macro fail() */

#define DATA "../shared/data/phone/"

typedef struct Case {
    const char *region, *cell;
    const char *numbers;                  /* "E164[xEXT][=label][:use]", a blank between two */
} Case;

static void describe(const Phone *p, Buf *out)
{
    if (p->status == PHONE_OK)
        buf_cstr(out, p->e164);
    else
        buf_cstr(out, p->status == PHONE_DAMAGED ? "damaged" :
                      p->status == PHONE_UNCHECKED ? "unchecked" : "none");
    if (p->ext[0])
        buf_printf(out, "x%s", p->ext);
    if (p->label.n)
        buf_printf(out, "=%.*s", STR_ARG(p->label));
    if (p->use)
        buf_printf(out, ":%s", phone_use_name(p->use));
}

static void check_cells(Phones *ph, const Case *c)
{
    for (; c->cell; c++) {
        Phone got[PHONE_CELL_MAX];
        Buf text = { 0 };
        int n = phone_read(ph, str(c->cell), c->region, got, PHONE_CELL_MAX);
        for (int i = 0; i < n; i++) {
            if (i)
                buf_char(&text, ' ');
            describe(&got[i], &text);
        }
        if (!str_is(buf_as_str(&text), c->numbers))
            fail_msg("[%s]: got [%.*s], not [%s]", c->cell, STR_ARG(buf_as_str(&text)), c->numbers);
        buf_release(&text);
    }
}

static Phones *open_with_plugin(const char *region)
{
    Error err;
    use_built_plugins();
    Phones *ph = phones_open(region);
    if (!phones_load(ph, &err)) {
        print_message("%s\n", err.msg);
        phones_close(ph);
        skip();
    }
    return ph;
}

static Phones *open_without_plugin(const char *region)
{
    setenv("PATTER_PLUGINS", "/nonexistent", 1);
    return phones_open(region);
}

/* ---- cells ----------------------------------------------------------------------------------- */

static void reads_chinese_cells(void **unused)
{
    static const Case cases[] = {
        { "CN", "", "" },
        { "CN", " \n ", "" },
        { "CN", "13800138000", "+8613800138000" },
        { "CN", "138 0013 8000", "+8613800138000" },
        { "CN", "１３８-００１３-８０００", "+8613800138000" },
        { "CN", "13800138000.0", "+8613800138000" },
        { "CN", "2158307717.0", "+862158307717" },
        { "CN", "'13800138000", "+8613800138000" },
        { "CN", "=\"13800138000\"", "+8613800138000" },
        { "CN", "13,800,138,000", "+8613800138000" },
        { "CN", "1.38E+10", "damaged" },
        { "CN", "1.3800138e10", "damaged" },
        { "CN", "(212) 555-0142", "+12125550142" },
        { "CN", "(212)555-0142", "+12125550142" },
        { "CN", "(021) 555-0142", "+86215550142" },
        { "CN", "212 555 0142", "+862125550142" },
        { "CN", "17951 13800138000", "+8613800138000" },
        { "CN", "1259302158307717", "unchecked" },
        { "CN", "125932158307717", "+862158307717" },
        { "CN", "021-12345678转801", "+862112345678x801" },
        { "CN", "0755-26753999-801", "+8675526753999x801" },
        { "CN", "010-62512345-8001", "+861062512345x8001" },
        { "CN", "(021)58307717-801", "+862158307717x801" },
        { "CN", "+86-21-58307717-801", "+862158307717x801" },
        { "CN", "0086-21-58307717-801", "+862158307717x801" },
        { "CN", "(+86)21-58307717-801", "+862158307717x801" },
        { "CN", "4008208820-1", "+864008208820x1" },
        { "CN", "18412345678-1234", "+8618412345678x1234" },
        { "CN", "021-58307717 分机号：801", "+862158307717x801" },
        { "CN", "021-58307717（请转801）", "+862158307717x801" },
        { "CN", "021-58307717*801", "+862158307717x801" },
        { "CN", "021-58307717#801", "+862158307717x801" },
        { "CN", "021-58307717,801", "+862158307717x801" },
        { "CN", "021-58307717 x 801", "+862158307717x801" },
        { "CN", "02158307717 ext.801 张三", "+862158307717x801=张三" },
        { "CN", "13800138000/13900139000", "+8613800138000 +8613900139000" },
        { "CN", "13800138000、13900139000；13700137000",
          "+8613800138000 +8613900139000 +8613700137000" },
        { "CN", "13800138000\n13900139000", "+8613800138000 +8613900139000" },
        { "CN", "13800138000 13900139000", "+8613800138000 +8613900139000" },
        { "CN", "13800138000或13900139000", "+8613800138000 +8613900139000" },
        { "CN", "021-58307717/18/19", "+862158307717 +862158307718 +862158307719" },
        { "CN", "021-58307717、58307718", "+862158307717 +862158307718" },
        { "CN", "(0512)67678888/67679999", "+8651267678888 +8651267679999" },
        { "CN", "138 0013 8000(王总)", "+8613800138000=王总" },
        { "CN", "13800138000 王芳 13900139000 李雷", "+8613800138000=王芳 +8613900139000=李雷" },
        { "CN", "021-58307717、7718", "+862158307717 +862158307718" },
        { "CN", "021-58307717转801/802", "+862158307717x801" },
        { "CN", "021-58307717 转801或802", "+862158307717x801" },
        { "CN", "021-58307717-801/802", "+862158307717x801" },
        { "CN", "021-58307717转8001/8002", "+862158307717x8001" },
        { "CN", "+86 021-5830 7717 转 801", "+862158307717x801" },
        { "CN", "021-58307717转801 13800138000", "+862158307717x801 +8613800138000" },
        { "CN", "13800138000 转 8 13900139000 转 9", "+8613800138000x8 +8613900139000x9" },
        { "CN", "138_0013_8000", "+8613800138000" },
        { "CN", "138o0138o00", "+8613800138000" },
        { "CN", "1.3800138000E+10", "+8613800138000" },
        { "CN", "8.613800138000e12", "+8613800138000" },
        { "CN", "1.38001380001E+10", "damaged" },
        { "CN", "\xE2\x80\xAD" "13800138000\xE2\x80\xAC", "+8613800138000" },
        { "CN", "138\xC2\xA0" "0013\xE2\x80\x8D" "8000", "+8613800138000" },
        { "CN", "📞13800138000", "+8613800138000=📞" },
        { "CN", "13800138000（微信同号）", "+8613800138000=微信同号" },
        { "CN", "王芳 13800138000", "+8613800138000=王芳" },
        { "CN", "13800138000，王总", "+8613800138000=王总" },
        { "CN", "手机:13800138000 电话：021-58307717",
          "+8613800138000=手机:mobile +862158307717=电话" },
        { "CN", "13800138000手机 02158307717家",
          "+8613800138000=手机:mobile +862158307717=家:home" },
        { "CN", "办公：021-58307717 分机 801；传真：021-58307718",
          "+862158307717x801=办公:work +862158307718=传真:fax" },
        { "CN", "Tel: 021-58307717, Fax: 021-58307718",
          "+862158307717=Tel +862158307718=Fax:fax" },
        { "CN", "M: 13800138000", "+8613800138000=M:mobile" },
        { "CN", "无", "none=无" },
        { "CN", "N/A", "none=N/A" },
        { NULL, NULL, NULL } };
    (void)unused;
    Phones *ph = open_without_plugin("US");
    check_cells(ph, cases);
    assert_false(phones_loaded(ph));      /* nothing of this needs it */
    phones_close(ph);
}

static void reads_other_cells(void **unused)
{
    static const Case cases[] = {
        { "US", "(212) 555-0142", "+12125550142" },
        { "US", "212.555.0142 x45", "+12125550142x45" },
        { "US", "Office: 212-555-0142, Cell: 415-555-2671",
          "+12125550142=Office:work +14155552671=Cell:mobile" },
        { "US", "1-800-GOT-JUNK", "+18004685865" },
        { "US", "tel:+1-212-555-0142;ext=77", "+12125550142x77" },
        { "DE", "030 / 123456", "+4930123456" },
        { "DE", "06221/123456", "+496221123456" },
        { "DE", "0151 23456789 oder 030 123456", "+4915123456789 +4930123456" },
        { "GB", "+44 (0)20 7946 0018", "+442079460018" },
        { "GB", "020 7946 0018 / 020 7946 0019", "+442079460018 +442079460019" },
        { "CN", "852-23456789", "+85223456789" },
        { "CN", "886-2-27208889", "+886227208889" },
        { "CN", "886-2-2720-8889", "+886227208889" },
        { "CN", "852-2345-6789", "+85223456789" },
        { "CN", "+852 2345-6789", "+85223456789" },
        { "CN", "00852 2345-6789", "+85223456789" },
        { "CN", "+886 2-2720-8889", "+886227208889" },
        { "CN", "+81 90-1234-5678", "+819012345678" },
        { "CN", "(+82) 10-1234-5678", "+821012345678" },
        { "CN", "+44 20-7946-0018", "+442079460018" },
        { "CN", "+1 415-555-2671", "+14155552671" },
        { "CN", "+852 2345 6789; +1 212 555 0142", "+85223456789 +12125550142" },
        { "", "+49 30 123456", "+4930123456" },
        { "", "030 123456", "none" },
        { "EG", "٠١٠ ٠١٢٣ ٤٥٦٧", "+201001234567" },
        { NULL, NULL, NULL } };
    (void)unused;
    Phones *ph = open_with_plugin("CN");
    check_cells(ph, cases);
    phones_close(ph);
}

static void keeps_what_was_typed(void **unused)
{
    static const char cell[] = " 办公 021-58307717转801 / 13800138000 ";
    PhonePart part[PHONE_CELL_MAX];
    (void)unused;
    assert_int_equal(phone_cell_split(str(cell), "CN", part, PHONE_CELL_MAX), 2);
    assert_true(str_is(part[0].raw, "办公 021-58307717转801"));
    assert_true(part[0].raw.s == cell + 1);
    assert_string_equal(part[0].number, "021-58307717");
    assert_true(str_is(part[1].raw, "13800138000"));
    assert_int_equal(phone_cell_split(str(cell), "CN", part, 1), 1);
    assert_int_equal(phone_cell_split(str(cell), "CN", part, 0), 0);
}

/* Every part of a cell lies in it, and nothing reads or writes outside, whatever the bytes. */
static void survives_any_bytes(void **unused)
{
    static const char *const bits[] = {
        "1", "13800138000", "0", "-", "+", "(", ")", "/", ",", ";", "\n", " ", "转", "ext", "x",
        "\xff", "\xe8", "'", "=", ".0", "E+10", "tel:", "，", "（", "王", "#", "*", "or", "\x1b",
        "1234567890123456789012" };
    uint64_t seed = 42;
    Phones *ph = open_without_plugin("CN");
    (void)unused;
    for (int i = 0; i < 20000; i++) {
        Buf cell = { 0 };
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        for (uint64_t n = seed >> 61, s = seed; n < 60; n += 1 + (s >> 60)) {
            s = s * 6364136223846793005u + 1442695040888963407u;
            buf_cstr(&cell, bits[(s >> 33) % (sizeof bits / sizeof *bits)]);
        }
        Phone got[PHONE_CELL_MAX];
        char *exact = malloc(cell.n + 1);         /* so that a sanitizer sees a read past the end */
        memcpy(exact, cell.s, cell.n);
        int n = phone_read(ph, str_n(exact, cell.n), NULL, got, PHONE_CELL_MAX);
        for (int j = 0; j < n; j++) {
            assert_true(got[j].raw.s >= exact && got[j].raw.s + got[j].raw.n <= exact + cell.n);
            assert_true(strlen(got[j].e164) < PHONE_E164_SIZE);
        }
        free(exact);
        buf_release(&cell);
    }
    phones_close(ph);
}

static void keeps_to_its_limits(void **unused)
{
    Phone got[PHONE_CELL_MAX];
    Buf cell = { 0 };
    Phones *ph = open_without_plugin("CN");
    (void)unused;
    for (int i = 0; i < 12; i++)
        buf_cstr(&cell, "13800138000;");
    assert_int_equal(phone_read(ph, buf_as_str(&cell), NULL, got, PHONE_CELL_MAX), PHONE_CELL_MAX);
    assert_int_equal(got[PHONE_CELL_MAX - 2].status, PHONE_OK);
    assert_int_equal(got[PHONE_CELL_MAX - 1].status, PHONE_NONE);    /* the rest, lost to nobody */
    assert_int_equal(got[PHONE_CELL_MAX - 1].raw.n, 5 * strlen("13800138000;"));
    for (int i = 0; i < 1000; i++)
        buf_cstr(&cell, "1");
    assert_int_equal(phone_read(ph, buf_as_str(&cell), NULL, got, PHONE_CELL_MAX), 1);
    assert_int_equal(got[0].status, PHONE_NONE);
    buf_release(&cell);
    phones_close(ph);
}

/* ---- one number ------------------------------------------------------------------------------ */

static void knows_kind_and_validity(void **unused)
{
    static const struct {
        const char *region, *text, *e164, *country;
        PhoneValid valid;
        PhoneKind kind;
    } cases[] = {
        { "CN", "13800138000", "+8613800138000", "CN", PHONE_VALID_YES, PHONE_MOBILE },
        { "CN", "14900138000", "+8614900138000", "CN", PHONE_VALID_NO, PHONE_KIND_UNKNOWN },
        { "CN", "021-58307717", "+862158307717", "CN", PHONE_VALID_YES, PHONE_FIXED },
        { "CN", "400-820-8820", "+864008208820", "CN", PHONE_VALID_YES, PHONE_SHARED_COST },
        { "US", "(604) 555-4729", "+16045554729", "CA", PHONE_VALID_YES, PHONE_FIXED_OR_MOBILE },
        { "US", "(555) 123-4567", "+15551234567", "US", PHONE_VALID_NO, PHONE_KIND_UNKNOWN },
        { "US", "(876) 123-4567", "+18761234567", "JM", PHONE_VALID_NO, PHONE_KIND_UNKNOWN },
        { "US", "800-234-5678", "+18002345678", "US", PHONE_VALID_YES, PHONE_TOLL_FREE },
    };
    Phones *ph = open_without_plugin("");
    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Phone got = { 0 };
        assert_int_equal(phone_normalise(ph, str(cases[i].text), cases[i].region, &got), PHONE_OK);
        assert_string_equal(got.e164, cases[i].e164);
        assert_string_equal(got.country, cases[i].country);
        assert_int_equal(got.valid, cases[i].valid);
        assert_int_equal(got.kind, cases[i].kind);
    }
    phones_close(ph);
}

static void goes_on_without_the_plugin(void **unused)
{
    Phone got = { 0 };
    Error err;
    Phones *ph = open_without_plugin("DE");
    (void)unused;
    assert_int_equal(phone_normalise(ph, str("030 123456"), NULL, &got), PHONE_UNCHECKED);
    assert_string_equal(got.e164, "");
    assert_int_equal(phone_normalise(ph, str("+86 138 0013 8000"), NULL, &got), PHONE_OK);
    assert_int_equal(phone_normalise(ph, str("none"), NULL, &got), PHONE_NONE);
    assert_false(phones_load(ph, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_non_null(strstr(err.detail, "/nonexistent/phone.so"));
    phones_close(ph);
}

static void formats_for_people(void **unused)
{
    static const char *const pairs[][2] = {
        { "+8613800138000", "+86 138 0013 8000" }, { "+862158307717", "+86 21 5830 7717" },
        { "+861062512345", "+86 10 6251 2345" }, { "+8675526753999", "+86 755 2675 3999" },
        { "+863712345678", "+86 371 234 5678" }, { "+864008208820", "+86 400 820 8820" },
        { "+12125550142", "+1 212 555 0142" }, { "+8610086", "+8610086" },
        { "+4930123456", "+4930123456" }, { "no number", "no number" }, { "+", "+" }, { "", "" } };
    (void)unused;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        Buf out = { 0 };
        buf_char(&out, '|');
        phone_format(NULL, str(pairs[i][0]), &out);
        assert_string_equal(out.s + 1, pairs[i][1]);
        buf_release(&out);
    }
    Phones *ph = open_with_plugin("CN");
    Buf out = { 0 };
    phone_format(ph, str("+4930123456"), &out);
    assert_string_equal(out.s, "+49 30 123456");
    buf_release(&out);
    phones_close(ph);
}

static void finds_digits(void **unused)
{
    char out[8];
    (void)unused;
    assert_int_equal(phone_digits(str("+86 (21) 58"), out, sizeof out), 6);
    assert_string_equal(out, "862158");
    assert_int_equal(phone_digits(str("５８３０x"), out, sizeof out), 4);
    assert_string_equal(out, "5830");
    assert_int_equal(phone_digits(str("123456789"), out, sizeof out), 7);
    assert_string_equal(out, "1234567");
    assert_int_equal(phone_digits(str(""), out, sizeof out), 0);
}

/* ---- collections of numbers ------------------------------------------------------------------ */

/* Fields of a line without quotes; returns how many. */
static int fields_of(char *line, char **field, int max)
{
    int n = 0;
    line[strcspn(line, "\r\n")] = 0;
    for (char *p = line; p && n < max; n++)
        field[n] = strsep(&p, ",");
    return n;
}

static FILE *open_data(const char *path)
{
    char line[512];
    FILE *f = fopen(path, "r");
    if (!f) {
        print_message("no %s\n", path);
        skip();
    }
    assert_non_null(fgets(line, sizeof line, f));
    return f;
}

/* What libphonenumber makes of these cells is not what their writers meant. */
static const Case better[] = {
    { "CN", "010-62512345-8001", "+861062512345x8001" },
    { "CN", "1.38123E+10", "damaged" },
    { "CN", "13812345678; 13912345678", "+8613812345678 +8613912345678" },
    { NULL, NULL, NULL } };

static bool is_better(const char *cell)
{
    for (const Case *c = better; c->cell; c++)
        if (strcmp(c->cell, cell) == 0)
            return true;
    return false;
}

/* Columns: typed, region, E.164, extension, (see agrees), is it valid. `agrees`: "no" in the column
 * before the last means that the row is of other metadata than the library's. */
static void check_file(const char *path, bool agrees)
{
    char line[512], *f[8];
    int rows = 0;
    FILE *file = open_data(path);
    Phones *ph = open_with_plugin("");
    while (fgets(line, sizeof line, file)) {
        Phone got[PHONE_CELL_MAX];
        assert_true(fields_of(line, f, 8) > 5);
        if (is_better(f[0]) || (agrees && strcmp(f[4], "no") == 0))
            continue;
        int m = phone_read(ph, str(f[0]), strcmp(f[1], "ZZ") ? f[1] : "", got, PHONE_CELL_MAX);
        if (*f[0])
            assert_int_equal(m, 1);
        else
            assert_int_equal(m, 0);
        rows++;
        if (!m)
            continue;
        bool valid = strcmp(f[5], "yes") == 0;
        if (strcmp(got[0].e164, f[2]) || strcmp(got[0].ext, f[3]) ||
            (got[0].valid == PHONE_VALID_YES) != valid)
            fail_msg("[%s] %s: got %s x%s valid %d, not %s x%s valid %d", f[0], f[1], got[0].e164,
                     got[0].ext, got[0].valid == PHONE_VALID_YES, f[2], f[3], valid);
    }
    assert_true(rows > 25);
    fclose(file);
    check_cells(ph, better);
    phones_close(ph);
}

static void reads_typed_forms(void **unused)
{
    (void)unused;
    check_file(DATA "typed-forms.csv", false);
}

static void reads_parse_cases(void **unused)
{
    (void)unused;
    check_file(DATA "parse-cases.csv", true);
}

/* Each example as E.164 and in its international form, without a home region. */
static void reads_examples(void **unused)
{
    char line[512], *f[8];
    int rows = 0;
    FILE *file = open_data(DATA "examples.csv");
    Phones *ph = open_with_plugin("");
    (void)unused;
    while (fgets(line, sizeof line, file)) {
        Phone got[PHONE_CELL_MAX];
        assert_int_equal(fields_of(line, f, 8), 8);
        const char *forms[] = { f[4], f[7] };
        for (int i = 0; i < 2; i++) {
            int n = phone_read(ph, str(forms[i]), NULL, got, PHONE_CELL_MAX);
            bool valid = strcmp(f[5], "yes") == 0;
            if (n != 1 || strcmp(got[0].e164, f[4]) ||
                (got[0].valid == PHONE_VALID_YES) != valid)
                fail_msg("[%s]: got %s valid %d, not %s valid %d", forms[i], got[0].e164,
                         got[0].valid, f[4], valid);
        }
        rows++;
    }
    assert_true(rows > 300);
    fclose(file);
    phones_close(ph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_chinese_cells), cmocka_unit_test(reads_other_cells),
        cmocka_unit_test(keeps_what_was_typed), cmocka_unit_test(survives_any_bytes),
        cmocka_unit_test(keeps_to_its_limits), cmocka_unit_test(knows_kind_and_validity),
        cmocka_unit_test(goes_on_without_the_plugin), cmocka_unit_test(formats_for_people),
        cmocka_unit_test(finds_digits), cmocka_unit_test(reads_typed_forms),
        cmocka_unit_test(reads_parse_cases), cmocka_unit_test(reads_examples) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
