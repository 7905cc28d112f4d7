-- SPDX-License-Identifier: GPL-3.0-or-later

--- The account of a customer, opened when there is none.
local function account(customer)
    for member in crm.members { customer = customer.id } do -- luacheck: ignore 512
        return member
    end
    return crm.member(assert(crm.member.add { customer = customer.id }))
end

--- The highest level that so many points reach, or nil.
local function level_of(points)
    local reached = crm.member_levels { string.format("points<=%d", points), order = "-points", limit = 1 }
    for level in reached do -- luacheck: ignore 512
        return level
    end
end

patter.command {
    name = "member points",
    summary = "Give a member points, or take some, and see the level",
    detail = "A customer without an account gets one. The level is the highest of member_level that the balance"
        .. " reaches. Every movement is kept (member_point list). Needs `type load member` once.",
    args = {
        { "customer", kind = "record", of = "customer", help = "the customer" },
        { "points", help = "+50, or -100 for those that are spent" },
        { "--why", help = "order:31, a gift" },
    },
    columns = { { "customer", kind = "int" }, { "points", kind = "int" }, "level", "benefits" },
    examples = { { "member points 1 +50 --why order:31", "fifty more" } },
    need = "write",
    writes = true,
    run = function(args, out)
        if #crm.sql "SELECT 1 FROM type WHERE name = 'member_point'" == 0 then
            error("there are no members in this file; `type load member` declares them", 0)
        end
        local points = math.tointeger(tonumber(args.points), 0)
        if not points then
            error(string.format("'%s' is no number of points; write +50 or -100", args.points))
        end
        local member = account(args.customer)
        local balance = member.points + points
        if balance < 0 then
            error(string.format("customer %d has %d points, not %d", args.customer.id, member.points, -points), 0)
        end
        assert(crm.member_point.add { member = member.id, points = points, why = args.why })
        local level = level_of(balance)
        member.points = balance
        member.level = level and level.name
        out:note(string.format("level %s (%d points)", level and level.name or "-", balance))
        out:row(args.customer.id, balance, level and level.name, level and level.benefits)
    end,
}
