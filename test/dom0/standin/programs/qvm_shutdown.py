# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm-shutdown [--wait] [--force] [--timeout N] [--dry-run] VMNAME...: a net qube in use is refused without --force.

Does not model: --all, time.
"""

from __future__ import annotations

import sys

from .. import findings, qubes, world
from ..refused import Refused
from . import cli

_FLAGS = {"--wait": "wait", "--force": "force", "--dry-run": "dry_run"}


def main(arguments: list[str]) -> int:
    options, wanted = cli.parse(arguments, _FLAGS, {"--timeout": "timeout"})
    dom0 = world.load()
    failed = 0
    for name in wanted or [""]:
        cli.one_qube(dom0, [name])
    for name in wanted if "dry_run" not in options else []:
        findings.touched(name, "qvm-shutdown")
        try:
            with world.changing() as changed:
                qubes.shutdown(changed, name, force="force" in options)
        except Refused as refusal:
            print(f"Failed to shut down: {name}: {refusal}", file=sys.stderr)
            failed += 1
    return failed
