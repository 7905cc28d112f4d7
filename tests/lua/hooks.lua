-- SPDX-License-Identifier: GPL-3.0-or-later
-- crm.on: watch, amend, veto.
local check = require "check"

local seen = {}
local off = {
    crm.on("customer.add", function(c, old, event)
        seen[#seen + 1] = event .. " " .. c.name .. " " .. tostring(old)
    end),
    crm.on("before:customer.set", function(c, old, event)
        seen[#seen + 1] = event .. " " .. old.name .. ">" .. c.name
    end),
    crm.on("*.delete", function(c) seen[#seen + 1] = "gone " .. c.name end),
    crm.on("lead.move", function(c, old, event, reason)
        seen[#seen + 1] = event .. " " .. old.stage .. ">" .. c.stage .. " " .. reason
    end),
}
local id = crm.customer.add { name = "a" }
local c = crm.customer(id)
c.name = "b"
assert(c:move { stage = "potential", why = "asked" })
assert(c:delete {})
check.eq(table.concat(seen, "|"), "customer.add a nil|before:customer.set a>b|"
    .. "lead.move identify>potential asked|gone b")
for _, f in ipairs(off) do f() end
crm.customer.add { name = "unseen" }
check.eq(#seen, 4, "removed hooks are quiet")

-- A before hook amends what is stored; reads what it wrote; cannot break the rules.
local stop = crm.on("before:customer.add", function(new)
    new.name = new.name:upper()
    new.source = "hook of " .. new.name
    check.raises("calls", function() new.calls = 3 end)
end)
c = crm.customer(crm.customer.add { name = "amended", phone = "13800138001" })
check.eq(c.name, "AMENDED")
check.eq(c.source, "hook of AMENDED")
check.eq(c.phone, "+8613800138001")
stop()

-- Veto, before and after: nothing is stored, the reason is given.
local count = #crm.customers {}
stop = crm.on("before:customer.add", function(new)
    if new.name == "bad" then return false, "no bad ones" end
end)
check.fails("refused", "no bad ones", crm.customer.add { name = "bad" })
check.eq(#crm.customers {}, count)
assert(crm.customer.add { name = "good" })
stop()
stop = crm.on("customer.add", function(new)
    check.eq(crm.customer(new.id).name, new.name, "an after hook sees the stored row")
    return false, "too late"
end)
check.fails("refused", "too late", crm.customer.add { name = "late" })
check.eq(#crm.customers {}, count + 1)
stop()

-- An error vetoes, too, and keeps its code; without a reason the hook is named.
stop = crm.on("before:customer.add", function() error("it broke") end)
local _, err = crm.customer.add { name = "x" }
assert(err.message:find("hooks.lua:%d+: it broke"), err.message)
stop()
stop = crm.on("before:customer.add", function() return false end)
check.fails("refused", "hooks.lua:", crm.customer.add { name = "x" })
stop()
stop = crm.on("before:customer.set", function(new)
    check.eq(new.name, "good")
    assert(crm.customer(999))
end)
check.fails("not-found", "no customer 999", crm.customer.set { where = "name=good", city = "x" })
stop()

-- Hooks within hooks: the record stays the outer one's.
stop = crm.on("customer.add", function(new)
    if new.name == "outer" then
        crm.customer.add { name = "inner" }
        check.eq(new.name, "outer")
        new:tag("tagged")
        new.city = "after"
    end
end)
c = crm.customer(crm.customer.add { name = "outer" })
check.eq(tostring(c.tag), "tagged")
check.eq(c.city, "after")
check.eq(#crm.customers { name = "inner" }, 1)
stop()

-- A reference is the record it names, also by the other name of its type.
stop = crm.on("person.add", function(person)
    check.eq(person.customer, c)
    check.eq(person.lead, c)
    person.lead:tag("has-people")
end)
assert(crm.person.add { customer = c, name = "somebody" })
check.eq(tostring(c.tag), "has-people,tagged")
stop()

-- The record is valid inside its hook only.
local kept
stop = crm.on("customer.add", function(new) kept = new end)
crm.customer.add { name = "kept" }
check.raises("inside its hook only", function() return kept.name end)
stop()

-- Whole transactions.
stop = crm.on("commit", function(counts)
    check.raises("may veto, not write", crm.customer.add, { name = "no" })
    if counts.inserted > 2 then return false, "more than two" end
end)
check.fails("refused", "more than two", crm.tx(function()
    for i = 1, 3 do assert(crm.customer.add { name = "many" .. i }) end
end))
check.eq(#crm.customers "name~many", 0)
assert(crm.customer.add { name = "single" })
stop()

-- On import: refused rows are rejected with the reason, amended ones stored as amended.
local file = os.tmpname()
local function write(text)
    local f <close> = assert(io.open(file, "w"))
    f:write(text)
end
write("name,phone,city\nimp good,13800138101,x\nimp bad,13800138102,y\nimp fine,13800138103,z\n")
stop = crm.on("before:customer.add", function(new)
    if new.name == "imp bad" then return false, "not this one" end
    check.eq(new.phone:sub(1, 9), "+86138001")
    new.city = new.city:upper()
end)
local after = crm.on("customer.add", function(new)
    check.eq(crm.customer(new.id).name, new.name)
    if new.name == "imp fine" then return false, "nor this" end
end)
local report = crm.customer.import { file, format = "csv", rejects = file .. ".rejects" }
check.eq(report.read, 3)
check.eq(report.new, 1)
check.eq(report.rejected, 2)
check.eq(#crm.customers "name~imp", 1)
check.eq(crm.customers "name~imp" (nil).city, "X")
local rejects = assert(io.open(file .. ".rejects")):read("a")
assert(rejects:find("not this one", 1, true) and rejects:find("nor this", 1, true), rejects)
os.remove(file)
os.remove(file .. ".rejects")
stop()
after()

-- Undo can be refused.
stop = crm.on("undo", function() return false, "not today" end)
check.fails("refused", "not today", crm.undo())
check.eq(#crm.customers { name = "single" }, 1)
stop()

check.raises("did you mean 'customer'", crm.on, "custmer.add", print)
check.raises("an event is TYPE.VERB", crm.on, "customer", print)
check.raises("cannot be called inside a hook", function()
    local undo = crm.on("before:customer.add", function() crm.on("customer.add", print) end)
    local ok, problem = crm.customer.add { name = "x" }
    undo()
    assert(ok, problem)
end)
