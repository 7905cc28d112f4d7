# SPDX-License-Identifier: GPL-3.0-or-later
"""workbook.py LIST.csv CELLS OUT.xlsx: the first cells of a list as a spreadsheet program stores them, texts
shared and digits as numbers. Prints how many there are."""
import csv
import os
import sys
from xml.sax.saxutils import escape

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import xlsx

source, most, target = sys.argv[1], int(sys.argv[2]), sys.argv[3]
known, rows, cells = {}, [], 0
with open(source, encoding="utf-8", newline="") as f:
    for line, record in enumerate(csv.reader(f), 1):
        row = []
        for i, s in enumerate(record):
            made = xlsx.number(s) if s.isdigit() else '<c t="s"><v>%d</v></c>' % known.setdefault(escape(s), len(known))
            row.append(made.replace("<c", '<c r="%s%d"' % (chr(65 + i), line), 1))
        rows.append(xlsx.row(*row))
        cells += len(row)
        if cells >= most:
            break
xlsx.book(target, "".join(rows), shared=xlsx.strings("<t>%s</t>" % s for s in known))
print(cells)
