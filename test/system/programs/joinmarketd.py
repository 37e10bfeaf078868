# SPDX-License-Identifier: GPL-3.0-or-later
"""joinmarketd.py PORT 0 127.0.0.1, for the system test: listens as the real one does (scripts/joinmarketd.py: also at PORT-1000 and PORT-2000).

Strict: no TLS, no other address. Of its protocol (Twisted's AMP: boxes of keys and values, each with its length in two bytes before it, up to an
empty key) it knows that a command which it has not is answered by an error. It knows none, and hangs up on nobody.
"""
import socket
import sys
import threading

port, tls, address = sys.argv[1:]
if tls != "0" or address != "127.0.0.1":
    sys.exit(f"stand-in: called with {sys.argv[1:]}")


def text(words):
    """One key or value; nothing when the client has gone."""
    size = words.read(2)
    return words.read(int.from_bytes(size, "big")) if len(size) == 2 else None


def hold(connection):
    """Until the client goes."""
    with connection, connection.makefile("rb") as words:
        while True:
            box = {}
            while key := text(words):
                box[key] = text(words)
            if key is None:
                return
            if b"_ask" in box:
                said = {b"_error": box[b"_ask"], b"_error_code": b"UNHANDLED", b"_error_description": b"Unhandled Command"}
                parts = [part for pair in said.items() for part in pair]
                connection.sendall(b"".join(len(part).to_bytes(2, "big") + part for part in parts) + b"\0\0")


def listen(number):
    """One of its ports."""
    with socket.create_server((address, number)) as listener:
        while True:
            threading.Thread(target=hold, args=(listener.accept()[0],), daemon=True).start()


threads = [threading.Thread(target=listen, args=(int(port) - less,)) for less in (0, 1000, 2000)]
for thread in threads:
    thread.start()
