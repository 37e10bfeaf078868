# SPDX-License-Identifier: GPL-3.0-or-later
"""Applies a formula tree to the stand-in dom0 and says what happened, as one JSON document on stdout.

    sh test/sandbox.sh STATE VENV/bin/python $PWD/test/dom0/apply.py --root TREE --formula NAME [options]

TREE has srv/formulas/base/<formula>-formula/ and etc/salt/minion.d/formula-<formula>.conf, and perhaps
srv/pillar/base/<formula>/. Exit 0 whatever the formula does; anything else is a bug of this program.
Runs inside test/sandbox.sh only: it writes /etc, /srv and /var.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import time
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from standin import audit, findings, minion, setup, stock, topd, world  # noqa: E402

WATCHED = ("/etc/qubes", "/etc/systemd", "/var/lib")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--root", required=True, help="the tree")
    parser.add_argument("--formula", required=True)
    parser.add_argument("--world", help="JSON: a whole stored world (has `format`), or what differs from a fresh dom0")
    parser.add_argument("--keep", action="store_true", help="go on with the world and files that STATE holds")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--test", action="store_true", help="state.highstate test=True")
    parser.add_argument("--release", choices=("4.2", "4.3"), default="4.3")
    parser.add_argument("--own", help="comma-separated; otherwise whatever the tree creates or names in its top file")
    parser.add_argument("--foreign", action="append", default=[], metavar="NAME=CLASS:TEMPLATE:TAG,TAG",
                        help="plant a qube before the first run")  # fmt: skip
    return parser.parse_args()


def main() -> int:
    options = arguments()
    if "SANDBOX_STATE" not in os.environ:
        print("apply.py writes /etc, /srv and /var: run it inside test/sandbox.sh", file=sys.stderr)
        return 1
    started = time.monotonic()
    stored = None if options.keep else planted(stored_world(options), options.foreign)
    setup.prepare(stored, options.release, set())
    install(options.root)
    document = judge(options)
    document["seconds"] = round(time.monotonic() - started, 2)
    json.dump(document, sys.stdout, default=str)
    return 0


def stored_world(options: argparse.Namespace) -> dict[str, Any]:
    fresh = stock.world(options.release)
    if options.world is None:
        return fresh
    with open(options.world, encoding="utf-8") as file:
        given = json.load(file)
    return given if "format" in given else _merge(fresh, given)


def _merge(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """`change` over `base`; a qube that is new gets what a new qube has, null removes."""
    for key, value in change.items():
        if value is None and key in base and isinstance(base[key], dict):
            del base[key]
        elif isinstance(value, dict) and isinstance(base.get(key), dict):
            base[key] = _merge(base[key], value)
        elif isinstance(value, dict) and "klass" in value:
            base[key] = _merge(stock.qube(value["klass"], "red"), value)
        else:
            base[key] = value
    return base


def planted(dom0: dict[str, Any], foreign: list[str]) -> dict[str, Any]:
    for text in foreign:
        name, _, rest = text.partition("=")
        klass, template, tags = [*rest.split(":"), "", ""][:3]
        made = stock.qube(klass, "red", tags=tuple(filter(None, tags.split(","))))
        if template:
            made["properties"]["template"] = template
        dom0["qubes"][name] = made
    return dom0


def install(root: str) -> None:
    """Put the tree where dom0 would have it; what an earlier call left there goes."""
    for part in ("srv/formulas", "srv/pillar/base", "etc/salt/minion.d"):
        source, target = os.path.join(root, part), f"/{part}"
        if part.startswith("srv"):
            shutil.rmtree(target, ignore_errors=True)
        if os.path.isdir(source):
            shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
        os.makedirs(target, exist_ok=True)
    for base in ("/srv/salt", "/srv/pillar"):
        shutil.rmtree(f"{base}/_tops", ignore_errors=True)


def judge(options: argparse.Namespace) -> dict[str, Any]:
    opts = minion.options("dom0")
    document: dict[str, Any] = {"salt": minion.version(), "release": options.release, "formula": options.formula}
    document["enabled"] = enable(opts["file_roots"], opts["pillar_roots"], options.formula)
    document["minions"] = {"dom0": minion.render("dom0")}
    targets = audit.targets(options.formula)
    for target in targets:
        document["minions"][target] = minion.render(target)
    low = document["minions"]["dom0"]["low"]
    own = set(options.own.split(",")) if options.own else audit.own_names(low, targets) - stock.names(options.release)
    setup.environment(own)
    document["own"] = sorted(own)
    document["runs"] = [run(options.test) for _number in range(options.runs)]
    audit.tree(options.formula)
    audit.low_states(options.formula, document["minions"], world.load())
    document["findings"] = findings.read(os.environ["DOM0_STANDIN_FINDINGS"])
    return document


def enable(roots: topd.Roots, pillar_roots: topd.Roots, formula: str) -> list[str]:
    """What install.sh does: `qubesctl top.enable <formula>`, and its pillar's if there is one."""
    try:
        done = topd.enable(roots, "/srv/salt", [formula])
        if formula in topd.available(pillar_roots):
            done += [f"pillar {line}" for line in topd.enable(pillar_roots, "/srv/pillar", [formula])]
    except LookupError as unknown:
        findings.record("top-not-enabled", str(unknown))
        return []
    return done


def run(test: bool) -> dict[str, Any]:
    before, files_before, started = world.load(), files(), time.monotonic()
    # A Salt of its own for each run, as `qubesctl` starts one: and the modules of two minions share their __opts__,
    # so whoever was asked last would answer.
    done = minion.apply(minion.caller(test=test))
    after, files_after = world.load(), files()
    if test and (before != after or files_before != files_after):
        findings.record("written-in-test-mode", "state.highstate test=True changed dom0")
    audit.policies()
    return {
        **done,
        "changed": [state["id"] for state in done["states"] if state["changes"]],
        "failed": [state["id"] for state in done["states"] if state["result"] is False],
        "before": before, "after": after,
        "files": files_after,
        "written": sorted(path for path in files_after if files_after[path] != files_before.get(path)),
        "removed": sorted(set(files_before) - set(files_after)),
        "seconds": round(time.monotonic() - started, 2),
    }  # fmt: skip


def files() -> dict[str, dict[str, Any]]:
    """Every file that a formula may write in dom0, with its mode, owner and digest."""
    found = {}
    for top in WATCHED:
        for directory, _names, contents in os.walk(top):
            for name in contents:
                path = os.path.join(directory, name)
                about = os.lstat(path)
                with open(path, "rb") as file:
                    digest = hashlib.sha256(file.read()).hexdigest()
                found[path] = {"mode": f"{about.st_mode & 0o7777:04o}", "owner": f"{about.st_uid}:{about.st_gid}", "sha256": digest}
    return found


if __name__ == "__main__":
    sys.exit(main())
