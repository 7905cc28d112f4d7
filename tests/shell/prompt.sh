#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# prompt.sh -- the prompt in a real terminal (tmux): editing, paste, ^C, events, completion, history.
set -u
work=$(mktemp -d)
screens=0
tmux_() { tmux -L "patter-$$-$screens" -f /dev/null "$@"; }
trap 'tmux_ kill-server 2>/dev/null; rm -rf "$work"' EXIT
export HOME=$work LC_ALL=C.UTF-8 TERM=xterm
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME PATTER_DB PATTER_HISTORY PAGER PATTER_PAGER
n=0 failed=0

screen() { tmux_ capture-pane -p | sed 's/ *$//' | grep -v '^$'; }
keys() { tmux_ send-keys "$@"; }
type_line() { tmux_ send-keys -l "$1"; tmux_ send-keys Enter; }

wait_for()         # PATTERN: until a line of the screen matches, five seconds at most
{
    for _ in $(seq 100); do
        screen | grep -qE "$1" && return 0
        sleep 0.05
    done
    return 1
}

cancel()           # ^C at the prompt; what is typed next is typed at a fresh one
{
    keys C-c
    for _ in $(seq 100); do
        [ "$(screen | tail -1)" = 'shop>' ] && return 0
        sleep 0.05
    done
}

check()            # NAME PATTERN ...: each matches a line of the screen, in this order
{
    local name=$1 shown text='' ok=1
    shift
    n=$((n + 1))
    wait_for "${@: -1}"
    shown=$(screen)
    for pattern; do
        text=$(printf '%s\n' "${text:-$shown}" | sed -nE "\\|$pattern|,\$p")
        [ -n "$text" ] || { ok=; break; }
    done
    if [ "$ok" ]; then echo "ok $n - $name"; else
        echo "not ok $n - $name"; printf '# no line like: %s\n' "$pattern"
        printf '%s\n' "$shown" | sed 's/^/# | /'; failed=1; fi
}

start()            # COMMAND: in a fresh screen
{
    tmux_ kill-server 2>/dev/null
    screens=$((screens + 1))
    tmux_ new-session -d -x 80 -y 24 "$1"
}

start_patter()
{
    start "$PATTER shop.db; echo left with \$?; sleep 60"
    wait_for '^shop>$'
}

cd "$work" || exit 1
start_patter
type_line "customer add name=王芳 phone=13800138000"
check "a command runs" '^patter .* shop.db \(new, 0600\)' '^shop> customer add' '^customer 1 \(王芳\) added' '^shop>'
type_line "customer list valeu>80"
check "an error points at the word" '^              \^\^\^\^\^$' "^error: customers have no field 'valeu'"

# ^C drops the line and what is pending, never the shell.
type_line "customer add name='李"
check "an open quote changes the prompt" "^shop'>"
keys -l "half"
wait_for "half$"               # the terminal drops what was typed and not yet read
cancel
check "^C drops the pending statement" "^shop'> half\^C" '^shop>'
type_line "customer count"
check "nothing of it was run" "half\^C" '^1$'
keys -l "customer add name='x"
keys Enter C-d
check "^D in a half statement drops it" "^shop'>$" '^shop>$'

# An event is printed above a half typed line, which stays.
type_line "debug event 1s 有电话进来"
keys -l "customer add name=张伟"
wait_for '^有电话进来$'
check "an event comes above the half typed line" '^有电话进来$' '^shop> customer add name=张伟$'
keys -l "强"
keys Enter
check "and typing goes on" '^customer 2 \(张伟强\) added'

# A pasted block runs statement by statement once Enter is pressed; the first error stops the rest.
tmux_ set-buffer $'customer count\ncustmer x\ncustomer add name=never\ncustomer count\n'
tmux_ paste-buffer -p
check "a pasted block waits for Enter" '^shop> customer count$' '^customer add name=never$'
keys Enter
check "its first error stops the rest" '^2$' "^error: unknown command 'custmer'" '^2 more statements not run'

# Completion from the definitions and from the data.
keys -l "custom"
keys Tab
keys -l "lis"
keys Tab
keys -l "sta"
keys Tab
check "nouns, verbs and fields are completed" '^shop> customer list stage=?'
cancel
keys -l "customer list name=王"
keys Tab
check "values come from the data" '^shop> customer list name=王芳'
cancel

# Keys, history, leaving.
type_line "begin"
check "an open transaction shows" '^shop\*>'
type_line "rollback"
keys Up Up
check "history is at hand" '^shop> begin$'
cancel
tmux_ send-keys -l ' customer count --json'
keys Enter
wait_for '"count"'
type_line 'set pass password=geheim'
type_line 'nonsense'
wait_for "unknown command 'nonsense'"
type_line "quit"
check "quit leaves with 0" '^left with 0'

n=$((n + 1))
history=$work/.local/state/patter/history
if [ "$(stat -c %a "$history")" = 600 ] && ! grep -qE 'geheim|--json' "$history" \
    && grep -qx 'nonsense' "$history" && grep -qF 'custmer x\ncustomer add' "$history"; then
    echo "ok $n - history is private, whole, and keeps no secrets"
else
    echo "not ok $n - history is private, whole, and keeps no secrets"; sed 's/^/# /' "$history"; failed=1
fi

# A long table goes through the pager; the shell goes on when it is left.
for i in $(seq 40); do echo "customer add name=n$i"; done | "$PATTER" -q shop.db
start_patter
type_line "customer list"
check "a long table is paged" '^17  n15' '^:$'
keys q
check "and the shell goes on" '^shop>$'

# ^C stops what runs.
type_line '!sleep 30'
sleep 0.3
keys C-c
check "^C stops a program" '^ended with status 130' '^shop>$'
type_line "sql 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT count(*) FROM c'"
sleep 0.5
keys C-c
check "^C stops a statement" '^interrupted' '^shop>$'
type_line 'lua while true do end'
sleep 0.3
keys C-c
check "^C stops Lua" 'while true' '^interrupted' '^shop>$'
type_line "customer count"
check "and the next one runs" '^42$'
keys C-d
check "^D on an empty line leaves" '^left with 0'

# edit takes the last statement, and then what came of it.
start "EDITOR=\"sed -i s/count/count\\ id=1/\" $PATTER -q shop.db; sleep 60"
wait_for '^shop>$'
type_line "customer count"
wait_for '^42$'
type_line "edit"
check "edit takes the last statement" '^shop> edit$' '^customer count id=1$' '^1$' '^shop>$'
type_line "edit"
check "and again what was edited" '^customer count id=1$' '^customer count id=1 id=1$' '^1$' '^shop>$'

# ^Z gives the terminal back, fg brings the line.
start 'PS1="sh: " bash --norc -i'
wait_for '^sh:$'
type_line "$PATTER -q shop.db"
wait_for '^shop>$'
keys -l "customer co"
wait_for '^shop> customer co$'
keys C-z
check "^Z stops the program" '^shop> customer co$' 'Stopped' '^sh:$'
type_line "fg"
wait_for '^shop> customer co$'
keys -l "unt"
keys Enter
check "fg goes on with the line" '^shop> customer count$' '^42$' '^shop>$'

start_patter
keys -l "half a line"
wait_for 'half a line'
pid=$(tmux_ list-panes -F '#{pane_pid}')
kill -TERM $(pgrep -P "$pid" patter)
check "SIGTERM ends the shell by the signal" '^left with 143'
echo "1..$n"
exit $failed
