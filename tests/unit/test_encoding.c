/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Guessing an encoding from a whole file, and turning it into UTF-8 whatever the block borders.
 */
#include "base/encoding.h"

#include <fcntl.h>
#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define DATA "../shared/data/"

typedef struct Text { ByteSource base; Str left; size_t step; } Text;

static ptrdiff_t text_read(ByteSource *src, char *buf, size_t n, Error *err)
{
    Text *t = (Text *)src;
    (void)err;
    if (n > t->left.n)
        n = t->left.n;
    if (t->step && n > t->step)
        n = t->step;
    if (n)
        memcpy(buf, t->left.s, n);
    t->left.s += n;
    t->left.n -= n;
    return (ptrdiff_t)n;
}

/* The bytes in an encoding of iconv's from UTF-8. */
static Str encoded(const char *text, const char *encoding, Arena *a)
{
    iconv_t cd = iconv_open(encoding, "UTF-8");
    size_t left = strlen(text), room = left * 4 + 8;
    char *out = arena_alloc(a, room), *to = out, *from = (char *)(uintptr_t)text;
    assert_true(cd != (iconv_t)-1);
    assert_true(iconv(cd, &from, &left, &to, &room) != (size_t)-1);
    iconv_close(cd);
    return str_n(out, (size_t)(to - out));
}

static EncodingGuess guess(Str s, size_t step)
{
    Guesser *g = guesser_new();
    for (size_t i = 0; i < s.n; i += step)
        guesser_feed(g, s.s + i, s.n - i < step ? s.n - i : step);
    return guesser_end(g);
}

static void check_guess(Str s, Encoding expected)
{
    for (size_t step = 1; step <= 17; step += 4) {
        EncodingGuess got = guess(s, step);
        if (got.encoding != expected)
            fail_msg("guessed %s, not %s, step %zu (share %.2f): %.*s",
                     encoding_name(got.encoding), encoding_name(expected), step, got.share,
                     (int)s.n, s.s);
    }
}

static const char zh[] = "姓名,电话,公司\n王芳,13800138000,杭州新远科技有限公司\n李建国,021-58307717,宝钢\n";
static const char zh_tw[] = "姓名,電話,公司\n王小明,0912345678,臺北科技股份有限公司\n"
                            "陳美玲,02-23456789,中華電信\n";
static const char western[] =
    "name,city\nMüller,Köln\nNúñez,Málaga\nÅsa Öberg,Malmö\nChloé,Besançon\n";

static void guesses_by_bom_and_nul(void **state)
{
    (void)state;
    Arena a = { 0 };
    check_guess(STR("\xEF\xBB\xBFname"), ENC_UTF8);
    check_guess(STR("\xFF\xFEn\0"), ENC_UTF16LE);
    check_guess(STR("\xFE\xFF\0n"), ENC_UTF16BE);
    check_guess(STR("name,phone\na\0b,13800138001\n"), ENC_UTF8);
    check_guess(STR("name,phone\na\0b,1380013800\n"), ENC_UTF8);
    check_guess(encoded(zh, "UTF-16LE", &a), ENC_UTF16LE);
    check_guess(encoded(zh, "UTF-16BE", &a), ENC_UTF16BE);
    check_guess(encoded("name,city\nO'Neil,Paris\n", "UTF-16LE", &a), ENC_UTF16LE);
    check_guess(STR("PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\xA3\x8B\xFF\xC1\0"), ENC_UNKNOWN);
    assert_true(guess(STR("\xEF\xBB\xBFname"), 1).bom);
    assert_false(guess(STR("name"), 1).bom);
    arena_release(&a);
}

static void guesses_by_characters(void **state)
{
    (void)state;
    Arena a = { 0 };
    check_guess(STR(""), ENC_UTF8);
    check_guess(STR("plain,ascii\n"), ENC_UTF8);
    check_guess(str(zh), ENC_UTF8);
    check_guess(str(western), ENC_UTF8);
    check_guess(encoded(zh, "GBK", &a), ENC_GB18030);
    check_guess(encoded("王芳", "GBK", &a), ENC_GB18030);
    check_guess(encoded("a,b\n1,张伟\n", "GBK", &a), ENC_GB18030);
    check_guess(encoded("张𠮷伟,北京市,销售经理\n", "GB18030", &a), ENC_GB18030);
    check_guess(encoded(zh_tw, "BIG5", &a), ENC_BIG5);
    check_guess(encoded(western, "ISO-8859-1", &a), ENC_LATIN1);
    check_guess(encoded("Müller", "ISO-8859-1", &a), ENC_LATIN1);
    check_guess(encoded("日本語,東京都,カタカナ,ひらがなです\n", "SHIFT_JIS", &a), ENC_LATIN1);
    assert_true(guess(STR("plain"), 1).ascii_only);
    assert_false(guess(str(zh), 1).ascii_only);
    assert_true(guess(encoded(zh, "GBK", &a), 3).share > 0.9);
    arena_release(&a);
}

/* One Chinese row at the end of a file of ASCII, and one damaged byte in a long list. */
static void looks_at_the_whole_file(void **state)
{
    (void)state;
    Arena a = { 0 };
    Buf late = { 0 }, gbk = { 0 }, utf8 = { 0 };
    for (int i = 0; i < 3000; i++)
        buf_printf(&late, "%d,user%d@example.com\n", i, i);
    buf_str(&late, encoded("王芳", "GBK", &a));
    check_guess(buf_as_str(&late), ENC_GB18030);
    for (int i = 0; i < 60; i++) {
        buf_str(&gbk, encoded("王芳,北京\n", "GBK", &a));
        buf_cstr(&utf8, "王芳,北京\n");
    }
    buf_cstr(&gbk, "\xCD,\n");
    buf_cstr(&utf8, "\xE7\x8E,\n");
    check_guess(buf_as_str(&gbk), ENC_GB18030);
    check_guess(buf_as_str(&utf8), ENC_UTF8);
    assert_int_equal(guess(buf_as_str(&gbk), 64).invalid, 1);
    assert_int_equal(guess(buf_as_str(&utf8), 64).invalid, 1);
    buf_release(&late);
    buf_release(&gbk);
    buf_release(&utf8);
    arena_release(&a);
}

/* n lines of the text in the encoding behind what there is. */
static void add_lines(Buf *to, const char *text, const char *encoding, int n, Arena *a)
{
    Str bytes = encoded(text, encoding, a);
    for (int i = 0; i < n; i++)
        buf_str(to, bytes);
}

typedef struct Mix {
    const char *from;
    int lines;                      /* of it, under a header of one line */
    const char *to;
    int more;
    Encoding other;
} Mix;

static void check_mix(const Mix *m, const char *line)
{
    Arena a = { 0 };
    Buf b = { 0 };
    buf_cstr(&b, "name,note\n");
    add_lines(&b, line, m->from, m->lines, &a);
    size_t change = b.n;
    add_lines(&b, line, m->to, m->more, &a);
    for (size_t step = 1; step < 4000; step = step * 5 + 2) {
        EncodingGuess got = guess(buf_as_str(&b), step);
        if (!got.mixed || !got.once || got.encoding != m->other)
            fail_msg("%d lines %s, %d %s: mixed %d, once %d, %s", m->lines, m->from, m->more, m->to,
                     got.mixed, got.once, encoding_name(got.encoding));
        assert_int_equal(got.to_utf8, strcmp(m->to, "UTF-8") == 0);
        assert_true(got.change >= (int64_t)change);
        assert_null(memchr(b.s + change, '\n', (size_t)got.change - change));
    }
    buf_release(&b);
    arena_release(&a);
}

static void finds_where_it_changes(void **state)
{
    (void)state;
    static const Mix chinese[] = {
        { "UTF-8", 40, "GBK", 40, ENC_GB18030 }, { "GBK", 40, "UTF-8", 40, ENC_GB18030 },
        { "UTF-8", 1, "GBK", 5000, ENC_GB18030 }, { "GBK", 5000, "UTF-8", 1, ENC_GB18030 },
        { "UTF-8", 3, "GBK", 1, ENC_GB18030 }, { "UTF-8", 900, "GBK", 900, ENC_GB18030 },
    };
    static const Mix accents[] = {
        { "UTF-8", 40, "ISO-8859-1", 40, ENC_LATIN1 },
        { "UTF-8", 600, "ISO-8859-1", 9000, ENC_LATIN1 },
        { "ISO-8859-1", 9, "UTF-8", 3, ENC_LATIN1 },
    };
    for (size_t i = 0; i < sizeof chinese / sizeof *chinese; i++)
        check_mix(&chinese[i], "王芳,来电咨询\n");
    for (size_t i = 0; i < sizeof accents / sizeof *accents; i++)
        check_mix(&accents[i], "Jürgen Müller,Köln\n");
    check_mix(&(Mix){ "UTF-8", 9, "BIG5", 9, ENC_BIG5 }, "王小明,臺北科技\n");
}

static void sees_more_than_one_change(void **state)
{
    (void)state;
    Arena a = { 0 };
    Buf b = { 0 };
    for (int i = 0; i < 30; i++)
        add_lines(&b, "王芳,来电咨询\n", i % 3 ? "UTF-8" : "GBK", 1, &a);
    EncodingGuess got = guess(buf_as_str(&b), 100);
    assert_true(got.mixed);
    assert_false(got.once);
    assert_true(got.to_utf8);
    buf_release(&b);
    arena_release(&a);
}

/* GBK whose names are valid UTF-8 by chance, up to the last row. */
static void takes_no_chance_for_utf8(void **state)
{
    (void)state;
    Arena a = { 0 };
    Buf b = { 0 };
    Str chance = encoded("谩,茅\n", "GBK", &a);
    assert_int_equal(guess(chance, 1).encoding, ENC_UTF8);
    for (int i = 0; i < 200; i++)
        buf_str(&b, chance);
    buf_str(&b, encoded("王芳,来电咨询,新远科技\n", "GBK", &a));
    add_lines(&b, "李建国,北京市朝阳区\n", "GBK", 200, &a);
    EncodingGuess got = guess(buf_as_str(&b), 64);
    assert_int_equal(got.encoding, ENC_GB18030);
    assert_false(got.mixed);
    buf_release(&b);
    arena_release(&a);
}

static void says_what_may_be_japanese_or_korean(void **state)
{
    (void)state;
    Arena a = { 0 };
    assert_int_equal(guess(encoded("山田太郎,株式会社やまだ\n", "EUC-JP", &a), 1).perhaps,
                     ENC_EUC_JP);
    assert_int_equal(guess(encoded("김철수,한국상사\n", "EUC-KR", &a), 1).perhaps, ENC_EUC_KR);
    assert_int_equal(guess(encoded(zh, "GBK", &a), 1).perhaps, ENC_UTF8);
    assert_int_equal(guess(encoded(zh_tw, "BIG5", &a), 1).perhaps, ENC_UTF8);
    arena_release(&a);
}

/* All of it as UTF-8 by reads of `read` bytes from a source that gives `step` at a time. */
static bool decode(Str s, Encoding e, size_t step, size_t read, Buf *out, Error *err)
{
    Text src = { { text_read }, s, step };
    ByteSource *d = decoder_open(&src.base, e);
    char *part = xalloc(read);
    ptrdiff_t got;
    while ((got = d->read(d, part, read, err)) > 0)
        buf_put(out, part, (size_t)got);
    free(part);
    decoder_close(d);
    return got == 0;
}

static void check_decoded(Str s, Encoding e, const char *expected)
{
    static const size_t sizes[] = { 1, 2, 3, 7, 100000 };
    for (int i = 0; i < 25; i++) {
        Buf got = { 0 };
        Error err = { 0 };
        if (!decode(s, e, sizes[i / 5], sizes[i % 5], &got, &err))
            fail_msg("%s", err.msg);
        assert_string_equal(got.s ? got.s : "", expected);
        buf_release(&got);
    }
}

static void decodes(void **state)
{
    (void)state;
    Arena a = { 0 };
    check_decoded(STR(""), ENC_UTF8, "");
    check_decoded(STR("a"), ENC_UTF8, "a");
    check_decoded(STR("\xEF\xBB\xBF"), ENC_UTF8, "");
    check_decoded(STR("\xEF\xBB\xBFname"), ENC_UTF8, "name");
    check_decoded(STR("a\xFF" "bcde"), ENC_UTF8, "a\xFF" "bcde");
    check_decoded(encoded(zh, "GBK", &a), ENC_GB18030, zh);
    check_decoded(encoded("𠮷䶮😀", "GB18030", &a), ENC_GB18030, "𠮷䶮😀");
    check_decoded(STR("\x80" "5\xCD\xF5\x80"), ENC_GB18030, "€5王€");
    check_decoded(encoded(zh_tw, "BIG5", &a), ENC_BIG5, zh_tw);
    check_decoded(encoded(western, "ISO-8859-1", &a), ENC_LATIN1, western);
    check_decoded(STR("\x80\x93x\x94\x9B\xFF"), ENC_LATIN1, "€“x”›ÿ");
    check_decoded(encoded("\xEF\xBB\xBF王😀", "UTF-16LE", &a), ENC_UTF16LE, "王😀");
    check_decoded(encoded("\xEF\xBB\xBF王😀", "UTF-16BE", &a), ENC_UTF16BE, "王😀");
    check_decoded(encoded("\xEF\xBB\xBF王😀", "UTF-16BE", &a), ENC_UTF16LE, "王😀");
    arena_release(&a);
}

static void decodes_more_than_a_block(void **state)
{
    (void)state;
    Arena a = { 0 };
    Buf text = { 0 }, got = { 0 };
    Error err = { 0 };
    while (text.n < 700000)
        buf_cstr(&text, "王芳,x,𠮷\n");
    Str gb = encoded(text.s, "GB18030", &a);
    assert_true(decode(gb, ENC_GB18030, 0, 5000, &got, &err));
    assert_true(str_eq(buf_as_str(&got), buf_as_str(&text)));
    buf_release(&text);
    buf_release(&got);
    arena_release(&a);
}

static void says_where_it_cannot(void **state)
{
    (void)state;
    Buf got = { 0 };
    Error err = { 0 };
    assert_false(decode(STR("a\nb\xCD\xF5\n\xCD,\n"), ENC_GB18030, 1, 9, &got, &err));
    assert_int_equal(err.code, ERR_INVALID);
    assert_string_equal(err.msg, "byte 0xCD at offset 6 (line 3) is not GB18030");
    assert_string_equal(got.s, "a\nb王\n");
    assert_false(decode(STR("a\n\xCD"), ENC_GB18030, 0, 9, &got, &err));
    assert_string_equal(err.msg, "the file ends in the middle of a GB18030 character (line 2)");
    assert_false(decode(STR("a\0\n"), ENC_UTF16LE, 0, 9, &got, &err));
    assert_string_equal(err.msg, "the file ends in the middle of a UTF-16LE character (line 1)");
    buf_release(&got);
}

static void knows_names(void **state)
{
    (void)state;
    static const struct { const char *name; Encoding e; } cases[] = {
        { "UTF-8", ENC_UTF8 }, { "utf8", ENC_UTF8 }, { "GBK", ENC_GB18030 },
        { "cp936", ENC_GB18030 }, { "GB_18030", ENC_GB18030 }, { "Big5", ENC_BIG5 },
        { "ISO-8859-1", ENC_LATIN1 }, { "Windows-1252", ENC_LATIN1 }, { "utf-16", ENC_UTF16LE },
    };
    Encoding e;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(encoding_find(str(cases[i].name), &e));
        assert_int_equal(e, cases[i].e);
    }
    for (int i = 0; i < ENC_UNKNOWN; i++) {
        assert_true(encoding_find(str(encoding_name((Encoding)i)), &e));
        assert_int_equal(e, i);
    }
    assert_false(encoding_find(STR("klingon"), &e));
    assert_false(encoding_find(STR(""), &e));
    assert_false(encoding_find(STR("utf8utf8utf8utf8utf8"), &e));
}

/* The whole file, guessed and decoded; false if it is absent. */
static bool read_file(const char *path, EncodingGuess *guessed, Buf *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    Buf bytes = { 0 };
    Error err = { 0 };
    char part[4096];
    ptrdiff_t got;
    if (fd < 0)
        return false;
    ByteSource *src = fd_source_open(fd);
    while ((got = src->read(src, part, sizeof part, &err)) > 0)
        buf_put(&bytes, part, (size_t)got);
    assert_int_equal(got, 0);
    fd_source_close(src);
    close(fd);
    *guessed = guess(buf_as_str(&bytes), 1000);
    assert_true(decode(buf_as_str(&bytes), guessed->encoding, 0, 1000, out, &err));
    buf_release(&bytes);
    return true;
}

static void reads_one_list_in_five_encodings(void **state)
{
    (void)state;
    static const struct { const char *name; Encoding e; bool bom; } files[] = {
        { "utf8", ENC_UTF8, false }, { "utf8-bom", ENC_UTF8, true }, { "gbk", ENC_GB18030, false },
        { "gb18030", ENC_GB18030, false }, { "utf16le-bom", ENC_UTF16LE, true },
    };
    Buf utf8 = { 0 };
    for (int i = 0; i < 5; i++) {
        char path[128];
        EncodingGuess guessed;
        Buf got = { 0 };
        snprintf(path, sizeof path, DATA "encodings/contacts-zh.%s.csv", files[i].name);
        if (!read_file(path, &guessed, i ? &got : &utf8))
            skip();
        assert_int_equal(guessed.encoding, files[i].e);
        assert_int_equal(guessed.bom, files[i].bom);
        assert_int_equal(guessed.invalid, 0);
        assert_true(i == 0 || str_eq(buf_as_str(&got), buf_as_str(&utf8)));
        buf_release(&got);
    }
    buf_release(&utf8);
}

static void reports_what_cannot_be_read(void **state)
{
    (void)state;
    int fd = open(".", O_RDONLY | O_CLOEXEC);
    ByteSource *src = fd_source_open(fd);
    Error err = { 0 };
    char c;
    assert_int_equal(src->read(src, &c, 1, &err), -1);
    assert_int_equal(err.code, ERR_IO);
    fd_source_close(src);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guesses_by_bom_and_nul), cmocka_unit_test(guesses_by_characters),
        cmocka_unit_test(looks_at_the_whole_file), cmocka_unit_test(decodes),
        cmocka_unit_test(finds_where_it_changes), cmocka_unit_test(sees_more_than_one_change),
        cmocka_unit_test(takes_no_chance_for_utf8),
        cmocka_unit_test(says_what_may_be_japanese_or_korean),
        cmocka_unit_test(decodes_more_than_a_block), cmocka_unit_test(says_where_it_cannot),
        cmocka_unit_test(knows_names), cmocka_unit_test(reads_one_list_in_five_encodings),
        cmocka_unit_test(reports_what_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
