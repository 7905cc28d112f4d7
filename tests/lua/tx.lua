-- SPDX-License-Identifier: GPL-3.0-or-later
-- crm.tx and crm.sql.
local check = require "check"

local a, b, c = crm.tx(function(x, y)
    crm.customer.add { name = "kept" }
    return x + y, nil, "three"
end, 1, 2)
check.eq(a, 3)
check.eq(b, nil)
check.eq(c, "three", "all that f returned")

check.raises("boom", crm.tx, function()
    crm.customer.add { name = "lost" }
    error("boom")
end)
check.eq(#crm.customers { name = "lost" }, 0)

-- Nested: the inner one is taken back alone.
crm.tx(function()
    crm.customer.add { name = "outer" }
    pcall(crm.tx, function()
        crm.customer.add { name = "inner" }
        error("inner fails")
    end)
    crm.customer.add { name = "after" }
end)
check.eq(#crm.customers { name = { "outer", "inner", "after" } }, 2)

-- A field that was added and taken back is no field any more.
pcall(crm.tx, function()
    crm.field.add { "customer", "size", "text" }
    error("no")
end)
check.raises("no field 'size'", crm.customer.count, { "size=1" })

-- Errors keep their identity on the way.
local mine = setmetatable({}, { __tostring = function() return "mine" end })
local ok, err = pcall(crm.tx, function() error(mine) end)
check.eq(ok, false)
assert(tostring(err):find("mine"))
check.raises("yield", function()
    coroutine.wrap(function() crm.tx(coroutine.yield) end)()
end)
check.eq(#crm.customers {}, 3)

-- sql reads, with parameters.
local rows = crm.sql("SELECT id, name FROM customer WHERE id > ?1 AND name <> ?2 ORDER BY id", 1, "after")
check.eq(#rows, 1)
check.eq(rows.name, "outer")
check.eq(crm.sql("SELECT ?1 AS x", nil).x, nil)
check.eq(crm.sql("SELECT ?1 AS x", crm.customer(1)).x, 1, "a record stands for its id")
check.eq(crm.sql("SELECT 1.5 AS x").x, 1.5)
check.eq(crm.sql("SELECT '芳' AS x").x, "芳")
check.raises("only reads", crm.sql, "DELETE FROM customer")
check.raises("nowhere", crm.sql, "SELECT nowhere FROM customer")
check.raises("parameters", crm.sql, "SELECT ?1", {})
