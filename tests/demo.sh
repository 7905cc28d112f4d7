#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# demo.sh -- the main job on a file database in a temporary folder: import, clean, stage, dial, figures.
set -euo pipefail
cd "$(dirname "$0")/.."
patter=$PWD/build/patter
dir=$(mktemp -d "${TMPDIR:-/tmp}/patter-demo.XXXXXX")
export XDG_CONFIG_HOME=$dir XDG_STATE_HOME=$dir XDG_DATA_HOME=$dir PATTER_FORCE_TTY=1 PATTER_PAGER=cat NO_COLOR=1
unset PATTER_DB
db=$dir/shop.db
awk -v N=1000 -f tests/samples/leads.awk | iconv -f UTF-8 -t GB18030 > "$dir/expo.csv"
step() { printf '\n\033[1m%s\033[0m\n' "$1"; }
run() { printf '  $ patter shop.db %s\n' "$*"; (cd "$dir" && "$patter" shop.db "$@" 2>&1 </dev/null) | sed 's/^/  /'; }

step '1. A list as it comes: 1,000 rows, GB18030, telephone numbers as people type them, duplicates'
run import expo.csv --key phone --create-fields --dry-run
run import expo.csv --key phone --create-fields
step '2. The same file again changes nothing'
run import expo.csv --key phone --create-fields
step '3. Look, clean, tag'
run customer count --by 意向
run customer find 王 --limit 3
run customer set --where '意向=高 budget>=300000' tag+=hot --yes
step '4. Move leads through the stages; a gate says what is missing'
run lead move --where tag=hot potential --why 'high interest' --yes
run lead move 1 opportunity || [ $? = 1 ]
run why lead 1 --stage opportunity
step '5. A calling list, a campaign, a simulated day'
run list build autumn --from '意向 in (高, 中)' --not dnc
run campaign add name=autumn list=autumn mode=progressive "script=您好，{name}，我是..."
run campaign start autumn
run dial simulate autumn --agents 5 --hours 8 --seed 1
run dial simulate autumn --agents 5 --hours 8 --seed 1 --keep
step '6. The figures, and the proof that they agree'
run report rates autumn
run report results autumn
run check
step '7. Take back the day; undo again would go on with the campaign, the list, the import'
run undo --list --limit 8
run undo
step "Done. The file is $db; go on with it:"
printf '  build/patter %s\n  shop> help\n  shop> customer list 意向=高 --limit 5\n  shop> undo --list\n' "$db"
