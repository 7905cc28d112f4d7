-- SPDX-License-Identifier: GPL-3.0-or-later
local report = require "patter.report"

--- Stages in order; a lost stage is no step of a funnel.
local STAGES = [[
    SELECT s.id, s.name AS stage, p.name AS pipeline, s.position
    FROM stage s JOIN pipeline p ON p.id = s.pipeline WHERE s.outcome <> 'lost'
    ORDER BY p.id, s.position]]

--- What a record is counted under: its part for --by. A customer that several campaigns called is
--- counted in each. TYPE is customer or deal, WHOSE the customer's id.
local PARTS = {
    none = "SELECT t.id, NULL FROM TYPE t",
    owner = "SELECT t.id, u.name FROM TYPE t LEFT JOIN user u ON u.id = t.owner",
    region = "SELECT t.id, c.region FROM TYPE t JOIN customer c ON c.id = t.WHOSE",
    source = "SELECT t.id, c.source FROM TYPE t JOIN customer c ON c.id = t.WHOSE",
    campaign = [[SELECT DISTINCT t.id, g.name FROM TYPE t LEFT JOIN call k ON k.customer = t.WHOSE
                 LEFT JOIN campaign g ON g.id = k.campaign]],
}

--- How far each record came in the time asked for, from its creation and its moves, and how many
--- stand in each stage now.
local REACHED = [[
    WITH part(record, part) AS (PARTS),
    entered(record, stage, at) AS (
        SELECT t.id, coalesce((SELECT m.from_stage FROM move m WHERE m.type = 'TYPE' AND m.record = t.id
                               AND m.origin IS NULL ORDER BY m.id LIMIT 1), t.stage), t.created FROM TYPE t
        UNION ALL
        SELECT m.record, m.to_stage, m.at FROM move m WHERE m.type = 'TYPE'),
    far(record, pipeline, position) AS (
        SELECT e.record, s.pipeline, max(s.position) FROM entered e JOIN stage s ON s.id = e.stage
        WHERE e.at >= ?1 AND e.at < ?2 AND s.outcome <> 'lost' GROUP BY e.record, s.pipeline),
    counted(part, stage, reached, value, now) AS (
        SELECT p.part, s.id, 1, t.value, 0
        FROM stage s JOIN far f ON f.pipeline = s.pipeline AND f.position >= s.position
        JOIN TYPE t ON t.id = f.record JOIN part p ON p.record = t.id
        UNION ALL
        SELECT p.part, t.stage, 0, 0, 1 FROM TYPE t JOIN part p ON p.record = t.id)
    SELECT part, stage, sum(reached) AS reached, coalesce(sum(value), 0) AS value, sum(now) AS now
    FROM counted GROUP BY part, stage ORDER BY part]]

--- Figures by part and stage, and the parts in order; without --by one part, "".
local function figures(by, since, before)
    local found, parts = {}, {}
    for kind, whose in pairs { customer = "id", deal = "customer" } do
        local text = REACHED:gsub("PARTS", PARTS[by]):gsub("WHOSE", whose):gsub("TYPE", kind)
        for _, row in ipairs(crm.sql(text, since, before)) do
            local part = row.part or ""
            if not found[part] then
                found[part] = {}
                parts[#parts + 1] = part
            end
            found[part][row.stage] = row
        end
    end
    table.sort(parts)
    return found, #parts > 0 and parts or { by == "none" and "" or nil }
end

local COLUMNS = {
    "pipeline", "stage", { "reached", kind = "int" }, { "rate", kind = "percent" },
    { "now", kind = "int" }, { "value", kind = "money" },
}

--- One funnel after the other: the stages of each pipeline.
local function funnel(stages, reached, only, put)
    local before, pipeline
    for _, stage in ipairs(stages) do
        local row = reached[stage.id] or { reached = 0, value = 0, now = 0 }
        if stage.pipeline ~= pipeline then
            pipeline, before = stage.pipeline, nil
        end
        if not only or only == pipeline then
            put(pipeline, stage.stage, row.reached, before and report.rate(row.reached, before), row.now,
                row.value)
        end
        before = row.reached
    end
end

patter.command {
    name = "report funnel",
    summary = "How many reached each stage, and the share of each step",
    detail = "Counts come from the history of stages: a record has reached a stage when it entered that"
        .. " stage or a later one in the time asked for. The rate is the share of those who reached the"
        .. " stage before; now is how many stand in the stage today. With --by there is a funnel for each"
        .. " owner, region or source, or for each campaign that called.",
    args = {
        { "--since", kind = "time", optional = true, help = "only what was entered from then on" },
        { "--until", kind = "time", optional = true, help = "only what was entered before then" },
        { "--by", kind = "choice", choices = { "owner", "region", "source", "campaign" }, optional = true,
            help = "a funnel for each of these" },
        { "--pipeline", kind = "record", of = "pipeline", optional = true, help = "only this pipeline" },
    },
    columns = COLUMNS,
    examples = {
        { "report funnel", "since the beginning" },
        { "report funnel --since 2026-01-01", "this year's" },
        { "report funnel --by source --pipeline lifecycle", "which source brings leads that go on" },
    },
    run = function(args, out)
        local found, parts = figures(args.by or "none", args.since or 0, args["until"] or math.maxinteger)
        local stages = crm.sql(STAGES)
        if args.by then
            out:columns { args.by, table.unpack(COLUMNS) }
        end
        for _, part in ipairs(parts) do
            funnel(stages, found[part] or {}, args.pipeline and args.pipeline.name, function(...)
                if args.by then
                    out:row(part ~= "" and part or nil, ...)
                else
                    out:row(...)
                end
            end)
        end
    end,
}
