/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * vCards: every version's way to write a value, cards that are broken, at any size of reads; and
 * lines that are written.
 */
#include "base/vcard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

typedef struct Text { ByteSource base; Str left; size_t step; } Text;

static ptrdiff_t text_read(ByteSource *src, char *buf, size_t n, Error *err)
{
    Text *t = (Text *)src;
    (void)err;
    n = n < t->left.n ? n : t->left.n;
    n = t->step && n > t->step ? t->step : n;
    if (n)
        memcpy(buf, t->left.s, n);
    t->left = str_n(t->left.s + n, t->left.n - n);
    return (ptrdiff_t)n;
}

/* All cards as text: "line:column=value|column=value!reason" a line. */
static void read_cards(Str text, size_t step, Buf *out)
{
    Text src = { { text_read }, text, step };
    VcardReader *r = vcard_open(&src.base);
    Vcard card;
    Error err = { 0 };
    int more;
    while ((more = vcard_next(r, &card, &err)) > 0) {
        buf_printf(out, "%d:", (int)card.line);
        for (int i = 0; i < card.n; i++)
            buf_printf(out, "%s%.*s=%.*s", i ? "|" : "", STR_ARG(card.cell[i].column),
                       STR_ARG(card.cell[i].value));
        buf_printf(out, "%s%s\n", card.bad ? "!" : "", card.bad ? card.bad : "");
    }
    if (more < 0)
        buf_printf(out, "error: %s\n", err.msg);
    vcard_passed_over(r, out);
    vcard_close(r);
}

static void check_text(Str text, const char *expected)
{
    static const size_t steps[] = { 0, 1, 2, 7, 64 };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        Buf got = { 0 };
        read_cards(text, steps[i], &got);
        assert_string_equal(got.s ? got.s : "", expected);
        buf_release(&got);
    }
}

static void check_card(const char *inside, const char *expected)
{
    Buf text = { 0 }, want = { 0 };
    buf_printf(&text, "BEGIN:VCARD\r\n%s\r\nEND:VCARD\r\n", inside);
    buf_printf(&want, "1:%s\n", expected);
    check_text(buf_as_str(&text), want.s);
    buf_release(&text);
    buf_release(&want);
}

static void reads_values(void **state)
{
    (void)state;
    check_card("VERSION:3.0\r\nFN:Ann\\, Lee\r\nN:Lee;Ann;;;", "name=Ann, Lee");
    check_card("VERSION:3.0\r\nFN:\r\nN:Lee;Ann;May;Dr.;jr", "name=Dr. Ann May Lee jr");
    check_card("N:王;芳;;;", "name=王芳");
    check_card("ORG:A\\;B;Sales;", "org=A;B, Sales");
    check_card("TEL;TYPE=CELL,VOICE:1\r\nTEL;type=\"work,voice\":2\r\nTEL;HOME:3\r\nTEL:4\r\n"
               "TEL;WORK;FAX:5",
               "mobile=1|work phone=2|home phone=3|phone=4|fax=5");
}

static void reads_addresses(void **state)
{
    (void)state;
    check_card("ADR:Box 1;Flat 2;Road 3;Town;Region;123;Land",
               "address=Road 3, Flat 2, Box 1|city=Town|region=Region|postcode=123|country=Land");
    check_card("ADR:;;a;;;;\r\nADR:;;b;c;;;", "address=a|address 2=b|city 2=c");
    check_card("LABEL:a\\nb", "address=a\nb");
    check_card("LABEL:x\r\nADR:;;a;;;;", "address=a|label=x");
    check_card("TEL;VALUE=uri:tel:+86-21-5830;ext=12\r\nEMAIL:mailto:a@b.cn",
               "phone=+86-21-5830 ext. 12|email=a@b.cn");
    check_card("CATEGORIES:a, b\\,c\r\nNOTE:x\r\nNOTE:y\\Nz\r\nCATEGORIES:d",
               "note=x\ny\nz|tag=a,b c,d");
    check_card("X-QQ:1\r\nX-PATTER;FIELD=\"a:^'b^'\":2\r\nBDAY:--0210\r\nREV:1\r\nPRODID:x",
               "x-qq=1|a:\"b\"=2|birthday=--0210");
}

static void reads_lines(void **state)
{
    (void)state;
    check_card("VERSION:3.0\r\nNOTE:ab\r\n c\r\n\t d", "note=abc d");
    check_card("VERSION:2.1\r\nNOTE:ab\r\n c\\n", "note=ab c\\n");
    check_card("VERSION:2.1\r\nNOTE;ENCODING=QUOTED-PRINTABLE:a=\r\n=3Db=0Ac", "note=a=b\nc");
    check_card("FN;CHARSET=GBK;QUOTED-PRINTABLE:=CD=F5=B7=\r\n=BC", "name=王芳");
    check_card("NOTE:first\r\nsecond", "note=first\nsecond");
    check_card("VERSION:3.0\r\nX-PATTER;FIELD=a\r\n :b", "a=b");
    check_card("URL;QUOTED-PRINTABLE:=61\r\n=62", "web=ab");
    check_card("TEL;X=\"a:1\r\nTEL:2", "phone=1|phone=2");
    check_card("FN;CHARSET=KLINGON;QUOTED-PRINTABLE:=CD",
               "name=\xCD!line 2: the charset KLINGON is not known");
    check_card("FN;CHARSET=UTF-8;QUOTED-PRINTABLE:=CD",
               "name=\xCD!line 2: its bytes are not UTF-8");
    check_text(STR("home.begin:vcard\nfn:A\nhome.tel:1\nhome.end:vcard"), "1:name=A|phone=1\n");
}

static void reports_what_is_broken(void **state)
{
    (void)state;
    check_text(STR("BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD\n\nBEGIN:VCARD\nFN:C\n"),
               "1:name=A!the card is not closed: END:VCARD is missing before line 3\n"
               "3:name=B\n"
               "7:name=C!the card is not closed: END:VCARD is missing at the end of the file\n");
    check_text(STR("FN:A\nEND:VCARD\nEND:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD\nTEL:1\n"),
               "1:name=A!it stands in no card: BEGIN:VCARD is missing\n"
               "3:!it stands in no card: BEGIN:VCARD is missing\n"
               "4:name=B\n"
               "7:phone=1!it stands in no card: BEGIN:VCARD is missing\n");
    check_text(STR("BEGIN:VCARD\nnonsense\nFN:A\nEND:VCARD\n"),
               "1:name=A!line 2 is not NAME:value\n");
    check_text(STR("BEGIN:VCARD\nFN:A\n:b\nEND:VCARD\n"),
               "1:name=A!line 3 is not NAME:value\n");
    check_text(STR("BEGIN:VCARD\nFN:A\nAGENT:\nBEGIN:VCARD\nFN:B\nEND:VCARD\nTEL:1\nEND:VCARD\n"),
               "1:name=A|phone=1\n1 AGENT");
    check_text(STR("BEGIN:VCARD\nPHOTO;ENCODING=BASE64:AAAA\n BBBB\n\nKEY:x\nPHOTO:y\nFN:A\n"
                   "item1.X-ABLabel:z\nEND:VCARD\n"),
               "1:name=A\n2 PHOTO, 1 KEY, 1 X-AB...");
    check_text(STR(""), "");
}

/* A megabyte is a value like any other; a card without an end is not read forever. */
static void limits_a_card(void **state)
{
    (void)state;
    for (int mib = 1; mib <= 17; mib += 16) {
        Buf text = { 0 }, got = { 0 };
        buf_cstr(&text, "BEGIN:VCARD\nNOTE:");
        while (text.n < (size_t)mib << 20)
            buf_cstr(&text, "0123456789abcdef");
        buf_cstr(&text, "\nEND:VCARD\n");
        read_cards(buf_as_str(&text), 0, &got);
        if (mib == 1)
            assert_int_equal(got.n, text.n - 28 + 8);
        else
            assert_string_equal(got.s, "error: line 2 is longer than 16 MiB\n");
        buf_release(&text);
        buf_release(&got);
    }
    Buf text = { 0 }, got = { 0 };
    buf_cstr(&text, "BEGIN:VCARD\n");
    for (int i = 0; i <= VCARD_CELLS; i++)
        buf_cstr(&text, "TEL:1\n");
    read_cards(buf_as_str(&text), 0, &got);
    assert_string_equal(got.s, "error: the card on line 1 has more than 16384 properties\n");
    buf_reset(&text);
    buf_reset(&got);
    buf_cstr(&text, "BEGIN:VCARD\nCATEGORIES:");
    while (text.n <= VCARD_MAX + 100)
        buf_cstr(&text, "a,bcd,");
    buf_cstr(&text, "\nEND:VCARD\n");
    read_cards(buf_as_str(&text), 0, &got);
    assert_string_equal(got.s, "error: the card on line 1 has more than 4 MiB of text\n");
    buf_release(&text);
    buf_release(&got);
}

/* Half a character, or another charset, leaves nothing behind for the next value. */
static void converts_each_value_anew(void **state)
{
    (void)state;
    check_text(STR("BEGIN:VCARD\nVERSION:2.1\n"
                   "FN;CHARSET=GBK;QUOTED-PRINTABLE:=CD=F5\n"
                   "TITLE;CHARSET=BIG5;QUOTED-PRINTABLE:=A4=FD\n"
                   "ORG;CHARSET=GBK;QUOTED-PRINTABLE:=B7=BC\n"
                   "END:VCARD\n"
                   "BEGIN:VCARD\nVERSION:2.1\n"
                   "FN;CHARSET=GBK;QUOTED-PRINTABLE:x=CD\n"
                   "ORG;CHARSET=GBK;QUOTED-PRINTABLE:=CD=F5\n"
                   "END:VCARD\n"),
               "1:name=王|title=王|org=芳\n"
               "7:name=x\xCD|org=王!line 9: its bytes are not GB18030\n");
}

/* Each line but the last ends in a fold of at most 75 bytes, at a character; unfolded it is the
 * text again. */
static void writes_lines(void **state)
{
    (void)state;
    for (int shift = 0; shift < 4; shift++) {
        Buf note = { 0 }, line = { 0 }, text = { 0 }, want = { 0 };
        for (int i = 0; i < shift; i++)
            buf_char(&note, 'x');
        for (int i = 0; i < 60; i++)
            buf_cstr(&note, i % 7 ? "王" : "a;b,\\c\n😀");
        buf_cstr(&line, "NOTE:");
        vcard_escape(&line, buf_as_str(&note));
        buf_cstr(&text, "BEGIN:VCARD\r\nVERSION:3.0\r\n");
        vcard_write_line(&text, buf_as_str(&line));
        buf_cstr(&text, "END:VCARD\r\n");
        for (Str left = buf_as_str(&text); left.n;) {
            const char *end = memchr(left.s, '\n', left.n);
            size_t n = (size_t)(end + 1 - left.s);
            assert_true(n <= 77 && end[-1] == '\r' && utf8_valid(str_n(left.s, n)));
            left = str_n(left.s + n, left.n - n);
        }
        buf_printf(&want, "1:note=%s\n", note.s);
        check_text(buf_as_str(&text), want.s);
        buf_release(&note);
        buf_release(&line);
        buf_release(&text);
        buf_release(&want);
    }
    Buf out = { 0 };
    vcard_escape(&out, STR("a\r\nb\rc\nd"));
    assert_string_equal(out.s, "a\\nb\\nc\\nd");
    buf_reset(&out);
    vcard_write_parameter(&out, STR("a\"^\nTEL:1"));
    assert_string_equal(out.s, "\"a^'^^^nTEL:1\"");
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_values),           cmocka_unit_test(reads_addresses),
        cmocka_unit_test(reads_lines),            cmocka_unit_test(reports_what_is_broken),
        cmocka_unit_test(converts_each_value_anew),
        cmocka_unit_test(limits_a_card),          cmocka_unit_test(writes_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
