# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm-start [--skip-if-running] VMNAME...: starts the net qubes too.

Does not model: drives.
"""

from __future__ import annotations

import sys

from .. import findings, qubes, world
from ..refused import Refused
from . import cli


def main(arguments: list[str]) -> int:
    options, wanted = cli.parse(arguments, {"--skip-if-running": "skip"})
    dom0 = world.load()
    code = 0
    for name in wanted or [""]:
        cli.one_qube(dom0, [name])
    for name in wanted:
        findings.touched(name, "qvm-start")
        try:
            with world.changing() as changed:
                qubes.start(changed, name, skip_if_running="skip" in options)
        except Refused as refusal:
            print(f"Starting qube failed: {name}: {refusal}", file=sys.stderr)
            code = 1
    return code
