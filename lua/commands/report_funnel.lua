-- SPDX-License-Identifier: GPL-3.0-or-later
local report = require "patter.report"

--- Stages in order; a lost stage is no step of a funnel.
local STAGES = [[
    SELECT s.id, s.name AS stage, p.name AS pipeline, s.position
    FROM stage s JOIN pipeline p ON p.id = s.pipeline WHERE s.outcome <> 'lost'
    ORDER BY p.id, s.position]]

--- How far each record came in the time asked for, from its creation and its moves, and how many
--- stand in each stage now. TYPE is customer or deal.
local REACHED = [[
    WITH entered(record, stage, at) AS (
        SELECT t.id, coalesce((SELECT m.from_stage FROM move m WHERE m.type = 'TYPE' AND m.record = t.id
                               ORDER BY m.id LIMIT 1), t.stage), t.created FROM TYPE t
        UNION ALL
        SELECT m.record, m.to_stage, m.at FROM move m WHERE m.type = 'TYPE'),
    far(record, pipeline, position) AS (
        SELECT e.record, s.pipeline, max(s.position) FROM entered e JOIN stage s ON s.id = e.stage
        WHERE e.at >= ?1 AND s.outcome <> 'lost' GROUP BY e.record, s.pipeline)
    SELECT s.id, count(*) AS reached, coalesce(sum(t.value), 0) AS value,
           (SELECT count(*) FROM TYPE n WHERE n.stage = s.id) AS now
    FROM stage s JOIN far f ON f.pipeline = s.pipeline AND f.position >= s.position
    JOIN TYPE t ON t.id = f.record GROUP BY s.id]]

local function reached_by_stage(since)
    local by_stage = {}
    for _, kind in ipairs { "customer", "deal" } do
        for _, row in ipairs(crm.sql((REACHED:gsub("TYPE", kind)), since)) do
            by_stage[row.id] = row
        end
    end
    return by_stage
end

patter.command {
    name = "report funnel",
    summary = "How many reached each stage, and the share of each step",
    detail = "Counts come from the history of stages: a record has reached a stage when it entered that"
        .. " stage or a later one in the time asked for. The rate is the share of those who reached the"
        .. " stage before; now is how many stand in the stage today.",
    args = {
        { "--since", kind = "time", optional = true, help = "only what was entered from then on" },
        { "--pipeline", kind = "record", of = "pipeline", optional = true, help = "only this pipeline" },
    },
    columns = {
        "pipeline", "stage", { "reached", kind = "int" }, { "rate", kind = "percent" },
        { "now", kind = "int" }, { "value", kind = "money" },
    },
    examples = {
        { "report funnel", "since the beginning" },
        { "report funnel --since 2026-01-01", "this year's" },
    },
    run = function(args, out)
        local reached = reached_by_stage(args.since or 0)
        local only = args.pipeline and args.pipeline.name
        local before, pipeline
        for _, stage in ipairs(crm.sql(STAGES)) do
            local row = reached[stage.id] or { reached = 0, value = 0, now = 0 }
            if stage.pipeline ~= pipeline then
                pipeline, before = stage.pipeline, nil
            end
            if not only or only == pipeline then
                out:row(pipeline, stage.stage, row.reached, before and report.rate(row.reached, before),
                    row.now, row.value)
            end
            before = row.reached
        end
    end,
}
