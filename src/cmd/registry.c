/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * registry.c -- which commands there are, and which one the first words name.
 *
 * Three sources, in order of precedence: what registry_add put in, the tables of C, and the
 * generic verbs of each type.  The index of shipped Lua commands is read only when a word is met
 * that nothing else explains (or when all are asked for): it adds names and replaces none.
 * Instances of generic verbs live until registry_free, since a command may reload the registry
 * while it runs.
 */
#include "cmd/registry.h"

#include <stdlib.h>

#include <jansson.h>

#include "base/embed.h"
#include "cmd/generic.h"
#include "model/schema.h"

struct Registry {
    Arena arena;
    Crm *crm;                 /* NULL: no database, no generic verbs */
    unsigned loads;           /* of the crm, when this was filled */
    const Command **all;      /* sorted by name */
    int n, size;
    const Command **added;    /* by registry_add; they outlive a reload */
    int n_added;
    bool filled;
    bool indexed;             /* the Lua index is in */
};

/* ---- a sorted array -------------------------------------------------------------------------- */

static int by_name(const void *x, const void *y)
{
    return strcmp((*(const Command *const *)x)->name, (*(const Command *const *)y)->name);
}

/* Index of the name, or of where it would stand (*found false). */
static int place_of(const Registry *r, Str name, bool *found)
{
    int low = 0, high = r->n;
    while (low < high) {
        int mid = (low + high) / 2;
        const char *at = r->all[mid]->name;
        int c = strncmp(at, name.s, name.n);
        if (c == 0 && at[name.n])
            c = 1;
        if (c == 0) {
            *found = true;
            return mid;
        }
        if (c < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *found = false;
    return low;
}

static void append(Registry *r, const Command *cmd)
{
    if (r->n == r->size) {
        r->size = r->size ? 2 * r->size : 256;
        r->all = xresize(r->all, sizeof *r->all * (size_t)r->size);
    }
    r->all[r->n++] = cmd;
}

/* Put in its place; a namesake is replaced where `replace`, else kept. */
static void insert(Registry *r, const Command *cmd, bool replace)
{
    bool found;
    int at = place_of(r, str(cmd->name), &found);
    if (found) {
        if (replace)
            r->all[at] = cmd;
        return;
    }
    append(r, cmd);
    memmove(r->all + at + 1, r->all + at, sizeof *r->all * (size_t)(r->n - 1 - at));
    r->all[at] = cmd;
}

/* ---- filling --------------------------------------------------------------------------------- */

static void add_static(Registry *r)
{
    for (const Command *const *const *table = command_tables; *table; table++)
        for (const Command *const *cmd = *table; *cmd; cmd++)
            append(r, *cmd);
    qsort(r->all, (size_t)r->n, sizeof *r->all, by_name);
}

/* One instance of a generic verb: "customer" and "list" make "customer list". */
static const Command *instance(Registry *r, const Command *generic, const char *noun, const Type *t)
{
    Command *cmd = ARENA_NEW(&r->arena, Command);
    size_t n = strlen(noun);
    char *name = arena_alloc(&r->arena, n + strlen(generic->name) + 2);
    memcpy(name, noun, n);
    name[n] = ' ';
    memcpy(name + n + 1, generic->name, strlen(generic->name) + 1);
    *cmd = *generic;
    cmd->name = name;
    cmd->type = t;
    return cmd;
}

/* The first `fixed` commands are in place and take precedence. */
static void add_verbs(Registry *r, const char *noun, const Type *t, int fixed)
{
    for (const Generic *g = generic_verbs; g->cmd; g++) {
        if (t->verbs & g->unless)
            continue;
        const Command *cmd = instance(r, g->cmd, noun, t);
        if (!bsearch(&cmd, r->all, (size_t)fixed, sizeof *r->all, by_name))
            append(r, cmd);
    }
}

static void add_generic(Registry *r, const Crm *crm)
{
    int n, fixed = r->n;
    const Type *const *types = schema_types(crm->schema, &n);
    for (int i = 0; i < n; i++) {
        add_verbs(r, types[i]->name, types[i], fixed);
        if (schema_alias(types[i]))
            add_verbs(r, schema_alias(types[i]), types[i], fixed);
    }
    qsort(r->all, (size_t)r->n, sizeof *r->all, by_name);
}

static void fill(Registry *r)
{
    r->n = 0;
    r->filled = true;
    r->indexed = false;
    add_static(r);
    if (r->crm && r->crm->schema) {
        add_generic(r, r->crm);
        r->loads = r->crm->loads;
    }
    for (int i = 0; i < r->n_added; i++)
        insert(r, r->added[i], true);
}

/* The registry is filled on demand and stays the same to those who ask: hence const. */
static void refresh(const Registry *constant)
{
    Registry *r = (Registry *)constant;
    if (!r->filled || (r->crm && r->crm->loads != r->loads))
        fill(r);
}

static void index_lua(const Registry *constant)
{
    Registry *r = (Registry *)constant;
    refresh(r);
    if (r->indexed)
        return;
    r->indexed = true;
    Error err = { 0 };
    Str text;
    if (!embed_read("lua/index.json", &r->arena, &text, &err))
        return;                                   /* a program built without Lua files */
    json_t *index = json_loadb(text.s, text.n, 0, NULL), *def;
    size_t i;
    json_array_foreach(json_object_get(index, "commands"), i, def) {
        char *one = json_dumps(def, JSON_COMPACT);
        Command *cmd;
        if (one && command_from_json(str(one), &r->arena, &cmd, &err))
            insert(r, cmd, false);
        free(one);
    }
    json_decref(index);
}

Registry *registry_new(Crm *crm)
{
    Registry *r = xalloc(sizeof *r);
    r->crm = crm;
    return r;
}

void registry_free(Registry *r)
{
    if (!r)
        return;
    arena_release(&r->arena);
    free(r->all);
    free(r->added);
    free(r);
}

void registry_add(Registry *r, const Command *cmd)
{
    for (int i = 0; i < r->n_added; i++)
        if (strcmp(r->added[i]->name, cmd->name) == 0) {
            r->added[i] = cmd;
            if (r->filled)
                insert(r, cmd, true);
            return;
        }
    r->added = xresize(r->added, sizeof *r->added * (size_t)(r->n_added + 1));
    r->added[r->n_added++] = cmd;
    if (r->filled)
        insert(r, cmd, true);
}

/* ---- asking ---------------------------------------------------------------------------------- */

static const Command *lookup(const Registry *r, Str noun, Str verb)
{
    char name[128];
    bool found;
    if (noun.n + verb.n + 2 > sizeof name || memchr(noun.s, '\0', noun.n))
        return NULL;
    memcpy(name, noun.s, noun.n);
    size_t n = noun.n;
    if (verb.n) {
        name[n++] = ' ';
        memcpy(name + n, verb.s, verb.n);
        n += verb.n;
    }
    int at = place_of(r, str_n(name, n), &found);
    return found ? r->all[at] : NULL;
}

const Command *registry_get(const Registry *r, Str noun, Str verb)
{
    refresh(r);
    const Command *cmd = lookup(r, noun, verb);
    if (!cmd && !r->indexed) {
        index_lua(r);
        cmd = lookup(r, noun, verb);
    }
    return cmd;
}

const Command *const *registry_all(const Registry *r, int *n)
{
    index_lua(r);
    *n = r->n;
    return (const Command *const *)r->all;
}

Str command_noun(const Command *cmd)
{
    const char *blank = strchr(cmd->name, ' ');
    return blank ? str_n(cmd->name, (size_t)(blank - cmd->name)) : str(cmd->name);
}

Str command_verb(const Command *cmd)
{
    const char *blank = strchr(cmd->name, ' ');
    return str(blank ? blank + 1 : "");
}

/* First words of what is not hidden, each once; those of lone commands only with `lone`. */
static const char **first_words(const Registry *constant, bool lone, size_t *n)
{
    Registry *r = (Registry *)constant;
    index_lua(r);
    const char **words = xalloc(sizeof *words * (size_t)(r->n + 1));
    *n = 0;
    for (int i = 0; i < r->n; i++) {
        Str noun = command_noun(r->all[i]);
        if (r->all[i]->flags & COMMAND_HIDDEN || (!lone && !command_verb(r->all[i]).n))
            continue;
        if (!*n || !str_is(noun, words[*n - 1]))
            words[(*n)++] = str_c(noun, &r->arena);
    }
    return words;
}

const char **registry_nouns(const Registry *r, size_t *n)
{
    return first_words(r, false, n);
}

const char **registry_words(const Registry *r, size_t *n)
{
    return first_words(r, true, n);
}

const char **registry_verbs(const Registry *r, Str noun, size_t *n)
{
    index_lua(r);
    const char **verbs = xalloc(sizeof *verbs * (size_t)(r->n + 1));
    *n = 0;
    for (int i = 0; i < r->n; i++)
        if (str_eq(command_noun(r->all[i]), noun) && command_verb(r->all[i]).n
            && !(r->all[i]->flags & COMMAND_HIDDEN))
            verbs[(*n)++] = command_verb(r->all[i]).s;
    return verbs;
}

/* ---- matching -------------------------------------------------------------------------------- */

static void list_verbs(const char *const *verbs, size_t n, Buf *out)
{
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s%s", i ? ", " : "", verbs[i]);
}

/* `list customers` was meant as `customer list`. */
static const char *noun_of_verb(const Registry *r, Str verb, Str word)
{
    size_t n;
    const char **nouns = registry_nouns(r, &n);
    const char *near = str_nearest(word, nouns, n);
    free(nouns);
    return near && registry_get(r, str(near), verb) ? near : NULL;
}

static bool unknown_verb(const Registry *r, const Word *w, int n, Error *err)
{
    size_t count;
    const char **verbs = registry_verbs(r, w[0].text, &count);
    Buf all = { .max = 400 };
    list_verbs(verbs, count, &all);
    if (n < 2) {
        fail(err, ERR_USAGE, "%.*s: say what to do", STR_ARG(w[0].text));
        fail_hint(err, "verbs: %s", all.s ? all.s : "none");
        fail_at(err, w[0].at, w[0].width);
    } else {
        const char *near = str_nearest(w[1].text, verbs, count);
        const char *noun = near ? NULL : noun_of_verb(r, w[0].text, w[1].text);
        fail(err, ERR_USAGE, "%.*s has no verb '%.*s'", STR_ARG(w[0].text), STR_ARG(w[1].text));
        if (near)
            fail_hint(err, "did you mean '%.*s %s'? Verbs: %s", STR_ARG(w[0].text), near, all.s);
        else if (noun)
            fail_hint(err, "did you mean '%s %.*s'?", noun, STR_ARG(w[0].text));
        else
            fail_hint(err, "verbs: %s", all.s ? all.s : "none");
        fail_at(err, w[1].at, w[1].width);
    }
    buf_release(&all);
    free(verbs);
    return false;
}

static bool unknown_word(const Registry *r, const Word *w, int n, Error *err)
{
    size_t count;
    const char **words = registry_words(r, &count);
    const char *near = str_nearest(w[0].text, words, count);
    fail(err, ERR_USAGE, "unknown command '%.*s'", STR_ARG(w[0].text));
    const char *noun = n > 1 ? noun_of_verb(r, w[0].text, w[1].text) : NULL;
    if (noun)
        fail_hint(err, "did you mean '%s %.*s'?", noun, STR_ARG(w[0].text));
    else if (w[0].raw && memchr(w[0].text.s, ' ', w[0].text.n))
        fail_hint(err, "a whole line in quotes goes behind -c; otherwise each word is an argument");
    else if (near)
        fail_hint(err, "did you mean '%s'?", near);
    else
        fail_hint(err, "`help` lists the commands");
    free(words);
    return fail_at(err, w[0].at, w[0].width);
}

bool registry_match(const Registry *r, const Word *w, int n, const Command **out, int *used,
                    Error *err)
{
    const Str none = { "", 0 };
    refresh(r);
    if (n == 0)
        return fail(err, ERR_USAGE, "no command");
    bool two = n > 1 && w[1].text.n && !w[1].oper;
    *used = 2;
    if (two && (*out = lookup(r, w[0].text, w[1].text)))
        return true;
    *used = 1;
    if (w[0].text.n && (*out = lookup(r, w[0].text, none)))
        return !two || r->indexed || !registry_get(r, w[0].text, w[1].text)
            || registry_match(r, w, n, out, used, err);
    if (!r->indexed) {
        index_lua(r);
        return registry_match(r, w, n, out, used, err);
    }
    for (int i = 0; i < r->n; i++)
        if (str_eq(command_noun(r->all[i]), w[0].text))
            return unknown_verb(r, w, n, err);
    return unknown_word(r, w, n, err);
}
