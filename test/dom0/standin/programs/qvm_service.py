# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm-service VMNAME [SERVICE [on|off]] [--enable|--disable|--unset]: features with the prefix `service.`."""

from __future__ import annotations

from .. import findings, qubes, world
from ..refused import Refused
from . import cli
from .qvm_features import UNSET

_FLAGS = {**UNSET, "--enable": "enable", "-e": "enable", "--disable": "disable", "-d": "disable", "--list": "list", "-l": "list"}


def main(arguments: list[str]) -> int:
    options, positional = cli.parse(arguments, _FLAGS)
    dom0 = world.load()
    name = cli.one_qube(dom0, positional, "SERVICE", "VALUE")
    held = dom0["qubes"][name]["features"]
    if len(positional) == 1:
        if "delete" in options:
            raise cli.Usage("--unset requires a feature")
        for known, value in sorted(held.items()):
            if known.startswith("service."):
                print(f"{known[len('service.') :]}  {'on' if value else 'off'}")
        return 0
    feature = f"service.{positional[1]}"
    wanted = "on" if "enable" in options else "off" if "disable" in options else None
    wanted = positional[2] if len(positional) == 3 else wanted
    if wanted is None and "delete" not in options:
        if feature not in held:
            return 1
        print("on" if held[feature] else "off")
        return 0
    if wanted is not None and "delete" in options:
        raise cli.Usage("cannot both set and unset a value")
    findings.touched(name, f"qvm-service {positional[1]}")
    with world.changing() as changed:
        if wanted is None:
            qubes.drop_feature(changed, name, feature)
        else:
            qubes.set_feature(changed, name, feature, "1" if _boolean(wanted) else "")
    return 0


def _boolean(text: str) -> bool:
    if text.lower() not in ("0", "no", "false", "off", "1", "yes", "true", "on"):
        raise Refused(f"Invalid literal for boolean value: {text!r}")
    return text.lower() in ("1", "yes", "true", "on")
