-- SPDX-License-Identifier: GPL-3.0-or-later
-- Two hooks: one mends what is stored, one refuses it. Both run on import as on any other change.
local function trim(customer)
    if customer.name then
        customer.name = customer.name:match("^%s*(.-)%s*$")
    end
end
crm.on("before:customer.add", trim)
crm.on("before:customer.set", trim)

crm.on("before:customer.add", function(customer)
    if not customer.name and not customer.phone then
        return false, "a customer needs a name or a number"
    end
end)
