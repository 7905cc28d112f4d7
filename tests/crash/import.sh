#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# import.sh -- kill -9 at twenty moments of one import, each while its transaction was writing: the
# file opens, its books balance and no row of the import is there; not killed it imports all.
. "$(dirname "$0")/../lib.sh"
rows=120000 kills=20

lead_list $rows >list.csv
patter base.db -q -c 'customer add name=前 phone=13999999999' -c 'customer add name=后 phone=13999999998' \
    -c 'list add name=calls'
before=$(dump base.db; patter base.db debug dump)
fresh() { rm -f list.rejects.* ./*.db-wal ./*.db-shm; cp base.db try.db; }

# Runs the import; kills it as soon as its log holds so many bytes (0: never).  Says how it ended,
# how large the log was when it was hit and whether it was growing from look to look.
cat >hit.py <<'PY'
import os, signal, subprocess, sys, time
bytes_wanted = int(sys.argv[1])
child = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=open("said.txt", "w"))
largest = last = grown = 0
while child.poll() is None:
    try:
        size = os.stat("try.db-wal").st_size
    except FileNotFoundError:
        size = 0
    grown += size > last
    last, largest = size, max(size, largest)
    if bytes_wanted and size >= bytes_wanted:
        child.send_signal(signal.SIGKILL)
        child.wait()
        break
    time.sleep(0.001)
left = os.stat("try.db-wal").st_size if os.path.exists("try.db-wal") else 0
print(child.returncode, largest, grown, left)
PY
run() { python3 hit.py "$1" "$PATTER" try.db list import calls list.csv --key phone --create-fields; }

# The marks end at four fifths of what the log grows to: past its end lies the commit.
fresh
read -r status largest grown left < <(run 0)
same 'control: not killed it ends well' "$status" 0
count=$(sed -nE 's/^read ([0-9,]+): new ([0-9,]+),.*/\1 \2/p' said.txt | tr -d ,)
read -r read new <<<"$count"
same 'control: all rows are read' "$read" $rows
same 'control: the new ones are there' "$(patter try.db customer count)" $((new + 2))
check 'control: there is much to lose' [ "$new" -gt $((rows * 9 / 10)) ]
check 'control: the log grows while it writes' [ "$grown" -ge $kills ]
check 'control: the books balance' patter try.db check

for ((i = 1; i <= kills; i++)); do
    fresh
    read -r status size grown left < <(run $((largest * i * 8 / (kills * 10))))
    name="kill $i of $kills"
    check "$name: it was hit while its log grew ($size bytes)" \
        [ "$status" -eq -9 -a "$grown" -ge 1 -a "$left" -gt 32 ]
    check "$name: the file opens and the books balance" patter try.db check
    same "$name: no row of it is there" "$(dump try.db; patter try.db debug dump)" "$before"
    check "$name: no file of rejected rows has got its name" [ ! -e list.rejects.csv ]
done
check 'the last one can be imported after all' patter try.db list import calls list.csv --key phone --create-fields
same 'with all its rows' "$(patter try.db customer count)" $((new + 2))
finish
