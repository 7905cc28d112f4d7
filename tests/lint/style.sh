#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Style that a script can see: lines, licences, calls that are never made, headers that stand alone.
set -u
cd "$(dirname "$0")/../.."
n=0 failed=0
report() {
    n=$((n + 1))
    if [ -z "$2" ]; then echo "ok $n - $1"; else
        echo "not ok $n - $1"; echo "$2" | head -20 | sed 's/^/# /'; failed=1; fi
}
sources=$(git ls-files -co --exclude-standard 'src/*.c' 'src/*.h' 'src/*.cc' 'tests/*.c' 'tests/*.h')
report "no line is over 100 columns" "$(python3 - $sources <<'PY'
import sys
for f in sys.argv[1:]:
    for i, line in enumerate(open(f, encoding="utf-8"), 1):
        if len(line.rstrip("\n")) > 100:
            print(f"{f}:{i}")
PY
)"
report "every file says its licence" "$(for f in $sources $(git ls-files -co --exclude-standard '*.sh' '*.lua' 'db/*.sql' ':!lua/meta'); do
    head -3 "$f" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' || echo "$f"; done)"
report "no tabs, no blanks at a line's end" "$(grep -nE '	|[ ]+$' $sources | head)"
report "no unbounded string calls, no shell" \
    "$(grep -nE '\b(strcpy|strcat|sprintf|vsprintf|gets|system|popen)\(' $(git ls-files -co --exclude-standard 'src/*.c'))"
report "no file over 600 lines" "$(wc -l $(git ls-files -co --exclude-standard 'src/*.c' 'src/*.h' 'lua/*.lua' ':!lua/meta') | awk '$2 != "total" && $1 > 600')"
report "no loose ends" "$(git grep --untracked -nIwE 'TODO|FIXME|XXX|HACK' -- src lua db docs tests ':!tests/lint' ':!tests/fuzz')"
bad=
for h in $(git ls-files -co --exclude-standard 'src/*.h'); do
    echo "#include \"${h#src/}\"" | gcc -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -Isrc \
        $(pkg-config --cflags sqlite3 lua5.4) -fsyntax-only -x c - 2>/dev/null || bad+="$h "
done
report "every header compiles alone" "$bad"
echo "1..$n"
exit $failed
