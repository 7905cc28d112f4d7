/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_foreign.c -- files that are lists to their owner and no text to us: what each is, and how
 * a list comes out of it.
 */
#include <unistd.h>

#include "model/import_reader.h"

enum { SECTOR_MAX = 4096 };

static bool has(const char *s, size_t n, const char *name)
{
    size_t k = strlen(name);
    for (size_t i = 0; i + 2 * k <= n; i++) {
        size_t at = 0;
        while (at < k && s[i + 2 * at] == name[at] && s[i + 2 * at + 1] == '\0')
            at++;
        if (at == k)
            return true;
    }
    return false;
}

static uint32_t little(const char *s, int n)
{
    uint32_t v = 0;
    while (n--)
        v = v << 8 | (unsigned char)s[n];
    return v;
}

/* Whether a compound file holds an encrypted workbook: its directory (MS-CFB 2.2 and 2.6) names the
 * stream. */
static bool is_encrypted(int fd, Str head)
{
    char sector[SECTOR_MAX];
    if (head.n < 512)
        return false;
    uint32_t shift = little(head.s + 30, 2), first = little(head.s + 48, 4);
    if (shift != 9 && shift != 12)
        return false;
    size_t size = (size_t)1 << shift;
    ssize_t n = pread(fd, sector, size, (off_t)(((uint64_t)first + 1) << shift));
    return n > 0 && has(sector, (size_t)n, "EncryptedPackage");
}

static bool begins(Str head, const char *word)
{
    size_t k = strlen(word);
    return head.n >= k && str_eq_nocase(str_n(head.s, k), str(word));
}

static bool is_markup(Str head)
{
    Str text = str_trim(str_starts(head, "\xEF\xBB\xBF") ? str_n(head.s + 3, head.n - 3) : head);
    static const char *const words[] = { "<!doctype html", "<html", "<table", "<?xml", "<workbook",
                                         "<meta", "<style" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (begins(text, words[i]))
            return true;
    return false;
}

/* Its mark begins as that of UTF-16, which has no NUL character in its text. */
static bool is_utf32(Str head)
{
    return head.n >= 4 && (memcmp(head.s, "\xFF\xFE\0\0", 4) == 0
                           || memcmp(head.s, "\0\0\xFE\xFF", 4) == 0);
}

bool import_protected(const ImportFile *f, Str head, Error *err)
{
    if (!is_encrypted(f->fd, head))
        return false;
    fail(err, ERR_INVALID, "%s is a workbook protected by a password", f->name);
    fail_hint(err, "open it, save it without the password, and import that");
    return true;
}

bool import_old(const ImportFile *f, Error *err)
{
    fail(err, ERR_INVALID, "%s is an old workbook (.xls), and the plugin \"xls\" is not installed",
         f->name);
    return fail_hint(err, "install it, or save the workbook as .xlsx or CSV, and import that");
}

bool import_foreign(const ImportFile *f, Str head, Error *err)
{
    const char *is = NULL, *mend = NULL;
    if (head.n >= 16 && memcmp(head.s, "SQLite format 3", 16) == 0) {
        is = "a database";
        mend = "export its table as CSV, and import that";
    } else if (str_starts(head, "%PDF")) {
        is = "a PDF";
        mend = "ask for the list itself, as .xlsx or CSV";
    } else if (is_utf32(head)) {
        is = "in UTF-32, which is not read";
        mend = "iconv -f UTF-32 -t UTF-8 FILE makes it UTF-8; import that";
    } else if (is_markup(head)) {
        is = "a web page or XML, whatever its name says";
        mend = "open it in a spreadsheet program, save it as .xlsx or CSV, and import that";
    } else if (!f->reader && begins(head, "BEGIN;\nCREATE TABLE")) {
        is = "SQL, which is written for other databases and not read";
        mend = "export as CSV, JSON or .xlsx instead, and import that";
    } else if (!f->reader && begins(head, "| ") && memmem(head.s, head.n, "\n| ---", 6)) {
        is = "a Markdown table, which is written for people and not read";
        mend = "export as CSV, JSON or .xlsx instead, and import that";
    }
    if (!is)
        return false;
    fail(err, ERR_INVALID, "%s is %s", f->name, is);
    fail_hint(err, "%s", mend);
    return true;
}
