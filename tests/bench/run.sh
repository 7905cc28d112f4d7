#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh -- the figures of `make bench`: patter against a named peer on the same data, in one run.
#
#   ROWS=1000000  rows of the list             RUNS=3     runs of what takes seconds
#   STARTS=60     runs of what takes milliseconds         COUNTED=20000  rows whose instructions are counted
#   LEADS=PROGRAM what makes the list: PROGRAM ROWS SEED
#   ONLY=start,import,journal,export,ask,xlsx,vcard,dup,day,hook,loads,pace,dial,soak
#                 (all of these without ONLY), or ten: ten times as many rows, 6 GB;
#                 or pacing: each scenario on SEEDS (30) days against the peers of pacing.py
#   TMPDIR        where it works (1 GB for a million rows); all of it is removed at the end
set -eu
cd "$(dirname "$0")/../.."
export ROWS=${ROWS:-1000000} RUNS=${RUNS:-3} STARTS=${STARTS:-60} COUNTED=${COUNTED:-20000}
export PATTER=${PATTER:-$PWD/build/patter} BENCH=${BENCH:-$PWD/build/bench} ONLY=${ONLY:-}
export LC_ALL=C.UTF-8 TZ=Asia/Shanghai
unset PATTER_DB PATTER_LUA PATTER_SQL LUA_INIT
work=$(mktemp -d "${TMPDIR:-/tmp}/patter-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
export HOME=$work XDG_CONFIG_HOME=$work XDG_STATE_HOME=$work XDG_DATA_HOME=$work

leads=${LEADS:-../shared/tools/genleads.py}
make_leads() {
    if [ -f "$leads" ]; then python3 "$leads" "$1" "${2:-1}"; else awk -v N="$1" -f tests/samples/leads.awk; fi
}
echo "list of $ROWS rows by $([ -f "$leads" ] && basename "$leads" || echo leads.awk)" >&2
make_leads "$ROWS" > "$work/leads.csv"
make_leads "$COUNTED" > "$work/few.csv"
if [ -f "$leads" ] && [[ ",${ONLY:-loads}," == *,loads,* ]]; then      # other people, which the awk script has none of
    make_leads "$ROWS" 2 > "$work/more.csv"
    make_leads $((ROWS / 5)) 3 > "$work/fifth.csv"
    make_leads 55000 4 > "$work/small.csv"
fi

if [[ ",$ONLY," == *,ten,* ]]; then make_leads $((ROWS * 10)) 5 > "$work/ten.csv"; fi

echo "machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores," \
    "$(awk '/MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo), load $(cut -d' ' -f1 /proc/loadavg)"
echo "versions: $("$PATTER" --version | head -1), sqlite3 $(sqlite3 --version | cut -d' ' -f1)," \
    "$(lua5.4 -v | cut -d' ' -f1,2), $(gcc --version | head -1), Linux $(uname -r)"
echo "list: $ROWS rows, $(($(stat -c %s "$work/leads.csv") >> 20)) MB; medians, interleaved:" \
    "$STARTS starts, $RUNS of the rest; times are CPU seconds of the process unless said"
cd "$work"
python3 "$OLDPWD/tests/bench/figures.py"
