#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# wrong_input.sh -- one table of what people get wrong: each line is a command, the status it ends
# with and a part of what it says; the file of records must be what it was.
. "$(dirname "$0")/../lib.sh"

# x.db: what every line of the table starts from.
patter x.db -q -c 'customer add name=王芳 phone=13800138000' -c 'customer add name=李强 phone=13800138001' \
    -c 'customer add name=赵敏; customer add name=孙丽; customer add name=周杰' \
    -c 'list add name=spring' -c 'list fill spring --from "id<3"' -c 'deal add customer=1 name=D' \
    -c 'campaign add name=c list=spring' >/dev/null 2>&1
printf 'customer count\n# second\ncustomer list valeu>80\ncustomer add name=后\n' >third.patter
printf 'local function f()\n  error("boom")\nend\nf()\n' >boom.lua
printf 'crm.customer.add { name = "half" }\nwhile true do pcall(function() while true do end end) end\n' >endless.lua
printf 'crm.customer.add { name = "half" }\nlocal t = {}\nfor i = 1, 1e9 do t[i] = ("x"):rep(1000) .. i end\n' >hungry.lua
printf '姓名,电话\n一,13800138005\n' >ok.csv
printf 'name,phone\n"open,13800138005\n' >quote.csv
printf 'name,color\na,red\n' >unknown.csv
printf '\xff\xfe\x00' >odd.csv
printf '{"name":"a"}\n{"name":\n' >bad.jsonl
: >empty.csv
mkdir -p folder
# Other files: no database, cut off, of the future, of somebody else.
echo 'these are words and no database, whatever the name says' >text.db
head -c 3000 x.db >cut.db
cp x.db half.db && truncate -s 40960 half.db
cp x.db newer.db && python3 - <<'PY'
import sqlite3
db = sqlite3.connect("newer.db")
db.execute("PRAGMA user_version = %d" % (db.execute("PRAGMA user_version").fetchone()[0] + 1))
other = sqlite3.connect("other.db")
other.execute("CREATE TABLE theirs (x)")
other.commit()
PY
# A file whose users let this user read alone.
cp x.db viewer.db
patter viewer.db -q -1 -c "user add name=$(id -un) role=owner" -c "user add name=li role=owner" \
    -c "sql --write \"UPDATE user SET role = 'viewer' WHERE id = 1\""
# And one of whom this user is an agent.
cp x.db agent.db
patter agent.db -q -1 -c "user add name=$(id -un) role=owner" -c "user add name=li role=owner" \
    -c "sql --write \"UPDATE user SET role = 'agent' WHERE id = 1\""
cp x.db limits.db && patter limits.db -q -c 'setting set lua.seconds 1; setting set lua.megabytes 20'
everything() { for db in x viewer limits newer half cut text other; do sha256sum "$db.db"; done; dump x.db; }
before=$(everything)

# status | what must be said | command
while IFS='|' read -r status part command; do
    status=${status// /} part=${part# } command=${command# }
    part=${part%"${part##*[! ]}"}
    case $status in '' | '#'*) continue ;; esac
    timeout 60 bash -c "patter() { \"\$PATTER\" \"\$@\"; }; $command" >said.txt 2>&1 </dev/null
    got=$?
    if [ "$got" -ne "$status" ]; then fail "$command" "status $got, not $status: $(cat said.txt)"
    elif ! grep -qF -- "$part" said.txt; then fail "$command" "without '$part': $(cat said.txt)"
    else pass "$command"; fi
done <<'TABLE'
# words
 2 | unknown command 'custmer'; did you mean 'customer'? | patter x.db custmer list
 2 | customer has no verb 'lst'                | patter x.db customer lst
 2 | say what to do                            | patter x.db customer
 2 | customers have no field 'valeu'; nearest: value | patter x.db customer list 'valeu>80'
 2 | customers have no field 'valeu'; nearest: value | patter x.db customer set 1 valeu=80
 2 | customers have no field 'valeu'           | patter x.db customer list --order valeu
 2 | valeu                                     | patter x.db customer list --fields name,valeu
 2 | did you mean --limit?                     | patter x.db customer list --limt 3
 2 | --limit needs a value                     | patter x.db customer list --limit
 2 | --limit wants a whole number, not 'many'  | patter x.db customer list --limit many
 2 | is given twice                            | patter x.db customer list --limit 1 --limit 2
 2 | more than one format                      | patter x.db customer list --json --csv
 2 | unknown option '--keepgoing'              | patter --keepgoing x.db status
 2 | '2' is not FIELD=VALUE                   | patter x.db customer set 1 2 3
 2 | is it the name? customer add name='宝 钢' | patter x.db customer add '宝 钢'
 2 | 'y' is not FIELD=VALUE                   | patter x.db campaign add x y
 2 | name is given twice                      | patter x.db campaign add x name=y
 2 | needs FIELD=VALUE                         | patter x.db customer set 1
 2 | say which                                 | patter x.db customer delete
 2 | customer find 王芳                        | patter x.db customer list 王芳
 2 | --where                                   | patter x.db customer list 'stage=identify and value>80'
 2 | --where                                   | patter x.db customer list 'stage=identify or not value>80'
 2 | value                                     | patter x.db -c "customer list 'stage=identify and value>80'"
 2 | is not closed                             | patter x.db -c "customer add name='open"
 2 | to compare: value>80                      | patter x.db -c 'customer list value > 80'
 2 | nothing follows                           | patter x.db -c 'customer list |'
 2 | )                                         | patter x.db -c 'customer list (value>1'
 2 | SELEC                                     | patter x.db sql 'SELEC 1'
 2 | sql --write                               | patter x.db sql 'DELETE FROM customer'
 1 | 'opportunty'; did you mean 'opportunity'? | patter x.db lead move 1 opportunty
 1 | no customer 99                            | patter x.db lead move 99 potential
 1 | no customer 99                            | patter x.db customer show 99
 1 | no customer 99                            | patter x.db customer set 99 name=x
 1 | no list 'sprng'                           | patter x.db list show sprng
 1 | no campaign                               | patter x.db campaign start autumn
 2 | wants ids                                 | patter x.db customer show 王芳
# values
 1 | due                                       | patter x.db task add title=x customer=1 due=31.02.2026
 1 | 2026-02-30                                | patter x.db task add title=x customer=1 due=2026-02-30
 1 | 'yesterdy' is not a day or a time         | patter x.db customer list 'created>=yesterdy'
 1 | not an amount of money: '12x'             | patter x.db customer set 1 value=12x
 1 | not a telephone number: 'abc'             | patter x.db customer add phone=abc
 1 | not an e-mail address                     | patter x.db customer add email=nobody
 1 | not one of its choices: 'frm'             | patter x.db customer set 1 kind=frm
 1 | use lead move                             | patter x.db customer set 1 stage=potential
 1 | made of digits alone                      | patter x.db list add name=77
 1 | spring                                    | patter x.db list add name=spring
 2 | badkind                                   | patter x.db field add customer x badkind
 2 | more ids than can be listed               | patter x.db customer delete 1-9999999 --yes
# files
 1 | cannot open nosuch.csv                    | patter x.db import nosuch.csv
 1 | is a folder                               | patter x.db import folder
 1 | is empty                                  | patter x.db import empty.csv
 1 | color                                     | patter x.db import unknown.csv
 2 | no field 'color'                          | patter x.db import ok.csv --map 电话=color
 2 | KOI8                                      | patter x.db import ok.csv --encoding KOI8
 2 | XX                                        | patter x.db import ok.csv --region XX
 1 | --strict stores all or nothing            | patter x.db import quote.csv --strict
 1 | line 2 is not closed                      | patter x.db import bad.jsonl
 1 | nosuch.patter cannot be read              | patter x.db -f nosuch.patter
 1 | nosuch/copy.db                            | patter x.db backup nosuch/copy.db
 1 | x.db is the database itself               | patter x.db backup x.db
 1 | exists and would be overwritten           | patter x.db backup text.db
 1 | is there already; --force replaces it     | patter x.db customer export ok.csv
 1 | exists and is not overwritten             | patter x.db -c 'customer list > ok.csv'
 1 | nosuch/out.csv                            | patter x.db -c 'customer list > nosuch/out.csv'
# scripts
 2 | third.patter:3: error: customers have no field 'valeu' | patter x.db -f third.patter
 2 | stdin:3: error: customers have no field 'valeu'        | patter x.db <third.patter
 1 | boom.lua:2: boom                          | patter x.db -f boom.lua
 1 | in function 'f'                           | patter x.db -f boom.lua
 2 | did you mean 'add'?                              | echo 'crm.on("customer.ad", print)' >hook.lua; patter x.db -f hook.lua
 1 | lua.seconds                               | patter limits.db -1 -f endless.lua
 1 | lua.megabytes                             | patter limits.db -1 -f hungry.lua
 2 | string.rep                                | patter x.db -c 'lua string.rep("a", 1e10)'
 141 | i                                         | patter x.db -c 'sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<200000) SELECT i FROM n"' | head -1; exit ${PIPESTATUS[0]}
# questions that nobody is there to answer
 2 | add --yes                                 | patter x.db customer delete 1-5
 2 | add --yes                                 | patter x.db customer set --where 'id>0' city=x
 2 | add --yes                                 | patter x.db --no-input customer delete --where 'id>0'
# rights
 4 | has not the right to write                | patter viewer.db customer add name=x
 4 | has not the right to                      | patter viewer.db import ok.csv
 4 | has not the right to                      | patter viewer.db -c 'lua crm.customer.add { name = "x" }'
 4 | has not the right to                      | patter viewer.db -c 'sql --write "DELETE FROM customer"'
 4 | has not the right to dial                 | patter viewer.db callback 1 tomorrow
 4 | has not the right to                      | patter viewer.db undo
 4 | has not the right to                      | patter viewer.db user delete 1
 4 | has not the right to                      | patter viewer.db customer export out.csv
 4 | has not the right to manage               | patter agent.db hours set default spec='Mon-Sun 00:00-24:00'
 4 | has not the right to manage               | patter agent.db -c 'lua crm.hours(1).spec = "Mon-Sun 00:00-24:00"'
 4 | has not the right to manage               | patter agent.db criterion delete 1
 4 | has not the right to manage               | patter agent.db recycle set 1 max=99
 4 | has not the right to manage               | patter agent.db campaign add name=x
 4 | has not the right to manage               | patter agent.db field add customer colour
 4 | has not the right to manage               | patter agent.db -c 'dnc add number=13800000001' -c 'dnc delete 1'
# the file of the database
 5 | is a folder, not a file                   | patter folder/ status
 5 | text.db is not a database                 | patter text.db status
 5 | cut.db is damaged                         | patter cut.db customer list
 5 | half.db is damaged                        | patter half.db customer list
 5 | half.db is damaged                        | patter half.db customer add name=x
 5 | was written by a newer patter             | patter newer.db status
 5 | an SQLite file of another program         | patter other.db customer add name=x
 5 | No such file or directory                 | patter nosuch/x.db status
TABLE
same 'none of that changed a file' "$(everything)" "$before"

patter x.db --keep-going -f third.patter >said.txt 2>&1
same 'keep going: the first error decides the status' $? 2
same 'keep going: the rest is done' "$(patter x.db customer count name=后)" 1
patter x.db -q undo
same 'a script that stopped did not do its rest' \
    "$(patter x.db -f third.patter >/dev/null 2>&1; patter x.db customer count name=后)" 0

# Two writers: the second waits its time, then says who holds the file.
{ echo begin; echo 'customer add name=held'; sleep 3; echo rollback; } | patter x.db -f - >/dev/null 2>&1 &
sleep 0.7
PATTER_BUSY_MS=200 patter x.db customer add name=second >said.txt 2>&1
same 'two writers: the second is told to try again' $? 75
has 'two writers: who holds the file' "$(cat said.txt)" 'patter' "$(pgrep -f "^$PATTER x.db -f -" | head -1)"
check 'two writers: reading goes on' patter x.db customer count
check 'two writers: one who waits longer gets its turn' \
    env PATTER_BUSY_MS=20000 "$PATTER" x.db -q customer add name=third
wait
same 'two writers: nothing of the first, all of the other' \
    "$(patter x.db customer count name=held; patter x.db customer count name=third)" $'0\n1'

# Files and folders that cannot be written, as somebody who is not root.
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    as() { setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent "$PATTER" "$@"; }
    chmod 755 "$work" "$work/in"
else
    as() { "$PATTER" "$@"; }
fi
mkdir -p -m 755 ro && cp x.db ro/x.db && before=$(dump x.db)
if as ro/x.db status >/dev/null 2>&1 || [ -r "$PATTER" ]; then
    unwritable()   # NAME: reads as it should, and refuses to write
    {
        same "$1: reading works" "$(as ro/x.db customer count 2>&1)" "$(patter x.db customer count)"
        as ro/x.db customer add name=x >said.txt 2>&1
        same "$1: writing ends with 5" $? 5
        has "$1: writing says why" "$(cat said.txt)" 'ro/x.db' 'read-only'
        same "$1: nothing changed" "$(dump ro/x.db)" "$before"
    }
    chmod 444 ro/x.db && chmod 777 ro && unwritable 'a read-only file'
    rm -f ro/x.db-*
    chmod 666 ro/x.db && chmod 555 ro && unwritable 'a read-only folder'
    chmod 000 ro/x.db
    as ro/x.db status >said.txt 2>&1
    same 'a file that may not be read: 5' $? 5
    has 'a file that may not be read: why' "$(cat said.txt)" 'Permission denied'
    as ro/new.db customer add name=x >said.txt 2>&1
    same 'a folder that takes no new file: 5' $? 5
    chmod 755 ro
else
    skip 'files that cannot be written' 'this user cannot run the program as another'
fi

# A disk that is full: nothing is changed, and it says so.
mkdir -p small
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=1200k tmpfs small 2>/dev/null; then
    trap 'umount "$work/in/small" 2>/dev/null; rm -rf "$work"' EXIT
    cp x.db small/x.db
    lead_list 20000 >leads.csv
    before=$(dump small/x.db)
    TMPDIR=$work patter small/x.db import leads.csv --ignore-unknown --rejects none.csv >said.txt 2>&1
    same 'a full disk: status' $? 1
    has 'a full disk: it is said' "$(cat said.txt)" 'no room left on the disk'
    same 'a full disk: nothing changed' "$(dump small/x.db)" "$before"
    check 'a full disk: the file is sound' patter small/x.db check
    dd if=/dev/zero of=small/fill bs=1k 2>/dev/null
    patter x.db customer export small/out.csv >said.txt 2>&1
    same 'an export to a full disk: status' $? 1
    has 'an export to a full disk: it is said' "$(cat said.txt)" 'small/out.csv' 'No space left'
    check 'an export to a full disk leaves no file' [ "$(ls small)" = "$(printf 'fill\nx.db')" ]
    patter x.db -c 'customer list > small/rows.txt' >said.txt 2>&1
    same 'rows to a full disk: status' $? 1
    patter x.db customer list >/dev/full 2>said.txt
    same 'output that takes nothing: status' $? 1
    has 'output that takes nothing: it is said' "$(cat said.txt)" 'No space left'
    patter small/x.db customer add name=N >said.txt 2>&1
    same 'a disk without a free block: status' $? 1
    has 'a disk without a free block: it is said' "$(cat said.txt)" 'no room left on the disk'
    umount small
else
    skip 'a full disk' 'no small file system can be mounted here'
fi
finish
