#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# interrupted.sh -- imports of every format stopped by signals, full disks and closed pipes: all of
# it is there or nothing; others read meanwhile; a pipe is read in constant memory.
. "$(dirname "$0")/../lib.sh"
rows=12000

lead_list $rows >list.csv
patter -q base.db -c 'customer add name=前 phone=13999999999'
cp base.db all.db
patter -q all.db -c 'field add customer 意向 text' -c 'import list.csv --key phone' 2>/dev/null
for format in json xlsx vcf; do
    patter -q all.db customer export "list.$format" --fields name,phone,org,city,note 2>/dev/null
done
patter -q base.db -c 'field add customer 意向 text'
mkdir stop
mv base.db list.csv list.json list.xlsx list.vcf stop
while IFS= read -r line; do
    case $line in
        'ok '*) pass "${line#ok }" ;;
        'not ok '*) fail "${line#not ok }" ;;
        *) printf '%s\n' "$line" ;;
    esac
done < <(python3 "$root/tests/interrupted.py" "$PATTER" "$work/in/stop" list.csv list.json list.xlsx list.vcf 2>&1)
check 'all of them were tried' [ "$number" -gt 50 ]

# ---- others meanwhile -----------------------------------------------------------------------------
lead_list 60000 >long.csv
patter -q others.db -c 'customer add name=前 phone=13999999999'
patter others.db import long.csv --key phone --create-fields >said.txt 2>&1 &
import=$! counts=1 reads=0
# Another writer, as soon as the import is writing.
{ until [ -s others.db-wal ] || ! kill -0 $import; do sleep 0.01; done
    patter others.db customer add name=后; echo "status $?"; } >writer.txt 2>&1 &
while kill -0 $import 2>/dev/null; do
    counts+=" $(patter others.db customer count 2>&1)"
    shown=$(patter others.db customer list id=1 --fields name --no-header 2>&1)
    found=$(patter others.db customer find 前 --fields id --no-header 2>&1 | head -1)
    [ "$shown/$found" = 前/1 ] || break
    reads=$((reads + 1))
done
wait
check 'others read all the time' [ "$reads" -ge 3 ]
same 'a list and a search find what was there' "$shown/$found" 前/1
new=$(sed -nE 's/^read .* new ([0-9,]+),.*/\1/p' said.txt | tr -d ,)
seen=$(tr ' ' '\n' <<<"$counts" | sort -un | tr '\n' ' ')
check "they count what was there or all of it: $seen" \
    grep -qE "^1 ($((new + 1)) )?($((new + 2)) )?$" <<<"$seen"
check 'another writer waits, or is told to' grep -qE '^status (0|75)$' writer.txt
check 'and the books balance' patter others.db check

# ---- from a pipe ----------------------------------------------------------------------------------
peak()             # ROWS: KiB that an import of so many took at most; each has 2,000 bytes of note
{
    rm -f pipe.db*
    awk -v N="$1" 'BEGIN { for (note = "x"; length(note) < 2000; ) note = note note; print "name,phone,note"
        for (i = 0; i < N; i++) printf "n%d,138%08d,%s\n", i, i, note }' | python3 -c 'import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(os.wait4(child.pid, 0)[2].ru_maxrss)' "$PATTER" pipe.db import - --key phone
}
small=$(peak 20000) large=$(peak 40000)
same 'a long pipe is read' "$(patter pipe.db customer count)" 40000
if [[ ${BUILD-} == *asan* ]]; then skip 'in constant memory' 'a sanitizer keeps what is freed'; else
    check "40 MB take $small KiB of memory, 80 MB $large" [ "$small" -lt 65536 -a "$large" -lt 65536 ]
fi
finish
