# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm-kill VMNAME..."""

from __future__ import annotations

from .. import findings, qubes, world
from . import cli


def main(arguments: list[str]) -> int:
    _options, wanted = cli.parse(arguments)
    dom0 = world.load()
    for name in wanted or [""]:
        cli.one_qube(dom0, [name])
    for name in wanted:
        findings.touched(name, "qvm-kill")
        with world.changing() as changed:
            qubes.shutdown(changed, name, force=True)
    return 0
