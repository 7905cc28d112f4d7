-- SPDX-License-Identifier: GPL-3.0-or-later
-- Commands and types declared in Lua.
local check = require "check"

patter.command {
    name = "greet all",
    summary = "Greet customers",
    args = {
        { "greeting", help = "what to say" },
        { "filter", kind = "filter", of = "customer", optional = true, help = "whom" },
        { "--times", kind = "int", default = "1", help = "how often" },
        { "--loud", kind = "flag", help = "in capitals" },
        { "--by", kind = "record", of = "user", optional = true, help = "who greets" },
        { "--word", kind = "list", optional = true, help = "further words" },
    },
    columns = { "text", { "n", kind = "int" }, { "share", kind = "percent" } },
    examples = { { "greet all hello", "everybody, once" } },
    run = function(args, out)
        check.eq(args.by, nil)
        local words = table.concat(args.word, "+")
        for c in crm.customers(args.filter) do
            local text = args.greeting .. " " .. c.name .. words
            out:row(args.loud and text:upper() or text, args.times, 0.5)
        end
        return { { text = "returned", n = 7 } }
    end,
}
crm.customer.add { name = "ann" }
crm.customer.add { name = "bob" }
local rows = crm.greet.all { "hello", name = "bob", times = 3, loud = true, word = { "x", "y" } }
check.eq(#rows, 2)
check.eq(rows[1].text, "HELLO BOBX+Y")
check.eq(rows[1].n, 3)
check.eq(rows[1].share, 0.5)
check.eq(rows[2].text, "returned")
check.eq(rows[2].share, nil)
check.eq(#crm.greet.all { greeting = "hi" }, 3)
check.raises("greet all needs", crm.greet.all, {})
check.raises("whole number", crm.greet.all, { "hi", times = "many" })

-- A command that writes is one transaction; what it raises or returns is the caller's.
patter.command {
    name = "spoil", summary = "Add one customer and fail", writes = true,
    args = { { "how", help = "raise, return, break or row" } },
    columns = { { "n", kind = "int" } },
    run = function(args, out)
        assert(crm.customer.add { name = "half" })
        if args.how == "raise" then
            error("spoilt")
        elseif args.how == "return" then
            return crm.customer(99)
        elseif args.how == "break" then
            assert(crm.customer(98))
        end
        out:row(1, 2, 3)
    end,
}
check.fails("failed", "spoilt", crm.spoil("raise"))
check.fails("not-found", "no customer 99", crm.spoil("return"))
check.fails("not-found", "no customer 98", crm.spoil("break"))
check.raises("spoil has 1 columns, not 3", crm.spoil, "row")
check.eq(#crm.customers { name = "half" }, 0)

check.raises("needs a name and a function", patter.command, { name = "x" })
check.raises("a definition has no 'arguments'", patter.command,
    { name = "x y", summary = "Z", arguments = {}, run = print })
check.raises("unknown kind", patter.command,
    { name = "x y", summary = "Z", args = { { "a", kind = "colour", help = "h" } }, run = print })

-- Types.
check.eq(patter.type {
    name = "visit", plural = "visits", summary = "visits at a customer",
    fields = {
        { "customer", kind = "ref", ref = "customer", required = true, help = "where" },
        { "on", kind = "date", help = "when" },
        { "mood", kind = "choice", choices = { "good", "bad" }, help = "how it went" },
    },
}, true)
local visit = crm.visit(crm.visit.add { customer = 1, on = "2026-03-01", mood = "good" })
check.eq(visit.customer.name, "ann")
check.eq(visit.on, "2026-03-01")
check.eq(#crm.visits { mood = "good", ["customer.name"] = "ann" }, 1)
check.fails("invalid", "mood", crm.visit.add { customer = 1, mood = "ugly" })
check.fails("invalid", "customer", crm.visit.add { mood = "bad" })
visit.mood = "bad"
check.eq(#crm.visits "mood=bad", 1)

local added = crm.type.load { "supplier" }
check.eq(added.added, true)
check.eq(crm.type.load { "supplier" }.added, false, "twice does no harm")
assert(crm.supplier.add { name = "ACME", credit = 125000, terms = "30 days" })
check.eq(crm.supplier("ACME").credit, 125000)
check.raises("is a type of the program", patter.type, { name = "customer", fields = {} })
check.raises("no type file", patter.load_type, "../x")
