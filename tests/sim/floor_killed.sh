#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# floor_killed.sh -- a dialler killed again and again, while calls are placed, ring, are answered,
# wait, are talked on and wrapped up: each call has one result, no customer is in two calls, no
# attempt is lost or counted twice, no agent is left behind, and the books balance.
. "$(dirname "$0")/../lib.sh"
db=$work/x.db
sql() { sqlite3 -readonly -cmd '.timeout 5000' "$db" "$1"; }
p() { "$PATTER" "$db" "$@"; }
trap 'kill -9 $pid 2>/dev/null; rm -rf "$work"' EXIT
none() { same "$1" "$(sql "SELECT count(*) FROM ($2)")" 0; }
balanced()
{
    none "$1: a call ends once, with a result" \
        "SELECT 1 FROM call WHERE (state = 'ended') <> (result IS NOT NULL AND ended_at IS NOT NULL)"
    none "$1: no customer is in two calls" 'SELECT 1 FROM call a JOIN call b ON a.id < b.id
        AND a.customer = b.customer AND b.placed_at < coalesce(a.ended_at, 9e18)'
    none "$1: attempts are calls" 'SELECT 1 FROM entry e
        WHERE attempts <> (SELECT count(*) FROM call c WHERE c.entry = e.id)'
    none "$1: an entry is dialling while its call is up" "SELECT 1 FROM entry e WHERE
        (state = 'dialling') <> EXISTS (SELECT 1 FROM call c WHERE c.entry = e.id AND c.state <> 'ended')"
}

{ echo name,phone; for i in $(seq 400); do echo "客户$i,138$((10000000 + i * 7919 % 9000000))$((i % 10))" |
    sed -E 's/([0-9]{11})[0-9]/\1/'; done; } >c.csv
p -c "hours set default spec=always; list add name=l; agent add name=王芳; agent add name=li
    campaign add name=c list=l script=x mode=ratio ratio=3 max_per_day=9 wrap_seconds=2
    import c.csv --key phone; list fill l id>0; campaign start c; agent ready 王芳 c; agent ready li c" \
    >/dev/null 2>&1
for after in 0.4 2.6 3.3 4.7 6.1 3.9; do
    "$PATTER" "$db" dial start c --crew 6 --by-number >/dev/null 2>&1 &
    pid=$!
    sleep $after
    kill -9 $pid
    wait $pid 2>/dev/null
    balanced "killed after $after s"
done
check 'calls were up when it was killed' [ "$(sql "SELECT count(*) FROM call WHERE note LIKE 'the program ended%'")" -gt 5 ]

check 'they had said no result and were paused; they are ready again' p -c 'agent ready 王芳 c' -c 'agent ready li c'
"$PATTER" "$db" dial start c --by-number >"$work/last" 2>&1 &
pid=$!
there="SELECT count(*) FROM agent, dialing WHERE name IN ('王芳', 'li') AND agent.state IN ('ready', 'talking')
    AND dialing.process LIKE '$pid.%' AND since >= began"
for _ in $(seq 400); do
    [ "$(sql "$there")" = 2 ] && break
    sleep 0.05
done
same 'they get calls again' "$(sql "$there")" 2
has 'what was open is said to have failed' "$(cat "$work/last")" 'had left open have failed'
check 'it is stopped' p dial stop --now
wait $pid
balanced 'in the end'
none 'no call is open' "SELECT 1 FROM call WHERE state <> 'ended'"
none 'nobody is left behind' "SELECT 1 FROM agent WHERE wish IS NOT NULL AND (state <> 'off' OR call IS NOT NULL)"
none 'each session is closed' 'SELECT 1 FROM dial_run WHERE ended IS NULL'
none 'nobody dials' 'SELECT 1 FROM dialing'
check 'the books balance' p check
finish
