# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm-run [-p|--pass-io] [-u|--user USER] [-q] [--no-gui] [--no-autostart] [--] QUBE COMMAND, for the system test.

Stands for qubes-core-admin-client qubesadmin/tools/qvm_run.py: a command line in a qube, as its user unless told otherwise, by a login shell's
`sh -c`; the qube is started if it is not running. Without --pass-io nothing comes back but the exit code. Strict: one qube, and no other option.
"""
import argparse
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../dom0"), os.path.dirname(os.path.abspath(__file__))]
from hypervisor import ask  # noqa: E402
from standin import qubes, world  # noqa: E402

parser = argparse.ArgumentParser(prog="qvm-run")
parser.add_argument("-p", "--pass-io", action="store_true")
parser.add_argument("-u", "--user", default="user")
parser.add_argument("-q", "--quiet", action="store_true")
parser.add_argument("--no-gui", action="store_true")
parser.add_argument("--no-autostart", action="store_true")
parser.add_argument("qube")
parser.add_argument("command", nargs="+")
words = parser.parse_args()
known = world.load()["qubes"]
if words.qube not in known:
    parser.error(f"no such domain: {words.qube!r}")
if known[words.qube]["power_state"] != "Running":
    if words.no_autostart:
        print(f"qvm-run: {words.qube} is not running", file=sys.stderr)
        sys.exit(1)
    with world.changing() as dom0:
        qubes.start(dom0, words.qube, skip_if_running=True)
data = sys.stdin.buffer.read().decode("latin-1") if words.pass_io and not sys.stdin.isatty() else ""
done = ask(do="run", qube=words.qube, user=words.user, command=" ".join(words.command), input=data)
if words.pass_io:
    sys.stdout.buffer.write(done["stdout"].encode("latin-1"))
    sys.stderr.buffer.write(done["stderr"].encode("latin-1"))
sys.exit(done["status"])
