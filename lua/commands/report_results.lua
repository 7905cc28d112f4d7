-- SPDX-License-Identifier: GPL-3.0-or-later
local report = require "patter.report"

local COUNTS = [[
    SELECT result, count(*) AS count FROM call
    WHERE state = 'ended' AND direction = 'out' AND (?1 IS NULL OR campaign = ?1) AND placed_at >= ?2
    GROUP BY result ORDER BY count(*) DESC, result]]

patter.command {
    name = "report results",
    summary = "How calls ended: a row for each result, and their total",
    detail = "The total is the number of dials that have ended.",
    args = {
        { "campaign", kind = "record", of = "campaign", optional = true, help = "only this campaign" },
        { "--since", kind = "time", optional = true, help = "only calls placed from then on" },
    },
    columns = { "result", { "count", kind = "int" }, { "share", kind = "percent" } },
    examples = { { "report results", "over all campaigns" } },
    run = function(args, out)
        local rows = crm.sql(COUNTS, args.campaign, args.since or 0)
        local dials = report.sum(rows, "count")
        for _, row in ipairs(rows) do
            out:row(row.result or "-", row.count, report.rate(row.count, dials))
        end
        out:row("total", dials, report.rate(dials, dials))
    end,
}
