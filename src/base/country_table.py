#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes country_table.inc: countries, the names they go by, and where telephone numbers are.

    country_table.py > country_table.inc

Needs Debian's iso-codes (names, LGPL-2.1+), tzdata (zones, public domain) and
python3-phonenumbers (calling codes, area codes and their zones, Apache-2.0).  A maintainer runs it
when one of them gets newer; the build does not.  What no package knows is written out below.
"""
import gettext
import json
import re
import sys
import unicodedata

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata
from phonenumbers.tzdata import TIMEZONE_DATA

# English names shorter or better known than those of ISO 3166.
SHORT = {
    "BO": "Bolivia", "BN": "Brunei", "CD": "DR Congo", "CG": "Congo", "CZ": "Czech Republic",
    "FK": "Falkland Islands", "FM": "Micronesia", "GB": "United Kingdom", "IR": "Iran",
    "KP": "North Korea", "KR": "South Korea", "LA": "Laos", "MD": "Moldova", "MF": "Saint Martin",
    "PS": "Palestine", "RU": "Russia", "SX": "Sint Maarten", "SY": "Syria", "SZ": "Eswatini",
    "TW": "Taiwan", "TZ": "Tanzania", "US": "United States", "VA": "Vatican City",
    "VE": "Venezuela", "VG": "British Virgin Islands", "VI": "US Virgin Islands", "VN": "Vietnam",
    "TR": "Turkey", "MK": "North Macedonia", "CI": "Ivory Coast", "CV": "Cape Verde",
    "HK": "Hong Kong", "MO": "Macao",
}

SHORT_ZH = {
    "AE": "阿联酋", "BA": "波黑", "CF": "中非", "CG": "刚果（布）", "CD": "刚果（金）", "CI": "科特迪瓦",
    "GB": "英国", "HK": "中国香港", "IR": "伊朗", "KP": "朝鲜", "KR": "韩国", "LA": "老挝", "MO": "中国澳门",
    "MD": "摩尔多瓦", "MK": "北马其顿", "NZ": "新西兰", "PS": "巴勒斯坦", "RU": "俄罗斯", "SY": "叙利亚",
    "SA": "沙特阿拉伯", "TW": "中国台湾", "TZ": "坦桑尼亚", "US": "美国", "VA": "梵蒂冈", "VE": "委内瑞拉",
    "VN": "越南", "BO": "玻利维亚", "BN": "文莱", "CZ": "捷克", "DE": "德国", "FR": "法国",
    "FM": "密克罗尼西亚",
}

# Further names in use: everyday, former, native ones, and those of widespread country lists.
OTHER = {
    "AE": "UAE,Emirates,阿拉伯联合酋长国",
    "AQ": "Antarctica (the territory South of 60 deg S)",
    "AT": "Österreich,Oesterreich",
    "AU": "澳洲",
    "BA": "Bosnia,Bosnia & Herzegovina,波斯尼亚",
    "BE": "België,Belgique,Belgien",
    "BG": "България",
    "BN": "Brunei Darussalam",
    "BR": "Brasil",
    "BV": "Bouvet Island (Bouvetoya)",
    "BY": "Belorussia",
    "CC": "Keeling Islands",
    "CD": "Democratic Republic of the Congo,Congo-Kinshasa,Zaire,刚果民主共和国,刚果金",
    "CG": "Republic of the Congo,Congo-Brazzaville,刚果共和国,刚果布,刚果",
    "CH": "Schweiz,Suisse,Svizzera,Swiss",
    "CI": "Cote d'Ivoire,象牙海岸",
    "CN": "PRC,P.R. China,PR China,Mainland China,China Mainland,中华人民共和国,中国大陆,大陆,中國",
    "CV": "Cabo Verde",
    "CZ": "Czechia,Česko,Česká republika",
    "DE": "Deutschland,德意志,BRD",
    "DK": "Danmark",
    "DO": "多米尼加共和国",
    "EE": "Eesti",
    "EG": "Arab Republic of Egypt",
    "EH": "Sahrawi",
    "ES": "España,Espana",
    "FI": "Suomi",
    "FK": "Falkland Islands (Malvinas),Malvinas",
    "FM": "Federated States of Micronesia",
    "GB": "UK,U.K.,Great Britain,Britain,England,Scotland,Wales,Northern Ireland,"
          "United Kingdom of Great Britain,英格兰,大不列颠,联合王国,苏格兰,英國",
    "GM": "The Gambia",
    "GR": "Hellas,Ελλάδα",
    "HK": "Hong Kong SAR,Hongkong,香港,中国香港特别行政区",
    "HM": "Heard Island and McDonald Islands",
    "HR": "Hrvatska",
    "HU": "Magyarország",
    "IE": "Eire,Republic of Ireland",
    "IL": "Israel",
    "IN": "Bharat",
    "IO": "Chagos Archipelago",
    "IR": "Persia",
    "IS": "Ísland",
    "IT": "Italia,Italien,意大利共和国",
    "JP": "Nippon,日本国",
    "KP": "DPRK,Democratic People's Republic of Korea,北韩,北朝鲜",
    "KG": "Kyrgyz Republic",
    "KR": "Korea,Republic of Korea,Korea South,ROK,南韩,大韩民国,한국,대한민국,韓國",
    "KN": "St Kitts & Nevis",
    "LA": "Lao",
    "LT": "Lietuva",
    "LV": "Latvija",
    "LY": "Libyan Arab Jamahiriya",
    "MF": "Saint Martin (French part)",
    "MK": "Macedonia,FYROM,马其顿",
    "MM": "Burma",
    "MO": "Macau,Macao SAR,Macau SAR,澳门,中国澳门特别行政区,澳門",
    "MX": "México",
    "NL": "Holland,Nederland,The Netherlands",
    "NO": "Norge",
    "NZ": "Aotearoa,纽西兰",
    "PL": "Polska",
    "PN": "Pitcairn Islands",
    "PS": "Palestinian Territory,Palestinian Territories",
    "PT": "Portugal",
    "RO": "România",
    "RS": "Srbija",
    "RU": "Russian Federation,Россия,Rossiya,俄国,俄羅斯",
    "SA": "KSA,沙特",
    "SE": "Sverige",
    "SH": "Saint Helena",
    "SI": "Slovenija",
    "SJ": "Svalbard & Jan Mayen Islands,Svalbard and Jan Mayen Islands",
    "SK": "Slovak Republic,Slovensko",
    "ST": "São Tomé",
    "SY": "Syrian Arab Republic",
    "SZ": "Swaziland",
    "SX": "Sint Maarten (Dutch part)",
    "TH": "泰国",
    "TF": "French Southern Territories",
    "TL": "East Timor",
    "TR": "Türkiye,Turkiye",
    "TW": "Taiwan ROC,台湾,中国台湾省,臺灣,台灣",
    "TZ": "United Republic of Tanzania",
    "UA": "Україна",
    "UM": "US Minor Outlying Islands",
    "US": "USA,U.S.A.,U.S.,United States of America,America,The States,美利坚,美国本土,美國",
    "VA": "Vatican,Holy See (Vatican City State),Holy See",
    "VC": "St Vincent,St Vincent & the Grenadines",
    "VE": "Bolivarian Republic of Venezuela",
    "VG": "Virgin Islands British",
    "VI": "United States Virgin Islands,Virgin Islands US",
    "VN": "Viet Nam",
    "XK": "Kosovo,科索沃",
    "ZA": "RSA,Suid-Afrika",
}

# Where most people live, for countries that tzdata gives several zones.
ZONE = {
    "AQ": "Antarctica/McMurdo", "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo", "CA": "America/Toronto", "CD": "Africa/Kinshasa",
    "CL": "America/Santiago", "CN": "Asia/Shanghai", "CY": "Asia/Nicosia", "DE": "Europe/Berlin",
    "EC": "America/Guayaquil", "ES": "Europe/Madrid", "FM": "Pacific/Pohnpei",
    "GL": "America/Nuuk", "ID": "Asia/Jakarta", "KI": "Pacific/Tarawa", "KZ": "Asia/Almaty",
    "MH": "Pacific/Majuro", "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby", "PS": "Asia/Hebron", "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "UM": "Pacific/Wake", "US": "America/New_York",
    "UZ": "Asia/Tashkent", "VN": "Asia/Ho_Chi_Minh", "XK": "Europe/Belgrade",
    "BV": "Europe/Oslo", "HM": "Indian/Kerguelen",
}

# Prefixes that lie in two zones and whose larger part is not the one of the country's largest zone.
ZONE_OF_PREFIX = {
    "1208": "America/Boise", "1986": "America/Boise", "1480": "America/Phoenix",
    "1520": "America/Phoenix", "1602": "America/Phoenix", "1623": "America/Phoenix",
    "1928": "America/Phoenix", "1605": "America/Chicago", "1701": "America/Chicago",
    "6186": "Australia/Perth", "6189": "Australia/Perth",
    "1709": "America/St_Johns", "1775": "America/Los_Angeles", "1907": "America/Anchorage",
}

# Area codes that are newer than the packages (NANPA, planning letters; each lies over an older one).
NEW_AREAS = {
    "1235": ("US", "America/Chicago"), "1257": ("CA", "America/Vancouver"),
    "1327": ("US", "America/Chicago"), "1350": ("US", "America/Los_Angeles"),
    "1369": ("US", "America/Los_Angeles"), "1428": ("CA", "America/Halifax"),
    "1557": ("US", "America/Chicago"), "1730": ("US", "America/Chicago"),
    "1738": ("US", "America/Los_Angeles"), "1837": ("US", "America/Los_Angeles"),
    "1861": ("US", "America/Chicago"), "1879": ("CA", "America/St_Johns"),
    "1975": ("US", "America/Chicago"),
}
ZONE_OF_PREFIX["1474"] = "America/Regina"

# Many zones at once mean a number that is tied to no place, such as toll-free ones.
MOST_ZONES = 4


def key(name):
    """The form in which country_find() compares: small letters and digits without marks."""
    name = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in unicodedata.normalize("NFC", "".join(
        c for c in name if not unicodedata.combining(c))) if c.isalnum())


def variants(name):
    yield name
    plain = name.replace("&", " and ")
    yield plain
    if "," in name:
        front, back = name.split(",", 1)
        yield f"{back.strip()} {front}"
        yield front + " " + back
    for text in (name, plain):
        if re.search(r"\bSaint\b", text):
            yield re.sub(r"\bSaint\b", "St", text)
        if re.search(r"\band\b", text):
            yield re.sub(r"\band\b", "&", text)
        if text.startswith("Republic of "):
            yield "The " + text


def read_countries():
    with open("/usr/share/iso-codes/json/iso_3166-1.json", encoding="utf-8") as f:
        rows = json.load(f)["3166-1"]
    rows.append({"alpha_2": "XK", "alpha_3": "XKX", "name": "Kosovo"})
    return sorted(rows, key=lambda r: r["alpha_2"])


def read_links():
    """Former name of a zone -> its name now."""
    with open("/usr/share/zoneinfo/tzdata.zi", encoding="ascii") as f:
        return {link: zone for word, zone, link in
                (line.split() for line in f if line.startswith("L "))}


def read_zones(rows):
    found = {}
    with open("/usr/share/zoneinfo/zone.tab", encoding="ascii") as f:
        for line in f:
            if not line.startswith("#"):
                region, _, zone = line.split("\t")[:3]
                found.setdefault(region, []).append(zone.strip())
    for region, zone in ZONE.items():
        if region in found and zone not in found[region]:
            raise SystemExit(f"{region}: tzdata has no {zone}")
    zones = {r["alpha_2"]: ZONE.get(r["alpha_2"]) or found[r["alpha_2"]][0] for r in rows}
    for region, several in found.items():
        if len(several) > 1 and region not in ZONE:
            raise SystemExit(f"{region}: choose one of {several}")
    return zones


def calling_codes():
    codes = {r: c for c, regions in COUNTRY_CODE_TO_REGION_CODE.items() for r in regions}
    codes.pop("001")
    return codes


def names_of(row, zh):
    region = row["alpha_2"]
    listed = [region, row["alpha_3"], SHORT.get(region, row["name"]), row["name"],
              row.get("official_name", ""), row.get("common_name", ""), SHORT_ZH.get(region, "")]
    for translation in zh:
        listed += [translation.gettext(row[k]) for k in ("name", "official_name", "common_name")
                   if k in row]
    listed += OTHER.get(region, "").split(",")
    return {key(v) for name in listed if name for v in variants(name)}


def area_region(prefix):
    """Country of a North American area code: that of its ordinary numbers."""
    for exchange in ("234", "555", "467", "644"):
        number = phonenumbers.parse(f"+{prefix}{exchange}2345")
        region = phonenumbers.region_code_for_number(number)
        if region:
            return region
    return None


def leading_digits(region):
    """Prefixes (with the calling code) that the metadata gives to a country that shares a code."""
    meta = PhoneMetadata.metadata_for_region(region)
    if not meta.leading_digits:
        return []
    test = re.compile(meta.leading_digits)
    return [f"{meta.country_code}{n}" for width in (1, 2, 3, 4, 5)
            for n in range(10 ** (width - 1), 10 ** width)
            if test.fullmatch(str(n))]


def prefixes(zones):
    """prefix -> (region, zone), only where they differ from what a shorter prefix says."""
    links = read_links()
    present = {links.get(z, z): z for z in zones.values()}
    regions = {}
    for code, several in COUNTRY_CODE_TO_REGION_CODE.items():
        if several[0] != "001":
            regions[str(code)] = several[0]
        for region in several[1:]:
            if code != 1:
                regions.update(dict.fromkeys(leading_digits(region), region))
    for area in range(200, 1000):
        region = area_region(f"1{area}")
        if region:
            regions[f"1{area}"] = region
    listed = {p for p in TIMEZONE_DATA if not p.startswith("1") or len(p) == 4}
    for prefix in TIMEZONE_DATA:          # an area that is told exchange by exchange only
        area = prefix[:4]
        if prefix.startswith("1") and len(prefix) > 4 and area not in listed | set(ZONE_OF_PREFIX):
            told = [TIMEZONE_DATA[p] for p in TIMEZONE_DATA if p.startswith(area)]
            ZONE_OF_PREFIX[area] = max(told, key=told.count)[0]
            listed.add(area)
    for area, (region, zone) in NEW_AREAS.items():
        if area not in listed:
            listed.add(area)
            regions[area] = region
            ZONE_OF_PREFIX[area] = zone
    table = {}

    def said(prefix):
        for n in range(len(prefix) - 1, 0, -1):
            if prefix[:n] in table:
                return table[prefix[:n]]
        return (None, None)

    for prefix in sorted(listed | set(regions)):
        outer = said(prefix)
        region = regions.get(prefix) or outer[0]
        if region in ("AC", "TA"):          # Ascension, Tristan da Cunha: no ISO codes of their own
            region = "SH"
        if not region:
            continue
        here = [present.get(links.get(z, z), links.get(z, z))
                for z in TIMEZONE_DATA.get(prefix, ())]
        if any(links.get(z, z) == links.get(zones[region], zones[region]) for z in here):
            here.insert(0, zones[region])
        if prefix in ZONE_OF_PREFIX:
            zone = ZONE_OF_PREFIX[prefix]
        elif region == outer[0] and outer[1] in here:
            zone = outer[1]
        elif zones[region] in here or not 1 <= len(here) <= MOST_ZONES:
            zone = zones[region]
        else:
            zone = here[0]
        if len(set(here)) > 1 and prefix[:1] == "1" and prefix not in ZONE_OF_PREFIX and \
                zone == here[0] != zones[region]:
            print(f"choose in ZONE_OF_PREFIX: {prefix} is in {here}", file=sys.stderr)
        if (region, zone) != outer:
            table[prefix] = (region, zone)
    return table


def quoted(text):
    return '"%s"' % text.replace('"', '\\"')


def packed(items):
    """Items of an initialiser, as many on a line as fit."""
    line = "   "
    for item in items:
        if len(line) + len(item) + 2 > 100:
            print(line)
            line = "   "
        line += f" {item},"
    print(line)


def print_names(names, index):
    order = sorted(names, key=lambda n: n.encode())
    for name in order:
        if len(names[name]) != 1:
            raise SystemExit(f"{name}: {names[name]}")
    print("\n/* Sorted bytewise, each with a NUL. */\nstatic const char name_text[] =")
    at, places, line = 0, [], ""
    for name in order:
        places.append(f"{{{at},{index[min(names[name])]}}}")
        at += len(name.encode()) + 1
        if len(line) + len(name) * 2 > 90:
            print(f'    "{line}"')
            line = ""
        line += name + "\\0"
    print(f'    "{line}";\n\nstatic const CountryName names[] = {{')
    packed(places)
    print("};")


def main():
    rows = read_countries()
    zones, codes = read_zones(rows), calling_codes()
    zh = [gettext.translation("iso_3166-1", languages=[x]) for x in ("zh_CN", "zh_TW", "zh_HK")]
    numbers = prefixes(zones)
    zone_names = sorted(set(zones.values()) | {z for _, z in numbers.values()})
    index = {r["alpha_2"]: i for i, r in enumerate(rows)}
    names = {}
    for row in rows:
        for name in filter(None, names_of(row, zh)):
            names.setdefault(name, set()).add(row["alpha_2"])
    print("/* Written by country_table.py from iso-codes, tzdata and phonenumbers %s. */"
          % phonenumbers.__version__)
    print("\nstatic const char *const zones[] = {")
    packed(map(quoted, zone_names))
    print("};\n\n/* By region. */\nstatic const Country countries[] = {")
    for row in rows:
        region = row["alpha_2"]
        name_zh = SHORT_ZH.get(region) or zh[0].gettext(row["name"])
        print(f'    {{ "{region}", {quoted(SHORT.get(region, row["name"]))}, {quoted(name_zh)}, '
              f"{codes.get(region, 0)}, {zone_names.index(zones[region])} }},")
    print("};")
    print_names(names, index)
    print("\n/* Of E.164 digits, with a 1 before them; sorted. */")
    print("static const NumberPrefix prefixes[] = {")
    packed("{%s,%d,%d}" % (n, index[numbers[n[1:]][0]], zone_names.index(numbers[n[1:]][1]))
           for n in sorted(("1" + p for p in numbers), key=int))
    print("};")


if __name__ == "__main__":
    main()
