#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Layers: a folder includes only folders above it; sqlite3.h, lua.h, readline in one folder each.
set -u
cd "$(dirname "$0")/../.."
n=0 failed=0
report() {  # report NAME BAD_LINES
    n=$((n + 1))
    if [ -z "$2" ]; then echo "ok $n - $1"; else
        echo "not ok $n - $1"; echo "$2" | sed 's/^/# /'; failed=1; fi
}
order=(base store model dialer cmd script plugin shell)
bad=
for i in "${!order[@]}"; do
    for j in "${!order[@]}"; do
        [ "$j" -gt "$i" ] || continue
        bad+=$(grep -nE "^#include \"${order[$j]}/" "src/${order[$i]}"/*.[ch] 2>/dev/null)
    done
done
report "a layer includes only those above it" "$bad"
report "sqlite3.h only in src/store" "$(grep -rlE '#include <sqlite3' src --include=*.[ch]* | grep -v '^src/store/')"
report "lua.h only in src/script" "$(grep -rlE '#include <(lua|lauxlib|lualib)' src --include=*.[ch]* | grep -v '^src/script/')"
report "readline only in src/shell" "$(grep -rlE '#include <readline' src --include=*.[ch]* | grep -v '^src/shell/')"
report "dialer knows no store and no model but in its session" \
    "$(grep -lE '#include "(store|model)/' src/dialer/*.[ch] | grep -v '^src/dialer/session')"
echo "1..$n"
exit $failed
