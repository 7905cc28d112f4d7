# SPDX-License-Identifier: GPL-3.0-or-later
# leads.awk -- print a made-up list of N leads as CSV: awk -v N=1000 -f leads.awk
# Chinese and Latin names, telephone numbers as people type them, about 4 % duplicates, a few rows
# that must be rejected (a date that does not exist). The same N gives the same list.
function rnd(n) { seed = (seed * 16807) % 2147483647; return int(seed / 7) % n }
function pick(list,   a, n) { n = split(list, a, " "); return a[rnd(n) + 1] }
function digits(n,   s) { s = ""; while (n-- > 0) s = s rnd(10); return s }
function phone(   k, m) {
    k = rnd(5); m = "1" pick("38 39 50 58 86 87") digits(8)
    if (k == 0) return m
    if (k == 1) return "+86 " substr(m, 1, 3) " " substr(m, 4, 4) " " substr(m, 8)
    if (k == 2) return substr(m, 1, 3) "-" substr(m, 4, 4) "-" substr(m, 8)
    if (k == 3) return pick("021 010 020") "-" pick("5 6 8") digits(7)
    return "0086" m
}
BEGIN {
    seed = 20260101
    print "姓名,手机,公司,来源,城市,意向,备注,预算,登记日期"
    for (i = 1; i <= N; i++) {
        if (i > 20 && rnd(25) == 0) { print kept[rnd(20) + 1]; continue }
        name = rnd(3) ? pick("王 李 张 刘 陈 杨 黄 赵 吴 周") pick("伟 芳 娜 敏 静 强 磊 洋 勇 艳") (rnd(2) ? pick("华 英 明 军 兰") : "") \
                      : pick("Ann Bob Carl Dora Eve") " " pick("Smith Jones Miller Lopez Wang")
        note = rnd(6) ? "" : "\"上次说\"\"再联系\"\"\n下周回访\""
        day = sprintf("2026-%02d-%02d", rnd(9) + 1, i % 111 == 0 ? 30 : rnd(28) + 1)
        if (i % 111 == 0) day = "2026-02-30"
        row = name "," phone() "," pick("甲 乙 丙 丁 戊") pick("方 源 信 达 联") "贸易有限公司," \
              pick("expo web referral 广告") "," pick("上海 北京 杭州 广州 深圳") "," pick("高 中 低") "," note "," \
              (rnd(3) ? rnd(50) * 10000 : "") "," day
        if (i <= 20) kept[i] = row
        print row
    }
}
