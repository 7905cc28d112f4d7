-- SPDX-License-Identifier: GPL-3.0-or-later
-- Lua itself, where patter puts its own functions in the place of the library's.
local check = require "check"

-- Coroutines.
local co = coroutine.wrap(function(a)
    local b = coroutine.yield(a + 1)
    error("in the coroutine " .. b)
end)
check.eq(co(1), 2)
check.raises("in the coroutine x", co, "x")
check.raises("cannot resume dead", co)
local thread = coroutine.create(function(...)
    return select("#", ...), coroutine.isyieldable(), coroutine.running()
end)
local ok, n, yieldable, running = coroutine.resume(thread, nil, nil)
check.eq(ok, true)
check.eq(n, 2)
check.eq(yieldable, true)
check.eq(running, thread)
check.eq(coroutine.status(thread), "dead")
check.eq(coroutine.close(thread), true)
check.raises("thread expected", coroutine.resume, 7)

-- crm inside a coroutine, hooks included.
local seen
local off = crm.on("customer.add", function(c) seen = c.name end)
coroutine.wrap(function() assert(crm.customer.add { name = "from a coroutine" }) end)()
check.eq(seen, "from a coroutine")
off()

-- A loop over records may yield.
local names = coroutine.wrap(function()
    for c in crm.customers {} do coroutine.yield(c.name) end
end)
check.eq(names(), "from a coroutine")

-- xpcall: handler, arguments, results, yields across.
local handled
ok = xpcall(function(x) error("e" .. x) end, function(e) handled = e return e end, 5)
check.eq(ok, false)
assert(handled:find("e5", 1, true))
local through = coroutine.wrap(function()
    return xpcall(function() return coroutine.yield(1) end, print)
end)
check.eq(through(), 1)
check.eq(select(2, through("back")), "back")

check.eq(("ab"):rep(3, "-"), "ab-ab-ab")
check.eq(("x"):rep(0), "")
check.eq((""):rep(1 << 40), "")
check.raises("string.rep would make more than", string.rep, "x", 1 << 40)

-- Modules: the program's own, and those beside the script (check itself).
local report = require "patter.report"
check.eq(report.rate(1, 0), nil)
check.eq(report.rate(1, 4), 0.25)
check.eq(report.percent(0.421), "42.1 %")
check.eq(report.percent(nil), "-")
check.eq(report.sum({ { n = 1 }, { n = 2 }, {} }, "n"), 3)
local groups, keys = report.group({ { k = "b", v = 1 }, { k = "a", v = 2 }, { k = "b", v = 3 } }, "k")
check.eq(table.concat(keys, " "), "b a")
check.eq(#groups.b, 2)
check.eq(require "patter", patter)
check.raises("patter.nothing", require, "patter.nothing")
check.eq(arg[0]:match("[^/]+$"), "language.lua")
