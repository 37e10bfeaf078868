# SPDX-License-Identifier: GPL-3.0-or-later
"""systemctl daemon-reload: reads dom0's unit files, and says what systemd would only log.

Refuses everything else: a formula has no other business with dom0's systemd. Reports a drop-in with a line that systemd passes over.
"""

from __future__ import annotations

import glob
import re

from .. import findings
from . import cli

# What a drop-in for a service of dom0's may say, as systemd.service(5) has it.
KNOWN = {"Service": {"TimeoutStopSec": re.compile(r"[0-9]+")}}
NEVER = re.compile(r"(?!)")


def main(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        # Salt's own grain asks.
        print("systemd 256 (256.17-1.fc41)\n+PAM")
        return 0
    if arguments != ["daemon-reload"]:
        raise cli.Usage(f"stand-in: not in dom0: systemctl {' '.join(arguments)}")
    for path in sorted(glob.glob("/etc/systemd/system/*.d/*.conf")):
        section = ""
        with open(path, encoding="utf-8") as file:
            for line in filter(None, map(str.strip, file)):
                key, _, value = line.partition("=")
                if line.startswith("["):
                    section = line.strip("[]")
                elif line[0] not in "#;" and not KNOWN.get(section, {}).get(key, NEVER).fullmatch(value):
                    findings.record("unit-line-unknown", f"{path}: {line}")
    return 0
