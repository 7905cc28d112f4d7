#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# callback.sh -- a callback that an agent promised himself is dialled for him, and for nobody else
# while he is there; so is what was dealt to him.
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
finish
