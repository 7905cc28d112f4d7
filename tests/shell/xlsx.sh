#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# xlsx.sh -- workbooks in and out: every kind of cell, both calendars, which sheet, and what is
# broken or hostile.
. "$(dirname "$0")/../lib.sh"
export PYTHONPATH=$root/tests
memory=400000                          # KiB of address space; a sanitizer needs more than all of it
[[ ${BUILD-} != *asan* ]] || memory=unlimited

cells()            # FILE [OPTION ...]: the rows of a workbook; what is no field is text, as it was read
{
    local file=$1 field
    shift
    rm -f c.db*
    for field in a b c d e f day n old two; do
        patter -q c.db field add customer $field text
    done
    patter -q c.db import "$file" --create-fields "$@" >said.txt 2>&1 || cat said.txt
    patter c.db customer export c.csv --force --fields "id,name,${fields-phone}" >/dev/null 2>&1 || cat said.txt
    tail -n +2 c.csv
}

# ---- cells ----------------------------------------------------------------------------------------
python3 - <<'PY'
from xlsx import *
H = row("name", "phone", "note")
phonetic = '<t>王</t><rPh sb="0" eb="1"><t>wang</t></rPh><phoneticPr fontId="1"/>'
rich = '<r><rPr><b/></rPr><t>Ann</t></r><r><t xml:space="preserve"> Lee</t></r>'
for name, main, office in (("plain", MAIN, OFFICE), ("strict", STRICT, STRICT_OFFICE)):
    book(name + ".xlsx", H
         + row('<c t="s"><v>0</v></c>', number("13800138000"), '<c t="str"><f>1</f><v>a &amp; b</v></c>')
         + row('<c t="s"><v>1</v></c>', number("1.3800138001E10"), '<c t="b"><v>1</v></c>')
         + row('<c t="s"><v>2</v></c>', text("+86 138 0013 8002"), number("0.30000000000000004"))
         + row('<c t="inlineStr"><is>%s</is></c>' % rich.replace("Ann", "Bob"), number("13800138003"), number("19.989999999999998"))
         + row("Cid", number("013800138004"), number("9007199254740992"))
         + row("Dan", number("13800138005.0"), number("-1.5E-3")),
         main=main, office=office, shared=strings([phonetic, rich, "<t>x_x000A_y_x005F_z</t>"], main))
moments = row("name", "a", "b", "c", "d", "e", "f") + row(
    "x", number("45352", 1), number("45352.604166666664", 2), number("0.5", 3), number("1.5", 4),
    number("60", 1), number("61", 1)) + row(
    "y", number("1", 1), number("45352.0", 5), number("7", 6), number("45352", 7), number("45352", 8),
    '<c t="d"><v>2026-03-01T14:30:00</v></c>')
style = styles({164: "yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;", 165: "[hh]:mm:ss",
                166: "00000", 167: "[Red]0.00", 168: "[$-F800]dddd, mmmm dd, yyyy"},
               [0, 14, 22, 21, 165, 164, 166, 167, 168])
book("days.xlsx", moments, style=style)
book("days1904.xlsx", moments, style=style, workbook='<workbookPr date1904="1"/>')
book("gaps.xlsx", '<row r="3"><c r="B3" t="str"><v>name</v></c><c r="D3" t="str"><v>phone</v></c></row>'
     '<row r="4"/><row r="9"><c r="D9"><v>13800138000</v></c></row>'
     '<row r="12"><c r="A12" s="1"/><c r="B12" t="str"><v>Eve</v></c><c r="Z12" s="1"/></row>')
write("odd.xlsx", {k.replace("/", "\\").upper(): v for k, v in parts([("Sheet1", sheet(
    row("name", "phone", "note").replace("<c ", "<c s='' ") + row("Ann", number(" 13800138000 "), '<c t="b"><v>false</v></c>')
    + row("Bob", '<c t="n"/>', "<c><v/></c>")))]).items()})
book("faults.xlsx", H + row("Ann", number("13800138000"), '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>')
     + row("Bob", number("13800138001"), "<c><f>A1</f></c>"))
PY
expected='1,王,+8613800138000,a & b
2,Ann Lee,+8613800138001,yes
3,"x
y_z",+8613800138002,0.3
4,Bob Lee,+8613800138003,19.99
5,Cid,+8613800138004,9007199254740992
6,Dan,+8613800138005,-0.0015'
expected=${expected/0.3$'\n'/0.30000000000000004$'\n'}
fields=phone,note
same "strings, numbers, formulas, yes and no" "$(cells plain.xlsx)" "$expected"
same "the strict dialect" "$(cells strict.xlsx)" "$expected"
fields=a,b,c,d,e,f
same "days and times, the calendar of 1900" "$(cells days.xlsx)" \
    '1,x,2024-03-01,2024-03-01 14:30,12:00:00,36:00:00,60,1900-03-01
2,y,1900-01-01,2024-03-01,00007,45352,2024-03-01,2026-03-01 14:30:00'
same "the calendar of 1904" "$(cells days1904.xlsx)" \
    '1,x,2028-03-02,2028-03-02 14:30,12:00:00,36:00:00,1904-03-01,1904-03-02
2,y,1904-01-02,2028-03-02,00007,45352,2028-03-02,2026-03-01 14:30:00'
fields=phone
same "missing rows and cells" "$(cells gaps.xlsx)" '1,,+8613800138000
2,Eve,'
fields=phone,note
same "names with backslashes, empty attributes and values" "$(cells odd.xlsx)" '1,Ann,+8613800138000,no
2,Bob,,'
same "a formula without a value leaves its cell empty" "$(cells faults.xlsx)" '1,Ann,+8613800138000,
2,Bob,+8613800138001,'
has "and that is said, with row and cell" "$(cat said.txt)" "2 rows with a formula that has no value" "line 2: C2: #DIV/0!"

# ---- which sheet, which header --------------------------------------------------------------------
python3 - <<'PY'
from xlsx import *
H = row("name", "phone")
write("three.xlsx", parts([("旧", sheet(row("name") + row("old"))), ("Data", sheet(H + row("Ann", number("13800138000")))),
                           ("2", sheet(row("name") + row("two")))], states={"旧": "hidden"}))
book("title.xlsx", row("客户名单 2026") + H + row("Ann", number("13800138000")))
book("void.xlsx", "")
PY
fields=phone
same "the first sheet that is not hidden" "$(cells three.xlsx)" "1,Ann,+8613800138000"
has "the others are told" "$(patter n.db import three.xlsx --dry-run 2>&1)" "sheet Data" "of its 3 sheets only this one is read" "旧, 2"
same "--sheet by name" "$(fields=name cells three.xlsx --sheet 旧)" "1,old,old"
same "--sheet in other letters" "$(cells three.xlsx --sheet data)" "1,Ann,+8613800138000"
same "--sheet by number" "$(fields=name cells three.xlsx --sheet 3)" "1,two,two"
same "a name goes before a number" "$(fields=name cells three.xlsx --sheet 2)" "1,two,two"
has "a wrong name lists the sheets" "$(patter n.db import three.xlsx --sheet Dta 2>&1)" "three.xlsx has no sheet 'Dta'" "旧, Data, 2"
same "a title above the header is passed over" "$(cells title.xlsx)" "1,Ann,+8613800138000"
has "and told" "$(patter n.db import title.xlsx --dry-run 2>&1)" "row 2 names the columns" "--header 1"
has "--header says which row" "$(patter n.db import title.xlsx --header 1 2>&1)" "column 客户名单 2026 matches no field"
same "--columns where there is no header" "$(cells title.xlsx --columns name,phone | tail -n 1)" "3,Ann,+8613800138000"
has "an empty sheet" "$(patter n.db import void.xlsx 2>&1)" "void.xlsx: sheet Sheet1 is empty"
has "CSV has no sheets" "$(echo name >n.csv; patter n.db import n.csv --sheet 1 2>&1)" "n.csv is CSV, which has no --sheet"
patter -q n.db import - <three.xlsx
same "a workbook from standard input" "$(patter n.db customer list --fields name --no-header)" Ann
cp three.xlsx three.csv
has "a workbook under another name" "$(patter n.db import three.csv 2>&1)" "three.csv: XLSX, sheet Data"
python3 - <<'PY'
from xlsx import *
book("bad.xlsx", row("name", "value") + row("Ann", "many") + row("Bob", number("5")))
PY
patter -q b.db import bad.xlsx 2>/dev/null
same "rejected rows go to a CSV" "$(cat bad.rejects.csv)" "name,value,line,reason
Ann,many,2,value: not an amount of money: 'many'"

# ---- old workbooks --------------------------------------------------------------------------------
python3 - <<'PY'
import xls
xls.book("old.xls", {"客户": [["name", "phone", "day", "n"], ["王芳", 13800138000, (45352, 14), 1.5],
                              ["Bob", 13800138001.0, (45352.604166666664, 22), 9007199254740992.0], [None],
                              ["Cid", "+86 138 0013 8002", (0.5, 21), None]], "Two": [["name"], ["x"]]})
xls.book("locked.xls", {"S": [["name"], ["x"]]}, password=True)
whole = open("old.xls", "rb").read()
open("short.xls", "wb").write(whole[:1500])
PY
fields=phone,day,n
same "an old workbook" "$(cells old.xls)" '1,王芳,+8613800138000,2024-03-01,1.5
2,Bob,+8613800138001,2024-03-01 14:30:00,9007199254740992
3,Cid,+8613800138002,12:00:00,'
fields=name
same "and its second sheet" "$(cells old.xls --sheet two)" "1,x,x"
fields=phone
has "one protected by a password" "$(patter n.db import locked.xls 2>&1)" "locked.xls: the workbook is protected by a password"
has "a broken one" "$(patter n.db import short.xls 2>&1)" "short.xls: the workbook is damaged, or none at all"
has "without the plugin" "$(PATTER_PLUGINS=/nonexistent patter n.db import old.xls 2>&1)" \
    'old.xls is an old workbook (.xls), and the plugin "xls" is not installed'

# ---- real files -----------------------------------------------------------------------------------
for file in "$data"/xlsx/*.xlsx; do
    [ -e "$file" ] || { skip "real files" "no $data/xlsx"; break; }
    rm -f real.db*
    has "real file: $(basename "$file")" "$(patter real.db import "$file" --create-fields 2>&1)" "rejected 0"
done
if [ -e "$data/xlsx/date.xlsx" ]; then
    fields=a,b
    same "real days and spans" "$(cells "$data/xlsx/date.xlsx" --columns a,b)" '1,,2021-01-01,15
2,,2021-01-02,16
3,,255:10:10,17'
    fields=phone
fi

# ---- broken and hostile ---------------------------------------------------------------------------
python3 - <<'PY'
import random
from xlsx import *
H = row("name", "phone") + row("Ann", number("13800138000"))
SHEET = "xl/worksheets/sheet1.xml"
BEGIN = HEAD + '<worksheet xmlns="%s"><sheetData>' % MAIN + H
END = "</sheetData></worksheet>"


def hostile(name, pieces, part=SHEET, **more):
    p = parts([("Sheet1", sheet(H))], **more)
    p[part] = pieces
    write(name + ".xlsx", p)


def around(middle):
    yield BEGIN
    yield from middle
    yield END


MIB = 1 << 20
hostile("spaces", around(" " * MIB for _ in range(200)))
hostile("text", around(['<row><c t="str"><v>'] + ["x" * MIB] * 40 + ["</v></c></row>"]))
hostile("tag", around(['<row a="'] + ["x" * MIB] * 100 + ['"/>']))
hostile("deep", around(["<a>" * 100000, "</a>" * 100000]))
hostile("strings", [HEAD, "<sst>"] + ["<si><t>%s</t></si>" % random.randbytes(MIB // 2).hex() for i in range(100)] + ["</sst>"],
        "xl/sharedStrings.xml", shared="")
laughs = '<!DOCTYPE x [<!ENTITY a0 "ha">%s]>' % "".join(
    '<!ENTITY a%d "%s">' % (i, ("&a%d;" % (i - 1)) * 10) for i in range(1, 10))
hostile("laughs", ["<?xml version='1.0'?>" + laughs + "<worksheet>&a9;</worksheet>"])
hostile("outside", ['<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet/>'])
hostile("order", around(['<row r="9">' + text("x") + '</row><row r="3">' + text("y") + "</row>"]))
hostile("wide", around(['<row r="9"><c r="XFE9"><v>1</v></c></row>']))
hostile("nowhere", around(['<row><c t="s"><v>7</v></c></row>']))
hostile("nonsense", ["<worksheet><sheetData><row></sheetData>"])
p = parts([("Sheet1", sheet(H))])
del p[SHEET]
write("lost.xlsx", p)
hostile("last", around(['<row r="9"><c r="XFD9"><v>1</v></c></row>']))
hostile("rows", around('<row r="%d"><c r="A%d" s="3"/></row>' % (i, i) for i in range(3, 1000003)))
whole = open("order.xlsx", "rb").read()
open("cut.xlsx", "wb").write(whole[:-40])
flipped = bytearray(whole)
flipped[whole.index(SHEET.encode()) + 60] ^= 0x55
open("flipped.xlsx", "wb").write(flipped)
open("locked.xlsx", "wb").write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + b"\x09\0" + bytes(16) + bytes(4)
                                + bytes(460) + "EncryptedPackage".encode("utf-16-le") + bytes(480))
open("none.xls", "wb").write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + b"\x09\0" + bytes(16) + bytes(4) + bytes(2000))
open("page.xls", "w").write("<html><table><tr><td>name</td></tr></table></html>")
write("binary.xlsb", {"xl/workbook.bin": b"x"})
write("calc.ods", {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"})
write("some.zip", {"readme.txt": "x"})
PY
while IFS='|' read -r file words; do
    said=$(ulimit -v $memory; timeout 10 "$PATTER" h.db import "$file" --ignore-unknown 2>&1)
    status=$?
    has "refused with a reason: $file" "status $status: $said" "status 1" "$words"
done <<'END'
spaces.xlsx|grows without end when it is unpacked
text.xlsx|a text is longer than 16 MiB
tag.xlsx|a tag is longer than 4 MiB
deep.xlsx|nested too deeply
strings.xlsx|the texts of the workbook take more than 96 MiB
laughs.xlsx|it holds a DOCTYPE
outside.xlsx|it holds a DOCTYPE
order.xlsx|its rows are out of order
wide.xlsx|right of XFD
nowhere.xlsx|refers to a text that is not there
nonsense.xlsx|the workbook is damaged: mismatched tag
lost.xlsx|the part xl/worksheets/sheet1.xml is missing
cut.xlsx|cut off
flipped.xlsx|the workbook is damaged
locked.xlsx|a workbook protected by a password
none.xls|the workbook is damaged, or none at all
page.xls|a web page
binary.xlsb|a binary workbook
calc.ods|an OpenDocument file
some.zip|an archive without a workbook
END
same "nothing of them was stored" "$(patter h.db customer count --no-header)" 0
has "a cell in the last column rejects its row" "$(patter h.db import last.xlsx --dry-run 2>&1)" \
    "rejected 1"
has "a million empty rows" "$(ulimit -v $memory; timeout 10 "$PATTER" rows.db import rows.xlsx 2>&1)" "read 1: new 1"
rm -f ./*.xlsx

# ---- out ------------------------------------------------------------------------------------------
patter -q o.db -c 'field add customer ends date; field add customer big int; field add customer seen time; field add customer ratio number' \
    -c 'customer add name=王芳 phone="13800138000, 021-58307717 转 801" value=12.5 ends=2026-03-01 seen="2026-03-01 14:30" dnc=yes' \
    -c 'customer add name="=1+2" note="<a> & _x000D_ b" big=9007199254740993 ratio=0.1 ends=1850-01-01' \
    -c "customer add name='$(printf 'two\nlines\001')' phone=+12125550142 ends=9999-12-31 value=-3" >/dev/null
lead_list 500 >more.csv && patter -q o.db import more.csv --create-fields 2>/dev/null
patter o.db customer export all.xlsx 2>/dev/null
has "what was exported is the same" "$(patter o.db import all.xlsx --key id --on-match update 2>&1)" \
    "updated 0, same 482, skipped 0, rejected 0"
check "the file is for its owner alone" [ "$(stat -c %a all.xlsx)" = 600 ]
has "a workbook for any other program" "$(python3 - <<'PY'
import re, zipfile
z = zipfile.ZipFile("all.xlsx")
assert z.testzip() is None
s = z.read("xl/worksheets/sheet1.xml").decode()
cell = dict(re.findall(r'<c r="([A-Z]+[0-9]+)"([^>]*>.*?)</c>', s))
names = {re.sub("<[^>]*>", "", v).split(">")[-1]: k[:-1] for k, v in cell.items() if k[-1] == "1" and not k[-2].isdigit()}
for name, row in (("phone", 2), ("ends", 2), ("seen", 2), ("dnc", 2), ("value", 2), ("name", 3), ("big", 3), ("ends", 3)):
    print(name, row, cell[names[name] + str(row)])
PY
)" 'phone 2  s="1" t="inlineStr"><is><t xml:space="preserve">+8613800138000' 'ends 2  s="2"><v>46082' \
    'seen 2  s="3"><v>46082.604166666664' 'dnc 2  t="b"><v>1' 'value 2 ><v>12.50' '>=1+2<' \
    'big 3  s="1" t="inlineStr"><is><t xml:space="preserve">9007199254740993' 'ends 3  s="1"'
patter o.db customer list --xlsx --limit 2 >list.xlsx
check "any rows, also through a pipe" python3 -c 'import zipfile; assert zipfile.ZipFile("list.xlsx").testzip() is None'
has "not behind another" "$(patter o.db -c 'list list --xlsx >> list.xlsx' 2>&1)" "cannot be added to what is in a file"
has "nor behind other rows" "$(patter o.db -c 'customer count; customer list --xlsx' 2>&1 >mixed.xlsx)" "cannot be added to"
patter -q o.db -c "customer set 1 note=$(printf 'x%.0s' {1..32768})"
has "a text that no sheet takes" "$(patter o.db customer export long.xlsx 2>&1)" "row 2 has a text of more than 32,767 characters"
check "leaves no file" [ ! -e long.xlsx ]
has "without the plugin" "$(PATTER_PLUGINS=/nonexistent patter o.db customer export no.xlsx 2>&1)" 'plugin "xlsx" is not installed'

# ---- SQL ------------------------------------------------------------------------------------------
patter o.db customer export all.sql 2>/dev/null
sqlite3 sql.db <all.sql
patter o.db customer export all.csv 2>/dev/null
same "SQL makes the table" "$(sqlite3 sql.db 'SELECT count(*), sum(id), max(name) FROM customer')" \
    "$(sqlite3 o.db 'SELECT count(*), sum(id), max(name) FROM customer')"
same "SQL has quotes and lines" "$(patter o.db sql "SELECT 'it''s' AS \"a\"\"b\", 'x' || char(10) AS t, NULL AS n, 5 AS i" --sql)" \
    "BEGIN;
CREATE TABLE \"sql\" (\"a\"\"b\" TEXT, \"t\" TEXT, \"n\" TEXT, \"i\" BIGINT);
INSERT INTO \"sql\" VALUES ('it''s', 'x
', NULL, 5);
COMMIT;"
finish
