# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm-check: exit 0 if the qubes exist (and fit the filters), 1 if not, 3 if some fit.

Does not model: --all, --exclude.
"""

from __future__ import annotations

import sys

from .. import properties, world
from . import cli

FILTERS = ("--running", "--paused", "--template", "--networked")


def main(arguments: list[str]) -> int:
    options, wanted = cli.parse(arguments, {name: name for name in FILTERS})
    if not wanted:
        raise cli.Usage("one of the arguments VMNAME --all is required")
    dom0 = world.load()
    known = [name for name in wanted if name in dom0["qubes"]]
    fitting = [name for name in known if all(_fits(dom0, name, given) for given in options if given in FILTERS)]
    if "quiet" not in options:
        for name in wanted:
            if name not in dom0["qubes"]:
                print(f"qvm-check: {name}: non-existent!", file=sys.stderr)
            elif name in fitting:
                print(f"qvm-check: {name}: exists")
    if len(known) < len(wanted):
        return 1
    return 0 if len(fitting) == len(known) else 3 if fitting else 1


def _fits(dom0: world.World, name: str, wanted: str) -> bool:
    held = dom0["qubes"][name]
    if wanted == "--running":
        return held["power_state"] == "Running"
    if wanted == "--paused":
        return held["power_state"] == "Paused"
    if wanted == "--template":
        return held["klass"] == "TemplateVM"
    return bool(properties.get(dom0, name, "provides_network") or properties.get(dom0, name, "netvm"))
