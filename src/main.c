/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * main.c -- options in, exit code out.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "shell/shell.h"
#include "shell/signals.h"

static int print_and_leave(Shell *sh)
{
    Buf text = { 0 };
    if (sh->opt.help)
        options_help(&text);
    else
        buf_printf(&text, "patter %s\n%s\n%s\nreadline %s\n", PATTER_VERSION, store_library(),
                   script_library(), prompt_library());
    fwrite(text.s, 1, text.n, stdout);
    buf_release(&text);
    options_release(&sh->opt);
    return fflush(stdout) == 0 ? 0 : err_exit(ERR_IO);
}

static int run(Shell *sh)
{
    bool batch = sh->opt.n_inputs || sh->opt.n_words || !sh->interactive;
    int code = batch ? batch_run(sh) : 0;
    if (sh->interactive && !sh->leaving)
        code = prompt_run(sh);
    Error err = { 0 };
    if (!transaction_end(sh, &err)) {
        int late = report_error(sh, &err, (Str){ 0 }, NULL, 0);
        code = code ? code : late;
    }
    return code;
}

int main(int argc, char **argv)
{
    Shell sh = { 0 };
    Error err = { 0 };
    int code;
    if (!options_parse(&sh.opt, argc, argv, &err)) {
        code = report_error(&sh, &err, (Str){ 0 }, "patter", 0);
        options_release(&sh.opt);
        return code;
    }
    if (sh.opt.help || sh.opt.version)
        return print_and_leave(&sh);
    bool given = sh.opt.n_inputs || sh.opt.n_words;
    sh.interactive = sh.opt.interactive || (!given && isatty(0) && isatty(1));
    code = shell_open(&sh, &err) ? run(&sh) : report_error(&sh, &err, (Str){ 0 }, NULL, 0);
    int ending = signals_ending();
    bool stopped = code == err_exit(ERR_INTERRUPTED) && !sh.interactive;
    shell_close(&sh);
    if (ending || stopped)
        signals_die(ending ? ending : SIGINT);
    return code;
}
