#!/usr/bin/python3 -ISB
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client's end of qrexec, for containers: asks the policy as dom0 would, then carries a connection to the server that plays the target.

Stands for qubes-core-qrexec agent/qrexec-client-vm.c and what dom0 and the target's agent do behind it for qubes.ConnectTCP. Its exit codes
are theirs: 126 for a refused call (also one that would ask: nobody is there), 127 for no such service, 125 for a port that nobody listens at.
As libqrexec/process_io.c: what the client shuts is shut towards the server, and the call ends when the server does (exit-on-service-eof in
qubes.ConnectTCP's own configuration). Strict: no options and no local program, for our units use none.

/etc/standin/dom0.json is {"name": who calls, "system": as evaluate.py has it, "servers": {qube: its loopback address here}}; it and
/etc/standin/policy.d are open to the group qubes alone, as the agent's socket is in a qube.
"""
import _socket
import _thread
import json
import os
import sys

sys.path.insert(0, "/usr/lib/standin")
import evaluate

CHUNK = 1 << 16


def leave(status, words):
    """Ends with the real one's exit code."""
    os.write(2, words.encode() + b"\n")
    os._exit(status)


def carry(server):
    """From the client, until it shuts its side."""
    while data := os.read(0, CHUNK):
        server.sendall(data)
    server.shutdown(_socket.SHUT_WR)


def main():
    if len(sys.argv) != 3 or sys.argv[1].startswith("-"):
        leave(2, f"stand-in: called with {sys.argv[1:]}")
    target, call = sys.argv[1:]
    with open("/etc/standin/dom0.json", encoding="utf-8") as file:
        setting = json.load(file)
    service, _, argument = call.partition("+")
    request = {"service": service, "argument": f"+{argument}", "source": setting["name"], "target": target}
    try:
        answer = evaluate.load("/etc/standin/policy.d").decide(request, setting["system"])
    except evaluate.PolicyError as error:
        answer = {"allow": False, "why": str(error)}
    if not answer["allow"]:
        leave(126, "Request refused")
    # libqrexec/exec.c: decimal, no leading zero.
    if service != "qubes.ConnectTCP" or not argument.isdecimal() or argument[0] == "0" or int(argument) > 65535:
        leave(127, f"stand-in: no service {call}")
    server = _socket.socket()
    try:
        server.connect((setting["servers"][answer["target"]], int(argument)))
    except OSError as error:
        leave(125, f"stand-in: {answer['target']}: {error}")
    _thread.start_new_thread(carry, (server,))
    while data := server.recv(CHUNK):
        while data:
            data = data[os.write(1, data) :]
    os._exit(0)


main()
