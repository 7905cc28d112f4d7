-- SPDX-License-Identifier: GPL-3.0-or-later
-- The files by which editors know the interface load, and name every function that there is.
local check = require "check"

local function stub(file)
    local env = setmetatable({}, { __index = _G })
    assert(loadfile(file, "t", env))()
    return env
end

local api = stub "lua/meta/api.lua"
for name in pairs(patter) do
    local documented = api.patter[name] ~= nil
        or io.open("lua/meta/api.lua"):read("a"):find("---@field " .. name .. " ", 1, true)
    check.eq(documented and true, true, "patter." .. name)
end
for name, f in pairs(crm) do
    check.eq(type(api.crm[name]), type(f), "crm." .. name)
end
for name in pairs(require "patter.crm") do
    check.eq(type(api.crm[name]), "function", "crm." .. name)
end
for name in pairs(api.patter) do
    assert(patter[name] ~= nil, "the stub knows patter." .. name .. ", the program does not")
end

-- lua/meta/patter.lua is made by the program: nouns, verbs and plurals that exist.
local made = stub "lua/meta/patter.lua"
local functions = 0
for noun, verbs in pairs(made.crm) do
    assert(crm[noun], noun)
    for verb in pairs(type(verbs) == "table" and verbs or {}) do
        assert(type(crm[noun]) == "table" and crm[noun][verb], noun .. " " .. verb)
        functions = functions + 1
    end
end
assert(functions > 50)
