#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# handoff.sh -- the adapter command: one person's preview dialling with programs that dial.
. "$(dirname "$0")/../lib.sh"

cat > phone <<'END'
#!/bin/sh
# By the last digit: 3 dials nothing, 9 runs as long as the call, else the number is handed over.
printf '%s\n' "$*" >> dialled
case $1 in *3) exit 3;; *9) echo $$ > running; exec sleep 600;; esac
END
chmod +x phone
quiet() { patter a.db -c "$1" >/dev/null 2>&1; }
quiet "hours set default spec=always; agent add name=li
    customer add name=A phone=13800138001; customer add name=B phone=13800138003
    customer add name=C phone=13800138009; list add name=l; list fill l id>0
    campaign add name=c list=l script=hello; campaign start c
    dialer adapter command --command './phone {tel} \"; touch hurt\"'"
same 'what would be started is shown, and is not' "$(patter a.db -c 'dialer test' 2>/dev/null | cut -f1-4; ls dialled 2>&1)" \
    $'switch\tstep\tstate\tfound
command\tcommand\tok\t./phone tel:+15550100 ; touch hurt
command\tprogram\tok\t./phone
ls: cannot access \'dialled\': No such file or directory'
said=$(patter a.db -c 'dial preview c --agent li; dial go; dial result no-answer; dial go
    dial go; dial result refused --note "no need"; dial stop' 2>&1 >/dev/null)
has 'an agent is told to say all' "$said" 'busy and no-answer, too'
has 'a program that dials nothing' "$said" 'ended with 3 and has dialled nothing' 'call 2: failed'
same 'three programs, and no shell' "$(cat dialled; ls hurt 2>/dev/null)" \
    $'tel:+8613800138001 ; touch hurt\ntel:+8613800138003 ; touch hurt\ntel:+8613800138009 ; touch hurt'
same 'what became of the calls is what the agent said' \
    "$(patter a.db -c 'sql "select result, answered_at > 0, talk >= 0, driver, real, note from call" --csv --no-header' 2>/dev/null)" \
    'no-answer,,,command,1,
failed,,,command,1,
refused,1,1,command,1,no need'
kill -0 "$(cat running)" 2>/dev/null; same 'a result ends the program' $? 1
same 'the books balance' "$(patter a.db -c check >/dev/null 2>&1; echo $?)" 0
quiet 'campaign set c mode=predictive'
said=$(patter a.db -c 'dial start c' 2>&1); got=$?
same 'no floor on one phone: status' $got 1
has 'and what to use instead' "$said" 'mode predictive needs many calls at once' 'dial preview c' 'dialer adapter ami'
quiet 'campaign set c mode=preview record=yes'
said=$(patter a.db -c 'dial preview c --agent li' 2>&1); got=$?
same 'no recording where none can be made: status' $got 1
has 'no recording where none can be made' "$said" 'to be recorded' 'which cannot' 'record=no'
quiet "campaign set c record=no; switch set command command='nosuchprogram {number}'; undo; redo
    customer add name=D phone=13800138005; list fill l id>3"
said=$(patter a.db -c 'dial preview c --agent li; dial go; dial stop' 2>&1 >/dev/null)
has 'a program that is not there' "$said" 'nosuchprogram could not be started' 'call 4: failed'
said=$(patter a.db -c 'dialer test' 2>&1); got=$?
same 'the test says so, too: status' $got 1
has 'the test says so, too' "$said" 'it is not there' 'install it'
said=$(patter a.db -c "switch set command command=phone" 2>&1)
has 'a command without a number' "$said" 'is not a program with {number}'
finish
