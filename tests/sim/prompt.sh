#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# prompt.sh -- dial preview in a real terminal (tmux) and in real time: what happens in a call is
# told above the line that is being typed. With this seed the customer answers after 2.5 seconds.
. "$(dirname "$0")/../terminal.sh"
"$PATTER" x.db -c 'hours set default spec=always; agent add name=li
    customer add name=A phone=13800138001; customer add name=B phone=13800138002
    list add name=l; list fill l id>0; campaign add name=c list=l script=hello
    campaign start c' > /dev/null 2>&1
tmux_ new-session -d -x 100 -y 50 "$PATTER x.db; echo left with \$?; sleep 60"
check 'the prompt' '^x>$'
type_line 'dial preview c --agent li --seed 5'
check 'the customer is shown before a call' '^next: customer 1 A, \+86 138 0013 8001$'
type_line 'dial go'
check 'the command does not wait' '^state +dialling$'
tmux_ send-keys -l 'customer show'
check 'it rings while a line is typed' '^call 1: ringing$'
check 'the customer answers' '^call 1: talking with A'
check 'the line that was typed is unharmed' '^x> customer show$'
tmux_ send-keys C-u
type_line 'dial hangup'
check 'the agent hangs up' '^call 1: the talk is over'
type_line 'dial result refused --note no'
check 'the result is stored and the next one shown' '^next: customer 2 B'
type_line 'sql select state, result, note, talk < 60000 from call'
check 'as it was said' 'ended +refused +no +1'
type_line 'dial go'
check 'the next call' '^call 2: '
tmux_ send-keys C-d
check 'who leaves in a call is asked first' '^1 call is up and will be hung up; leave\? \[y/N\]'
type_line 'n'
check 'and may stay' '^x>$'
type_line 'quit'
check 'quit asks, too' '^1 call is up and will be hung up; leave\? \[y/N\]'
type_line 'y'
check 'leaving ends the program' '^left with 0$'
check_last=$(sqlite3 -readonly x.db 'SELECT state, result IS NOT NULL FROM call WHERE id = 2')
n=$((n + 1))
if [ "$check_last" = 'ended|1' ]; then echo "ok $n - and the call that was up is recorded"; else
    echo "not ok $n - and the call that was up is recorded"; echo "# $check_last"; failed=1; fi
finish
