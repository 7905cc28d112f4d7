-- SPDX-License-Identifier: GPL-3.0-or-later
-- Tag who refuses within half a minute. Belongs into init.lua or beside a dial session.
crm.on("call.ended", function(call)
    if call.result == "refused" and call.talk and call.talk < 30000 then
        call.lead:tag("early-refusal")
    end
end)
