#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# vcard.sh -- vCards in and out: real cards, broken ones mended, what is passed over and said.
. "$(dirname "$0")/../lib.sh"

shown() { patter "$1" customer export --csv --fields "$2" --no-header 2>/dev/null; }

# ---- what it is, and what is said -----------------------------------------------------------------
cat >cards.vcf <<'VCF'
BEGIN:VCARD
VERSION:2.1
N;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=CD=F5;=B7=BC;;;
TEL;CELL:13800138000
TEL;WORK:021-58307717
TEL;WORK:021-58307718
TEL;FAX:021-58307719
PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ
 SkZJRg==

END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Ann Lee
TEL;VALUE=uri:tel:+1-212-555-0142
EMAIL:ann@example.com
EMAIL:lee@example.com
CATEGORIES:vip,fair
NOTE:likes a\, b\; c\nand d
KEY:data:application/pgp-keys;base64,AAAA
END:VCARD
VCF
patter a.db customer import cards.vcf 2>said.txt
has 'a .vcf is read as vCards, and what is passed over is told' "$(cat said.txt)" 'cards.vcf: vCard' \
    'work phone 2 -> phone' 'passed over: 1 PHOTO, 1 KEY' 'read 2: new 2'
same 'values' "$(shown a.db name,phone,phone2,phone3,fax,email,email2,tag,note)" \
'王芳,+8613800138000,+862158307717,+862158307718,+862158307719,,,,
Ann Lee,+12125550142,,,,ann@example.com,lee@example.com,"fair,vip","likes a, b; c
and d"'
same 'numbers keep what they are for' \
    "$(patter a.db contact list customer=1 --fields kind,label --no-header)" \
    $'phone\tmobile\nphone\twork\nphone\twork\nfax\t'
patter a.db customer import - <cards.vcf 2>said.txt
has 'they are known by their first bytes, and the second time by their numbers' "$(cat said.txt)" \
    ': vCard' 'same 2'
sed 's/^NOTE.*/X-HOBBY:chess/' cards.vcf >own.vcf
patter a.db customer import own.vcf 2>said.txt
has 'a property that is no field is told' "$(cat said.txt)" 'x-hobby -> note (line)' 'same 1'
patter c.db customer import own.vcf 2>said.txt
has 'and goes to the note' "$(patter c.db customer list note~chess --fields note)" 'x-hobby: chess'
patter d.db customer import own.vcf --create-fields 2>said.txt
same 'or becomes a field' "$(patter d.db customer count x_hobby=chess)" 1

# ---- broken cards ---------------------------------------------------------------------------------
printf 'BEGIN:VCARD\nFN:Open\nTEL:13800138001\nBEGIN:VCARD\nFN:Good\nTEL:13800138002\nEND:VCARD\nFN:Loose\nTEL:13800138003\n' >broken.vcf
patter b.db customer import broken.vcf 2>said.txt
has 'a card that is not closed is a row with a reason' "$(cat said.txt)" 'read 3: new 1' 'rejected 2' \
    'the first on line 1: the card is not closed: END:VCARD is missing before line 4'
patter b.db customer import broken.rejects.csv 2>said.txt
has 'rejected cards are a list that is imported' "$(cat said.txt)" 'read 2: new 2'
printf 'BEGIN:VCARD\nFN:Ann\nTEL:+12125550142\nBDAY:19800101\nX-PATTER;FIELD=value:abc\nEND:VCARD\n' >amiss.vcf
patter m.db customer import amiss.vcf 2>said.txt
sed 's/,abc,/,9,/' amiss.rejects.csv >mended.csv
patter m.db customer import mended.csv 2>said.txt
same 'a rejected card has its birthday in the note once mended' \
    "$(shown m.db name,note,value)" 'Ann,birthday: 19800101,9'
same 'nothing of them is lost' "$(shown b.db name,phone | sort)" \
    $'Good,+8613800138002\nLoose,+8613800138003\nOpen,+8613800138001'

# ---- out ------------------------------------------------------------------------------------------
patter a.db customer export out.vcf 2>/dev/null
check 'lines end in CR LF and have at most 75 bytes' \
    env LC_ALL=C awk '!/\r$/ || length($0) > 76 { bad = 1 } END { exit bad }' out.vcf
patter a.db customer import out.vcf --key phone 2>said.txt
has 'an export is the same by its numbers' "$(cat said.txt)" 'read 2:' 'same 2'
patter a.db customer add name=$'x\r\nTEL:1' phone=13900139000 2>/dev/null
same 'a value cannot become a property' "$(patter a.db customer export --vcard 2>/dev/null | grep -c '^TEL:1')" 0

# ---- real ones ------------------------------------------------------------------------------------
if [ ! -d "$data/vcard" ]; then
    skip 'real cards' 'no samples'
    finish
    exit
fi
for file in "$data"/vcard/*.vcf; do
    patter r.db customer import "$file" --create-fields 2>said.txt
    has "${file##*/}: a card, and nothing rejected" "$(cat said.txt)" 'read 1: new 1' 'rejected 0'
done
same 'real cards' "$(shown r.db name,city,address)" \
'Daffy Duck Knudson (with Bugs Bunny and Mr. Pluto),Novosibirsk,"Haight Street 512;
Escape, Test"
Meister Berger,,"Hufenshlagel 1234
02828 Goerlitz
Deutschland"
黄测试,北京 丰台区,
,,Aachen'
finish
