# The table of characters whose width depends on the terminal (East Asian Width "A"), from Debian's package
# unicode-data; run at maintenance time, its output is checked in:
#   awk -f src/base/ambiguous.awk /usr/share/unicode/EastAsianWidth.txt > src/base/ambiguous.h
# SPDX-License-Identifier: GPL-3.0-or-later
function flush_range() {
    if (first < 0)
        return
    item = sprintf("{ 0x%X, 0x%X },", first, last)
    if (length(line) + length(item) + 1 > 96) {
        print "    " line
        line = item
    } else
        line = line == "" ? item : line " " item
}
function number(hex,    i, n) {
    n = 0
    for (i = 1; i <= length(hex); i++)
        n = n * 16 + index("0123456789ABCDEF", substr(hex, i, 1)) - 1
    return n
}
BEGIN { first = -1 }
NR == 1 { sub(/^# /, ""); sub(/\.txt$/, ""); source = $0
    print "/* SPDX-License-Identifier: GPL-3.0-or-later"
    print " *"
    print " * ambiguous.h -- generated from " source " by ambiguous.awk: do not edit."
    print " */"
    print "#ifndef BASE_AMBIGUOUS_H"
    print "#define BASE_AMBIGUOUS_H\n"
    print "#include <stdint.h>\n"
    print "/* First and last code point of each run, ascending. */"
    print "static const uint32_t ambiguous_ranges[][2] = {"
}
/^[0-9A-F]/ {
    split($1, f, ";")
    if (f[2] != "A")
        next
    n = split(f[1], r, /\.\./)
    from = number(r[1]); to = number(r[n])
    if (first >= 0 && from == last + 1) { last = to; next }
    flush_range()
    first = from; last = to
}
END { flush_range(); print "    " line; print "};\n\n#endif" }
