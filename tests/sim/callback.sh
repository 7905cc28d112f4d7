#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# callback.sh -- a callback that an agent promised himself is dialled for him, and for nobody else
# while he is there; so is what was dealt to him.  One that another process books is dialled at its
# time, and one whose owner is away is not lost.
. "$(dirname "$0")/../lib.sh"
db=$work/x.db
sql() { sqlite3 -readonly "$db" "$1"; }
p() { patter "$db" "$@"; }
wait_for()         # NAME SQL: the query gives 1, twenty seconds at most
{
    for _ in $(seq 400); do
        [ "$(sql "$2")" = 1 ] && { pass "$1"; return; }
        sleep 0.05
    done
    fail "$1" "$(sql 'SELECT id, entry, agent, state, result FROM call; SELECT id, state, agent FROM entry')"
}
trap 'kill -9 $pid 2>/dev/null; rm -rf "$work"' EXIT
p -c 'hours set default spec=always; agent add name=王芳; agent add name=li
    customer add name=A phone=13800138009; customer add name=B phone=13800138019
    list add name=l; list fill l id=1; campaign add name=秋季 list=l script=x mode=progressive max_per_day=9
    campaign start 秋季' >/dev/null 2>&1
"$PATTER" "$db" dial start 秋季 --by-number >/dev/null 2>&1 &
pid=$!
wait_for 'the dialler' 'SELECT count(*) FROM dialing'
p agent ready 王芳 秋季 2>/dev/null
wait_for 'she talks' "SELECT count(*) FROM agent WHERE name = '王芳' AND state = 'talking' AND call = 1"
has 'only a callback is hers' "$(p dial result refused --mine --agent 王芳 2>&1)" '--mine is said of a callback'
check 'she promises to call back' p dial result callback --at +6s --mine --agent 王芳
wait_for 'it is hers' "SELECT count(*) FROM entry WHERE state = 'callback' AND agent = 1"
p -c 'list fill l id=2' -c 'list deal l --to 王芳' >/dev/null 2>&1
p agent ready li 秋季 2>/dev/null
wait_for 'she is called for it' "SELECT count(*) FROM call WHERE id > 1 AND entry = 1 AND agent = 1"
sleep 1
same 'nobody else' "$(sql 'SELECT count(*) FROM call WHERE agent = 2')" 0
p dial stop --now 2>/dev/null
p dial result refused --agent 王芳 2>/dev/null
wait $pid
check 'the books balance' p check

# ---- booked by another process, while a dialler runs ---------------------------------------------

db=$work/y.db tomorrow=$(LC_ALL=C date -d tomorrow +%a)
p -c "hours set default spec=always; agent add name=li; agent add name=王芳; list add name=l
    customer add name=A phone=13800138009; customer add name=B phone=13800138019 best_time='$tomorrow 09:00-10:00'
    customer add name=C phone=13800138020 best_time='$tomorrow 09:00-10:00'
    list fill l id>0; campaign add name=秋季 list=l script=x mode=progressive max_per_day=9
    campaign start 秋季; agent ready li 秋季" >/dev/null 2>&1
"$PATTER" "$db" dial start 秋季 --by-number >/dev/null 2>&1 &
pid=$!
wait_for 'the first talk' "SELECT count(*) FROM agent WHERE name = 'li' AND state = 'talking'"
p dial result refused --agent li 2>/dev/null
wait_for 'A is done' "SELECT count(*) FROM entry WHERE id = 1 AND state = 'done'"
same 'the others wait for their best time' "$(sql 'SELECT count(*) FROM call')" 1
in_time()          # NAME ENTRY AT: it was dialled then, and not a second and a half later
{
    wait_for "$1 is dialled" "SELECT count(*) FROM call WHERE id > 1 AND entry = $2"
    check "$1: when it was agreed" [ "$(sql "SELECT placed_at - $3 BETWEEN 0 AND 1500 FROM call WHERE id > 1 AND entry = $2")" = 1 ]
}
at() { sql "SELECT next_at FROM entry WHERE id = $1"; }
has 'what was done is open again' "$(p callback 1 +3s 2>&1)" 'was done (refused) and is open again'
first=$(at 1)
in_time 'one that was done' 1 "$first"
has 'nobody moves one who talks' "$(p callback 1 tomorrow 2>&1)" 'refused: customer 1 (A) is in a call of campaign 秋季 now'
wait_for 'she talks again' "SELECT count(*) FROM agent WHERE name = 'li' AND state = 'talking'"
p dial result refused --agent li 2>/dev/null
p callback 3 +1min --agent 王芳 >/dev/null 2>&1
p callback 2 +3s --agent li >/dev/null 2>&1
second=$(at 2)
in_time 'one that was held back' 2 "$second"
same 'for whom it was booked' "$(sql 'SELECT agent FROM call WHERE entry = 2')" 1
p dial stop --now 2>/dev/null
p dial result refused --agent li 2>/dev/null
wait $pid
check 'the books balance then, too' p check

# ---- whose owner is away: the clock is turned ----------------------------------------------------

p -c 'callback 3 "2030-01-07 10:05" --agent 王芳' >/dev/null 2>&1
patter "$db" --clock 2030-01-07T10:00 dial start 秋季 --crew 1 >/dev/null 2>&1
same 'ten minutes later it is dialled for the others' \
    "$(sql "SELECT placed_at - unixepoch('2030-01-07 02:15') * 1000 BETWEEN 0 AND 2000 FROM call WHERE entry = 3
        ORDER BY id LIMIT 1")" 1
finish
