# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm-create: label and name are mandatory; `--property` values that are refused leave the qube made and exit 2.

Does not model: --root-copy-from, --root-move-from, --help-classes.
"""

from __future__ import annotations

import sys

from .. import properties, qubes, world
from ..refused import Refused
from . import cli

_FLAGS = {"--standalone": "standalone", "--disp": "disp", "--no-root": "no_root"}
_VALUED = {
    "--class": "class", "-C": "class", "--property": "property", "--prop": "property", "--pool": "pool", "-p": "pool",
    "-P": "one_pool", "--template": "template", "-t": "template", "--label": "label", "-l": "label",
}  # fmt: skip


def main(arguments: list[str]) -> int:
    options, positional = cli.parse(arguments, _FLAGS, _VALUED)
    given = dict(pair.split("=", 1) if "=" in pair else (pair, "") for pair in options.get("property", []))
    last = {name: values[-1] for name, values in options.items() if values}
    klass = "StandaloneVM" if "standalone" in options else "DispVM" if "disp" in options else last.get("class", "AppVM")
    label = last.get("label", given.pop("label", "red" if "disp" in options else None))
    template = last.get("template", given.pop("template", None))
    if label is None:
        raise cli.Usage("--label option is mandatory")
    if len(positional) != 1:
        raise cli.Usage("VMNAME is mandatory" if not positional else f"unrecognized arguments: {positional[1:]}")
    name = positional[0]
    pools = qubes.every_pool(last["one_pool"]) if "one_pool" in last else _pools(options.get("pool", []))
    if label not in world.load()["labels"]:
        raise cli.Usage(f"no such label: {label!r}")
    with world.changing() as changed:
        if klass == "StandaloneVM" and template:
            qubes.clone(changed, template, name, klass, pools)
            properties.put(changed, name, "label", label)
        else:
            qubes.create(changed, klass, name, label, template or None, pools)
    code = 0
    for prop, value in given.items():
        try:
            with world.changing() as changed:
                properties.put(changed, name, prop, value)
        except Refused as refusal:
            print(f"Error setting property {prop} (but VM created): {refusal}", file=sys.stderr)
            code = 2
    return code


def _pools(pairs: list[str]) -> dict[str, str]:
    pools = {}
    for pair in pairs:
        volume, equals, pool = pair.partition("=")
        if not equals:
            raise cli.Usage("Pool argument must be of form: -p volume_name=pool_name")
        pools[volume] = pool
    return pools
