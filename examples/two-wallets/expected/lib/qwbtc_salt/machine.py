# SPDX-License-Identifier: GPL-3.0-or-later
"""dom0 as qubesd describes it: one look, kept in memory. Nothing here can write: no attribute is set, no method called that changes.

The Admin API through qubesadmin (qubes-core-admin-client, R4.2 and R4.3). With its cache on, one call brings all properties of a qube.
"""

import os
import re

from .tree import Complaint

MISSING = object()


class Qube:
    """A qube of the machine. What qubesd does not answer is MISSING, never guessed."""

    def __init__(self, vm):
        self.vm = vm
        self.name = vm.name
        self.klass = vm.klass
        self.state = vm.get_power_state()
        self.running = self.state not in ("Halted", "NA")
        self.tags = set(vm.tags)
        self._features = None

    def prop(self, name):
        """A property's value (a qube or label as its name), or MISSING."""
        try:
            value = getattr(self.vm, name)
        except AttributeError:  # QubesNoSuchPropertyError and QubesPropertyAccessError are kinds of it
            return MISSING
        return value if value is None or isinstance(value, (bool, int, str)) else str(value)

    def is_default(self, name):
        try:
            return self.vm.property_is_default(name)
        except AttributeError:
            return False

    @property
    def features(self):
        if self._features is None:
            self._features = dict(self.vm.features.items())
        return self._features

    def inherited(self, feature):
        """A feature of its own or its template's."""
        return self.vm.features.check_with_template(feature, None)

    @property
    def firewall(self):
        return [rule.rule for rule in self.vm.firewall.rules]

    def volume(self, name="private"):
        """qubesadmin's volume, or None where the qube has none of that name."""
        return self.vm.volumes.get(name)


class Machine:
    """All qubes of the machine, and its global properties."""

    def __init__(self):
        try:
            import qubesadmin
            import qubesadmin.exc
        except ImportError as error:
            raise Complaint(f"there is no Python module qubesadmin here: {error}", "this is made for dom0 of Qubes OS", "run it in dom0") from None
        self.refusals = (qubesadmin.exc.QubesException,)
        try:
            self.app = qubesadmin.Qubes()
            self.app.cache_enabled = True
            self.qubes = {vm.name: Qube(vm) for vm in self.app.domains}
            self.pools = list(self.app.pools)
            self.labels = list(self.app.labels)
        except self.refusals as error:
            raise unanswered(error) from None

    def get(self, name):
        return self.qubes.get(name)

    def world(self, name):
        """A global property (a qube as its name), or MISSING."""
        try:
            value = getattr(self.app, name)
        except AttributeError:
            return MISSING
        return value if value is None or isinstance(value, (bool, int, str)) else str(value)

    def pool_room(self, pool):
        """Size and use of a pool in bytes; None for what its driver does not tell."""
        held = self.app.pools[pool]
        return held.size, held.usage

    def behind(self, name):
        """The qubes whose net qube this one is."""
        return sorted(one.name for one in self.qubes.values() if one.klass != "AdminVM" and one.prop("netvm") == name)

    def whonix(self, name):
        """`gateway`, `workstation` or None, as Whonix' own feature of the template says (qubes-core-admin-addon-whonix)."""
        qube = self.get(name)
        if qube is None or qube.klass == "AdminVM":
            return None
        if qube.inherited("whonix-gw"):
            return "gateway"
        return "workstation" if qube.inherited("whonix-ws") else None


def unanswered(error):
    return Complaint(f"qubesd does not answer: {error}", "all that dom0 knows of its qubes comes from it",
                     "run it as dom0's ordinary user or as root; see: systemctl status qubesd")  # fmt: skip


def marker(formula, name):
    """Whether a run of ours was cut off between creating and tagging this qube: True, False, or None where only root can see."""
    try:
        os.lstat(f"/var/lib/qwbtc-salt/{formula}/creating/{name}")
        return True
    except FileNotFoundError:
        return False
    except OSError:
        return None


def other_stock(tree, clone, stock):
    """What dom0/guard.sls says of a clone of another stock template."""
    note = f"{tree.formula}-stock"
    users = sorted(name for name, entry in tree.qubes.items() if entry["dom0"]["template"] == clone)
    moved = "".join(f"qvm-prefs {name} template {stock} && " for name in users)
    return (
        f"{clone} was not cloned from {stock}, which this tree is for, but from what its feature {note} names, and would go on with the packages of "
        f"that; a new one can be made, and nothing in the qubes on it is lost: see that {stock} is installed and shut down {', '.join(users)}; then in "
        f"dom0: {moved}qvm-remove {clone}, and apply again. Only if you upgraded {clone} itself to what {stock} is: qvm-features {clone} {note} {stock}"
    )


def clashes(tree, machine):
    """Names of ours that belong to somebody else, and clones that are of another stock template, as dom0/guard.sls sees and says it: (name, what,
    certain)."""
    formula = tree.formula
    for name in tree.names():
        qube = machine.get(name)
        if qube is None:
            continue
        made = None if formula in qube.tags else marker(formula, name)
        if formula in qube.tags or made:
            stock = tree.templates.get(name, {}).get("stock")
            if stock is not None and qube.features.get(f"{formula}-stock", stock) != stock:
                yield name, other_stock(tree, name, stock), True
            continue
        if name in tree.templates:
            what = f"{name} exists and was not made by this formula; remove or rename it (qvm-clone, then qvm-remove), or choose another formula name"
        elif qube.klass == "AppVM" and re.search(tree.qubes[name]["dom0"]["adopts"], str(qube.prop("template"))):
            what = f"{name} exists and was not made by this formula; to hand it over, with its data, run in dom0: qvm-tags {name} add {formula}"
        else:
            what = f"{name} exists, was not made by this formula and is of another kind; rename yours or give ours another name in the topology"
        yield name, what, made is False
    for _kind, name, path, _owner in tree.dom0_files:
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                first = file.readline().rstrip("\n")
        except FileNotFoundError:
            continue
        except OSError as error:
            yield name, f"{path} cannot be read: {error.strerror}", False
            continue
        if first != f"# Managed by the {formula} formula.":
            yield name, f"{path} exists and was not written by this formula; move it away", True
