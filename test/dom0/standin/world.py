# SPDX-License-Identifier: GPL-3.0-or-later
"""The stored dom0: qubes, pools, labels and global properties, as one JSON document.

Only what is set explicitly is stored, as in qubes.xml; defaults are computed (properties.py). So two documents are
equal exactly if two runs of qubesd would have stored the same.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import Any, Iterator

from .refused import Refused

Qube = dict[str, Any]
World = dict[str, Any]


def path() -> str:
    return os.environ["DOM0_STANDIN_WORLD"]


def parse(text: str) -> World:
    """json.loads without importing `json` (which imports `re`): that alone would double a program's start time."""
    try:
        from _json import make_scanner
    except ImportError:  # another Python than CPython
        import json

        return json.loads(text)
    return make_scanner(_ScannerOptions)(text, 0)[0]


class _ScannerOptions:
    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = None


def load() -> World:
    with open(path(), encoding="utf-8") as stored:
        fcntl.flock(stored, fcntl.LOCK_SH)
        return parse(stored.read())


@contextmanager
def changing() -> Iterator[World]:
    """The world, to be changed and stored. Nothing is stored if the change is refused half-way: qubesd does not
    save then either."""
    import json

    with open(path(), "r+", encoding="utf-8") as stored:
        fcntl.flock(stored, fcntl.LOCK_EX)
        world = parse(stored.read())
        yield world
        stored.seek(0)
        stored.truncate()
        # Not json.dump, which makes pieces in Python of what json.dumps makes at once in C.
        stored.write(json.dumps(world, sort_keys=True))


def store(world: World) -> None:
    import json

    with open(path(), "w", encoding="utf-8") as stored:
        fcntl.flock(stored, fcntl.LOCK_EX)
        stored.write(json.dumps(world, sort_keys=True))


def qube(world: World, name: str) -> Qube:
    try:
        return world["qubes"][name]
    except KeyError:
        raise Refused(f"no such domain: {name!r}") from None


def feature_with_template(world: World, name: str, feature: str) -> str | None:
    """qubes/features.py check_with_template: the qube's own value, else that of its template, and so on up."""
    current: str | None = name
    while current is not None:
        here = world["qubes"][current]
        if feature in here["features"]:
            return here["features"][feature]
        current = here["properties"].get("template")
    return None
