# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be told from a tree and its low states alone: what the real stack takes and only Qubes punishes.

Each check names the upstream file that makes it a fault. Does not model: what salt-ssh and the management disposable
do; only what makes them fail.
"""

from __future__ import annotations

import os
from typing import Any, Iterator

import yaml

from . import audit_in_qube, findings, policy, topd
from .commands import missing_programs
from .world import World

Low = list[dict[str, Any]]
Minions = dict[str, dict[str, Any]]
# Where a formula may write in dom0.
EXPECTED = ("/etc/qubes/policy.d/", "/etc/systemd/system/qubes-core.service.d/", "/var/lib/qwbtc-salt/")
REQUISITES = ("require", "require_any", "watch", "watch_any", "onchanges", "onchanges_any", "onfail", "onfail_any", "listen", "prereq")
GUARDS = ("unless", "onlyif", "onchanges", "onchanges_any", "creates", "prereq")
BIG = 5 * 1024 * 1024
READ_ONLY = ("exists", "missing", "running", "halted", "template_installed")


def _path(formula: str) -> str:
    return f"/srv/formulas/base/{formula}-formula/{formula}"


def _top(formula: str) -> dict[str, Any]:
    try:
        with open(f"{_path(formula)}/init.top", encoding="utf-8") as file:
            return (yaml.safe_load(file.read()) or {}).get("base", {})
    except (OSError, yaml.YAMLError, AttributeError) as fault:
        findings.record("top-not-plain", f"init.top: {fault}")
        return {}


def targets(formula: str) -> list[str]:
    """The qubes that init.top names."""
    return [str(target) for target in _top(formula) if target != "dom0"]


def own_names(low: Low, named: list[str]) -> set[str]:
    """The qubes that the tree makes, or has states for."""
    made = set(named)
    for chunk in low:
        if chunk["state"] == "qvm" and (chunk["fun"] in ("present", "clone") or {"present", "clone"} & set(chunk)):
            made.add(str(chunk["name"]))
        if chunk["state"] == "cmd":
            words = str(chunk["name"]).split()
            if words and words[0].rpartition("/")[2] in ("qvm-create", "qvm-clone"):
                made.add(words[-1])
    return made


def tree(formula: str) -> None:
    """Files, names and tops, before Salt is asked anything."""
    _tops(formula)
    for directory, names, files in os.walk("/srv", followlinks=False):
        for name in [*names, *files]:
            path = os.path.join(directory, name)
            if os.path.islink(path) and not os.path.exists(path):
                # qubessalt/__init__.py copies all of /srv for every qube, and copytree raises.
                findings.record("dangling-link", f"{path}: every qube fails while it is there")
            elif os.path.isfile(path) and os.path.getsize(path) > BIG and not path.startswith("/srv/pillar/"):
                findings.record("big-file-in-srv", f"{path}: copied into every management disposable at every run")
    for name in sorted(os.listdir("/etc/salt/minion.d")):
        if name < "f_defaults.conf":
            findings.record("root-before-stock", f"minion.d/{name} sorts before f_defaults.conf: its root shadows /srv/salt")
        _drop_in(f"/etc/salt/minion.d/{name}")


def _drop_in(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        content = yaml.safe_load(file.read()) or {}
    for roots in content.get("pillar_roots", {}).values() if not path.endswith("/f_defaults.conf") else []:
        for root in roots:
            if root.startswith(("/srv/formulas", "/srv/salt")) or not root.startswith("/srv/"):
                findings.record("pillar-shipped", f"{root}: a pillar below file_roots goes to every management disposable")
    for roots in content.get("file_roots", {}).values() if not path.endswith("/f_defaults.conf") else []:
        for root in roots:
            for directory, _names, files in os.walk(root):
                for name in files:
                    relative = os.path.relpath(os.path.join(directory, name), root)
                    if os.path.lexists(os.path.join("/srv/salt", relative)):
                        findings.record("path-shadowed", f"{relative}: /srv/salt has one too, and is asked first")


def _tops(formula: str) -> None:
    path = f"{_path(formula)}/init.top"
    if not os.path.exists(path):
        return
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if any(mark in text for mark in ("{{", "{%", "{#")):
        # srv/salt/top.jinja includes every top into top.sls, whatever its first line says.
        findings.record("top-not-plain", "init.top: salt-ssh reads it through Jinja although it begins with #!yaml")
    for target, entries in _top(formula).items():
        matcher = next((entry["match"] for entry in entries if isinstance(entry, dict) and "match" in entry), "exact")
        if "'" in str(target):
            findings.record("top-not-plain", f"init.top: {target!r}: a quote breaks the merge in salt-ssh")
        if target == "dom0" and matcher == "nodegroup":
            continue
        if matcher in ("grain", "nodegroup") or (matcher == "compound" and ("G@" in target or "N@" in target)):
            findings.record("top-target-skipped", f"init.top: {target!r} by {matcher}: qubesctl skips the qube or gives it nothing")
        elif matcher != "exact" and matcher != "list" or any(mark in target for mark in "*?["):
            findings.record("top-target-not-exact", f"init.top: {target!r}: names other qubes than the formula's own")
    for name in topd.available({"base": [os.path.dirname(_path(formula))]}):
        if name != formula and not name.startswith(f"{formula}."):
            findings.record("top-renamed", f"topd knows a top of this formula as {name!r} (lower case, and cut at …base/ or …user/)")


def policies() -> None:
    """One bad file or file name, and the daemon denies every call on the machine."""
    directory = "/etc/qubes/policy.d"
    for name in sorted(os.listdir(directory)):
        fault = policy.file_name_fault(name)
        if fault is not None:
            findings.record("policy-broken", fault)
        with open(os.path.join(directory, name), encoding="utf-8") as file:
            lines = file.read().splitlines()
        for number, wrong in policy.lint(lines):
            findings.record("policy-broken", f"{name}:{number}: {wrong}")
        for number, wrong in policy.blocks_salt(name, lines):
            findings.record("policy-blocks-salt", f"{name}:{number}: {wrong}")


def low_states(formula: str, minions: Minions, dom0: World) -> None:
    _names(set(minions) - {"dom0"}, dom0)
    for name, rendered in minions.items():
        for error in rendered["errors"]:
            # Salt 3008 looks for requisites when it compiles, the older ones when they apply (_unmet).
            unmet = "does not exist for requisite" in error
            findings.record("requisite-missing" if unmet else "render-error", f"{name}: {error}")
        for chunk, missing in _unmet(rendered["low"]):
            _record("requisite-missing", f"{name}: {chunk['__id__']} requires {missing}, which is not there", chunk)
        for chunk in rendered["low"]:
            identifier = chunk["__id__"]
            if not identifier.startswith(f"{formula}-"):
                _record("id-not-prefixed", f"{identifier}: IDs are global on a minion, a stock formula may have this one", chunk)
            for check in _DOM0 if name == "dom0" else _IN_QUBE:
                for rule, message in check(chunk, name, dom0):
                    _record(rule, message, chunk, None if name == "dom0" else name)


def _unmet(low: Low) -> Iterator[tuple[dict[str, Any], str]]:
    """Requisites that no state meets; Salt itself notices only when it applies."""
    known = {(str(chunk["state"]), str(name)) for chunk in low for name in (chunk["__id__"], chunk["name"])}
    known |= {("id", name) for _state, name in known} | {("sls", str(chunk["__sls__"])) for chunk in low}
    for chunk in low:
        for requisite in REQUISITES:
            for entry in chunk.get(requisite) or []:
                for state, name in entry.items() if isinstance(entry, dict) else [("id", entry)]:
                    if (str(state), str(name)) not in known and not any(mark in str(name) for mark in "*?["):
                        yield chunk, f"{state}: {name}"


def _record(rule: str, message: str, chunk: dict[str, Any], qube: str | None = None) -> None:
    findings.record(rule, message, qube=qube, state=chunk["__id__"])


def _names(named: set[str], dom0: World) -> None:
    managed = sorted(named | {template for name in named if name in dom0["qubes"]
                              for template in [dom0["qubes"][name]["properties"].get("template")] if template in named})  # fmt: skip
    seen: dict[str, str] = {}
    for name in managed:
        # qubessalt/__init__.py: ('disp-mgmt-' + name)[:31].
        first = seen.setdefault(name[:21], name)
        if first != name:
            findings.record("name-prefix-collision", f"{first} and {name}: one name for two management disposables")
    for name in managed:
        if name in dom0["qubes"] and dom0["qubes"][name]["klass"] == "DispVM":
            findings.record("disposable-targeted", f"{name}: qubesctl --all leaves named disposables out", qube=name)


def _commands(chunk: dict[str, Any], _minion: str, _dom0: World) -> Iterator[tuple[str, str]]:
    if chunk["state"] == "cmd" and chunk["fun"] in ("run", "script") and not any(chunk.get(guard) for guard in GUARDS):
        yield "cmd-unguarded", f"{chunk['name']}: runs at every apply"
    texts = [chunk["name"]] if chunk["state"] == "cmd" and chunk["fun"] == "run" else []
    for guard in ("unless", "onlyif"):
        entries = chunk.get(guard) or []
        texts += [entry for entry in ([entries] if isinstance(entries, str) else entries) if isinstance(entry, str)]
    for text in texts:
        for program in missing_programs(str(text)):
            yield "program-missing", f"{program}: no such program in dom0 ({text})"


def _files(chunk: dict[str, Any], _minion: str, _dom0: World) -> Iterator[tuple[str, str]]:
    if chunk["state"] != "file":
        return
    path = os.path.normpath(str(chunk["name"]))
    if not path.startswith(EXPECTED) and f"{path}/" not in EXPECTED:
        yield "unexpected-path", f"{path}: dom0 files of a formula lie in {' or '.join(EXPECTED)}"
    if path.startswith("/etc/qubes/policy.d/") and chunk["fun"] != "absent":
        fault = policy.file_name_fault(os.path.basename(path))
        if fault is not None:
            yield "policy-broken", fault
        if chunk["fun"] == "managed" and not str(chunk.get("check_cmd", "")).endswith("qubes-policy-lint"):
            yield "policy-unchecked", f"{path}: a bad line blocks every call: check_cmd: /usr/bin/qubes-policy-lint"
        if chunk["fun"] == "managed" and (chunk.get("group"), str(chunk.get("mode"))) != ("qubes", "0664"):
            yield "policy-owner", f"{path}: dom0's policy files are root:qubes 0664"


def _requisites(chunk: dict[str, Any], _minion: str, _dom0: World) -> Iterator[tuple[str, str]]:
    for requisite in ("onchanges", "onchanges_any", "watch", "watch_any"):
        for entry in chunk.get(requisite) or []:
            if isinstance(entry, dict) and "qvm" in entry:
                yield "onchanges-never-fires", f"{requisite} of qvm {entry['qvm']}: create, clone and start show no changes"


def _qvm(chunk: dict[str, Any], _minion: str, dom0: World) -> Iterator[tuple[str, str]]:
    if chunk["state"] == "qvm" and chunk["fun"] not in READ_ONLY and not set(chunk) & set(READ_ONLY):
        if str(chunk["name"]) not in findings.own_names():
            yield "foreign-qube-touched", f"qvm.{chunk['fun']} of {chunk['name']}, which is not one of the formula's own"


_DOM0 = (_commands, _files, _requisites, _qvm)
_IN_QUBE = (audit_in_qube.files, _requisites)
