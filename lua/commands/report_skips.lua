-- SPDX-License-Identifier: GPL-3.0-or-later
local report = require "patter.report"

local SKIPS = [[
    SELECT t.user AS who, t.note AS why, count(*) AS count, count(DISTINCT t.customer) AS customers,
        max(t.at) AS last_at
    FROM touch t
    WHERE t.result = 'skipped' AND t.at >= ?2 AND (?1 IS NULL OR EXISTS (SELECT 1 FROM entry e
        JOIN campaign c ON c.list = e.list WHERE e.customer = t.customer AND c.id = ?1))
    GROUP BY t.user, t.note ORDER BY count(*) DESC, t.user, t.note]]

patter.command {
    name = "report skips",
    summary = "Whom agents passed over in preview, and what they said of it",
    detail = "A row for each agent and reason, most first, and the total. Of a campaign: the customers"
        .. " on its list.",
    args = {
        { "campaign", kind = "record", of = "campaign", optional = true, help = "only this campaign" },
        { "--since", kind = "time", optional = true, help = "only from then on" },
    },
    columns = { "user", "why", { "count", kind = "int" }, { "customers", kind = "int" },
        { "last_at", kind = "time" } },
    examples = { { "report skips", "over all campaigns" } },
    run = function(args, out)
        local rows = crm.sql(SKIPS, args.campaign, args.since or 0)
        for _, row in ipairs(rows) do
            out:row(row.who, row.why, row.count, row.customers, row.last_at)
        end
        out:row("total", nil, report.sum(rows, "count"))
    end,
}
