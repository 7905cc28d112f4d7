-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the tests in this folder stand on. A failed check raises, so the script fails with its line.
local check = {}

function check.eq(got, want, what)
    if got ~= want then
        error(string.format("%s: got %s, want %s", what or "value", tostring(got), tostring(want)), 2)
    end
end

--- f raises an error whose text holds `text`; gives the error.
function check.raises(text, f, ...)
    local ok, err = pcall(f, ...)
    if ok then
        error("nothing was raised; wanted: " .. text, 2)
    end
    if not tostring(err):find(text, 1, true) then
        error("raised '" .. tostring(err) .. "', wanted: " .. text, 2)
    end
    return err
end

--- The call gave nil and an error with that code, whose text holds `text`.
function check.fails(code, text, result, err)
    check.eq(result, nil, "result")
    check.eq(err.code, code, "code")
    if not tostring(err):find(text, 1, true) then
        error("failed with '" .. tostring(err) .. "', wanted: " .. text, 2)
    end
    return err
end

return check
