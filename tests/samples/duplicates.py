#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""duplicates.py [N [SEED]] -- N made-up customers as CSV, a third of them written down again.

The column `truth` says who a row is: rows with the same truth are the same customer.  A second
writing differs as people's typing does: case, width, accents, order of words, a typing error, an
initial, the form of the firm, brackets, an abbreviated street.  Beside them stand customers that
only look alike: a common name at another firm, a firm of the same kind of name in another street.
"""
import csv
import random
import sys

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红建文斌"
TOWNS = ["上海", "北京", "杭州", "广州", "深圳", "南京", "苏州", "成都", "武汉", "青岛"]
MARKS = "新远宏达博雅信诚天宇华兴金鼎东升瑞丰恒通盛世嘉禾启明中科万里长青永安凌云海纳百川正泰"
TRADES = ["科技", "贸易", "电子", "机械", "实业", "信息技术", "建材", "食品", "化工", "物流"]
FORMS = ["有限公司", "股份有限公司", "有限责任公司", "集团"]
ROADS = ["中山路", "解放路", "人民路", "建设路", "和平路", "文三路", "南京路", "长江路"]
FIRST = ["Ann", "John", "Maria", "José", "Zoë", "Peter", "Hélène", "Jonathan", "Katharina", "Robert",
         "Margaret", "Lukas", "Sofia", "Andrew", "Elizabeth", "François", "Dmitri", "Patrick"]
LAST = ["Smith", "Müller", "García", "O'Neil", "Johnson", "Livingston", "Schneider", "Dubois", "Petersen",
        "Rossi", "Nakamura", "Kowalski", "Fitzgerald", "Anderson", "Björnsson", "Hoffmann", "Martinez"]
STEMS = ["Acme", "Vandelay", "Globex", "Initech", "Umbrella", "Stark", "Wayne", "Hooli", "Vehement",
         "Massive", "Northwind", "Contoso", "Fabrikam", "Litware", "Tailspin", "Wingtip", "Proseware"]
KINDS = ["Trading", "Industries", "Logistics", "Systems", "Foods", "Chemicals", "Electronics", "Partners"]
LEGAL = ["Ltd", "Co., Ltd.", "GmbH", "Inc", "Inc.", "LLC", "Limited", "Corp"]
STREETS = ["Main Street", "Oak Avenue", "Station Road", "Mill Lane", "Park Avenue", "High Street", "Church Road"]


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def pick(self, what, n=1):
        return "".join(self.r.choice(what) for _ in range(n))

    def chinese(self):
        town = self.r.choice(TOWNS)
        return {"name": self.pick(SURNAMES) + self.pick(GIVEN, self.r.choice((1, 2, 2))),
                "org": town + self.pick(MARKS, 3) + self.r.choice(TRADES) + self.r.choice(FORMS),
                "city": town, "phone": "1" + self.pick("35678") + self.pick("0123456789", 9),
                "email": "", "address": "%s%d号%d室" % (self.r.choice(ROADS), self.r.randint(1, 999), self.r.randint(101, 2999))}

    def western(self):
        first, last = self.r.choice(FIRST), self.r.choice(LAST)
        return {"name": first + " " + last,
                "org": "%s %s %s" % (self.r.choice(STEMS) + self.r.choice(["", "", "tec", "corp"]),
                                     self.r.choice(KINDS), self.r.choice(LEGAL)),
                "city": self.r.choice(["Springfield", "Berlin", "Lyon", "Porto", "Leeds"]), "phone": "",
                "email": "%s%d@example.com" % (last.lower().encode("ascii", "ignore").decode(), self.r.randint(1, 10 ** 6)),
                "address": "%d %s" % (self.r.randint(1, 999), self.r.choice(STREETS))}

    def typo(self, text):
        """One letter lost, doubled, exchanged, or two swapped; never the first."""
        if len(text) < 4:
            return text
        i = self.r.randrange(1, len(text) - 1)
        return self.r.choice([text[:i] + text[i + 1:], text[:i] + text[i] + text[i:],
                              text[:i] + text[i + 1] + text[i] + text[i + 2:]])

    @staticmethod
    def wide(text):
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)

    @staticmethod
    def plain(text):
        return text.translate(str.maketrans("éëèüöíçóáâ", "eeeuoicoaa"))

    def person_again(self, name):
        if not name.isascii() and ord(name[0]) > 0x2E80:
            return self.r.choice([name, name[0] + " " + name[1:], name])
        first, last = name.split(" ", 1)
        return self.r.choice([last + ", " + first, name.upper(), self.plain(name), self.typo(name), self.wide(name),
                              first[0] + ". " + last, name.lower(), first + " " + self.typo(last)])

    def firm_again(self, org):
        for form in FORMS:
            if org.endswith(form):
                stem = org[:-len(form)]
                return self.r.choice([stem, stem + "有限公司", "%s(%s)" % (stem[2:], stem[:2]),
                                      stem[:2] + " " + stem[2:] + form, stem + "集团"])
        words = org.split(" ", 2)
        return self.r.choice([" ".join(words[:2]), org.upper(), " ".join(words[:2]) + ", " + self.r.choice(LEGAL),
                              self.typo(words[0]) + " " + " ".join(words[1:]), words[0] + words[1].lower()])

    def address_again(self, address):
        for long, short in (("Street", "St."), ("Avenue", "Ave"), ("Road", "Rd"), ("Lane", "Ln")):
            if long in address:
                return self.r.choice([address, address.replace(long, short), address.upper()])
        return self.r.choice([address, address.replace("号", "号 "), address.replace("室", "")])

    def again(self, one):
        two = dict(one, name=self.person_again(one["name"]), org=self.firm_again(one["org"]),
                   address=self.address_again(one["address"]))
        if self.r.random() < 0.7:                            # another number, or none
            two["phone"] = two["email"] = ""
        if self.r.random() < 0.3:
            two["org" if self.r.random() < 0.5 else "address"] = ""
        return two

    def lookalike(self, one):
        """Another customer: the same name elsewhere, or the same firm and somebody else there."""
        other = self.chinese() if one["phone"] else self.western()
        keep = self.r.choice(["name", "org"])
        other[keep] = one[keep]
        return other


def main():
    n, seed = int(sys.argv[1]) if len(sys.argv) > 1 else 2000, int(sys.argv[2]) if len(sys.argv) > 2 else 1
    m, rows, truth = Maker(seed), [], 0
    while len(rows) < n:
        truth += 1
        one = m.chinese() if m.r.random() < 0.6 else m.western()
        rows.append((truth, one))
        chance = m.r.random()
        if chance < 0.35:
            rows.append((truth, m.again(one)))
        elif chance < 0.55:
            truth += 1
            rows.append((truth, m.lookalike(one)))
    m.r.shuffle(rows)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["ref", "truth", "name", "org", "phone", "email", "city", "address"])
    for i, (t, row) in enumerate(rows):
        out.writerow([i, t] + [row[c] for c in ("name", "org", "phone", "email", "city", "address")])


main()
