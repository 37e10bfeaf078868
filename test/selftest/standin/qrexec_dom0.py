# SPDX-License-Identifier: GPL-3.0-or-later
"""dom0's and the agents' part of qrexec between containers: qrexec_dom0.py EVALUATOR WORLD POLICIES, until its standard input ends.

Stands for: the agents of all qubes in WORLD (qvm.py has its form), each at the socket in its own container where qrexec_client_vm.py looks for it;
qrexec-policy-daemon, by a small evaluator of its own on the files in POLICIES, read anew for each call; and the target's qubes.ConnectTCP,
which dials the target's own loopback. A refused call is hung up on. Does not model: starting a qube; a target that does not run is an error.
"""
import importlib.util
import json
import os
import socket
import sys
import threading

evaluator, world_file, policies = sys.argv[1:]
spec = importlib.util.spec_from_file_location("evaluate", evaluator)
evaluate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(evaluate)


def world():
    with open(world_file, encoding="utf-8") as file:
        return json.load(file)["qubes"]


def dial(pid, port):
    """A connection to a port of a container's loopback; this thread lives in its network from then on."""
    with open(f"/proc/{pid}/ns/net", "rb") as net:
        os.setns(net.fileno(), 0x40000000) if hasattr(os, "setns") else setns(net.fileno())
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def setns(descriptor):
    import ctypes  # Python 3.11 has no os.setns

    if ctypes.CDLL(None, use_errno=True).setns(descriptor, 0x40000000) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def serve(source, caller):
    with caller, caller.makefile("r", encoding="utf-8") as words:
        target, call = json.loads(words.readline())
        service, _, argument = call.partition("+")
        qubes = world()
        system = {"domains": {name: {"tags": one["tags"], "power_state": "Running" if one["pid"] else "Halted"} for name, one in qubes.items()}}
        try:
            answer = evaluate.load(policies).decide({"service": service, "argument": f"+{argument}", "source": source, "target": target}, system)
        except evaluate.PolicyError:
            return
        if not answer["allow"]:
            return
        try:
            server = dial(qubes[answer["target"]]["pid"], int(argument))
        except (OSError, KeyError) as error:
            caller.sendall(json.dumps({"status": 125, "words": str(error)}).encode())
            return
        with server:
            # Else the descriptor that is passed on would not wait for data.
            server.settimeout(None)
            socket.send_fds(caller, [json.dumps({"status": 0}).encode()], [server.fileno()])


def listen(name, pid):
    folder = f"/proc/{pid}/root/run/qubes"
    path = f"{folder}/qrexec-agent"
    agent = socket.socket(socket.AF_UNIX)
    agent.bind(path)
    os.chmod(path, 0o666)
    agent.listen(64)
    while True:
        threading.Thread(target=serve, args=(name, agent.accept()[0]), daemon=True).start()


for qube, one in world().items():
    threading.Thread(target=listen, args=(qube, one["pid"]), daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
