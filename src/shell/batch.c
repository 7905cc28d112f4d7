/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * batch.c -- statements that nobody types: -c, -f, standard input, the program's own words.
 *
 * The first error ends it, with that error's exit code.
 */
#include "shell/shell.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "shell/report.h"
#include "store/journal.h"

enum { MAX_DEPTH = 16 };

static bool asks_json(const Shell *sh, Str text)
{
    static const char *const switches[] = { "--json", "--jsonl" };
    if (sh->mode == FORMAT_JSON || sh->mode == FORMAT_JSONL)
        return true;
    for (int i = 0; i < 2; i++)
        if (text.n && memmem(text.s, text.n, switches[i], strlen(switches[i])))
            return true;
    return false;
}

int report_error(Shell *sh, const Error *err, Str text, const char *file, int64_t line)
{
    Report r = { .err = err, .text = text, .file = file, .line = line,
                 .ambiguous = sh->session.out.ambiguous, .json = asks_json(sh, text) };
    Buf out = { 0 };
    if (err->code == ERR_INTERRUPTED && sh->interactive)
        buf_cstr(&out, "\ninterrupted\n");                /* behind the ^C that was echoed */
    else
        report_write(&r, &out);
    fflush(stdout);
    fwrite(out.s, 1, out.n, stderr);
    buf_release(&out);
    return err_exit(err->code);
}

int batch_source(Shell *sh, Source *src)
{
    Stmt st;
    int first = 0;
    while (!sh->leaving && source_next(src, &st)) {
        Error err = { 0 };
        if (run_statement(sh, &st, src, &err))
            continue;
        int code = report_error(sh, &err, st.text, src->name, src->from_text ? 0 : src->stmt_line);
        first = first ? first : code;
        if (err.code == ERR_INTERRUPTED || !sh->opt.keep_going)
            break;
    }
    return first;
}

/* A file is one step for undo. */
static int batch_stream(Shell *sh, FILE *f, const char *name, const char *title)
{
    Source src = { .name = name, .from = f, .judge = &sh->judge };
    Store *st = sh->session.crm->store;
    journal_run_begin(st, crm_user(sh->session.crm), str(title));
    int code = batch_source(sh, &src);
    journal_run_end(st);
    if (src.error && !code) {
        Error err = { 0 };
        fail(&err, ERR_IO, "%s cannot be read: %s", name, strerror(src.error));
        code = report_error(sh, &err, (Str){ 0 }, NULL, 0);
    }
    source_release(&src);
    return code;
}

static bool is_lua(const char *file)
{
    size_t n = strlen(file);
    return n > 4 && strcmp(file + n - 4, ".lua") == 0;
}

int batch_file(Shell *sh, const char *file)
{
    Error err = { 0 };
    Arena a = { 0 };
    int code = 0;
    FILE *f = NULL;
    if (strcmp(file, "-") == 0)
        return batch_stream(sh, stdin, "stdin", "standard input");
    if (is_lua(file)) {
        if (!shell_ready(sh, &err) || !script_run_file(&sh->session, file, sh->opt.words,
                                                       sh->opt.n_words, &err))
            code = report_error(sh, &err, (Str){ 0 }, NULL, 0);
        return code;
    }
    if (sh->depth >= MAX_DEPTH)
        fail(&err, ERR_FAILED, "files run each other %d deep: %s", MAX_DEPTH, file);
    else if (!(f = fopen(file, "re")))
        fail(&err, ERR_IO, "%s cannot be read: %s", file, strerror(errno));
    if (!f)
        return report_error(sh, &err, (Str){ 0 }, NULL, 0);
    sh->depth++;
    code = batch_stream(sh, f, file, arena_printf(&a, "run %s", file));
    sh->depth--;
    fclose(f);
    arena_release(&a);
    return code;
}

static int batch_text(Shell *sh, const char *text)
{
    Source src = { .name = "-c", .from_text = true, .judge = &sh->judge };
    buf_cstr(&src.text, text);
    int code = batch_source(sh, &src);
    source_release(&src);
    return code;
}

static int batch_words(Shell *sh)
{
    Error err = { 0 };
    if (run_words(sh, sh->opt.words, sh->opt.n_words, &err))
        return 0;
    Buf line = { 0 };
    for (int i = 0; i < sh->opt.n_words; i++)
        buf_printf(&line, "%s%s", i ? " " : "", sh->opt.words[i]);
    int code = report_error(sh, &err, buf_as_str(&line), NULL, 0);
    buf_release(&line);
    return code;
}

static int run_inputs(Shell *sh)
{
    int first = 0;
    if (sh->opt.n_inputs == 0)
        return sh->opt.n_words ? batch_words(sh)
                               : batch_stream(sh, stdin, "stdin", "standard input");
    for (int i = 0; i < sh->opt.n_inputs && !sh->leaving; i++) {
        const Input *in = &sh->opt.inputs[i];
        int code = in->kind == INPUT_COMMAND ? batch_text(sh, in->text) : batch_file(sh, in->text);
        first = first ? first : code;
        if (code && !sh->opt.keep_going)
            break;
    }
    return first;
}

/* -1: everything in one transaction, one step for undo. */
static int run_in_one(Shell *sh)
{
    Error err = { 0 };
    Store *st = sh->session.crm->store;
    journal_run_begin(st, crm_user(sh->session.crm), STR("patter -1"));
    if (!store_begin(st, &err)) {
        journal_run_end(st);
        return report_error(sh, &err, (Str){ 0 }, NULL, 0);
    }
    int code = run_inputs(sh);
    if (code) {
        store_rollback(st);
        ui_note(&sh->ui, "nothing was kept (-1)");
    } else if (!store_commit(st, &err)) {
        code = report_error(sh, &err, (Str){ 0 }, NULL, 0);
    }
    journal_run_end(st);
    return code;
}

int batch_run(Shell *sh)
{
    int code = sh->opt.one_transaction ? run_in_one(sh) : run_inputs(sh);
    if (fflush(stdout) != 0 && !code) {
        Error err = { 0 };
        fail(&err, ERR_IO, "cannot write: %s", strerror(errno));
        code = report_error(sh, &err, (Str){ 0 }, NULL, 0);
    }
    return code;
}
