/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rig.h -- for tests: an engine with a list in memory, and a hand that plays the driver.
 */
#ifndef TESTS_RIG_H
#define TESTS_RIG_H

#include "memlist.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define START INT64_C(1893490200000)              /* 2030-01-01 09:30 UTC */

typedef struct Rig {
    EngineConfig cfg;
    MemList list;
    Engine *e;
    int64_t now;
} Rig;

static inline void event(Rig *r, DriverEventKind kind, CallId call, AgentId agent)
{
    engine_event(r->e, &(DriverEvent){ .at = r->now, .kind = kind, .call = call, .agent = agent });
}

static inline void call_is(Rig *r, DriverEventKind kind, CallId call)
{
    event(r, kind, call, 0);
}

/* The next order must be of this kind. */
static inline DriverOrder expect(Rig *r, DriverOrderKind kind)
{
    DriverOrder o;
    assert_true(engine_order(r->e, &o));
    assert_int_equal(o.kind, kind);
    return o;
}

static inline void expect_none(Rig *r)
{
    DriverOrder o;
    assert_false(engine_order(r->e, &o));
}

static inline void tick(Rig *r, int64_t ms)
{
    r->now += ms;
    engine_tick(r->e, r->now);
}

static inline void wish(Rig *r, AgentId id, AgentState state)
{
    Error err = { 0 };
    assert_true(engine_agent(r->e, r->now, id, state, &err));
}

static inline void ready(Rig *r, AgentId id)
{
    wish(r, id, AGENT_READY);
    assert_int_equal(expect(r, ORDER_AGENT_CALL).agent, id);
    event(r, DRIVER_AGENT_UP, 0, id);
    assert_int_equal(engine_find_agent(r->e, id)->state, AGENT_READY);
}

static inline AgentState state_of(Rig *r, AgentId id)
{
    return engine_find_agent(r->e, id)->state;
}

static inline void rig_open(Rig *r, EngineConfig cfg, int entries)
{
    *r = (Rig){ .cfg = cfg, .now = START };
    mem_init(&r->list, entries, 10, &r->cfg);
    r->e = engine_new(&r->cfg, mem_supply(&r->list), mem_observer(&r->list), r->now);
    call_is(r, DRIVER_LINK_UP, 0);
    expect(r, ORDER_RECONCILE);
    call_is(r, DRIVER_RECONCILED, 0);
    engine_start(r->e, r->now);
}

static inline void rig_close(Rig *r)
{
    if (r->list.wrong)
        fail_msg("%d wrong, first: %s", r->list.wrong, r->list.what);
    engine_free(r->e);
    mem_release(&r->list);
}

static inline EngineConfig mode(PaceMode m, double ratio)
{
    EngineConfig c = engine_defaults();
    c.pacing.mode = m;
    c.pacing.ratio = ratio;
    return c;
}

static inline void say(Rig *r, AgentId id, Result result)
{
    Error err = { 0 };
    assert_true(engine_result(r->e, r->now, id, result, &err));
}

#endif
