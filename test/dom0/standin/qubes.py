# SPDX-License-Identifier: GPL-3.0-or-later
"""Making, cloning, removing, tagging, starting and stopping qubes.

Stands for: admin.vm.Create*, admin.vm.Remove, admin.vm.tag.*, admin.vm.feature.*, admin.vm.Start and .Shutdown of
qubes-core-admin, and clone_vm of qubes-core-admin-client qubesadmin/app.py.
Does not model: memory that is not there, boot failures, timeouts, volumes' contents.
"""

from __future__ import annotations

from typing import Any

from . import names, properties, stock, whonix
from .refused import Refused
from .world import World, qube


def create(world: World, klass: str, name: str, label: str, template: str | None, pools: dict[str, str]) -> None:
    if klass not in ("AppVM", "DispVM", "StandaloneVM", "TemplateVM"):
        raise Refused(f"no such domain class: {klass!r}")
    if klass in properties.TEMPLATED:
        template = template or (world["globals"]["default_template"] if klass == "AppVM" else None)
        if template is None:
            raise Refused(f"{klass} needs a template")
        properties.check_template(world, klass, template)
    elif template is not None:
        raise Refused(f"{klass} cannot be based on template")
    names.check_qube(name)
    if label not in world["labels"]:
        raise Refused(f"No label with name {label!r}")
    for pool in pools.values():
        if pool not in world["pools"]:
            raise Refused(f"No such pool: {pool!r}")
    if name in world["qubes"]:
        raise Refused(f"VM named {name} already exists")
    made = stock.qube(klass, label, tags=("created-by-dom0",))
    if template is not None:
        made["properties"]["template"] = template
    for volume, pool in pools.items():
        if volume not in made["volumes"]:
            raise Refused(f"no volume {volume!r}")
        made["volumes"][volume]["pool"] = pool
    world["qubes"][name] = made
    whonix.added(world, name)


def every_pool(pool: str) -> dict[str, str]:
    """`-P POOL`: all volumes that are the qube's own."""
    return {"root": pool, "private": pool, "volatile": pool}


def clone(world: World, source: str, name: str, klass: str | None = None, pools: dict[str, str] | None = None) -> None:
    """A clone keeps properties, tags (a formula's own tag too!), features and firewall of its source."""
    original = qube(world, source)
    klass = klass or original["klass"]
    template = original["properties"].get("template") if klass in properties.TEMPLATED else None
    same = {volume: held["pool"] for volume, held in original["volumes"].items()
            if held["rw"] and not held["snap_on_start"]}  # fmt: skip
    create(world, klass, name, original["properties"]["label"], template, pools or same)
    made = qube(world, name)
    for prop, value in original["properties"].items():
        kept = ("template", "label", "installed_by_rpm")
        if prop not in kept and made["klass"] in properties.TABLE[prop][1]:
            made["properties"][prop] = value
    made["tags"] = sorted({*made["tags"], *(tag for tag in original["tags"] if not tag.startswith("created-by-"))})
    for feature, value in original["features"].items():
        set_feature(world, name, feature, value)
    made["firewall"] = list(original["firewall"])
    for volume, held in original["volumes"].items():
        if held["save_on_stop"] and volume in made["volumes"]:
            made["volumes"][volume]["size"] = held["size"]


def remove(world: World, name: str) -> None:
    held = qube(world, name)
    if held["klass"] == "AdminVM":
        raise Refused(f"Domain {name!r} cannot be removed.")
    if held["power_state"] != "Halted":
        raise Refused(f"Domain is running: {name!r}")
    used = properties.users_of(world, name)
    if used:
        uses = ", ".join(f"{prop} for {holder}" if holder else f"global property {prop}" for holder, prop in used)
        raise Refused(f"Domain is in use: {name!r}; {uses}")
    del world["qubes"][name]


def add_tag(world: World, name: str, tag: str) -> None:
    names.check_tag(tag)
    held = qube(world, name)
    held["tags"] = sorted({*held["tags"], tag})


def drop_tag(world: World, name: str, tag: str) -> None:
    names.check_tag(tag)
    held = qube(world, name)
    held["tags"] = [kept for kept in held["tags"] if kept != tag]


def set_feature(world: World, name: str, feature: str, value: str) -> None:
    names.check_feature(feature, value)
    held = qube(world, name)
    if feature == "service.meminfo-writer":
        # qubes/ext/services.py: turned into maxmem and not stored.
        held["features"].pop(feature, None)
        if value:
            held["properties"].pop("maxmem", None)
        else:
            held["properties"]["maxmem"] = 0
        return
    held["features"][feature] = value
    if feature in ("whonix-ws", "whonix-gw") and value:
        whonix.declared(world, name, feature[len("whonix-") :])


def drop_feature(world: World, name: str, feature: str) -> None:
    qube(world, name)["features"].pop(feature, None)


def start(world: World, name: str, *, skip_if_running: bool = False) -> None:
    held = qube(world, name)
    if held["klass"] == "AdminVM":
        raise Refused("Domain-0 is always running")
    if held["power_state"] != "Halted":
        if skip_if_running:
            return
        raise Refused(f"domain {name!r} is already running")
    netvm: Any = properties.get(world, name, "netvm")
    if netvm is not None and qube(world, netvm)["power_state"] == "Halted":
        start(world, netvm)
    held["power_state"] = "Running"


def shutdown(world: World, name: str, *, force: bool = False) -> None:
    held = qube(world, name)
    if held["power_state"] == "Halted":
        return
    users = [other for other in properties.connected(world, name) if qube(world, other)["power_state"] != "Halted"]
    if users and not force:
        raise Refused(f"There are other VMs connected to this VM: {', '.join(users)}")
    held["power_state"] = "Halted"


def install_template(world: World, name: str, repository: str | None, pool: str | None) -> None:
    """qvm-template install; what is installed already stays as it is."""
    offered = [template for repo, templates in world["available_templates"].items()
               if repository in (None, repo) for template in templates]  # fmt: skip
    if repository is not None and repository not in world["available_templates"]:
        raise Refused(f"unknown repository: {repository!r}")
    if name not in offered:
        raise Refused(f"Template '{name}' not found.")
    if pool is not None and pool not in world["pools"]:
        raise Refused(f"No such pool: {pool!r}")
    if name in world["qubes"]:
        return
    kind = "gw" if name.startswith("whonix-gateway") else "ws" if name.startswith("whonix-workstation") else None
    world["qubes"][name] = stock.template(kind)
