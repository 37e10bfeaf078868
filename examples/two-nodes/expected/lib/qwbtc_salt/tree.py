# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree that a dom0 command lies in, the version in force, and how to say things. Shared by plan and doctor; writes nothing.

Python 3.11 (R4.2) and newer, the standard library alone.
"""

import collections
import hashlib
import json
import os
import re
import shutil
import sys
import textwrap

STORE = "/var/lib/qwbtc-salt"
POLICY_DIRS = ("/run/qubes/policy.d", "/etc/qubes/policy.d")


class Complaint(Exception):
    """What a person is told instead of a stack trace: what, why, fix."""


def complain(what, why, fix):
    print(f"error: {what}\n  why: {why}\n  fix: {fix}", file=sys.stderr)


def run(main):
    """Runs a command's main and leaves with its code; nothing ends in a stack trace of ours that a person can cause."""
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except Complaint as wrong:
        complain(*wrong.args)
        code = 2
    except BrokenPipeError:  # ./plan | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 2
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def is_root():
    return os.geteuid() == 0


def columns():
    """The terminal's width, but never a line too long to read."""
    return max(40, min(shutil.get_terminal_size((80, 24)).columns, 100))


def folded(text, indent="", first=None):
    """Text in lines that fit, the first with a beginning of its own. What has no blank in it is never cut: it may be a path or a command.
    Files of others are quoted, too: no control character of theirs reaches the terminal."""
    lines = textwrap.wrap(
        printable(text), columns() - 1, initial_indent=indent if first is None else first, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return "\n".join(lines)


def printable(text):
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def size(count):
    """Bytes for people."""
    for unit, factor in (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20)):
        if count >= factor:
            return f"{round(count / factor, 1):g} {unit}"
    return f"{count} bytes"


def listing(names):
    return ", ".join(names)


def load_manifest(folder):
    """MANIFEST.json of a folder, looked at just closely enough that no later line can stumble."""
    path = os.path.join(folder, "MANIFEST.json")
    with open(path, encoding="utf-8") as file:
        manifest = json.load(file)
    if manifest["format"] != 1:
        raise ValueError("its format is not 1")
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,11}", manifest["formula"]):
        raise ValueError("it names no formula")
    for part in ("qubes", "templates", "files", "platform"):
        if not isinstance(manifest[part], dict):
            raise ValueError(f"{part} is not a map")
    return manifest


class Tree:
    """A folder with MANIFEST.json in it: the one that the command lies in, or an earlier one."""

    def __init__(self, folder):
        self.folder = folder
        self.manifest = load_manifest(folder)
        self.formula = self.manifest["formula"]
        with open(os.path.join(folder, "SHA256SUMS"), "rb") as file:
            self.digest = hashlib.sha256(file.read()).hexdigest()
        self.qubes = self.manifest["qubes"]
        self.templates = self.manifest["templates"]
        self.stock = self.manifest.get("stock", {})
        self.policies = self.manifest.get("policies", [])
        self.states = f"srv/formulas/base/{self.formula}-formula/{self.formula}/"

    @property
    def short(self):
        return self.digest[:12]

    def names(self):
        """All names that the formula calls its own."""
        return [*self.templates, *self.qubes]

    def machines(self):
        """Machine -> {path there, or what its states are: digest}. dom0 is one of them."""
        found = collections.defaultdict(dict)
        for path, claim in self.manifest["files"].items():
            if not path.startswith(self.states):
                continue
            kind, _, rest = path[len(self.states) :].partition("/")
            if kind == "files":
                machine, _, inside = rest.partition("/")
                found[machine][f"/{inside}"] = claim["sha256"]
            elif kind in ("qube", "template"):
                found[rest.removesuffix(".sls")]["its states"] = claim["sha256"]
        return found

    def policy_text(self, name):
        """A policy file of the tree."""
        return self.dom0_text(f"/etc/qubes/policy.d/{name}")

    def dom0_text(self, place):
        """What the tree has for a file of dom0."""
        with open(os.path.join(self.folder, self.states, f"files/dom0{place}"), encoding="utf-8") as file:
            return file.read()

    @property
    def dom0_files(self):
        """What an apply writes in dom0 beside the qubes: (kind, name, path, user:group and mode), as dom0/policy.sls and dom0/power-off.sls set it."""
        written = [("policy", name, f"/etc/qubes/policy.d/{name}", "root:qubes 0664") for name in self.policies]
        drop_in = f"qubes-core.service.d/50-{self.formula}.conf"
        return [*written, ("power-off", drop_in, f"/etc/systemd/system/{drop_in}", "root:root 0644")]


def own_tree(script):
    """The tree that the command lies in."""
    folder = os.path.dirname(os.path.realpath(script))
    try:
        tree = Tree(folder)
        for _kind, _name, path, _owner in tree.dom0_files:
            tree.dom0_text(path)
        if not all("dom0" in qube for qube in tree.qubes.values()):
            raise ValueError("its qubes have no part for dom0")
        return tree
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Complaint(f"the tree in {folder} cannot be read: {error}", "its MANIFEST.json names all that is looked at",
                        f"run {os.path.basename(script)} where the bundle was unpacked, or unpack it once more") from None  # fmt: skip


class InForce:
    """Which version Salt reads: `state` is none, this, another, foreign (not a link of install.sh) or unseen (without root)."""

    def __init__(self, tree):
        self.link = f"/srv/formulas/base/{tree.formula}-formula"
        self.store = f"{STORE}/{tree.formula}"
        self.digest = None
        try:
            target = os.readlink(self.link)
        except FileNotFoundError:
            self.state = "none"
        except PermissionError:
            self.state = "unseen"
        except OSError:
            self.state = "foreign"
        else:
            inside = rf"{re.escape(self.store)}/([0-9a-f]{{64}})/srv/formulas/base/{re.escape(tree.formula)}-formula"
            match = re.fullmatch(inside, target)
            self.digest = match and match[1]
            self.state = "foreign" if match is None else "this" if self.digest == tree.digest else "another"

    def folder(self):
        return f"{self.store}/{self.digest}"

    def stored(self):
        """Versions in the store, the last one laid there first; None where only root can see them."""
        try:
            names = [name for name in os.listdir(self.store) if re.fullmatch("[0-9a-f]{64}", name)]
            return sorted(names, key=lambda name: (-os.stat(f"{self.store}/{name}").st_mtime, name))
        except FileNotFoundError:
            return []
        except OSError:
            return None


def earlier(word, store):
    """The tree that --since names: a folder, or the beginning of a stored version's digest."""
    folders = [word]
    if re.fullmatch("[0-9a-f]{6,64}", word):
        try:
            folders = [f"{store}/{name}" for name in sorted(os.listdir(store)) if re.fullmatch(f"{word}[0-9a-f]*", name)] or folders
        except OSError as error:
            if not os.path.isdir(word):
                raise Complaint(f"version {word} cannot be looked up: {error.strerror}", f"{store} is for root alone",
                                f"sudo ./plan --since {word}") from None  # fmt: skip
    if len(folders) > 1:
        raise Complaint(f"{word} could be {len(folders)} versions", "a digest's beginning must tell them apart", "write more of it")
    try:
        return Tree(folders[0])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Complaint(f"there is no earlier tree at {word}: {error}", "its MANIFEST.json is compared with this one",
                        "name a folder, or the beginning of a digest: sudo ls -t " + store) from None  # fmt: skip
