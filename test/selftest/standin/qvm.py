#!/usr/bin/python3 -IB
# SPDX-License-Identifier: GPL-3.0-or-later
"""dom0's qvm-check, qvm-tags, qvm-prefs and qvm-run, by the name it is called by, for qubes that are containers.

/etc/standin-world.json is {"qubes": {NAME: {"pid": of its PID 1, or 0 where it does not run, "tags": [...], "prefs": {...}, "says": COMMAND}}}.
With `says`, qvm-run runs that here in place of the qube: what a qube in foreign hands sends. Exit codes as the real ones (qubes-core-admin-client
qubesadmin/tools). Strict: options and properties that selftest does not need are refused, and so is anything that would start a qube.
"""
import json
import os
import sys

tool, words = os.path.basename(sys.argv[0]), sys.argv[1:]
with open("/etc/standin-world.json", encoding="utf-8") as file:
    qubes = json.load(file)["qubes"]


def refuse(text, code=2):
    print(f"{tool}: {text}", file=sys.stderr)
    sys.exit(code)


def split():
    if "--" not in words:
        refuse("stand-in: names stand behind --")
    at = words.index("--")
    return words[:at], words[at + 1 :]


def domain(name):
    if name not in qubes:
        refuse(f"error: no such domain: '{name}'", 1 if tool == "qvm-run" else 2)
    return qubes[name]


options, rest = split()
if tool == "qvm-check":
    if options not in (["-q"], ["-q", "--running"]) or len(rest) != 1:
        refuse(f"stand-in: called with {words}")
    one = qubes.get(rest[0])
    sys.exit(0 if one and (len(options) == 1 or one["pid"]) else 1)
if tool == "qvm-tags":
    if options or rest[1:] != ["list"]:
        refuse(f"stand-in: called with {words}")
    print("\n".join(domain(rest[0])["tags"]))
elif tool == "qvm-prefs":
    if options != ["--get"] or len(rest) != 2 or rest[1] not in ("netvm", "default_dispvm", "ip"):
        refuse(f"stand-in: called with {words}")
    print(domain(rest[0])["prefs"].get(rest[1]) or "None")
elif tool == "qvm-run":
    if sorted(options) != sorted(["--pass-io", "--no-gui", "--no-autostart", "-u", "root"]) or len(rest) != 2:
        refuse(f"stand-in: called with {words}")
    one = domain(rest[0])
    if "says" in one:
        os.execv("/bin/sh", ["sh", "-c", one["says"]])
    if not one["pid"]:
        refuse(f"domain {rest[0]} is not running", 1)
    # As qrexec: the user's login shell in the qube, with nothing of dom0's environment.
    clean = ["env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "USER=root"]
    os.execvp("nsenter", ["nsenter", "-t", str(one["pid"]), "-a", *clean, "sh", "-c", rest[1]])
else:
    refuse("stand-in: no such tool")
