#!/usr/bin/python3 -ISB
# SPDX-License-Identifier: GPL-3.0-or-later
"""A qube's qrexec agent, for the system test: what its programs call goes to dom0, what dom0 lets through is connected here.

Stands for qubes-core-qrexec agent/qrexec-agent.c: as root, at a socket that is open to all below a folder that is the group's; a refused call is
hung up on. dom0 is qrexecd.py, outside of every qube, behind a socket of this qube's own, so that no qube can say that it is another.
Knows one service, qubes.ConnectTCP: /etc/qubes-rpc/qubes.ConnectTCP is a link to /dev/tcp/127.0.0.1, and libqrexec/exec.c takes a decimal port
without a leading zero, to 65535. Any other service is told as missing (127), a port that nobody listens at as a failure (125).
"""
import array
import json
import os
import socket
import sys
import threading

CALLS = "/run/qubes/qrexec-agent"
DOM0 = "/usr/lib/standin/dom0"


def take(connection):
    """A line of JSON, or nothing when the other end hung up, and the connection that came with it."""
    data, extra, _flags, _address = connection.recvmsg(1 << 16, socket.CMSG_SPACE(4))
    numbers = array.array("i")
    for _level, _kind, content in extra:
        numbers.frombytes(content[:4])
    return data, list(numbers)


def from_here(caller):
    """A program of this qube calls: dom0 answers."""
    with caller, socket.socket(socket.AF_UNIX) as dom0:
        words = caller.makefile("rb").readline()
        dom0.connect(f"{DOM0}/dom0.sock")
        dom0.sendall(words)
        data, passed = take(dom0)
        try:
            if data:
                socket.send_fds(caller, [data], passed)
        finally:
            for number in passed:
                os.close(number)


def to_here(dom0):
    """dom0 has let a call through."""
    with dom0:
        service, argument = json.loads(dom0.makefile("rb").readline())
        port = argument.removeprefix("+")
        if service != "qubes.ConnectTCP" or not port.isascii() or not port.isdecimal() or port[0] == "0" or int(port) > 65535:
            answer = {"status": 127, "words": f"stand-in: no service {service}{argument}"}
            dom0.sendall(json.dumps(answer).encode())
            return
        try:
            server = socket.create_connection(("127.0.0.1", int(port)))
        except OSError as error:
            dom0.sendall(json.dumps({"status": 125, "words": f"stand-in: {error}"}).encode())
            return
        with server:
            socket.send_fds(dom0, [json.dumps({"status": 0}).encode()], [server.fileno()])


def serve(path, mode, work):
    """Each connection in a thread of its own, so that none waits for another."""
    if os.path.lexists(path):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    mask = os.umask(0o777 & ~mode)
    listener.bind(path)
    os.umask(mask)
    # As libqrexec/unix-server.c; more wait until they are taken.
    listener.listen(5)

    def one(connection):
        try:
            work(connection)
        except (OSError, ValueError) as error:
            print(f"stand-in agent: {error}", file=sys.stderr)

    def loop():
        while True:
            threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

    return threading.Thread(target=loop, daemon=True)


threads = [serve(CALLS, 0o666, from_here), serve(f"{DOM0}/agent.sock", 0o600, to_here)]
for thread in threads:
    thread.start()
# systemd waits for this word.
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
    ready.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
for thread in threads:
    thread.join()
