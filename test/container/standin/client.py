# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that uses a link, for containers: client.py WHAT PORT [NUMBER] talks to server.py and prints what came back, as JSON.

    at-once PORT N       N connections that are all open before the first says a word: the answers
    in-sequence PORT N   one after the other: the answers
    take PORT N          N bytes, then its own side shut: the answer, and the SHA-256 that it must tell
    echo PORT N          N bytes, sent while they come back: whether they are the same
    count PORT           server.py's count
"""
import hashlib
import json
import random
import socket
import sys
import threading


def connect():
    """A connection through the link; one that lasts too long is lost."""
    connection = socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=30)
    return connection


def rest(connection):
    """All that comes until the other end has shut its side."""
    found = bytearray()
    while data := connection.recv(1 << 16):
        found += data
    return bytes(found)


def asked(connection, words):
    """What the server answers; nothing if it, or what is between, hangs up."""
    with connection:
        try:
            connection.sendall(words)
            return rest(connection).decode()
        except OSError as error:
            return f"lost: {error}"


what = sys.argv[1]
number = int(sys.argv[3]) if len(sys.argv) > 3 else 0
data = random.Random(number).randbytes(number) if what in ("take", "echo") else b""
if what == "at-once":
    connections = [connect() for _ in range(number)]
    for at, one in enumerate(connections):
        one.sendall(b"ping %d\n" % at)
    result = [asked(one, b"") for one in connections]
elif what == "in-sequence":
    result = [asked(connect(), b"ping %d\n" % at) for at in range(number)]
elif what == "take":
    with connect() as one:
        one.sendall(b"take\n" + data)
        one.shutdown(socket.SHUT_WR)
        result = {"answer": rest(one).decode(), "sha256": hashlib.sha256(data).hexdigest()}
elif what == "echo":
    with connect() as one:

        def send():
            one.sendall(b"echo\n" + data)
            one.shutdown(socket.SHUT_WR)

        threading.Thread(target=send).start()
        result = rest(one) == data
else:
    result = asked(connect(), b"count\n")
json.dump(result, sys.stdout)
