#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks for what would keep the tree around it from working on this machine, each with its fix, and writes nothing. In dom0:

    ./doctor                what can be seen as dom0's ordinary user
    sudo ./doctor           also what only root can see: /srv, the pillar, the machine's memory
    ./doctor --format json  the same for programs

It starts no qube. What it needs to know of the tree stands in MANIFEST.json beside it.
Exit: 0 all is well, or only worth a thought (warn); 1 something is bad; 2 it cannot look.
"""

import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))

from qwbtc_salt import checks, places, room  # noqa: E402
from qwbtc_salt.machine import Machine, unanswered  # noqa: E402
from qwbtc_salt.policy import Policy  # noqa: E402
from qwbtc_salt.shadows import domains_of  # noqa: E402
from qwbtc_salt.tree import Complaint, folded, is_root, own_tree, run  # noqa: E402


def findings(tree, machine):
    """All checks, in the order in which a person would mend things."""
    policy = Policy({name: tree.policy_text(name) for name in tree.policies})
    domains = domains_of(tree, machine)
    for check in (checks.release, checks.salt, checks.management, checks.templates, checks.names, checks.upstreams):
        yield from check(tree, machine)
    yield from checks.updates(tree, machine, policy, domains)
    for check in (room.pools, room.memory):
        yield from check(tree, machine)
    yield from places.policies(tree, policy, domains)
    for check in (places.links, places.shadowing, places.installed, places.pillar):
        yield from check(tree)
    yield from places.others(tree, machine)
    yield from places.markers(tree, machine)


def text(tree, found):
    print(folded(f"Doctor for formula {tree.formula}, version {tree.short}."))
    print()
    for level in ("bad", "warn", "ok"):
        for one in found:
            if one.level == level:
                print(folded(one.what, " " * 6, f"{level:4}  "))
                if one.fix:
                    print(folded(f"why: {one.why}", " " * 11, " " * 6))
                    print(folded(f"fix: {one.fix}", " " * 11, " " * 6))
        if any(one.level == level for one in found):
            print()
    bad, warn = (sum(1 for one in found if one.level == level) for level in ("bad", "warn"))
    print(folded(f"{bad} bad, {warn} to think about." + ("" if is_root() else " With sudo more can be seen.")))


def main(words):
    if any(word in ("-h", "--help") for word in words):
        print(__doc__)
        return 0
    if words not in ([], ["--format", "json"], ["--format=json"], ["--format", "text"], ["--format=text"]):
        raise Complaint(f"doctor does not know {' '.join(words)!r}", "it takes --format json, or nothing", "./doctor --help")
    tree = own_tree(__file__)
    machine = Machine()
    try:
        found = list(findings(tree, machine))
    except machine.refusals as error:
        raise unanswered(error) from None
    code = 1 if any(one.level == "bad" for one in found) else 0
    if any(word.endswith("json") for word in words):
        shown = {"format": 1, "formula": tree.formula, "version": tree.digest, "root": is_root(), "exit": code}
        print(json.dumps({**shown, "findings": [one._asdict() for one in found]}, indent=2))
    else:
        text(tree, found)
    return code


if __name__ == "__main__":
    run(main)
