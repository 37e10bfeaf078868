# SPDX-License-Identifier: GPL-3.0-or-later
"""The qvm functions that an .sls may ask: `unless: - fun: qvm.check`, `salt['qvm.state']`.

Stands for: check, state and template_info of qubes-mgmt-salt-dom0-qvm _modules/ext_module_qvm.py.
Does not model: the others, which only the states use here.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from standin import world  # noqa: E402


def __virtual__():
    return "qvm"


def check(name, check="exists"):  # noqa: A002 - the real one's name
    """True where the qube exists (or, `missing`, does not)."""
    done = __salt__["cmd.run_all"](f"/usr/bin/qvm-check {name}", output_loglevel="quiet")
    return (done["retcode"] == 0) == (check == "exists")


def state(name, *states):
    """True where the qube is in one of the states."""
    return world.qube(world.load(), name)["power_state"].lower() in states


def template_info(name):
    """Name and version of an installed template, or nothing."""
    held = world.load()["qubes"].get(name, {})
    return {"name": name, "version": "4.3.0"} if held.get("klass") == "TemplateVM" else {}
