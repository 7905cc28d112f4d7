/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/buffer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- frames ---------------------------------------------------------------------------------- */

void frame_push(Frame **top, int64_t log_mark, int op_mark)
{
    Frame *f = xalloc(sizeof *f);
    *f = (Frame){ .below = *top, .log_mark = log_mark, .op_mark = op_mark };
    *top = f;
}

static void touched_release(Touched *t)
{
    rowset_release(&t->fresh);
    rowset_release(&t->seen);
    rowset_release(&t->gone);
    rowset_release(&t->raw);
}

void frame_drop(Frame **top)
{
    Frame *f = *top;
    *top = f->below;
    for (int i = 0; i < f->n; i++)
        touched_release(&f->tables[i]);
    free(f->tables);
    free(f);
}

Touched *frame_table(Frame *f, int table)
{
    if (table >= f->n) {
        f->tables = xresize(f->tables, sizeof *f->tables * (size_t)(table + 1));
        memset(f->tables + f->n, 0, sizeof *f->tables * (size_t)(table + 1 - f->n));
        f->n = table + 1;
    }
    return &f->tables[table];
}

void frame_join(Frame **top)
{
    Frame *f = *top, *to = f->below;
    for (int i = 0; i < f->n; i++) {
        Touched *a = &f->tables[i], *b = frame_table(to, i);
        rowset_subtract(&a->fresh, &b->gone);    /* deleted below, inserted again here */
        rowset_subtract(&a->gone, &b->fresh);    /* inserted below, deleted here */
        rowset_join(&b->fresh, &a->fresh);
        rowset_join(&b->gone, &a->gone);
        rowset_join(&b->seen, &a->seen);
        rowset_join(&b->raw, &a->raw);
    }
    frame_drop(top);
}

RowState frame_state(const Frame *top, int table, int64_t row)
{
    for (const Frame *f = top; f; f = f->below) {
        if (table >= f->n)
            continue;
        const Touched *t = &f->tables[table];
        if (rowset_has(&t->fresh, row))
            return ROW_FRESH;
        if (rowset_has(&t->gone, row))
            return ROW_UNTOUCHED;
        if (rowset_has(&t->seen, row))
            return ROW_SEEN;
    }
    return ROW_UNTOUCHED;
}

bool frame_seen(const Frame *top, int table, int64_t row)
{
    for (const Frame *f = top; f; f = f->below)
        if (table < f->n && rowset_has(&f->tables[table].seen, row))
            return true;
    return false;
}

/* ---- log ------------------------------------------------------------------------------------- */

void log_init(ImageLog *log, size_t limit)
{
    *log = (ImageLog){ .limit = limit, .fd = -1 };
}

static void unmap(ImageLog *log)
{
    if (log->map)
        munmap(log->map, (size_t)log->in_file);
    log->map = NULL;
}

static int temporary_file(void)
{
    const char *dir = getenv("TMPDIR");
    if (!dir || !*dir)
        dir = "/tmp";
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
    char name[4096];
    int n = snprintf(name, sizeof name, "%s/patter-XXXXXX", dir);
    if (n < 0 || (size_t)n >= sizeof name || (fd = mkostemp(name, O_CLOEXEC)) < 0)
        return -1;
    unlink(name);
    return fd;
}

static void spill(ImageLog *log)
{
    unmap(log);
    if (log->fd < 0)
        log->fd = temporary_file();
    for (size_t done = 0; done < log->used && !log->failed;) {
        ssize_t n = log->fd < 0 ? -1 : pwrite(log->fd, log->mem + done, log->used - done,
                                             log->in_file + (int64_t)done);
        if (n <= 0)
            log->failed = true;
        else
            done += (size_t)n;
    }
    log->in_file += (int64_t)log->used;
    log->used = 0;
}

void log_put(ImageLog *log, ImageHead head, const char *bytes)
{
    size_t need = sizeof head + head.size;
    if (log->used && log->used + need > log->limit)
        spill(log);
    if (log->used + need > log->size) {
        size_t size = log->size ? log->size : 4096;
        while (size < log->used + need)
            size *= 2;
        log->mem = xresize(log->mem, size);
        log->size = size;
    }
    memcpy(log->mem + log->used, &head, sizeof head);
    if (head.size)
        memcpy(log->mem + log->used + sizeof head, bytes, head.size);
    log->used += need;
}

int64_t log_end(const ImageLog *log)
{
    return log->in_file + (int64_t)log->used;
}

void log_cut(ImageLog *log, int64_t mark)
{
    if (mark >= log->in_file) {
        log->used = (size_t)(mark - log->in_file);
        return;
    }
    unmap(log);
    log->in_file = mark;
    log->used = 0;
    if (ftruncate(log->fd, mark) != 0)
        log->failed = true;
}

void log_release(ImageLog *log)
{
    unmap(log);
    if (log->fd >= 0)
        close(log->fd);
    free(log->mem);
    log_init(log, log->limit);
}

bool log_read(ImageLog *log, int64_t *at, ImageHead *head, Str *bytes)
{
    if (*at >= log_end(log) || log->failed)
        return false;
    const char *p;
    if (*at >= log->in_file) {
        p = log->mem + (*at - log->in_file);
    } else {
        if (!log->map) {
            log->map = mmap(NULL, (size_t)log->in_file, PROT_READ, MAP_SHARED, log->fd, 0);
            if (log->map == MAP_FAILED) {
                log->map = NULL;
                log->failed = true;
                return false;
            }
        }
        p = log->map + *at;
    }
    memcpy(head, p, sizeof *head);
    *bytes = str_n(p + sizeof *head, head->size);
    *at += (int64_t)(sizeof *head + head->size);
    return true;
}
