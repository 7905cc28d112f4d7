# SPDX-License-Identifier: GPL-3.0-or-later
# terminal.sh -- a real terminal (tmux) for a test to source: $work, an empty folder, is where it
# is; tmux_, screen, type_line and check act on it.  The test ends with `finish`.
set -u
work=$(mktemp -d)
tmux_() { tmux -L "patter-$$" -f /dev/null "$@"; }
trap 'tmux_ kill-server 2>/dev/null; rm -rf "$work"' EXIT
export HOME=$work LC_ALL=C.UTF-8 TERM=xterm
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME PATTER_DB PATTER_HISTORY PAGER PATTER_PAGER
n=0 failed=0
screen() { tmux_ capture-pane -p | sed 's/ *$//' | grep -v '^$'; }
type_line() { tmux_ send-keys -l "$1"; tmux_ send-keys Enter; }
check()            # NAME PATTERN: a line of the screen matches, twenty seconds at most
{
    n=$((n + 1))
    for _ in $(seq 400); do
        screen | grep -qE "$2" && { echo "ok $n - $1"; return; }
        sleep 0.05
    done
    echo "not ok $n - $1"
    printf '# no line like: %s\n' "$2"
    screen | sed 's/^/# | /'
    failed=1
}
finish()
{
    echo "1..$n"
    exit $failed
}
cd "$work" || exit 1
