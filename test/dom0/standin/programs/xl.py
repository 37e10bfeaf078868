# SPDX-License-Identifier: GPL-3.0-or-later
"""xl info, of which the world's `memory` is the total (MiB). As the real one it is for root alone.

Does not model: every other verb of xl, and what else it tells.
"""

from __future__ import annotations

import os
import sys

from .. import world
from . import cli


def main(arguments: list[str]) -> int:
    if arguments != ["info"]:
        raise cli.Usage(f"not modelled: xl {' '.join(arguments)}")
    if os.geteuid() != 0:
        print("xencall: error: Could not obtain handle on privileged command interface: Permission denied", file=sys.stderr)
        return 1
    total = world.load().get("memory", 65536)
    print(f"host                   : dom0\nnr_cpus                : 8\ntotal_memory           : {total}\nfree_memory            : {total // 3}")
    return 0
