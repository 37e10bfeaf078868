#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays a daemon under the daemon's own unit: tries what the real one must be able to do and what it must not, and says what came of it.

Stands for: bitcoind, Fulcrum and joinmarketd, as far as a sandbox can stop them. /etc/standin.json says what to try.
It takes as long to end as the plan says ("ends", seconds), as bitcoind and Fulcrum do that write their caches, and each start adds a line to
the report: what its settings were ("settings", paths), read once, as theirs are.
Does not model: what they compute; whom they talk to (IPAddressDeny holds here, but nobody else is there).
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import threading
import time

with open("/etc/standin.json", encoding="utf-8") as file:
    plan = json.load(file)
said = {}


def attempt(what, work):
    try:
        said[what] = work() or "yes"
    except OSError as error:
        said[what] = os.strerror(error.errno)


def write(path):
    def work():
        with open(path, "w", encoding="utf-8") as file:
            file.write("x")
            os.fsync(file.fileno())
        os.rename(path, path + ".moved")

    return work


def read(path):
    def work():
        with open(path, "rb") as file:
            file.read()

    return work


def thread():
    worker = threading.Thread(target=lambda: None)
    worker.start()
    worker.join()


def listen(port):
    server = socket.create_server(("127.0.0.1", port))
    server.settimeout(None)
    return lambda: servers.append(server)


def code():
    """Memory that is both written and run, which compilers at run time need."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
    if libc.mmap(None, 4096, 7, 0x22, -1, 0) == ctypes.c_void_p(-1).value:
        raise OSError(ctypes.get_errno(), "mmap")


servers = []
settings = {}
for path in plan["settings"]:
    with open(path, encoding="utf-8") as file:
        settings[path] = file.read()
with open(plan["report"] + ".starts", "a", encoding="utf-8") as file:
    file.write(json.dumps(settings) + "\n")
for path in plan["writes"]:
    attempt(f"write {path}", write(path))
for path in plan["reads"]:
    attempt(f"read {path}", read(path))
for path in plan["lists"]:
    attempt(f"list {path}", lambda: " ".join(sorted(os.listdir(path))))
for port in plan["ports"]:
    attempt(f"listen {port}", lambda: listen(port)())
attempt("thread", thread)
attempt("code", code)
attempt("packet socket", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close())
attempt("netlink socket", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close())
with open(plan["report"] + ".new", "w", encoding="utf-8") as file:
    json.dump(said, file)
os.rename(plan["report"] + ".new", plan["report"])
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
if plan["notifies"]:
    subprocess.run(["systemd-notify", "--ready"], check=True)
got = signal.sigwait([signal.SIGINT, signal.SIGTERM])
time.sleep(plan["ends"])
with open(plan["report"] + ".stopped", "w", encoding="utf-8") as file:
    file.write(signal.Signals(got).name)
    file.flush()
    os.fsync(file.fileno())
