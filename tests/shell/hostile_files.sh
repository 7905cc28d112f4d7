#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# hostile_files.sh -- files made to exhaust memory or time, in every format: what is said, and that
# 256 MiB and ten seconds of processor are enough.
. "$(dirname "$0")/../lib.sh"
export PYTHONPATH=$root/tests
while IFS= read -r line; do
    case $line in
        'ok '*) pass "${line#* - }" ;;
        'not ok '*) fail "${line#* - }" ;;
        *) printf '%s\n' "$line" ;;
    esac
done < <(python3 "$root/tests/hostile.py" "$PATTER")
check 'all of the table were tried' [ "$number" -gt 80 ]

# What is written while it is read: a named pipe, which cannot be read twice.
mkfifo pipe.csv
lead_list 200 >pipe.csv &
has 'a named pipe is a file like any other' "$(patter p.db import pipe.csv --ignore-unknown 2>&1)" 'pipe.csv: CSV' 'read 200:'
wait
: | patter p.db import - >said.txt 2>&1
same 'nothing from a pipe' "$(cat said.txt)" 'error: standard input is empty; the first line names the columns'
finish
