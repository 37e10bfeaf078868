# SPDX-License-Identifier: GPL-3.0-or-later
"""One call of a qvm state: its arguments as qubes-mgmt-salt-base _modules/module_utils.py would take them.

That module walks over the options it knows and looks each up among the arguments, so whatever it does not know is
dropped without a word. Here each dropped argument is a finding.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Sequence

from . import findings, world
from .refused import Refused

Programs = Callable[[str], dict[str, Any]]


class ArgumentError(Exception):
    """argparse inside the module: CommandExecutionError there, a failed state without a traceback."""


@dataclass
class Outcome:
    """What a qvm function returns to Salt."""

    result: bool | None = True
    comment: str = ""
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass
class Call:
    name: str
    positional: list[Any]
    keywords: dict[str, Any]
    test: bool
    # Runs a program as the module does (cmd.run_all), which leaves its exit code in Salt's __context__.
    programs: Programs
    state: str | None = None

    def exists(self) -> bool:
        return self.name in world.load()["qubes"]

    def must_exist(self) -> None:
        if not self.exists():
            raise ArgumentError("Virtual Machine does not exist!")

    def finding(self, rule: str, message: str) -> None:
        findings.record(rule, message, qube=self.name, state=self.state)

    def touched(self, what: str) -> None:
        findings.touched(self.name, what, state=self.state)

    def passed(self, comment: str, changes: dict[str, Any] | None = None) -> Outcome:
        return Outcome(None if self.test else True, comment, changes or {})

    def take(self, options: Sequence[str], flags: Sequence[str] = (), positionals: int = 0) -> None:
        """Report every argument beyond `options`, the known `flags` and that many positional ones."""
        for extra in self.positional[positionals:]:
            self.finding("qvm-argument-ignored", f"{extra!r} is no list entry of the form `- key: value`: ignored")
        for key in self.keywords:
            if key in flags:
                raise ArgumentError(f"error: unrecognized arguments: {self.keywords[key]} ({key} belongs into flags)")
            if key not in options and key != "flags":
                self.finding("qvm-argument-ignored", f"unknown argument {key!r}: ignored")
        if self.keywords.get("flags") and not flags:
            self.finding("qvm-argument-ignored", "flags: ignored, there are none")
        for flag in self.flags() if flags else []:
            if flag not in flags:
                self.finding("qvm-argument-ignored", f"unknown flag {flag!r}: ignored")

    def flags(self) -> list[str]:
        given = self.keywords.get("flags") or []
        return [given] if isinstance(given, str) else list(given)

    def text(self, key: str) -> str | None:
        """An option's value as one word of a command line."""
        if key not in self.keywords:
            return None
        value = self.keywords[key]
        return "" if value is None else " ".join(value) if isinstance(value, list) else str(value)

    def words(self, *keys: str) -> list[str]:
        """An option that takes several values. An empty list or nothing becomes ONE empty value, as in the module."""
        for key in keys:
            if key not in self.keywords:
                continue
            value = self.keywords[key]
            if not isinstance(value, list) or not value:
                return ["" if value is None or value == [] else str(value)]
            for word in value:
                if not isinstance(word, str):
                    raise TypeError(f"argument of type {type(word).__name__!r} is not iterable: {word!r}")
                if word.startswith("-"):
                    raise ArgumentError(f"error: unrecognized arguments: {word}")
            return list(dict.fromkeys(value))
        return []


def refuse(call: Call, refusal: Refused) -> Outcome:
    """A qubesadmin exception that the module catches."""
    return Outcome(False, f"[FAIL] {refusal}")
