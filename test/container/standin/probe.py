# SPDX-License-Identifier: GPL-3.0-or-later
"""In the place of a service's program, or outside of its sandbox: says, as one line of JSON, what came of each attempt: "yes", or the refusal.

Each argument is an attempt: KIND PATH, as `read /home/user/secret`. Opening a device that no driver has counts as opened: whether it may be
opened was settled before.
"""
import errno
import json
import mmap
import os
import socket
import sys


def open_device(path):
    """Read and write."""
    try:
        os.open(path, os.O_RDWR)
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise


def write(path):
    """A new file in a folder."""
    os.open(f"{path}/probe", os.O_WRONLY | os.O_CREAT)


def connect(path):
    """As a client of whoever listens there."""
    socket.socket(socket.AF_UNIX).connect(path)


KINDS = {
    "open": open_device,
    "read": lambda path: open(path, "rb").close(),
    "list": os.listdir,
    "write": write,
    "connect": connect,
    "socket": lambda family: socket.socket(getattr(socket, family), socket.SOCK_RAW if family == "AF_NETLINK" else socket.SOCK_STREAM),
    "map": lambda _: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC),
}
# What the client says; unread, it would break the connection.
sys.stdin.readline()
said = {}
for attempt in sys.argv[1:]:
    kind, _, what = attempt.partition(" ")
    try:
        KINDS[kind](what)
        said[attempt] = "yes"
    except OSError as error:
        said[attempt] = os.strerror(error.errno)
print(json.dumps(said), flush=True)
