#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# rehearsal.sh -- a simulated day is the same whether a script watches its calls, for which each is
# written before it is dialled, or nobody does and each is written once: in all modes, with couples
# of customers on one number.
. "$(dirname "$0")/../lib.sh"
at() { patter "$1" -q --yes --clock '2026-11-23 09:00' "${@:2}"; }
day() {            # FILE [WORD ...]: two days
    at "$1" "${@:2}" -c "dial simulate c --agents 7 --hours 9 --seed 3 --keep --json" \
        -c "dial simulate c --agents 7 --hours 9 --seed 4 --keep --json --at '2026-11-24 09:00'" 2>&1
}
stored() {         # all that is told of the days, and what undo would put back
    for table in call entry touch agent dnc dial_run counter change_range; do
        sqlite3 -readonly "$1" "SELECT * FROM $table" | sort
    done
    sqlite3 -readonly "$1" 'SELECT change, tbl, row, op, hex(image) FROM change_image' | sort
}

for i in $(seq 400); do
    echo "c$i,138$(printf '%08d' $((i / 2)))"
done > leads.csv
sed -i '1i name,phone' leads.csv
for mode in predictive progressive ratio preview broadcast; do
    at "$mode.db" -c 'list import l leads.csv --key name' \
        -c "campaign add name=c list=l mode=$mode script=x max_per_day=4 message=hello" \
        -c 'campaign start c' > /dev/null 2>&1
    cp "$mode.db" watched.db
    plain=$(day "$mode.db")
    same "$mode: the day is the same when a script watches" \
        "$(day watched.db -c 'lua crm.on("call.ended", function() end)')" "$plain"
    same "$mode: and the file" "$(stored watched.db)" "$(stored "$mode.db")"
    check "$mode: calls were made" test "$(sqlite3 "$mode.db" 'SELECT count(*) FROM call')" -gt 300
    check "$mode: the books balance" patter "$mode.db" check
    rm -f ./*.db
done
finish
