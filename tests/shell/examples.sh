#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# examples.sh -- every example of every command does what it says, on a copy of the sample file.
. "$(dirname "$0")/../lib.sh"
export PATTER_PAGER=cat

mkdir sample && cd sample || exit 1
lead_list 300 >expo.csv
me=$(id -un)     # the fourth user, so that examples may change the others
(cat "$root/tests/samples/example.patter"
    echo "user add name=li role=owner account=$me; user add name=zhao role=agent; user add name=sun role=agent"
    echo "user add name=$me role=owner; user set 1 role=agent account=") >make.patter
patter sample.db --clock 2026-03-02T10:00 --yes -f make.patter >said.txt 2>&1
check 'the sample file is made' [ $? -eq 0 ]
patter sample.db --clock 2026-03-02T12:00 monitor listen li --as zhao >refused.txt 2>&1     # which is written down
rm refused.txt
grep -A2 error: said.txt | sed 's/^/# /'
for noun in customers:customer people:person deals:deal tasks:task touches:touch consents:consent dncs:dnc users:user agents:agent \
    campaigns:campaign pipelines:pipeline stages:stage criteria:criterion results:result hours:hours holidays:holiday mappings:mapping; do
    patter sample.db "${noun#*:}" export "${noun%:*}.csv" 2>/dev/null
done
cp customers.csv leads.csv
echo 'customer count' >nightly.patter
printf '%s\n' '# agents, answers, talk in seconds' 'small-a N=3 p=0.3 talk=180 T=3600' 'large N=20 T=3600' >scenarios.txt
rm said.txt make.patter
cd ..

patter :memory: debug examples --jsonl >examples.jsonl
python3 - >lines.txt <<'PY'
import json
for row in map(json.loads, open("examples.jsonl")):
    if not row["hidden"]:
        print(row["command"], row["line"] or "", sep="\t")
PY
check 'there are examples of most commands' [ "$(grep -c "$(printf '\t.')" lines.txt)" -gt 250 ]
# What needs a person at a terminal, or somebody who dials, has its own tests.
same 'commands without an example' "$(grep "$(printf '\t')\$" lines.txt | cut -f 1 | tr '\n' ' ')" \
    'dial incoming dial record edit monitor barge monitor listen monitor stop monitor whisper watch '

while IFS=$'\t' read -r command line; do
    [ -n "$line" ] || continue
    rm -rf copy && cp -r sample copy
    (cd copy && timeout 120 "$PATTER" sample.db --clock 2026-03-02T10:00 --yes -c "$line" >out.txt 2>said.txt </dev/null)
    status=$?
    # check and why answer with their status; the sample is sound and asks nothing of it.
    if [ $status -eq 0 ]; then pass "$command: $line"; else fail "$command: $line" "status $status: $(cat copy/said.txt)"; fi
done <lines.txt
finish
