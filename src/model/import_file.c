/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unicode.h"
#include "model/import_json.h"

enum { SAMPLE = 64 << 10, BLOCK = 64 << 10, SAMPLE_NAMES = 2 };

/* Counts the bytes that go through, so that progress can be told. */
typedef struct Counted { ByteSource base; ByteSource *from; int64_t bytes; } Counted;

struct ImportFile {
    Arena *arena;
    const char *name;
    int fd;
    int64_t size;
    struct timespec changed;
    bool watched;                      /* a file that others could write to */
    ImportFormat format;
    Encoding encoding;
    bool guessed; /* the encoding is not certain: say what it is guessed from */
    char delimiter;
    size_t skip;                       /* length of a line sep=X before the header */
    Str *column;
    int columns;
    bool headless;
    ByteSource *bytes;
    Counted counted;
    ByteSource *text;
    Csv *csv;
    JsonRows *json;
    Arena row;                         /* unescaped TSV cells */
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

static bool io_failed(const ImportFile *f, const char *what, Error *err)
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

/* Copy what cannot be rewound into a file that can. */
static bool spool(ImportFile *f, Error *err)
{
    char block[BLOCK];
    int to = import_temp_open(err);
    if (to < 0)
        return false;
    for (;;) {
        ssize_t n = read(f->fd, block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || !write_all(to, block, (size_t)n)) {
            close(to);
            return io_failed(f, n < 0 ? "cannot be read" : "cannot be copied to a temporary file",
                             err);
        }
        if (n == 0)
            break;
    }
    if (f->fd != STDIN_FILENO)
        close(f->fd);
    f->fd = to;
    f->watched = false;
    return true;
}

static bool open_bytes(ImportFile *f, const char *path, Error *err)
{
    struct stat st;
    bool standard = strcmp(path, "-") == 0;
    const char *slash = strrchr(path, '/');
    f->name =
        standard ? "standard input" : arena_strdup(f->arena, slash && slash[1] ? slash + 1 : path);
    f->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    f->watched = !standard;
    if (f->fd < 0) {
        fail(err, ERR_IO, "cannot open %s: %s", path, strerror(errno));
        return fail_hint(err,
                         "give the path of a CSV, TSV or JSON lines file, or - for standard input");
    }
    if (fstat(f->fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        fail(err, ERR_IO, "%s is a folder", path);
        return fail_hint(err, "give the path of a file");
    }
    if ((standard || lseek(f->fd, 0, SEEK_SET) < 0) && !spool(f, err))
        return false;
    if (fstat(f->fd, &st) != 0)
        return io_failed(f, "cannot be read", err);
    f->size = st.st_size;
    f->changed = st.st_mtim;
    return true;
}

bool import_file_unchanged(const ImportFile *f, Error *err)
{
    struct stat st;
    if (!f->watched
        || (fstat(f->fd, &st) == 0 && st.st_size == f->size
            && st.st_mtim.tv_sec == f->changed.tv_sec && st.st_mtim.tv_nsec == f->changed.tv_nsec))
        return true;
    fail(err, ERR_IO, "%s was changed while it was read", f->name);
    return fail_hint(err, "nothing was stored; import it again once nobody writes to it");
}

static ptrdiff_t counted_read(ByteSource *src, char *buf, size_t n, Error *err)
{
    Counted *c = (Counted *)src;
    ptrdiff_t got = c->from->read(c->from, buf, n, err);
    if (got > 0)
        c->bytes += got;
    return got;
}

/* ---- encoding -------------------------------------------------------------------------------- */

static const char *looks_binary(const char *s, size_t n)
{
    if (n >= 4 && memcmp(s, "PK\3\4", 4) == 0)
        return "a spreadsheet or an archive";
    if (n >= 4 && memcmp(s, "\xD0\xCF\x11\xE0", 4) == 0)
        return "an old spreadsheet";
    if (n >= 16 && memcmp(s, "SQLite format 3", 16) == 0)
        return "a database";
    if (n >= 4 && memcmp(s, "%PDF", 4) == 0)
        return "a PDF";
    return NULL;
}

static bool guess_encoding(ImportFile *f, Error *err)
{
    char block[BLOCK];
    ssize_t n;
    bool first = true;
    Guesser *g = guesser_new();
    lseek(f->fd, 0, SEEK_SET);
    while ((n = read(f->fd, block, sizeof block)) != 0) {
        const char *binary = n > 0 && first ? looks_binary(block, (size_t)n) : NULL;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || binary) {
            guesser_end(g);
            if (n < 0)
                return io_failed(f, "cannot be read", err);
            fail(err, ERR_INVALID, "%s is %s, not text", f->name, binary);
            return fail_hint(err, "save it as CSV UTF-8 and import that");
        }
        guesser_feed(g, block, (size_t)n);
        first = false;
    }
    EncodingGuess guess = guesser_end(g);
    f->encoding = guess.encoding;
    f->guessed = !guess.bom && !guess.ascii_only && guess.encoding != ENC_UTF8;
    if (guess.encoding != ENC_UNKNOWN)
        return true;
    fail(err, ERR_INVALID, "%s: its encoding cannot be guessed", f->name);
    return fail_hint(err, "name it with --encoding, for example --encoding gb18030");
}

static bool find_encoding(ImportFile *f, const char *typed, Error *err)
{
    if (!typed)
        return guess_encoding(f, err);
    if (encoding_find(str(typed), &f->encoding))
        return true;
    fail(err, ERR_USAGE, "no such encoding: '%s'", typed);
    return fail_hint(err, "one of utf-8, utf-16le, utf-16be, gb18030, big5, latin1");
}

/* ---- format and delimiter -------------------------------------------------------------------- */

static void close_readers(ImportFile *f)
{
    csv_close(f->csv);
    json_rows_close(f->json);
    decoder_close(f->text);
    fd_source_close(f->bytes);
    f->csv = NULL;
    f->json = NULL;
    f->text = f->bytes = NULL;
}

static bool open_text(ImportFile *f, Error *err)
{
    close_readers(f);
    if (lseek(f->fd, 0, SEEK_SET) < 0)
        return io_failed(f, "cannot be read again", err);
    f->bytes = fd_source_open(f->fd);
    f->counted = (Counted){ .base = { counted_read }, .from = f->bytes };
    f->text = decoder_open(&f->counted.base, f->encoding);
    return true;
}

static bool has_suffix(const char *name, const char *suffix)
{
    size_t n = strlen(name), k = strlen(suffix);
    return n > k && str_eq_nocase(str(name + n - k), str(suffix));
}

static bool find_format(ImportFile *f, const char *typed, Str sample, Error *err)
{
    Str head = str_trim(sample);
    if (typed && (strcmp(typed, "jsonl") == 0 || strcmp(typed, "json") == 0)) {
        f->format = IMPORT_JSON;
    } else if (typed && strcmp(typed, "tsv") == 0) {
        f->format = IMPORT_TSV;
    } else if (typed && strcmp(typed, "csv") == 0) {
        f->format = IMPORT_CSV;
    } else if (typed) {
        fail(err, ERR_USAGE, "no such format: '%s'", typed);
        return fail_hint(err, "one of csv, tsv, jsonl");
    } else if (has_suffix(f->name, ".jsonl") || has_suffix(f->name, ".ndjson")
               || has_suffix(f->name, ".json")
               || (!has_suffix(f->name, ".csv") && head.n
                   && (head.s[0] == '{' || str_starts(head, "[{")))) {
        f->format = IMPORT_JSON;
    } else {
        f->format =
            has_suffix(f->name, ".tsv") || has_suffix(f->name, ".tab") ? IMPORT_TSV : IMPORT_CSV;
    }
    return true;
}

static bool find_delimiter(ImportFile *f, const ImportFileOptions *o, Str sample, Error *err)
{
    const char *typed = o->delimiter;
    static const struct { const char *name; char c; } names[] = {
        { "comma", ',' }, { "semicolon", ';' }, { "tab", '\t' }, { "\\t", '\t' }, { "pipe", '|' },
    };
    char sniffed = csv_sniff(sample, &f->skip);
    if (o->columns && !strchr(o->columns, ','))
        sniffed = CSV_ONE_COLUMN;
    f->delimiter = f->format == IMPORT_TSV ? '\t' : sniffed;
    if (!typed)
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(typed, names[i].name) == 0) {
            f->delimiter = names[i].c;
            return true;
        }
    f->delimiter = typed[0];
    if (strlen(typed) == 1 && (unsigned char)typed[0] < 0x80 && !strchr("\"\r\n", typed[0]))
        return true;
    fail(err, ERR_USAGE, "'%s' cannot separate cells", typed);
    return fail_hint(err, "one character, or comma, semicolon, tab, pipe");
}

static ptrdiff_t read_sample(ImportFile *f, char *to, size_t n, Error *err)
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

static bool find_shape(ImportFile *f, const ImportFileOptions *o, Error *err)
{
    char *sample = xalloc(SAMPLE);
    bool ok = open_text(f, err);
    ptrdiff_t n = ok ? read_sample(f, sample, SAMPLE, err) : -1;
    ok = n >= 0 && find_format(f, o->format, str_n(sample, (size_t)n), err)
         && find_delimiter(f, o, str_n(sample, (size_t)n), err);
    free(sample);
    return ok;
}

/* ---- columns --------------------------------------------------------------------------------- */

/* Names by which columns are known: trimmed, an empty one by its place, a second "Name" as
 * "Name_2". */
static void name_columns(ImportFile *f, const Str *cell, int n)
{
    f->column = ARENA_ARRAY(f->arena, Str, n);
    f->columns = n;
    for (int i = 0; i < n; i++) {
        Str s = str_trim(cell[i]);
        char *name =
            s.n ? arena_strndup(f->arena, s.s, s.n) : arena_printf(f->arena, "column_%d", i + 1);
        int before = 1;
        for (int k = 0; k < i && s.n && f->format != IMPORT_JSON; k++)
            before += str_eq_nocase(str_trim(cell[k]), s);
        f->column[i] = str(before > 1 ? arena_printf(f->arena, "%s_%d", name, before) : name);
    }
}

static bool csv_start(ImportFile *f, CsvRecord *header, Error *err)
{
    char skipped[16];
    if (f->skip
        && read_sample(f, skipped, f->skip < sizeof skipped ? f->skip : sizeof skipped, err) < 0)
        return false;
    f->csv = csv_open(f->text, f->delimiter);
    if (f->headless)
        return true;
    int more = csv_next(f->csv, header, err);
    if (more == 0) {
        fail(err, ERR_INVALID, "%s is empty", f->name);
        fail_hint(err, "the first line names the columns");
    }
    return more > 0;
}

static bool columns_given(ImportFile *f, const char *typed, Error *err)
{
    Str cell[CSV_MAX_FIELDS / 16];
    int n = 0;
    for (const char *p = typed;;) {
        const char *comma = strchr(p, ',');
        if (n == CSV_MAX_FIELDS / 16)
            return fail(err, ERR_USAGE, "--columns names too many columns");
        cell[n++] = str_n(p, comma ? (size_t)(comma - p) : strlen(p));
        if (!comma)
            break;
        p = comma + 1;
    }
    name_columns(f, cell, n);
    return true;
}

static bool find_json_columns(ImportFile *f, Error *err)
{
    ImportRecord r;
    const Str *names;
    int more;
    JsonRows *j = json_rows_open(f->text);
    while ((more = json_rows_next(j, &r, err)) > 0)
        ;
    int n = json_rows_names(j, &names);
    if (more == 0)
        name_columns(f, names, n);
    json_rows_close(j);
    if (more == 0 && n == 0) {
        fail(err, ERR_INVALID, "%s holds no object", f->name);
        more = -1;
    }
    return more == 0;
}

static bool find_columns(ImportFile *f, const char *given, Error *err)
{
    CsvRecord header;
    f->headless = given != NULL;
    if (!open_text(f, err))
        return false;
    if (f->format == IMPORT_JSON)
        return find_json_columns(f, err);
    if (given)
        return columns_given(f, given, err);
    if (!csv_start(f, &header, err))
        return false;
    name_columns(f, header.field, header.n);
    return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

bool import_file_rewind(ImportFile *f, Error *err)
{
    CsvRecord header;
    if (!open_text(f, err))
        return false;
    if (f->format != IMPORT_JSON)
        return csv_start(f, &header, err);
    f->json = json_rows_open(f->text);
    json_rows_columns(f->json, f->column, f->columns);
    return true;
}

/* The name of the file before what went wrong in it; what to do about it stays. */
static void located(const ImportFile *f, Error *err)
{
    char msg[sizeof err->msg];
    snprintf(msg, sizeof msg, "%s", err->msg);
    if (err->code != ERR_USAGE && !strstr(msg, f->name))
        snprintf(err->msg, sizeof err->msg, "%s: %.*s", f->name, (int)(sizeof msg - 64), msg);
}

int import_file_next(ImportFile *f, ImportRecord *out, Error *err)
{
    CsvRecord r;
    int more;
    if (f->format == IMPORT_JSON) {
        more = json_rows_next(f->json, out, err);
    } else {
        more = csv_next(f->csv, &r, err);
        if (more > 0)
            *out = (ImportRecord){ .cell = r.field,
                                   .n = r.n,
                                   .line = r.line + (f->skip > 0),
                                   .raw = r.raw,
                                   .odd = r.odd,
                                   .bad = r.open ? "its quote is never closed" : NULL };
    }
    if (more < 0)
        located(f, err);
    if (more > 0 && f->format == IMPORT_TSV) {
        arena_release(&f->row);
        for (int i = 0; i < out->n; i++)
            if (memchr(out->cell[i].s, '\\', out->cell[i].n))
                out->cell[i] = tsv_unescape(out->cell[i], &f->row);
    }
    for (int i = 0; more > 0 && f->format == IMPORT_CSV && i < out->n; i++)
        out->cell[i] = csv_unguard(out->cell[i]);
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

static const char *delimiter_name(char c, Arena *a)
{
    switch (c) {
    case ',': return "comma";
    case ';': return "semicolon";
    case '\t': return "tab";
    case '|': return "pipe";
    case CSV_ONE_COLUMN: return "one value a line";
    default: return arena_printf(a, "separator %c", c);
    }
}

static bool describe(ImportFile *f, Error *err)
{
    Buf names = { 0 }, b = { 0 };
    bool ok = !f->guessed || sample_names(f, &names, err);
    if (f->format == IMPORT_JSON)
        buf_cstr(&b, "JSON");
    else
        buf_printf(&b, "%s, %s", f->format == IMPORT_TSV ? "TSV" : "CSV",
                   delimiter_name(f->delimiter, f->arena));
    buf_printf(&b, ", %s", encoding_name(f->encoding));
    if (names.n)
        buf_printf(&b, " (guessed from %.*s)", STR_ARG(buf_as_str(&names)));
    buf_printf(&b, ", %d column%s", f->columns, f->columns == 1 ? "" : "s");
    f->description = str_c(buf_as_str(&b), f->arena);
    buf_release(&names);
    buf_release(&b);
    return ok;
}

bool import_file_open(const ImportFileOptions *o, Arena *a, ImportFile **out, Error *err)
{
    ImportFile *f = xalloc(sizeof *f);
    f->arena = a;
    f->fd = -1;
    f->name = o->file;
    if (open_bytes(f, o->file, err) && find_encoding(f, o->encoding, err) && find_shape(f, o, err)
        && find_columns(f, o->columns, err) && describe(f, err) && import_file_rewind(f, err)) {
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
    close_readers(f);
    if (f->fd > STDERR_FILENO)
        close(f->fd);
    arena_release(&f->row);
    free(f);
}

const char *import_file_name(const ImportFile *f)
{
    return f->name;
}

ImportFormat import_file_format(const ImportFile *f)
{
    return f->format;
}

const char *import_file_encoding(const ImportFile *f)
{
    return encoding_name(f->encoding);
}

const char *import_file_describe(const ImportFile *f)
{
    return f->description;
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
    return f->counted.bytes;
}
