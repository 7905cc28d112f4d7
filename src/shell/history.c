/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/history.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>

#include "shell/paths.h"

enum { KEPT = 5000, SLACK = 1000 };            /* entries; the file is cut at KEPT + SLACK */

const char *history_path(Arena *a)
{
    const char *variable = getenv("PATTER_HISTORY");
    if (variable && strcmp(variable, "none") == 0)
        return NULL;
    return variable && *variable ? variable : path_file(PATH_STATE, "history", a);
}

bool history_wanted(Str entry)
{
    static const char *const secrets[] = { "password", "passwd", "secret", "token", "api_key",
                                           "apikey", "密码" };
    if (entry.n == 0 || entry.s[0] == ' ')
        return false;
    for (size_t k = 0; k < sizeof secrets / sizeof *secrets; k++) {
        size_t n = strlen(secrets[k]);
        for (size_t i = 0; i + n < entry.n; i++)
            if (strncasecmp(entry.s + i, secrets[k], n) == 0
                && (entry.s[i + n] == '=' || entry.s[i + n] == ' '))
                return false;
    }
    return true;
}

void history_escape(Str entry, Buf *out)
{
    for (size_t i = 0; i < entry.n; i++) {
        char c = entry.s[i];
        if (c == '\n')
            buf_cstr(out, "\\n");
        else if (c == '\\')
            buf_cstr(out, "\\\\");
        else
            buf_char(out, c);
    }
}

void history_unescape(Str line, char *out)
{
    for (size_t i = 0; i < line.n; i++) {
        if (line.s[i] == '\\' && i + 1 < line.n) {
            i++;
            *out++ = line.s[i] == 'n' ? '\n' : line.s[i];
        } else {
            *out++ = line.s[i];
        }
    }
    *out = 0;
}

/* Put the entry last; where it stood before, it goes. */
static void remember(const char *entry)
{
    for (int i = history_length - 1; i >= 0; i--) {
        const HIST_ENTRY *e = history_get(history_base + i);
        if (e && strcmp(e->line, entry) == 0) {
            free_history_entry(remove_history(i));
            break;
        }
    }
    add_history(entry);
}

static void write_entry(int fd, const char *entry)
{
    Buf line = { 0 };
    history_escape(str(entry), &line);
    buf_char(&line, '\n');
    ssize_t n = write(fd, line.s, line.n);     /* one write: other shells append, too */
    (void)n;                                   /* a full disk must not stop the work */
    buf_release(&line);
}

/* Write the newest entries anew, beside the file, and rename. */
static void cut(const char *path)
{
    Arena a = { 0 };
    const char *beside = arena_printf(&a, "%s.%ld", path, (long)getpid());
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) {
        for (int i = history_length > KEPT ? history_length - KEPT : 0; i < history_length; i++)
            write_entry(fd, history_get(history_base + i)->line);
        if (close(fd) != 0 || rename(beside, path) != 0)
            unlink(beside);
    }
    arena_release(&a);
}

void history_open(void)
{
    Arena a = { 0 };
    const char *path = history_path(&a);
    FILE *f = path ? fopen(path, "re") : NULL;
    char *line = NULL;
    size_t size = 0;
    ssize_t n;
    int lines = 0;
    using_history();
    stifle_history(KEPT);
    while (f && (n = getline(&line, &size, f)) > 0) {
        char *entry = arena_alloc(&a, (size_t)n + 1);
        n -= line[n - 1] == '\n';
        history_unescape(str_n(line, (size_t)n), entry);
        if (*entry)
            add_history(entry);
        lines++;
    }
    if (f)
        fclose(f);
    free(line);
    if (lines > KEPT + SLACK)
        cut(path);
    arena_release(&a);
}

void history_add(Str entry)
{
    Arena a = { 0 };
    const char *path = history_path(&a);
    Error ignored = { 0 };
    if (history_wanted(entry)) {
        const char *text = str_c(entry, &a);
        remember(text);
        int fd = path && path_make_folder(path, &ignored)
                     ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
        if (fd >= 0) {
            fchmod(fd, 0600);
            write_entry(fd, text);
            close(fd);
        }
    }
    arena_release(&a);
}
