#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# privacy.sh -- one customer on one screen; consent and who honours it.
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
    "$(printf 'all customers\t2\ncalls refused\t-1\nentries in x\t1')"
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

finish
