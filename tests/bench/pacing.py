# SPDX-License-Identifier: GPL-3.0-or-later
"""pacing.py [FILE...] -- predictive pacing against its peers, on days that both simulate.

The peers are the policies of ../shared/pacing/pacesim.c: its candidate, the adaptive methods of
VICIdial, and per cell that method which was found best in hindsight (results.md beside it); where
all is memoryless, the exact optimum (cmdp-output.txt). The scenarios are those beside it and the
FILEs given. Each cell is SEEDS days (30) of either side; the two have generators of their own.

A cell fails when the upper end of the 95 % interval of its ratio is below the bar.
"""
import collections
import concurrent.futures
import csv
import math
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "../../../shared/pacing")
PATTER = os.environ.get("PATTER", os.path.join(HERE, "../../build/patter"))
SEEDS = int(os.environ.get("SEEDS", "30"))
CAP, DAY_CAP = 3.0, 3.3                     # percent: of all days together, of any one

Day = collections.namedtuple("Day", "util talk live abandoned share")


def simulated(pacesim, file, cell, policy):
    out = subprocess.run([pacesim, file, policy, "1", str(SEEDS), cell], check=True,
                         capture_output=True, text=True).stdout
    rows = [line.split() for line in out.splitlines()]
    return [Day(float(r[4]), float(r[6]), int(r[16]), int(r[18]), float(r[10]))
            for r in rows if r[:1] == [cell]]


def dialled(file, cell):
    out = subprocess.run([PATTER, "-q", ":memory:", "dial", "bench", file, "--only", cell,
                          "--seeds", "1-%d" % SEEDS, "--csv"],
                         check=True, capture_output=True, text=True).stdout
    return [Day(float(r["util"]), float(r["talk"]), int(r["live"]), int(r["aband"]),
                float(r["abD"]))
            for r in csv.DictReader(out.splitlines()) if r["scenario"] == cell]


def mean(days, what):
    """Of all days, and the variance of that mean."""
    values = [getattr(d, what) for d in days]
    m = sum(values) / len(values)
    return m, sum((v - m) ** 2 for v in values) / max(1, len(values) - 1) / len(values)


def ratio(days, peer, what="talk"):
    """Of the means, and half of its 95 % interval. A peer may be a number without error."""
    a, va = mean(days, what)
    b, vb = mean(peer, what) if isinstance(peer, list) else (peer, 0)
    return a / b, 1.96 * a / b * math.sqrt(va / a / a + vb / b / b)


def hindsight():
    """The best tuned policy of each cell: of the two kinds the one with more talk."""
    best = {}
    with open(os.path.join(FOLDER, "results.md"), encoding="utf-8") as f:
        for line in f:
            cells = [c.strip() for c in line.split("|")]
            policy = re.search(r"tuned in hindsight \(`(.*)`\)", line)
            if policy:
                best[cells[1]] = max(best.get(cells[1], (0, "")), (float(cells[5]), policy[1]))
    return {cell: policy for cell, (_, policy) in best.items()}


def optimum():
    """Utilisation by agents and answer rate."""
    with open(os.path.join(FOLDER, "cmdp-output.txt"), encoding="utf-8") as f:
        found = re.findall(r"^N=(\d+) p=([\d.]+) .*?optimum-util ([\d.]+)", f.read(), re.M)
    return {(int(n), float(p)): float(u) for n, p, u in found}


def scenarios(file):
    with open(file, encoding="utf-8") as f:
        for line in f:
            words = line.split()
            if words and not line.startswith("#"):
                yield words[0], dict(w.split("=", 1) for w in words[1:])


HARD_LIMIT = {"S-N3-p30-t180": 1.06, "S-N10-p30-t180": 1.10,
              "S-N50-p30-t180": 1.17, "S-N300-p30-t180": 1.21}


def compare(job):
    """One cell of one file: its days, and the ratio to each peer with the bar of it."""
    pacesim, file, cell, words, tuned, exact = job
    days = dialled(file, cell)
    against = {"candidate": (ratio(days, simulated(pacesim, file, cell, "cand")), 0.99)}
    if words.get("memless") == "1":
        best = exact.get((int(words["N"]), float(words["p"])))
        against = {"optimum": (ratio(days, best, "util"), 0.94)} if best else {}
    if cell in tuned:
        against["tuned"] = (ratio(days, simulated(pacesim, file, cell, tuned[cell])), 0.995)
    if cell in HARD_LIMIT:
        peer = simulated(pacesim, file, cell, "vici,m=0")
        against["HARD_LIMIT"] = (ratio(days, peer), HARD_LIMIT[cell])
    return cell, days, against


def report(cell, days, against):
    live, lost = sum(d.live for d in days), sum(d.abandoned for d in days)
    share, worst = 100 * lost / max(1, live), max(d.share for d in days)
    over = sum(d.share > CAP for d in days)
    good = round(share, 2) <= CAP and worst <= DAY_CAP
    told = []
    for name, ((r, half), bar) in against.items():
        good = good and r + half >= bar
        told.append("%s %.3f +-%.3f (>= %g)" % (name, r, half, bar))
    print("%-16s talk %5.2f util %.3f  abandoned %.2f %%, worst day %.2f, over %2d of %d  %s  %s"
          % (cell, mean(days, "talk")[0], mean(days, "util")[0], share, worst, over, len(days),
             ", ".join(told), "yes" if good else "NO"), flush=True)
    return over, len(days), good


def main(files):
    if not os.path.isdir(FOLDER):
        sys.exit("pacing: its peers are in %s, which is not here" % os.path.normpath(FOLDER))
    files = [os.path.join(FOLDER, "scenarios-%s.txt" % n) for n in ("main", "memoryless")] + files
    means = collections.defaultdict(list)
    over = total = bad = 0
    with tempfile.TemporaryDirectory() as work, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        pacesim = os.path.join(work, "pacesim")
        source = os.path.join(FOLDER, "pacesim.c")
        subprocess.run(["cc", "-O2", "-std=c11", "-o", pacesim, source, "-lm"], check=True)
        tuned, exact = hindsight(), optimum()
        jobs = [(pacesim, f, cell, words, tuned, exact)
                for f in files for cell, words in scenarios(f)]
        for cell, days, against in pool.map(compare, jobs):
            o, n, good = report(cell, days, against)
            over, total, bad = over + o, total + n, bad + (not good)
            for name, ((r, _), _) in against.items():
                means[name].append(r)
    bars = {"candidate": 1.0, "tuned": 1.02, "optimum": 0.97}
    for name, bar in bars.items():
        m = sum(means[name]) / len(means[name])
        print("mean of the ratios to %-10s %.4f, lowest %.4f  (mean >= %g)  %s" % (
            name, m, min(means[name]), bar, "yes" if m >= bar else "NO"))
    print("days above %g %%: %d of %d (<= 15 %%)  %s"
          % (CAP, over, total, "yes" if over <= 0.15 * total else "NO"))
    print("cells that fail: %d of %d" % (bad, len(jobs)))


main(sys.argv[1:])
