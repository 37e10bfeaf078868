# SPDX-License-Identifier: GPL-3.0-or-later
"""A qube's server, for containers: server.py QUBE ADDRESS PORT ... listens until it is stopped. The first line of a connection says what it wants:

    ping WORD   pong QUBE WORD
    take        after the client has shut its side: QUBE, how many bytes followed, and their SHA-256
    echo        every byte back, as it comes
    count       how many connections came before this one, all ports together
"""
import hashlib
import os
import socket
import sys
import threading

qube, address, *ports = sys.argv[1:]
lock = threading.Lock()
count = 0


def serve(connection):
    """One connection."""
    global count
    with lock:
        before = count
        count += 1
    with connection, connection.makefile("rb") as words:
        order, _, word = words.readline().decode().strip().partition(" ")
        if order == "ping":
            connection.sendall(f"pong {qube} {word}\n".encode())
        elif order == "count":
            connection.sendall(f"{before}\n".encode())
        elif order == "take":
            data = words.read()
            connection.sendall(f"{qube} {len(data)} {hashlib.sha256(data).hexdigest()}\n".encode())
        elif order == "echo":
            while data := words.read1(1 << 16):
                connection.sendall(data)


def listen(listener):
    """One port."""
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


listeners = [socket.create_server((address, int(port)), backlog=1024) for port in ports]
for one in listeners[1:]:
    threading.Thread(target=listen, args=(one,), daemon=True).start()
# systemd waits for this word, so that a started server is one that listens.
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
    ready.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
listen(listeners[0])
