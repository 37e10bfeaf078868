# SPDX-License-Identifier: GPL-3.0-or-later
"""qubes-policy-lint FILE...: exit 1 if any line of any file is refused (policy.py); `-` is standard input.

Reports beyond the real one: names of files below /etc/qubes/policy.d, and lines that parse but cannot be meant.
Does not model: --include-service.
"""

from __future__ import annotations

import sys

from .. import findings, policy
from . import cli


def main(arguments: list[str]) -> int:
    _options, paths = cli.parse(arguments, {"--show-line": "show", "-s": "show"})
    if not paths:
        raise cli.Usage("the following arguments are required: file")
    code = 0
    for path in paths:
        try:
            lines = (sys.stdin.read() if path == "-" else _read(path)).splitlines()
        except FileNotFoundError:
            print(f"{path}:0: error: File does not exist.")
            return 1
        if path.startswith("/etc/qubes/policy.d/"):
            fault = policy.file_name_fault(path.rpartition("/")[2])
            if fault is not None:
                print(f"{path}:0: error: {fault}")
                code = 1
        for number, fault in policy.lint(lines):
            print(f"{path}:{number}: error: {fault}")
            code = 1
        for number, doubt in policy.suspicious(lines):
            findings.record("policy-suspicious", f"{path.rpartition('/')[2]}:{number}: {doubt}")
    return code


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()
