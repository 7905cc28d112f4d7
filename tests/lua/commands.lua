-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every command is a function with named arguments.
local check = require "check"

local id = crm.customer.add { name = "宝钢", phone = "021-58307717", ["tag+"] = "vip" }
check.eq(math.type(id), "integer", "a single value is given as such")
check.eq(crm.customer.count {}, 1)
check.eq(crm.customer.count(), 1, "no table at all")

-- Arguments by name, by place, by record; options with dashes.
assert(crm.lead.move { id, stage = "potential", why = "wants a brochure" })
check.eq(crm.customer(id).stage, "potential")
local customer = crm.customer(id)
assert(customer:move { stage = "identify", why = "by the record's own method" })
check.eq(customer.stage, "identify")
assert(crm.lead.move { target = id, stage = "potential", why = "all by name" })

-- Keys that are no argument: assignments, or comparisons of a filter.
assert(crm.customer.set { id, city = "上海", value = 1250 })
check.eq(customer.city, "上海")
check.eq(customer.value, 1250, "money is whole minor units both ways")
assert(crm.customer.set { id, value = "99.50" })
check.eq(customer.value, 9950)
for i = 1, 5 do
    assert(crm.customer.add { name = "n" .. i, city = i % 2 == 0 and "a b" or "it's" })
end
check.eq(crm.customer.count { city = "a b" }, 2)
check.eq(crm.customer.count { city = "it's" }, 3)
check.eq(crm.customer.count { city = { "a b", "上海" } }, 3, "a list of values")
check.eq(crm.customer.count { "city=上海 or name=n1" }, 2, "text")
check.eq(crm.customer.count { ["id>"] = 3, "name~n" }, 3, "an operator in the key")
check.eq(crm.customer.count { name = "and" }, 0, "words of the filter language are only text here")

-- Rows are tables; one row can be read without an index.
local rows = crm.customer.list { limit = 2, fields = "id,name" }
check.eq(#rows, 2)
check.eq(rows[1].name, "宝钢")
check.eq(table.concat(rows.columns, " "), "id name")
check.eq(crm.customer.list { limit = 1, fields = "id,name" }.name, "宝钢")
check.eq(rows.name, nil, "but not where there are two")

-- Several records at once need no confirmation here: a program means it.
assert(crm.customer.set { where = "name~n", source = "test" })
check.eq(crm.customer.count { source = "test" }, 5)
assert(crm.customer.delete { { 2, 3, 4, 5 } })
check.eq(#crm.customers {}, 2)
assert(crm.customer.set { 1, source = "rehearsed", dry_run = true })
check.eq(crm.customer(1).source, nil, "a dry run stores nothing")

-- Misuse is raised, what may fail is nil and an error.
check.raises("lead move takes no 'stages'", crm.lead.move, { id, stages = "potential" })
check.raises("lead has no verb 'fly'", function() return crm.lead.fly end)
check.raises("did you mean 'customer add'?", function() return crm.customer.ad end)
check.raises("crm has no 'custmer'", function() return crm.custmer end)
check.raises("did you mean crm.customers?", function() return crm.custmers end)
check.raises("crm has no 'nonsense'", function() return crm.nonsense end)
check.raises("no field 'nmae'", crm.customer.set, { id, nmae = "x" })
check.raises("value is money", crm.customer.set, { id, value = 12.5 })
check.fails("not-found", "no customer 99", crm.customer.set { 99, name = "x" })
check.fails("not-found", "no customer 99", crm.customer(99))
local refusal = check.fails("refused", "budget", customer:move { stage = "opportunity" })
assert(refusal.detail:find("a decider", 1, true), "every missing thing is named")
