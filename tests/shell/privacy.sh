#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# privacy.sh -- one customer on one screen; consent and who honours it; access and erasure.
. "$(dirname "$0")/../lib.sh"

lacks()            # NAME TEXT PART: the text has not that part
{
    case $2 in *"$3"*) fail "$1" "$2" ;; *) pass "$1" ;; esac
}

patter p.db -q -c 'customer add name=宝钢 phone=021-58307717 email=wang@example.com value=2500' \
    -c "customer add name='Ann Smith' phone=+12125550142" \
    -c 'person add customer=1 name=李局 role=decider phone=13900001111' \
    -c 'task add title=回访 customer=1' -c "deal add name='200 seats' customer=1 value=180000" \
    -c 'touch add customer=1 channel=fax note=询价' -c 'lead move 1 potential' >/dev/null 2>&1

# ---- the screen ----
patter p.db customer show 1 --long >screen.txt
has 'the screen has every section' "$(cat screen.txt)" '宝钢' people 李局 contacts wang@example.com \
    stage potential touches 询价 tasks 回访 deals '200 seats' value 180000.00
lacks 'a section without rows is left out' "$(cat screen.txt)" lists
lacks 'so is an empty fact' "$(cat screen.txt)" postcode
same '--json has the same keys' "$(patter p.db customer show 1 --json | python3 -c '
import json, sys
[c] = json.load(sys.stdin)
print(c["name"], " ".join(c["sections"]), c["sections"]["tasks"][0]["title"], c["sections"]["lists"])')" \
    '宝钢 people contacts consent stage touches tasks lists deals value 回访 []'
same 'a pipe has one row' "$(patter p.db customer show 1 | wc -l)" 2
same 'named fields come alone' "$(patter p.db customer show 1 name --json)" '[
{"id":1,"name":"宝钢"}
]'
cat >orders.lua <<'END'
patter.command { name = "customer orders", summary = "What was ordered",
    args = { { "customer", kind = "record", of = "customer", help = "by whom" } },
    columns = { "what" }, run = function(args, out) out:row("500 t for " .. args.customer.name) end }
crm.setting.set { "customer.show", "customer orders,deals" }
print(crm.customer.show { 1 }.name)
END
patter p.db -f orders.lua -c 'customer show 1 --long' >lua.txt
has 'a command in Lua is a section' "$(cat lua.txt)" 'customer orders' '500 t for 宝钢' '200 seats'
lacks 'and the others are gone' "$(cat lua.txt)" touches
patter p.db customer show 1 --json >/dev/null 2>said.txt
same 'a section that is not there: status' $? 1
has 'a section that is not there is named' "$(cat said.txt)" "'customer orders' is neither a section nor a command"
patter p.db -q setting set customer.show '' 2>/dev/null
patter p.db setting set customer.show 'deals,customer delete' 2>said.txt
same 'what changes data is no section' $? 1
has 'and it says so' "$(cat said.txt)" 'it changes data'

# ---- consent ----
patter p.db consent withdraw 1 phone --source call:118 >/dev/null 2>&1
patter p.db consent give 1 phone --source form --note again >/dev/null 2>&1
patter p.db consent withdraw 1 phone marketing --source letter >/dev/null 2>&1
patter p.db consent withdraw 2 phone --source call:119 >/dev/null 2>&1
same 'consent is a history with its source' \
    "$(patter p.db consent history 1 --fields channel,purpose,given,source,counts --no-header)" \
    "$(printf 'phone\tany\tno\tcall:118\tno\nphone\tany\tyes\tform\tyes\nphone\tmarketing\tno\tletter\tyes')"
same 'a refusal is found by its channel' "$(patter p.db customer list refuses=phone --fields id --no-header)" 2
same 'lists leave out who refuses calls, and say so' "$(patter p.db list build x 2>/dev/null --no-header)" \
    "$(printf 'all customers\t2\nrefuses phone\t-1\nentries in x\t1')"
patter p.db -q -c "campaign add name=c list=x script=hi" -c 'campaign start c' >/dev/null 2>&1
has 'the dial gate asks for the purpose' "$(patter p.db why customer 1 --campaign c)" \
    'consent	no	calls for marketing refused' letter 'consent give 1 phone marketing'
patter p.db -q campaign set c purpose=service 2>/dev/null
has 'another purpose is allowed' "$(patter p.db why customer 1 --campaign c)" 'consent	yes	calls for service allowed'
patter p.db -q -c 'customer add name=z phone=13800138002' -c 'list fill x id=3' >/dev/null 2>&1
has 'nobody asked: opt-out' "$(patter p.db why customer 3 --campaign c)" 'consent	yes	nothing was said'
patter p.db -q setting set consent opt-in 2>/dev/null
has 'nobody asked: opt-in' "$(patter p.db why customer 3 --campaign c)" 'consent	no	nobody has allowed calls for service'
patter p.db consent set 1 given=yes 2>said.txt
same 'what was said is not changed' $? 2
patter p.db -q undo 2>/dev/null
same 'undo takes the setting back' "$(patter p.db setting get consent)" opt-out
same 'check is green' "$(patter p.db check 2>&1 | tail -1 | cut -c1-17)" 'the file is sound'

printf 'customer,channel,purpose,given,at,source\n1,email,any,no,2026-01-02,form\n' >c.csv
patter p.db consent import c.csv 2>said.txt
has 'consent is imported' "$(cat said.txt)" 'read 1: new 1'
patter p.db consent import c.csv 2>said.txt
has 'what was said is known again' "$(cat said.txt)" 'same 1'

# ---- access and erasure ----
patter e.db -q -c "customer add name=宝钢 org=宝武集团 phone=021-58307717 email=wang@baosteel.cn value=2500 \
        note='likes tea' address=同济路333号 tag=vip source=expo" \
    -c "customer add name='Ann Smith' phone=+12125550142" -c 'customer add name=宝钢二 org=宝武集团' \
    -c 'person add customer=1 name=李建国 role=decider phone=13900001111' \
    -c 'field add customer birthday date' -c 'customer set 1 birthday=1980-02-03' \
    -c "deal add name='宝钢的单' customer=1 value=180000" -c 'touch add customer=1 channel=fax note=询价李建国' \
    -c 'lead move 1 potential' \
    -c 'list build x' -c "campaign add name=c list=x mode=progressive script=hi" -c 'agent add name=li' \
    -c 'campaign start c' >/dev/null 2>&1
patter e.db --clock 2026-03-02T10:00 -q dial simulate c --agents 2 --hours 1 --seed 1 --keep >/dev/null 2>&1
patter e.db -q -c 'consent withdraw 1 phone marketing --source 李建国的信' -c 'dnc add number=021-58307717' \
    -c 'customer set 1 name=旧名字公司' -c 'customer set 1 name=宝钢' \
    -c 'customer set 1 email=old.wang@baosteel.cn' -c 'customer find 5830' >/dev/null 2>&1
same 'export: one JSON with every table' "$(patter e.db privacy export 1 | python3 -c '
import json, sys
d = json.load(sys.stdin)
print(d["customer"][0]["name"], d["customer"][0]["u_birthday"], d["contact"][0]["raw"], d["person"][0]["name"])
print(" ".join(sorted(d)))
print(any(j["before"] == "旧名字公司" for j in d["journal"]))')" "宝钢 1980-02-03 021-58307717 李建国
call consent contact customer customer_tag deal dnc entry journal move person touch
True"
reports() { for r in 'report rates' 'report results' 'report funnel' 'customer count --by stage' \
    'customer count --by source' 'deal count' 'call count'; do patter e.db -c "$r"; done; }
before=$(reports)
patter e.db privacy erase 1 </dev/null >/dev/null 2>said.txt
same 'erase: asks for the name' $? 2
has 'and says how to give it' "$(cat said.txt)" "--confirm='宝钢'"
image=$(dump e.db)
patter e.db privacy erase 1 --dry-run >/dev/null 2>&1
same 'a rehearsal changes nothing' "$(dump e.db)" "$image"

# Somebody reads, so that the write-ahead log cannot be cut.
python3 - <<'END' &
import sqlite3, time
db = sqlite3.connect("e.db")
db.execute("BEGIN"); db.execute("SELECT count(*) FROM customer").fetchall()
open("reading", "w").close()
time.sleep(4)
END
until [ -e reading ]; do sleep 0.05; done
PATTER_BUSY_MS=100 patter e.db privacy erase 1 --confirm=宝钢 >said.txt 2>&1
same 'a reader keeps the log: status' $? 1
has 'a reader keeps the log: it says so' "$(cat said.txt)" 'another program reads the file' \
    'close the other program, then privacy erase 1'
wait
patter e.db privacy erase 1 --confirm=1 >receipt.txt 2>said.txt
same 'erase: status' $? 0
same 'the receipt: nothing is found anywhere' "$(cut -f 1,3 receipt.txt)" \
    "$(printf 'place\tfound\ntables\t0\njournal\t0\nsearch index\t0\nwrite-ahead log\t0\nfile and write-ahead log\t0')"
for old in 58307717 13900001111 baosteel 同济路 李建国 旧名字公司 'likes tea' 询价李 1980-02-03; do
    grep -q -a "$old" e.db* && fail "no byte of the file holds $old" || pass "no byte of the file holds $old"
done
same 'nobody finds it' "$(patter e.db -q -c 'find 5830' -c 'find 李建国' -c 'customer find baosteel' | grep -v '^type\|^id')" ''
same 'somebody else with the same words is still found' "$(patter e.db customer find 宝钢 --fields id --no-header)" 3
same 'reports count as before' "$(reports)" "$before"
has 'log verify holds' "$(patter e.db log verify 2>&1)" entries
same 'check is green after it' "$(patter e.db check 2>&1 | tail -1 | cut -c1-17)" 'the file is sound'
patter e.db undo --yes 2>said.txt
same 'undo does not bring it back: status' $? 1
has 'undo says why' "$(cat said.txt)" 'its old content was erased'
patter e.db customer set 1 name=新 2>/dev/null
same 'the row takes new values' "$(patter e.db customer find 新 --fields id --no-header)" 1

# What was removed or merged before is in the journal alone; what was given away is another's.
patter m.db -q -c "customer add name=王芳菲 phone=13800138000 phone+=13911112222" \
    -c "customer add name=王芳菲二 phone=13800138000 note=secretnote email=other@wang.cn" \
    -c "customer add name=Bob" -c "deal add name=kept-deal customer=1" -c "deal set 1 customer=3" \
    -c "customer set 1 phone-=13911112222" -c "dup merge 1 2" -c 'customer set 1 name=王芳菲' >/dev/null 2>&1
patter m.db privacy erase 1 --confirm=王芳菲 >receipt.txt 2>said.txt
same 'a merged customer: status' $? 0
for old in 13911112222 13800138000 王芳菲 secretnote other@wang; do
    grep -q -a "$old" m.db* && fail "no byte of the merged file holds $old" || pass "no byte of the merged file holds $old"
done
same "what was given to another is that one's" "$(patter m.db deal show 1 name --json | tr -d '\n')" '[{"id":1,"name":"kept-deal"}]'
has 'log verify holds after it' "$(patter m.db log verify 2>&1)" entries

patter m.db privacy erase 2 --confirm=2 >/dev/null 2>said.txt
same 'one that was merged: status' $? 1
has 'one that was merged leads to the other' "$(cat said.txt)" 'customer 2 is one with customer 1' 'ask for 1'
patter m.db -q -c 'customer add name=删除的人 phone=13877776666' -c 'customer delete 4 --yes' >/dev/null 2>&1
has 'one that was deleted is exported from the journal' "$(patter m.db privacy export 4)" 删除的人 13877776666
patter m.db privacy erase 4 --confirm=4 >/dev/null 2>said.txt
same 'one that was deleted: status' $? 0
for old in 删除的人 13877776666; do
    grep -q -a "$old" m.db* && fail "nothing holds the deleted $old" || pass "nothing holds the deleted $old"
done

# What was undone or deleted is in the journal, by other tables' rows: merges, moves, the stop list.
patter u.db -q -c 'customer add name=撤回的人 phone=13866665555 note=undonenote' \
    -c 'customer add name=Other phone=13800138000 note=othernote' -c 'dup merge 1 2 --keep newest' \
    -c undo -c 'dnc add number=13866665555' -c 'dnc delete 1 --yes' \
    -c 'customer set 1 name=改了名的人 note=newnote' >/dev/null 2>&1
patter u.db privacy erase 1 --confirm=改了名的人 >receipt.txt 2>said.txt
same 'after an undone merge: status' $? 0
for old in 撤回的人 改了名的人 13866665555 undonenote newnote; do
    grep -q -a "$old" u.db* && fail "what was undone does not hold $old" \
        || pass "what was undone does not hold $old"
done
has 'what is of the other one stays' "$(patter u.db customer show 2 name note --csv)" Other,othernote
has 'log verify holds after that' "$(patter u.db log verify 2>&1)" entries
patter m.db privacy export 99 2>said.txt
same 'one who never was' "$? $(cat said.txt)" '1 error: no customer 99'

finish
