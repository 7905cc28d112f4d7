-- SPDX-License-Identifier: GPL-3.0-or-later
-- One shape of errors, one rule which are raised.
local check = require "check"

local err = check.raises("no field 'nmae'", crm.customer.add, { nmae = "x" })
check.eq(err.code, "usage")
assert(err.hint:find("name", 1, true), "the nearest name is in the hint")
assert(err.where:find("errors.lua:%d+: $") or err.where:find("check.lua:%d+: $"), err.where)

local _, missing = crm.customer(12345)
check.eq(missing.code, "not-found")
check.eq(missing.where, nil, "what was not raised has no position")
assert(tostring(missing):find("^no customer 12345"))

-- assert passes an error on as it is; pcall gives it back.
local ok, same = pcall(function() return assert(crm.customer(12345)) end)
check.eq(ok, false)
check.eq(same.code, "not-found")

-- A script's own tables are left alone.
local mine = { code = "mine" }
local _, back = pcall(error, mine)
check.eq(back, mine)

check.eq(patter.time("no time"), nil)
assert(patter.time("2026-01-02"))
check.eq(patter.version, patter._VERSION:match("%S+$"))
check.eq(tostring(patter.null), "null")
