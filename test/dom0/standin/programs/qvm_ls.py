# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm-ls [--raw-list | --raw-data] [--fields F,...] [--tags T...] [--running|--halted|--paused] [VMNAME...].

Does not model: formats, sorting, tree, disk and network views, spaces that align columns.
"""

from __future__ import annotations

from .. import properties, world
from ..refused import NoSuchProperty
from . import cli

_FLAGS = {"--raw-list": "raw_list", "--raw-data": "raw_data", "--running": "Running", "--halted": "Halted",
          "--paused": "Paused", "--all": "all"}  # fmt: skip
_VALUED = {"--fields": "fields", "-O": "fields", "--raw-fields": "fields", "--tags": "tags", "--class": "klass"}


def main(arguments: list[str]) -> int:
    options, wanted = cli.parse(arguments, _FLAGS, _VALUED)
    dom0 = world.load()
    for name in wanted:
        cli.one_qube(dom0, [name])
    fields = options.get("fields", ["NAME,STATE,CLASS,LABEL,TEMPLATE,NETVM"])[-1].upper().split(",")
    states = [state for state in ("Running", "Halted", "Paused") if state in options]
    if "raw_list" in options:
        fields = ["NAME"]
    elif "raw_data" not in options:
        print("  ".join(fields))
    for name, held in sorted(dom0["qubes"].items()):
        fits = (not wanted or name in wanted) and (not states or held["power_state"] in states)
        fits = fits and ("klass" not in options or held["klass"] in options["klass"])
        if fits and ("tags" not in options or set(options["tags"]) & set(held["tags"])):
            print(("|" if "raw_data" in options else "  ").join(_field(dom0, name, field) for field in fields))
    return 0


def _field(dom0: world.World, name: str, field: str) -> str:
    held = dom0["qubes"][name]
    if field in ("NAME", "STATE", "CLASS"):
        return {"NAME": name, "STATE": held["power_state"], "CLASS": held["klass"]}[field]
    prop = field.lower().replace("-", "_")
    if prop not in properties.TABLE:
        raise cli.Usage(f"no such column: {field!r}")
    try:
        value = properties.get(dom0, name, prop)
    except NoSuchProperty:
        return "-"
    return "-" if value is None else str(value)
