# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm-volume info | config | resize VMNAME:VOLUME …; sizes in bytes or with K, M, G.

Does not model: list, revert, import, clone, clear; --force of resize, which only makes the real one ask qubesd to
shrink, and qubesd refuses.
"""

from __future__ import annotations

from .. import findings, volumes, world
from . import cli

_COMMANDS = {
    "info": "info", "i": "info", "resize": "resize", "extend": "resize",
    "config": "config", "c": "config", "set": "config", "s": "config",
}  # fmt: skip


def main(arguments: list[str]) -> int:
    _options, positional = cli.parse(arguments, {"--force": "force", "-f": "force"})
    if not positional or positional[0] not in _COMMANDS:
        raise cli.Usage(f"not modelled: {' '.join(arguments) or 'qvm-volume without a command'}")
    command, rest = _COMMANDS[positional[0]], positional[1:]
    if len(rest) not in {"info": (1, 2), "resize": (2,), "config": (3,)}[command]:
        raise cli.Usage(f"{command}: wrong number of arguments")
    dom0 = world.load()
    name, volume = volumes.find(dom0, rest[0])
    if command == "info":
        if len(rest) == 2:
            print(volumes.info(dom0, name, volume, rest[1]))
        else:
            for item in volumes.INFO:
                print(f"{item:20s} {volumes.info(dom0, name, volume, item)}")
        return 0
    findings.touched(name, f"qvm-volume {command} {rest[0]}")
    with world.changing() as changed:
        if command == "resize":
            volumes.resize(changed, name, volume, volumes.size(rest[1]))
        else:
            volumes.config(changed, name, volume, rest[1], rest[2])
    return 0
