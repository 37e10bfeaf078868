# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes of qubes.

Stands for: admin.vm.volume.Info, .Resize, .Set.* of qubes-core-admin and parse_size of qubes-core-admin-client.
Refuses beyond the real one: resizing the root of a qube whose root is its template's (the real one does it, to no use).
Does not model: contents, snapshots, free space.
"""

from __future__ import annotations

from typing import Any

from .refused import Refused
from .world import World, qube

INFO = ("pool", "vid", "rw", "source", "save_on_stop", "snap_on_start", "size", "usage", "revisions_to_keep", "ephemeral")
_UNITS = {
    "KIB": 1024, "KI": 1024, "MIB": 1024**2, "MI": 1024**2, "GIB": 1024**3, "GI": 1024**3,
    "KB": 10**3, "K": 10**3, "MB": 10**6, "M": 10**6, "GB": 10**9, "G": 10**9,
}  # fmt: skip


def size(text: str) -> int:
    """Bytes, or a whole number with K, M or G (T is unknown to it)."""
    stripped = text.strip().upper()
    if stripped.isdigit():
        return int(stripped)
    for unit, factor in _UNITS.items():
        if stripped.endswith(unit) and stripped[: -len(unit)].strip().isdigit():
            return int(stripped[: -len(unit)]) * factor
    raise Refused(f"Invalid size: {text}.")


def find(world: World, name: str) -> tuple[str, str]:
    parts = name.split(":")
    if len(parts) != 2:
        raise Refused("expected a vm & volume combination like foo:bar")
    if parts[0] not in world["qubes"]:
        raise Refused(f"no vm {parts[0]!r}")
    if parts[1] not in qube(world, parts[0])["volumes"]:
        raise Refused(f"vm {parts[0]!r} has no volume {parts[1]!r}")
    return parts[0], parts[1]


def info(world: World, name: str, volume: str, item: str) -> str:
    held: dict[str, Any] = qube(world, name)["volumes"][volume]
    if item not in INFO:
        raise Refused(f"No such property: {item}")
    if item == "vid":
        return f"{held['pool']}/vm-{name}-{volume}"
    if item in ("source", "usage"):
        return "" if item == "source" else "0"
    return str(held[item])


def resize(world: World, name: str, volume: str, wanted: int) -> None:
    held = qube(world, name)["volumes"][volume]
    if not held["rw"]:
        raise Refused(f"Can not resize readonly volume {name}:{volume}")
    if volume == "root" and held["snap_on_start"]:
        raise Refused(f"{name}:root comes from the template of {name} and is forgotten at shutdown")
    if wanted < held["size"]:
        raise Refused(f"For your own safety, shrinking of {name}:{volume} is disabled ({wanted} < {held['size']})")
    held["size"] = wanted


def config(world: World, name: str, volume: str, item: str, value: str) -> None:
    held = qube(world, name)["volumes"][volume]
    if item == "revisions_to_keep":
        try:
            number = int(value)
        except ValueError:
            raise Refused(f"revisions to keep is not a number: {value!r}") from None
        if number < -1 or (number == -1 and world["release"] == "4.2"):
            raise Refused(f"revisions to keep is too small: {value}")
        held[item] = number
    elif item in ("rw", "ephemeral"):
        if value.lower() not in ("true", "false", "1", "0", "yes", "no", "on", "off"):
            raise Refused(f"not a boolean: {value!r}")
        if qube(world, name)["power_state"] != "Halted":
            raise Refused(f"{item} of {name}:{volume} cannot be changed while {name} is running")
        held[item] = value.lower() in ("true", "1", "yes", "on")
    else:
        raise Refused(f"Invalid property: {item}")
