#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Writable globals of the program, against the list of those that must be (allowed-globals.txt).
set -u
cd "$(dirname "$0")/../.."
found=$(nm -f sysv "$BUILD"/libpatter.a "$BUILD"/shell/*.o "$BUILD"/main.o 2>/dev/null |
    awk -F'|' '$7 ~ /^\.(data|bss|tdata|tbss)(\.rel)?$/ { gsub(/ /, "", $1); print $1 }' |
    sed 's/\.[0-9]*$//' | grep -vE '^(__|\.L|sql$|_.*asan|__odr)' | sort -u)
bad=$(comm -23 <(echo "$found") <(grep -v '^#' tests/lint/allowed-globals.txt | awk 'NF {print $1}' | sort -u))
if [ -z "$bad" ]; then echo "ok 1 - no writable globals but the allowed ones"; else
    echo "not ok 1 - no writable globals but the allowed ones"; echo "$bad" | sed 's/^/# /'; fi
echo "1..1"
[ -z "$bad" ]
