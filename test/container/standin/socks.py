# SPDX-License-Identifier: GPL-3.0-or-later
"""A gateway's SocksPort, for containers: socks.py ADDRESS PORT NAME=HOST:PORT ... listens until it is stopped.

Stands for tor's SocksPort with OnionTrafficOnly (src/core/or/connection_edge.c, src/core/proto/proto_socks.c), as far as SOCKS 4a goes: connects
to the names given as NAME, which are `ADDRESS.onion:PORT`, and refuses every other name with tor's reply, 91.
Strict: SOCKS 4 with an address (where the client looked the name up itself), SOCKS 5, and a user name other than that of the unit's user are cut off
without a reply. Does not model: circuits, and the time that they take.
"""
import os
import socket
import sys
import threading


def until_zero(words):
    """Bytes up to a zero byte."""
    found = bytearray()
    while (byte := words.read(1)) not in (b"", b"\0"):
        found += byte
    return found.decode()


def carry(source, target):
    """One way, until the source has shut its side."""
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def asked(words):
    """What is asked for, if it is asked for as it must be."""
    version = words.read(1)
    if version == b"\4":
        command, port, address = words.read(1), int.from_bytes(words.read(2), "big"), words.read(4)
        user, name = until_zero(words), until_zero(words)
        if command != b"\1" or address[:3] != b"\0\0\0" or address[3] == 0 or user not in ("", USER):
            return None
        return f"{name}:{port}"
    return None


def serve(connection):
    """One connection."""
    with connection, connection.makefile("rb", buffering=0) as words:
        wanted = asked(words)
        if wanted is None:
            return
        try:
            server = socket.create_connection(services[wanted])
        except (KeyError, OSError):
            connection.sendall(bytes([0, 91]) + bytes(6))
            return
        with server:
            connection.sendall(bytes([0, 90]) + bytes(6))
            back = threading.Thread(target=carry, args=(server, connection))
            back.start()
            carry(connection, server)
            back.join()


USER = "qwbtc-forward"
address, port, *names = sys.argv[1:]
services = {}
for one in names:
    name, _, target = one.partition("=")
    host, _, number = target.rpartition(":")
    services[name] = (host, int(number))
listener = socket.create_server((address, int(port)), backlog=1024)
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
    ready.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
