#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# gate.sh -- a move that is refused names what is missing and changes nothing; why lists every check.
. "$(dirname "$0")/../lib.sh"

for i in 1 2 3 4 5 6 7 8; do echo "customer add name=K$i phone=1380013800$i"; done >make.patter
for i in 1 2 3; do echo "deal add customer=$i name=D$i"; done >>make.patter
patter g.db -q -f make.patter

refused()          # NAME STATUS COMMAND... -- PART...: refused with all the parts, nothing changed
{
    local name=$1 status=$2 command=() before
    shift 2
    while [ "$1" != -- ]; do command+=("$1"); shift; done
    shift
    before=$(dump g.db; patter g.db debug dump; patter g.db log --limit 0)
    patter g.db "${command[@]}" >said.txt 2>&1
    same "$name: status" $? "$status"
    has "$name: names what is missing" "$(cat said.txt)" "$@"
    same "$name: nothing changed" "$(dump g.db; patter g.db debug dump; patter g.db log --limit 0)" "$before"
}

refused 'a lead' 1 lead move 7 opportunity -- 'refused: lead 7 (K7) may not enter opportunity yet' \
    'budget>0' 'customer set 7 budget=...' 'deciders>0' 'person add customer=7 name=... role=decider' \
    'key action demo' "task add title='demo' customer=7 action='demo'" 'why lead 7 --stage opportunity'
refused 'many leads' 1 lead move 1-8 opportunity --yes -- 'lead 1 (K1) may not enter opportunity'
refused 'a deal' 1 deal move 3 agree -- 'refused: deal 3 (D3) may not enter agree yet' 'value>0' \
    'deal set 3 value=...' 'why deal 3 --stage agree'
refused 'a stage that is set like a field' 1 customer set 7 stage=opportunity -- 'stage' 'lead move'
refused 'the stage of another pipeline' 1 lead move 7 agree -- 'agree is a stage of std, and lead 7 moves along lifecycle'
refused 'a bad start' 1 -c "lead move 1 potential; lead move 2 opportunity" -1 -- 'lead 2 (K2)'

listed()           # NAME COMMAND... -- ROW...: checks with their outcome
{
    local name=$1 command=()
    shift
    while [ "$1" != -- ]; do command+=("$1"); shift; done
    shift
    patter g.db "${command[@]}" --tsv >said.txt 2>/dev/null
    same "$name: status" $? 0
    same "$name" "$(cut -f 1,2 said.txt)" "$(printf '%s\n' "$@")"
}

tab=$'\t'
listed 'why a lead' why lead 7 --stage opportunity -- "check${tab}pass" "pipeline${tab}yes" \
    "another stage${tab}yes" "budget${tab}no" "a decider${tab}no" "key action demo${tab}no"
listed 'why a deal' why deal 3 --stage agree -- "check${tab}pass" "pipeline${tab}yes" \
    "another stage${tab}yes" "value${tab}no"

# Each thing that is brought passes its check; when all do, the move is made and kept.
patter g.db -q -c 'customer set 7 budget=5000' -c 'deal set 3 value=100'
listed 'a budget passes' why lead 7 --stage opportunity -- "check${tab}pass" "pipeline${tab}yes" \
    "another stage${tab}yes" "budget${tab}yes" "a decider${tab}no" "key action demo${tab}no"
patter g.db -q -c 'person add customer=7 name=L role=decider' -c 'task add title=demo customer=7 action=demo'
refused 'the open task alone' 1 lead move 7 opportunity -- 'key action demo'
same 'what is there is not called missing' "$(grep -c 'budget\|decider' said.txt)" 0
patter g.db -q -c 'task done 1'
check 'the lead moves' patter g.db lead move 7 opportunity --why 'all there'
check 'the deal moves' patter g.db deal move 3 agree
same 'the way is kept' "$(patter g.db lead stages 7 --tsv --fields stage,reason --no-header | tail -1)" \
    "opportunity${tab}all there"
check 'the books balance' patter g.db check
finish
