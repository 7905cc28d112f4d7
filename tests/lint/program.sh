#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the program says of itself: all SQL prepares, definitions hold, generated docs are fresh.
set -u
cd "$(dirname "$0")/../.."
n=0 failed=0
check() {  # check NAME COMMAND...
    n=$((n + 1)); name=$1; shift
    if out=$("$@" 2>&1); then echo "ok $n - $name"; else
        echo "not ok $n - $name"; echo "$out" | head -30 | sed 's/^/# /'; failed=1; fi
}
fresh() {
    dir=$(mktemp -d) && "$PATTER" :memory: debug docs "$dir" && for f in "$dir"/*; do
        case $(basename "$f") in
            patter.1) diff -q "$f" docs/patter.1 ;;
            patter.lua) diff -q "$f" lua/meta/patter.lua ;;
            *.bash) ;;
            *) diff -q "$f" "docs/reference/$(basename "$f")" ;;
        esac || { echo "make docs, then commit"; return 1; }
    done
    rm -rf "$dir"
}
after_line() {
    dir=$(mktemp -d) && mkdir -p "$dir/line/lts/etc/rc2.d" && make -n B="$dir" docs >/dev/null
    code=$?
    rm -rf "$dir"
    return $code
}
check "every SQL statement prepares; hot ones use an index" "$PATTER" :memory: debug sql
check "generated docs are fresh" fresh
check "the man page is clean" sh -c 'mandoc -Tlint -Wwarning docs/patter.1'
check "luacheck is clean" luacheck -q lua tests/lua
check "make goes on after make test-line" after_line
echo "1..$n"
exit $failed
