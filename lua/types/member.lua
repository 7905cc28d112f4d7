-- SPDX-License-Identifier: GPL-3.0-or-later
-- Members: who is one, every movement of points, and the levels that points lead to. `member points`
-- (lua/commands/member_points.lua) is the one way to change a balance.
local levels = patter.type {
    name = "member_level",
    plural = "member_levels",
    summary = "levels of members, and what each is entitled to",
    handle = "name",
    fields = {
        { "name", kind = "text", required = true, unique = true, help = "silver", label = "等级" },
        { "points", kind = "int", required = true, help = "from so many points on", label = "积分" },
        { "benefits", kind = "text", help = "what its members are entitled to", label = "权益" },
    },
}
if levels then
    for _, level in ipairs { { "bronze", 0 }, { "silver", 300 }, { "gold", 1000 } } do
        assert(crm.member_level.add { name = level[1], points = level[2] })
    end
end

local added, problem = patter.type {
    name = "member",
    plural = "members",
    summary = "customers with an account of points",
    fields = {
        { "customer", kind = "ref", ref = "customer", required = true, unique = true, label = "客户",
            help = "who it is" },
        { "points", kind = "int", required = true, default = "0", help = "balance; changed by `member points`",
            label = "积分" },
        { "level", kind = "ref", ref = "member_level", help = "what the points lead to", label = "等级" },
        { "since", kind = "date", default = "today", help = "when it joined", label = "入会日期" },
    },
}
if problem then
    return added, problem
end

patter.type {
    name = "member_point",
    plural = "member_points",
    summary = "movements of members' points",
    fields = {
        { "member", kind = "ref", ref = "member", required = true, help = "whose", label = "会员" },
        { "points", kind = "int", required = true, help = "earned, or with a minus spent", label = "积分" },
        { "why", kind = "text", required = true, help = "order:31, a gift", label = "原因" },
        { "at", kind = "time", required = true, default = "now", help = "when", label = "时间" },
    },
}
return added
