# SPDX-License-Identifier: GPL-3.0-or-later
"""What doctor asks of disk and memory."""

import collections
import re
import subprocess

from .checks import Finding
from .tree import is_root, listing, size

# What a template clone may take once it is updated on its own; the same figure stands in README.md's costs.
CLONE_BYTES = 10 * 2**30
DEFAULT_PRIVATE = 2 * 2**30


def pools(tree, machine):
    """Pools against what the tree's volumes may come to take."""
    needs = collections.Counter()
    default = machine.world("default_pool")
    for name, entry in tree.qubes.items():
        held = machine.get(name)
        volume = held.volume() if held and tree.formula in held.tags else None
        wanted = entry["dom0"].get("volume", DEFAULT_PRIVATE)
        pool = volume.pool if volume else entry["dom0"].get("pool", default)
        needs[pool] += max(0, max(wanted, volume.size) - volume.usage) if volume else wanted
    for name in tree.templates:
        if machine.get(name) is None:
            needs[default] += CLONE_BYTES
    for pool, need in needs.items():
        if pool not in machine.pools:
            yield Finding("bad", "room", f"there is no pool {pool}", "the topology names it", f"qvm-pool knows: {listing(machine.pools)}")
            continue
        total, used = machine.pool_room(pool)
        if total is None or used is None:
            yield Finding("warn", "room", f"how much room pool {pool} has cannot be seen", f"the tree may take another {size(need)} there", "see its disk")
        elif total - used < need:
            never = total < need
            yield Finding("bad" if never else "warn", "room", f"pool {pool} has {size(total - used)} left of {size(total)}; the tree may come to take another {size(need)}",
                          "volumes fill as they are used, and a full pool stops every qube of the machine",
                          "a smaller private: or another pool: in the topology; bitcoind with prune; or a larger disk")  # fmt: skip
        else:
            yield Finding("ok", "room", f"pool {pool} has {size(total - used)} left; the tree may take another {size(need)}")


def memory(tree, _machine):
    """The machine's memory, which Xen tells root alone."""
    least = sum(entry["dom0"]["memory"] for entry in tree.qubes.values())
    if not is_root():
        yield Finding("ok", "memory", f"how much memory the machine has, only root can see; the tree's qubes take {least} MiB when all have just started")
        return
    try:
        said = subprocess.run(["xl", "info"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    found = re.search(r"^total_memory\s*:\s*(\d+)", said, re.MULTILINE)
    if found is None:
        yield Finding("warn", "memory", "how much memory the machine has cannot be seen: xl info does not say", f"the tree's qubes take {least} MiB at least", "see: xl info")
        return
    total, largest = int(found[1]), max((entry["dom0"]["maxmem"] for entry in tree.qubes.values()), default=0)
    # dom0 itself takes up to 4 GiB (its Xen option dom0_mem=max:4096M), and sys-net, sys-usb and sys-firewall about one.
    free = total - 5 * 1024
    if least > free:
        yield Finding("bad", "memory", f"the machine has {total} MiB, some {max(0, free)} beside dom0 and its net qubes; the tree's qubes take {least} when all have just started",
                      "not all of them could run at once", "less memory: in the topology, or do not run all at once")  # fmt: skip
    elif largest > free:
        yield Finding("warn", "memory", f"the machine has {total} MiB; one qube of the tree may grow to {largest}", "it would get less, and be slow", "a smaller maxmem: in the topology")
    else:
        yield Finding("ok", "memory", f"the machine has {total} MiB; the tree's qubes take {least} when all have just started")
