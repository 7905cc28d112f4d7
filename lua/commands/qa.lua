-- SPDX-License-Identifier: GPL-3.0-or-later
local report = require "patter.report"

--- Calls in which people spoke and which nobody has scored, in an order that hangs on the seed alone.
local CANDIDATES = [[
    SELECT c.id AS call, a.name AS agent, k.name AS customer, c.placed_at AS placed_at, c.talk AS talk,
           c.result AS result
    FROM call c LEFT JOIN agent a ON a.id = c.agent LEFT JOIN customer k ON k.id = c.customer
    WHERE c.campaign = ?1 AND c.state = 'ended' AND c.talk > 0
      AND NOT EXISTS (SELECT 1 FROM qa q WHERE q.call = c.id)
    ORDER BY (c.id * 7919 + ?2 * 104729) % 1000003 * ((c.id + ?2) * 2654435761 % 1000003) % 1000003, c.id
    LIMIT ?3]]

patter.command {
    name = "qa sample",
    summary = "Draw calls of a campaign that are to be scored",
    detail = "Calls in which an agent spoke and that have no score yet. The same seed draws the same calls.",
    args = {
        { "campaign", kind = "record", of = "campaign", help = "of which campaign" },
        { "count", kind = "int", optional = true, default = "5", least = 1, help = "how many" },
        { "--seed", kind = "int", optional = true, default = "1", least = 1, help = "of the draw" },
    },
    columns = {
        { "call", kind = "int" }, "agent", "customer", { "placed_at", kind = "time" },
        { "talk", kind = "duration" }, "result",
    },
    examples = { { "qa sample demo 5 --seed 1", "five calls to listen to" } },
    run = function(args)
        return crm.sql(CANDIDATES, args.campaign, args.seed, args.count)
    end,
}

--- "opening=4" as a name and a number; nil when it is not that.
local function item(word)
    local name, points = word:match("^([^=]+)=([%d.]+)$")
    return name, tonumber(points)
end

patter.command {
    name = "qa score",
    summary = "Score a call: items with their points, and a note for the agent",
    detail = "Points are 0 to 5, by item=POINTS; the score is their mean. A second score of a call"
        .. " replaces the first.",
    args = {
        { "call", kind = "record", of = "call", help = "which call" },
        { "items", kind = "words", help = "opening=4 close=2" },
        { "--note", optional = true, help = "what to tell the agent" },
    },
    columns = { { "id", kind = "int" }, { "points", kind = "number" } },
    examples = { { "qa score 4 opening=4 close=2 --note 多听", "two items of one call" } },
    need = "manage",
    writes = true,
    run = function(args, out)
        local sum, note, texts = 0, args.note, {}
        for _, word in ipairs(args.items) do
            local name, points = item(word)
            if word:match("^note=") then
                note = word:sub(6)
            elseif not points or points > 5 then
                error(word .. " is not item=POINTS, with 0 to 5 points", 0)
            else
                sum = sum + points
                texts[#texts + 1] = name .. "=" .. string.format("%g", points)
            end
        end
        if #texts == 0 then
            error("no item has points: qa score ID opening=4 close=2", 0)
        end
        for old in crm.qas { call = args.call.id } do
            old:delete()
        end
        local points = sum / #texts
        local id = crm.qa.add {
            call = args.call.id, agent = args.call.agent, points = points,
            items = table.concat(texts, " "), note = note,
        }
        out:note(string.format("call %d: %.1f", args.call.id, points))
        out:row(id, points)
    end,
}

local SCORES = [[
    SELECT coalesce(a.name, '-') AS agent, q.points AS points, q.at AS at FROM qa q
    LEFT JOIN agent a ON a.id = q.agent WHERE (?1 IS NULL OR q.agent = ?1) AND q.at >= ?2
    ORDER BY a.name, q.at, q.id]]

--- Mean of the later half less that of the earlier one: what feedback has done.
local function trend(rows)
    local half = #rows // 2
    if half == 0 then
        return nil
    end
    local early, late = 0, 0
    for i = 1, half do
        early = early + rows[i].points
        late = late + rows[#rows - half + i].points
    end
    return (late - early) / half
end

patter.command {
    name = "report qa",
    summary = "Scores of agents: how many calls, their mean, and the trend",
    detail = "The trend is the mean of the later half of an agent's scores less that of the earlier half.",
    args = {
        { "agent", kind = "record", of = "agent", optional = true, help = "only this agent" },
        { "--since", kind = "time", optional = true, help = "only scores given from then on" },
    },
    columns = {
        "agent", { "calls", kind = "int" }, { "mean", kind = "number" }, { "trend", kind = "number" },
        { "last_at", kind = "time" },
    },
    examples = { { "report qa", "a row for each agent who was scored" } },
    run = function(args, out)
        local groups, names = report.group(crm.sql(SCORES, args.agent, args.since or 0), "agent")
        for _, name in ipairs(names) do
            local rows = groups[name]
            out:row(name, #rows, report.sum(rows, "points") / #rows, trend(rows), rows[#rows].at)
        end
    end,
}
