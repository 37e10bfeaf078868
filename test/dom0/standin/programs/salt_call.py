# SPDX-License-Identifier: GPL-3.0-or-later
"""salt-call --version, of which the world's `salt` is the answer. States are applied by `qubesctl`, with the real Salt.

Does not model: every other use.
"""

from __future__ import annotations

from .. import world
from . import cli


def main(arguments: list[str]) -> int:
    if arguments != ["--version"]:
        raise cli.Usage(f"not modelled: salt-call {' '.join(arguments)}")
    print(f"salt-call {world.load().get('salt', '3007.13 (Chlorine)')}")
    return 0
