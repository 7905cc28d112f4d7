# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests' own eye on an Asterisk: a plain client of its manager interface, with all events kept."""
import itertools, socket, threading, time

from tap import PATIENCE


class Manager:
    def __init__(self, port, user, secret, events="on"):
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._socket.settimeout(None)
        self._numbers = itertools.count(1)
        self._news = threading.Condition()
        self.seen, self.closed = [], False
        threading.Thread(target=self._read, daemon=True).start()
        self.login = self.act("Login", Username=user, Secret=secret, Events=events)

    def _read(self):
        stream = self._socket.makefile("rb")
        stream.readline()                              # the greeting
        message = {}
        try:
            for line in stream:
                line = line.decode("utf-8", "replace").rstrip("\r\n")
                if line:
                    name, _, value = line.partition(":")
                    value = value.lstrip(" ")
                    message[name] = message[name] + "\n" + value if name in message else value
                    continue
                if message:
                    message["at"] = time.time()
                    with self._news:
                        self.seen.append(message)
                        self._news.notify_all()
                message = {}
        except OSError:
            pass
        with self._news:
            self.closed = True
            self._news.notify_all()

    def wait(self, wanted, seconds=PATIENCE, since=0):
        """The first message from number `since` on for which wanted(message); None."""
        end = time.monotonic() + seconds
        with self._news:
            while True:
                for message in self.seen[since:]:
                    if wanted(message):
                        return message
                    since += 1
                left = end - time.monotonic()
                if left <= 0 or self.closed:
                    return None
                self._news.wait(left)

    def act(self, action, seconds=PATIENCE, **headers):
        me = f"test-{next(self._numbers)}"
        lines = [f"Action: {action}", f"ActionID: {me}"]
        for name, values in headers.items():
            for value in values if isinstance(values, list) else [values]:
                lines.append(f"{name}: {value}")
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return self.wait(lambda m: "Response" in m and m.get("ActionID") == me, seconds)

    def event(self, name, seconds=PATIENCE, since=0, **headers):
        return self.wait(lambda m: m.get("Event") == name and all(m.get(k) == v for k, v in headers.items()),
                         seconds, since)

    def events(self, name, since=0, **headers):
        with self._news:
            return [m for m in self.seen[since:] if m.get("Event") == name
                    and all(m.get(k) == v for k, v in headers.items())]

    def mark(self):
        with self._news:
            return len(self.seen)

    def close(self):
        self._socket.close()
