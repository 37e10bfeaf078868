# SPDX-License-Identifier: GPL-3.0-or-later
"""qubes-prefs [PROPERTY [VALUE]]: the global properties. A formula that sets one changes qubes that are not its own,
so that is a finding.

Does not model: resetting to a default (--default).
"""

from __future__ import annotations

from .. import findings, world
from ..refused import NoSuchProperty, Refused
from . import cli
from .qvm_prefs import FLAGS


def main(arguments: list[str]) -> int:
    options, positional = cli.parse(arguments, FLAGS)
    dom0 = world.load()
    if "delete" in options or len(positional) > 2:
        raise cli.Usage(f"not modelled: {' '.join(arguments)}")
    if not positional:
        for prop, value in sorted(dom0["globals"].items()):
            print(f"{prop:24s}  -  {value}")
        return 0
    prop = positional[0].replace("-", "_")
    if prop not in dom0["globals"]:
        raise NoSuchProperty(prop)
    if len(positional) == 1:
        if dom0["globals"][prop] is not None:
            print(dom0["globals"][prop])
        return 0
    findings.record("global-property-written", f"qubes-prefs {prop} {positional[1]}: changes qubes of others")
    with world.changing() as changed:
        changed["globals"][prop] = _value(changed, prop, positional[1])
    return 0


def _value(dom0: world.World, prop: str, text: str) -> str | int | None:
    if isinstance(dom0["globals"][prop], int):
        if not text.isdigit() or int(text) == 0:
            raise Refused(f"{prop} must be positive")
        return int(text)
    if prop in ("default_kernel", "default_pool"):
        if text not in dom0["kernels" if prop == "default_kernel" else "pools"]:
            raise Refused(f"no such value for {prop}: {text!r}")
        return text
    if text.lower() in ("", "none"):
        return None
    world.qube(dom0, text)
    return text
