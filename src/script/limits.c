/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * limits.c -- a ceiling for memory, a limit for time, and ^C.
 *
 * A permanent count hook would nearly double the time of tight loops, so there is none: a timer
 * ticks while something runs, and when the time is up its handler arms the hook on the thread that
 * has control.  The hook fires at every instruction from then on, so a pcall catches one error and
 * meets the next.  Entries are told apart by a serial number, so the cost of entering is a few
 * stores: an import may enter a million times.  C functions are not interrupted; the few that may
 * run long without memory are capped here.  Limits work in states of our own only, not in a host's.
 */
#include "script/state.h"

#include <stdlib.h>
#include <errno.h>

enum {
    TICK_SIGNAL = 3,                 /* SIGRTMIN + this */
    IDLE_TICKS = 8,                  /* ticks without an entry before the timer rests */
    REP_MAX = 64 << 20,              /* bytes that string.rep may make at once */
};

void *limits_alloc(void *ud, void *p, size_t old, size_t size)
{
    Script *sc = ud;
    if (!p)
        old = 0;                     /* it is a type tag then */
    /* The ceiling holds within protected calls: elsewhere Lua could only abort the program. */
    if (size == 0) {
        sc->bytes -= old;
        free(p);
        return NULL;
    }
    if (size > old && sc->depth && sc->limits.bytes
        && sc->bytes - old + size > (size_t)sc->limits.bytes)
        return NULL;
    void *q = realloc(p, size);
    if (q)
        sc->bytes += size - old;
    return q;
}

/* ---- time ------------------------------------------------------------------------------------ */

static void on_hook(lua_State *L, lua_Debug *ar)
{
    (void)ar;
    Script *sc = script_of(L);
    if (!sc->stop) {                 /* left over on a coroutine that was stopped before */
        lua_sethook(L, NULL, 0, 0);
        return;
    }
    lua_sethook(L, on_hook, LUA_MASKCOUNT, 1);
    Error err = { 0 };
    if (sc->stop == STOP_USER)
        fail(&err, ERR_INTERRUPTED, "interrupted");
    else
        fail(&err, ERR_FAILED, "stopped: it ran for more than %g s (lua.seconds)",
             (double)sc->limit_ms / 1000);
    error_raise(L, &err);
}

static void stop(Script *sc, int why)
{
    sc->stop = why;
    lua_sethook(sc->running, on_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT,
                1);
    if (sc->in_store && !sc->hook_depth)
        store_interrupt(sc->session->crm->store);
}

static void timer_arm(Script *sc, int64_t ms)
{
    struct timespec t = { ms / 1000, ms % 1000 * 1000000 };
    timer_settime(sc->timer, 0, &(struct itimerspec){ t, t }, NULL);
}

static void on_tick(int sig, siginfo_t *info, void *context)
{
    (void)sig;
    (void)context;
    int saved = errno;
    Script *sc = info->si_value.sival_ptr;
    if (sc->serial_seen != sc->serial) {
        sc->serial_seen = sc->serial;
        sc->ticks = 0;
    } else if (!sc->limit_ms) {
        if (++sc->ticks >= IDLE_TICKS) {
            sc->ticking = 0;
            timer_arm(sc, 0);
        }
    } else if (++sc->ticks * sc->tick_ms >= sc->limit_ms) {
        stop(sc, STOP_TIME);
    }
    errno = saved;
}

static void tick_start(Script *sc)
{
    int signo = SIGRTMIN + TICK_SIGNAL;
    if (!sc->has_timer) {
        struct sigaction act = { .sa_sigaction = on_tick, .sa_flags = SA_SIGINFO | SA_RESTART };
        sigemptyset(&act.sa_mask);
        sigaction(signo, &act, NULL);
        struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = signo,
                                  .sigev_value.sival_ptr = sc };
        if (timer_create(CLOCK_MONOTONIC, &event, &sc->timer) != 0)
            panic("no timer for the time limit of scripts");
        sc->has_timer = true;
    }
    int64_t ms = sc->limit_ms / 16;
    sc->tick_ms = ms < 1 ? 1 : ms > 100 ? 100 : ms;
    sc->ticks = 0;
    sc->ticking = 1;
    timer_arm(sc, sc->tick_ms);
}

Entry limits_enter(Script *sc, int64_t ms)
{
    Entry e = { sc->limit_ms, sc->running };
    sc->depth++;
    if (!e.limit_ms && ms && !sc->hosted) {
        sc->limit_ms = ms;
        sc->serial++;
        if (!sc->ticking || (ms < 1600 && sc->tick_ms > ms / 16 + 1))
            tick_start(sc);
    }
    return e;
}

void limits_leave(Script *sc, Entry e)
{
    bool ours = !e.limit_ms && sc->limit_ms;
    if (ours) {
        sc->limit_ms = 0;
        sc->serial++;
    }
    sc->running = e.running;
    sc->depth--;
    if ((ours && sc->stop == STOP_TIME) || sc->depth == 0)
        sc->stop = STOP_NONE;
}

void limits_release(Script *sc)
{
    if (!sc->has_timer)
        return;
    timer_arm(sc, 0);
    signal(SIGRTMIN + TICK_SIGNAL, SIG_IGN);    /* drops a tick that is pending */
    timer_delete(sc->timer);
}

void script_interrupt(Script *sc)
{
    if (sc->depth && !sc->hosted)
        stop(sc, STOP_USER);
}

void script_limits(Script *sc, const ScriptLimits *l)
{
    sc->limits.ms = l->ms;
    sc->limits.bytes = l->bytes;
}

/* ---- functions that obey --------------------------------------------------------------------- */

/* resume or close (upvalue 1) of a coroutine: note which thread has control meanwhile. */
static int l_switch(lua_State *L)
{
    Script *sc = script_of(L);
    lua_State *co = lua_tothread(L, 1);
    int n = lua_gettop(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    if (co)
        sc->running = co;
    int rc = lua_pcall(L, n, LUA_MULTRET, 0);
    sc->running = L;
    if (sc->stop)
        lua_sethook(L, on_hook, LUA_MASKCOUNT, 1);
    return rc ? lua_error(L) : lua_gettop(L);
}

/* The function that coroutine.wrap gives: upvalue 1 our resume, 2 the coroutine, 3 close. */
static int l_wrapped(lua_State *L)
{
    int n = lua_gettop(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_insert(L, 2);
    lua_call(L, n + 1, LUA_MULTRET);
    if (lua_toboolean(L, 1))
        return lua_gettop(L) - 1;
    lua_settop(L, 2);
    if (lua_status(lua_tothread(L, lua_upvalueindex(2))) > LUA_YIELD) {
        lua_pushvalue(L, lua_upvalueindex(3));
        lua_pushvalue(L, lua_upvalueindex(2));
        lua_call(L, 1, 0);
    }
    return lua_error(L);
}

static int l_wrap(lua_State *L)      /* upvalue 1 create, 2 our resume, 3 our close */
{
    lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 1, 1);
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_insert(L, 1);
    lua_pushvalue(L, lua_upvalueindex(3));
    lua_pushcclosure(L, l_wrapped, 3);
    return 1;
}

static int l_handler(lua_State *L)   /* upvalue 1: the handler that a script gave to xpcall */
{
    if (script_of(L)->stop)          /* it would run inside our hook, where nothing can stop it */
        return 1;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 1, 1);
    return 1;
}

static int xpcall_end(lua_State *L, int status, lua_KContext k)
{
    (void)status;
    (void)k;
    return lua_gettop(L);
}

static int l_xpcall(lua_State *L)    /* upvalue 1: the library's */
{
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, l_handler, 1);
    lua_replace(L, 2);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_callk(L, lua_gettop(L) - 1, LUA_MULTRET, 0, xpcall_end);
    return xpcall_end(L, LUA_OK, 0);
}

static int l_rep(lua_State *L)       /* upvalue 1: the library's */
{
    size_t n, sep = 0;
    luaL_checklstring(L, 1, &n);
    lua_Integer times = luaL_checkinteger(L, 2);
    luaL_optlstring(L, 3, "", &sep);
    if (n + sep == 0 || times <= 0) {        /* the library would count the times */
        lua_pushliteral(L, "");
        return 1;
    }
    if ((size_t)times > REP_MAX / (n + sep))
        return misuse(L, "string.rep would make more than %d MB", REP_MAX >> 20);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

/* Put a closure of f over the function lib.name in its place. */
static void replace(lua_State *L, const char *lib, const char *name, lua_CFunction f)
{
    lua_getglobal(L, lib);
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, f, 1);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

void limits_setup(lua_State *L)
{
    replace(L, "coroutine", "resume", l_switch);
    replace(L, "coroutine", "close", l_switch);
    replace(L, "string", "rep", l_rep);
    replace(L, "_G", "xpcall", l_xpcall);
    lua_getglobal(L, "coroutine");
    lua_getfield(L, -1, "create");
    lua_getfield(L, -2, "resume");
    lua_getfield(L, -3, "close");
    lua_pushcclosure(L, l_wrap, 3);
    lua_setfield(L, -2, "wrap");
    lua_pop(L, 1);
}
