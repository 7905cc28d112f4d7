/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * doc_files.c -- writes the generated documentation; lint compares it with what is checked in.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cmd/doc.h"

static bool make_folders(char *path, Error *err)
{
    for (char *p = path + 1; (p = strchr(p, '/')); p++) {
        *p = '\0';
        if (mkdir(path, 0777) && errno != EEXIST)
            return fail(err, ERR_IO, "cannot make the folder %s: %s", path, strerror(errno));
        *p = '/';
    }
    return true;
}

/* Write the buffer to FOLDER/NAME and empty it. */
static bool put_file(const char *folder, const char *name, Buf *text, Error *err)
{
    Arena a = { 0 };
    char *path = arena_printf(&a, "%s/%s", folder, name);
    bool ok = make_folders(path, err);
    FILE *f = ok ? fopen(path, "we") : NULL;
    if (ok && !f)
        ok = fail(err, ERR_IO, "cannot write %s: %s", path, strerror(errno));
    if (f) {
        fwrite(text->s, 1, text->n, f);
        if (fclose(f))
            ok = fail(err, ERR_IO, "cannot write %s: %s", path, strerror(errno));
    }
    buf_reset(text);
    arena_release(&a);
    return ok;
}

static bool put_nouns(const Registry *r, const Crm *crm, const char *folder, Buf *text, Error *err)
{
    size_t n, verbs;
    const char **nouns = registry_nouns(r, &n);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        char name[160];
        free(registry_verbs(r, str(nouns[i]), &verbs));
        if (!verbs)
            continue;                             /* all of them hidden */
        snprintf(name, sizeof name, "%s.md", nouns[i]);
        doc_markdown(r, crm, str(nouns[i]), text);
        ok = put_file(folder, name, text, err);
    }
    free(nouns);
    return ok;
}

bool doc_write_all(const Registry *r, const Crm *crm, const char *folder, Error *err)
{
    Buf text = { 0 };
    bool ok = put_nouns(r, crm, folder, &text, err);
    doc_markdown_general(r, &text);
    ok = ok && put_file(folder, "general.md", &text, err);
    doc_markdown_index(r, crm, &text);
    ok = ok && put_file(folder, "README.md", &text, err);
    doc_man(r, &text);
    ok = ok && put_file(folder, "patter.1", &text, err);
    doc_bash(r, &text);
    ok = ok && put_file(folder, "patter.bash", &text, err);
    doc_lua_stub(r, crm, &text);
    ok = ok && put_file(folder, "patter.lua", &text, err);
    buf_release(&text);
    return ok;
}
