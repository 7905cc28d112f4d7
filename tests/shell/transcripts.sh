#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# transcripts.sh [FILE.txt ...] -- what is typed and what comes out, as TAP; default: all beside it.
#
# A line "$ command" is run by bash in an empty folder where `patter` is the program under test;
# lines "> ..." go on with it.  What it prints (both streams) must follow, then "? N" when it ends
# with a status other than 0.  Blank lines and lines that begin with "# " are comments.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" && ln -s "$PATTER" "$work/bin/patter"
export PATH=$work/bin:$PATH TZ=Asia/Shanghai LC_ALL=C.UTF-8 HOME=$work/home
export XDG_CONFIG_HOME=$HOME/config XDG_STATE_HOME=$HOME/state XDG_DATA_HOME=$HOME/data
unset PATTER_DB PATTER_HISTORY PAGER PATTER_PAGER

say_command()      # run $command, print what it printed, forget it
{
    local output
    output=$(bash -c "$command" 2>&1 </dev/null; echo "?$?")
    printf '%s' "${output%\?*}"
    [ "${output##*\?}" -eq 0 ] || printf '? %s\n' "${output##*\?}"
    command=
}

run_one()          # the transcript as it really goes
{
    local line command=
    while IFS= read -r line; do
        if [ -n "$command" ] && [[ $line == '> '* ]]; then
            command+=$'\n'${line#> }
            printf '%s\n' "$line"
            continue
        fi
        [ -z "$command" ] || say_command
        case $line in
            '$ '*) command=${line#\$ }; printf '%s\n' "$line" ;;
            '' | '# '*) printf '%s\n' "$line" ;;
        esac
    done
    [ -z "$command" ] || say_command
}

[ $# -gt 0 ] || set -- "$here"/*.txt
echo "1..$#"
number=0
for file in "$@"; do
    file=$(realpath "$file") number=$((number + 1)) name=$(basename "$file" .txt)
    rm -rf "$HOME" "$work/in" && mkdir "$HOME" "$work/in" || exit 1
    (cd "$work/in" && run_one <"$file" >"$work/actual")
    if diff -u "$file" "$work/actual" >"$work/diff"; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        sed 's/^/# /' "$work/diff"
    fi
done
