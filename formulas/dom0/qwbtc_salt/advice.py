# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from the changes: which machines are to be applied, what an apply starts, and what must be restarted to see it."""

from .tree import Tree, earlier, listing


class Files:
    """What changed in machines' files since an earlier version; `why` says so where that cannot be known."""

    def __init__(self, tree, force, since):
        self.changed = {}
        self.why = None
        self.told = True
        before = self._before(tree, force, since)
        if before is None:
            return
        self.title = f"version {before.short}"
        old, new = before.machines(), tree.machines()
        for machine in [*tree.names()]:
            lines = differences(old.get(machine, {}), new.get(machine, {}))
            if lines:
                self.changed[machine] = lines

    def _before(self, tree, force, since):
        if since is not None:
            return earlier(since, force.store)
        if force.state == "this":
            self.why = (
                "This version is in force already, and it is noted nowhere whether it was applied. What changed in the qubes' files since an "
                "earlier one says: sudo ./plan --since DIGEST (or the folder of an earlier tree)."
            )
        elif force.state == "none":
            self.why = "No version is in force: to every qube and template its files are new."
            self.told = False
        elif force.state == "foreign":
            self.why = f"{force.link} is not a link of install.sh's, so what is in force cannot be compared."
            self.told = False
        else:
            try:
                if force.state == "another":
                    return Tree(force.folder())
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                pass
            self.why = (
                "The version in force can be read by root alone. What changed in the qubes' files says: sudo ./plan, or without root "
                "./plan --since FOLDER with the folder of the tree that was applied last."
            )
            self.told = False
        return None


def differences(old, new):
    """Paths in a machine: (sign, path)."""
    lines = []
    for path in sorted({*old, *new}):
        if old.get(path) != new.get(path):
            lines.append(("new" if path not in old else "gone" if path not in new else "other", path))
    return lines


class Advice:
    """What to type and what to expect. `targets` are machines that must be applied; dom0 always is, first."""

    def __init__(self, tree, machine, changes, files):
        def runs(name):
            return name in machine.qubes and machine.get(name).running

        touched = {*files.changed, *(change.machine for change in changes if change.kind == "create")}
        everything = not files.told
        self.templates = [name for name in tree.templates if everything or name in touched]
        self.qubes = [name for name in tree.qubes if everything or name in touched]
        self.dom0 = bool(changes)
        self.open_templates = [name for name in {**tree.templates, **tree.stock} if runs(name)]
        # The dom0 states start these, last (dom0/start.sls).
        self.started = [name for name, one in tree.qubes.items() if one["dom0"].get("started") and not runs(name)]
        self.by_hand = [name for name in gateways_on_clones(tree) if not runs(name) and {name, *behind(tree, name)} & {*self.qubes}]
        up = {*self.started, *self.by_hand}
        self.starts = [name for name in [*self.templates, *self.qubes] if name not in up and not runs(name)]
        nets = {tree.qubes[name]["dom0"].get("netvm") for name in self.qubes}
        self.upstream = sorted(net for net in nets if net in machine.qubes and not runs(net) and net not in up and net not in self.starts)
        self.restarts = dict(restarts(tree, machine, changes, self.templates))

    def commands(self):
        """The shortest command lines, in their order. qubesctl's options stand before the function."""
        lines = []
        if self.templates:
            lines.append(f"sudo qubesctl --targets={','.join(self.templates)} --show-output state.apply")
        elif self.dom0 and (self.by_hand or not self.qubes):
            lines.append("sudo qubesctl --dom0-only state.apply")
        lines += [f"qvm-start --skip-if-running {name}" for name in self.by_hand]
        if self.qubes:
            lines.append(f"sudo qubesctl --targets={','.join(self.qubes)} --show-output state.apply")
        return lines


def behind(tree, name):
    return [other for other, one in tree.qubes.items() if one["dom0"].get("netvm") == name]


def gateways_on_clones(tree):
    """Gateways in use that dom0's states do not start, since their template must be applied before: qubesctl, which shuts down again what it
    started, could not do so under a running qube, and would call that an error (qubes-mgmt-salt qubessalt/__init__.py)."""
    for name, one in tree.qubes.items():
        wanted = one["dom0"]
        if wanted["provides_network"] and wanted["template"] in tree.templates and not one.get("leftToUser") and behind(tree, name):
            yield name


def restarts(tree, machine, changes, templates):
    """Running qubes that feel what changed only after a restart: (name, reasons)."""
    for name, entry in tree.qubes.items():
        qube = machine.get(name)
        if qube is None or not qube.running:
            continue
        reasons = []
        template = entry["dom0"]["template"]
        if template in templates and template in machine.qubes:
            reasons.append(f"its template {template} is applied")
        felt = [change.what for change in changes if change.machine == name and change.effect == "boot" and change.what != "template"]
        if "netvm" in felt:
            felt.remove("netvm")
            reasons.append("its net qube changes while it runs, and its programs go on with what they found")
        if felt:
            reasons.append(f"read when it starts: {listing(felt)}")
        root = qube.volume("root")
        if root is not None and root.is_outdated():
            reasons.append("its template changed since it started")
        if reasons:
            yield name, reasons
