/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * run.c -- running text and files: one run in the journal, so one step of undo; and rehearsing
 * them.
 */
#include "script/state.h"

#include <libgen.h>
#include <stdlib.h>

typedef struct Work {
    bool outer, rehearse;
    FILE *to;
    int64_t rows;                      /* of the run when this began: a script may be several */
} Work;

static bool rows_of_run(void *ctx, const RunInfo *r)
{
    *(int64_t *)ctx = r->rows;
    return false;
}

/* Rows that the open run has touched. */
static int64_t run_rows(Store *st)
{
    int64_t rows = 0;
    Error ignored = { 0 };
    if (journal_run(st))
        journal_runs(st, 1, rows_of_run, &rows, &ignored);
    return rows;
}

/* Begin what one undo takes back. With a dry run all of it happens in a transaction that is rolled
 * back, so that later commands see what earlier ones did. */
static bool work_begin(Script *sc, FILE *to, Str title, Work *w, Error *err)
{
    Session *s = sc->session;
    *w = (Work){ .outer = sc->depth == 0 && store_depth(s->crm->store) == 0, .to = sc->to };
    sc->to = to;
    if (!w->outer)
        return true;
    w->rehearse = s->dry_run;
    if (w->rehearse && !store_begin(s->crm->store, err))
        return false;
    s->dry_run = false;
    s->rehearsal = w->rehearse;
    journal_run_begin(s->crm->store, crm_user(s->crm), title);
    w->rows = run_rows(s->crm->store);
    return true;
}

static bool work_end(Script *sc, Work *w, Error *err)
{
    Session *s = sc->session;
    Store *st = s->crm->store;
    bool ok = true;
    sc->to = w->to;
    if (!w->outer)
        return true;
    s->dry_run = w->rehearse;
    s->rehearsal = false;
    int64_t rows = 0;
    if (w->rehearse) {
        ChangeCount c = journal_count(st);
        rows = c.inserted + c.updated + c.deleted;
        store_rollback(st);
        Error ignored = { 0 };
        ok = crm_reload(s->crm, err ? err : &ignored);
    } else {
        rows = run_rows(st) - w->rows;
    }
    journal_run_end(st);
    if (rows > 0 && s->ui)
        ui_note(s->ui, w->rehearse ? "would change %lld %s; nothing is stored" :
                "%lld %s changed; undo takes it back", (long long)rows, rows == 1 ? "row" : "rows");
    return ok;
}

static Str first_line(Str text)
{
    text = str_trim(text);
    const char *end = text.n ? memchr(text.s, '\n', text.n) : NULL;
    return end ? str_n(text.s, (size_t)(end - text.s)) : text;
}

/* Compile text for the prompt: as an expression where it is one, whether or not a `=` says so.
 * Leading newlines stay, since they make the line numbers. Leaves the chunk, or a message and
 * false. */
static bool compile_prompt(lua_State *L, Str text, const char *name)
{
    Buf b = { 0 };
    size_t blank = 0;
    while (blank < text.n && strchr(" \t\r\n", text.s[blank]))
        blank++;
    bool value = blank < text.n && text.s[blank] == '=';
    buf_cstr(&b, "return ");
    buf_put(&b, text.s, blank);
    buf_put(&b, text.s + blank + value, text.n - blank - value);
    bool ok = luaL_loadbufferx(L, b.s, b.n, name, "t") == LUA_OK;
    buf_release(&b);
    if (ok || value)
        return ok;
    lua_pop(L, 1);
    return luaL_loadbufferx(L, text.n ? text.s : "", text.n, name, "t") == LUA_OK;
}

static bool syntax_error(lua_State *L, Error *err)
{
    const char *text = lua_tostring(L, -1);
    fail(err, ERR_FAILED, "%s", text ? text : "it does not compile");
    lua_pop(L, 1);
    return false;
}

/* Print results 1..n of the chunk; runs protected, since __tostring is the user's. */
static int l_show(lua_State *L)
{
    Script *sc = script_of(L);
    int n = lua_gettop(L);
    if (n) {
        lua_pushvalue(L, 1);
        lua_setglobal(L, "_");
        repl_print(L, sc, 1, n);
    }
    return 0;
}

/* Call the chunk on the top with argc arguments above it, then show what it returned. */
static bool run_chunk(Script *sc, int argc, bool print_values, Error *err)
{
    lua_State *L = sc->running;
    int base = lua_gettop(L) - argc - 1;
    bool ok = script_call(sc, argc, print_values ? LUA_MULTRET : 0, sc->limits.ms, err);
    if (ok && print_values) {
        lua_pushcfunction(L, l_show);
        lua_insert(L, base + 1);
        ok = script_call(sc, lua_gettop(L) - base - 1, 0, sc->limits.ms, err);
    }
    lua_settop(L, base);
    fflush(sc->to ? sc->to : stdout);
    return ok;
}

bool script_run_text(Session *s, Str chunk, const char *name, bool print_values, FILE *to,
                     Error *err)
{
    Script *sc;
    Work w;
    if (!script_get(s, &sc, err))
        return false;
    lua_State *L = sc->running;
    bool compiled = print_values ? compile_prompt(L, chunk, name)
                    : luaL_loadbufferx(L, chunk.n ? chunk.s : "", chunk.n, name, "t") == LUA_OK;
    if (!compiled)
        return syntax_error(L, err);
    if (!work_begin(sc, to, first_line(chunk), &w, err)) {
        lua_pop(L, 1);
        return false;
    }
    bool ok = run_chunk(sc, 0, print_values, err);
    return work_end(sc, &w, ok ? err : NULL) && ok;
}

static bool read_file(const char *file, Buf *out, Error *err)
{
    bool standard = strcmp(file, "-") == 0;
    FILE *f = standard ? stdin : fopen(file, "rbe");
    if (!f)
        return fail(err, ERR_IO, "cannot read %s: %m", file);
    char block[8192];
    size_t n;
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        buf_put(out, block, n);
    bool ok = !ferror(f) || fail(err, ERR_IO, "cannot read %s: %m", file);
    if (!standard)
        fclose(f);
    return ok;
}

/* A first line that begins with # is for the system; its newline stays, so lines keep their
 * numbers. */
static Str skip_interpreter(Str text)
{
    size_t bom = text.n >= 3 && memcmp(text.s, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    text = str_n(text.s + bom, text.n - bom);
    if (!text.n || text.s[0] != '#')
        return text;
    const char *end = memchr(text.s, '\n', text.n);
    return end ? str_n(end, text.n - (size_t)(end - text.s)) : str_n("", 0);
}

/* The global `arg` as in lua, the arguments themselves on the stack, the script's folder in the
 * path. */
static void push_arguments(lua_State *L, Script *sc, const char *file, char *const *argv, int argc)
{
    lua_createtable(L, argc, 1);
    lua_pushstring(L, file);
    lua_rawseti(L, -2, 0);
    for (int i = 0; i < argc; i++) {
        lua_pushstring(L, argv[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setglobal(L, "arg");
    if (!sc->limits.sandbox && strcmp(file, "-") != 0) {
        char *copy = xstrdup(file);
        script_path(L, dirname(copy));
        free(copy);
    }
    luaL_checkstack(L, argc + 4, NULL);
    for (int i = 0; i < argc; i++)
        lua_pushstring(L, argv[i]);
}

bool script_run_file(Session *s, const char *file, char *const *argv, int argc, Error *err)
{
    Script *sc;
    Work w;
    Buf text = { 0 };
    if (!script_get(s, &sc, err))
        return false;
    if (!read_file(file, &text, err)) {
        buf_release(&text);
        return false;
    }
    lua_State *L = sc->running;
    char title[256];
    snprintf(title, sizeof title, "lua %s", file);
    lua_pushfstring(L, "@%s", strcmp(file, "-") == 0 ? "stdin" : file);
    Str body = skip_interpreter(buf_as_str(&text));
    int rc = luaL_loadbufferx(L, body.n ? body.s : "", body.n, lua_tostring(L, -1), "t");
    buf_release(&text);
    lua_remove(L, -2);
    if (rc != LUA_OK)
        return syntax_error(L, err);
    push_arguments(L, sc, file, argv, argc);
    if (!work_begin(sc, NULL, str(title), &w, err)) {
        lua_settop(L, 0);
        return false;
    }
    bool ok = run_chunk(sc, argc, false, err);
    return work_end(sc, &w, ok ? err : NULL) && ok;
}

bool script_incomplete(Session *s, Str chunk)
{
    Script *sc;
    Error ignored = { 0 };
    if (!script_get(s, &sc, &ignored))
        return false;
    lua_State *L = sc->running;
    bool ok = compile_prompt(L, chunk, "=prompt");
    size_t n = 0;
    const char *text = ok ? NULL : lua_tolstring(L, -1, &n);
    bool more = text && n >= 5 && strcmp(text + n - 5, "<eof>") == 0;
    lua_pop(L, 1);
    return more;
}
