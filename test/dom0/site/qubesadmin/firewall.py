# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewall rules, to look at: qubes-core-admin-client qubesadmin/firewall.py. A rule's own text is all that it has here."""

from standin import qubesd


class Rule:
    def __init__(self, rule):
        self.rule = rule

    def __str__(self):
        raise AttributeError("the real one has no text but .rule")


class Firewall:
    def __init__(self, vm, call):
        object.__setattr__(self, "_vm", vm)
        object.__setattr__(self, "_call", call)

    @property
    def rules(self):
        return [Rule(line) for line in self._call(self._vm.name, "admin.vm.firewall.Get").decode().splitlines()]

    def __setattr__(self, key, value):
        raise qubesd.Written(f"firewall of {self._vm.name}")

    def save_rules(self, rules=None):
        raise qubesd.Written(f"firewall of {self._vm.name}")

    reload = save_rules
