# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits, in the system test's dom0, until every qube's container is as dom0 has it."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hypervisor import ask  # noqa: E402

ask(do="settle")
