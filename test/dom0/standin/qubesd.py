# SPDX-License-Identifier: GPL-3.0-or-later
"""What qubesd answers to the calls of the Admin API that only look, as the bytes that go over its socket.

Stands for: qubes-core-admin qubes/api/admin.py, the methods below, in the formats of R4.2 and R4.3.
Refuses beyond the real one: every other method, which in dom0 would be obeyed. A caller that must only look is found out by that.
Does not model: events, devices, snapshots; sizes of pools and what volumes take are the world's `pool_sizes` and `usage`, if it has them.
"""

from __future__ import annotations

import os
from typing import Any

from . import findings, properties, world
from .refused import NoSuchProperty, Refused
from .world import World

KINDS = {"bool": "bool", "positive": "int", "count": "int", "text": "str", "label": "label", "template": "vm", "qube": "vm"}
GLOBAL_KINDS = {
    "default_netvm": "vm", "default_dispvm": "vm", "default_template": "vm", "management_dispvm": "vm", "updatevm": "vm",
    "clockvm": "vm", "default_guivm": "vm", "default_audiovm": "vm", "default_kernel": "str", "default_pool": "str",
    "default_qrexec_timeout": "int", "default_shutdown_timeout": "int",
}  # fmt: skip
# Of dom0 (qubes/vm/adminvm.py), as far as anybody asks.
ADMIN = {"name": "str", "klass": "str", "label": "label", "netvm": "vm", "default_dispvm": "vm"}
TIB = 1024**4


class Failure(Exception):
    """An exception that qubesd hands to the client: its class in qubesadmin.exc, and what it says."""

    def __init__(self, kind: str, message: str):
        super().__init__(message)
        self.kind = kind


class Written(BaseException):
    """Somebody who must only look made a call that changes dom0. No `except Exception` hides it."""


def answer(dest: str, method: str, argument: str | None = None) -> bytes:
    """The payload of qubesd's answer, or Failure."""
    known = _METHODS.get(method)
    if known is None:
        findings.record("written-by-a-looker", f"{method} {dest} {argument or ''}")
        raise Written(f"{method} of {dest}: this is no call that only looks")
    if os.environ.get("DOM0_STANDIN_QUBESD") == "silent":
        return b""
    dom0 = world.load()
    if method.startswith("admin.vm.") and method != "admin.vm.List" and dest not in dom0["qubes"]:
        raise Failure("QubesVMNotFoundError", f"No such domain: {dest!r}")
    try:
        return known(dom0, dest, argument).encode()
    except NoSuchProperty as refusal:
        raise Failure("QubesNoSuchPropertyError", str(refusal)) from None
    except Refused as refusal:
        raise Failure("QubesException", str(refusal)) from None


def _list(dom0: World, dest: str, _argument: str | None) -> str:
    names = sorted(dom0["qubes"]) if dest == "dom0" else [dest]
    if dest not in dom0["qubes"]:
        raise Failure("QubesVMNotFoundError", f"No such domain: {dest!r}")
    held = dom0["qubes"]
    return "".join(f"{name} class={held[name]['klass']} state={held[name]['power_state']}\n" for name in names)


def _stored(value: Any, kind: str, default: bool) -> str:
    text = "" if value is None else str(value)
    return f"default={default} type={kind} {text}"


def _one_property(dom0: World, name: str, prop: str) -> str:
    if dom0["qubes"][name]["klass"] == "AdminVM":
        if prop not in ADMIN:
            raise NoSuchProperty(f"Invalid property {prop!r} of {name}")
        value = {"name": name, "klass": "AdminVM", "label": "black"}.get(prop)
        return _stored(value, ADMIN[prop], True)
    kind = KINDS[properties.check(dom0, name, prop)]
    return _stored(properties.get(dom0, name, prop), kind, properties.is_default(dom0, name, prop))


def _names_of_properties(dom0: World, name: str) -> list[str]:
    klass = dom0["qubes"][name]["klass"]
    if klass == "AdminVM":
        return sorted(ADMIN)
    return sorted(prop for prop, (_kind, classes, _default) in properties.TABLE.items()
                  if klass in classes and not (prop == "devices_denied" and dom0["release"] == "4.2"))  # fmt: skip


def _all_properties(dom0: World, name: str, _argument: str | None) -> str:
    lines = (f"{prop} {_one_property(dom0, name, prop)}" for prop in _names_of_properties(dom0, name))
    return "".join(line.replace("\\", "\\\\").replace("\n", "\\n") + "\n" for line in lines)


def _one_global(dom0: World, _dest: str, prop: str | None) -> str:
    if prop not in GLOBAL_KINDS:
        raise NoSuchProperty(f"Invalid property {prop!r} of app")
    return _stored(dom0["globals"][prop], GLOBAL_KINDS[prop], False)


def _all_globals(dom0: World, dest: str, _argument: str | None) -> str:
    return "".join(f"{prop} {_one_global(dom0, dest, prop)}\n" for prop in sorted(GLOBAL_KINDS))


def _feature(dom0: World, name: str, feature: str | None) -> str:
    if feature not in dom0["qubes"][name]["features"]:
        raise Failure("QubesFeatureNotFoundError", f"Feature not set for domain {name}: {feature}")
    return str(dom0["qubes"][name]["features"][feature])


def _feature_with_template(dom0: World, name: str, feature: str | None) -> str:
    value = world.feature_with_template(dom0, name, str(feature))
    if value is None:
        raise Failure("QubesFeatureNotFoundError", f"Feature not set for domain {name}: {feature}")
    return value


def _volume(dom0: World, name: str, volume: str | None) -> str:
    held = dom0["qubes"][name]["volumes"].get(volume)
    if held is None:
        raise Failure("QubesException", f"no volume {volume!r}")
    shown = {**{key: held[key] for key in ("pool", "size", "rw", "save_on_stop", "snap_on_start", "revisions_to_keep")},
             "vid": f"{held['pool']}/vm-{name}-{volume}", "usage": held.get("usage", 0), "source": "",
             "ephemeral": held["ephemeral"]}  # fmt: skip
    if held["snap_on_start"]:
        shown["is_outdated"] = held.get("is_outdated", False)
    return "".join(f"{key}={value}\n" for key, value in shown.items())


def _pool(dom0: World, pool: str) -> str:
    if pool not in dom0["pools"]:
        raise Failure("QubesException", f"No such pool: {pool!r}")
    return str(dom0["pools"][pool])


def _pool_usage(dom0: World, _dest: str, pool: str | None) -> str:
    if _pool(dom0, str(pool)) == "linux-kernel":
        return ""
    size, usage = dom0.get("pool_sizes", {}).get(pool, [4 * TIB, TIB // 8])
    return f"data_size={size}\ndata_usage={usage}\n"


def _tags(dom0: World, name: str, tag: str | None) -> str:
    return "1" if tag in dom0["qubes"][name]["tags"] else "0"


_METHODS = {
    "admin.vm.List": _list,
    "admin.vm.property.List": lambda dom0, dest, _a: "".join(f"{prop}\n" for prop in _names_of_properties(dom0, dest)),
    "admin.vm.property.Get": lambda dom0, dest, prop: _one_property(dom0, dest, str(prop)),
    "admin.vm.property.GetAll": _all_properties,
    "admin.property.List": lambda _dom0, _dest, _a: "".join(f"{prop}\n" for prop in sorted(GLOBAL_KINDS)),
    "admin.property.Get": _one_global,
    "admin.property.GetAll": _all_globals,
    "admin.vm.feature.List": lambda dom0, dest, _a: "".join(f"{one}\n" for one in sorted(dom0["qubes"][dest]["features"])),
    "admin.vm.feature.Get": _feature,
    "admin.vm.feature.CheckWithTemplate": _feature_with_template,
    "admin.vm.tag.List": lambda dom0, dest, _a: "".join(f"{tag}\n" for tag in dom0["qubes"][dest]["tags"]),
    "admin.vm.tag.Get": _tags,
    "admin.vm.firewall.Get": lambda dom0, dest, _a: "".join(f"{rule}\n" for rule in dom0["qubes"][dest]["firewall"]),
    "admin.vm.volume.List": lambda dom0, dest, _a: "".join(f"{one}\n" for one in sorted(dom0["qubes"][dest]["volumes"])),
    "admin.vm.volume.Info": _volume,
    "admin.vm.CurrentState": lambda dom0, dest, _a: f"mem=0 mem_static_max=0 cputime=0 power_state={dom0['qubes'][dest]['power_state']}",
    "admin.pool.List": lambda dom0, _dest, _a: "".join(f"{pool}\n" for pool in sorted(dom0["pools"])),
    "admin.pool.Info": lambda dom0, _dest, pool: f"name={pool}\ndriver={_pool(dom0, str(pool))}\nrevisions_to_keep=1\n",
    "admin.pool.UsageDetails": _pool_usage,
    "admin.label.List": lambda dom0, _dest, _a: "".join(f"{label}\n" for label in dom0["labels"]),
}
