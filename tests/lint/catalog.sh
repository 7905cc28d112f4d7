#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every table of SQL statements is named in src/cmd/catalog.c, so that `debug sql` tries it; every
# array of commands is named in src/cmd/commands.c.
set -u
cd "$(dirname "$0")/../.."
n=0 failed=0
named() {  # named WHAT FILE NAMES...
    n=$((n + 1)); what=$1 file=$2; shift 2
    missing=$(for name in "$@"; do grep -qw "$name" "$file" || echo "$name"; done)
    if [ $# -gt 0 ] && [ -z "$missing" ]; then echo "ok $n - $what"; else
        echo "not ok $n - $what"; echo "$missing" | sed 's/^/# /'; failed=1; fi
}
names() {  # names PATTERN: what the first group finds in the sources
    sed -nE "s/$1/\1/p" src/*/*.c | sort -u
}
named "every SqlTable is in the catalog" src/cmd/catalog.c \
    $(names '^const SqlTable ([a-z_]+) =.*')
named "every array of commands is in the list" src/cmd/commands.c \
    $(sed -nE 's/^const Command \*const ([a-z_]+)\[\] = .*/\1/p' src/cmd/*.c | sort -u)
echo "1..$n"
exit $failed
