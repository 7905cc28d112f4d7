#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh [--build DIR] [--fast] [TEST ...] -- run tests and end with one line "N passed, N failed".
#
# A test is a program that prints TAP ("ok 1 - name", "not ok 2 - name", "ok 3 - name # SKIP why"):
#   DIR/tests/test_*   unit tests (cmocka), built from tests/unit
#   tests/*/*.sh       scripts; each gets PATTER (the program) and BUILD (the build folder)
# A test that dies or prints no plan counts as one failure.  A failing one prints the command that
# runs it alone.  In CI (CI=true) a skip is a failure.  --fast leaves out what takes long.
set -u
cd "$(dirname "$0")/.."
build=build fast=
while [ $# -gt 0 ]; do
    case $1 in
        --build) build=$2; shift 2 ;;
        --fast) fast=1; shift ;;
        *) break ;;
    esac
done
export BUILD=$PWD/$build PATTER=$PWD/$build/patter CMOCKA_MESSAGE_OUTPUT=TAP PATTER_COMPLETE_MS=5000
export LC_ALL=C.UTF-8 TZ=Asia/Shanghai HOME=$PWD/$build/home
export XDG_CONFIG_HOME=$HOME/config XDG_STATE_HOME=$HOME/state XDG_DATA_HOME=$HOME/data
unset PATTER_DB PATTER_LUA PATTER_SQL PATTER_HISTORY NO_COLOR CLICOLOR_FORCE LUA_PATH LUA_INIT
mkdir -p "$HOME" "$build/log"
if [ $# -gt 0 ]; then
    tests=("$@")
else
    tests=("$build"/tests/test_* tests/lint/*.sh tests/shell/*.sh tests/lua/*.sh tests/sim/*.sh
           tests/migrate/*.sh tests/crash/*.sh)
fi
slow=" tests/crash/import.sh tests/crash/interrupted.sh tests/shell/hostile_files.sh tests/shell/million.sh $build/tests/test_phone_range "
passed=0 failed=0 skipped=0
for t in "${tests[@]}"; do
    case $t in *.d | *.o) continue ;; esac
    [ -f "$t" ] && [ -x "$t" ] || continue
    case $(basename "$t") in lib.sh | common.sh | run.sh) continue ;; esac
    [ -n "$fast" ] && case $slow in *" $t "*) continue ;; esac
    log=$build/log/$(basename "$t").log
    timeout 900 "$t" >"$log" 2>&1 </dev/null
    status=$?
    skip=$(grep -cE '^ok .*# SKIP' "$log")
    ok=$(($(grep -cE '^ok ' "$log") - skip))
    bad=$(grep -cE '^not ok ' "$log")
    [ $status -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
    [ $((ok + bad + skip)) -eq 0 ] && bad=1
    if [ "${CI:-}" = true ] && [ "$skip" -gt 0 ]; then
        bad=$((bad + skip)) skip=0
    fi
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
    if [ "$bad" -gt 0 ]; then
        echo "FAILED $t (exit $status); alone: tests/run.sh --build $build $t"
        grep -vE '^ok ' "$log" | head -40 | sed 's/^/    /'
    else
        echo "passed $t ($ok)"
    fi
done
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
