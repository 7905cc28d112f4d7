#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# lease.sh -- two campaigns dialled by two processes on one switch: together they never have more
# calls on it than it may carry, each gets its half, and what one had when it was killed the other
# takes.
. "$(dirname "$0")/../lib.sh"
db=$work/x.db
sql() { sqlite3 -readonly -cmd '.timeout 60000' "$db" "$1"; }
p() { "$PATTER" "$db" "$@"; }
trap 'kill -9 $one $two 2>/dev/null; rm -rf "$work"' EXIT
most=0
look()             # keeps the most calls that were up, and the most that were given out
{
    local up
    up=$(sql "SELECT max((SELECT count(*) FROM call WHERE state <> 'ended'), coalesce((SELECT sum(calls) FROM lease), 0))")
    [ "$up" -gt "$most" ] && most=$up
}
until_is()         # NAME SQL WANTED
{
    local got
    for _ in $(seq 400); do
        look
        got=$(sql "$2")
        [ "$got" = "$3" ] && break
        sleep 0.05
    done
    same "$1" "$got" "$3"
}
mine="SELECT calls FROM lease WHERE process LIKE"

# Numbers that ring and are not answered: a call lasts as long as it may ring.
{ echo name,phone; for i in $(seq 100 299); do echo "客户$i,13800$(printf %05d "$i")2"; done; } >c.csv
p -c "hours set default spec=always; list add name=l; list add name=m
    switch add name=line adapter=sim max_calls=9 max_rate=40
    campaign add name=c list=l script=x mode=ratio ratio=3 max_per_day=9 ring_seconds=15
    campaign add name=d list=m script=x mode=ratio ratio=3 max_per_day=9 ring_seconds=15
    import c.csv --key phone; list fill l id<=100; list fill m id>100; campaign start c; campaign start d" \
    >/dev/null 2>&1
same 'there are customers for both' "$(sql 'SELECT count(*) FROM entry')" 200
"$PATTER" "$db" dial start c --crew 5 --by-number >one 2>&1 &
one=$!
until_is 'one alone may have all calls' 'SELECT calls || part FROM lease' 91.0
until_is 'and has them' "SELECT count(*) FROM call WHERE state <> 'ended'" 9
"$PATTER" "$db" dial start d --crew 5 --by-number >two 2>&1 &
two=$!
until_is 'a second one gets its half as calls of the first end' \
    "SELECT group_concat(calls) FROM (SELECT calls FROM lease ORDER BY calls DESC)" 5,4
until_is 'of the calls a second, too' 'SELECT group_concat(part) FROM lease' 0.5,0.5
until_is 'both dial with it' "SELECT count(DISTINCT campaign) FROM call WHERE state <> 'ended'" 2
same 'there were never more calls than the switch may carry' "$most" 9
kill -9 $two
wait $two 2>/dev/null
until_is 'what a killed one had goes to the other' "$mine '$one.%'" 9
until_is 'its row too' 'SELECT count(*) FROM lease' 1
check 'it is stopped' p dial stop c --now
wait $one
same 'and gives back what it had' "$(sql 'SELECT count(*) FROM lease')" 0
finish
