#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# data.sh -- real lists in, again, back, forth and out: what the import promises its user.
. "$(dirname "$0")/../lib.sh"

search()           # DB WORD ...: the ids that each word finds
{
    local db=$1 word
    shift
    for word; do
        printf '%s:' "$word"
        patter "$db" customer find "$word" --fields id --no-header --limit 0 | tr '\n' ' '
        echo
    done
}

counts() { sed -nE 's/^(would have )?read ([0-9,]+): (.*rejected [0-9,]+).*/\2: \3/p' "$1"; }

# There, again, back and forth: counts, dumps and search.
there_and_back()   # NAME FILE ROWS KEY SEARCH-WORDS...
{
    local name=$1 file=$2 rows=$3 key=$4 db=$1.db before after
    shift 4
    patter "$db" customer add name=甲 phone=13800138000 >/dev/null 2>&1
    before=$(dump "$db"; patter "$db" debug dump)
    found_before=$(search "$db" "$@")
    patter "$db" customer import "$file" --key "$key" --create-fields 2>first.txt
    same "$name: all rows are new" "$(counts first.txt)" \
        "$rows: new $rows, updated 0, same 0, skipped 0, rejected 0"
    after=$(dump "$db"; patter "$db" debug dump)
    found_after=$(search "$db" "$@")
    patter "$db" customer import "$file" --key "$key" --create-fields 2>second.txt
    same "$name: all rows are known the second time" "$(counts second.txt)" \
        "$rows: new 0, updated 0, same $rows, skipped 0, rejected 0"
    same "$name: the second time changes nothing" "$(dump "$db"; patter "$db" debug dump)" "$after"
    [ "$before" != "$after" ] && [ "$found_before" != "$found_after" ]
    check "$name: the import shows in dump and search" [ $? -eq 0 ]
    patter "$db" undo 2>/dev/null
    same "$name: after undo all is as before" "$(dump "$db"; patter "$db" debug dump)" "$before"
    same "$name: after undo search agrees" "$(search "$db" "$@")" "$found_before"
    patter "$db" redo 2>/dev/null
    same "$name: after redo all is as after" "$(dump "$db"; patter "$db" debug dump)" "$after"
    same "$name: after redo search agrees" "$(search "$db" "$@")" "$found_after"
    check "$name: the books balance" patter "$db" check
    check "$name: the journal is whole" patter "$db" log verify
}

own_export()       # FORMAT: what patter exported it imports as the same
{
    local db=own.$1.db file=own.$1 before
    patter "$db" -q -c "customer add name='=1+2' note='say \"hi\", twice' phone='13800138000 / 021-58307717' tag=vip,北京" \
        -c "customer add name=\$'two\nlines' org='+cmd|x' phone=+12125550142 value=-5 tag='@home'" \
        -c "customer add name=\"'=quoted\" fax=021-58307718 email=a@example.com" \
        -c "customer set 3 email+=b@example.com" \
        -c "customer add phone=13900139000 note='-2+3' budget=0.5 dnc=yes" \
        -c "customer add name='x  y' note='tab	in' city=－上海"
    before=$(dump "$db" | grep -v "^('batch\|^(.*own")
    patter "$db" customer export "$file" 2>/dev/null
    patter "$db" customer import "$file" --key id 2>said.txt
    same "own export: $1 is the same, every row" "$(counts said.txt)" \
        "5: new 0, updated 0, same 5, skipped 0, rejected 0"
    same "own export: $1 changed nothing" "$(dump "$db" | grep -v "^('batch\|^(.*own")" "$before"
    patter fresh.$1.db customer import "$file" --create-fields 2>said.txt
    same "own export: $1 is new to another file" "$(counts said.txt)" \
        "5: new 5, updated 0, same 0, skipped 0, rejected 0"
    columns=name,org,phone,phone2,fax,email,email2,value,budget,note,tag,dnc,city
    patter fresh.$1.db customer export copy.jsonl --fields name,org,phone,fax,email,value,budget,note,tag,dnc,city 2>/dev/null
    patter "$db" customer export orig.jsonl --fields name,org,phone,fax,email,value,budget,note,tag,dnc,city 2>/dev/null
    check "own export: $1 carries every value" cmp copy.jsonl orig.jsonl
    rm -f copy.jsonl orig.jsonl
}
for format in csv tsv jsonl xlsx vcf; do own_export "$format"; done

# How a desk is set up goes from one file to another like any list.
patter desk.db -q -c 'list add name=l' -c 'user add name=root role=owner' -c 'user add name=wu role=agent' \
    -c 'campaign add name=c list=l mode=preview' -c 'agent add name=qian phone=8001 campaign=c' \
    -c 'pipeline add name=parts' -c 'stage add name=quoted pipeline=parts probability=30%' \
    -c "criterion add stage=quoted name='a value' expr='value>0'" -c 'result add name=moved final=yes' \
    -c "hours add name=weekend spec='Sat 10:00-16:00'"
patter other.db -q list add name=l
for type in user campaign agent pipeline stage criterion result hours; do
    patter desk.db "$type" export "$type.csv" 2>/dev/null
    rows=$(($(wc -l <"$type.csv") - 1))
    patter other.db "$type" import "$type.csv" 2>said.txt
    check "desk: $type goes to another file" grep -q 'new [1-9]' said.txt
    patter other.db "$type" import "$type.csv" 2>said.txt
    same "desk: $type is the same the second time" "$(counts said.txt)" \
        "$rows: new 0, updated 0, same $rows, skipped 0, rejected 0"
done

samples='northwind zh customers-100 phones encodings spectrum contacts leads vicidial bank workbooks cards numbers'
if [ ! -d "$data" ]; then
    for name in $samples; do skip "$name" 'no samples'; done
    finish
    exit
fi

there_and_back northwind "$data/northwind-customers.csv" 91 CustomerID Alfreds 0074321 Berlin
patter northwind.db customer show --where customer_id=ALFKI --json >firm.json
same 'northwind: a firm has its telephone and fax by its country' \
    "$(python3 -c 'import json; r = json.load(open("firm.json"))[0]
print(r["name"], r["kind"], r["phone"], r["fax"], r["country"], r["city"])')" \
    'Alfreds Futterkiste firm +49300074321 +49300076545 DE Berlin'
same 'northwind: each firm has its person' \
    "$(patter northwind.db -c 'person count' -c 'person list customer.customer_id=ALFKI --fields name,title --no-header')" \
    $'91\nMaria Anders\tSales Representative'
same 'northwind: 91 telephones and those faxes that the file has' \
    "$(patter northwind.db contact count --by kind --no-header | sort)" \
    "$(python3 - "$data/northwind-customers.csv" <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")))
print("fax\t%d" % sum(1 for r in rows if r["Fax"]))
print("phone\t%d" % (sum(1 for r in rows if r["Phone"]) + 1))
PY
)"
check 'northwind: every number begins with the code of its country' python3 - \
    <(patter northwind.db -q customer export - --jsonl --fields country,phone,fax customer_id!= ) <<'PY'
import json, sys
codes = dict(DE="49", MX="52", GB="44", SE="46", FR="33", ES="34", CA="1", AR="54", CH="41", BR="55",
             AT="43", IT="39", PT="351", US="1", VE="58", IE="353", BE="32", NO="47", DK="45",
             FI="358", PL="48")
rows = [json.loads(line) for line in open(sys.argv[1])]
assert len(rows) == 91, len(rows)
for r in rows:
    for kind in "phone", "fax":
        assert not r[kind] or r[kind].startswith("+" + codes[r["country"]]), r
PY

there_and_back zh "$data/encodings/contacts-zh.gbk.csv" 300 phone 王 陈 138
there_and_back customers-100 "$data/customers-100.csv" 100 'Customer Id' Sheryl Rasmussen Chile

# Every file: by the plain command, or by what the error of the plain command proposes.
import_sample()    # NAME OPTIONS ROWS [COUNTS]: into NAME.db; ROWS new unless COUNTS say otherwise
{
    local file=$data/$1 db=$(basename "$1").db options=$2
    patter "$db" customer import "$file" --rejects plain.rejects 2>plain.txt
    if [ -n "$options" ]; then
        for word in $options; do
            [[ $word != --* ]] || grep -q -e "$word" plain.txt
            check "$1: the plain command proposes $word" [ $? -eq 0 ]
        done
        patter "$db" customer import "$file" $options --rejects plain.rejects 2>plain.txt
    fi
    same "$1: counts" "$(counts plain.txt | tr -d ,)" "$(tr -d , <<<"$3: ${4:-new $3, updated 0, same 0, skipped 0}, rejected 0")"
    check "$1: the books balance" patter "$db" check
}
stored()           # NAME FIELDS [FILTER...]: what the customers have
{
    local db=$(basename "$1").db fields=$2
    shift 2
    patter -q "$db" customer list --fields "$fields" --no-header --limit 0 --tsv "$@"
}
points() { patter -q "$(basename "$1").db" contact list --fields kind,value,label --no-header --tsv; }

import_sample contacts/google-2024.csv '' 1
same 'google: what the sample expects' \
    "$(stored google-2024.csv name,org,title,address,city,region,postcode,country,tag,note)" \
    "$(printf '%s\t' 'Grace Brewster Hopper' 'US Navy' 'Rear Admiral' '1 Main St, Suite 4' Arlington VA 22201 US Navy)\
Nickname: Amazing Grace\\nBirthday: 1906-12-09"
same 'google: its points' "$(points google-2024.csv)" "$(printf '%s\t%s\t%s\n' email grace@navy.example work \
    email grace@example.com other phone +15550199 mobile web https://example.com/grace '')"
import_sample contacts/outlook.csv '' 1
same 'outlook: what the sample expects' "$(stored outlook.csv name,org,title,address,city,postcode,country,tag)" \
    "$(printf '%s\t' 'Linus Torvalds' 'Kernel Inc' Maintainer '2 Office St' Espoo 02100 FI)Friends,Open source"
same 'outlook: what has no field is in the note' "$(stored outlook.csv note)" \
    'Likes penguins\nTitle: Mr.\nDepartment: Core\nHome Street: 1 Home Rd\nHome City: Helsinki\nHome State: Uusimaa\nHome Postal Code: 00100\nHome Country/Region: Finland\nBirthday: 12/28/1969\nAnniversary: 1/1/2000\nSpouse: Tove'
same 'outlook: its points' "$(points outlook.csv)" "$(printf '%s\t%s\t%s\n' email linus@example.com '' \
    email linus@work.example '' phone +35890000001 home phone +35890000002 work \
    phone +358400000003 mobile fax +35890000004 work web https://example.com '')"
for name in google-2024 outlook; do import_sample "contacts/$name.expected.json" --create-fields 1; done

import_sample lead-exports/05-excel-export.csv '' 3
same 'leads: days, and numbers of another country' "$(stored 05-excel-export.csv name,org,title,phone,created id=1)" \
    "$(printf 'Alice Johnson\tAcme Corp\tDirector\t+865550200\t2024-01-14T16:00:00Z')"
import_sample lead-exports/09-duplicate-headers.csv --create-fields 2
same 'leads: of headers that are there twice both are kept' \
    "$(stored 09-duplicate-headers.csv name,name_2,note id=1; points 09-duplicate-headers.csv | head -3)" \
    "$(printf 'John Doe\tJohn D.\tVIP client\nemail\tjohn@dup.com\t\nphone\t+865550400\t\nemail\tjohn.d@alt.com\t')"
import_sample lead-exports/10-mixed-date-formats.csv --create-fields 3
same 'leads: days in mixed styles' "$(stored 10-mixed-date-formats.csv signup_date,last_contact)" \
    "$(printf '%s\t%s\n' 2024-01-15 2024-01-14T16:00:00Z 2024-01-20 2024-01-20T14:30:00Z 2024-03-20 2024-03-19T16:00:00Z)"
import_sample lead-exports/16-messy-formatting.csv '' 3
same 'leads: blanks and quotes' "$(stored 16-messy-formatting.csv name,org,email)" \
    "$(printf '%s\t%s\t%s\n' 'John "Johnny" Doe' 'Acme, Inc.' john@messy.com 'Jane Smith' 'Beta LLC' jane@messy.com '' Gamma spaces@test.com)"
import_sample lead-exports/18-international-phones.csv '' 6
same 'leads: countries by their calling codes' "$(stored 18-international-phones.csv country,phone)" \
    "$(printf '%s\t%s\n' US +15551234567 GB +447700900123 IN +919876543210 DE +491701234567 JP +819012345678 BR +5511912345678)"
import_sample lead-exports/23-quoted-fields-multiline.csv '' 2
same 'leads: cells of several lines' "$(stored 23-quoted-fields-multiline.csv address)" \
    "$(printf '%s\n' '123 Main St\nApt 4B' '456 Oak Ave')"

patter vici.db customer import "$data/vicidial/test_VICIDIAL_lead_file.txt" 2>plain.txt
has 'vicidial: the plain command proposes the columns' "$(cat plain.txt)" '--columns vicidial'
patter vici.db customer import "$data/vicidial/test_VICIDIAL_lead_file.txt" --columns vicidial --create-fields \
    --key vendor_lead_code 2>vici.txt
same 'vicidial: every lead' "$(counts vici.txt)" '14: new 14, updated 0, same 0, skipped 0, rejected 0'
same 'vicidial: where things are' "$(stored vici name,city,region,postcode,country,address,note,email id=1)" \
    "$(printf '%s\t' 'I Q SMITH01' MALDON FL 33709 US '249 MUNDON ROAD' COMMENTS)test@test.com"
same 'vicidial: further numbers with what they are for' \
    "$(patter -q vici.db contact list customer=2 --fields value,label --no-header --tsv)" \
    "$(printf '%s\t%s\n' +17275551213 '' +17275551212 '' test@test.com '' +617275551213 'sister house' +447275551214 neighbor)"

import_sample bank.csv --create-fields 4521
same 'bank: kinds of fields' "$(stored bank.csv age,job,balance,housing,month,poutcome,y id=1)" \
    "$(printf '30\tunemployed\t1787\tno\toct\tunknown\tno')"
import_sample bank-names.txt --create-fields 51
for book in Chinese_Family_Name_1k:1074 header-row:1 inlineStr_with_value:1 merge_cells:1; do
    import_sample "xlsx/${book%:*}.xlsx" --create-fields "${book#*:}"
done
same 'workbooks: names and numbers' "$(stored Chinese_Family_Name_1k.xlsx name_b,tf id=1)" "$(printf '王\t9520')"
patter date.db customer import "$data/xlsx/date.xlsx" 2>plain.txt
has 'workbooks: one without a header says so' "$(cat plain.txt)" 'looks like a row' '--columns'
patter date.db customer import "$data/xlsx/date.xlsx" --columns day,count --create-fields 2>plain.txt
same 'workbooks: its three rows' "$(counts plain.txt)" '3: new 3, updated 0, same 0, skipped 0, rejected 0'

for card in escaped-adr groups-ldap qp-cjk-weibo qp-simple; do import_sample "vcard/$card.vcf" '' 1; done
same 'cards: names and notes' "$(stored escaped-adr.vcf name,city,note; stored groups-ldap.vcf name,title; stored qp-cjk-weibo.vcf name,city)" \
    "$(printf '%s\t%s\t%s\n%s\t%s\n%s\t%s\n' 'Daffy Duck Knudson (with Bugs Bunny and Mr. Pluto)' Novosibirsk \
    'nickname: gnat and gnu and pluto\nbirthday: 02-10\naccount: 010-1234567-05' 'Meister Berger' Mayor 黄测试 '北京 丰台区')"

import_sample phone/examples.csv --create-fields 381 'new 354, updated 0, same 0, skipped 27'
import_sample phone/parse-cases.csv --create-fields 30 'new 9, updated 0, same 0, skipped 21'
import_sample phone/typed-forms.csv --create-fields 43
patter typed.db customer import "$data/phone/typed-forms.csv" --map typed=phone --map region=country --create-fields 2>plain.txt
has 'numbers: as they were typed' "$(cat plain.txt)" 'read 43:' 'rejected 0'
for file in "$data"/csv-spectrum/csvs/*.csv "$data"/csv-spectrum/json/*.json; do
    name=${file#"$data/"} options=--create-fields
    [[ $name != */comma_in_quotes.* ]] || options=
    import_sample "$name" "$options" "$(python3 - "$file" <<'PY'
import csv, json, sys
text = open(sys.argv[1], encoding="utf-8", newline="")
rows = json.load(text) if sys.argv[1].endswith("json") else list(csv.DictReader(text))
print(len(rows) if isinstance(rows, list) else 1)
PY
)"
    rm -f ./*.csv.db ./*.json.db
done

# The five encodings: guessed, and the same rows from each.
expected=$(python3 - "$data/encodings/contacts-zh.utf8.csv" <<'PY'
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
assert len(rows) == 300 and all(len(r) == 6 for r in rows)
print(json.dumps(rows, ensure_ascii=False, sort_keys=True))
PY
)
while read -r file guess; do
    path=$data/encodings/contacts-zh.$file.csv
    same "encodings: $file gives the rows of the source" "$(patter debug csv "$path" --json 2>/dev/null |
        python3 -c 'import json, sys
print(json.dumps(json.load(sys.stdin), ensure_ascii=False, sort_keys=True))')" "$expected"
    has "encodings: $file is announced" "$(patter "enc-$file.db" customer import "$path" --ignore-unknown 2>&1)" \
        "CSV, comma, $guess" 'read 300: new 300,'
    patter "enc-$file.db" -q customer export - --csv --fields id,name,phone,org,address,note,postcode >"enc-$file.csv"
    check "encodings: $file is stored like the source" cmp "enc-$file.csv" enc-utf8.csv
    same "encodings: $file is stored whole" "$(wc -l <"enc-$file.csv")" 301
done <<'END'
utf8 UTF-8
utf8-bom UTF-8
gbk GB18030
gb18030 GB18030
utf16le-bom UTF-16
END

# csv-spectrum: each file gives its JSON.
for file in "$data"/csv-spectrum/csvs/*.csv; do
    name=$(basename "$file" .csv)
    [ "$name" = location_coordinates ] && continue          # its JSON disagrees with its own CSV
    same "spectrum: $name" "$(patter debug csv "$file" --json 2>&1 | python3 -c 'import json, sys
print(json.dumps(json.load(sys.stdin), sort_keys=True))' 2>&1)" \
        "$(python3 -c 'import json, sys
print(json.dumps(json.load(open(sys.argv[1])), sort_keys=True))' "$data/csv-spectrum/json/$name.json")"
done
finish
