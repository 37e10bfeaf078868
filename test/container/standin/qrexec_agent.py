#!/usr/bin/python3 -ISB
# SPDX-License-Identifier: GPL-3.0-or-later
"""A qube's qrexec agent and all that is behind it, for containers: takes calls at a socket, asks the policy as dom0 would, reaches the server.

Stands for qubes-core-qrexec agent/qrexec-agent.c (as root, at a socket that is open to all, below a folder that is the group's; a refused call
is hung up on), for dom0, and for the target's agent with qubes.ConnectTCP. A call is one line of JSON, [target, service+argument]; the answer
is one too, and with it comes the connection to the server that plays the target: in a qube that is memory shared through Xen's devices, which
the caller opens, see qrexec_client_vm.py. Does not model: qubes that must start first.

/etc/standin/dom0.json is {"name": who calls, "system": as evaluate.py has it, "servers": {qube: its loopback address here}}.
"""
import json
import os
import socket
import sys
import threading

sys.path.insert(0, "/usr/lib/standin")
import evaluate

SOCKET = "/run/qubes/qrexec-agent"
policies = evaluate.load("/etc/standin/policy.d")
with open("/etc/standin/dom0.json", encoding="utf-8") as file:
    setting = json.load(file)


def called(target, call):
    """What the caller is told (nothing, if it is hung up on), and the server."""
    service, _, argument = call.partition("+")
    request = {"service": service, "argument": f"+{argument}", "source": setting["name"], "target": target}
    try:
        answer = policies.decide(request, setting["system"])
    except evaluate.PolicyError as error:
        answer = {"allow": False, "why": str(error)}
    if not answer["allow"]:
        return None, None
    # libqrexec/exec.c: decimal, no leading zero.
    if service != "qubes.ConnectTCP" or not argument.isdecimal() or argument[0] == "0" or int(argument) > 65535:
        return {"status": 127, "words": f"stand-in: no service {call}"}, None
    try:
        return {"status": 0}, socket.create_connection((setting["servers"][answer["target"]], int(argument)))
    except OSError as error:
        return {"status": 125, "words": f"stand-in: {answer['target']}: {error}"}, None


def serve(caller):
    """One call."""
    with caller, caller.makefile("r", encoding="utf-8") as words:
        answer, server = called(*json.loads(words.readline()))
        if server is not None:
            with server:
                socket.send_fds(caller, [json.dumps(answer).encode()], [server.fileno()])
        elif answer is not None:
            caller.sendall(json.dumps(answer).encode())


os.umask(0)
listener = socket.socket(socket.AF_UNIX)
listener.bind(SOCKET)
# As libqrexec/unix-server.c; more wait until they are taken.
listener.listen(5)
# systemd waits for this word.
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
    ready.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
