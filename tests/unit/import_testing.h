/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_testing.h -- files to import in a folder of their own, and what became of their rows.
 */
#ifndef IMPORT_TESTING_H
#define IMPORT_TESTING_H

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session_testing.h"

typedef struct Bench { Desk *d; char dir[64]; } Bench;     /* a desk and a folder */

static inline int bench_set_up(void **state)
{
    Bench *b = xalloc(sizeof *b);
    snprintf(b->dir, sizeof b->dir, "/tmp/patter-test-XXXXXX");
    if (!mkdtemp(b->dir))
        return -1;
    b->d = desk_open();
    *state = b;
    return 0;
}

static inline int bench_tear_down(void **state)
{
    Bench *b = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", b->dir);
    int rc = system(command);
    desk_close(b->d);
    free(b);
    return rc;
}

#define BENCH_TEST(f) cmocka_unit_test_setup_teardown(f, bench_set_up, bench_tear_down)

static inline const char *bench_path(const Bench *b, const char *name)
{
    static char path[2][128];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", b->dir, name);
    return path[turn];
}

static inline void bench_write(const Bench *b, const char *name, const char *text, size_t n)
{
    FILE *f = fopen(bench_path(b, name), "w");
    assert_non_null(f);
    fwrite(text, 1, n, f);
    fclose(f);
}

static inline const char *bench_read(const Bench *b, const char *name)
{
    static char text[1 << 16];
    FILE *f = fopen(bench_path(b, name), "r");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[n] = '\0';
    if (f)
        fclose(f);
    return text;
}

/* "VERB FILE OPTIONS" with the text as the file's content. */
static inline bool bench_try(Bench *b, const char *verb, const char *text, const char *options)
{
    char line[512];
    bench_write(b, "in.csv", text, strlen(text));
    snprintf(line, sizeof line, "%s %s %s", verb, bench_path(b, "in.csv"), options);
    return desk_run(b->d, line);
}

static inline void bench_import(Bench *b, const char *text, const char *options)
{
    if (!bench_try(b, "customer import", text, options))
        fail_msg("%s: %s (%s)", options, b->d->err.msg, b->d->err.hint);
}

/* What the report line says: "read 3: new 1, updated 1, same 1, skipped 0, rejected 0". */
static inline void bench_report(const Bench *b, int added, int updated, int same, int skipped,
                                int rejected)
{
    char want[200];
    snprintf(want, sizeof want, "read %d: new %d, updated %d, same %d, skipped %d, rejected %d ",
             added + updated + same + skipped + rejected, added, updated, same, skipped, rejected);
    if (!strstr(desk_notes(b->d), want))
        fail_msg("wanted: %s\ngot: %s", want, desk_notes(b->d));
}

static inline void bench_says(const Bench *b, const char *words)
{
    if (!strstr(desk_notes(b->d), words))
        fail_msg("wanted: %s\ngot: %s", words, desk_notes(b->d));
}

/* All rows that a command prints, without the header. */
static inline const char *bench_rows(Bench *b, const char *line)
{
    char full[512];
    snprintf(full, sizeof full, "%s --no-header", line);
    desk_do(b->d, full);
    return b->d->rows;
}

static inline char *bench_dump(const Bench *b)
{
    Buf out = { 0 };
    Error err = { 0 };
    if (!store_dump(b->d->crm->store, &out, &err))
        fail_msg("dump: %s", err.msg);
    return out.s;
}

#endif
