#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# merge.sh -- dup merge: what moves, what wins, that nothing is lost, and that undo gives back just
# what was there.
. "$(dirname "$0")/../lib.sh"

cat >make.patter <<'P'
customer add name=宝钢 phone=021-58307717 city=上海 tag=vip note=one
customer add name=宝山钢铁 org=Bao phone=021-58307718 email=a@b.com city=上海市 tag='vip new' dnc=yes note=two
customer set 2 phone+=021-58307717
customer add name=Third phone=021-58307717
person add customer=1 name=李局 role=decider phone=13900001111
person add customer=2 name=李局 title=局长 phone=13900001111 email=li@b.com
person add customer=2 name=小周 reports=2
task add title=demo customer=2 action=demo due=tomorrow
touch add customer=2 person=2 channel=fax direction=in note=询价
deal add name=200 customer=2 value=100
agent add name=li
list build one --from 'id=1'
list build both --from 'id<3'
list build two --from 'id=2'
campaign add name=c list=both script=x
lead move 2 potential --why asked
type load supplier
field add supplier firm ref --ref customer
supplier add name=S firm=2
sql --write "INSERT INTO call (id, campaign, entry, customer, number, mode, driver, real, state, result, placed_at, ended_at) VALUES (1, 1, 2, 1, '+1', 'ratio', 'ami', 1, 'ended', 'busy', 1000, 2000), (2, 1, 3, 2, '+1', 'ratio', 'ami', 1, 'ended', 'refused', 3000, 4000), (3, 1, 3, 2, '+1', 'ratio', 'sim', 0, 'ended', 'busy', 2000, 2500)"
sql --write "UPDATE entry SET attempts = 1, state = 'retry', result = 'busy', last_at = 1000, next_at = 99 WHERE id = 2"
sql --write "UPDATE entry SET attempts = 2, state = 'done', result = 'refused', reason = 'refused', last_at = 3000, agent = 1 WHERE id = 3"
P
patter -q t.db --clock 2026-03-02T10:00 --yes -f make.patter >said 2>&1
check 'the sample is made' [ $? -eq 0 ]
cell() { patter t.db sql "$1" --no-header 2>&1; }
dump t.db >was

patter t.db dup merge 1 2 --dry-run >rehearsed 2>/dev/null
same 'a rehearsal changes nothing' "$(dump t.db)" "$(cat was)"
said=$(patter t.db dup merge 1 2 2>&1 >rows)
same 'the rehearsal said the same' "$(cat rehearsed)" "$(cat rows)"
same 'in short' "$said" '2 merged into 1; 5 fields taken, 2 calls, 4 contacts, 1 tag, 1 deal, 1 entry, 1 person, 1 task, 1 touch, 1 supplier moved; 1 contact, 1 tag, 1 entry, 1 person there twice
  undo brings all of them back'
same 'what won' "$(cut -f 1,4- rows)" "$(printf '%s\t%s\t%s\t%s\t%s\n' type field won winner lost \
    customer name 宝钢 1 宝山钢铁 customer org Bao 2 '' customer email a@b.com 2 '' \
    customer stage potential 2 identify customer city 上海 1 上海市 customer note 'one\ntwo' '' '' \
    customer dnc yes 2 no person title 局长 2 '')"
same 'the record of it stays' "$(patter t.db merge list --fields id,type,field,won,winner,lost --limit 0 | cut -f 2-)" "$(cut -f 1,4- rows)"
same 'numbers: those of the one that stays first, none twice' \
    "$(cell 'SELECT value FROM contact WHERE customer = 1 AND person IS NULL ORDER BY kind DESC, position')" \
    "$(printf '+862158307717\n+862158307718\na@b.com')"
same 'people of one name are one' "$(cell 'SELECT name, title, role FROM person ORDER BY id')" \
    "$(printf '李局\t局长\tdecider\n小周\t\t')"
same 'and what refers to them follows' \
    "$(cell 'SELECT reports, (SELECT person FROM touch) FROM person WHERE id = 3'; cell 'SELECT count(*), sum(person) FROM contact WHERE person IS NOT NULL')" \
    "$(printf '1\t1\n2\t2')"
same 'one entry a list, the further state, all attempts' \
    "$(cell 'SELECT list, state, result, reason, attempts, last_at, agent FROM entry ORDER BY list')" \
    "$(printf '1\tnew\t\t\t0\t\t\n2\tdone\trefused\trefused\t3\t3000\t1\n3\tnew\t\t\t0\t\t')"
same 'calls are its own, of its entry' "$(cell 'SELECT DISTINCT customer, entry FROM call')" "$(printf '1\t2')"
same 'tags' "$(patter t.db customer show 1 tag --no-header | cut -f 2)" new,vip
same 'a field that a user added' "$(cell 'SELECT u_firm FROM u_supplier')" 1
has 'the stage, as a move' "$(patter t.db lead stages 1)" potential 'merged with customer 2'
same 'and the moves of both, with whose they were' \
    "$(patter t.db customer show 1 --json | python3 -c 'import json, sys
print([(s["stage"], s["origin"], s["reason"]) for s in json.load(sys.stdin)[0]["sections"]["stage"]])')" \
    "[('identify', None, None), ('potential', 2, 'asked'), ('potential', None, 'merged with customer 2')]"
has 'history says what became one' "$(patter t.db customer history 1 2>&1)" 'merged into it: 2; customer history'
check 'the books balance, the search finds what it should' patter t.db check
has 'the old id leads to the one that stayed' "$(patter t.db customer show 2 2>&1)" 'merged into 1: customer show 1'
has 'history says so' "$(patter t.db customer history 2)" 'dup merge 1 2'
patter t.db log verify >/dev/null; check 'the chain holds' [ $? -eq 0 ]

patter t.db dup merge 3 1 2>/dev/null >/dev/null
has 'also over two merges' "$(patter t.db customer show 2 2>&1)" 'merged into 3:'
same 'found by any of its names that it still has' "$(patter t.db customer find 宝钢 --no-header; patter t.db customer find Third --fields id --no-header)" 3
patter -q t.db undo; patter -q t.db undo
same 'undo gives back what was there, real calls too' "$(dump t.db)" "$(cat was)"
same 'and the search' "$(patter t.db customer find 宝山 --fields id --no-header)" 2
check 'and the books' patter t.db check
patter -q t.db redo && patter -q t.db undo
same 'there and back' "$(dump t.db)" "$(cat was)"

# ---- rules ------------------------------------------------------------------------------------------
won() { patter t.db dup merge "$@" --dry-run 2>&1 | awk -F '\t' -v f="$F" '$4 == f { print $5 }'; }
F=name
same 'newest' "$(won 1 2 --keep newest)" 宝山钢铁
same 'an id' "$(won 1 2 --keep 2)" 宝山钢铁
same 'one field' "$(won 1 2 --keep newest name=1)" 宝钢
same 'several' "$(won 1 2 3 name=3)" "$(printf 'Third\nThird')"
F=phone
same 'the first number is the winner'\''s' "$(won 1 2 phone=2)" +862158307718
F=dnc
same 'what was refused stays refused' "$(won 1 2 --keep oldest; won 2 1 --keep 1)" "$(printf 'yes\nyes')"
patter t.db setting set dup.rules 'customer.note=keep' 2>/dev/null
F=note
same 'rules are a setting' "$(won 1 2)" one
patter -q t.db undo
refused() { patter t.db dup merge "$@" 2>&1 >/dev/null; }
has 'refusing no longer is not merged away' "$(refused 1 2 dnc=1)" 'stays refused'
has 'with itself' "$(refused 1 1)" 'with itself'
has 'more than three are asked about' "$(patter -q t.db -c 'customer add name=D1' -c 'customer add name=D2'
    refused 1 2,3,4 5 </dev/null; patter -q t.db undo; patter -q t.db undo)" '4 customers into 1' 'add --yes'
has 'nobody' "$(refused 1 99)" 'no customer 99'
has 'one' "$(refused 1)" 'say which record stays'
has 'no such rule' "$(refused 1 2 name=best)" "no rule 'best'"
has 'no such field' "$(refused 1 2 nam=1)" 'nearest: name'
has 'the dialer has it' "$(patter -q t.db sql --write "UPDATE entry SET state = 'dialling' WHERE id = 1"
    refused 2 1; patter -q t.db undo)" 'customer 1 is being called (list one)'
same 'nothing of that was stored' "$(dump t.db)" "$(cat was)"

# ---- consent ----------------------------------------------------------------------------------------
cat >consent.patter <<'P'
customer add name=A phone=13800138001
customer add name=A phone=13800138002
consent add customer=1 channel=phone given=no source=letter at=2026-01-02
consent add customer=1 channel=email given=no source=letter at=2026-01-02
consent add customer=1 channel=email given=yes source=form at=2026-01-04
consent add customer=1 channel=sms given=yes source=form at=2026-01-04
consent add customer=2 channel=any purpose=marketing given=yes source=form at=2026-01-03
consent add customer=2 channel=sms given=no source=form at=2026-01-03
P
patter -q c.db -f consent.patter 2>/dev/null
dump c.db >was_c
said=$(cell() { patter c.db sql "$1" --no-header; }
    for keep in '1 2' '2 1'; do
        patter -q c.db dup merge $keep 2>/dev/null >/dev/null
        cell "SELECT group_concat(channel || ' ' || purpose || ' ' || source, '; ') FROM
            (SELECT * FROM consent_now WHERE NOT given ORDER BY channel)"
        patter -q c.db undo
    done)
same 'what one refused is the last word, whatever the other allowed later' "$said" \
    "$(printf 'phone any merge: refused as customer 1; sms any merge: refused as customer 2\n%.0s' 1 2)"
same 'undo takes that word back' "$(dump c.db)" "$(cat was_c)"

# Every word on every channel and purpose against every other, in both orders of time: what either of two
# refused in the end, the one made of them refuses. (Refused: by the last word that speaks of it.)
words=all.words
python3 - >"$words" <<'PY'
channels = "phone fax email sms letter web chat visit any".split()
purposes = "marketing service any".split()
customer = 0
for c in channels:
    for d in {c, "any", "email"}:
        for p in purposes:
            for q in purposes:
                for given in "00", "01", "10":       # one of them refuses
                    for at in (1000, 3000), (3000, 1000):
                        customer += 2
                        print(customer - 1, c, p, given[0], at[0])
                        print(customer, d, q, given[1], at[1])
PY
pairs=$(($(wc -l <"$words") / 2))
{ echo name; seq $((2 * pairs)); } >two.csv
patter -q all.db customer import two.csv 2>/dev/null
awk '{ print "INSERT INTO consent (customer, channel, purpose, given, at, source) VALUES (" $1 ", \x27" $2 "\x27, \x27" $3 "\x27, " $4 ", " $5 ", \x27test\x27);" }' \
    "$words" | { echo 'BEGIN;'; cat; echo 'COMMIT;'; } >words.sql
python3 - all.db words.sql <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.executescript(open(sys.argv[2]).read())
PY
refused="WITH channel(name) AS (VALUES ('phone'), ('fax'), ('email'), ('sms'), ('letter'), ('web'),
    ('chat'), ('visit')), purpose(name) AS (VALUES ('marketing'), ('service'), ('other'))
    SELECT DISTINCT ((k.id + 1) / 2) || ' ' || c.name || ' ' || p.name FROM customer k, channel c,
    purpose p WHERE 0 = (SELECT v.given FROM consent v WHERE v.customer = k.id
    AND v.channel IN (c.name, 'any') AND v.purpose IN (p.name, 'any')
    ORDER BY v.at DESC, v.id DESC LIMIT 1)"
patter -q all.db sql "$refused" --no-header | sort >before.txt
for i in $(seq "$pairs"); do echo "dup merge $((2 * i - 1 + i % 2)) $((2 * i - i % 2))"; done >merge.patter
patter -q all.db -1 -f merge.patter >/dev/null 2>&1
same 'all pairs are merged' "$(patter all.db customer count --no-header)" "$pairs"
patter -q all.db sql "$refused" --no-header | sort >after.txt
same 'of each channel and purpose what was refused stays refused' "$(comm -23 before.txt after.txt | head -5)" ''
check 'and there was something to refuse' [ "$(wc -l <before.txt)" -gt "$pairs" ]

# ---- a hook sees it and may veto --------------------------------------------------------------------
has 'a hook may veto' "$(patter t.db -c 'lua crm.on("before:customer.delete", function(c) return false, "never " .. c.name end)' \
    -c 'dup merge 1 2' 2>&1)" 'never 宝山钢铁'
same 'then nothing is merged' "$(dump t.db)" "$(cat was)"

# ---- all groups -------------------------------------------------------------------------------------
{ echo name,phone,email,ref; for i in $(seq 40); do echo "A$i,1380013$((1000 + i / 2)),,$i"; done
    for i in $(seq 8); do echo "desk $i,02158300000,,d$i"; done; } >many.csv
patter -q m.db customer import many.csv --create-fields --key ref 2>/dev/null
dump m.db >was
has 'many are asked about' "$(patter m.db dup merge --all --key phone </dev/null 2>&1)" '19 customers into 19 others' 'add --yes'
same 'groups of many are left alone, and named' "$(patter m.db dup merge --all --key phone --yes 2>&1 >rows)" \
    '19 customers merged into 19; 0 fields taken; 19 contacts there twice
  undo brings all of them back
  1 group of more than 5 left alone, the first with customer 41; --most takes larger ones'
same 'counted' "$(patter m.db customer count --no-header)" 29
same 'nothing is left to merge' "$(patter m.db dup find --key phone name~A 2>&1 | tail -1)" '0 pairs'
same 'those of one list alone' "$(patter m.db dup merge --all --key phone --most 9 --among 'name~desk' --yes 2>&1 >/dev/null | head -1)" \
    '7 customers merged into 1; 0 fields taken; 7 contacts there twice'
check 'the books balance' patter m.db check
patter -q m.db undo; patter -q m.db undo
same 'undo brings all of them back' "$(dump m.db)" "$(cat was)"
same 'from Lua' "$(patter m.db -c 'lua local p, m = crm.dup.find{key="phone", limit=0}, crm.dup.merge{all=true, key="phone"}; print(#p, p[2].id, p[2].key, #m, m[2].record)' 2>/dev/null)" \
    "$(printf '26\t4\tphone\t38\t3')"
patter -q m.db undo
has 'not by likeness' "$(patter m.db dup merge --all --key name~0.9 2>&1)" 'name~0.9 is likeness'
has 'not without a key' "$(patter m.db dup merge --all 2>&1)" '--all wants a --key'
same 'people, too' "$(patter t.db dup merge 1 2 --type person 2>&1 >/dev/null | head -1)" \
    '2 merged into 1; 1 field taken, 1 contact, 1 person, 1 touch moved; 1 contact there twice'
finish
