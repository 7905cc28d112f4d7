/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz.h -- what the fuzzers share: bytes that come in pieces, and bytes as a file to import.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/csv.h"
#include "model/import_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

typedef struct Pieces { ByteSource base; Str left; size_t step; } Pieces;

static inline ptrdiff_t pieces_read(ByteSource *src, char *buf, size_t n, Error *err)
{
    Pieces *p = (Pieces *)src;
    (void)err;
    n = n < p->step ? n : p->step;
    n = n < p->left.n ? n : p->left.n;
    if (n == 0)
        return 0;
    memcpy(buf, p->left.s, n);
    p->left = str_n(p->left.s + n, p->left.n - n);
    return (ptrdiff_t)n;
}

/* A source that gives at most `step` bytes at a time. */
static inline Pieces pieces(Str text, size_t step)
{
    return (Pieces){ { pieces_read }, text, step };
}

/* The path of a file with the text; the file is the same one each time. */
static inline const char *file_with(Str text)
{
    static int fd = -1;
    static char path[32];
    if (fd < 0)
        fd = memfd_create("fuzz", 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, text.s, text.n, 0) != (ssize_t)text.n)
        panic("no file in memory");
    return path;
}

/* How reading ended; READ_WHOLE: and each row could be taken as it is. */
typedef enum Read { READ_REFUSED, READ_BROKEN, READ_SOME, READ_WHOLE } Read;

static inline void put_cells(const ImportRecord *r, int skip, Buf *cells, Buf *again)
{
    buf_cstr(again, "-");
    for (int i = skip; i < r->n; i++) {
        buf_printf(cells, "%zu ", r->cell[i].n);
        buf_str(cells, r->cell[i]);
        buf_char(again, ',');
        csv_write_field(again, r->cell[i], ',', CSV_GUARD);
    }
    buf_char(cells, '\n');
    csv_write_end(again, 0);
}

/* The rows from the first on without their first `skip` cells, each cell behind its length; `again`
 * has them as CSV with a header and a further first column. */
static inline Read read_rows(ImportFile *f, int skip, Buf *cells, Buf *again)
{
    ImportRecord r;
    Error err = { 0 };
    int64_t line = 0;
    int more = import_file_rewind(f, &err) ? 1 : -1;
    bool whole = true;
    buf_cstr(again, "-,-\n");
    while (more > 0 && (more = import_file_next(f, &r, &err)) > 0) {
        if (r.line < line)
            panic("line %lld comes after line %lld", (long long)r.line, (long long)line);
        line = r.line;
        whole &= !r.bad;
        if (r.bad)
            buf_cstr(cells, r.bad);
        put_cells(&r, skip, cells, again);
    }
    if (more < 0)
        buf_cstr(cells, err.msg);
    return more < 0 ? READ_BROKEN : whole ? READ_WHOLE : READ_SOME;
}

static inline void check_names(const ImportFile *f)
{
    const Str *name;
    int n = import_file_columns(f, &name);
    for (int i = 0; i < n; i++)
        for (int k = 0; k <= i && k < 100; k++)
            if (name[i].n == 0 || (k < i && str_eq_nocase(name[i], name[k])))
                panic("column %d is called '%.*s' as column %d", i, STR_ARG(name[i]), k);
}

/* A text as a file that is imported: it is refused with a reason, or its columns have distinct
 * names and its rows are the same each time that they are read.  See read_rows for the rest. */
static inline Read read_file(const ImportFileOptions *o, int skip, Buf *cells, Buf *again)
{
    Arena a = { 0 };
    Error err = { 0 };
    ImportFile *f;
    Buf twice = { 0 }, ignored = { 0 };
    Read end = READ_REFUSED;
    if (import_file_open(o, &a, &f, &err)) {
        check_names(f);
        end = read_rows(f, skip, cells, again);
        if (end != read_rows(f, skip, &twice, &ignored)
            || !str_eq(buf_as_str(cells), buf_as_str(&twice)))
            panic("read again the rows are others");
        import_file_close(f);
    } else if (err.code == ERR_NONE || !*err.msg) {
        panic("refused without a reason");
    }
    buf_release(&twice);
    buf_release(&ignored);
    arena_release(&a);
    return end;
}

/* Rows that were written as CSV are read from it as they were. */
static inline void check_written(Str csv, Str cells)
{
    Buf other = { 0 }, ignored = { 0 };
    ImportFileOptions o = { .file = file_with(csv), .format = "csv", .encoding = "utf-8",
                            .delimiter = ",", .header = 1 };
    if (read_file(&o, 1, &other, &ignored) != READ_WHOLE || !str_eq(buf_as_str(&other), cells))
        panic("what was written reads otherwise");
    buf_release(&other);
    buf_release(&ignored);
}

#endif
