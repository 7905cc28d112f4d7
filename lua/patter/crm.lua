-- SPDX-License-Identifier: GPL-3.0-or-later
--- Functions of `crm` that are written in Lua: crm.update, crm.each_batch.
local bulk = {}

--- Walk over a set or a list of records.
local function each(records)
    if type(records) ~= "table" then
        return records
    end
    local i = 0
    return function()
        i = i + 1
        return records[i]
    end
end

--- Give the same values to many records, all or none; gives how many that were.
---@param records any set (crm.customers{...}) or list of records
---@param fields table
---@return integer
function bulk.update(records, fields)
    return crm.tx(function()
        local n = 0
        for record in each(records) do
            for name, value in pairs(fields) do
                record[name] = value
            end
            n = n + 1
        end
        return n
    end)
end

--- Call f with lists of at most `size` records, each list in a transaction of its own.
---@param size integer
---@param records any
---@param f fun(batch: table[])
function bulk.each_batch(size, records, f)
    local batch = {}
    for record in each(records) do
        batch[#batch + 1] = record
        if #batch == size then
            crm.tx(f, batch)
            batch = {}
        end
    end
    if #batch > 0 then
        crm.tx(f, batch)
    end
end

return bulk
