# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm-clone SOURCE NEW [--class CLASS] [-P POOL | -p VOLUME=POOL].

Does not model: --ignore-errors.
"""

from __future__ import annotations

from .. import qubes, world
from . import cli
from .qvm_create import _pools

_VALUED = {"--class": "class", "-C": "class", "-P": "one_pool", "-p": "pool", "--pool": "pool"}


def main(arguments: list[str]) -> int:
    options, positional = cli.parse(arguments, {}, _VALUED)
    source = cli.one_qube(world.load(), positional, "NEWVM")
    if len(positional) != 2:
        raise cli.Usage("the following arguments are required: NEWVM")
    if "one_pool" in options and "pool" in options:
        raise cli.Usage("argument -p: not allowed with argument -P")
    pools = qubes.every_pool(options["one_pool"][-1]) if "one_pool" in options else _pools(options.get("pool", []))
    with world.changing() as changed:
        qubes.clone(changed, source, positional[1], options.get("class", [None])[-1], pools)
    return 0
