#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# tests/fuzz/run.sh [NAME...] - the fuzzers that were built (or those named), all at once, for
# FUZZ_SECONDS (two minutes) and from their corpora in tests/fuzz/corpus. What they learn stays in
# build-fuzz/corpus. Exits with 1 where something was found, and says where its bytes are.
cd "$(dirname "$0")/../.." || exit 2
seconds=${FUZZ_SECONDS:-120}
export ASAN_OPTIONS=quarantine_size_mb=16:detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1

one() {
    local name=$1 log=build-fuzz/$1.log found=build-fuzz/found/$1- dict=() leaks=1
    mkdir -p "build-fuzz/corpus/$name" build-fuzz/found
    rm -f "$found"*
    [ ! -f "tests/fuzz/$name.dict" ] || dict=("-dict=tests/fuzz/$name.dict")
    # The leak checker itself falls over a thread that ends while it looks, and an import has them.
    [ "$name" != import ] || leaks=0
    if "build-fuzz/fuzz_$name" -detect_leaks=$leaks -max_total_time="$seconds" \
        -timeout=30 -rss_limit_mb=1024 -print_final_stats=1 "${dict[@]}" -artifact_prefix="$found" "build-fuzz/corpus/$name" \
        "tests/fuzz/corpus/$name" 2>"$log"; then
        echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs," \
            "$(grep -o 'cov: [0-9]*' "$log" | tail -1)"
        return 0
    fi
    grep -E 'ERROR|internal error|runtime error' "$log"
    echo "$name: FOUND; again: build-fuzz/fuzz_$name $(ls "$found"* 2>/dev/null || echo "see $log")"
    return 1
}

[ $# -gt 0 ] || set -- $(ls build-fuzz | sed -n 's/^fuzz_\([a-z]*\)$/\1/p')
failed=0
for name; do
    one "$name" &
done
for name; do
    wait -n || failed=1
done
exit $failed
