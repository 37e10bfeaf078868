# SPDX-License-Identifier: GPL-3.0-or-later
"""dom0's half of qrexec, for the system test: qrexecd.py STATE, outside of every qube. Ends when its standard input does.

Stands for qubes-core-qrexec daemon/qrexec-daemon.c and qrexec/tools/qrexec_policy_exec.py of every qube: STATE/etc/qubes/policy.d decides (by
test/policy/evaluate.py, which is not the product's), read anew for each call, on what the stored dom0 knows of the qubes; a target that is not
running and may be started is started, as `qvm-start` would, and waited for; then its agent connects.
Who calls is known by the socket, which only that qube has: a line of standard input, {"qube": NAME}, makes STATE/run/system/qubes/NAME/dom0.sock.
Every call is a line of STATE/run/system/calls. Does not model: questions to the user (nobody is there: refused).
"""
import json
import os
import socket
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../policy"), os.path.join(HERE, "../dom0")]
STATE = os.path.abspath(sys.argv[1])
os.environ["DOM0_STANDIN_WORLD"] = f"{STATE}/run/dom0-standin/world.json"

import evaluate  # noqa: E402
from standin import properties, qubes, refused, world  # noqa: E402

RUN = f"{STATE}/run/system"
# qubes-core-admin qubes/vm/qubesvm.py: default_qrexec_timeout.
PATIENCE = 60
writing = threading.Lock()


def system(dom0):
    """What the policy is told of the qubes."""
    found = {}
    for name, held in dom0["qubes"].items():
        if name != "dom0":
            klass = held["klass"]
            found[name] = {"tags": held["tags"], "type": klass, "power_state": held["power_state"],
                           "default_dispvm": properties.get(dom0, name, "default_dispvm"),
                           "template_for_dispvms": klass == "AppVM" and properties.get(dom0, name, "template_for_dispvms")}  # fmt: skip
    return {"domains": found}


def decide(source, target, call):
    """The policy's answer; where it cannot be read, dom0 refuses everything."""
    service, _, argument = call.partition("+")
    request = {"service": service, "argument": f"+{argument}", "source": source, "target": target}
    try:
        return request, evaluate.load(f"{STATE}/etc/qubes/policy.d").decide(request, system(world.load()))
    except evaluate.PolicyError as error:
        return request, {"allow": False, "target": None, "why": str(error)}


def start(target):
    """As admin.vm.Start; whether it was halted."""
    with world.changing() as dom0:
        if dom0["qubes"][target]["power_state"] == "Running":
            return False
        qubes.start(dom0, target, skip_if_running=True)
        return True


def connect(target, request, patience):
    """The target's agent's answer, and the connection to the server."""
    ends = time.monotonic() + patience
    while True:
        try:
            agent = socket.socket(socket.AF_UNIX)
            agent.connect(f"{RUN}/qubes/{target}/agent.sock")
            break
        except OSError:
            agent.close()
            if time.monotonic() > ends:
                return {"status": 1, "words": f"stand-in: {target} has no agent"}, []
            time.sleep(0.05)
    with agent:
        agent.sendall(json.dumps([request["service"], request["argument"]]).encode() + b"\n")
        data, passed, _flags, _address = socket.recv_fds(agent, 1 << 16, 1)
        return (json.loads(data), passed) if data else ({"status": 1, "words": "stand-in: the agent hung up"}, passed)


def serve(source, caller):
    """One call of a qube."""
    with caller:
        words = caller.makefile("rb").readline()
        if not words:
            return
        request, answer = decide(source, *json.loads(words))
        passed, started = [], False
        try:
            if answer["allow"]:
                # One that was halted since it was asked about is not started either (qubes-core-qrexec daemon/qrexec-daemon-common.c qrexec_execute_vm, autostart).
                started = answer["autostart"] and start(answer["target"])
                answer_of, passed = connect(answer["target"], request, PATIENCE if started else 10)
                socket.send_fds(caller, [json.dumps(answer_of).encode()], passed)
        except refused.Refused as error:
            answer |= {"allow": False, "why": str(error)}
        finally:
            for number in passed:
                os.close(number)
            note = {**request, "allow": answer["allow"], "to": answer["target"], "started": started, "why": answer["why"]}
            with writing, open(f"{RUN}/calls", "a", encoding="utf-8") as calls:
                calls.write(json.dumps(note) + "\n")


def listen(source):
    """A qube's own socket."""
    path = f"{RUN}/qubes/{source}/dom0.sock"
    listener = socket.socket(socket.AF_UNIX)
    mask = os.umask(0o177)
    listener.bind(path)
    os.umask(mask)
    listener.listen(1024)

    def one(caller):
        try:
            serve(source, caller)
        except OSError as error:
            print(f"qrexecd: {source}: {error}", file=sys.stderr)

    def loop():
        while True:
            threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()


for line in sys.stdin:
    listen(json.loads(line)["qube"])
    print(line.strip(), flush=True)
