/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unicode.h"
#include "model/import_layout.h"

enum { SAMPLE = 64 << 10, BLOCK = 64 << 10, SAMPLE_NAMES = 2, COLUMNS_GIVEN_MAX = 1024 };

static const ImportReader *const readers[] = { &import_csv, &import_tsv, &import_json,
                                              &import_vcard, &import_xlsx, &import_xls };
enum { READERS = sizeof readers / sizeof *readers };

const char *const import_formats[] = { "csv", "tsv", "json", "jsonl", "vcf", "xlsx", "xls", NULL };

/* Counts the bytes that go through, so that progress can be told. */
typedef struct Counted {
    ByteSource base;
    ByteSource *from;
    const ImportFile *of;
    int64_t bytes;
} Counted;

struct ImportBytes {
    const ImportTalk *talk;            /* may be NULL */
    struct timespec changed;
    bool watched;                      /* a file that others could write to */
    ImportEncoding is;
    ByteSource *fd;
    Counted counted;
    const char *description;
};

/* ---- bytes ----------------------------------------------------------------------------------- */

int import_temp_open(Error *err)
{
    const char *folders[] = { getenv("TMPDIR"), "/var/tmp", "/tmp" };
    char path[4096];
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (!folders[i]
            || snprintf(path, sizeof path, "%s/patter-XXXXXX", folders[i]) >= (int)sizeof path)
            continue;
        int fd = mkostemp(path, O_CLOEXEC);        /* 0600 */
        if (fd >= 0) {
            unlink(path);
            return fd;
        }
    }
    fail(err, ERR_IO, "no temporary file can be made: %s", strerror(errno));
    fail_hint(err, "set TMPDIR to a folder with room");
    return -1;
}

bool import_file_failed(const ImportFile *f, const char *what, Error *err)
{
    return fail(err, ERR_IO, "%s: %s: %s", f->name, what, strerror(errno));
}

static bool write_all(int fd, const char *s, size_t n)
{
    while (n) {
        ssize_t done = write(fd, s, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        s += done;
        n -= (size_t)done;
    }
    return true;
}

static bool interrupted(const ImportFile *f, Error *err)
{
    return fail(err, ERR_INTERRUPTED, "interrupted: nothing of %s was stored", f->name);
}

bool import_file_go_on(const ImportFile *f, Error *err)
{
    const ImportTalk *t = f->bytes->talk;
    return !t || !t->interrupted(t->ctx) || interrupted(f, err);
}

/* Copy what cannot be rewound into a file that can. */
static bool spool(ImportFile *f, Error *err)
{
    char block[BLOCK];
    int to = import_temp_open(err);
    if (to < 0)
        return false;
    for (;;) {
        if (!import_file_go_on(f, err)) {
            close(to);
            return false;
        }
        ssize_t n = read(f->fd, block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || !write_all(to, block, (size_t)n)) {
            close(to);
            if (n < 0)
                return import_file_failed(f, "cannot be read", err);
            import_file_failed(f, "cannot be copied to a temporary file", err);
            return fail_hint(err, "set TMPDIR to a folder with more room");
        }
        if (n == 0)
            break;
    }
    if (f->fd != STDIN_FILENO)
        close(f->fd);
    f->fd = to;
    f->bytes->watched = false;
    return true;
}

/* One that ends: a terminal does, other devices may not. */
static bool is_file(int fd, const struct stat *st)
{
    return S_ISREG(st->st_mode) || S_ISFIFO(st->st_mode) || S_ISSOCK(st->st_mode) || isatty(fd);
}

static bool open_bytes(ImportFile *f, const char *path, Error *err)
{
    struct stat st;
    bool standard = strcmp(path, "-") == 0;
    const char *slash = strrchr(path, '/');
    f->name =
        standard ? "standard input" : arena_strdup(f->arena, slash && slash[1] ? slash + 1 : path);
    f->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    f->bytes->watched = !standard;
    if (f->fd < 0 && errno == EINTR)           /* a named pipe that nobody writes to */
        return interrupted(f, err);
    if (f->fd < 0) {
        fail(err, ERR_IO, "cannot open %s: %s", path, strerror(errno));
        return fail_hint(err,
                         "give the path of a file, or - for standard input");
    }
    if (fstat(f->fd, &st) == 0 && !standard && !is_file(f->fd, &st)) {
        fail(err, ERR_IO, "%s is a %s", path, S_ISDIR(st.st_mode) ? "folder" : "device");
        return fail_hint(err, "give the path of a file");
    }
    if ((standard || lseek(f->fd, 0, SEEK_SET) < 0) && !spool(f, err))
        return false;
    if (fstat(f->fd, &st) != 0)
        return import_file_failed(f, "cannot be read", err);
    f->size = st.st_size;
    f->bytes->changed = st.st_mtim;
    return true;
}

bool import_file_unchanged(const ImportFile *f, Error *err)
{
    struct stat st;
    const struct timespec *then = &f->bytes->changed;
    if (!f->bytes->watched
        || (fstat(f->fd, &st) == 0 && st.st_size == f->size && st.st_mtim.tv_sec == then->tv_sec
            && st.st_mtim.tv_nsec == then->tv_nsec))
        return true;
    fail(err, ERR_IO, "%s was changed while it was read", f->name);
    return fail_hint(err, "nothing was stored; import it again once nobody writes to it");
}

static ptrdiff_t counted_read(ByteSource *src, char *buf, size_t n, Error *err)
{
    Counted *c = (Counted *)src;
    ptrdiff_t got = import_file_go_on(c->of, err) ? c->from->read(c->from, buf, n, err) : -1;
    if (got > 0)
        c->bytes += got;
    return got;
}

/* ---- text ------------------------------------------------------------------------------------ */

static void close_text(ImportFile *f)
{
    decoder_close(f->text);
    fd_source_close(f->bytes->fd);
    f->text = f->bytes->fd = NULL;
}

bool import_file_text(ImportFile *f, Error *err)
{
    struct ImportBytes *b = f->bytes;
    close_text(f);
    if (lseek(f->fd, 0, SEEK_SET) < 0)
        return import_file_failed(f, "cannot be read again", err);
    b->fd = fd_source_open(f->fd);
    b->counted = (Counted){ .base = { counted_read }, .from = b->fd, .of = f };
    f->text = decoder_open(&b->counted.base, b->is.encoding);
    return true;
}

ptrdiff_t import_file_read(ImportFile *f, char *to, size_t n, Error *err)
{
    size_t have = 0;
    while (have < n) {
        ptrdiff_t got = f->text->read(f->text, to + have, n - have, err);
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        have += (size_t)got;
    }
    return (ptrdiff_t)have;
}

/* ---- which format ---------------------------------------------------------------------------- */

/* Whether "json jsonl" has the word. */
static bool has_word(const char *words, Str word)
{
    for (Str left = str(words), one; left.n;) {
        const char *space = memchr(left.s, ' ', left.n);
        size_t n = space ? (size_t)(space - left.s) : left.n;
        one = str_n(left.s, n);
        if (str_eq_nocase(one, word))
            return true;
        left = str_n(left.s + n + (space != NULL), left.n - n - (space != NULL));
    }
    return false;
}

static const ImportReader *reader_named(Str suffix)
{
    for (int i = 0; i < READERS; i++)
        if (has_word(readers[i]->suffixes, suffix))
            return readers[i];
    return NULL;
}

static const ImportReader *reader_fitting(Str head, bool binary)
{
    for (int i = 0; i < READERS; i++)
        if (readers[i]->binary == binary && readers[i]->fits && readers[i]->fits(head))
            return readers[i];
    return NULL;
}

static bool find_typed(ImportFile *f, const char *typed, Error *err)
{
    if (!typed || (f->reader = reader_named(str(typed))))
        return true;
    Buf all = { 0 };
    for (int i = 0; import_formats[i]; i++)
        buf_printf(&all, "%s%s", i ? ", " : "one of ", import_formats[i]);
    fail(err, ERR_USAGE, "no such format: '%s'", typed);
    fail_hint(err, "%.*s", STR_ARG(buf_as_str(&all)));
    buf_release(&all);
    return false;
}

/* An option that the format has no use for is not let through in silence. */
static bool options_fit(const ImportFile *f, const ImportFileOptions *o, Error *err)
{
    const struct { const char *option, *typed; bool takes; } given[] = {
        { "--encoding", o->encoding, !f->reader->binary },
        { "--delimiter", o->delimiter, f->reader->takes & IMPORT_TAKES_DELIMITER },
        { "--columns", o->columns, f->reader->takes & IMPORT_TAKES_COLUMNS },
        { "--sheet", o->sheet, f->reader->takes & IMPORT_TAKES_SHEET },
        { "--header", o->header ? "" : NULL, f->reader->takes & IMPORT_TAKES_HEADER },
    };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        if (given[i].typed && !given[i].takes) {
            fail(err, ERR_USAGE, "%s is %s, which has no %s", f->name, f->reader->title,
                 given[i].option);
            return fail_hint(err, "leave %s out", given[i].option);
        }
    return true;
}

/* By its first bytes whether it is no text; else in which encoding it is. */
static bool find_kind(ImportFile *f, const ImportFileOptions *o, char *sample, Str *head,
                      Error *err)
{
    ssize_t n = pread(f->fd, sample, SAMPLE, 0);
    if (n < 0)
        return import_file_failed(f, "cannot be read", err);
    *head = str_n(sample, (size_t)n);
    if (!f->reader)
        f->reader = reader_fitting(*head, true);
    if (f->reader && f->reader->binary)
        return true;
    return !import_foreign(f, *head, err)
           && import_encoding_find(f, o->encoding, &f->bytes->is, err);
}

/* Of a text: the format by the suffix, else by its first bytes; what says nothing is CSV. */
static void find_format(ImportFile *f, Str head)
{
    const char *dot = strrchr(f->name, '.');
    if (!f->reader && dot)
        f->reader = reader_named(str(dot + 1));
    if (!f->reader || f->reader->binary)
        f->reader = reader_fitting(str_trim(head), false);
    if (!f->reader)
        f->reader = &import_csv;
}

static bool find_shape(ImportFile *f, const ImportFileOptions *o, Error *err)
{
    char *sample = xalloc(SAMPLE);
    Str head;
    bool ok = find_typed(f, o->format, err) && find_kind(f, o, sample, &head, err);
    if (ok && !(f->reader && f->reader->binary)) {
        ptrdiff_t n = import_file_text(f, err) ? import_file_read(f, sample, SAMPLE, err) : -1;
        ok = n >= 0;
        head = str_n(sample, ok ? (size_t)n : 0);
        find_format(f, head);
    }
    ok = ok && options_fit(f, o, err) && f->reader->open(f, o, head, err);
    free(sample);
    return ok;
}

/* ---- columns --------------------------------------------------------------------------------- */

bool import_file_given_columns(ImportFile *f, const char *given, Error *err)
{
    Str cell[COLUMNS_GIVEN_MAX];
    int n = 0;
    const char *layout = import_layout_columns(str(given));
    for (const char *p = layout ? layout : given;;) {
        const char *comma = strchr(p, ',');
        if (n == COLUMNS_GIVEN_MAX)
            return fail(err, ERR_USAGE, "--columns names too many columns");
        cell[n++] = str_n(p, comma ? (size_t)(comma - p) : strlen(p));
        if (!comma)
            break;
        p = comma + 1;
    }
    import_file_name_columns(f, cell, n);
    return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

bool import_file_rewind(ImportFile *f, Error *err)
{
    return f->reader->rewind(f, err);
}

/* The name of the file before what went wrong in it; what to do about it stays. */
static void located(const ImportFile *f, Error *err)
{
    char msg[sizeof err->msg];
    snprintf(msg, sizeof msg, "%s", err->msg);
    if (err->code != ERR_USAGE && !strstr(msg, f->name))
        snprintf(err->msg, sizeof err->msg, "%s: %.*s", f->name, (int)(sizeof msg - 64), msg);
}

static bool is_utf8(const ImportRecord *r)
{
    bool valid = utf8_valid(r->raw);
    for (int i = 0; i < r->n && valid && !r->raw.s; i++)
        valid = utf8_valid(r->cell[i]);
    return valid;
}

int import_file_next(ImportFile *f, ImportRecord *out, Error *err)
{
    int more = f->reader->next(f, out, err);
    if (more < 0)
        located(f, err);
    if (more > 0 && f->bytes->is.unclean && !out->bad && !is_utf8(out))
        out->bad = "not UTF-8 as the rest: another encoding, or half a character";
    return more;
}

/* ---- what is said about it ------------------------------------------------------------------- */

static bool telling(Str s)
{
    bool high = false;
    for (size_t i = 0; i < s.n; i++)
        high |= (unsigned char)s.s[i] >= 0x80;
    return high && s.n <= 36;
}

/* The first cells that are not ASCII: the reader sees at once whether the encoding is right. */
static bool sample_names(ImportFile *f, Buf *out, Error *err)
{
    ImportRecord r;
    int found = 0, more = 1;
    if (!import_file_rewind(f, err))
        return false;
    while (found < SAMPLE_NAMES && (more = import_file_next(f, &r, err)) > 0)
        for (int i = 0; i < r.n && found < SAMPLE_NAMES; i++) {
            Str s = str_trim(r.cell[i]);
            if (telling(s)) {
                buf_cstr(out, found++ ? ", " : "");
                text_put_safe(out, s);
            }
        }
    for (int i = 0; i < f->columns && found < SAMPLE_NAMES && more == 0; i++)
        if (telling(f->column[i]))
            buf_printf(out, "%s%.*s", found++ ? ", " : "", STR_ARG(f->column[i]));
    return more >= 0;
}

static bool describe(ImportFile *f, Error *err)
{
    Buf names = { 0 }, b = { 0 };
    bool ok = !f->bytes->is.guessed || sample_names(f, &names, err);
    buf_cstr(&b, f->reader->title);
    if (f->reader->describe)
        f->reader->describe(f, &b);
    if (!f->reader->binary)
        buf_printf(&b, ", %s", import_file_encoding(f));
    if (names.n)
        buf_printf(&b, " (guessed from %.*s)", STR_ARG(buf_as_str(&names)));
    buf_printf(&b, ", %d column%s", f->columns, f->columns == 1 ? "" : "s");
    f->bytes->description = str_c(buf_as_str(&b), f->arena);
    buf_release(&names);
    buf_release(&b);
    return ok;
}

bool import_file_open(const ImportFileOptions *o, Arena *a, ImportFile **out, Error *err)
{
    ImportFile *f = ARENA_NEW(a, ImportFile);
    f->bytes = ARENA_NEW(a, struct ImportBytes);
    f->bytes->talk = o->talk;
    f->arena = a;
    f->fd = -1;
    f->name = o->file;
    if (open_bytes(f, o->file, err) && find_shape(f, o, err) && describe(f, err)
        && import_file_rewind(f, err)) {
        *out = f;
        return true;
    }
    located(f, err);
    import_file_close(f);
    return false;
}

void import_file_close(ImportFile *f)
{
    if (!f)
        return;
    if (f->reader)
        f->reader->close(f);
    close_text(f);
    if (f->fd > STDERR_FILENO)
        close(f->fd);
}

const char *import_file_name(const ImportFile *f)
{
    return f->name;
}

ImportShape import_file_rejects(const ImportFile *f)
{
    return f->reader->rejects;
}

const char *import_file_encoding(const ImportFile *f)
{
    return encoding_name(f->bytes->is.encoding);
}

const char *import_file_describe(const ImportFile *f)
{
    return f->bytes->description;
}

const char *import_file_book(const ImportFile *f)
{
    return f->reader->book ? f->reader->title : NULL;
}

const char *import_file_note(const ImportFile *f)
{
    return f->note;
}

int import_file_columns(const ImportFile *f, const Str **names)
{
    *names = f->column;
    return f->columns;
}

int64_t import_file_size(const ImportFile *f)
{
    return f->size;
}

int64_t import_file_tell(const ImportFile *f)
{
    return f->reader->tell ? f->reader->tell(f) : f->bytes->counted.bytes;
}
