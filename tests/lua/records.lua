-- SPDX-License-Identifier: GPL-3.0-or-later
-- Handles: fields are properties, a deleted record raises.
local check = require "check"

local id = crm.customer.add { name = "王芳", phone = "138 0013 8000" }
local c = crm.customer(id)
check.eq(c.id, id)
check.eq(c.phone, "+8613800138000")
check.eq(c.stage, "identify", "a reference to a type with a handle is its handle")
check.eq(c.owner, nil)
check.eq(c.dnc, false)
check.eq(c.calls, 0, "computed fields")
check.eq(c.created, patter.now())
check.eq(tostring(c), "customer 1 (王芳)")
check.eq(c, crm.customer(id), "two handles of one record are equal")
check.eq(crm.lead(id).name, "王芳", "another name of the type")

c.name = "王小芳"
check.eq(crm.customer(id).name, "王小芳", "stored at once")
c.dnc = true
check.eq(c.dnc, true)
c.city = "x"
c.city = patter.null
check.eq(c.city, nil)
c.city = nil
c.created = patter.time("2026-01-01 12:00")
check.eq(c.created, patter.time("2026-01-01 12:00"), "a time goes both ways")

c:tag("vip")
c:tag("expo")
check.eq(tostring(c.tag), "expo,vip")
check.eq(#c.tag, 2)
c:untag("vip")
check.eq(c.tag[1], "expo")
c.tag = { "b", "a" }
check.eq(tostring(c.tag), "a,b")

local person = crm.person(crm.person.add { customer = c, name = "李", role = "decider" })
check.eq(person.customer, c, "a reference to a type without handle is a record")
check.eq(person.customer.name, "王小芳")
check.eq(c.deciders, 1)

check.raises("customers have no field 'nmae'", function() return c.nmae end)
check.raises("use lead move", function() c.stage = "potential" end)
check.raises("kept by the program", function() c.calls = 3 end)
check.raises("created", function() c.created = "no date" end)

assert(person:delete {})
check.raises("no more", function() return person.name end)
check.raises("no person", function() person.name = "x" end)
