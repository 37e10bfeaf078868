# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings: what the real dom0 silently ignores, or does without a word, and a formula must never rely on.

A finding is one JSON line in the file that DOM0_STANDIN_FINDINGS names, so that states (inside Salt) and programs
(processes of their own) write to one list. Nothing here changes what the stand-in does.
"""

from __future__ import annotations

import os


def record(rule: str, message: str, *, qube: str | None = None, state: str | None = None) -> None:
    """Append one finding. `rule` is a stable slug that tests compare; `state` is the ID of the state if known."""
    path = os.environ.get("DOM0_STANDIN_FINDINGS")
    if path is None:
        raise RuntimeError(f"finding without a list to write it to: {rule}: {message}")
    import json  # only here: its import costs more than the rest of a program's start

    line = json.dumps({"rule": rule, "message": message, "qube": qube, "state": state})
    with open(path, "a", encoding="utf-8") as findings:
        findings.write(line + "\n")


def read(path: str) -> list[dict[str, str | None]]:
    import json

    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as findings:
        return [json.loads(line) for line in findings]


def own_names() -> set[str]:
    """The qubes that the formula under test calls its own."""
    return set(filter(None, os.environ.get("DOM0_STANDIN_OWN", "").split(",")))


def touched(qube: str, what: str, *, state: str | None = None) -> None:
    """Report a write to a qube that is not the formula's own. Looking at one is fine: guards must."""
    if qube not in own_names():
        record("foreign-qube-touched", f"{what} of {qube}, which is not one of the formula's own", qube=qube, state=state)
