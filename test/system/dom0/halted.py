# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells the stored dom0 of the system test that a qube has powered itself off: halted.py STATE NAME."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../dom0"))
os.environ["DOM0_STANDIN_WORLD"] = f"{sys.argv[1]}/run/dom0-standin/world.json"
from standin import qubes, world  # noqa: E402

with world.changing() as dom0:
    qubes.shutdown(dom0, sys.argv[2], force=True)
