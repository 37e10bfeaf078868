# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the system test's hypervisor (machine.ts) something, from inside its dom0: ask(do=…) -> what it answers."""
import json
import socket

SOCKET = "/run/system/hypervisor"


def ask(**request):
    """One question, one answer; a failure of the hypervisor is one of the test."""
    with socket.socket(socket.AF_UNIX) as hypervisor:
        hypervisor.connect(SOCKET)
        hypervisor.sendall(json.dumps(request).encode() + b"\n")
        answer = json.loads(hypervisor.makefile("rb").readline())
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return answer
