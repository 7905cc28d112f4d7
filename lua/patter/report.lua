-- SPDX-License-Identifier: GPL-3.0-or-later
--- Arithmetic of reports: sums, groups, rates. Rows are tables, as crm.sql and commands give them.
local report = {}

--- A share, or nil where there is nothing to have a share of.
---@param part number
---@param whole number
---@return number?
function report.rate(part, whole)
    if whole == 0 then
        return nil
    end
    return part / whole
end

--- "42.0 %"; "-" for nil.
---@param rate number?
---@return string
function report.percent(rate)
    return rate and string.format("%.1f %%", rate * 100) or "-"
end

--- Sum of one field over rows; rows without it count nothing.
---@param rows table[]
---@param field string
---@return number
function report.sum(rows, field)
    local total = 0
    for _, row in ipairs(rows) do
        total = total + (row[field] or 0)
    end
    return total
end

--- Rows by the value of one field, and the values in the order in which they first came.
---@param rows table[]
---@param field string
---@return table<any, table[]> groups
---@return any[] keys
function report.group(rows, field)
    local groups, keys = {}, {}
    for _, row in ipairs(rows) do
        local key = row[field]
        if key ~= nil then
            if not groups[key] then
                groups[key] = {}
                keys[#keys + 1] = key
            end
            table.insert(groups[key], row)
        end
    end
    return groups, keys
end

return report
