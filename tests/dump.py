#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""dump.py FILE -- schema and rows of a patter file in stable order, read without patter.

Left out is what undo is meant to change: the journal, the counters, and the search indexes, whose
tables may differ in layout while they find the same.  Two equal dumps are equal databases.
"""
import sqlite3
import sys

LEFT_OUT = {"run", "change", "counter", "contact_digits"}


def left_out(name):
    return name in LEFT_OUT or name.startswith(("change_", "journal_", "sqlite_")) or "_search" in name


def main(path):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    db.text_factory = bytes
    schema = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name")
    for kind, name, table, sql in schema.fetchall():
        if left_out(table.decode()):
            continue
        print(kind.decode(), name.decode(), (sql or b"").decode())
        if kind == b"table":
            rows = [repr(r) for r in db.execute(f'SELECT * FROM "{name.decode()}"')]
            print("\n".join(sorted(rows)))


main(sys.argv[1])
