-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a timer runs at night:  patter shop.db -f nightly.lua   (with --dry-run: only what it would do)
-- Checks the books, retires customers that were tried often and never reached, prints the day's results.
local report = require "patter.report"

local problems = assert(crm.check())
if #problems > 0 then
    error(#problems .. " equations do not hold; see the command check")
end

local tried = crm.customers("calls>=6 last_call<-90d not retired")
patter.note(#tried .. " customers are retired after six calls without success")
crm.update(tried, { retired = true })

for _, row in ipairs(crm.report.results { since = "yesterday" }) do
    print(row.result, row.count, report.percent(row.share))
end
