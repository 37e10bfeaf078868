#!/usr/bin/python3 -IB
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays Fulcrum under the server's own unit: server.version and blockchain.headers.subscribe at the port of its fulcrum.conf.

Strict: any other method, and a first word other than server.version, gets an error. While `database/indexing` is there it does not listen, as
the real one while it makes its index.
"""
import json
import os
import signal
import socket
import sys
import threading
import time

FOLDER = os.path.dirname(os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "/home/fulcrum/.fulcrum/fulcrum.conf"))


def answer(one):
    with one, one.makefile("rb") as words:
        greeted = False
        for line in words:
            asked = json.loads(line)
            if asked["method"] == "server.version":
                greeted, said = True, {"result": ["Fulcrum 2.1.1", "1.4"]}
            elif asked["method"] == "blockchain.headers.subscribe" and greeted:
                with open(f"{FOLDER}/database/height", encoding="utf-8") as file:
                    said = {"result": {"height": int(file.read()), "hex": "00" * 80}}
            else:
                said = {"error": {"code": -32601, "message": "stand-in: unknown"}}
            one.sendall(json.dumps({"jsonrpc": "2.0", "id": asked["id"], **said}).encode() + b"\n")


def serve(address, port):
    while os.path.exists(f"{FOLDER}/database/indexing"):
        time.sleep(0.1)
    server = socket.create_server((address, int(port)))
    while True:
        threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()


with open(f"{FOLDER}/fulcrum.conf", encoding="utf-8") as file:
    place = next(line.split("=")[1].strip() for line in file if line.startswith("tcp ="))
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
threading.Thread(target=serve, args=place.split(":"), daemon=True).start()
signal.sigwait([signal.SIGINT])
