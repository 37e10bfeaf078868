#!/usr/bin/python3 -ISB
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client's end of qrexec, for containers: calls the agent, then carries a connection to the server that plays the target.

Stands for qubes-core-qrexec agent/qrexec-client-vm.c. Its exit codes are theirs: 126 for a refused call (also one that would ask: nobody is
there), 127 for no such service, 125 for a port that nobody listens at. As libqrexec/process_io.c: what the client shuts is shut towards the
server, and the call ends when the server does (exit-on-service-eof in qubes.ConnectTCP's own configuration).

Strict: no options and no local program, for our units use none. It needs what the real one needs of a qube, and fails where that is kept from
it: the agent's socket, and read and write each of Xen's devices that a vchan's server opens (libvchan_server_init: the caller is the server).
The devices here are nodes of /dev/xen with the real modes and no driver, so that whoever may open one is told that there is none.
"""
import _socket
import _thread
import errno
import json
import os
import sys

CHUNK = 1 << 16
AGENT = "/var/run/qubes/qrexec-agent"
# Xen tools/libs/vchan/init.c: libxenvchan_server_init; qubes-core-vchan-xen vchan/init.c: libvchan_server_init.
DEVICES = ("gntalloc", "evtchn", "xenbus", "privcmd", "hypercall")


def leave(status, words):
    """Ends with the real one's exit code."""
    os.write(2, words.encode() + b"\n")
    os._exit(status)


def open_vchan():
    """As Xen's libraries: without one of its devices there is no connection."""
    for name in DEVICES:
        try:
            os.open(f"/dev/xen/{name}", os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            # Xen tools/libs/call/linux.c: a kernel may be too old for this one; that it may not be opened is an error.
            absent = error.errno == errno.ENOENT and name == "hypercall"
            if error.errno != errno.ENXIO and not absent:
                leave(1, f"Data vchan connection failed: {error}")


def call_agent(words):
    """The agent's answer, and the connection that came with it."""
    agent = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        agent.connect(AGENT)
    except OSError as error:
        leave(1, f"connect: {error}")
    agent.sendall(json.dumps(words).encode() + b"\n")
    data, extra, _, _ = agent.recvmsg(CHUNK, _socket.CMSG_SPACE(4))
    if not data:
        leave(126, "Request refused")
    answer = json.loads(data)
    open_vchan()
    if answer["status"] != 0:
        leave(answer["status"], answer["words"])
    return _socket.socket(fileno=int.from_bytes(extra[0][2][:4], sys.byteorder))


def carry(server):
    """From the client, until it shuts its side."""
    while data := os.read(0, CHUNK):
        server.sendall(data)
    server.shutdown(_socket.SHUT_WR)


def main():
    if len(sys.argv) != 3 or sys.argv[1].startswith("-"):
        leave(2, f"stand-in: called with {sys.argv[1:]}")
    server = call_agent(sys.argv[1:])
    _thread.start_new_thread(carry, (server,))
    while data := server.recv(CHUNK):
        while data:
            data = data[os.write(1, data) :]
    os._exit(0)


main()
