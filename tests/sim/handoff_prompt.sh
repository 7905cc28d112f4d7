#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# handoff_prompt.sh -- dial preview over a program that dials, in a real terminal (tmux): what the
# program does is told above the line that is being typed.
. "$(dirname "$0")/../terminal.sh"
printf '#!/bin/sh\nexec sleep 600\n' > phone
chmod +x phone
"$PATTER" x.db -c 'hours set default spec=always; agent add name=li
    customer add name=A phone=13800138001; customer add name=B phone=13800138002
    list add name=l; list fill l id>0; campaign add name=c list=l script=hello
    campaign start c; dialer adapter command --command "./phone {number}"' > /dev/null 2>&1
tmux_ new-session -d -x 100 -y 50 "$PATTER x.db; echo left with \$?; sleep 60"
check 'the prompt' '^x>$'
type_line 'dial preview c --agent li'
check 'the line is there' '^switch command is connected$'
check 'the customer is shown' '^next: customer 1 A, \+86 138 0013 8001$'
type_line 'dial go'
check 'the command does not wait' '^state +dialling$'
check 'the call is the agent'"'"'s once the program runs' '^call 1: dialled, A; .* busy and no-answer, too$'
type_line 'dial hangup'
check 'hanging up ends the program' '^call 1: the talk is over'
type_line 'dial result busy'
check 'what only he heard is stored and the next one shown' '^next: customer 2 B'
type_line 'sql select result, answered_at is null from call'
check 'as it was said' '^busy +1'
type_line 'dial go'
check 'the next call' '^call 2: dialled, B'
tmux_ send-keys C-d
check 'leaving asks, since a call is up' 'leave\?'
type_line y
check 'leaving ends the program' '^left with 0$'
check_last=$(sqlite3 -readonly x.db "SELECT count(*) FROM call WHERE state = 'ended'; SELECT state FROM agent")
n=$((n + 1))
if [ "$check_last" = $'2\noff' ]; then echo "ok $n - and both calls are recorded"; else
    echo "not ok $n - and both calls are recorded"; echo "# $check_last"; failed=1; fi
finish
