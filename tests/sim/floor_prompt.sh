#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# floor_prompt.sh -- dial start in a real terminal (tmux) and in real time: the calls go on while a
# line is typed, the live view is drawn in place, and the end is told above the prompt.
. "$(dirname "$0")/../terminal.sh"
"$PATTER" x.db -c 'hours set default spec=always; agent add name=王芳; agent add name=li
    customer add name=李建国 phone=13800138009; customer add name=B phone=13800138019
    list add name=l; list fill l id>0; campaign add name=秋季 list=l script=hello mode=progressive
    campaign start 秋季' > /dev/null 2>&1
tmux_ new-session -d -x 90 -y 40 "$PATTER x.db; echo left with \$?; sleep 60"
check 'the prompt' '^x>$'
type_line 'dial start 秋季 --by-number'
check 'dialling begins' '^秋季 is being dialled over the simulated line; dial status, dial stop$'
type_line 'agent ready 王芳 秋季'
tmux_ send-keys -l 'customer show'
"$PATTER" x.db agent ready li 秋季 2>/dev/null
check 'the line that is typed is unharmed' '^x> customer show$'
tmux_ send-keys C-u
check 'the agent at this prompt sees whom he talks with' '^call [12]: .*\+86 138 0013 8(009|019) \(customer [12]\), 秋季'
type_line 'begin'
check 'no transaction meanwhile' '^refused: what becomes of calls is written at once'
type_line 'dial status --live'
check 'the live view' '^秋季 · dialling over sim since'
check 'both talk' '^  agents  0 ready · 2 talking · 0 wrap-up · 0 paused$'
check 'with whom, for how long; wide characters in line' '^  王芳 {12}  talking  +00:[0-9]{2}  李建国$'
check 'why nothing is dialled' '^  now     '
sleep 2
n=$((n + 1))
if [ "$(screen | grep -c 'dialling over sim')" = 1 ]; then echo "ok $n - it is drawn in place"; else
    echo "not ok $n - it is drawn in place"; screen | sed 's/^/# | /'; failed=1; fi
tmux_ resize-window -x 40 -y 40
check 'it follows the window' '^  agents  0 ready · 2 talking · 0 wrap…$'
tmux_ send-keys C-c
check '^C ends the view' '^x>$'
type_line 'dial stop --now'
check 'stopping hangs up' 'its calls are hung up$'
type_line 'dial result appointment --agent 王芳'
type_line 'dial result refused --agent li'
check 'the end is told' '^秋季: 2 dials, 2 connected'
tmux_ send-keys C-d
check 'leaving ends the program' '^left with 0$'
finish
