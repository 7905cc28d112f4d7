#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# veto.sh -- a hook in Lua that says no: nothing is stored and its reason is shown.
. "$(dirname "$0")/../lib.sh"

cat >hook.lua <<'LUA'
crm.on("before:customer.add", function(c)
    if c.name == "bad" then return false, "no bad ones today" end
end)
crm.on("customer.set", function(c)
    if c.note == "late" then return false, "too late for that" end
end)
crm.on("undo", function(change)
    return false, "what is done is done"
end)
LUA

vetoed()           # NAME REASON COMMAND ...: with the hooks loaded
{
    local name=$1 reason=$2 before
    shift 2
    before=$(dump v.db; patter v.db debug dump; patter v.db log --limit 0)
    patter v.db -f hook.lua -c "$*" >said.txt 2>&1
    same "$name: status" $? 1
    has "$name: the reason is shown" "$(cat said.txt)" "$reason"
    same "$name: nothing is stored" "$(dump v.db; patter v.db debug dump; patter v.db log --limit 0)" "$before"
}

patter v.db -q -f hook.lua -c 'customer add name=good phone=13800138000'
same 'what no hook minds is stored' "$(patter v.db customer count)" 1
vetoed 'add' 'no bad ones today' customer add name=bad
vetoed 'a hook after the change' 'too late for that' customer set 1 note=late
vetoed 'one of many' 'too late for that' customer set --where 'id>0' note=late --yes
vetoed 'undo' 'what is done is done' undo
check 'without the hook undo works' patter v.db undo
patter v.db -q redo
vetoed 'a script of one transaction' 'no bad ones today' "begin; customer add name=fine; customer add name=bad"

printf '%s\n' 'name,phone' 'one,13800138001' 'bad,13800138002' 'two,13800138003' 'bad,13800138004' >list.csv
patter v.db -f hook.lua -c 'import list.csv' >said.txt 2>&1
same 'import: status' $? 0
has 'import: the others are in' "$(cat said.txt)" 'read 4: new 2, updated 0, same 0, skipped 0, rejected 2'
same 'import: only they' "$(patter v.db customer list --fields name --no-header)" $'good\none\ntwo'
same 'import: each rejected row has line and reason' \
    "$(grep -c 'no bad ones today' list.rejects.csv; grep -o '138001380..' list.rejects.csv)" $'2\n13800138002\n13800138004'
printf '%s\n' 'name,phone' 'one,13800138001' 'bad,13800138002' >strict.csv
vetoed 'import, strict' '1 row was rejected' import strict.csv --strict
has 'import, strict: the reason is beside the row' "$(cat strict.rejects.csv)" 'bad,13800138002,3,no bad ones today'
check 'the books balance' patter v.db check
check 'the journal is whole' patter v.db log verify
finish
