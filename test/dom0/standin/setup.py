# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns the inside of test/sandbox.sh into dom0: programs, /etc/salt, /srv, the stored world, the environment.

Everything it writes lies in directories that are the sandbox's own. The programs land in /usr/bin by an overlay of this
mount namespace, because `check_cmd: /usr/bin/qubes-policy-lint` and the states name them there.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from typing import Any

from . import stock, world

STATE = "/run/dom0-standin"
HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAMS = (
    "qubes-policy-lint", "qubes-prefs", "qvm-check", "qvm-clone", "qvm-create", "qvm-features", "qvm-kill", "qvm-ls",
    "qvm-prefs", "qvm-remove", "qvm-service", "qvm-shutdown", "qvm-start", "qvm-tags", "qvm-template", "qvm-volume",
    "salt-call", "systemctl", "xl",
)  # fmt: skip

# qubes-mgmt-salt etc/salt/minion.d/f_defaults.conf, as far as a state can notice. What follows the empty line is ours:
# where the stand-in modules are, and no grains that cost time and that dom0 has no use for.
MINION = """\
file_client: local
file_roots:
  base: [/srv/salt]
  user: [/srv/user_salt]
pillar_roots:
  base: [/srv/pillar, /srv/pillar/base]
  user: [/srv/user_pillar]
top_file_merging_strategy: merge
renderer: yaml_jinja
hash_type: md5
pillar_opts: True
retcode_passthrough: True
nodegroups:
  dom0: dom0
  vm: '* and not dom0'

id: dom0
module_dirs: ['{here}/salt']
enable_gpu_grains: False
enable_fqdns_grains: False
disable_grains: [disks, esxi, fx2, iscsi, junos, lvm, marathon, mdadm, mdata, metadata, napalm, nvme, nxos, panos]
features: {{x509_v2: True}}
"""

# /srv/salt/top.sls and /srv/pillar/top.sls of qubes-mgmt-salt: every enabled top, merged.
TOP = """\
#!py
import sys
sys.path.insert(0, {here!r})
from standin import topd

def run():
    return topd.merged({base!r}, lambda path: __salt__["slsutil.renderer"](path=path, default_renderer="jinja|yaml"))
"""

LAUNCHER = """\
#!{python} -SEs
import sys
sys.pycache_prefix = "{state}/pycache"
sys.path.insert(0, {here!r})
from standin.programs import cli, {module}
cli.run({program!r}, {module}.main)
"""

# A Salt of its own: it starts `state.apply`. Not -S: it needs the virtualenv.
QUBESCTL = """\
#!{python}
import sys
sys.path.insert(0, {here!r})
from standin import qubesctl
sys.exit(qubesctl.main(sys.argv[1:]))
"""

# bash calls this for a command that it does not find: so no missing program goes unnoticed in a guard.
NOT_FOUND = """() {{ printf '{{"rule": "program-missing", "message": "no such program: %s", "qube": null, "state": null}}\\n' "$1" >>{findings}; return 127; }}"""


def prepare(stored: dict[str, Any] | None, release: str, own: set[str]) -> None:
    """Write the stored world (kept if None and there is one) and everything that a command in dom0 expects."""
    os.makedirs(STATE, exist_ok=True)
    environment(own)
    if stored is not None or not os.path.exists(world.path()):
        world.store(stored or stock.world(release))
    with open(os.environ["DOM0_STANDIN_FINDINGS"], "w", encoding="utf-8"):
        pass
    _programs()
    for directory in ("/srv/salt", "/srv/pillar/base", "/etc/salt/minion.d", "/etc/qubes/policy.d", "/var/cache/salt", "/var/log"):
        os.makedirs(directory, exist_ok=True)
    _write("/etc/qubes-release", f"Qubes release {release}.0 (R{release})\n")
    _write("/etc/salt/minion", "# See minion.d/f_defaults.conf.\n")
    _write("/etc/salt/minion.d/f_defaults.conf", MINION.format(here=HERE))
    for base in ("/srv/salt", "/srv/pillar"):
        _write(f"{base}/top.sls", TOP.format(here=HERE, base=base))


def environment(own: set[str]) -> None:
    """What the programs, and the shells that Salt starts, read."""
    os.environ.update(
        DOM0_STANDIN_WORLD=f"{STATE}/world.json",
        DOM0_STANDIN_FINDINGS=f"{STATE}/findings",
        DOM0_STANDIN_OWN=",".join(sorted(own)),
        PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        SHELL="/bin/bash",
        HOME="/root",
        LC_ALL="C.UTF-8",
    )
    os.environ["BASH_FUNC_command_not_found_handle%%"] = NOT_FOUND.format(findings=f"{STATE}/findings")


def _programs() -> None:
    """/usr/bin with the programs in it, once per mount namespace."""
    python = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    binaries = f"{STATE}/bin"
    os.makedirs(binaries, exist_ok=True)
    for program in PROGRAMS:
        text = LAUNCHER.format(python=python, state=STATE, here=HERE, module=program.replace("-", "_"), program=program)
        _write(f"{binaries}/{program}", text, executable=True)
    _write(f"{binaries}/qubesctl", QUBESCTL.format(python=sys.executable, here=HERE), executable=True)
    if not os.path.exists("/usr/bin/qvm-check"):
        overlay = ["mount", "-t", "overlay", "overlay", "-o", f"lowerdir={binaries}:/usr/bin", "/usr/bin"]
        subprocess.run(overlay, check=True)


def _write(path: str, text: str, *, executable: bool = False) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    if executable:
        os.chmod(path, stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
