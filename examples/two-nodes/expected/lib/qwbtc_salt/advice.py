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
        made = {change.machine for change in changes if change.kind == "create"}
        touched = {*made, *files.changed}
        everything = not files.told
        self.templates = [name for name in tree.templates if everything or name in touched]
        self.qubes = [name for name in tree.qubes if everything or name in touched]
        self.dom0 = bool(changes)
        self.open_templates = [name for name in {**tree.templates, **tree.stock} if machine.get(name) and machine.get(name).running]
        self.started = [name for name, one in tree.qubes.items() if one["dom0"].get("started") and not (machine.get(name) and machine.get(name).running)]
        self.starts = [name for name in [*self.templates, *self.qubes] if name not in self.started and not (machine.get(name) and machine.get(name).running)]
        self.upstream = sorted(
            {net for name in self.qubes for net in [tree.qubes[name]["dom0"].get("netvm")]
             if net and machine.get(net) and not machine.get(net).running and net not in self.starts and net not in self.started}
        )  # fmt: skip
        self.restarts = dict(restarts(tree, machine, changes, self.templates))

    def commands(self):
        """The shortest command lines, in their order. qubesctl's options stand before the function."""
        lines = []
        if self.templates:
            lines.append(f"sudo qubesctl --targets={','.join(self.templates)} --show-output state.apply")
        if self.qubes:
            lines.append(f"sudo qubesctl --targets={','.join(self.qubes)} --show-output state.apply")
        if not lines and self.dom0:
            lines.append("sudo qubesctl --dom0-only state.apply")
        return lines


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
        if felt:
            reasons.append(f"read when it starts: {listing(felt)}")
        root = qube.volume("root")
        if root is not None and root.is_outdated():
            reasons.append("its template changed since it started")
        if reasons:
            yield name, reasons
