# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command in the stand-in dom0, with its programs on PATH: for scripts that dom0's user runs.

    sh test/sandbox.sh STATE VENV/bin/python $PWD/test/dom0/enter.py [--release 4.2] [--own A,B] [--fresh] COMMAND [ARGUMENT ...]

The stored world of STATE stays as it is unless --fresh. Exit: that of the command.
"""

from __future__ import annotations

import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from standin import setup, stock  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--release", choices=("4.2", "4.3"), default="4.3")
    parser.add_argument("--own", default="")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    if "SANDBOX_STATE" not in os.environ or not options.command:
        parser.error("a command, inside test/sandbox.sh")
    own = set(filter(None, options.own.split(",")))
    setup.prepare(stock.world(options.release) if options.fresh else None, options.release, own)
    # As dom0's Python has it: qubes-core-admin-client.
    os.environ["PYTHONPATH"] = os.path.join(os.path.dirname(os.path.abspath(__file__)), "site")
    os.execvp(options.command[0], options.command)


if __name__ == "__main__":
    main()
