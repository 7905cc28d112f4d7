/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/redirect.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shell/spool.h"

/* ---- reading it ----------------------------------------------------------------------------- */

static bool nothing_behind(const Word *op, Error *err)
{
    bool pipe = str_is(op->text, "|");
    fail(err, ERR_USAGE, "nothing follows '%.*s'", STR_ARG(op->text));
    fail_hint(err, pipe ? "a program reads the rows: customer list | head -2"
                        : "a file gets the rows: customer list > file.csv");
    return fail_at(err, op->at, op->width);
}

bool redirect_split(Shell *sh, Words *words, Str line, Arena *a, Redirect *out, Error *err)
{
    int at = 0;
    while (at < words->n && !words->w[at].oper)
        at++;
    *out = (Redirect){ .kind = TO_STDOUT };
    if (at == words->n)
        return true;
    const Word *op = &words->w[at];
    if (redirect_is_mistake(&sh->session, words->w, words->n, err))
        return false;
    if (at + 1 == words->n)
        return nothing_behind(op, err);
    if (str_is(op->text, "|")) {
        size_t from = (size_t)(op->at + op->width);
        out->kind = TO_PROGRAM;
        out->target = str_c(str_trim(str_n(line.s + from, line.n - from)), a);
    } else {
        const Word *extra = &words->w[at + 2];
        if (at + 2 < words->n) {
            fail(err, ERR_USAGE, "'%.*s' behind the file is too much", STR_ARG(extra->text));
            fail_hint(err, "a command and its options come before the %.*s", STR_ARG(op->text));
            return fail_at(err, extra->at, extra->width);
        }
        out->kind = str_is(op->text, ">>") ? TO_APPEND
                    : str_is(op->text, ">!") ? TO_REPLACE : TO_NEW_FILE;
        out->target = str_c(words->w[at + 1].text, a);
    }
    words->n = at;
    return true;
}

/* ---- opening -------------------------------------------------------------------------------- */

/* `> rows.csv` is CSV unless the session or the command says otherwise. */
static void format_by_suffix(const char *file, OutOptions *opt)
{
    const char *dot = strrchr(file, '.');
    Format f;
    if (opt->format == FORMAT_AUTO && dot && !strchr(dot, '/')) {
        if (strcmp(dot, ".md") == 0)
            opt->format = FORMAT_MARKDOWN;
        else if (format_find(str(dot + 1), &f))
            opt->format = f;
    }
}

static bool is_special(const char *file)
{
    struct stat st;
    return stat(file, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static int open_file(Redirect *r, Arena *a)
{
    int fd;
    bool was = access(r->target, F_OK) == 0;
    if (is_special(r->target))                 /* /dev/null, a fifo */
        return open(r->target, O_WRONLY | O_CLOEXEC);
    if (r->kind == TO_REPLACE && was) {
        char *name = arena_printf(a, "%s.XXXXXX", r->target);
        fd = mkostemp(name, O_CLOEXEC);
        r->temporary = fd >= 0 ? name : NULL;
        return fd;
    }
    fd = open(r->target, O_WRONLY | O_CREAT | O_CLOEXEC
                         | (r->kind == TO_APPEND ? O_APPEND : r->kind == TO_NEW_FILE ? O_EXCL : 0),
              0600);
    r->created = fd >= 0 && !was;
    return fd;
}

static bool open_to_file(const Store *st, Redirect *r, OutOptions *opt, Arena *a, Error *err)
{
    if (!store_spares(st, r->target, err))
        return false;
    int fd = open_file(r, a);
    if (fd < 0 && errno == EEXIST) {
        fail(err, ERR_IO, "the file %s exists and is not overwritten", r->target);
        return fail_hint(err, ">! replaces it, >> appends");
    }
    if (fd < 0)
        return fail(err, ERR_IO, "%s cannot be written: %s", r->target, strerror(errno));
    r->to = fdopen(fd, "w");
    opt->terminal = false;
    opt->colour = false;
    format_by_suffix(r->target, opt);
    return true;
}

bool redirect_open(Shell *sh, Redirect *r, OutOptions *opt, Arena *a, Error *err)
{
    if (r->kind == TO_STDOUT && !sh->output && sh->interactive && sh->term.out
        && !sh->opt.no_pager)
        r->kind = TO_TERMINAL;
    if (sh->session.dry_run && r->kind == TO_PROGRAM)
        return fail(err, ERR_REFUSED, "a dry run starts no program");
    if (sh->session.dry_run && r->kind > TO_PROGRAM && !is_special(r->target))
        return fail(err, ERR_REFUSED, "a dry run writes no file");
    switch (r->kind) {
    case TO_STDOUT:
        r->to = sh->output ? sh->output : stdout;
        if (sh->output)
            opt->terminal = opt->colour = false;
        return true;
    case TO_TERMINAL:
        r->to = spool_open(err);
        return r->to != NULL;
    case TO_PROGRAM:
        r->to = spool_open(err);
        opt->terminal = opt->colour = false;
        return r->to != NULL;
    default:
        return open_to_file(sh->session.crm->store, r, opt, a, err);
    }
}

/* ---- closing -------------------------------------------------------------------------------- */

static const char *pager(void)
{
    const char *name = getenv("PATTER_PAGER");
    if (!name)
        name = getenv("PAGER");
    return name ? name : "less -FRX";
}

static bool show(Shell *sh, FILE *spool, Error *err)
{
    int status;
    const char *program = pager();
    if (!*program || spool_lines(spool, sh->term.height) < sh->term.height - 1)
        return spool_copy(spool, stdout, err);
    lseek(fileno(spool), 0, SEEK_SET);
    if (!spawn_wait(sh, program, fileno(spool), &status, err))
        return false;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return spool_copy(spool, stdout, err);
    return true;
}

static bool pipe_rows(Shell *sh, const Redirect *r, Error *err)
{
    int status;
    if (fflush(r->to) != 0)
        return fail(err, ERR_IO, "cannot write: %s", strerror(errno));
    lseek(fileno(r->to), 0, SEEK_SET);
    if (!spawn_wait(sh, r->target, fileno(r->to), &status, err))
        return false;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (code >= 126 && code != 128 + 13)
        return fail(err, ERR_FAILED, "'%s' ended with status %d", r->target, code);
    if (code != 0 && code != 128 + 13 && sh->interactive)
        ui_note(&sh->ui, "%s ended with status %d", r->target, code);
    return true;
}

static bool close_file(Redirect *r, bool ok, Error *err)
{
    bool written = fclose(r->to) == 0;
    r->to = NULL;
    if (ok && !written)
        fail(err, ERR_IO, "%s cannot be written: %s", r->target, strerror(errno));
    if (ok && written && r->temporary && rename(r->temporary, r->target) != 0)
        written = fail(err, ERR_IO, "%s cannot be replaced: %s", r->target, strerror(errno));
    if (ok && written)
        return true;
    if (r->temporary)
        unlink(r->temporary);
    if (r->created)
        unlink(r->target);
    return false;
}

bool redirect_close(Shell *sh, Redirect *r, bool ok, Error *err)
{
    if (!r->to)
        return ok;
    switch (r->kind) {
    case TO_STDOUT:
        if (fflush(r->to) != 0 && ok)
            ok = fail(err, ERR_IO, "cannot write: %s", strerror(errno));
        return ok;
    case TO_TERMINAL:
        ok = show(sh, r->to, ok ? err : &(Error){ 0 }) && ok;     /* rows before an error, too */
        fclose(r->to);
        return ok;
    case TO_PROGRAM:
        ok = ok && pipe_rows(sh, r, err);
        fclose(r->to);
        return ok;
    default:
        return close_file(r, ok, err);
    }
}
