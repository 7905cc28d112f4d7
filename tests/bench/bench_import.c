/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bench_import.c -- one command on a database, as the program runs it, with parts of the store left
 * out, so that their cost can be told: `bench_import full|nosearch|nojournal DB WORD...`.
 *
 * The search index is fed from what the journal noted; without the journal there is none.  What
 * the journal costs is therefore `nosearch` less `nojournal`.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"

static void quiet(Ui *ui, const char *text)
{
    (void)ui, (void)text;
}

static bool run(const char *variant, const char *path, char **words, int n, Error *err)
{
    Clock clock = { 0 };
    Ui ui = { .note = quiet, .warn = quiet };
    Session s = { .ui = &ui, .yes = true };
    Arena a = { 0 };
    bool ok = crm_open(path, strcmp(variant, "nojournal") == 0 ? STORE_NO_JOURNAL : 0, &clock,
                       &s.crm, err);
    if (ok) {
        if (strcmp(variant, "full") != 0)
            store_search_declare(s.crm->store, NULL, 0);
        s.registry = registry_new(s.crm);
        Words w = lex_argv(words, n, &a);
        ok = session_run(&s, w.w, w.n, STR("bench"), stdout, NULL, err);
        registry_free(s.registry);
        crm_close(s.crm);
    }
    arena_release(&a);
    return ok;
}

int main(int argc, char **argv)
{
    Error err = { 0 };
    if (argc < 4) {
        fprintf(stderr, "usage: bench_import full|nosearch|nojournal DB WORD...\n");
        return 2;
    }
    if (run(argv[1], argv[2], argv + 3, argc - 3, &err))
        return 0;
    fprintf(stderr, "bench_import: %s\n", err.msg);
    return 1;
}
