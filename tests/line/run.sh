#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh [TEST ...] -- the tests on a real line: each with Asterisk 22 and with Asterisk 16.
#
# The two systems are made once, in LINE (build/line unless it is set), from the Debian mirror that
# apt uses; that needs root.  Where one or both are not to be had a notice says so, and what can be
# tested is.
set -u
cd "$(dirname "$0")/../.."
line=$(realpath -m "${LINE:-build/line}")
[ $# -gt 0 ] || set -- tests/line/*.py
if [ "$(id -u)" != 0 ]; then
    echo "notice: only root can make and run a second system: the tests on a real line were not run"
    exit 0
fi
kinds=()
for kind in lts legacy; do
    if version=$(tests/line/root.sh "$line/$kind" $kind 2>"$line.why"); then
        kinds+=("$kind")
        echo "serves: $version"
    else
        echo "notice: no Asterisk of kind $kind is to be had here, so nothing was tested with it:"
        sed 's/^/    /' "$line.why"
    fi
done
if [ ${#kinds[@]} = 0 ]; then
    echo "notice: the tests on a real line were not run"
    exit 0
fi
passed=0 failed=0
for kind in "${kinds[@]}"; do
    echo "== $(tests/line/root.sh "$line/$kind" "$kind")"
    while IFS= read -r text; do
        said=$text
        [[ $text =~ ^[0-9]+\ passed,\ [0-9]+\ failed ]] || echo "$text"
    done < <(LINE_ROOT=$line/$kind tests/run.sh "$@")
    [[ $said =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed ]] || exit 1
    passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
