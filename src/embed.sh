#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# embed.sh FILE... -- print C source that holds the files, in the order given (see base/embed.h).
set -eu
echo '/* made by src/embed.sh */'
echo '#include "base/embed.h"'
n=0
for f in "$@"; do
    cat <<END
__asm__(".section .rodata\n.balign 8\n.globl embed_${n}\n.hidden embed_${n}\nembed_${n}:\n.incbin \"$f\"\n.globl embed_${n}_end\n.hidden embed_${n}_end\nembed_${n}_end:\n.byte 0\n.previous\n");
extern const char embed_${n}[] __attribute__((visibility("hidden")));
extern const char embed_${n}_end[] __attribute__((visibility("hidden")));
END
    n=$((n + 1))
done
echo 'const Embedded embedded_files[] = {'
n=0
for f in "$@"; do
    echo "    { \"$f\", embed_${n}, embed_${n}_end },"
    n=$((n + 1))
done
echo '    { 0 },'
echo '};'
