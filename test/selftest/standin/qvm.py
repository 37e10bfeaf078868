#!/usr/bin/python3 -IB
# SPDX-License-Identifier: GPL-3.0-or-later
"""dom0's qvm-check, qvm-tags, qvm-prefs, qvm-start, qvm-run and qrexec-policy-exec, by the name it is called by, for qubes that are containers.

/etc/standin-world.json is {"qubes": {NAME: {"pid": of its PID 1, or 0 where it does not run, "tags": [...], "prefs": {...}, "says": COMMAND}}}.
With `says`, qvm-run runs that here in place of the qube: what a qube in foreign hands sends. Exit codes as the real ones (qubes-core-admin-client
qubesadmin/tools). Strict: options and properties that selftest does not need are refused, and so is a call of qvm-run that would start a qube.
A started qube has the pid 1 here. The policy is decided by a small evaluator of its own, policy/evaluate.py.
"""
import json
import os
import subprocess
import sys

tool, words = os.path.basename(sys.argv[0]), sys.argv[1:]
with open("/etc/standin-world.json", encoding="utf-8") as file:
    qubes = json.load(file)["qubes"]


def policy():
    """
    qrexec-policy-exec --just-evaluate --assume-yes-for-ask: 0 for allow, and for a question about the qube that is named; 1 for deny, for a question
    about nobody, and for whatever goes wrong. The real ones of 4.2 and 4.3 were seen to do so.
    """
    if words[:3] != ["--just-evaluate", "--assume-yes-for-ask", "--"] or len(words) != 6:
        refuse(f"stand-in: called with {words}")
    sys.path.insert(0, "/root/bin")
    import evaluate

    service, _, argument = words[5].partition("+")
    system = {"domains": {name: {"tags": one["tags"], "power_state": "Running" if one["pid"] else "Halted"} for name, one in qubes.items()}}
    try:
        answer = evaluate.load("/etc/qubes/policy.d").decide({"service": service, "argument": f"+{argument}", "source": words[3], "target": words[4]}, system)
    except evaluate.PolicyError:
        sys.exit(1)
    sys.exit(0 if answer["allow"] or (answer["ask"] and words[4] != "@default") else 1)


def refuse(text, code=2):
    print(f"{tool}: {text}", file=sys.stderr)
    sys.exit(code)


def split():
    if "--" not in words:
        refuse("stand-in: names stand behind --")
    at = words.index("--")
    return words[:at], words[at + 1 :]


def domain(name):
    if name not in qubes:
        refuse(f"error: no such domain: '{name}'", 1 if tool == "qvm-run" else 2)
    return qubes[name]


if tool == "qrexec-policy-exec":
    policy()
options, rest = split()
if tool == "qvm-check":
    if options not in (["-q"], ["-q", "--running"]) or len(rest) != 1:
        refuse(f"stand-in: called with {words}")
    one = qubes.get(rest[0])
    sys.exit(0 if one and (len(options) == 1 or one["pid"]) else 1)
if tool == "qvm-tags":
    if options or rest[1:] != ["list"]:
        refuse(f"stand-in: called with {words}")
    print("\n".join(domain(rest[0])["tags"]))
elif tool == "qvm-prefs":
    if options != ["--get"] or len(rest) != 2 or rest[1] not in ("netvm", "default_dispvm", "ip"):
        refuse(f"stand-in: called with {words}")
    print(domain(rest[0])["prefs"].get(rest[1]) or "None")
elif tool == "qvm-start":
    if options != ["--skip-if-running"] or len(rest) != 1:
        refuse(f"stand-in: called with {words}")
    domain(rest[0])["pid"] = domain(rest[0])["pid"] or 1
    with open("/etc/standin-world.json", "w", encoding="utf-8") as file:
        json.dump({"qubes": qubes}, file)
elif tool == "qvm-run":
    if sorted(options) != sorted(["--pass-io", "--no-gui", "--no-autostart", "-u", "root"]) or len(rest) != 2:
        refuse(f"stand-in: called with {words}")
    one = domain(rest[0])
    if "says" in one:
        os.execv("/bin/sh", ["sh", "-c", one["says"]])
    if not one["pid"]:
        refuse(f"domain {rest[0]} is not running", 1)
    # As qubes.VMShell: a shell of the qube with nothing of dom0's environment, which reads the command from its standard input; what follows
    # there is the command's own (qubesadmin/vm/__init__.py, prepare_input_for_vmshell).
    clean = ["env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "USER=root"]
    shell = subprocess.Popen(["nsenter", "-t", str(one["pid"]), "-a", *clean, "bash"], stdin=subprocess.PIPE)
    try:
        shell.stdin.write(rest[1].rstrip("\n").encode() + b"; exit\n")
        shell.stdin.flush()
        while data := os.read(0, 65536):
            shell.stdin.write(data)
            shell.stdin.flush()
        shell.stdin.close()
    except BrokenPipeError:
        pass
    sys.exit(shell.wait() & 0xFF)
else:
    refuse("stand-in: no such tool")
