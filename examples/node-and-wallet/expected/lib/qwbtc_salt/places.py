# SPDX-License-Identifier: GPL-3.0-or-later
"""What doctor looks for in dom0's files: the policy folders, /srv, Salt's tops and roots, the pillar. It reads no secret and writes nothing."""

import fnmatch
import os
import re

from .checks import Finding
from .shadows import shadows
from .tree import InForce, is_root, listing

TOPS = "/srv/salt/_tops"
UNSEEN = "only root can see it"


def policies(tree, policy, domains):
    """Files for which dom0 denies every call, files that mask ours, and lines that decide before ours."""
    quiet = True
    for where, wrong in policy.faults:
        quiet = False
        yield Finding("bad", "policy", f"{where}: {wrong}", "one bad line or file name, and dom0 denies every call of the machine",
                      "mend it: sudo qubes-policy-editor, or move the file away")  # fmt: skip
    for name, folder in policy.masked:
        if name in tree.policies:
            quiet = False
            yield Finding("bad", "policy", f"{folder}/{name} masks the file of this name in /etc/qubes/policy.d",
                          "none of our lines in it counts", f"remove {folder}/{name}")  # fmt: skip
    for rule, call, mine in shadows(tree, policy, domains):
        quiet = False
        opened = rule.action != "deny" and mine.action == "deny"
        why = (f"for {call} it says {rule.action}, and ours, in {mine.file}, {mine.action} "
               + ("is what keeps the two apart" if opened else "is what the link needs" if mine.action == "allow" else "never counts"))  # fmt: skip
        yield Finding("bad", "policy", f"{rule.where} decides before ours: {rule.text()}", why, "remove or narrow that line, if you did not mean just that")
    for where, what in policy.opaque:
        quiet = False
        yield Finding("warn", "policy", f"{where}: {what}", "whether it decides before our lines cannot be told", "look at it; as root more can be read")
    if quiet:
        yield Finding("ok", "policy", "every policy file can be read by dom0, and no line decides before ours")


def links(_tree):
    """Dangling links below /srv: qubesctl copies all of it for each qube, and stops at one."""
    hidden, dangling = [], []
    for folder, folders, files in os.walk("/srv", onerror=hidden.append):
        dangling += [path for path in (os.path.join(folder, name) for name in [*folders, *files]) if os.path.islink(path) and gone(path)]
    for path in sorted(dangling):
        yield Finding("bad", "/srv", f"{path} is a link to nothing ({os.readlink(path)})",
                      "all of /srv is copied for every qube that is applied, and the copy stops there: no qube can be applied",
                      f"sudo rm {path}; for a top rather: sudo qubesctl top.disable NAME, before its formula goes")  # fmt: skip
    if hidden and not is_root():
        yield Finding("ok", "/srv", f"links to nothing below /srv: {UNSEEN}")
    elif not dangling:
        yield Finding("ok", "/srv", "no link below /srv leads to nothing")


def gone(path):
    """Whether a link leads to nothing. One that leads where only root may look is no such link."""
    try:
        os.stat(path)
    except PermissionError:
        return False
    except OSError:
        return True
    return False


def roots():
    """Salt's file roots in dom0: read line by line, since dom0's own Python has no YAML in its standard library."""
    found = []
    for name in sorted(os.listdir("/etc/salt/minion.d")):
        if not name.endswith(".conf"):
            continue
        with open(f"/etc/salt/minion.d/{name}", encoding="utf-8", errors="replace") as file:
            within = False
            for line in file:
                if re.match(r"[A-Za-z_]", line):
                    within = line.startswith("file_roots:")
                elif within and not line.lstrip().startswith("#"):
                    found += re.findall(r"/[^\s\"',\]]+", line)
    return list(dict.fromkeys(found))


def shadowing(tree):
    """Another root with a folder of the formula's name: Salt takes each file from the first that has it."""
    own = f"/srv/formulas/base/{tree.formula}-formula"
    try:
        others = [root for root in roots() if root != own]
    except OSError:
        yield Finding("ok", "roots", f"Salt's roots: {UNSEEN}")
        return
    taken = [f"{root}/{tree.formula}" for root in others if os.path.lexists(f"{root}/{tree.formula}")]
    for path in taken:
        yield Finding("bad", "roots", f"{path} has the name of this formula", "Salt takes each file from the first root that has it, and says nothing",
                      "move it away, or name this formula otherwise (formula: in the topology) and build again")  # fmt: skip
    if not taken:
        yield Finding("ok", "roots", f"no other root of Salt's has a folder {tree.formula}")


def installed(tree):
    """The version in force and its top; before install.sh none is expected."""
    force = InForce(tree)
    if force.state == "none":
        yield Finding("ok", "installed", "no version of this formula is installed yet: sudo ./install.sh does it")
        return
    if force.state == "unseen":
        yield Finding("ok", "installed", f"which version is installed: {UNSEEN}")
        return
    if force.state == "foreign":
        yield Finding("bad", "installed", f"{force.link} is not a link that install.sh made", "another formula of this name would be lost",
                      "name this formula otherwise (formula: in the topology) and build again, or move it out of /srv")  # fmt: skip
        return
    if force.state == "another":
        yield Finding("warn", "installed", f"version {force.digest[:12]} is installed, not this one ({tree.short})",
                      "an apply does what the installed one says", "sudo ./install.sh puts this one in force")  # fmt: skip
    else:
        yield Finding("ok", "installed", "this version is installed")
    top = f"{TOPS}/base/{tree.formula}.top"
    if not os.path.lexists(top):
        yield Finding("bad", "top", f"the top of {tree.formula} is not enabled", "without it an apply passes over everything here, and calls that success",
                      f"sudo qubesctl top.enable {tree.formula}")  # fmt: skip


def pillar(tree):
    """A part of the pillar for each qube that is given a secret. The secrets themselves are not read."""
    secrets = {name: held for name, held in tree.manifest.get("secrets", {}).items() if held}
    folder = f"/srv/pillar/base/{tree.formula}"
    if not secrets or InForce(tree).state in ("none", "foreign"):
        return
    if not is_root():
        yield Finding("ok", "secrets", f"whether dom0 has the secrets of {listing(secrets)}: {UNSEEN}")
        return
    missing = [name for name in secrets if not filled(f"{folder}/{name}.sls")]
    if missing:
        yield Finding("bad", "secrets", f"dom0's pillar has nothing for {listing(missing)}", "their part of an apply fails until it has",
                      f"sudo ./install.sh makes what it can; README.md says what else belongs into {folder}")  # fmt: skip
    open_to = [path for path in (folder, *(f"{folder}/{name}.sls" for name in secrets)) if os.path.exists(path) and os.stat(path).st_mode & 0o007]
    if open_to:
        yield Finding("bad", "secrets", f"{listing(open_to)} can be read by others than root", "secrets lie there", f"sudo chmod -R go= {folder}")
    if not filled(f"{folder}/init.top"):
        yield Finding("bad", "secrets", f"{folder}/init.top is not there", "without it no qube is given its secret", "sudo ./install.sh")
    elif not os.path.lexists(f"/srv/pillar/_tops/base/{tree.formula}.top"):
        yield Finding("bad", "secrets", f"the pillar's top of {tree.formula} is not enabled", "without it no qube is given its secret",
                      f"sudo qubesctl top.enable {tree.formula} pillar=True")  # fmt: skip
    elif not missing and not open_to:
        yield Finding("ok", "secrets", f"dom0's pillar has a part for {listing(secrets)}; what it says was not read")


def filled(path):
    try:
        return os.stat(path).st_size > 0
    except OSError:
        return False


def others(tree, machine):
    """Enabled tops of other formulas that name our qubes: their states would be applied with ours."""
    try:
        tops = [(env, name) for env in sorted(os.listdir(TOPS)) if os.path.isdir(f"{TOPS}/{env}") for name in sorted(os.listdir(f"{TOPS}/{env}"))]
    except FileNotFoundError:
        tops = []
    except OSError:
        yield Finding("ok", "tops", f"what other formulas are enabled: {UNSEEN}")
        return
    quiet = True
    for env, name in tops:
        if not name.endswith(".top") or name == f"{tree.formula}.top":
            continue
        path = f"{TOPS}/{env}/{name}"
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
        except OSError:
            continue  # a link to nothing is found above; what only root may read is said once, by another check
        hit = [one for one in tree.names() if any(meant(target, how, one, machine) for target, how in targets(text))]
        if hit:
            quiet = False
            yield Finding("warn", "tops", f"{path} also has states for {listing(hit)}", "an apply sets what both say, and what one writes the other may undo",
                          f"look at it; sudo qubesctl top.disable {name.removesuffix('.top')} takes it out")  # fmt: skip
        elif re.search(r"\{\{|\{%", text) and not text.startswith("#!yaml"):
            quiet = False
            yield Finding("warn", "tops", f"{path} is made by Jinja when it is read", "which qubes it means cannot be told from here", "look whether it means qubes of this tree")
    if quiet:
        yield Finding("ok", "tops", "no other enabled formula names a qube of this tree")


def targets(text):
    """A top's targets and how they are matched: (target, how). Enough of YAML for what top files look like."""
    found = []
    for line in text.splitlines():
        target = re.match(r"  (?! )(?:'([^']+)'|\"([^\"]+)\"|([^\s'\"#-].*?)) *:(?: +\[.*| *)$", line)
        how = re.match(r"\s+-\s+['\"]?match['\"]?\s*:\s*['\"]?(\w+)", line)
        if target:
            found.append([next(filter(None, target.groups())), "glob"])
        elif how and found:
            found[-1][1] = how[1]
    return found


def meant(target, how, name, machine):
    """Whether a top's target means this qube (Salt's matchers in salt-ssh; `pillar` and `compound` by what Qubes' own pillar says)."""
    if how == "glob":
        return fnmatch.fnmatchcase(name, target)
    if how == "list":
        return name in [one.strip() for one in target.split(",")]
    if how == "pcre":
        try:
            return re.match(target, name) is not None
        except re.error:
            return False
    if how in ("pillar", "compound"):
        held = machine.get(name)
        klass = held.klass if held else "AppVM"
        kind = {"AppVM": "app", "TemplateVM": "template", "StandaloneVM": "standalone"}.get(klass, "")
        tags = held.tags if held else ()
        return f"qubes:type:{kind}" in target or any(f"qubes:tags:{tag}" in target.split() or target.endswith(f"qubes:tags:{tag}") for tag in tags)
    return False


def markers(tree, machine):
    """Marks of runs that were cut off between making a qube and tagging it."""
    try:
        left = sorted(os.listdir(f"/var/lib/qwbtc-salt/{tree.formula}/creating"))
    except OSError:
        return
    for name in left:
        what = "and it is not there" if machine.get(name) is None else "and it bears no tag yet" if tree.formula not in machine.get(name).tags else "although it is tagged"
        yield Finding("warn", "marker", f"an apply was cut off while it made {name}, {what}", "until the next apply a qube of that name passes for ours",
                      "apply again, or: sudo rm " + f"/var/lib/qwbtc-salt/{tree.formula}/creating/{name}")  # fmt: skip
