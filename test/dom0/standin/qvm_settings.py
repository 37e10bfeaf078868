# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm.prefs, features, service, tags, firewall, devices and run.

Stands for: the functions of the same names in qubes-mgmt-salt-dom0-qvm _modules/ext_module_qvm.py.
Reports beyond them: what they ignore (unknown properties), what never compares equal and so changes at every apply
(wrong types), what qubesd forgets (service.meminfo-writer), what the Whonix addon puts back (its tags).
Does not model: qvm.devices (list and detach raise TypeError in 4.3.6) and qvm.run, which fail here.
"""

from __future__ import annotations

from typing import Any

from . import firewall as rules
from . import properties, qubes, whonix, world
from .qvm_call import ArgumentError, Call, Outcome, refuse
from .refused import Refused

# The order in which prefs applies them, whatever order the .sls has; each with its other spellings.
PREFS = (
    "autostart", "debug", "default-user", "default-dispvm", "devices-denied", "management-dispvm", "guivm", "audiovm",
    "template-for-dispvms", "virt-mode", "label", "last-backup", "include-in-backups", "installed-by-rpm", "ip",
    "kernel", "kernelopts", "mac", "maxmem", "memory", "netvm", "pci-strictreset", "pcidevs", "provides-network",
    "template", "qrexec-timeout", "updateable", "vcpus",
)  # fmt: skip
# Compared with these spellings only, so `default-dispvm: none` is the name of a qube.
NONE = ("netvm", "guivm", "audiovm", "default_dispvm", "devices_denied", "management_dispvm")
# Since 4.3.5; before it `provides_network` was dropped without a word.
SINCE_R43 = ("provides_network", "devices-denied", "devices_denied")


def _selected(call: Call, release: str) -> list[str]:
    known: list[str] = []
    for name in PREFS:
        spellings = [name, name.replace("-", "_"), *(["dispvm-allowed"] if name == "template-for-dispvms" else [])]
        found = [spelling for spelling in spellings if spelling in call.keywords]
        known += [spelling for spelling in found if release != "4.2" or spelling not in SINCE_R43][:1]
    for key in call.keywords:
        if key not in known and key not in ("action", "get", "set", "status-mode"):
            call.finding("prefs-unknown-key", f"qvm.prefs does not know {key!r} on R{release}: ignored")
    return known


def prefs(call: Call) -> Outcome:
    if call.positional:
        call.finding("qvm-argument-ignored", f"{call.positional} are names to show, nothing is set: write `- key: value`")
    if "set" in call.keywords:
        call.keywords.update({key: value for entry in call.keywords.pop("set") for key, value in entry.items()})
    call.must_exist()
    if call.positional or "get" in call.keywords:
        return call.passed("listed")
    done = Outcome(None if call.test else True)
    lines: list[str] = []
    for key in _selected(call, world.load()["release"]):
        changed = _set_pref(call, key)
        lines.append(f"{'' if changed else '[SKIP] '}{key}")
        if changed is not None:
            done.changes.setdefault("qvm.create", {})[changed[0]] = {"old": changed[1], "new": changed[2]}
    done.comment = "\n".join(lines)
    return done


def _set_pref(call: Call, key: str) -> tuple[str, Any, Any] | None:
    """Set one property; what changed, or None. Writes in test mode as well: the real one does."""
    prop = {"last_backup": "backup_timestamp", "dispvm_allowed": "template_for_dispvms"}.get(
        key.replace("-", "_"), key.replace("-", "_")
    )
    wanted = call.keywords[key]
    if prop in ("pcidevs", "pci_strictreset"):
        raise Refused(f"not modelled: {key}")
    dom0 = world.load()
    current = "*default*" if properties.is_default(dom0, call.name, prop) else properties.get(dom0, call.name, prop)
    if key in NONE and wanted in ("none", ""):
        wanted = None
    _report_types(call, dom0, key, prop, wanted)
    if current == wanted:
        return None
    call.touched(f"qvm.prefs {prop}")
    if call.test:
        call.finding("prefs-written-in-test-mode", f"qvm.prefs has no test mode: {prop} of {call.name} was written")
    with world.changing() as changed:
        if wanted == "*default*":
            properties.reset(changed, call.name, prop)
        else:
            properties.put(changed, call.name, prop, "" if wanted is None else str(wanted))
    return prop, current, wanted


def _report_types(call: Call, dom0: world.World, key: str, prop: str, wanted: Any) -> None:
    kind = properties.check(dom0, call.name, prop)
    if wanted == "*default*":
        return
    fits = {
        "bool": isinstance(wanted, bool) or wanted in (0, 1),
        "positive": isinstance(wanted, int),
        "count": isinstance(wanted, int),
        "qube": wanted is None or isinstance(wanted, str) and wanted != "",
    }.get(kind, isinstance(wanted, str))
    if not fits:
        call.finding("prefs-never-equal", f"{key}: {wanted!r} never compares equal to what is stored: set at every apply")


def features(call: Call) -> Outcome:
    entries = call.keywords.get("set")
    if "set" in call.keywords:
        call.keywords["set"] = [dict(entries[index]) for index in range(len(entries))]
    wanted: list[tuple[str, Any]] = []
    call.take(("enable", "disable", "default", "set", "list"))
    call.must_exist()
    wanted += [(name, "1") for name in call.words("enable")]
    wanted += [(name, "") for name in call.words("disable")]
    wanted += [(name, None) for name in call.words("default")]
    for entry in call.keywords.get("set") or []:
        ((name, value),) = entry.items()
        wanted.append((name, value))
    return _set_features(call, "qvm.features", wanted, "")


def service(call: Call) -> Outcome:
    call.take(("enable", "disable", "default", "list"))
    call.must_exist()
    wanted: list[tuple[str, Any]] = [(name, "1") for name in call.words("enable")]
    wanted += [(name, "") for name in call.words("disable")]
    wanted += [(name, None) for name in call.words("default")]
    return _set_features(call, "qvm.service", wanted, "service.")


def _set_features(call: Call, module: str, wanted: list[tuple[str, Any]], prefix: str) -> Outcome:
    done = Outcome(None if call.test else True)
    lines = []
    before = dict(world.load()["qubes"][call.name]["features"])
    for name, value in wanted:
        feature = prefix + name
        if value is not None and not isinstance(value, str):
            call.finding("feature-never-equal", f"{feature}: {value!r} is no string: set at every apply")
        if feature == "service.meminfo-writer" and value is not None:
            call.finding("meminfo-writer-flips", f"{feature} becomes maxmem and is not stored: set at every apply")
        if before.get(feature) == value:
            lines.append(f"[SKIP] {feature} already in desired state")
            continue
        call.touched(f"{module} {feature}")
        if not call.test:
            with world.changing() as changed:
                if value is None:
                    qubes.drop_feature(changed, call.name, feature)
                else:
                    text = ("1" if value else "") if isinstance(value, bool) else str(value)
                    qubes.set_feature(changed, call.name, feature, text)
        done.changes.setdefault(module, {})[name] = {"old": before.get(feature), "new": value}
    done.comment = "\n".join(lines)
    return done


def tags(call: Call) -> Outcome:
    call.take(("add", "present", "del", "absent", "list"))
    call.must_exist()
    added, dropped = call.words("add", "present"), call.words("del", "absent")
    for pair in (("add", "present"), ("del", "absent")):
        if all(key in call.keywords for key in pair):
            call.finding("qvm-argument-ignored", f"{pair[0]} and {pair[1]} are one option: {pair[1]} is ignored")
    before = set(world.load()["qubes"][call.name]["tags"])
    for tag in dropped:
        if tag in [given for given_tags in whonix.ADDED_TAGS.values() for given in given_tags]:
            call.finding("whonix-tag-returns", f"tag {tag} comes back at the next start of qubesd (addon-whonix domain-load)")
    after = (before | set(added)) - set(dropped)
    if after != before:
        call.touched(f"qvm.tags {' '.join(sorted(after ^ before))}")
    if not call.test:
        try:
            with world.changing() as changed:
                for tag in added:
                    qubes.add_tag(changed, call.name, tag)
                for tag in dropped:
                    qubes.drop_tag(changed, call.name, tag)
        except Refused as refusal:
            return refuse(call, refusal)
    if after == before:
        return call.passed(f"[SKIP] All requested tags already set: {','.join(sorted(before))}")
    return call.passed("tags set", {"qvm.tags": {"old": sorted(before), "new": sorted(after)}})


def firewall(call: Call) -> Outcome:
    call.take(("set", "list"))
    call.must_exist()
    try:
        wanted = [rules.canonical(rule) for rule in call.keywords.get("set") or []]
    except Refused as refusal:
        return refuse(call, refusal)
    before = world.load()["qubes"][call.name]["firewall"]
    if not wanted:
        return call.passed("\n".join(before))
    if before == wanted:
        return call.passed("[SKIP] All requested rules already set")
    call.touched("qvm.firewall")
    if not call.test:
        with world.changing() as changed:
            changed["qubes"][call.name]["firewall"] = wanted
    return call.passed("rules set", {"qvm.firewall": {"old": "\n".join(before), "new": "\n".join(wanted)}})


def devices(call: Call) -> Outcome:
    call.finding("devices-broken", "qvm.devices: list and detach raise TypeError in 4.3.6, attach writes in test mode")
    raise TypeError("qvm.devices is not modelled")


def run(call: Call) -> Outcome:
    command = str(call.keywords.get("cmd", ""))
    call.finding("run-every-time", f"qvm.run runs at every apply: {command}")
    if any(character in command for character in "|&;<>$"):
        call.finding("run-without-shell", f"qvm.run has no shell, it passes these on as they are: {command}")
    if "auto" in call.flags():
        call.finding("run-failure-green", "qvm.run with the flag auto is green whatever the command does")
        return call.passed("not run: not modelled")
    raise ArgumentError("qvm.run is not modelled")
