#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Hooks on import: rows are written in chunks, and a hook must not be able to tell.
set -u
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
n=0 failed=0
is() {  # is NAME GOT WANTED
    n=$((n + 1))
    if [ "$2" = "$3" ]; then echo "ok $n - $1"; else
        echo "not ok $n - $1"; printf '# got:    %s\n# wanted: %s\n' "$2" "$3"; failed=1; fi
}
{ echo name,phone; for i in $(seq 1 3000); do echo "n$i,$((13800000000 + i))"; done; } > l.csv
import() {  # import LUA: the figures of the report
    rm -f t.db*
    "$PATTER" t.db -c "lua $1" -c 'import l.csv --key phone' 2>&1 | grep -oE '(new|rejected) [0-9]+(,[0-9]+)?' | tr -d ',' | tr '\n' ' '
}
refuse='crm.on("customer.add", function(c) if tonumber(c.name:sub(2)) % 7 == 0 then return false, "seven" end end)'
is 'an after hook rejects its rows and no others' "$(import "$refuse")" 'new 2572 rejected 428 '
is 'nothing of a rejected row stays' "$("$PATTER" t.db -c 'customer count' -c 'contact count' -c 'customer count name=n14' -c 'customer find n1400 --no-header' | tr '\n' ' ')" '2572 2572 0 ' 
is 'the reason is in the reject file' "$(grep -c seven l.rejects.csv)" 428
rm -f l.rejects*.csv
seen='seen = 0; crm.on("customer.add", function(c) if #crm.customers("id=" .. c.id) == 1 and crm.customer(c.id).phone == c.phone then seen = seen + 1 end; if c.name == "n3000" then print(seen) end end)'
rm -f t.db*
is 'an after hook finds its row stored' "$("$PATTER" t.db -c "lua $seen" -c 'import l.csv --key phone' 2>/dev/null)" 3000
before='crm.on("before:customer.add", function(c) local i = tonumber(c.name:sub(2)); if i % 500 == 0 then print(#crm.customers{}) end end)'
rm -f t.db*
is 'a before hook finds all rows before it' "$("$PATTER" t.db -c "lua $before" -c 'import l.csv --key phone' 2>/dev/null | tr '\n' ' ')" '499 999 1499 1999 2499 2999 '
is 'the books balance after it' "$("$PATTER" t.db check >/dev/null 2>&1; echo $?)" 0
is 'numbers are found after it' "$("$PATTER" t.db customer count phone=13800000123)" 1
mixed='crm.on("customer.add", function(c) local i = tonumber(c.name:sub(2)); if i % 11 == 0 then local x = #crm.customers{name=c.name}; return x == 2, "eleven" end end)'
is 'a hook that looks and refuses takes its row back' "$(import "$mixed")" 'new 2728 rejected 272 '
is 'undo takes all of it back' "$("$PATTER" t.db -c undo -c 'customer count' 2>/dev/null)" 0
gone='crm.on("customer.add", function(c) if c.name == "n100" then crm.list("wave"):delete(); crm.customer(50):delete() end end)'
rm -f t.db*
"$PATTER" -q t.db -c 'list add name=wave' -c "lua $gone" -c 'list import wave l.csv --key phone' >/dev/null 2>said.txt
is 'what a hook deletes is not referred to' "$(sqlite3 t.db 'pragma foreign_key_check' | wc -l) $("$PATTER" t.db check >/dev/null 2>&1; echo $?)" '0 0'
is 'a list that a hook deletes ends the import' "$(grep -c error: said.txt) $("$PATTER" t.db customer count)" '1 0'
echo "1..$n"
exit $failed
