#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# dup.sh -- dup find on a labelled set: how many of the pairs found are right, how many of those
# that there are it finds.  The figures are printed; the set is made anew from its seed.
. "$(dirname "$0")/../lib.sh"

cat >score.py <<'PY'
"""score.py ROWS PAIRS PRECISION RECALL: print both figures; 0 when they are at least so good."""
import collections
import csv
import sys

truth = {r["id"]: r["truth"] for r in csv.DictReader(open(sys.argv[1], encoding="utf-8"))}
found = {(r["id"], r["other"]) for r in csv.DictReader(open(sys.argv[2], encoding="utf-8"))}
sizes = collections.Counter(truth.values()).values()
there = sum(n * (n - 1) // 2 for n in sizes)
right = sum(truth[a] == truth[b] for a, b in found)
precision, recall = right / max(1, len(found)), right / there
print(f"# {len(found)} pairs found, {there} there, {right} right: precision {precision:.3f}, recall {recall:.3f}")
sys.exit(precision < float(sys.argv[3]) or recall < float(sys.argv[4]))
PY

for seed in 1 2; do
    python3 "$root/tests/samples/duplicates.py" 2000 $seed >list.csv
    patter -q d$seed.db customer import list.csv --create-fields --key ref 2>/dev/null
    patter d$seed.db customer list --limit 0 --fields id,truth --csv >rows.csv 2>/dev/null
    patter d$seed.db dup find --limit 0 --csv >pairs.csv 2>/dev/null
    python3 score.py rows.csv pairs.csv 0.97 0.97 >said; check "seed $seed: as it comes" [ $? -eq 0 ]; cat said
    patter d$seed.db dup find --key phone,email --limit 0 --csv >pairs.csv 2>/dev/null
    python3 score.py rows.csv pairs.csv 1 0.2 >said; check "seed $seed: equal numbers are never wrong" [ $? -eq 0 ]; cat said
done

# Blocks miss nothing that comparing all with all would find: a filter that leaves one city makes
# other blocks, and every pair it gives is among those of the whole, and the other way round.
for city in 上海 Lyon; do
    whole=$(patter d1.db sql "SELECT id FROM customer WHERE city = '$city'" --no-header | sort |
        join -t "$(printf '\t')" - <(patter d1.db dup find --key name~0.9+address~0.85 --limit 0 --tsv 2>/dev/null |
            sed 1d | sort) | cut -f 1,2 | sort)
    part=$(patter d1.db dup find city=$city --key name~0.9+address~0.85 --limit 0 --tsv 2>/dev/null |
        sed 1d | cut -f 1,2 | sort)
    same "pairs within $city" "$(grep -Fxvc -f <(echo "$whole") <(echo "$part"))" 0
done

same 'a search changes nothing' "$(patter d1.db undo --list --limit 0 --no-header | wc -l)" 1
finish
