-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sets of records: lazy, counted by #, changed while they are walked.
local check = require "check"

crm.tx(function()
    for i = 1, 1000 do
        crm.customer.add { name = string.format("n%04d", i), source = i % 2 == 0 and "even" or "odd" }
    end
end)

check.eq(#crm.customers {}, 1000)
check.eq(#crm.customers { source = "even" }, 500)
check.eq(#crm.customers "source=even id<=10", 5)
check.eq(#crm.customers(), 1000)
check.eq(tostring(crm.customers { source = "odd" }):match("^customers: source"), "customers: source")

local n, last = 0, 0
for c in crm.customers { source = "odd" } do
    n = n + 1
    assert(c.id > last, "in order of id")
    last = c.id
end
check.eq(n, 500, "more than a page")

-- What is walked over may change: each is met once.
n = 0
for c in crm.customers { source = "even" } do
    c.source = "seen"
    n = n + 1
end
check.eq(n, 500)
check.eq(#crm.customers { source = "seen" }, 500)

-- Break and begin again; two loops over one set.
local set = crm.customers { source = "odd", limit = 3 }
for _ in set do -- luacheck: ignore 512
    break
end
local pairs_seen = 0
for a in set do
    for b in set do
        pairs_seen = pairs_seen + (a == b and 10 or 1)
    end
    if pairs_seen > 50 then break end
end
check.eq(#set, 3, "limit counts")
check.eq(pairs_seen, 12, "the inner loop starts anew and ends the outer one's page")

local names = {}
for c in crm.customers { order = "-name", limit = 2 } do
    names[#names + 1] = c.name
end
check.eq(table.concat(names, " "), "n1000 n0999")

-- Deleting while walking.
for c in crm.customers { source = "odd" } do
    assert(c:delete {})
end
check.eq(#crm.customers {}, 500)

-- No transaction or query stays open between two rounds.
for c in crm.customers { limit = 2 } do
    assert(crm.customer.add { name = "new beside " .. c.name })
end

-- Bulk.
check.eq(crm.update(crm.customers { source = "seen", limit = 10 }, { source = "bulk" }), 10)
check.eq(#crm.customers { source = "bulk" }, 10)
local sizes = {}
crm.each_batch(4, crm.customers { source = "bulk" }, function(batch) sizes[#sizes + 1] = #batch end)
check.eq(table.concat(sizes, " "), "4 4 2")

check.raises("customers have no field 'valeu'", crm.customers, { valeu = 3 })
check.raises("a filter is a table or a text", crm.customers, 7)

-- A type whose plural is its name: the same word is one of them and all of them.
check.eq(#crm.hours {}, 1)
check.eq(crm.hours("default").id, 1)
check.eq(#crm.hours.list(), 1)
