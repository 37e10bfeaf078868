# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm-prefs VMNAME [PROPERTY [VALUE]]; --get and --set are taken and ignored, as by the real one.

Does not model: --help-properties.
"""

from __future__ import annotations

from .. import findings, properties, world
from . import cli

FLAGS = {
    "--get": "get", "-g": "get", "--set": "set", "-s": "set",
    "--default": "delete", "-D": "delete", "--hide-default": "hide_default",
}  # fmt: skip
# qvm_prefs.py: only these take the word `none`.
NONE = ("default_dispvm", "netvm", "template", "guivm", "audiovm")


def main(arguments: list[str]) -> int:
    options, positional = cli.parse(arguments, FLAGS)
    dom0 = world.load()
    name = cli.one_qube(dom0, positional, "PROPERTY", "VALUE")
    if len(positional) == 1:
        for prop in sorted(properties.TABLE):
            if dom0["qubes"][name]["klass"] in properties.TABLE[prop][1]:
                mark = "D" if properties.is_default(dom0, name, prop) else "-"
                print(f"{prop:22s}  {mark}  {properties.get(dom0, name, prop)}")
        return 0
    prop = positional[1].replace("-", "_")
    properties.check(dom0, name, prop)
    if len(positional) == 3 or "delete" in options:
        findings.touched(name, f"qvm-prefs {prop}")
        with world.changing() as changed:
            if "delete" in options:
                properties.reset(changed, name, prop)
            else:
                value = positional[2]
                properties.put(changed, name, prop, "" if value.lower() == "none" and prop in NONE else value)
        return 0
    value = properties.get(dom0, name, prop)
    if value is not None and not ("hide_default" in options and properties.is_default(dom0, name, prop)):
        print(value)
    return 0
