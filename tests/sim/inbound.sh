#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# inbound.sh -- calls in on the simulated line: recognised, credited, given to the owner or to who is
# idle, kept waiting, missed and called back; and nobody is lost when the dialler is killed.
. "$(dirname "$0")/../lib.sh"
db=$work/x.db
sql() { sqlite3 -readonly -cmd '.timeout 5000' "$db" "$1"; }
p() { "$PATTER" "$db" "$@"; }
wait_for()         # NAME SQL: the query gives 1, half a minute at most
{
    for _ in $(seq 600); do
        [ "$(sql "$2")" = 1 ] && { pass "$1"; return; }
        sleep 0.05
    done
    fail "$1" "$2 gives $(sql "$2")"
    sql 'SELECT id, name, state, wish, call FROM agent; SELECT * FROM call' | sed 's/^/# /'
}
start() { "$PATTER" "$db" dial start 秋季 --by-number >"$work/$1" 2>&1 & pid=$!; wait_for "a dialler ($1)" "SELECT count(*) FROM dialing WHERE process LIKE '$pid.%'"; }
trap 'kill -9 $pid 2>/dev/null; rm -rf "$work"' EXIT

# Nobody is dialled here: the entries are done, or wait for tomorrow.
p -c "user add name=boss role=owner account=$(id -un)" -c 'user add name=fang role=agent
    hours set default spec=always; agent add name=li; agent add name=王芳 user=fang
    customer add name=宝钢 phone=13800138009 owner=fang; customer add name=李建国 phone=13800138019
    customer add name=同号 phone=13800138029; customer add name=也是 phone=13800138029
    list add name=l; list fill l --where "id < 3"
    campaign add name=秋季 list=l script=x mode=progressive hold_seconds=5 ring_seconds=15; campaign start 秋季' --yes >/dev/null 2>&1
sqlite3 "$db" "UPDATE entry SET next_at = 4102444800000, state = 'retry'"
has 'nobody to call in to' "$(p dial incoming 13800138009 2>&1)" 'refused: nobody is dialling'
start one
p agent ready li 秋季 2>/dev/null
wait_for 'li is there' "SELECT count(*) FROM agent WHERE name = 'li' AND state = 'ready'"
p agent ready 王芳 秋季 2>/dev/null
wait_for 'and the owner, after her' "SELECT count(*) FROM agent WHERE name = '王芳' AND state = 'ready'"
check 'a customer calls in' p dial incoming 13800138009
wait_for 'the owner gets the call, though li has been idle longer' "SELECT count(*) FROM agent a JOIN call c ON c.id = a.call
    WHERE a.name = '王芳' AND a.state = 'talking' AND c.direction = 'in'"
same 'the campaign on whose list he is has it' "$(p call list direction=in --fields campaign,customer,mode --no-header --tsv)" '秋季	1	inbound'
has 'the dialler says who it is' "$(cat "$work/one")" 'call 1 in: 宝钢, for 秋季 (on its list)'
p dial incoming 13800138019
wait_for 'the next goes to who is idle' "SELECT count(*) FROM agent WHERE name = 'li' AND state = 'talking' AND call = 2"
p dial incoming 13800138029
wait_for 'a third waits' "SELECT count(*) FROM call WHERE id = 3 AND state <> 'ended'"
p dial result appointment --note 周三 --agent 王芳 2>/dev/null
wait_for 'until an agent is free' "SELECT count(*) FROM agent WHERE name = '王芳' AND state = 'talking' AND call = 3"
same 'what was said ends the entry, too' "$(sql 'SELECT state, reason, attempts FROM entry WHERE customer = 1')" 'done|appointment|0'
same 'and is a touch' "$(p touch list customer=1 direction=in --fields result,note --no-header --tsv)" 'appointment	周三'
has 'of several with the number one is taken' "$(p call list id=3 --fields customer --no-header --tsv)" 3
p -c 'dial result answered --agent 王芳' -c 'agent pause 王芳' 2>/dev/null
p -c 'agent pause li' -c 'dial result callback --agent li' 2>/dev/null
wait_for 'a callback promised in a call in is one of the list' \
    "SELECT count(*) FROM entry WHERE customer = 2 AND state = 'callback' AND next_at > 0"

# ---- by skill ------------------------------------------------------------------------------------

p -c 'agent set li skills=talk,german=2' -c 'agent set 王芳 skills=german=5' -c 'agent off 王芳' -c 'agent ready li 秋季' 2>/dev/null
wait_for 'li is there first' "SELECT count(*) FROM agent WHERE name = 'li' AND state = 'ready'"
p agent ready 王芳 秋季 2>/dev/null
wait_for '王芳 comes later' "SELECT count(*) FROM agent WHERE name = '王芳' AND state = 'ready'"
p dial incoming 13911110009
wait_for 'who is idle longest gets the call' "SELECT count(*) FROM agent WHERE name = 'li' AND state = 'talking'"
p -c 'dial result answered --agent li' -c 'agent ready li' 2>/dev/null
p dial stop --now 2>/dev/null
wait $pid
p campaign set 秋季 skill=german route=skill 2>/dev/null
start skilled
p agent ready li 秋季 2>/dev/null
wait_for 'li is there first again' "SELECT count(*) FROM agent WHERE name = 'li' AND state = 'ready'"
p agent ready 王芳 秋季 2>/dev/null
wait_for 'and 王芳 later' "SELECT count(*) FROM agent WHERE name = '王芳' AND state = 'ready'"
p dial incoming 13800138009
wait_for 'who has most skill gets the call' "SELECT count(*) FROM agent WHERE name = '王芳' AND state = 'talking'"
p -c 'agent pause 王芳' -c 'dial result answered --agent 王芳' -c 'agent pause li' 2>/dev/null
wait_for 'both are away' "SELECT count(*) = 2 FROM agent WHERE state = 'paused'"
p campaign set 秋季 route=idle skill= 2>/dev/null

# ---- nobody is there -----------------------------------------------------------------------------

sqlite3 -cmd '.timeout 5000' "$db" "UPDATE entry SET state = 'retry', next_at = 4102444800000 WHERE customer = 2"
p -c 'dial incoming 13800138019' -c 'dial incoming 13911112229' -c "dial incoming ''"
wait_for 'who waits for nobody is missed' "SELECT count(*) = 3 FROM call WHERE result = 'missed'"
wait_for 'and called back by the campaign' "SELECT count(*) FROM entry WHERE customer = 2 AND state <> 'retry' AND reason = 'missed' OR state = 'dialling'"
same 'a stranger by whoever does the task' "$(p task list --fields title --no-header --tsv)" 'call back +8613911112229'
same 'a number withheld by nobody, but it is known' "$(sql "SELECT count(*) FROM call WHERE number = '' AND result = 'missed'")" 1
same 'none of them is an abandoned call' "$(sql "SELECT count(*) FROM call WHERE result = 'abandoned'")" 0
same 'or a customer' "$(p customer count --tsv --no-header)" 4
p -c 'customer add name=停 phone=13800138039' -c 'list fill l id=5' -c 'dnc add number=+861380013803*' \
    -c 'dial incoming 13800138039' 2>/dev/null
wait_for 'whom the stop list holds by a task, too' "SELECT count(*) FROM task WHERE title = 'call back +8613800138039'"
same 'and not by the campaign' "$(sql 'SELECT state FROM entry WHERE customer = 5')" new
p setting set inbound.new yes 2>/dev/null
p dial incoming 13911113339
wait_for 'unless the setting says so' "SELECT count(*) FROM call c JOIN customer k ON k.id = c.customer WHERE c.number = '+8613911113339' AND k.source = 'inbound'"

# ---- killed --------------------------------------------------------------------------------------

wait_for 'one more waits' "SELECT count(*) FROM call WHERE number = '+8613911113339' AND state <> 'ended'"
kill -9 $pid
wait $pid 2>/dev/null
start two
wait_for 'killed, whom it left waiting is missed' "SELECT result = 'missed' AND note = 'the program ended during this call'
    FROM call WHERE number = '+8613911113339'"
has 'and called back' "$(p task list --fields title --no-header --tsv)" 'call back +8613911113339'
same 'no call is open' "$(sql "SELECT count(*) FROM call WHERE state <> 'ended' AND direction = 'in'")" 0
p dial stop --now 2>/dev/null
wait $pid
check 'the books balance' p check
same 'calls in are no dials' "$(sql 'SELECT sum(dials) FROM dial_run')" "$(sql "SELECT count(*) FROM call WHERE direction = 'out'")"
finish
