# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection that can be cut."""
import socket, threading


class Wire:
    """The connection between the dialer and the switch, which can be cut."""

    def __init__(self, to):
        self.to, self.open, self.pairs = to, True, []
        self.listen = socket.create_server(("127.0.0.1", 0))
        self.port = self.listen.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            near, _ = self.listen.accept()
            try:
                far_end = socket.create_connection(("127.0.0.1", self.to), 2) if self.open else None
            except OSError:
                far_end = None
            if not far_end:
                near.close()
                continue
            far_end.settimeout(None)
            self.pairs += [near, far_end]
            for a, b in (near, far_end), (far_end, near):
                threading.Thread(target=self._carry, args=(a, b), daemon=True).start()

    @staticmethod
    def _carry(a, b):
        try:
            while data := a.recv(65536):
                b.sendall(data)
        except OSError:
            pass
        for s in a, b:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        self.open = False
        for s in self.pairs:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.pairs.clear()

    def mend(self):
        self.open = True
