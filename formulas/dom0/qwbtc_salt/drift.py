# SPDX-License-Identifier: GPL-3.0-or-later
"""What an apply of the dom0 states would change: the tree's MANIFEST.json held against dom0, by the rules of the states themselves.

qvm.prefs sets what differs, and once also what is only so by default (qubes-mgmt-salt-dom0-qvm ext_module_qvm.py, prefs); qvm.features,
service, tags and firewall set what differs; volumes are only grown; shutdown_timeout and revisions_to_keep are set by a guarded command.
"""

import collections
import difflib
import grp
import os
import pwd
import stat

from .machine import MISSING, marker
from .tree import listing, printable, size

# key of qvm-prefs: when a running qube feels it. `boot`: after its next start.
PREFS = {
    "netvm": "boot", "default_dispvm": "now", "provides_network": "boot", "template": "boot", "label": "now", "memory": "boot",
    "maxmem": "boot", "vcpus": "boot", "autostart": "now", "include_in_backups": "now", "qrexec_timeout": "now", "ip": "boot",
}  # fmt: skip
# Read at boot of the qube; what others do is not known, and those of menus are dom0's alone.
BOOT_FEATURES = ("ipv6",)

# machine, kind (create, property, feature, service, tag, volume, firewall, policy, power-off, install), what, old, new, effect (now or boot), note
Change = collections.namedtuple("Change", "machine kind what old new effect note", defaults=("now", ""))
# Something that lets an apply fail or wait, with its fix.
Obstacle = collections.namedtuple("Obstacle", "machine what fix")


def shown(value):
    if value is None or value == "":
        return "none"
    return "nothing" if value is MISSING else str(value)


def prefs(name, qube, wanted, keys):
    """Properties that qvm.prefs would set."""
    for key in keys:
        if key not in wanted:
            continue
        old, default = qube.prop(key), qube.is_default(key)
        if old == wanted[key] and type(old) is type(wanted[key]) and not default:
            continue
        note = "the same, but so far only by default" if old == wanted[key] else "so far by default" if default else ""
        effect = "now" if old == wanted[key] else PREFS[key]
        yield Change(name, "property", key, shown(old), shown(wanted[key]), effect, note)


def settings(name, qube, wanted):
    """Features, services and tags."""
    held = qube.features
    for key, on in wanted.get("services", {}).items():
        old, new = held.get(f"service.{key}"), "1" if on else ""
        if old != new:
            said = "not set" if old is None else "on" if old else "off"
            yield Change(name, "service", key, said, "on" if on else "off", "boot")
    for key, value in wanted.get("features", {}).items():
        if held.get(key) != value:
            old = "not set" if held.get(key) is None else held[key] or "off"
            yield Change(name, "feature", key, old, value or "off", "boot" if key in BOOT_FEATURES else "now")
    for tag in wanted["tags"]:
        if tag not in qube.tags:
            yield Change(name, "tag", tag, "missing", "set")


def storage(name, qube, wanted):
    """The private volume: grown, never shrunk."""
    volume = qube.volume()
    if volume is None:
        return
    if wanted.get("volume", 0) > volume.size:
        yield Change(name, "volume", "private", size(volume.size), size(wanted["volume"]))
    kept = wanted.get("revisions_to_keep")
    if kept is not None and volume.revisions_to_keep != kept:
        yield Change(name, "volume", "revisions_to_keep", str(volume.revisions_to_keep), str(kept))


def of_qube(name, qube, wanted):
    """All changes of a qube that exists."""
    yield from prefs(name, qube, wanted, PREFS)
    timeout = wanted.get("shutdown_timeout")
    if timeout is not None and qube.prop("shutdown_timeout") != timeout:
        yield Change(name, "property", "shutdown_timeout", shown(qube.prop("shutdown_timeout")), shown(timeout))
    yield from settings(name, qube, wanted)
    yield from storage(name, qube, wanted)
    if "firewall" in wanted and qube.firewall != wanted["firewall"]:
        yield Change(name, "firewall", "rules", "; ".join(qube.firewall) or "none", "; ".join(wanted["firewall"]))


def of_template(name, qube, wanted):
    yield from prefs(name, qube, wanted, ("label", "include_in_backups"))
    yield from settings(name, qube, wanted)


def created(wanted):
    """What is made, in one line for people."""
    network = "no net qube yet: it is yours to set" if "netvm" not in wanted else f"net qube {wanted['netvm']}" if wanted["netvm"] else "no net qube"
    disk = f"{size(wanted['volume'])} of disk" if "volume" in wanted else "a private volume of Qubes' default size"
    pool = f" in pool {wanted['pool']}" if "pool" in wanted else ""
    return f"from {wanted['template']}, {wanted['label']}, {network}, {wanted['memory']} to {wanted['maxmem']} MiB of memory, {disk}{pool}"


def dom0_changes(tree, machine):
    """Everything in dom0 that an apply would change, in the order of the states."""
    for name, stock in tree.stock.items():
        if machine.get(name) is None:
            yield Change(name, "install", "stock template", "missing", f"downloaded from {stock['repository']}")
    for name, wanted in tree.templates.items():
        qube = machine.get(name)
        if qube is None:
            yield Change(name, "create", "template clone", "missing", f"cloned from {wanted['stock']}")
        else:
            yield from of_template(name, qube, wanted)
    for name, entry in tree.qubes.items():
        qube = machine.get(name)
        if qube is None:
            yield Change(name, "create", "qube", "missing", created(entry["dom0"]))
            continue
        yield from of_qube(name, qube, entry["dom0"])
        if entry.get("leftToUser") and marker(tree.formula, name) and qube.prop("netvm") is not None:
            yield Change(name, "property", "netvm", shown(qube.prop("netvm")), "none", "boot", "an apply was cut off while it made this qube")


def file_changes(tree):
    """Policy files, and the one about powering off: (change, unified diff as lines). A stranger's file is a clash, see machine.clashes."""
    for kind, name, path, owned in tree.dom0_files:
        wanted = tree.dom0_text(path)
        count = sum(1 for line in wanted.splitlines() if line.strip() and not line.startswith("#"))
        rules, other = (f", {count} rules", "other rules or words") if kind == "policy" else ("", "other words")
        try:
            with open(path, encoding="utf-8", errors="replace", newline="") as file:
                held = file.read()
                about = os.fstat(file.fileno())
        except FileNotFoundError:
            yield Change(name, kind, "file", "missing", f"written{rules}"), []
            continue
        except OSError as error:
            yield Change(name, kind, "file", f"cannot be read ({error.strerror})", "as in this tree"), []
            continue
        if held != wanted:
            # A stranger's file may hold anything: no control character reaches the terminal.
            lines = difflib.unified_diff(lines_of(held), lines_of(wanted), path, "this tree", "now", "after an apply", n=1, lineterm="")
            yield Change(name, kind, "file", other, f"as in this tree{rules}"), list(lines)
        owner = f"{named(pwd.getpwuid, about.st_uid)}:{named(grp.getgrgid, about.st_gid)} {stat.S_IMODE(about.st_mode):04o}"
        if owner != owned:
            yield Change(name, kind, "owner and mode", owner, owned), []


def lines_of(text):
    return [printable(line) for line in text.splitlines()]


def named(lookup, number):
    try:
        return lookup(number)[0]
    except KeyError:
        return str(number)


def obstacles(tree, machine, changes):
    """What an apply would fail at, as far as it can be told before."""
    present = {*machine.qubes, *(change.machine for change in changes if change.kind == "create")}
    for name, entry in tree.qubes.items():
        wanted, qube = entry["dom0"], machine.get(name)
        netvm = wanted.get("netvm")
        if netvm is not None and netvm not in present:
            yield Obstacle(name, f"its net qube {netvm} does not exist", f"make {netvm}, or name another net qube in the topology")
        elif netvm is not None and netvm not in tree.qubes and machine.get(netvm).prop("provides_network") is not True:
            yield Obstacle(name, f"its net qube {netvm} provides no network", f"qvm-prefs {netvm} provides_network True, or another in the topology")
        if wanted["label"] not in machine.labels:
            yield Obstacle(name, f"there is no label {wanted['label']}", "qvm-create knows: " + listing(machine.labels))
        if qube is None:
            if "pool" in wanted and wanted["pool"] not in machine.pools:
                yield Obstacle(name, f"there is no pool {wanted['pool']}", "qvm-pool knows: " + listing(machine.pools))
            continue
        if qube.klass != wanted["klass"]:
            yield Obstacle(name, f"it is of class {qube.klass}, the tree's is {wanted['klass']}", "rename it; an apply then makes a new one")
        if qube.running and qube.klass == wanted["klass"] and qube.prop("template") != wanted["template"]:
            first = [one for one in machine.behind(name) if machine.get(one).running]
            yield Obstacle(name, "it runs, and Qubes changes no template under a running qube", f"before the apply: qvm-shutdown --wait {' '.join([*first, name])}")
        source = machine.get(netvm) if netvm else None
        if qube.running and netvm and qube.prop("netvm") != netvm and source is not None and not source.running:
            yield Obstacle(name, f"it runs, and its new net qube {netvm} does not", f"before the apply: qvm-shutdown --wait {name}")
        behind = [one for one in machine.behind(name) if one not in tree.qubes]
        if not wanted["provides_network"] and qube.prop("provides_network") is True and behind:
            yield Obstacle(name, f"it is to provide no network, and {listing(behind)} use it", "give them another net qube first")


def remarks(tree, machine):
    """What is other than in the tree and stays so."""
    for name, entry in tree.qubes.items():
        qube, wanted = machine.get(name), entry["dom0"]
        volume = qube and qube.volume()
        if not volume:
            continue
        if "pool" in wanted and volume.pool != wanted["pool"]:
            yield f"{name} lies in pool {volume.pool} and stays there, though the topology says {wanted['pool']}."
        if volume.size > wanted.get("volume", volume.size):
            yield f"The private volume of {name} is larger ({size(volume.size)}) than the topology asks for and stays so."
    for name, qube in sorted(machine.qubes.items()):
        if tree.formula in qube.tags and name not in tree.names():
            yield (f"{name} bears the tag {tree.formula} and is not in this tree: it is kept as it is, with its data, and by its tag the policies "
                   "keep it shut. Remove it yourself when you are sure.")  # fmt: skip
