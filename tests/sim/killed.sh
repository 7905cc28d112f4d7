#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# killed.sh -- a program killed in the middle of a call: the call has failed, its entry is neither
# lost nor dialled twice, and a session that lives is left alone.
set -u
work=$(mktemp -d)
trap 'exec 3>&-; kill $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT
export HOME=$work LC_ALL=C.UTF-8
db=$work/x.db n=0 failed=0
patter() { "$PATTER" "$db" --clock 2026-03-02T10:00 "$@"; }
sql() { sqlite3 -readonly "$db" "$1"; }
is() {       # NAME EXPECTED GOT
    n=$((n + 1))
    if [ "$2" = "$3" ]; then echo "ok $n - $1"; else
        echo "not ok $n - $1"; printf '# expected %s\n# got      %s\n' "$2" "$3"; failed=1; fi
}

# An agent who has dialled and talks; his process is $pid.
dial() {     # AGENT SEED
    mkfifo "$work/$1"
    "$PATTER" "$db" --clock 2026-03-02T10:00 < "$work/$1" > "$work/$1.out" 2>&1 &
    pid=$!
    exec 3> "$work/$1"
    printf 'dial preview c --agent %s --seed %s\ndial go\n' "$1" "$2" >&3
    for _ in $(seq 100); do
        grep -q 'talking with' "$work/$1.out" && return 0
        sleep 0.05
    done
    sed 's/^/# /' "$work/$1.out"
    return 1
}

patter -c 'agent add name=li; agent add name=zhao; list add name=l
    campaign add name=c list=l script=hello max_per_day=5 max_attempts=5
    customer add name=A phone=13800138001; customer add name=B phone=13800138002
    customer add name=C phone=13800138003; list fill l id>0; campaign start c' > /dev/null 2>&1

dial li 5                              # with this seed the first customer answers
is 'a call is up' 'intent|1|dialling' \
    "$(sql 'SELECT c.state, c.entry, e.state FROM call c JOIN entry e ON e.id = c.entry')"

patter -c 'dial preview c --agent zhao; dial stop' > /dev/null 2>&1
is 'while it lives another agent leaves it alone' 'intent|talking' \
    "$(sql "SELECT c.state, a.state FROM call c, agent a WHERE a.name = 'li'")"
is 'and is not shown that customer' 2 \
    "$(patter -c 'dial preview c --agent zhao --fields customer --no-header --tsv' 2>/dev/null)"

kill -9 "$pid"
wait "$pid" 2>/dev/null
exec 3>&-
is 'killed, it leaves the call open' intent "$(sql 'SELECT state FROM call')"
said=$(patter -c 'dial preview c --agent zhao; dial stop' 2>&1 >/dev/null)
is 'the next session says so' 1 "$(grep -c 'left open' <<< "$said")"
is 'its agent is off' 'off|1' "$(sql "SELECT state, call IS NULL FROM agent WHERE name = 'li'")"
is 'the call has failed' 'ended|failed' "$(sql 'SELECT state, result FROM call')"
is 'its entry is tried again later, not at once' 'retry|1|900' "$(sql \
    'SELECT e.state, e.attempts, (e.next_at - c.ended_at) / 1000
     FROM entry e JOIN call c ON c.entry = e.id')"
is 'the run it belonged to is closed' '1|0' "$(sql 'SELECT dials, ended IS NULL FROM dial_run')"
is 'the books balance' 0 "$(patter check > /dev/null 2>&1; echo $?)"
echo "1..$n"
exit $failed
