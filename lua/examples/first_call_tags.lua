-- SPDX-License-Identifier: GPL-3.0-or-later
-- Tag customers that nobody has called yet:  patter shop.db -f first_call_tags.lua SOURCE
-- One undo takes all the tags back.
local source = ...
local customers = crm.customers { calls = 0, source = source }
for customer in customers do
    customer:tag("first-call")
end
patter.note(#customers .. " customers are to be called for the first time")
