# SPDX-License-Identifier: GPL-3.0-or-later
"""What qubes-core-admin-addon-whonix (qubeswhonix/__init__.py) does behind a formula's back.

Stands for: the handlers of domain-add, domain-feature-set:whonix-ws and :whonix-gw of the R4.3 addon.
Does not model: domain-load, which gives removed tags back at the next start of qubesd (deleting one is a finding).
"""

from __future__ import annotations

from . import properties
from .world import World, feature_with_template, qube

ADDED_TAGS = {"gw": ("anon-gateway", "sdwdate-gui-server"), "ws": ("anon-vm", "sdwdate-gui-client")}


def added(world: World, name: str) -> None:
    """A qube was added."""
    kinds = [kind for kind in ADDED_TAGS if feature_with_template(world, name, f"whonix-{kind}")]
    for kind in kinds:
        new = qube(world, name)
        new["tags"] = sorted({*new["tags"], *ADDED_TAGS[kind]})
        declared(world, name, kind)
        if kind == "ws":
            new["features"].setdefault("gui-events-max-delay", "100")


def declared(world: World, name: str, kind: str) -> None:
    """A qube is, or says from now on that it is, a Whonix gateway or workstation."""
    if kind == "gw":
        _drop_foreign_disposable(world, name)
        return
    if qube(world, name)["klass"] != "TemplateVM":
        _set_workstation_netvm(world, name)
    _set_workstation_disposable(world, name)


def _is_workstation(world: World, name: str) -> bool:
    return bool(feature_with_template(world, name, "whonix-ws"))


def _set_workstation_netvm(world: World, name: str) -> None:
    current = properties.get(world, name, "netvm")
    chosen: str | None
    if current is None:
        return
    if feature_with_template(world, str(current), "whonix-gw"):
        chosen = str(current)
    else:
        wanted = feature_with_template(world, name, "whonix-default-gw")
        known = wanted is not None and wanted in world["qubes"] and feature_with_template(world, wanted, "whonix-gw")
        chosen = wanted if known else "sys-whonix"
    qube(world, name)["properties"]["netvm"] = chosen if chosen in world["qubes"] else None


def _set_workstation_disposable(world: World, name: str) -> None:
    holder = qube(world, name)
    current = properties.get(world, name, "default_dispvm")
    if current is None:
        return
    if holder["klass"] == "AppVM" and properties.get(world, name, "template_for_dispvms"):
        chosen: str = name
    elif _is_workstation(world, str(current)):
        chosen = str(current)
        if holder["klass"] == "TemplateVM":
            return
    else:
        template = holder["properties"].get("template", name)
        wanted = feature_with_template(world, name, "whonix-default-dispvm")
        if wanted is not None and wanted in world["qubes"] and _is_workstation(world, wanted):
            chosen = wanted
        elif f"{template}-dvm" in world["qubes"]:
            chosen = f"{template}-dvm"
        else:
            chosen = "whonix-workstation-18-dvm"
    holder["properties"]["default_dispvm"] = chosen if chosen in world["qubes"] else None


def _drop_foreign_disposable(world: World, name: str) -> None:
    current = properties.get(world, name, "default_dispvm")
    if current is not None and not _is_workstation(world, str(current)):
        qube(world, name)["properties"]["default_dispvm"] = None
