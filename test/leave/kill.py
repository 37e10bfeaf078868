#!/usr/bin/python3 -I
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills uninstall.sh before each step that changes anything, one after the other, inside the stand-in dom0: kill.py TREE

A step is a file that is removed, renamed or opened to be written, or a program that changes something and is started. After each kill the
machine must be in order, and a second run, of the unpacked or of the stored copy, must finish the work. Of the many files of a version every
25th is a step. Prints counts as a line of JSON, or fails with what is wrong.
"""
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys

TREE = sys.argv[1]
STORE, LINK = "/var/lib/qwbtc-salt/qwbtc", "/srv/formulas/base/qwbtc-formula"
POLICY = "/etc/qubes/policy.d/{}-qwbtc.policy"
WORLD = os.environ["DOM0_STANDIN_WORLD"]
KEPT = ("/etc/salt/minion.d", "/etc/qubes/policy.d", "/srv/salt", "/srv/formulas", "/srv/pillar", "/var/lib/qwbtc-salt")

# In the place of python3: the very script, but killed at its Nth step.
HOOK = """
import os, sys
left, many = int(os.environ["KILL_AT"]), 0
def step(event, arguments):
    global left, many
    writes = event == "open" and isinstance(arguments[1], str) and "w" in arguments[1]
    starts = event == "subprocess.Popen" and arguments[0] in ("qubesctl", "qvm-remove", "qvm-shutdown")
    if event in ("os.remove", "os.rmdir", "os.rename") or writes or starts:
        inside = event in ("os.remove", "os.rmdir") and isinstance(arguments[0], str) and "/" not in arguments[0]
        many += inside
        if inside and many % 25:
            return
        if left == 0:
            os.kill(os.getpid(), 9)
        left -= 1
sys.addaudithook(step)
code, sys.argv = sys.argv[1], ["-c", *sys.argv[2:]]
exec(compile(code, "uninstall", "exec"))
"""


# What the stand-in's qubesctl does with top.disable, without loading a Salt each time.
DISABLE = """#!/bin/sh
[ "$1 $2" = "top.disable qwbtc" ] || exit 1
case ${3-} in pillar=True) rm -f /srv/pillar/_tops/base/qwbtc.top ;; *) rm -f /srv/salt/_tops/base/qwbtc.top ;; esac
"""


def save():
    for path in KEPT:
        shutil.copytree(path, f"/tmp/saved{path}", symlinks=True)
    shutil.copy(WORLD, "/tmp/saved/world.json")


def restore():
    for path in KEPT:
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(f"/tmp/saved{path}", path, symlinks=True)
    shutil.copy("/tmp/saved/world.json", WORLD)


def tagged():
    with open(WORLD) as file:
        return [name for name, qube in json.load(file)["qubes"].items() if "qwbtc" in qube["tags"]]


def check(where):
    """What must hold at every moment."""
    for at, folders, files in os.walk("/srv"):
        for name in folders + files:
            path = os.path.join(at, name)
            assert os.path.exists(path), f"{where}: a dangling link, which fails every apply: {path}"
    if tagged():
        assert os.path.exists(POLICY.format(45)), f"{where}: qubes are left, and nothing keeps them shut"
    if not (os.path.lexists("/srv/salt/_tops/base/qwbtc.top") and os.path.lexists(LINK)) or len(tagged()) < QUBES:
        assert not os.path.exists(POLICY.format(80)), f"{where}: links still work while the rest goes"
    if os.path.lexists("/srv/salt/_tops/base/qwbtc.top"):
        assert os.path.exists("/etc/salt/minion.d/formula-qwbtc.conf"), f"{where}: a top without its root"


def run(script, options, at=None):
    terminal = [sys.executable, "-I", f"{os.path.dirname(os.path.abspath(__file__))}/at-terminal.py"]
    env = {**os.environ, "PATH": f"/tmp/cut:{os.environ['PATH']}", "KILL_AT": "1000" if at is None else str(at)}
    return subprocess.run([*terminal, "yes\nbitcoin-server", script, *options], env=env, capture_output=True, text=True)


def over(all_qubes):
    assert not os.path.exists(POLICY.format(80)) and not os.path.lexists(LINK) and not os.path.exists("/var/lib/qwbtc-salt")
    assert not os.path.lexists("/srv/salt/_tops/base/qwbtc.top") and not os.path.exists("/etc/salt/minion.d/formula-qwbtc.conf")
    assert bool(tagged()) != all_qubes and os.path.exists(POLICY.format(45)) != all_qubes


def every_step(script, options):
    other = f"{TREE}/uninstall.sh"
    for step in range(1000):
        restore()
        cut = run(script, options, step)
        check(f"{script}, step {step}")
        if cut.returncode == 0:
            return step
        assert cut.returncode == 128 + signal.SIGKILL, cut.stdout
        # The same command once more; where the stored copy is gone already, that of the unpacked tree.
        again = run(script if os.path.exists(script) else other, options)
        assert again.returncode == 0, f"{script}, step {step}: {again.stdout}"
        over(bool(options))
    raise AssertionError("it never ends")


os.mkdir("/tmp/cut")
with open("/tmp/cut/hook.py", "w") as hook:
    hook.write(HOOK)
with open("/tmp/cut/python3", "w") as python:
    python.write('#!/bin/sh\nshift 2\nexec /usr/bin/python3 -I /tmp/cut/hook.py "$@"\n')
with open("/tmp/cut/qubesctl", "w") as program:
    program.write(DISABLE)
for program in ("python3", "qubesctl"):
    os.chmod(f"/tmp/cut/{program}", 0o755)
save()
QUBES = len(tagged())
with open(f"{TREE}/SHA256SUMS", "rb") as sums:
    stored = f"{STORE}/{hashlib.sha256(sums.read()).hexdigest()}/uninstall.sh"
counts = {"with all qubes, from the tree": every_step(f"{TREE}/uninstall.sh", ["--all-qubes"])}
counts["from the stored copy"] = every_step(stored, [])
print(json.dumps(counts))
