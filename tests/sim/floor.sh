#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# floor.sh -- a campaign dialled by one process for agents who sit at others, on the simulated line
# in real time (all numbers end with 9: a person answers after 3 s and stays): what agents want and say reaches the dialler, and what they are is in the file.
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
    fail "$1" "$2 gives $(sql "$2")"
    sql 'SELECT id, name, state, wish, reason, call FROM agent; SELECT * FROM call' | sed 's/^/# /'
}
start() { "$PATTER" "$db" dial start 秋季 --by-number >"$work/$1" 2>&1 & pid=$!; }
trap 'kill -9 $pid 2>/dev/null; rm -rf "$work"' EXIT

# ---- time turned: a whole list in a moment -------------------------------------------------------

{ echo name,phone; for i in $(seq 60); do echo "客户$i,13800138$((100 + i))9"; done; } >c.csv
p -c "hours set default spec=always; agent add name=王芳 phone=8001; agent add name=li
    list add name=l; campaign add name=秋季 list=l script=hello mode=progressive max_per_day=9
    customer import c.csv; list fill l id>0; campaign start 秋季" >/dev/null 2>&1
cp "$db" turned.db
said=$(patter turned.db --clock 2026-03-02T10:00 dial start 秋季 --crew 4 2>&1)
has 'with simulated agents the list is done' "$said" '秋季 ended, the list is done' ' abandoned'
same 'no entry is left' "$(sqlite3 turned.db "SELECT count(*) FROM entry WHERE state <> 'done'")" 0
check 'and the books balance' patter turned.db check
same 'the agents are off' "$(sqlite3 turned.db "SELECT count(*) FROM agent WHERE state <> 'off'")" 0

# ---- refusals ------------------------------------------------------------------------------------

has 'nobody can be stopped' "$(p dial stop 2>&1)" 'refused: nobody is dialling'
has 'a dry run dials nobody' "$(p dial start 秋季 --dry-run 2>&1)" 'refused: dial start cannot be rehearsed'
p campaign set 秋季 mode=preview 2>/dev/null
has 'in preview agents dial themselves' "$(p dial start 秋季 2>&1)" 'its agents dial themselves'
p campaign set 秋季 mode=progressive skill=english 2>/dev/null
has 'how it goes, once' "$(p dial status 秋季 --json)" '"state":"not dialled"' '"left":60'
has 'a skill is asked for' "$(p agent ready 王芳 秋季 2>&1)" "skill 'english', which agent 王芳 has not"
p campaign set 秋季 skill= 2>/dev/null

# ---- a message, no agents ------------------------------------------------------------------------

cp "$db" said.db
m() { patter said.db "$@" 2>&1; }
m campaign set 秋季 mode=broadcast max_calls=4 >/dev/null
has 'a broadcast needs its message' "$(m dial start 秋季)" 'campaign 秋季 has no message to play'
m campaign set 秋季 message=holiday >/dev/null
has 'without agents the list is done' "$(m --clock 2026-03-02T10:00 dial start 秋季)" 'the list is done'
check 'who answered heard it' [ "$(sqlite3 said.db "SELECT count(*) FROM call WHERE result = 'played' AND talk > 0")" -gt 10 ]
same 'and nobody was abandoned' "$(sqlite3 said.db "SELECT count(*) FROM call WHERE result = 'abandoned'")" 0
same 'on four lines at most' "$(sqlite3 said.db 'SELECT max((SELECT count(*) FROM call b
    WHERE b.placed_at <= a.placed_at AND b.ended_at > a.placed_at)) FROM call a')" 4
check 'and the books balance' patter said.db check

# ---- numbers that are never dialled --------------------------------------------------------------

cp "$db" never.db
n() { patter never.db "$@" 2>&1; }
n -c "customer add name=警察 phone=+19115550110; customer set 1 phone=+86110; customer set 2 phone=+19005550142
    customer set 3 phone=+8695588; setting set dial.never +8695" >/dev/null
has 'an emergency number' "$(n why customer 1)" '+86110 is an emergency number'
has 'one at a premium rate' "$(n why customer 2)" '+19005550142 is a number at a premium rate'
has 'one that was added' "$(n why customer 3)" '+8695588 is among the numbers of setting dial.never'
has 'the day ends with them' "$(n --clock 2026-03-02T10:00 dial start 秋季 --crew 4)" \
    'ended, nothing of the list may be dialled any more'
same 'none of them was dialled' "$(sqlite3 never.db 'SELECT count(*), sum(customer IN (1, 2, 3)) > 0 FROM call')" \
    "$(sqlite3 never.db 'SELECT count(*) FROM call')|0"

# ---- agents at other processes -------------------------------------------------------------------

has 'ready before anybody dials' "$(p agent ready li 秋季 2>&1)" 'nobody dials 秋季 yet'
p agent off li 2>/dev/null
start one
wait_for 'the dialler says that it is there' 'SELECT count(*) FROM dialing'
has 'a second one is refused' "$(p dial start 秋季 2>&1)" "is being dialled by process $pid already"
p agent ready 王芳 秋季 2>/dev/null
wait_for 'an agent says ready elsewhere and gets a call' \
    "SELECT count(*) FROM agent WHERE name = '王芳' AND state = 'talking' AND call > 0"
has 'who he talks with' "$(p agent list --fields name,state,call --tsv)" '王芳	talking'
has 'his next wish is for afterwards' "$(p agent pause 王芳 --why 吃饭 2>&1)" 'will be paused after the call'
has 'a result that is not known' "$(p dial result sold --agent 王芳 2>&1)" "no result 'sold'"
check 'he says how it ended' p dial result appointment --note 下周三 --agent 王芳
wait_for 'it is stored' "SELECT count(*) FROM call WHERE result = 'appointment' AND note = '下周三'"
wait_for 'and he is paused, as he said' \
    "SELECT count(*) FROM agent WHERE name = '王芳' AND state = 'paused' AND reason = '吃饭' AND call IS NULL"
has 'a second result has no call' "$(p dial result refused --agent 王芳 2>&1)" 'no call that lacks a result'
p agent ready 王芳 2>/dev/null
wait_for 'he comes back' "SELECT state IN ('ready', 'talking') FROM agent WHERE name = '王芳'"

# ---- killed --------------------------------------------------------------------------------------

wait_for 'a call is up' "SELECT count(*) > 0 FROM call WHERE state <> 'ended'"
kill -9 $pid
wait $pid 2>/dev/null
same 'killed, it leaves its row behind' "$(sql 'SELECT count(*) FROM dialing')" 1
has 'which nobody takes for a dialler' "$(p dial stop 秋季 2>&1)" 'nobody dials campaign 秋季'
start two
wait_for 'the next one replaces it' "SELECT count(*) FROM dialing WHERE process LIKE '$pid.%'"
wait_for 'the agent is not stranded: he gets calls again' \
    "SELECT count(*) FROM agent WHERE name = '王芳' AND state = 'talking' AND call =
        (SELECT max(id) FROM call)"
same 'the call that was up has failed once' \
    "$(sql "SELECT count(*) FROM call WHERE note = 'the program ended during this call' AND result = 'failed'")" 1

# ---- stopping ------------------------------------------------------------------------------------

has 'stopping lets the call end' "$(p dial stop 2>&1)" 'the calls that are up may end'
same 'it is up still' "$(sql "SELECT count(*) FROM call WHERE state <> 'ended'")" 1
p dial hangup --agent 王芳 2>/dev/null
wait_for 'the agent hangs up' "SELECT count(*) FROM agent WHERE name = '王芳' AND state = 'wrap-up'"
check 'and says the result' p dial result refused --agent 王芳
wait $pid
same 'with the last call the dialler ends' $? 0
has 'and says what it did' "$(cat "$work/two")" '秋季' 'connected'
same 'the agents are off' "$(sql "SELECT count(*) FROM agent WHERE state <> 'off' OR wish = 'ready'")" 0
same 'nobody dials' "$(sql 'SELECT count(*) FROM dialing')" 0

start three
wait_for 'a third one' 'SELECT count(*) FROM dialing'
p agent ready li 秋季 2>/dev/null
wait_for 'a call rings' "SELECT count(*) FROM call WHERE state <> 'ended'"
check 'dial stop --now' p dial stop --now
wait $pid
same 'ends it at once' $? 0
same 'no call is open' "$(sql "SELECT count(*) FROM call WHERE state <> 'ended'")" 0

start four
wait_for 'a fourth one' 'SELECT count(*) FROM dialing'
kill -INT $pid
wait $pid
same '^C ends it, too' $? 0
same 'also in the moment in which it begins' "$(python3 - "$PATTER" "$db" <<'END'
import signal, sqlite3, subprocess, sys
rows, ended = sqlite3.connect(sys.argv[2], isolation_level=None), []
for _ in range(5):
    dialler = subprocess.Popen([sys.argv[1], sys.argv[2], "dial", "start", "秋季"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    while not rows.execute("SELECT count(*) FROM dialing").fetchone()[0]:
        pass
    dialler.send_signal(signal.SIGINT)
    try:
        ended.append(dialler.wait(10))
    except subprocess.TimeoutExpired:
        dialler.kill()
        dialler.wait()
        ended.append("never")
print(*ended)
END
)" '0 0 0 0 0'
check 'the books balance' p check
same 'nobody was dialled twice at once' "$(sql 'SELECT count(*) FROM call a JOIN call b ON a.id < b.id
    AND a.customer = b.customer AND b.placed_at < a.ended_at')" 0
finish
