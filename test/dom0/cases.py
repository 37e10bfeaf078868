# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the cases of cases/*.yaml (read by dom0-standin.test.ts) in one Salt process.

    sh test/sandbox.sh STATE VENV/bin/python $PWD/test/dom0/cases.py CASES.json

Cases that can live beside each other share a highstate: each has IDs and qubes of its own, and what happened is sorted
out by those. A case that spoils the others (it does not compile, it is about the tree) stands alone.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from apply import _merge  # noqa: E402
from standin import audit, findings, minion, policy, setup, stock, topd, world  # noqa: E402

Case = dict[str, Any]
ROOT = "/srv/formulas/base/case-formula"
FORMULA = f"{ROOT}/case"
DROP_IN = "/etc/salt/minion.d/formula-case.conf"


def main(path: str) -> int:
    with open(path, encoding="utf-8") as file:
        cases: list[Case] = json.load(file)
    answers: dict[str, Any] = {}
    for release in ("4.3", "4.2"):
        for test in (False, True):
            together = [case for case in cases if "sls" in case and not case.get("alone") and not case.get("qube")
                        and case.get("release", "4.3") == release and case.get("test", False) == test]  # fmt: skip
            if together:
                answers.update(apply_together(together, release, test))
    in_qubes = [case for case in cases if case.get("qube")]
    if in_qubes:
        answers.update(render_in_qubes(in_qubes))
    for case in cases:
        if "shell" in case:
            answers[case["case"]] = shell(case)
        elif "policy" in case:
            answers[case["case"]] = lint(case)
        elif "tree" in case or case.get("alone"):
            answers[case["case"]] = alone(case)
    json.dump({"salt": minion.version(), "answers": answers}, sys.stdout, default=str)
    return 0


def fresh(cases: list[Case], release: str = "4.3") -> set[str]:
    """A fresh dom0 with what the cases plant; gives the formula's own names."""
    dom0 = stock.world(release)
    own: set[str] = set()
    for case in cases:
        dom0 = _merge(dom0, case.get("world", {}))
        own |= set(case.get("world", {}).get("qubes", {})) - set(case.get("foreign", []))
        own |= set(case.get("own", []))
    own -= stock.names(release)
    for directory in (ROOT, "/srv/salt/_tops", "/etc/qubes/policy.d", "/var/lib/qwbtc-salt", "/srv/pillar/base"):
        shutil.rmtree(directory, ignore_errors=True)
    for name in os.listdir("/etc/salt/minion.d") if os.path.isdir("/etc/salt/minion.d") else []:
        os.unlink(f"/etc/salt/minion.d/{name}")
    setup.prepare(dom0, release, own)
    write(DROP_IN, json.dumps({"file_roots": {"base": [ROOT]}}))
    return own


def write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def write_tree(cases: list[Case], targets: dict[str, list[Any]]) -> None:
    """An init.top, and the states of all the cases as one JSON document, which is YAML too."""
    states: dict[str, Any] = {}
    for case in cases:
        for identifier, state in case["sls"].items():
            if identifier in states:
                raise ValueError(f"two cases have a state {identifier}")
            states[identifier] = state
    write(f"{FORMULA}/init.sls", "#!yaml\n" + json.dumps(states))
    write(f"{FORMULA}/init.top", "#!yaml\n" + json.dumps({"base": targets}))
    for case in cases:
        for name, text in case.get("files", {}).items():
            write(f"{FORMULA}/{name}", text)


def found() -> list[dict[str, Any]]:
    listed = findings.read(os.environ["DOM0_STANDIN_FINDINGS"])
    with open(os.environ["DOM0_STANDIN_FINDINGS"], "w", encoding="utf-8"):
        pass
    return listed


def apply_together(cases: list[Case], release: str, test: bool) -> dict[str, Any]:
    fresh(cases, release)
    write_tree(cases, {"dom0": [{"match": "nodegroup"}, "case"]})
    topd.enable({"base": [ROOT]}, "/srv/salt", ["case"])
    rendered = minion.render("dom0")
    before = world.load()
    runs = [minion.apply(minion.caller(test=test)) for _number in range(1 if test else 2)]
    audit.low_states("case", {"dom0": rendered}, world.load())
    audit.policies()
    after, listed = world.load(), found()
    answers = {}
    for case in cases:
        ids, qubes = set(case["sls"]), {*case.get("world", {}).get("qubes", {}), *case.get("own", [])}
        files = [part.partition("/")[2] for part in case.get("policies", [])]
        answers[case["case"]] = {
            "errors": rendered["errors"] + [error for run in runs for error in run["errors"]],
            "runs": [[state for state in run["states"] if state["id"] in ids] for run in runs],
            "findings": [finding for finding in listed if finding["state"] in ids or finding["qube"] in qubes
                         or any(name in finding["message"] for name in [*ids, *files, *case.get("words", [])])],
            "qubes": {name: held for name, held in after["qubes"].items() if name in qubes},
            "changed": sorted(name for name in qubes if before["qubes"].get(name) != after["qubes"].get(name)),
        }  # fmt: skip
    return answers


def render_in_qubes(cases: list[Case]) -> dict[str, Any]:
    """States of qubes are rendered and looked at, not applied."""
    fresh(cases)
    answers = {}
    for qube in sorted({case["qube"] for case in cases}):
        here = [case for case in cases if case["qube"] == qube]
        write_tree(here, {qube: ["case"]})
        topd.enable({"base": [ROOT]}, "/srv/salt", ["case"])
        rendered = minion.render(qube)
        audit.low_states("case", {qube: rendered}, world.load())
        listed = found()
        for case in here:
            ids = set(case["sls"])
            answers[case["case"]] = {
                "errors": rendered["errors"],
                "runs": [],
                "findings": [finding for finding in listed if finding["state"] in ids],
            }
    return answers


def alone(case: Case) -> dict[str, Any]:
    """A tree of its own: `tree` maps paths below / to text, {size: N} or {link: TARGET}."""
    fresh([case])
    write_tree([{"sls": case.get("sls", {"case-nothing": {"test.nop": []}}), "files": case.get("files", {})}],
               {"dom0": [{"match": "nodegroup"}, "case"]})  # fmt: skip
    for path, content in case.get("tree", {}).items():
        if isinstance(content, str):
            write(path, content)
        elif "link" in content:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.symlink(content["link"], path)
        else:
            write(path, "x" * content["size"])
    errors: list[str] = []
    try:
        topd.enable(minion.options("dom0")["file_roots"], "/srv/salt", case.get("enable", ["case"]))
    except LookupError as unknown:
        errors.append(str(unknown))
    # Only tops are read otherwise, and Salt takes half a second to say nothing about them.
    rendered = minion.render("dom0") if case.get("alone") else {"low": [], "errors": []}
    applied = minion.apply(minion.caller()) if case.get("apply") else {"states": [], "errors": []}
    errors += applied["errors"]
    runs = [applied["states"]] if case.get("apply") else []
    targets = audit.targets("case")
    audit.tree("case")
    audit.low_states("case", {"dom0": rendered, **{name: {"low": [], "errors": []} for name in targets}}, world.load())
    audit.policies()
    remove_links(case)
    # Of a missing requisite only Salt 3008 speaks this early; the finding is the same for all.
    errors = [error for error in errors + rendered["errors"] if "does not exist for requisite" not in error]
    return {"errors": errors, "runs": runs, "findings": found()}


def remove_links(case: Case) -> None:
    for path in case.get("tree", {}):
        if os.path.lexists(path) and not path.startswith(ROOT):
            os.unlink(path)


def shell(case: Case) -> dict[str, Any]:
    """Commands as the shell of a guard would run them."""
    fresh([case], case.get("release", "4.3"))
    write_tree([{"sls": {"case-nothing": {"test.nop": []}}}], {"dom0": [{"match": "nodegroup"}, "case"]})
    steps = []
    for step in case["shell"]:
        done = subprocess.run(["/bin/bash", "-c", step["run"]], capture_output=True, text=True, check=False)
        steps.append({"run": step["run"], "exit": done.returncode, "output": done.stdout + done.stderr})
    return {"errors": [], "runs": [], "steps": steps, "findings": found(), "qubes": world.load()["qubes"]}


def lint(case: Case) -> dict[str, Any]:
    lines = case["policy"].splitlines()
    faults = [f"{number}: {fault}" for number, fault in policy.lint(lines)]
    doubts = [{"rule": "policy-suspicious", "message": f"{number}: {doubt}"} for number, doubt in policy.suspicious(lines)]
    return {"errors": faults, "runs": [], "findings": doubts}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
