#!/usr/bin/python3 -ISB
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first thing in a qube, for the system test.

Stands for the kernel's devices, for qubes-core-agent-linux vm-systemd/qubes-sysinit.sh (a file in /run/qubes-service for each service that dom0
switched on: its value is 1), and for Xen: it waits until dom0 has plugged the qube's links in, which in a qube are there from the start.
"""
import json
import os
import subprocess
import sys
import time

DOM0 = "/usr/lib/standin/dom0"
for _ in range(3000):
    if os.path.exists(f"{DOM0}/wired"):
        break
    time.sleep(0.01)
else:
    sys.exit("stand-in: dom0 plugged no links in")
subprocess.run(["/usr/bin/systemd-tmpfiles", "--create", "/usr/lib/standin/xen.conf"], check=True)
os.makedirs("/run/qubes-service", exist_ok=True)
subprocess.run(["/usr/bin/install", "-d", "-m", "0775", "-g", "qubes", "/run/qubes"], check=True)
with open(f"{DOM0}/qubesdb.json", encoding="utf-8") as file:
    told = json.load(file)
for path, value in told.items():
    folder, _, name = path.rpartition("/")
    if folder == "/qubes-service" and value == "1":
        with open(f"/run/qubes-service/{name}", "w", encoding="utf-8"):
            pass
