/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/recording.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dialer/driver.h"

enum { PLACES, SQL_COUNT };
static const Sql sql[] = {
    [PLACES] = { "SELECT w.prefix, w.recordings FROM call c LEFT JOIN switch w"
                 " ON w.adapter = c.driver AND w.recordings IS NOT NULL"
                 " WHERE c.id = ?1 AND c.recorded ORDER BY w.id", 0 },
};
const SqlTable recording_sql = { "recording", sql, SQL_COUNT };

typedef struct Found { const char *path, *state; int64_t bytes, ms; } Found;

static uint32_t little(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The length that the head of a WAV file gives: bytes a second at 28, samples from 44 on. */
static bool read_length(int fd, int64_t bytes, int64_t *ms)
{
    unsigned char head[44];
    if (pread(fd, head, sizeof head, 0) != sizeof head || memcmp(head, "RIFF", 4) != 0
        || memcmp(head + 8, "WAVEfmt ", 8) != 0 || little(head + 28) == 0)
        return false;
    *ms = (bytes - (int64_t)sizeof head) * 1000 / little(head + 28);
    return true;
}

/* False: there is no such file. */
static bool look(Found *f)
{
    struct stat st;
    int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    f->state = "missing";
    if (fd < 0)
        return false;
    bool is = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    if (is) {
        f->bytes = st.st_size;
        f->state = read_length(fd, f->bytes, &f->ms) ? "there" : "damaged";
    }
    close(fd);
    return is;
}

static bool find(const Call *c, int64_t call, Found *f, bool *recorded, Error *err)
{
    Query *q = NULL;
    int more;
    *recorded = false;
    if (!query_open(c->crm->store, &sql[PLACES], &q, err))
        return false;
    query_int(q, 1, call);
    while ((more = query_next(q, err)) > 0) {
        char name[DRIVER_NAME];
        *recorded = true;
        f->state = "no switch says where: switch set NAME recordings=/FOLDER";
        if (query_col_is_null(q, 0))
            break;
        driver_call_name(str_c(query_col_str(q, 0), c->arena), call, name);
        f->path = arena_printf(c->arena, "%s/%s.wav", str_c(query_col_str(q, 1), c->arena), name);
        if (look(f))
            break;
    }
    query_close(q);
    return more >= 0;
}

bool recording_rows(const Call *c, int64_t call, Out *out, Error *err)
{
    static const Column columns[] = { { "path", KIND_TEXT, 0 }, { "length", KIND_DURATION, 0 },
                                      { "bytes", KIND_INT, 0 }, { "state", KIND_TEXT, 0 }, { 0 } };
    Found f = { 0 };
    bool recorded;
    if (!find(c, call, &f, &recorded, err) || !out_begin(out, columns, -1, err))
        return false;
    const Value row[] = { value_cstr(f.path), f.ms ? value_int(f.ms) : value_null(),
                          f.bytes ? value_int(f.bytes) : value_null(), value_cstr(f.state) };
    return !recorded || out_row(out, row, err);
}
