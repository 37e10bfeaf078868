#!/usr/bin/python3 -ISB
# SPDX-License-Identifier: GPL-3.0-or-later
"""qubesdb-read PATH, for the system test: what dom0 tells a qube about itself.

Stands for qubes-core-qubesdb client/qubesdb-cmd.c: the value and a line break; exit 2 and no word on standard output for a path that is not
there, as in a qube without net qube `/qubes-gateway` is not. Strict: one path, absolute, no options.
"""
import json
import sys

if len(sys.argv) != 2 or not sys.argv[1].startswith("/"):
    print(f"stand-in: qubesdb-read called with {sys.argv[1:]}", file=sys.stderr)
    sys.exit(1)
with open("/usr/lib/standin/dom0/qubesdb.json", encoding="utf-8") as file:
    value = json.load(file).get(sys.argv[1])
if value is None:
    sys.exit(2)
print(value)
