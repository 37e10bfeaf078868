# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm-remove --force VMNAME...: refused while the qube runs or anything names it.

Does not model: asking (without --force nobody is there to answer, so it is cancelled), --all.
"""

from __future__ import annotations

import sys

from .. import findings, qubes, world
from . import cli


def main(arguments: list[str]) -> int:
    options, wanted = cli.parse(arguments, {"--force": "force", "-f": "force"})
    dom0 = world.load()
    for name in wanted or [""]:
        cli.one_qube(dom0, [name])
    if "force" not in options:
        print("Remove cancelled.", file=sys.stderr)
        return 1
    for name in wanted:
        findings.touched(name, "qvm-remove")
        with world.changing() as changed:
            qubes.remove(changed, name)
    return 0
