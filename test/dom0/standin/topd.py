# SPDX-License-Identifier: GPL-3.0-or-later
"""Enabled top files, and how they become one.

Stands for: qubes-mgmt-salt-base-topd _modules/topd.py and _utils/toputils.py: `qubesctl top.enable`, and the top.sls that
merges every enabled top.
Reports beyond it: two tops that name one target, whose states the real one merges through a set, in random order.
Does not model: saltenvs other than base and user, `top.report`, `top.status`.
"""

from __future__ import annotations

import os
import re
from typing import Any, Callable, Mapping

from . import findings

Roots = Mapping[str, list[str]]
# toputils.py pattern_all: everything up to the first path component that ENDS in base or user is cut off.
_ENVIRONMENT = re.compile(r"(?i)(?P<before>.*?)(?P<saltenv>base|user)[/|](?P<top>.*)")


def toppath(relative: str) -> str:
    """The name by which topd knows a top file; not always the one its author meant."""
    matched = _ENVIRONMENT.match(relative)
    name = (matched["top"] if matched else relative).lower()
    return os.path.splitext(name.split("/init.top")[0])[0].replace("/", ".")


def available(roots: Roots) -> dict[str, tuple[str, str]]:
    """Name to (saltenv, file) of every top below the roots; the first root wins."""
    found: dict[str, tuple[str, str]] = {}
    for saltenv, directories in roots.items():
        for root in directories:
            for directory, names, files in os.walk(root, followlinks=True):
                names[:] = sorted(name for name in names if name != "_tops")
                for file in sorted(files):
                    if file.endswith(".top"):
                        path = os.path.join(directory, file)
                        matched = _ENVIRONMENT.match(os.path.relpath(path, root))
                        where = matched["saltenv"].lower() if matched else saltenv
                        found.setdefault(toppath(os.path.relpath(path, root)), (where, path))
    return found


def _links(base: str) -> str:
    return os.path.join(base, "_tops")


def enable(roots: Roots, base: str, names: list[str]) -> list[str]:
    """Make the links; LookupError, and none made, if any name is unknown."""
    known = available(roots)
    for name in names:
        if name not in known:
            raise LookupError(f"no top file {name!r}; known: {', '.join(sorted(known))}")
    made = []
    for name in names:
        saltenv, path = known[name]
        link = os.path.join(_links(base), saltenv, f"{name}.top")
        os.makedirs(os.path.dirname(link), exist_ok=True)
        if os.path.lexists(link):
            if os.path.realpath(link) == os.path.realpath(path):
                made.append(f"unchanged: {name}")
                continue
            os.unlink(link)
        os.symlink(path, link)
        made.append(f"enabled: {name}")
    return made


def disable(base: str, names: list[str]) -> list[str]:
    done = []
    for name in names:
        links = [os.path.join(_links(base), saltenv, f"{name}.top") for saltenv in ("base", "user")]
        present = [link for link in links if os.path.lexists(link)]
        for link in present:
            os.unlink(link)
        done.append(f"{'disabled' if present else 'unchanged'}: {name}")
    return done


def enabled(base: str) -> list[str]:
    return sorted(
        file[: -len(".top")]
        for saltenv in ("base", "user")
        if os.path.isdir(os.path.join(_links(base), saltenv))
        for file in os.listdir(os.path.join(_links(base), saltenv))
        if file.endswith(".top")
    )


def merged(base: str, render: Callable[[str], Any]) -> dict[str, dict[str, list[Any]]]:
    """One top of all enabled ones."""
    whole: dict[str, dict[str, list[Any]]] = {}
    directory = os.path.join(_links(base), "base")
    for file in sorted(os.listdir(directory)) if os.path.isdir(directory) else []:
        top = render(os.path.join(directory, file)) or {}
        for saltenv, targets in top.items():
            if saltenv == "include":
                continue
            known = whole.setdefault(saltenv, {})
            for target, entries in targets.items():
                if target in known and target != "dom0":
                    findings.record("top-target-shared", f"{target!r} in {file} and another top: their order is random")
                known[target] = known.get(target, []) + [entry for entry in entries if entry not in known.get(target, [])]
    return whole
