# SPDX-License-Identifier: GPL-3.0-or-later
"""What a qube would do with the states that Salt brings it: part of audit.py.

Stands for: salt-ssh's delivery (salt/client/ssh) and what an AppVM keeps (qubes-core-agent-linux).
Does not model: whether the files and programs of the qube exist.
"""

from __future__ import annotations

import os
import re
from typing import Any, Iterator

from .world import World, feature_with_template

# qubes-core-agent-linux: all that stays of an AppVM (/home and /usr/local are links into /rw).
PERSISTENT = ("/rw/", "/home/", "/usr/local/")
# Whonix/anon-gw-anonymizer-config usr/lib/qubes-bind-dirs.d: what a Whonix gateway keeps besides.
KEPT_BY_GATEWAYS = ("/var/lib/tor/",)


def files(chunk: dict[str, Any], minion: str, dom0: World) -> Iterator[tuple[str, str]]:
    klass = dom0["qubes"].get(minion, {}).get("klass")
    if chunk["state"] == "file":
        path = str(chunk["name"])
        gateway = klass == "AppVM" and feature_with_template(dom0, minion, "whonix-gw")
        kept = PERSISTENT + (KEPT_BY_GATEWAYS if gateway else ())
        if klass == "AppVM" and path.startswith("/") and not path.startswith(kept):
            yield "lost-at-shutdown", f"{path}: an AppVM keeps only {', '.join(kept)}"
        if "keep" in (chunk.get("mode"), chunk.get("file_mode")):
            yield "mode-keep", f"{path}: salt-ssh delivers 0644"
        if isinstance(chunk.get("contents"), list) and not all(isinstance(line, str) for line in chunk["contents"]):
            yield "contents-typed", f"{path}: YAML has made something else of a line than what was written"
        yield from _templates(chunk, path)
    elif klass == "AppVM" and chunk["state"] in ("pkg", "user", "group", "service", "systemd_unit"):
        yield "lost-at-shutdown", f"{chunk['state']}.{chunk['fun']} {chunk['name']}: an AppVM forgets it at shutdown"


def _templates(chunk: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    if chunk.get("template") != "jinja":
        return
    for source in [chunk["source"]] if isinstance(chunk.get("source"), str) else chunk.get("source") or []:
        for root in (entry.path for entry in os.scandir("/srv/formulas/base")):
            file = os.path.join(root, source.removeprefix("salt://"))
            if os.path.isfile(file):
                with open(file, encoding="utf-8") as content:
                    if re.search(r"{%-?\s*(import|include|from|extends)\b", content.read()):
                        yield "jinja-import", f"{path}: what it imports is not shipped to the qube"
