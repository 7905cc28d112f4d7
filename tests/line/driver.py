# SPDX-License-Identifier: GPL-3.0-or-later
"""patter's own driver, by hand: a process of drive.c."""
import os, queue, subprocess, threading, time
from collections import namedtuple

from tap import PATIENCE

Event = namedtuple("Event", "kind call agent by cause at number called text")


BUILD = os.path.abspath(os.environ.get("BUILD", "build"))


class Driver:
    def __init__(self, pbx, prefix="t", env={}, **config):
        words = dict(adapter="ami", host="127.0.0.1", port=pbx.manager_port, user=pbx.user,
                     secret="env:LINE_SECRET", prefix=prefix)
        words.update(config)
        self.process = subprocess.Popen(
            [BUILD + "/line/drive"] + [f"{k}={v}" for k, v in words.items()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            env={**os.environ, "PATTER_PLUGINS": BUILD + "/plugin", "LINE_SECRET": pbx.secret, **env})
        self.seen, self.answers, self._news = [], queue.Queue(), threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            words = line.rstrip("\n").split("\t")
            if words[0] != "EVENT":
                self.answers.put(line.rstrip("\n"))
                continue
            ev = Event(words[1], int(words[2]), int(words[3]), words[4], int(words[5]), int(words[6]), *words[7:10])
            with self._news:
                self.seen.append(ev)
                self._news.notify_all()

    def order(self, *words):
        """What the driver answered: "ok", or "refused ..."."""
        self.process.stdin.write(" ".join(str(w) for w in words) + "\n")
        self.process.stdin.flush()
        return self.answers.get(timeout=PATIENCE)

    def event(self, *kinds, seconds=PATIENCE, since=0, **members):
        """The first of these kinds from number `since` on; None."""
        end = time.monotonic() + seconds
        with self._news:
            while True:
                for ev in self.seen[since:]:
                    if ev.kind in kinds and all(getattr(ev, k) == v for k, v in members.items()):
                        return ev
                left = end - time.monotonic()
                if left <= 0:
                    return None
                self._news.wait(left)

    ENDS = ("busy", "no answer", "invalid number", "failed", "hang-up")

    def end(self, call, seconds=PATIENCE):
        return self.event(*self.ENDS, call=call, seconds=seconds)

    def of(self, call):
        with self._news:
            return [ev.kind for ev in self.seen if ev.call == call]

    def mark(self):
        with self._news:
            return len(self.seen)

    def ready(self, seconds=PATIENCE):
        """Comes up and is reconciled."""
        return (self.event("link up", seconds=seconds) and self.order("reconcile") == "ok"
                and self.event("reconciled", seconds=seconds))

    def close(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()

    def kill(self):
        self.process.kill()
        self.process.wait()
