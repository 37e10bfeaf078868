#!/opt/standin-salt/bin/python3 -I
# SPDX-License-Identifier: GPL-3.0-or-later
"""onion-grater on a gateway, for the system test: what workstations may say to Tor's control port, by the profiles in its folder.

Stands for onion-grater 14 and its merger (/usr/local/etc/onion-grater-merger.d/*.yml): a line is answered 510 unless a profile's pattern for its
command matches the whole of its words. Tor itself is not asked: what would be let through is answered 250.
Strict: a profile with other keys than the real one's, a command that is not written in capitals, and a pattern that is no regular expression end it.
"""
import glob
import re
import socketserver
import sys

import yaml

KEYS = {"exe-paths", "users", "hosts", "commands"}
allowed = {}
for path in sorted(glob.glob("/usr/local/etc/onion-grater-merger.d/*.yml")):
    with open(path, encoding="utf-8") as file:
        for profile in yaml.safe_load(file):
            if set(profile) != KEYS or any(profile[key] != ["*"] for key in KEYS - {"commands"}):
                sys.exit(f"stand-in onion-grater: {path}: {sorted(profile)}")
            for command, rules in profile["commands"].items():
                if not re.fullmatch("[A-Z_]+", command):
                    sys.exit(f"stand-in onion-grater: {path}: {command}")
                for rule in rules:
                    if set(rule) != {"pattern", "replacement"}:
                        sys.exit(f"stand-in onion-grater: {path}: {sorted(rule)}")
                    allowed.setdefault(command, []).append(re.compile(rule["pattern"]))


class Asked(socketserver.StreamRequestHandler):
    """A workstation's control connection."""

    def handle(self):
        """Line by line."""
        for line in self.rfile:
            command, _, words = line.decode("ascii", "replace").strip().partition(" ")
            passes = command in ("PROTOCOLINFO", "AUTHENTICATE", "QUIT") or any(one.fullmatch(words) for one in allowed.get(command, []))
            self.wfile.write(b"250 OK\r\n" if passes else b"510 Command filtered\r\n")


class Server(socketserver.ThreadingTCPServer):
    """As many as come; restarted at once."""

    allow_reuse_address = True
    daemon_threads = True


Server(("0.0.0.0", 9051), Asked).serve_forever()
