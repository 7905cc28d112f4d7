#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# guide.sh -- every page of the guide does what it says: the lines of its blocks marked `patter` are
# run in order, each as if typed at the prompt, on a new file, in a folder that holds expo.csv.  A
# line that ends in `# refused` must be refused, and nothing else may be.
. "$(dirname "$0")/../lib.sh"
export PATTER_PAGER=cat

run_line()         # NUMBER TEXT: one line of the page
{
    patter shop.db --clock 2026-03-02T10:00 --yes -c "$2" >out.txt 2>said.txt </dev/null
    local status=$? expected=0
    [[ $2 == *'# refused' ]] && expected=1
    [ $((status > 0)) -eq $expected ] || printf 'line %s: %s\n%s\n' "$1" "$2" "$(cat said.txt)"
}

run_page()         # FILE
{
    local line text number=0 inside=
    while IFS= read -r line; do
        number=$((number + 1))
        case $line in
            '```patter') inside=1 text= ;;
            '```'*) inside= ;;
            *) [ "$inside" ] || continue
                text+=${text:+$'\n'}$line
                [[ $text == lua\ {* && $line != '}' ]] && continue      # a block is one statement
                [ -z "$text" ] || run_line $number "$text"
                text= ;;
        esac
    done <"$1"
}

lead_list 1000 >expo.csv.made
for page in "$root"/docs/guide/*.md; do
    name=$(basename "$page" .md)
    grep -q '^```patter$' "$page" || continue
    mkdir "$name" && cd "$name" && cp ../expo.csv.made expo.csv
    same "$name: every command does what the page says" "$(run_page "$page")" ''
    check "$name: the file is sound afterwards" patter shop.db check
    cd ..
done
finish
