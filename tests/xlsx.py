# SPDX-License-Identifier: GPL-3.0-or-later
"""Workbooks for tests, made from the XML of their parts.

book(FILE, SHEET) writes one whose first sheet has the given rows; all else can be overruled.
"""
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def text(s):
    return '<c t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % s


def number(s, style=0):
    return '<c s="%d"><v>%s</v></c>' % (style, s)


def row(*cells):
    return "<row>%s</row>" % "".join(c if c.startswith("<") else text(c) for c in cells)


def sheet(rows, main=MAIN, after=""):
    return HEAD + '<worksheet xmlns="%s"><sheetData>%s</sheetData>%s</worksheet>' % (main, rows, after)


def strings(items, main=MAIN):
    return HEAD + '<sst xmlns="%s">%s</sst>' % (main, "".join("<si>%s</si>" % i for i in items))


def styles(formats, ids, main=MAIN):
    """formats: {id: code}; ids: the format of style 0, 1, 2 ..."""
    return HEAD + '<styleSheet xmlns="%s"><numFmts>%s</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>' \
        '<cellXfs>%s</cellXfs></styleSheet>' % (
            main, "".join('<numFmt numFmtId="%d" formatCode="%s"/>' % f for f in formats.items()),
            "".join('<xf numFmtId="%d"/>' % i for i in ids))


def parts(sheets, main=MAIN, office=OFFICE, workbook="", shared=None, style=None, states=()):
    """sheets: [(name, XML)]; workbook: XML before the list of sheets."""
    names = [n for n, _ in sheets]
    state = dict(states)
    out = {"_rels/.rels": HEAD + '<Relationships xmlns="%s"><Relationship Id="r" Type="%s/officeDocument" '
           'Target="xl/workbook.xml"/></Relationships>' % (PACKAGE, office)}
    out["xl/workbook.xml"] = HEAD + '<workbook xmlns="%s" xmlns:r="%s">%s<sheets>%s</sheets></workbook>' % (
        main, office, workbook, "".join('<sheet name="%s" sheetId="%d" %s r:id="rId%d"/>' % (
            n, i + 1, 'state="%s"' % state[n] if n in state else "", i + 1) for i, n in enumerate(names)))
    relations = ['<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>' % (i + 1, office, i + 1)
                 for i in range(len(names))]
    for i, (_, xml) in enumerate(sheets):
        out["xl/worksheets/sheet%d.xml" % (i + 1)] = xml
    if shared is not None:
        relations.append('<Relationship Id="s" Type="%s/sharedStrings" Target="sharedStrings.xml"/>' % office)
        out["xl/sharedStrings.xml"] = shared
    if style is not None:
        relations.append('<Relationship Id="t" Type="%s/styles" Target="/xl/styles.xml"/>' % office)
        out["xl/styles.xml"] = style
    out["xl/_rels/workbook.xml.rels"] = HEAD + '<Relationships xmlns="%s">%s</Relationships>' % (
        PACKAGE, "".join(relations))
    return out


def write(file, of, level=6):
    """of: {part: text, bytes or a list of them}"""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as z:
        for name, data in of.items():
            with z.open(name, "w", force_zip64=False) as to:
                for piece in data if not isinstance(data, (str, bytes)) else [data]:
                    to.write(piece.encode() if isinstance(piece, str) else piece)


def book(file, rows, **more):
    write(file, parts([("Sheet1", sheet(rows, more.get("main", MAIN)))], **more))
