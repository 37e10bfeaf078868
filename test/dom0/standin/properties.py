# SPDX-License-Identifier: GPL-3.0-or-later
"""The properties of a qube: their types, defaults and what qubesd refuses to store in them.

Stands for: the properties of qubes-core-admin qubes/vm/{__init__,qubesvm,appvm,dispvm,templatevm}.py,
qubes/vm/mix/{net,dvmtemplate}.py, and `property.sanitize` of qubes/__init__.py.
Refuses beyond R4.3's: a `default_dispvm` or `management_dispvm` that is no disposable template (R4.4 does).
Does not model: properties of dom0, devices_denied's grammar, bootmode, values that only Xen would judge.
Longer than other files here: a table, and one small check for each entry that has one.
"""

from __future__ import annotations

from typing import Any, Callable

from . import names
from .refused import NoSuchProperty, Refused
from .world import Qube, World, qube

Value = bool | int | str | None
TEMPLATED = ("AppVM", "DispVM")
ALL = ("AppVM", "DispVM", "StandaloneVM", "TemplateVM")
READ_ONLY = ("name", "klass", "qid", "uuid", "updateable", "installed_by_rpm", "backup_timestamp")

# name: (kind, classes that have it, what qubesd takes by default: a value, or a function of world, qube)
TABLE: dict[str, tuple[str, tuple[str, ...], Any]] = {}


def _declare(kind: str, *properties: str, default: Any = None, classes: tuple[str, ...] = ALL) -> None:
    for name in properties:
        TABLE[name] = (kind, classes, default)


def _inherit(name: str, otherwise: Any) -> Callable[[World, Qube], Value]:
    def of(world: World, holder: Qube) -> Value:
        template = holder["properties"].get("template")
        if template is not None and name in TABLE and "TemplateVM" in TABLE[name][1]:
            return get(world, template, name)
        return otherwise(world, holder) if callable(otherwise) else otherwise

    return of


def _global(name: str) -> Callable[[World, Qube], Value]:
    return lambda world, _holder: world["globals"][name]


_declare("bool", "autostart", "debug", "provides_network", default=False)
_declare("bool", "installed_by_rpm", default=False)
_declare("bool", "include_in_backups", default=True)
_declare("bool", "template_for_dispvms", default=False, classes=("AppVM",))
_declare("bool", "auto_cleanup", default=False, classes=("DispVM",))
_declare("bool", "updateable", default=lambda _world, holder: holder["klass"] not in TEMPLATED)
_declare("positive", "memory", default=_inherit("memory", 400))
_declare("positive", "vcpus", default=_inherit("vcpus", 2))
_declare("positive", "qrexec_timeout", default=_inherit("qrexec_timeout", _global("default_qrexec_timeout")))
_declare("positive", "shutdown_timeout", default=_inherit("shutdown_timeout", _global("default_shutdown_timeout")))
_declare("positive", "stubdom_mem")
_declare("count", "maxmem", default=_inherit("maxmem", 4000))
_declare("count", "backup_timestamp", "qid")
_declare("text", "default_user", default=_inherit("default_user", "user"))
_declare("text", "kernel", default=_inherit("kernel", _global("default_kernel")))
_declare("text", "kernelopts", default=_inherit("kernelopts", "swiotlb=2048"))
_declare("text", "keyboard_layout", default="us++")
_declare("text", "virt_mode", default=_inherit("virt_mode", "pvh"))
_declare("text", "mac", default="00:16:3e:5e:6c:00")
_declare("text", "ip", "ip6", "uuid")
_declare("text", "devices_denied", default="")
_declare("text", "name", "klass")
_declare("label", "label")
_declare("template", "template", classes=TEMPLATED)
_declare("qube", "netvm", default=lambda world, holder: None if holder["klass"] == "TemplateVM" else world["globals"]["default_netvm"])  # fmt: skip
_declare("qube", "default_dispvm", default=_global("default_dispvm"))
_declare("qube", "management_dispvm", default=_inherit("management_dispvm", _global("management_dispvm")))
_declare("qube", "guivm", default=_global("default_guivm"))
_declare("qube", "audiovm", default=_global("default_audiovm"))

QUBE_KINDS = ("qube", "template")


def check(world: World, name: str, prop: str) -> str:
    """The kind of the property, which the qube's class must have."""
    holder = qube(world, name)
    kind, classes, _default = TABLE.get(prop, ("", (), None))
    if holder["klass"] not in classes or (prop == "devices_denied" and world["release"] == "4.2"):
        raise NoSuchProperty(f"Invalid property {prop!r} of {name}")
    return kind


def is_default(world: World, name: str, prop: str) -> bool:
    check(world, name, prop)
    return prop not in qube(world, name)["properties"] and prop not in ("name", "klass")


def get(world: World, name: str, prop: str) -> Value:
    check(world, name, prop)
    holder = qube(world, name)
    if prop in ("name", "klass"):
        return name if prop == "name" else holder["klass"]
    if prop in holder["properties"]:
        return holder["properties"][prop]
    default = TABLE[prop][2]
    return default(world, holder) if callable(default) else default


def reset(world: World, name: str, prop: str) -> None:
    check(world, name, prop)
    if prop in ("template", "label") or prop in READ_ONLY:
        raise Refused(f"Cannot unset {prop}")
    if prop == "netvm":
        _check_netvm(world, name, world["globals"]["default_netvm"])
    qube(world, name)["properties"].pop(prop, None)


def put(world: World, name: str, prop: str, text: str) -> None:
    """admin.vm.property.Set with `text` as it comes over the wire, where everything is a string."""
    kind = check(world, name, prop)
    if prop in READ_ONLY:
        raise Refused(f"Property {prop!r} of {name} cannot be changed")
    value = _parse(world, prop, kind, text)
    _SPECIAL.get(prop, lambda _world, _name, _value: None)(world, name, value)
    qube(world, name)["properties"][prop] = value


def _parse(world: World, prop: str, kind: str, text: str) -> Value:
    if kind == "bool":
        lower = text.lower()
        if lower not in ("0", "no", "false", "off", "1", "yes", "true", "on"):
            raise Refused(f"Invalid literal for boolean property: {text!r}")
        return lower in ("1", "yes", "true", "on")
    if kind in ("positive", "count"):
        try:
            number = int(text)
        except ValueError:
            raise Refused(f"Failed to parse property value as int: {prop}={text!r}") from None
        if number < (1 if kind == "positive" else 0):
            raise Refused(f"{prop} must be positive{'' if kind == 'positive' else ' or zero'}")
        return number
    if not names.printable(text):
        raise Refused("Invalid characters in property value")
    if kind == "label" and text not in world["labels"]:
        raise Refused(f"No label with name {text!r}")
    if kind in QUBE_KINDS:
        if text == "":
            if kind == "template":
                raise Refused("Property 'template' does not allow setting to None")
            return None
        names.check_qube(text)
        qube(world, text)
    return text


def check_template(world: World, klass: str, template: str) -> None:
    """The class a template must have: appvm.py vmclass=TemplateVM, dispvm.py a disposable template."""
    base = qube(world, template)
    if klass == "DispVM":
        if base["klass"] != "AppVM" or not get(world, template, "template_for_dispvms"):
            raise Refused(f"template for DispVM must have template_for_dispvms=True: {template!r}")
    elif base["klass"] != "TemplateVM":
        raise Refused(f"wrong class of template: {template!r} is {base['klass']}, not TemplateVM")


def connected(world: World, name: str) -> list[str]:
    """The qubes whose net qube this one is."""
    return sorted(
        other for other, held in world["qubes"].items() if held["klass"] != "AdminVM" and get(world, other, "netvm") == name
    )  # fmt: skip


def _check_template(world: World, name: str, value: Value) -> None:
    if qube(world, name)["power_state"] != "Halted":
        raise Refused(f"Cannot change template while qube is running: {name}")
    check_template(world, qube(world, name)["klass"], str(value))


def _check_netvm(world: World, name: str, value: Value) -> None:
    if value is None:
        return
    provider = str(value)
    if qube(world, provider)["klass"] == "AdminVM" or not get(world, provider, "provides_network"):
        raise Refused(f"The {provider} qube does not provide network")
    current: Value = provider
    while current is not None:
        if current == name:
            raise Refused("Loops in network are unsupported")
        current = get(world, str(current), "netvm")
    if qube(world, name)["power_state"] != "Halted" and qube(world, provider)["power_state"] == "Halted":
        raise Refused(f"Cannot dynamically attach to stopped NetVM: {provider}")


def _check_provides_network(world: World, name: str, value: Value) -> None:
    if not value and connected(world, name):
        raise Refused("The qube is still used by other qubes, change theirs 'netvm' first")


def _check_disposable_template(world: World, _name: str, value: Value) -> None:
    if value is None:
        return
    if qube(world, str(value))["klass"] != "AppVM" or not get(world, str(value), "template_for_dispvms"):
        raise Refused(f"{value} has template_for_dispvms set to False")


def _check_template_for_dispvms(world: World, name: str, value: Value) -> None:
    users = [f"{holder or 'global'}:{prop}" for holder, prop in users_of(world, name)
             if prop in ("default_dispvm", "management_dispvm", "template")]  # fmt: skip
    if not value and users:
        raise Refused(f"Cannot change template_for_dispvms to False while it is in use: {', '.join(users)}")


def _check_kernel(world: World, _name: str, value: Value) -> None:
    if value and value not in world["kernels"]:
        raise Refused(f"Kernel {value!r} not installed")


def _check_virt_mode(_world: World, _name: str, value: Value) -> None:
    if value not in ("hvm", "pv", "pvh"):
        raise Refused("Invalid virtualization mode, supported values: hvm, pv, pvh")


def _check_kernelopts(_world: World, _name: str, value: Value) -> None:
    if len(str(value)) > 512:
        raise Refused("Kernelopts value too long (512 chars max)")


def _check_default_user(_world: World, _name: str, value: Value) -> None:
    if not all(character.isalnum() or character in "_-+,." for character in str(value)):
        raise Refused("Username contains illegal characters")


def _check_ip(_world: World, _name: str, value: Value) -> None:
    parts = str(value).split(".")
    if len(parts) != 4 or not all(part.isdigit() and int(part) < 256 for part in parts):
        raise Refused(f"Failed to parse property value as IPv4Address: {value!r}")


_SPECIAL: dict[str, Callable[[World, str, Value], None]] = {
    "template": _check_template,
    "netvm": _check_netvm,
    "provides_network": _check_provides_network,
    "default_dispvm": _check_disposable_template,
    "management_dispvm": _check_disposable_template,
    "template_for_dispvms": _check_template_for_dispvms,
    "kernel": _check_kernel,
    "virt_mode": _check_virt_mode,
    "kernelopts": _check_kernelopts,
    "default_user": _check_default_user,
    "ip": _check_ip,
}


def users_of(world: World, name: str) -> list[tuple[str | None, str]]:
    """Who names this qube in a property set explicitly (None: a global one): qubes/app.py get_qube_prop_deps."""
    found: list[tuple[str | None, str]] = [(None, prop) for prop, value in world["globals"].items() if value == name]
    for holder, held in sorted(world["qubes"].items()):
        for prop, value in sorted(held["properties"].items()):
            # A disposable template that is its own default disposable does not hold itself.
            if value == name and holder != name and prop in TABLE and TABLE[prop][0] in QUBE_KINDS:
                found.append((holder, prop))
    return found
