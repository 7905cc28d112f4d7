#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# import.sh -- kill -9 in the middle of an import, at twenty moments: all or nothing.
#
# Each kill waits until the write-ahead log has grown past another mark, so the transaction was open
# and writing.  An import that is not killed shows that the file would have gone in.
. "$(dirname "$0")/../lib.sh"
moments=20 rows=120000

lead_list $rows >leads.csv
patter base.db customer add name=甲 phone=13800138000 2>/dev/null
before=$(dump base.db)

log_size() { stat -c %s "$1-wal" 2>/dev/null || echo 0; }

# How far the log grows when nobody interferes: the marks are spread over that.
cp base.db whole.db
( while [ ! -e done ]; do log_size whole.db; done | sort -n | tail -1 >most ) &
watcher=$!
patter whole.db list import spring leads.csv --create-fields 2>said.txt
touch done
wait $watcher
most=$(cat most)
check "an import left alone takes all rows" grep -q "^read 120,000: new " said.txt
check "its log grew" [ "$most" -gt 1000000 ]

killed=0
for moment in $(seq 1 $moments); do
    rm -f x.db x.db-* && cp base.db x.db
    mark=$((most * moment / moments * 6 / 10))         # the end of the log is the commit itself
    "$PATTER" x.db list import spring leads.csv --create-fields 2>/dev/null &
    victim=$!
    while [ "$(log_size x.db)" -lt $mark ] && kill -0 $victim 2>/dev/null; do :; done
    grown=$(log_size x.db)
    kill -9 $victim 2>/dev/null && [ "$grown" -ge $mark ] && killed=$((killed + 1))
    wait $victim 2>/dev/null
    if [ "$(patter x.db check 2>&1 | grep -c "the file is sound")" -ne 1 ]; then
        fail "moment $moment: the file is sound" "$(patter x.db check 2>&1)"
    fi
    same "moment $moment: no row of it is there" "$(dump x.db)" "$before"
done
check "every kill met an open transaction" [ $killed -eq $moments ]
check "after a kill the same import goes in" patter x.db list import spring leads.csv --create-fields
finish
