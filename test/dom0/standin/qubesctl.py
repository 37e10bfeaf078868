# SPDX-License-Identifier: GPL-3.0-or-later
"""qubesctl [--dom0-only] top.enable|top.disable|top.enabled|state.apply|state.highstate … : dom0's part.

Stands for: qubes-mgmt-salt qubesctl and salt-call --local; exit 2 for a failed state, 1 for one that does not compile.
Does not model: qubes (--all and the like are taken, and only dom0 is applied), every other function.
"""

from __future__ import annotations

import os
import sys

from . import minion, setup, topd

OPTIONS = ("--all", "--templates", "--standalones", "--app", "--show-output", "--force-color", "--dom0-only", "--skip-top-check")


def main(arguments: list[str]) -> int:
    command = list(arguments)
    while command and command[0].startswith("--"):
        if command[0] not in OPTIONS and not command[0].startswith(("--targets=", "--max-concurrency=")):
            print(f"qubesctl: error: unrecognized arguments: {command[0]}", file=sys.stderr)
            return 2
        command.pop(0)
    if not command:
        print("qubesctl: error: the following arguments are required: command", file=sys.stderr)
        return 2
    late = [word for word in command[1:] if word.startswith("--")]
    if late:
        # argparse.REMAINDER: what follows the function goes to salt-call, which does not know it.
        print(f"Usage: salt-call [options] <function> [arguments]\nsalt-call: error: no such option: {late[0]}", file=sys.stderr)
        return 2
    setup.environment(set(filter(None, os.environ.get("DOM0_STANDIN_OWN", "").split(","))))
    if command[0].startswith("top."):
        return _top(command[0], command[1:])
    if command[0] in ("state.apply", "state.highstate"):
        return _apply(command)
    print(f"qubesctl: not modelled: {command[0]}", file=sys.stderr)
    return 1


def _top(function: str, words: list[str]) -> int:
    pillar = "pillar=True" in words
    names = [word for word in words if "=" not in word]
    base = "/srv/pillar" if pillar else "/srv/salt"
    opts = minion.options("dom0")
    if function == "top.enabled":
        print("\n".join(topd.enabled(base)))
        return 0
    if function == "top.disable":
        print("\n".join(topd.disable(base, names)))
        return 0
    if function == "top.disabled":
        known = topd.available(opts["pillar_roots" if pillar else "file_roots"])
        print("\n".join(sorted(set(known) - set(topd.enabled(base)))))
        return 0
    if function != "top.enable":
        print(f"qubesctl: not modelled: {function}", file=sys.stderr)
        return 1
    try:
        print("\n".join(topd.enable(opts["pillar_roots" if pillar else "file_roots"], base, names)))
    except LookupError as unknown:
        print(f"Error running 'top.enable': {unknown}", file=sys.stderr)
        return 1
    return 0


def _apply(command: list[str]) -> int:
    test = any(word.lower() in ("test=true", "test=1") for word in command[1:])
    names = [word for word in command[1:] if "=" not in word]
    done = minion.apply(minion.caller(test=test), "state.highstate" if not names else "state.sls", *names)
    for error in done["errors"]:
        print(error)
    for state in done["states"]:
        mark = {True: "ok", False: "FAILED", None: "would change"}[state["result"]]
        print(f"{mark}: {state['id']} ({state['function']}): {state['comment'].strip()}")
    failed = sum(state["result"] is False for state in done["states"])
    print(f"\nSucceeded: {len(done['states']) - failed}\nFailed: {failed}")
    return done["exit"]
