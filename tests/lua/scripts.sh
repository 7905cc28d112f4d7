#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every script of this folder, each by the program in a database of its own. A script fails by an error.
#   scripts.sh [NAME ...]   (without .lua) runs only these
set -u
cd "$(dirname "$0")/../.."
names=("$@")
[ $# -gt 0 ] || names=($(ls tests/lua/*.lua | sed 's,.*/,,; s,\.lua$,,' | grep -vx check))
n=0 failed=0
for name in "${names[@]}"; do
    n=$((n + 1))
    if out=$("$PATTER" -q --clock 2026-01-02T03:04:05Z :memory: -f "tests/lua/$name.lua" 2>&1); then
        echo "ok $n - $name.lua"
    else
        echo "not ok $n - $name.lua"
        echo "$out" | sed 's/^/# /'
        failed=1
    fi
done
echo "1..$n"
exit $failed
