/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hook.c -- crm.on("customer.add", f): scripts that watch, amend and veto changes.
 *
 * An import calls hooks once a row, so the way in is short: the event's functions are looked up
 * once, the record is seen through one userdata that is used again, a field is found by one table
 * look-up, and there is one protected call.  That userdata is valid inside the hook only.
 *
 * f(record, old, event, reason): a `before:` hook may assign to the record's fields, which amends
 * what is stored; `return false, "reason"` or an error vetoes, after hooks too.  "commit" and
 * "undo" watch whole transactions; they get {inserted, updated, deleted} and may veto, not write.
 */
#include "script/state.h"

#include <stdlib.h>

enum { HOOK_MS = 5000 };             /* longest run of a hook when scripts have no limit */

typedef struct Watch { char *pattern; HookWhen when; int ref; } Watch;
typedef struct Event {               /* the functions of one event, in order of crm.on */
    char *name;
    HookWhen when;
    int *refs;                       /* n of them */
    int n, name_ref;
} Event;

typedef struct Seen {                /* a record as a hook sees it; r NULL: the hook is over */
    const Record *r;
    Record *amend;                   /* the same, in a before hook */
    bool stored;                     /* views can be read from the database */
    bool gone;                       /* being deleted */
} Seen;

typedef struct SeenType { const Type *type; int now, old; } SeenType;     /* registry references */

struct Hooks {
    Watch *watch;
    int n;
    Event *event;
    int n_events, last;              /* last: index of the event found last */
    SeenType *types;
    int n_types;
};

static const char *const SEEN = "patter.seen";         /* field __name of the metatables */

/* ---- events ---------------------------------------------------------------------------------- */

/* "customer.add" by "customer.add", "*.add", "customer.*", "*". */
static bool matches(const char *pattern, const char *event)
{
    const char *star = strchr(pattern, '*');
    if (!star)
        return strcmp(pattern, event) == 0;
    size_t head = (size_t)(star - pattern), tail = strlen(star + 1), n = strlen(event);
    return n >= head + tail && memcmp(pattern, event, head) == 0
           && strcmp(event + n - tail, star + 1) == 0 && strcmp(event, "undo") != 0
           && strcmp(event, "commit") != 0;
}

static int event_make(Script *sc, const char *name, HookWhen when)
{
    Hooks *h = sc->hooks;
    h->event = xresize(h->event, sizeof *h->event * (size_t)(h->n_events + 1));
    Event *e = &h->event[h->n_events];
    *e = (Event){ .name = xstrdup(name), .when = when, .name_ref = LUA_NOREF };
    for (int i = 0; i < h->n; i++)
        if (h->watch[i].when == when && matches(h->watch[i].pattern, name)) {
            e->refs = xresize(e->refs, sizeof *e->refs * (size_t)(e->n + 1));
            e->refs[e->n++] = h->watch[i].ref;
        }
    return h->last = h->n_events++;
}

/* Index of the event; it stays while a hook runs. */
static int event_get(Script *sc, const char *name, HookWhen when)
{
    Hooks *h = sc->hooks;
    if (h->last < h->n_events && h->event[h->last].when == when
        && strcmp(h->event[h->last].name, name) == 0)
        return h->last;
    for (int i = 0; i < h->n_events; i++)
        if (h->event[i].when == when && strcmp(h->event[i].name, name) == 0)
            return h->last = i;
    return event_make(sc, name, when);
}

static bool event_heard(const Script *sc, int event)
{
    return sc->hooks->event[event].n > 0;
}

static void events_forget(Script *sc)
{
    Hooks *h = sc->hooks;
    for (int i = 0; i < h->n_events; i++) {
        if (sc->L && h->event[i].name_ref != LUA_NOREF)
            luaL_unref(sc->L, LUA_REGISTRYINDEX, h->event[i].name_ref);
        free(h->event[i].name);
        free(h->event[i].refs);
    }
    h->n_events = h->last = 0;
}

/* ---- a record as a hook sees it -------------------------------------------------------------- */

static Seen *seen_of(lua_State *L, int idx)
{
    Seen *s = lua_touserdata(L, idx);
    if (!s || !s->r)
        misuse(L, "this record can be used inside its hook only; keep its id instead");
    return s;
}

static bool is_seen(lua_State *L, int idx)
{
    if (lua_type(L, idx) != LUA_TUSERDATA || !luaL_getmetafield(L, idx, "__name"))
        return false;
    bool yes = lua_isstring(L, -1) && strcmp(lua_tostring(L, -1), SEEN) == 0;
    lua_pop(L, 1);
    return yes;
}

int64_t seen_id(lua_State *L, int idx, const char **type)
{
    if (!is_seen(L, idx))
        return 0;
    Seen *s = seen_of(L, idx);
    *type = s->r->type->name;
    return s->r->id;
}

/* Index of a field by name from the table in upvalue 1, which is filled anew when types changed. */
static const Field *seen_field(lua_State *L, const Type *t)
{
    lua_pushvalue(L, 2);
    bool known = lua_rawget(L, lua_upvalueindex(1)) == LUA_TNUMBER;
    lua_Integer i = known ? lua_tointeger(L, -1) : 0;
    lua_pop(L, 1);
    if (known && i < t->n && strcmp(t->fields[i].name, lua_tostring(L, 2)) == 0)
        return &t->fields[i];
    const Field *f = field_named(script_of(L)->session->crm, t, luaL_checkstring(L, 2));
    if (f && strcmp(f->name, lua_tostring(L, 2)) == 0) {
        lua_pushvalue(L, 2);
        lua_pushinteger(L, f->index);
        lua_rawset(L, lua_upvalueindex(1));
    }
    return f;
}

/* A ref to a type with a handle is shown by it, as everywhere. */
static void push_ref(lua_State *L, Script *sc, const Field *f, Value v)
{
    const Type *to = schema_type(sc->session->crm->schema, str(f->ref));
    if (v.type != VALUE_INT || !to || !to->handle) {
        field_value_push(L, sc, f, v);
        return;
    }
    Arena *a = script_arena(L);
    lua_pushstring(L, record_label(sc->session->crm, to, v.i, a));
    lua_closeslot(L, -2);
    lua_remove(L, -2);
}

static int l_seen_index(lua_State *L)
{
    Seen *s = seen_of(L, 1);
    const Type *t = s->r->type;
    const Field *f = seen_field(L, t);
    if (!f) {
        const char *key = lua_tostring(L, 2);
        if (strcmp(key, "id") == 0)
            lua_pushinteger(L, s->r->id);
        else
            handle_method(L, t, key);
        return 1;
    }
    Value v = s->r->v[f->index];
    if (f->sql && s->stored && s->r->op[f->index] == FIELD_KEEP && value_is_null(v))
        field_push(L, script_of(L), t, s->r->id, f);
    else if (f->kind == KIND_REF)
        push_ref(L, script_of(L), f, v);
    else if (f->kind == KIND_TAGS)
        field_value_push(L, script_of(L), f, v);
    else if (strcmp(f->name, "id") == 0)
        lua_pushinteger(L, s->r->id);
    else
        value_push(L, v, f->kind);
    return 1;
}

static int l_seen_newindex(lua_State *L)
{
    Seen *s = seen_of(L, 1);
    Script *sc = script_of(L);
    const Type *t = s->r->type;
    const char *key = luaL_checkstring(L, 2);
    Error err = { 0 };
    const Field *f;
    if (!s->amend) {
        if (s->gone || !s->stored)
            return misuse(L, "this record cannot be changed: it is the one from before");
        record_assign(L, sc, t, s->r->id, str(key), FIELD_SET, 3);
        return 0;
    }
    if (!type_field_get(t, str(key), &f, &err))
        return error_raise(L, &err);
    sc->amend_record = s->amend;
    Str typed = value_typed(L, 3, f->kind, key, &sc->amended);
    if (!record_put(sc->session->crm, s->amend, str(key), FIELD_SET, typed, &sc->amended, &err))
        return error_raise(L, &err);
    return 0;
}

static int l_seen_tostring(lua_State *L)
{
    Seen *s = lua_touserdata(L, 1);
    if (s->r)
        lua_pushfstring(L, "%s %I", s->r->type->name, (LUAI_UACINT)s->r->id);
    else
        lua_pushliteral(L, "a record whose hook is over");
    return 1;
}

/* Make the userdata through which records of a type are seen; returns a registry reference. */
static int seen_make(lua_State *L)
{
    Seen *s = lua_newuserdatauv(L, sizeof *s, 0);
    *s = (Seen){ 0 };
    lua_createtable(L, 0, 5);
    lua_newtable(L);                 /* field name -> index */
    lua_pushcclosure(L, l_seen_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, l_seen_newindex);
    lua_setfield(L, -2, "__newindex");
    lua_pushcfunction(L, l_seen_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushstring(L, SEEN);
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    return luaL_ref(L, LUA_REGISTRYINDEX);
}

static SeenType seen_type(lua_State *L, Script *sc, const Type *t)
{
    Hooks *h = sc->hooks;
    for (int i = 0; i < h->n_types; i++)
        if (h->types[i].type == t)
            return h->types[i];
    SeenType st = { t, seen_make(L), seen_make(L) };
    h->types = xresize(h->types, sizeof st * (size_t)(h->n_types + 1));
    h->types[h->n_types++] = st;
    return st;
}

/* ---- calling --------------------------------------------------------------------------------- */

typedef struct HookCall {
    Script *sc;
    int event;                       /* index: the table may move when hooks nest */
    Hook *h;                         /* NULL: commit or undo */
    ChangeCount count;
    Seen *now, *old, now_before, old_before;       /* put back afterwards: hooks nest */
    bool vetoed;
    Error *err;                      /* gets what a veto says */
} HookCall;

static Seen *push_seen(lua_State *L, int ref, Seen *before)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
    Seen *s = lua_touserdata(L, -1);
    *before = *s;
    return s;
}

/* Stack: record, old record or nil. For delete the record is the one that goes. */
static void push_records(lua_State *L, HookCall *c)
{
    const Hook *h = c->h;
    SeenType st = seen_type(L, c->sc, h->type);
    bool before = h->when == HOOK_BEFORE;
    Seen now = { .r = h->now ? h->now : h->old, .amend = before && h->now ? h->now : NULL,
                 .stored = !before || h->old, .gone = !h->now };
    c->now = push_seen(L, st.now, &c->now_before);
    *c->now = now;
    if (!h->old || !h->now) {
        lua_pushnil(L);
        return;
    }
    c->old = push_seen(L, st.old, &c->old_before);
    *c->old = (Seen){ .r = h->old, .gone = true };
}

static void push_count(lua_State *L, const ChangeCount *n)
{
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, n->inserted);
    lua_setfield(L, -2, "inserted");
    lua_pushinteger(L, n->updated);
    lua_setfield(L, -2, "updated");
    lua_pushinteger(L, n->deleted);
    lua_setfield(L, -2, "deleted");
    lua_pushnil(L);
}

static void push_event_name(lua_State *L, Event *e)
{
    if (e->name_ref == LUA_NOREF) {
        lua_pushfstring(L, "%s%s", e->when == HOOK_BEFORE ? "before:" : "", e->name);
        e->name_ref = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, e->name_ref);
}

static void veto(lua_State *L, HookCall *c)
{
    if (lua_isstring(L, -1)) {
        fail(c->err, ERR_REFUSED, "%s", lua_tostring(L, -1));
    } else {
        lua_Debug ar;
        lua_pushvalue(L, -3);        /* the function, kept below its results */
        lua_getinfo(L, ">S", &ar);
        fail(c->err, ERR_REFUSED, "a hook on %s says no (%s:%d)",
             c->sc->hooks->event[c->event].name, ar.short_src, ar.linedefined);
    }
    c->vetoed = true;
}

static int l_run_hooks(lua_State *L)
{
    HookCall *c = lua_touserdata(L, 1);
    luaL_checkstack(L, 16, NULL);
    if (c->h)
        push_records(L, c);
    else
        push_count(L, &c->count);
    Event *at = &c->sc->hooks->event[c->event];
    push_event_name(L, at);
    const Event e = *at;
    for (int i = 0; i < e.n && !c->vetoed; i++) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, e.refs[i]);
        lua_pushvalue(L, -1);
        lua_pushvalue(L, 2);
        lua_pushvalue(L, 3);
        lua_pushvalue(L, 4);
        lua_pushstring(L, c->h ? c->h->reason : NULL);
        lua_call(L, 4, 2);
        if (lua_isboolean(L, -2) && !lua_toboolean(L, -2))
            veto(L, c);
        lua_settop(L, 4);
    }
    return 0;
}

static bool run_hooks(HookCall *c)
{
    Script *sc = c->sc;
    lua_State *L = sc->running;
    if (!lua_checkstack(L, 8))
        return fail(c->err, ERR_FAILED, "hooks on %s call each other without end",
                    sc->hooks->event[c->event].name);
    lua_pushcfunction(L, error_handler);
    lua_pushcfunction(L, l_run_hooks);
    lua_pushlightuserdata(L, c);
    Entry e = limits_enter(sc, sc->limits.ms ? sc->limits.ms : HOOK_MS);
    sc->hook_depth++;
    int rc = lua_pcall(L, 1, 0, -3);
    sc->hook_depth--;
    limits_leave(sc, e);
    if (c->now)
        *c->now = c->now_before;
    if (c->old)
        *c->old = c->old_before;
    bool ok = rc == LUA_OK && !c->vetoed;
    if (rc != LUA_OK) {
        error_take(L, -1, c->err);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return ok;
}

/* Texts that a hook put into a record live until that record, or its transaction, is done with. */
static void forget_amended(Script *sc, const Hook *h)
{
    if (!sc->amend_record || sc->hook_depth || h->when != HOOK_BEFORE)
        return;
    int64_t change = journal_current(sc->session->crm->store);
    if (h->now == sc->amend_record || change != sc->amend_change) {
        arena_release(&sc->amended);
        sc->amend_record = NULL;
    }
    sc->amend_change = change;
}

static bool on_event(void *ctx, Hook *h, Error *err)
{
    Script *sc = ctx;
    int event = event_get(sc, h->event, h->when);
    if (!event_heard(sc, event))
        return true;
    forget_amended(sc, h);
    HookCall c = { .sc = sc, .event = event, .h = h, .err = err };
    return run_hooks(&c);
}

static bool wanted(void *ctx, const char *event, HookWhen when)
{
    return event_heard(ctx, event_get(ctx, event, when));
}

static bool on_commit(void *ctx, Store *st, bool is_undo, Error *err)
{
    Script *sc = ctx;
    int event = event_get(sc, is_undo ? "undo" : "commit", HOOK_BEFORE);
    if (!event_heard(sc, event))
        return true;
    HookCall c = { .sc = sc, .event = event, .count = journal_count(st), .err = err };
    bool before = sc->no_write;
    sc->no_write = true;
    bool ok = run_hooks(&c);
    sc->no_write = before;
    return ok;
}

/* ---- crm.on ---------------------------------------------------------------------------------- */

static int l_off(lua_State *L)       /* upvalue 1: the registry reference */
{
    Script *sc = script_of(L);
    Hooks *h = sc->hooks;
    int ref = (int)lua_tointeger(L, lua_upvalueindex(1));
    if (sc->hook_depth)
        return misuse(L, "a hook cannot be removed inside a hook");
    for (int i = 0; i < h->n; i++)
        if (h->watch[i].ref == ref) {
            free(h->watch[i].pattern);
            memmove(&h->watch[i], &h->watch[i + 1], sizeof *h->watch * (size_t)(h->n - i - 1));
            h->n--;
            luaL_unref(L, LUA_REGISTRYINDEX, ref);
            break;
        }
    events_forget(sc);
    return 0;
}

/* What is told of a record; `move` of leads and deals, `ended` of calls. */
static void check_verb(lua_State *L, const char *verb)
{
    static const char *const verbs[] = { "add", "set", "delete", "move", "ended", "*" };
    enum { N = sizeof verbs / sizeof *verbs };
    for (int i = 0; i < N; i++)
        if (strcmp(verb, verbs[i]) == 0)
            return;
    const char *near = str_nearest(str(verb), verbs, N - 1);
    misuse(L, "nothing tells of '%s'; did you mean '%s'?", verb, near ? near : "add");
}

/* The part before the dot must be a type or *, or nobody would ever call. */
static void check_event(lua_State *L, Script *sc, const char *name)
{
    const char *dot = strchr(name, '.');
    if (strcmp(name, "*") == 0 || strcmp(name, "undo") == 0 || strcmp(name, "commit") == 0)
        return;
    if (!dot)
        misuse(L, "an event is TYPE.VERB (customer.add, *.set), commit or undo, not '%s'", name);
    check_verb(L, dot + 1);
    const Schema *schema = sc->session->crm->schema;
    Str type = str_n(name, (size_t)(dot - name));
    if (str_is(type, "*") || schema_type(schema, type))
        return;
    const Type *near = schema_type_near(schema, type);
    misuse(L, near ? "no type '%.*s' to watch; did you mean '%s'?" : "no type '%.*s' to watch%s",
           STR_ARG(type), near ? near->name : "");
}

int hook_on(lua_State *L)
{
    Script *sc = script_of(L);
    const char *name = luaL_checkstring(L, 1);
    Crm *crm = sc->session->crm;
    luaL_checktype(L, 2, LUA_TFUNCTION);
    if (sc->hook_depth)
        return misuse(L, "crm.on cannot be called inside a hook");
    HookWhen when = HOOK_AFTER;
    if (strncmp(name, "before:", 7) == 0) {
        when = HOOK_BEFORE;
        name += 7;
    } else if (strncmp(name, "after:", 6) == 0) {
        name += 6;
    }
    check_event(L, sc, name);
    if (strcmp(name, "undo") == 0 || strcmp(name, "commit") == 0) {
        when = HOOK_BEFORE;
        journal_on_commit(crm->store, on_commit, sc);
    }
    Hooks *h = sc->hooks;
    lua_settop(L, 2);
    int ref = luaL_ref(L, LUA_REGISTRYINDEX);
    h->watch = xresize(h->watch, sizeof *h->watch * (size_t)(h->n + 1));
    h->watch[h->n++] = (Watch){ xstrdup(name), when, ref };
    events_forget(sc);
    crm->hook = on_event;
    crm->hook_ctx = sc;
    crm->hook_wanted = wanted;
    lua_pushinteger(L, ref);
    lua_pushcclosure(L, l_off, 1);
    return 1;
}

void hook_setup(lua_State *L)
{
    script_of(L)->hooks = xalloc(sizeof(Hooks));
}

void hook_release(Script *sc)
{
    Hooks *h = sc->hooks;
    Crm *crm = sc->session->crm;
    if (!h)
        return;
    sc->L = NULL;                    /* closed: references went with it */
    if (crm->hook_ctx == sc) {
        crm->hook = NULL;
        crm->hook_wanted = NULL;
        crm->hook_ctx = NULL;
    }
    journal_on_commit(crm->store, NULL, NULL);
    events_forget(sc);
    for (int i = 0; i < h->n; i++)
        free(h->watch[i].pattern);
    free(h->watch);
    free(h->event);
    free(h->types);
    free(h);
    sc->hooks = NULL;
}
