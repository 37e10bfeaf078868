#!/usr/bin/python3 -ISB
# SPDX-License-Identifier: GPL-3.0-or-later
"""A qube's qrexec agent and all that is behind it, for containers: takes calls at a socket, asks the policy as dom0 would, reaches the server.

Stands for qubes-core-qrexec agent/qrexec-agent.c (as root, at a socket that is open to all, below a folder that is the group's; a refused call
is hung up on), for dom0, and for the target's agent with qubes.ConnectTCP. A call is one line of JSON, [target, service+argument]; the answer
is one too, and with it comes the connection to the server that plays the target: in a qube that is memory shared through Xen's devices, which
the caller opens, see qrexec_client_vm.py.

/etc/standin/dom0.json is {"name": who calls, "system": as evaluate.py has it, "servers": {qube: its loopback address here}, "follows": bool}.
With "follows" a qube runs exactly while its server does (standin-server@QUBE): a call to one that is halted starts it, as qubesd would, or is
refused where the policy says autostart=no. /run/standin-calls then has a line for each call: what came of it, and for whom.
"""
import json
import os
import socket
import subprocess
import sys
import threading

sys.path.insert(0, "/usr/lib/standin")
import evaluate

SOCKET = "/run/qubes/qrexec-agent"
policies = evaluate.load("/etc/standin/policy.d")
with open("/etc/standin/dom0.json", encoding="utf-8") as file:
    setting = json.load(file)


lock = threading.Lock()


def following():
    """The system, with each qube that has a server here running or halted as its server is."""
    domains = dict(setting["system"]["domains"])
    for qube in setting["servers"]:
        active = subprocess.run(["systemctl", "is-active", "--quiet", f"standin-server@{qube}"], check=False).returncode == 0
        domains[qube] = {**domains[qube], "power_state": "Running" if active else "Halted"}
    return {"domains": domains}


def called(target, call):
    """What the caller is told (nothing, if it is hung up on), and the server."""
    service, _, argument = call.partition("+")
    system = following() if setting.get("follows") else setting["system"]
    request = {"service": service, "argument": f"+{argument}", "source": setting["name"], "target": target}
    try:
        answer = policies.decide(request, system)
    except evaluate.PolicyError as error:
        answer = {"allow": False, "why": str(error)}
    if setting.get("follows"):
        halted = answer["allow"] and system["domains"][answer["target"]]["power_state"] == "Halted"
        if halted:
            # qubesd's answer comes when the qube is up. The policy said nothing of autostart=no, or the call would not be allowed.
            subprocess.run(["systemctl", "start", f"standin-server@{answer['target']}"], check=True)
        with lock, open("/run/standin-calls", "a", encoding="utf-8") as calls:
            calls.write(f"{'started' if halted else 'allowed' if answer['allow'] else 'refused'} {answer['target'] or 'nobody'}\n")
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
