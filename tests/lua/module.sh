#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The core as a module of a stock lua5.4: it links neither readline nor liblua.
set -u
cd "$(dirname "$0")/../.."
n=0 failed=0
check() {  # check NAME COMMAND...
    n=$((n + 1))
    local name=$1 out
    shift
    if out=$("$@" 2>&1); then echo "ok $n - $name"; else
        echo "not ok $n - $name"; echo "$out" | sed 's/^/# /'; failed=1; fi
}
if nm -D "$BUILD/patter" | grep -q __asan_init; then
    echo "ok 1 - module # SKIP sanitizers cannot be loaded into lua5.4"
    echo "1..1"
    exit 0
fi
unlinked() { ! ldd "$BUILD/lua/patter.so" | grep -E 'readline|liblua'; }
check "links neither readline nor liblua" unlinked
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
check "opens, changes, reports, hooks, closes" env LUA_CPATH_5_4="$BUILD/lua/?.so" lua5.4 - "$dir/m.db" <<'END'
local file = ...
local module = require "patter"
local crm, patter = module.open(file)
assert(_G.crm == nil and _G.patter == nil, "no globals")
local id = assert(crm.customer.add { name = "王芳" })
assert(crm.customer(id).name == "王芳")
local off = crm.on("before:customer.add", function(c) return c.name ~= "bad", "no" end)
local ok, err = crm.customer.add { name = "bad" }
assert(ok == nil and err.code == "refused")
off()
coroutine.wrap(function() assert(crm.customer.add { name = "from a coroutine" }) end)()
assert(#crm.customers {} == 2)
assert(crm.report.rates().dials == 0, "commands written in Lua")
assert(crm.update(crm.customers {}, { city = "x" }) == 2)
assert(require "patter.report".percent(0.5) == "50.0 %")
assert(patter.null)
assert(not pcall(module.open, file), "one at a time")
local set = crm.customers {}
crm.close()
assert(not pcall(function() return #set end), "closed is closed")
assert(not pcall(function() return crm.customer(1) end))
local again = assert(module.open(file))
assert(#again.customers "city=x" == 2)
END
check "the program reads what the module wrote" \
    sh -c "[ \"\$($PATTER '$dir/m.db' -c 'customer count city=x')\" = 2 ]"
refuses() { ! LUA_CPATH_5_4="$BUILD/lua/?.so" lua5.4 -e 'assert(require"patter".open("/dev/null/x"))'; }
check "nil and an error for what cannot be opened" refuses
echo "1..$n"
exit $failed
