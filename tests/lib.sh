# SPDX-License-Identifier: GPL-3.0-or-later
# lib.sh -- sourced by the user-level tests: a folder to work in, TAP lines, comparisons.
# A test is a line that runs a check: `check NAME command ...` holds when the command ends with 0,
# `same NAME ACTUAL EXPECTED` when two texts are equal, `has NAME TEXT PART ...` when TEXT holds
# every PART, `skip NAME why` counts one that cannot be run here.  `finish` prints the plan.
# shellcheck shell=bash
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
data=$(realpath -m "$root/../shared/data")
work=$(mktemp -d "${TMPDIR:-/tmp}/patter-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
export HOME=$work/home TZ=Asia/Shanghai LC_ALL=C.UTF-8
export XDG_CONFIG_HOME=$HOME/config XDG_STATE_HOME=$HOME/state XDG_DATA_HOME=$HOME/data
unset PATTER_DB PATTER_HISTORY PAGER PATTER_PAGER PATTER_FORCE_TTY NO_COLOR CLICOLOR_FORCE COLUMNS
mkdir -p "$HOME" "$work/in" && cd "$work/in" || exit 1
number=0 failures=0

patter() { "$PATTER" "$@"; }

pass() { number=$((number + 1)); echo "ok $number - $1"; }

fail()             # NAME [TEXT]: the text explains
{
    number=$((number + 1)) failures=$((failures + 1))
    echo "not ok $number - $1"
    [ -z "${2-}" ] || printf '%s\n' "$2" | head -30 | sed 's/^/# /'
}

skip() { number=$((number + 1)); echo "ok $number - $1 # SKIP $2"; }

check()            # NAME COMMAND ...
{
    local name=$1 said
    shift
    if said=$("$@" 2>&1); then pass "$name"; else fail "$name" "$* (exit $?)"$'\n'"$said"; fi
}

same()             # NAME ACTUAL EXPECTED
{
    if [ "$2" = "$3" ]; then pass "$1"; else
        fail "$1" "$(diff <(printf '%s\n' "$3") <(printf '%s\n' "$2"))"; fi
}

has()              # NAME TEXT PART ...
{
    local name=$1 text=$2 part
    shift 2
    for part; do
        [[ $text == *"$part"* ]] || { fail "$name" "without '$part':"$'\n'"$text"; return; }
    done
    pass "$name"
}

dump() { python3 "$root/tests/dump.py" "$1"; }      # all rows but those of journal and counters

lead_list()        # N: a made-up list of N leads as CSV
{
    awk -v N="$1" -f "$root/tests/samples/leads.awk"
}

finish()
{
    echo "1..$number"
    [ "$failures" -eq 0 ]
}
