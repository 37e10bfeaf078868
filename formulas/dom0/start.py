#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the system whose tree this file lies in. For daily use, in dom0, as its ordinary user:

    ./start                 all that serves others (node, servers), each after what it needs
    ./start QUBE ...        these qubes, after what they need: ./start electrum-client
    ./start --list [QUBE ...]  says what would be started, in which order; starts nothing

It reads every name from MANIFEST.json beside it, starts only qubes that bear the formula's tag, changes no setting and needs no root rights.
A qube that runs already is left alone. Daemons wait for each other by themselves, so this command does not wait for them.
Exit: 0 all of it runs; 1 something could not be started; 2 a wrong name, or no MANIFEST.json.
"""

import json
import os
import subprocess
import sys


def complain(what, why, fix):
    print(f"error: {what}\n  why: {why}\n  fix: {fix}", file=sys.stderr)


def read_manifest():
    path = os.path.join(os.path.dirname(os.path.realpath(__file__)), "MANIFEST.json")
    try:
        with open(path, encoding="utf-8") as file:
            manifest = json.load(file)
        return manifest["formula"], manifest["qubes"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        complain(f"{path} cannot be read: {error}", "it holds the names of the qubes", "run start from an unpacked tree")
        sys.exit(2)


def in_order(qubes, wanted):
    """The wanted qubes, each after all that it needs; the tree has no loops in it."""
    order = []

    def visit(name):
        if name in order:
            return
        for need in qubes[name]["needs"]:
            visit(need)
        order.append(name)

    for name in wanted:
        visit(name)
    return order


def answers(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def obstacle(formula, name, qube):
    """Why a qube cannot be started, with the fix, or None."""
    if answers("qvm-check", "-q", "--", name).returncode != 0:
        return "there is no such qube yet", "apply the states first: see README.md"
    tags = answers("qvm-tags", "--", name, "list").stdout.split()
    if formula not in tags:
        return f"it does not bear the tag {formula}, so it is not the qube that the states made", "see what it is: qvm-ls"
    if qube.get("leftToUser") and answers("qvm-prefs", "--get", "--", name, "netvm").stdout.strip() in ("", "None"):
        return "it has no net qube yet: bridges come first, by hand", "see README.md, By hand"
    return None


def start(formula, qubes, order):
    failed = set()
    for name in order:
        missing = [need for need in qubes[name]["needs"] if need in failed]
        if missing:
            print(f"{name}: not started, for it needs {', '.join(missing)}")
            failed.add(name)
            continue
        found = obstacle(formula, name, qubes[name])
        if found:
            complain(f"{name} cannot be started", *found)
            failed.add(name)
        elif answers("qvm-check", "-q", "--running", "--", name).returncode == 0:
            print(f"{name}: runs already")
        elif (done := answers("qvm-start", "--skip-if-running", "--", name)).returncode == 0:
            print(f"{name}: started")
        else:
            complain(f"{name} did not start", " ".join(done.stderr.split()) or "qvm-start does not say", "see its log: journalctl -u qubesd")
            failed.add(name)
    return 1 if failed else 0


def main(words):
    if any(word in ("-h", "--help") for word in words):
        print(__doc__)
        return 0
    formula, qubes = read_manifest()
    listing = words[:1] == ["--list"]
    wanted = words[1:] if listing else words
    unknown = [name for name in wanted if name not in qubes]
    if unknown:
        complain(f"no qube of this tree is called {', '.join(unknown)}", f"it has {', '.join(sorted(qubes))}", "name some of these, or none")
        return 2
    order = in_order(qubes, wanted or sorted(name for name in qubes if qubes[name]["daemon"]))
    if listing:
        print("\n".join(order))
        return 0
    return start(formula, qubes, order)


sys.exit(main(sys.argv[1:]))
