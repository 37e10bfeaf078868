# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm-features VMNAME [FEATURE [VALUE]] [--unset]: reading one that is not there exits 1."""

from __future__ import annotations

from .. import findings, qubes, world
from . import cli

UNSET = {"--unset": "delete", "--default": "delete", "--delete": "delete", "-D": "delete"}


def main(arguments: list[str]) -> int:
    options, positional = cli.parse(arguments, UNSET)
    dom0 = world.load()
    name = cli.one_qube(dom0, positional, "FEATURE", "VALUE")
    held = dom0["qubes"][name]["features"]
    feature = positional[1] if len(positional) > 1 else None
    if feature is None:
        if "delete" in options:
            raise cli.Usage("--unset requires a feature")
        for known, value in sorted(held.items()):
            print(f"{known}  {value}")
        return 0
    if "delete" not in options and len(positional) == 2:
        if feature not in held:
            return 1
        print(held[feature])
        return 0
    if "delete" in options and len(positional) == 3:
        raise cli.Usage("cannot both set and unset a value")
    findings.touched(name, f"qvm-features {feature}")
    with world.changing() as changed:
        if "delete" in options:
            qubes.drop_feature(changed, name, feature)
        else:
            qubes.set_feature(changed, name, feature, positional[2])
    return 0
