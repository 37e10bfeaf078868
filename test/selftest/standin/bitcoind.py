#!/usr/bin/python3 -IB
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays bitcoind under the node's own unit, and bitcoin-cli where it is called by that name.

Stands for: what anybody hears at RPC (405 to a GET, httpserver.cpp) and ZMQ (ZMTP's greeting), the port for its gateway's tor, and
getblockchaininfo. As the real one it reads its ports from bitcoin.conf, of the section of its chain, and tells systemd when it is ready.
Strict: bitcoin-cli takes the words that selftest uses and no others, and needs a daemon that runs.
"""
import json
import os
import re
import signal
import socket
import sys
import threading

DATADIR = "/home/bitcoin/.bitcoin"


def settings():
    with open(f"{DATADIR}/bitcoin.conf", encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def cli():
    if sys.argv[1:] != [f"-datadir={DATADIR}", "-rpcclienttimeout=10", "getblockchaininfo"]:
        sys.exit(f"stand-in: called with {sys.argv[1:]}")
    try:
        socket.create_connection(("127.0.0.1", int(settings()["rpcport"])), timeout=2).close()
    except OSError:
        sys.exit("error: Could not connect to the server")
    with open(f"{DATADIR}/chain.json", encoding="utf-8") as file:
        json.dump({**json.load(file), "chain": "regtest", "warnings": []}, sys.stdout)


def rpc(one):
    if one.recv(4096).startswith(b"GET "):
        one.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def zmq(one):
    one.sendall(b"\xff\0\0\0\0\0\0\0\1\x7f\3")
    one.recv(64)


def peer(one):
    one.recv(1)


def listen(address, port, answer):
    server = socket.create_server((address, port))

    def talk(one):
        with one:
            one.settimeout(20)
            try:
                answer(one)
            except OSError:
                pass

    def loop():
        while True:
            threading.Thread(target=talk, args=(server.accept()[0],), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()


def main():
    if os.path.basename(sys.argv[0]) == "bitcoin-cli":
        return cli()
    found = settings()
    listen(found["rpcbind"], int(found["rpcport"]), rpc)
    listen("127.0.0.1", int(found["zmqpubhashblock"].rpartition(":")[2]), zmq)
    address, port = re.match(r"([0-9.]+):(\d+)=onion", found["bind"]).groups()
    listen(address, int(port), peer)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
        ready.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
    signal.sigwait([signal.SIGTERM])
    return None


main()
