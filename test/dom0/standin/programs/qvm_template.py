# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm-template install [--repoid R] [--pool P] NAME, and `info --installed --machine-readable-json NAME`.

Does not model: everything else it can do; versions.
"""

from __future__ import annotations

import sys

from .. import qubes, world
from . import cli


def main(arguments: list[str]) -> int:
    options, positional = cli.parse(
        arguments,
        {"--installed": "installed", "--machine-readable-json": "json", "--yes": "yes"},
        {"--repoid": "repository", "--enablerepo": "repository", "--pool": "pool"},
    )
    if len(positional) != 2 or positional[0] not in ("install", "info"):
        raise cli.Usage(f"not modelled: qvm-template {' '.join(arguments)}")
    command, name = positional
    if command == "install":
        with world.changing() as changed:
            repository, pool = options.get("repository", [None])[-1], options.get("pool", [None])[-1]
            qubes.install_template(changed, name, repository, pool)
        return 0
    if world.load()["qubes"].get(name, {}).get("klass") != "TemplateVM":
        print(f"No matching templates to list: {name}", file=sys.stderr)
        return 1
    print(f'{{"installed": [{{"name": "{name}", "version": "4.3.0", "reponame": "@commandline"}}]}}')
    return 0
