#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# bank.sh -- a list of 4,521 real rows, numbers from a script, a segment, a campaign, rehearsed and
# simulated days: the same twice, other with another seed, and figures that equal plain SQL.
. "$(dirname "$0")/../lib.sh"
list=$data/bank.csv
if [ ! -f "$list" ]; then
    skip 'a day on the bank list' "$list is not there"
    finish
    exit
fi
sql() { sqlite3 -readonly bank.db "$1"; }
day() {
    patter bank.db --clock "2026-03-02 10:00" dial simulate deposits --agents 20 --hours 8 "$@"
}

patter bank.db import "$list" --create-fields > /dev/null 2>&1
same 'all rows are in' "$(patter bank.db customer count)" 4521
same 'and who bought is among them' "$(patter bank.db customer count y=yes)" 521
cat > numbers.lua <<'LUA'
local n = 0
for c in crm.customers{} do
  n = n + 1
  c.phone = ("1380%07d"):format(n)
end
LUA
patter bank.db -f numbers.lua > /dev/null 2>&1
same 'a script gives each a number' \
    "$(sql "SELECT count(*) FROM contact WHERE value LIKE '+861380%'")" 4521
patter bank.db -c "list build savers --from 'balance>=1000'
    campaign add name=deposits list=savers mode=ratio ratio=3 max_per_day=3 script='您好，{job}'
    campaign start deposits" > /dev/null 2>&1
entries=$(sql 'SELECT count(*) FROM entry')
check 'the segment has a thousand' test "$entries" -ge 1000

before=$(dump bank.db)
one=$(day --seed 1 --json 2> one.txt)
two=$(day --seed 1 --json 2> two.txt)
same 'a rehearsal is the same twice' "$two$(cat two.txt)" "$one$(cat one.txt)"
check 'and another with another seed' test "$(day --seed 2 --json 2>/dev/null)" != "$one"
same 'and stores nothing' "$(dump bank.db)" "$before"

kept=$(day --seed 1 --json --keep 2>/dev/null)
same 'the day that is kept is the one that was rehearsed' "$kept" "$one"
dials=$(sql 'SELECT count(*) FROM call')
check 'at least a thousand dials' test "$dials" -ge 1000
same 'every kind of result that a call out with an agent has' \
    "$(sql 'SELECT group_concat(name) FROM result WHERE name NOT IN (SELECT result FROM call)')" answered,missed,played
same 'the three rates equal plain SQL' \
    "$(patter bank.db report rates deposits --no-header \
        --fields dials,connected,appointments,accepted)" \
    "$(sql 'SELECT count(*), sum(r.connected), sum(r.appointment), sum(r.accepted)
            FROM call c JOIN result r ON r.name = c.result' | tr '|' '\t')"
same 'and what the day itself said' "$(sql "SELECT '\"dials\":' || count(*) || ',\"connected\":' ||
    sum(r.connected) FROM call c JOIN result r ON r.name = c.result")" \
    "$(grep -oE '"dials": ?[0-9]+, ?"connected": ?[0-9]+' <<< "$kept" | tr -d ' ')"
same 'calls are counted the same' "$(patter bank.db call count campaign=deposits)" "$dials"
check 'the books balance' patter bank.db check
same 'nobody was called outside nine to eight' "$(sql "SELECT count(*) FROM call
    WHERE time(placed_at / 1000 + 8 * 3600, 'unixepoch') NOT BETWEEN '09:00:00' AND '20:00:00'")" 0
same 'nobody twice at once' "$(sql 'SELECT count(*) FROM call a JOIN call b
    ON b.customer = a.customer AND b.id > a.id AND b.placed_at < a.ended_at')" 0
same 'nobody after he asked not to be called' "$(sql "SELECT count(*) FROM call a JOIN call b
    ON b.number = a.number AND b.placed_at >= a.ended_at WHERE a.result = 'do-not-call'")" 0
patter bank.db undo > /dev/null 2>&1
same 'undo takes the day back' "$(dump bank.db)" "$before"
finish
