#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# supervise.sh -- a supervisor sees who talks and listens in, each time written down; recordings are
# paused, and found; calls are sampled and scored.
. "$(dirname "$0")/../lib.sh"
db=$work/x.db
sql() { sqlite3 -readonly "$db" "$1"; }
p() { patter "$db" "$@"; }
trap 'kill -9 $pid 2>/dev/null; rm -rf "$work"' EXIT
p -c 'hours set default spec=always; agent add name=王芳 phone=8001; agent add name=班长 phone=8009; agent add name=li
    customer add name=李建国 phone=13800138009; list add name=l; list fill l id>0
    campaign add name=秋季 list=l script=x mode=progressive max_per_day=9 record=yes; campaign start 秋季' >/dev/null 2>&1
has 'nobody dials yet' "$(p monitor listen 王芳 --as 班长 2>&1)" 'agent 王芳 is not at work'
"$PATTER" "$db" dial start 秋季 --by-number >/dev/null 2>&1 &
pid=$!
for _ in $(seq 200); do [ "$(sql 'SELECT count(*) FROM dialing')" = 1 ] && break; sleep 0.05; done
p agent ready 王芳 秋季 2>/dev/null
for _ in $(seq 400); do [ "$(sql "SELECT count(*) FROM agent WHERE state = 'talking'")" = 1 ] && break; sleep 0.05; done
has 'who talks with whom' "$(p monitor 秋季 --fields agent,state,name --tsv)" '王芳	talking	李建国'
has 'nobody listens to himself' "$(p monitor listen 王芳 --as 王芳 2>&1)" 'nobody listens to himself'
has 'no phone of his own' "$(p monitor listen 王芳 2>&1)" 'whose phone is to ring?'
has 'listening' "$(p monitor listen 王芳 --as 班长 2>&1)" 'agent 王芳: your phone rings'
has 'whispering' "$(p monitor whisper 王芳 --as 班长 2>&1)" 'your phone rings'
has 'joining' "$(p monitor barge 王芳 --as 班长 2>&1)" 'your phone rings'
has 'the end of it' "$(p monitor stop 王芳 --as 班长 2>&1)" 'nobody hears agent 王芳 any more'
same 'what was refused is written down, too' "$(p supervision count call= how=listen --no-header --tsv)" 1
same 'each is written down, with the call and who asked' \
    "$(p supervision list outcome=taken --fields agent,supervisor,how,call,outcome --no-header --tsv)" \
    "$(for how in listen whisper barge silence; do printf '王芳\t班长\t%s\t1\ttaken\n' $how; done)"
has 'who was heard from when to when is known' "$(sql "SELECT group_concat(how || (began >= at) || coalesce(ended >= began, '-'), ' ')
    FROM supervision WHERE outcome = 'taken'")" 'listen11 whisper11 barge11'
check 'the recording is paused' p dial record off --agent 王芳
check 'and goes on' p dial record on --agent 王芳
has 'who is in no call' "$(p dial record off --agent li 2>&1)" 'agent li is in no call'
same 'that is written down, too' "$(p supervision list outcome=taken --fields agent,how,call --no-header --tsv | tail -2)" \
    "$(printf '王芳\trecord-off\t1\n王芳\trecord-on\t1')"
p dial result appointment --agent 王芳 2>/dev/null
p dial stop --now 2>/dev/null
wait $pid
check 'the books balance' p check

# ---- recordings are where the switch puts them ---------------------------------------------------

r() { patter rec.db "$@" 2>&1; }
cp "$db" rec.db
has 'the simulated line records nothing' "$(r call show 1 --json)" '"sections":{"recording":[]}'
sqlite3 rec.db "UPDATE call SET driver = 'ami', recorded = 1"
has 'nobody says where a real one does' "$(r call show 1 --long)" 'no switch says where: switch set NAME recordings=/FOLDER'
has 'a folder has a full name' "$(r switch add name=pbx adapter=ami prefix=p1 recordings=rec 2>&1)" 'not the full name of a folder'
r switch add name=pbx adapter=ami prefix=p1 recordings="$work/rec" >/dev/null
has 'one that is not there' "$(r call show 1 --json)" '"sections":{"recording":[{"path":"'"$work"'/rec/p1-c1-.wav","length":null,"bytes":null,"state":"missing"}]}'
mkdir "$work/rec"
{ printf 'RIFF\x24\x7d\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\0\x7d\0\0'; head -c 32000 /dev/zero; } >"$work/rec/p1-c1-.wav"
has 'one that is: two seconds' "$(r call show 1 --json)" '"length":2,"bytes":32044,"state":"there"'
echo x >"$work/rec/p1-c1-.wav"
has 'one that is none' "$(r call show 1 --json)" '"state":"damaged"'
ln -sf /etc/passwd "$work/rec/p1-c1-.wav"
has 'a link is not followed' "$(r call show 1 --json)" '"state":"missing"'

cp "$db" day.db
d() { patter day.db "$@"; }
{ echo name,phone; for i in $(seq 80); do echo "客户$i,1390013$((1000 + i))8"; done; } | sed -E 's/(139[0-9]{8})[0-9]/\1/' >c.csv
d -c 'import c.csv --key phone; list fill l id>1; campaign set 秋季 max_per_day=1' >/dev/null 2>&1
d --clock 2030-03-05T10:00 dial start 秋季 --crew 3 >/dev/null 2>&1
same 'the same seed draws the same calls' "$(d qa sample 秋季 5 --seed 1 --tsv)" "$(d qa sample 秋季 5 --seed 1 --tsv)"
same 'so many' "$(d qa sample 秋季 5 --seed 1 --fields call --no-header --tsv | sort -u | wc -l)" 5
check 'another seed, others' [ "$(d qa sample 秋季 5 --seed 1 --tsv)" != "$(d qa sample 秋季 5 --seed 2 --tsv)" ]
mapfile -t calls < <(d qa sample 秋季 4 --fields call --no-header --tsv)
has 'a score is the mean' "$(d qa score "${calls[0]}" opening=4 close=2 note=多听 2>&1)" "call ${calls[0]}: 3.0"
same 'it is stored with who and what' "$(d qa list --fields call,points,items,note --no-header --tsv)" \
    "${calls[0]}	3	opening=4 close=2	多听"
has 'too many points' "$(d qa score "${calls[1]}" opening=9 2>&1)" 'opening=9 is not item=POINTS'
has 'no points' "$(d qa score "${calls[1]}" note=x 2>&1)" 'no item has points'
check 'a scored call is not drawn again' [ -z "$(d qa sample 秋季 500 --fields call --no-header --tsv | grep -x "${calls[0]}")" ]
d qa score "${calls[0]}" opening=5 close=5 2>/dev/null
same 'a second score replaces the first' "$(d qa list --fields points --no-header --tsv)" 5
has 'the report' "$(d report qa --json)" '"calls":1' '"mean":5'
check 'undo takes it back' d undo
same 'the first one is there again' "$(d qa list --fields points --no-header --tsv)" 3
finish
