#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# hostile.sh -- names that command terminals, formulas that run in spreadsheets: stored as they are,
# harmless wherever they go.
. "$(dirname "$0")/../lib.sh"
export NO_COLOR=1

shows()            # NAME COMMAND ...: on a terminal both streams are printable text
{
    local name=$1
    shift
    PATTER_FORCE_TTY=1 PATTER_PAGER=cat "$@" >shown.txt 2>&1 </dev/null
    sed -i 's/\t/ /g' shown.txt          # what separates values is no text of a record
    check "printable: $name" python3 "$root/tests/printable.py" shown.txt
}

# A prompt reads values for TAB within 50 ms, so on a busy machine it may have to be asked again.
types()            # NAME KEYS [PATTERN]: what a prompt shows while they are typed
{
    local try
    for try in 1 2 3 4 5; do
        TERM=dumb INPUTRC=$work/in/inputrc python3 "$root/tests/typed.py" typed.txt "$2" "$PATTER" h.db
        grep -q "${3-}" typed.txt && break
    done
    check "printable: $1" python3 "$root/tests/printable.py" --typed typed.txt
}

# Made here: a name, a tag, a list, an own field's choice and a file name with escapes.
esc=$'\033]0;pwned\a\033[2J'
bad="evil$esc"$'\u202e\u200b\u2028\302\233'
patter h.db -q customer add name="$bad" org="$bad" note=$'two\nlines\r\033[1A' tag="t$esc" phone=13800138000
patter h.db -q list add name="l$esc"
patter h.db -q task add title="$bad" customer=1 due=2026-01-01
shows 'a table' patter h.db customer list
shows 'a table of tags' patter h.db customer list --fields name,note,tag
shows 'one field a line' patter h.db customer show 1
shows 'markdown' patter h.db customer list --markdown
shows 'tab-separated values' patter h.db customer list --tsv
shows 'a history' patter h.db customer history 1
shows 'the log' patter h.db log
shows 'a note' patter h.db customer set 1 city="$bad"
shows 'what undo names' patter h.db undo
shows 'the list of undo' patter h.db undo --list
shows 'counts by a field' patter h.db customer count --by name
shows 'what is found' patter h.db customer find evil
shows 'checks that are explained' patter h.db why lead 1 --stage opportunity
shows 'a refusal' patter h.db lead move 1 opportunity
shows 'an unknown command' patter h.db "custom$esc" list
shows 'an unknown field' patter h.db customer list "nam$esc=x"
shows 'a line pointed at' patter h.db -c "customer list nam$esc=x 'b$bad'"
shows 'an unknown choice' patter h.db customer add kind="firm$esc"
shows 'a bad date' patter h.db task set 1 due="$esc"
shows 'a bad number' patter h.db customer set 1 value="$esc"
shows 'an unknown handle' patter h.db list show "l$bad"
shows 'a missing file' patter h.db import "f$esc.csv"
shows 'an error of Lua' patter h.db -c "lua error(crm.customer(1).name)"
shows 'a value of Lua' patter h.db -c "= crm.customer(1).name"
shows 'a table of Lua' patter h.db -c "= { crm.customer(1).name, [crm.customer(1).name] = 1 }"
shows 'SQL' patter h.db sql "SELECT name AS \"n$esc\", note FROM customer"
shows 'an error of SQL' patter h.db sql "SELECT \"$esc\" FROM customer"
printf '%s\n' 'name,phone' "\"x$esc\",13800138001" "y,13800138002,\"$bad\"" >"f$esc.csv"
shows 'an import and its file name' patter h.db import "f$esc.csv"
printf '%s\n' "name,col$bad" "x,1" >header.csv
shows 'a header' patter h.db import header.csv
printf 'customer list\n\n%s\n' "custom$esc" >"s$esc.patter"
shows 'an error in a script' patter h.db -f "s$esc.patter"
printf 'set bell-style none\nset enable-bracketed-paste off\nset show-all-if-ambiguous on\n' >inputrc
patter h.db -q customer add name="evil2$esc" tag="t2$esc"
patter h.db -q customer add name="good one" tag=good-tag,good-too
patter h.db -q customer add name="good two" tag=good-too
offered="name='good one'.*name='good two'"
types 'completion of names' 'customer list name=\t\t\rquit\r' "$offered"
check 'completion offers the others' grep -q "$offered" typed.txt
types 'completion of tags' 'customer list tag=\t\t\rquit\r' 'tag=good-too'
check 'completion offers the other tags' grep -q 'tag=good-too' typed.txt
types 'completion of handles' 'list show \t\t\rquit\r'

# Formulas: CSV guards them, what looks alike and is none stays.
patter f.db -q -c "customer add name='=1+2' org='+1+cmd|x' note='-1+2' city='@SUM(A1)' address='＝1+2' phone=13800138000 value=-5" \
    -c "customer add name=-5 org='+86 138-0013-8000' note='-3%' city='+1.5e3' postcode='-'"
same 'CSV: formula cells are guarded, numbers and telephones survive' \
    "$(patter f.db customer export - --csv --fields name,org,note,city,address,phone,value,postcode 2>/dev/null)" \
    "name,org,note,city,address,phone,value,postcode
'=1+2,'+1+cmd|x,'-1+2,'@SUM(A1),'＝1+2,+8613800138000,-5,
-5,+86 138-0013-8000,-3%,+1.5e3,,,,'-"
same 'CSV in a pipe is guarded too' "$(patter f.db customer list --csv --fields name,phone --no-header)" \
    $'\'=1+2,+8613800138000\n-5,'

if [ ! -d "$data" ]; then
    skip 'real payloads' 'no samples'
    finish
    exit
fi
cp "$data/hostile/terminal-escapes.csv" "$data/hostile/csv-formula-payloads.txt" .
patter t.db import terminal-escapes.csv >import.txt 2>&1
has 'escapes: all are stored, NUL bytes are left out and told' "$(cat import.txt)" 'read 29: new 29,' \
    'cell with NUL bytes, left out of its text'
check 'printable: their import' python3 "$root/tests/printable.py" import.txt
shows 'their table' patter t.db customer list --limit 0
shows 'each of them' patter t.db customer show 1-29
shows 'their names counted' patter t.db customer count --by name
cp t.db h.db
types 'completion of their names' 'customer list name=\t\t\rquit\r'
patter t.db customer export all.jsonl 2>/dev/null
check 'escapes: JSON holds the bytes of the file but NUL' python3 - <<'PY'
import csv, json
stored = {r["phone"]: r for r in map(json.loads, open("all.jsonl", encoding="utf-8"))}
for line in csv.DictReader(open("terminal-escapes.csv", encoding="utf-8", newline="")):
    record = stored["+86" + line["phone"]]
    for field, column in ("name", "name"), ("org", "company"), ("note", "note"):
        wanted = line[column].replace("\0", "").strip(" \t\r\n") or None
        assert record[field] == wanted, (field, record[field], wanted)
PY
patter t2.db import all.jsonl >/dev/null 2>&1
patter t2.db customer export again.jsonl 2>/dev/null
check 'escapes: JSON there and back is the same' cmp all.jsonl again.jsonl
patter p.db import csv-formula-payloads.txt --columns name >said.txt 2>&1
has 'payloads: a list of one column, whole' "$(cat said.txt)" 'read 6: new 6,'
patter p.db customer export payloads.csv 2>/dev/null
check 'payloads: no cell of the CSV is a formula' python3 - <<'PY'
import csv
rows = list(csv.DictReader(open("payloads.csv", encoding="utf-8", newline="")))
lines = [line.rstrip("\n") for line in open("csv-formula-payloads.txt", encoding="utf-8")]
assert len(rows) == len(lines) == 6
for row, line in zip(rows, lines):
    assert row["name"] == ("'" + line if line[0] in "=+-@" else line), row["name"]
    assert not any(cell[:1] in tuple("=+-@\t\r") for cell in row.values()), row
PY
same 'payloads: in JSON they are as they were' "$(patter p.db customer export - --jsonl 2>/dev/null |
    python3 -c 'import json, sys; [print(json.loads(line)["name"]) for line in sys.stdin]')" "$(cat csv-formula-payloads.txt)"
finish
