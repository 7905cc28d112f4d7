#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# call_in.sh -- calls in: who it is, which campaign is credited, who should answer, what reports say.
. "$(dirname "$0")/../lib.sh"
p() { patter x.db --clock 2026-03-10T10:00 "$@"; }
p -c "user add name=boss role=owner account=$(id -un)" -c 'user add name=fang role=agent
    customer add name=宝钢 phone=021-58307717; customer add name=王芳 phone=13800138001
    customer add name=李建国 phone=13800138002; customer add name=同号 phone=13800138001
    list add name=l; list fill l --where "id in (1, 3)"
    campaign add name=秋季 list=l script=x; campaign start 秋季
    touch add customer=1 channel=sms at=-2d
    agent add name=li; agent add name=zhao; agent ready li 秋季' --yes >/dev/null 2>&1
cell() { p call in "$1" --fields "$2" --no-header --tsv 2>/dev/null; }

same 'a landline is recognised; a message caused it' "$(cell 021-58307717 name,campaign,because)" '宝钢	秋季	sms 2 d ago'
same 'on a list alone' "$(cell 13800138002 name,campaign,because)" '李建国	秋季	on its list'
same 'of no campaign' "$(cell 13800138001 name,campaign,because)" '王芳		'
has 'others with the number are told of' "$(p call in 13800138001 2>&1)" '1 more have this number'
has 'a stranger' "$(p call in 13911112222 2>&1)" 'nobody has this number: customer add phone=+8613911112222'
has 'no number' "$(p call in abc 2>&1)" "error: 'abc' could not be read as a number"
has 'no such result' "$(p call in 13800138001 --result sold 2>&1)" "no result 'sold'"
same 'the one who is ready answers' "$(cell 13800138002 agent)" li
p -c 'customer set 3 owner=fang; agent set zhao user=fang; agent ready zhao 秋季' >/dev/null 2>&1
same 'the owner goes first' "$(cell 13800138002 agent)" zhao
same 'a touch says so' "$(p touch list customer=1 direction=in --fields channel,result --no-header --tsv)" 'phone	answered'
has 'the report counts them apart' "$(p report rates 秋季 --json)" '"dials":0' '"inbound":4'
has 'they are no dials of the campaign' "$(p campaign show 秋季 --fields dials --json)" '"dials":0'
check 'the books balance' p check
check 'undo takes one back' p undo
has 'and the report knows' "$(p report rates 秋季 --json)" '"inbound":3'
p touch add customer=3 channel=phone result=skipped note=later at=-1h >/dev/null 2>&1
same 'a customer who was skipped was not reached' "$(cell 13800138002 because)" 'on its list'
finish
