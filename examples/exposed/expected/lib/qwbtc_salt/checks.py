# SPDX-License-Identifier: GPL-3.0-or-later
"""What doctor asks qubesd: templates, management, net qubes, names. Each check yields findings and changes nothing."""

import collections
import os
import re
import subprocess
import sys

from .machine import MISSING, clashes
from .policy import Call
from .tree import listing

# level: ok, warn or bad. Only ok has no why and no fix.
Finding = collections.namedtuple("Finding", "level check what why fix", defaults=("", ""))
# Salt's lines and Python's that the states were tried with (Salt 3006.24, 3007.13, 3007.17, 3008.1).
SALTS = ("3006", "3007", "3008")
PYTHONS = ("3.11", "3.13")


def release(tree, _machine):
    """The machine's Qubes release against the tree's."""
    wanted = tree.manifest["platform"]["qubes"]
    try:
        with open("/etc/qubes-release", encoding="utf-8") as file:
            found = re.search(r"\(R(\d+\.\d+)\)", file.read())
    except OSError:
        found = None
    if found is None:
        yield Finding("bad", "release", "this machine does not say which release of Qubes OS it runs (/etc/qubes-release)",
                      "the tree is made for one release", "run this in dom0")  # fmt: skip
    elif found[1] != wanted:
        yield Finding("bad", "release", f"this is Qubes OS R{found[1]}, the tree is for R{wanted}",
                      "names of templates, Salt's states and the policy's grammar differ between releases",
                      f'write platform: {{ qubes: "{found[1]}" }} in the topology and build again')  # fmt: skip
    else:
        yield Finding("ok", "release", f"Qubes OS R{wanted}, as the tree asks")


def salt(_tree, _machine):
    """Salt's and Python's versions in dom0."""
    try:
        said = subprocess.run(["salt-call", "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                              env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C"}).stdout  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    found = re.search(r"\b(3\d{3})\.(\d+)", said)
    if found is None:
        yield Finding("bad", "salt", "salt-call does not answer here", "the states are applied by it", "sudo qubes-dom0-update salt-minion qubes-mgmt-salt")
    elif found[1] not in SALTS:
        yield Finding("warn", "salt", f"Salt {found[0]} in dom0 is no line that the states were tried with ({listing(SALTS)})",
                      "what a state means may differ", "update dom0; then read the output of test=True with more care")  # fmt: skip
    else:
        yield Finding("ok", "salt", f"Salt {found[0]} in dom0")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if version not in PYTHONS:
        yield Finding("warn", "python", f"Python {version} in dom0 is none that these commands were tried with ({listing(PYTHONS)})",
                      "they may stumble", "update dom0, or tell the authors what they say")  # fmt: skip
    else:
        yield Finding("ok", "python", f"Python {version} in dom0")


def management(tree, machine):
    """The disposable through which Salt reaches qubes (qubes-mgmt-salt qubessalt/__init__.py)."""
    why = "qubesctl reaches every template and qube through a disposable of it"
    names = {}
    for name in [None, *tree.names(), *tree.stock]:
        if name is None or name in machine.qubes:
            chosen = machine.world("management_dispvm") if name is None else machine.get(name).prop("management_dispvm")
            names.setdefault(None if chosen is MISSING else chosen, name or "the machine")
    for chosen, whose in names.items():
        base = machine.get(chosen)
        if base is None:
            yield Finding("bad", "management", f"management_dispvm of {whose} is {chosen or 'not set'}, which is no qube", why,
                          "sudo qubesctl state.sls qvm.default-mgmt-dvm makes it; then qubes-prefs management_dispvm default-mgmt-dvm")  # fmt: skip
            continue
        if base.prop("template_for_dispvms") is not True:
            yield Finding("bad", "management", f"{chosen}, the management_dispvm of {whose}, is no template of disposables", why,
                          f"qvm-prefs {chosen} template_for_dispvms True")  # fmt: skip
            continue
        template = base.prop("template")
        told = [feature for feature in machine.get(template).features if feature.startswith("supported-rpc.")] if template in machine.qubes else []
        if "supported-rpc.qubes.SaltLinuxVM" in told:
            yield Finding("ok", "management", f"{chosen} on {template} offers qubes.SaltLinuxVM")
        elif told:
            yield Finding("bad", "management", f"{template}, the template of {chosen}, does not offer qubes.SaltLinuxVM",
                          f"{why}; without the package every qube fails with code 127",
                          f"in {template}: install qubes-mgmt-salt-vm-connector; or give {chosen} a template that has it")  # fmt: skip
        else:
            yield Finding("warn", "management", f"whether {template}, the template of {chosen}, has qubes-mgmt-salt-vm-connector cannot be seen",
                          "it never told dom0 which services it offers, and nothing is started to look",
                          f"qvm-run -p {template} 'ls /etc/qubes-rpc/qubes.SaltLinuxVM', or see the first apply")  # fmt: skip


def templates(tree, machine):
    """Stock templates there, up to date and known as Whonix; none of ours left running."""
    kinds = {"gateway": "whonix-gw", "workstation": "whonix-ws"}
    for name, entry in tree.stock.items():
        qube = machine.get(name)
        if qube is None:
            yield Finding("warn", "template", f"the stock template {name} is not installed",
                          "the first apply downloads it, which is gigabytes", f"sudo qubesctl state.apply does it, or: qvm-template install {name}")  # fmt: skip
            continue
        if qube.klass != "TemplateVM":
            yield Finding("bad", "template", f"{name} is of class {qube.klass}, no template", "the tree's qubes and clones are made from it", "rename that qube")
            continue
        version = qube.features.get("template-version")
        feature = kinds.get(entry["os"])
        if feature and not qube.features.get(feature):
            yield Finding("bad", "template", f"{name} never told dom0 that it is Whonix (feature {feature})",
                          "without it its qubes get no Whonix tags, and the policies of the clock and Tor do not know them",
                          f"qvm-start {name}, wait a minute, qvm-shutdown --wait {name}; or qvm-features {name} {feature} 1")  # fmt: skip
        elif qube.features.get("updates-available"):
            yield Finding("warn", "template", f"updates wait in {name}", "clones are made of what it is now", f"sudo qubes-vm-update --targets {name}")
        else:
            yield Finding("ok", "template", f"{name} is there{f', version {version}' if version else ''}")
    running = [name for name in {**tree.templates, **tree.stock} if machine.get(name) and machine.get(name).running]
    if running:
        yield Finding("warn", "template", f"{listing(running)} {'runs' if len(running) == 1 else 'run'}",
                      "qubes that start see nothing of a template's change before it is shut down, and qubesctl leaves running what ran",
                      f"qvm-shutdown --wait {' '.join(running)}")  # fmt: skip
    else:
        yield Finding("ok", "template", "no template of the tree runs")


def upstreams(tree, machine):
    """No Tor over Tor: what provides network here must not have a Whonix gateway above it."""
    bad = False
    for name, entry in tree.qubes.items():
        if not entry["dom0"]["provides_network"]:
            continue
        held = machine.get(name)
        chain = entry["dom0"].get("netvm", held.prop("netvm") if held and tree.formula in held.tags else None)
        seen = []
        while chain and chain is not MISSING and chain not in seen:
            seen.append(chain)
            above = machine.get(chain)
            if above is None:
                break
            if machine.whonix(chain) == "gateway":
                bad = True
                yield Finding("bad", "tor over tor", f"{name} would reach the network through {listing(seen)}, and {chain} is a Whonix gateway",
                              "Tor inside of Tor is slow and its own entry guards show: torproject and Whonix advise against it",
                              f"netvm: sys-firewall at {name} in the topology, or another that is not Whonix")  # fmt: skip
                break
            chain = above.prop("netvm")
    default = machine.world("default_netvm")
    if default is not MISSING and machine.whonix(default) == "gateway":
        yield Finding("warn", "default_netvm", f"the machine's default_netvm is {default}, a Whonix gateway",
                      "every qube of this tree names its net qube, but a gateway that you make by hand would come up behind it",
                      "nothing for this tree; give gateways made by hand a net qube")  # fmt: skip
    elif not bad:
        yield Finding("ok", "net qubes", "no gateway of the tree reaches the network through another")
    users = {}
    for name, entry in tree.qubes.items():
        netvm = entry["dom0"].get("netvm")
        if netvm and netvm not in tree.qubes:
            users.setdefault(netvm, []).append(name)
    for netvm, behind in users.items():
        held = machine.get(netvm)
        if held is None or held.prop("provides_network") is not True:
            yield Finding("bad", "net qubes", f"{netvm}, the net qube of {listing(behind)}, {'does not exist' if held is None else 'provides no network'}",
                          "qubesd refuses it", "make it, or name another netvm in the topology")  # fmt: skip


def updates(tree, machine, policy, domains):
    """By whom the templates are updated, as the policy decides."""
    groups = {}
    for name in [*tree.stock, *tree.templates]:
        if name in domains:
            rule = policy.decides(Call("qubes.UpdatesProxy", "+", name, "@default"), domains)
            target = rule.params.get("target", "") if rule and rule.action == "allow" else ""
            whonix = tree.stock.get(tree.templates.get(name, {}).get("stock", name), {}).get("os") != "debian"
            groups.setdefault((target, rule.where if rule else "", whonix), []).append(name)
    for (target, where, whonix), names_ in groups.items():
        whom = listing(names_)
        fix = f"a line in /etc/qubes/policy.d/30-user.policy: qubes.UpdatesProxy * {names_[0]} @default allow target=sys-whonix"
        if not target:
            yield Finding("bad", "updates", f"no line of the policy lets these be updated: {whom}", "an apply fetches their packages that way", fix)
        elif target not in machine.qubes and target not in tree.qubes:
            yield Finding("bad", "updates", f"{target} does not exist, and these are to be updated through it: {whom} ({where})", "an apply fetches their packages that way", fix)
        elif whonix and target in machine.qubes and machine.whonix(target) != "gateway":
            yield Finding("bad", "updates", f"{target} is no Whonix gateway, and these are to be updated through it: {whom} ({where})",
                          "Whonix' packages, and that you use them, would show outside of Tor", fix)  # fmt: skip
        else:
            yield Finding("ok", "updates", f"updated through {target}: {whom}")


def names(tree, machine):
    """Strangers' qubes of our names, and names that Salt's disposables confuse: 'disp-mgmt-' and the first 21 characters."""
    found = False
    for _name, what, certain in clashes(tree, machine):
        found = True
        yield Finding("bad" if certain else "warn", "names", what, "the states stop before they write anything, rather than take what is not theirs"
                      + ("" if certain else "; unless an apply was cut off while it made it, which only root can see"), "as it says")  # fmt: skip
    for name in tree.names():
        disposable = f"disp-mgmt-{name}"[:31]
        if disposable in machine.qubes:
            found = True
            yield Finding("warn", "names", f"there is a qube {disposable}", f"an apply of {name} makes a disposable of that name: one runs, or was left by a cut one",
                          f"wait for the apply that runs, or: qvm-kill {disposable}")  # fmt: skip
        for other in machine.qubes:
            if other != name and other[:21] == name[:21] and other not in tree.names():
                found = True
                yield Finding("warn", "names", f"{name} and {other} begin with the same 21 characters",
                              "their management disposables have one name, so that they cannot be applied at the same time",
                              f"qubesctl --max-concurrency=1 where {other} has states of its own, too")  # fmt: skip
    if not found:
        yield Finding("ok", "names", "no name of the tree belongs to somebody else")
