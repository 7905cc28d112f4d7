-- SPDX-License-Identifier: GPL-3.0-or-later
local report = require "patter.report"

--- Calls that ended, by campaign: how many reached a person, an appointment, an acceptance.
local COUNTS = [[
    SELECT coalesce(c.name, '-') AS campaign, count(*) - sum(direction = 'in') AS dials,
           coalesce(sum(r.connected * (direction = 'out')), 0) AS connected,
           coalesce(sum(r.appointment), 0) AS appointments, coalesce(sum(r.accepted), 0) AS accepted,
           sum(direction = 'in') AS inbound
    FROM call LEFT JOIN result r ON r.name = call.result LEFT JOIN campaign c ON c.id = call.campaign
    WHERE call.state = 'ended' AND (?1 IS NULL OR call.campaign = ?1) AND call.placed_at >= ?2
    GROUP BY call.campaign ORDER BY call.campaign]]

local function add_rates(row)
    row.connect_rate = report.rate(row.connected, row.dials)
    row.appointment_rate = report.rate(row.appointments, row.connected)
    row.acceptance_rate = report.rate(row.accepted, row.appointments)
    row.overall = report.rate(row.accepted, row.dials)
end

local function total(rows)
    local all = { campaign = "total" }
    for _, field in ipairs { "dials", "connected", "appointments", "accepted", "inbound" } do
        all[field] = report.sum(rows, field)
    end
    return all
end

patter.command {
    name = "report rates",
    summary = "Connect, appointment and acceptance rate, with the counts behind them",
    detail = "The connect rate is the share of dials that reached a person, the appointment rate the"
        .. " share of those that gave an appointment, the acceptance rate the share of appointments that"
        .. " were accepted; overall is accepted by dials. A dial counts once it has ended."
        .. " inbound is calls in that the campaign caused (call in); their appointments count, too.",
    args = {
        { "campaign", kind = "record", of = "campaign", optional = true, help = "only this campaign" },
        { "--since", kind = "time", optional = true, help = "only calls placed from then on" },
    },
    columns = {
        "campaign", { "dials", kind = "int" }, { "connected", kind = "int" },
        { "appointments", kind = "int" }, { "accepted", kind = "int" },
        { "connect_rate", kind = "percent" }, { "appointment_rate", kind = "percent" },
        { "acceptance_rate", kind = "percent" }, { "overall", kind = "percent" },
        { "inbound", kind = "int" },
    },
    examples = {
        { "report rates", "a row for each campaign that has calls, and their total" },
        { "report rates --since -30d --json", "the last thirty days, for a program" },
    },
    run = function(args)
        local rows = crm.sql(COUNTS, args.campaign, args.since or 0)
        if #rows ~= 1 then
            rows[#rows + 1] = total(rows)
        end
        for _, row in ipairs(rows) do
            add_rates(row)
        end
        return rows
    end,
}
