# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm-tags VMNAME [list [TAG] | add TAG... | del TAG]: `list TAG` exits 1 if the qube has it not."""

from __future__ import annotations

from .. import findings, qubes, world
from . import cli

_COMMANDS = {
    "list": "list", "ls": "list", "l": "list",
    "add": "add", "a": "add", "set": "add",
    "del": "del", "d": "del", "unset": "del", "u": "del",
}  # fmt: skip


def main(arguments: list[str]) -> int:
    _options, positional = cli.parse(arguments)
    dom0 = world.load()
    name = cli.one_qube(dom0, positional[:1])
    command, tags = (positional[1], positional[2:]) if len(positional) > 1 else ("list", [])
    if command not in _COMMANDS:
        raise cli.Usage(f"argument command: invalid choice: {command!r}")
    what = _COMMANDS[command]
    if (what == "list" and len(tags) > 1) or (what == "del" and len(tags) != 1) or (what == "add" and not tags):
        raise cli.Usage(f"{command}: wrong number of tags")
    if what == "list":
        return _list(dom0["qubes"][name]["tags"], tags)
    findings.touched(name, f"qvm-tags {command} {' '.join(tags)}")
    with world.changing() as changed:
        for tag in tags:
            (qubes.add_tag if what == "add" else qubes.drop_tag)(changed, name, tag)
    return 0


def _list(held: list[str], asked: list[str]) -> int:
    shown = sorted(held) if not asked else [tag for tag in asked if tag in held]
    if shown:
        print("\n".join(shown))
    return 0 if shown or not asked else 1
