# SPDX-License-Identifier: GPL-3.0-or-later
"""The qrexec policy as dom0 reads it: every line of every file, and which one decides a call.

After qubes-core-qrexec qrexec/policy/parser.py (R4.2 and R4.3): files of /run/qubes/policy.d and /etc/qubes/policy.d in C order of their names, a
name in the first masks the one in the second; the first line that fits decides; one bad line or file name, and every call is denied.
"""

import os
import re

from .tree import POLICY_DIRS

NAME = re.compile(r"[A-Za-z0-9._-]+")
SOURCE = ({"*", "@adminvm", "@anyvm"}, ("@type:", "@tag:", "@dispvm:"))
TARGET = (SOURCE[0] | {"@default", "@dispvm"}, ("@type:", "@tag:", "@dispvm:@tag:", "@dispvm:"))
REDIRECT = ({"@adminvm", "@dispvm"}, ("@dispvm:",))
PARAMS = {
    "allow": {"target", "user", "notify", "autostart"},
    "ask": {"target", "default_target", "user", "notify", "autostart"},
    "deny": {"notify"},
}
DOM0 = ("dom0", "@adminvm")


def check_token(token, kind, what):
    exact, prefixes = kind
    if token == "" or (token.startswith("@") and token not in exact and not any(
        token.startswith(one) and len(token) > len(one) and not token[len(one) :].startswith("@") for one in prefixes
    )):  # fmt: skip
        raise ValueError(f"invalid {what} {token!r}")


class Rule:
    """One line that decides."""

    def __init__(self, fields, file, where):
        if len(fields) < 5:
            raise ValueError("wrong number of fields")
        self.service, self.argument, self.source, self.target, self.action, *params = fields
        self.file, self.where = file, where
        if self.service != "*" and not NAME.fullmatch(self.service):
            raise ValueError(f"invalid service {self.service!r}")
        if self.argument != "*" and not re.fullmatch(r"\+[A-Za-z0-9._+-]*", self.argument):
            raise ValueError(f"invalid argument {self.argument!r}")
        if self.service == "*" and self.argument != "*":
            raise ValueError("only * argument allowed for * service")
        check_token(self.source, SOURCE, "source")
        check_token(self.target, TARGET, "target")
        if self.action not in PARAMS:
            raise ValueError(f"invalid action {self.action!r}")
        self.params = {}
        for param in params:
            key, equals, value = param.partition("=")
            if not equals or key in self.params or key not in PARAMS[self.action]:
                raise ValueError(f"invalid parameter {param!r}")
            if key in ("notify", "autostart") and value not in ("yes", "no"):
                raise ValueError(f"{key} can only be yes or no")
            if key in ("target", "default_target"):
                check_token(value, REDIRECT, key)
            self.params[key] = value
        if self.action == "allow" and self.target == "@default" and "target" not in self.params:
            raise ValueError("allow for @default needs target=")

    def text(self):
        return " ".join([self.service, self.argument, self.source, self.target, self.action, *(f"{k}={v}" for k, v in self.params.items())])

    def fits(self, call, domains):
        return (
            self.service in ("*", call.service)
            and self.argument in ("*", call.argument)
            and matches(self.source, call.source, call.source, domains)
            and matches(self.target, call.target, call.source, domains)
        )

    def answer(self, target):
        """What a caller gets, to compare two lines by."""
        if self.action == "deny":
            return ("deny",)
        started = self.params.get("autostart", "yes")
        if self.action == "allow":
            return "allow", self.params.get("target", target), started, self.params.get("user")
        return "ask", self.params.get("target"), started, self.params.get("user")


class Call:
    def __init__(self, service, argument, source, target):
        self.service, self.argument, self.source, self.target = service, argument, source, target

    def __str__(self):
        return f"{self.service}{self.argument if self.argument != '+' else ''} from {self.source} to {self.target}"


def matches(token, other, source, domains):
    """Whether a token of a line means this qube, or this token of a caller."""
    if token == "*":
        return True
    if token == "@anyvm":
        return other not in DOM0
    if token in DOM0:
        return other in DOM0
    if token.startswith("@type:"):
        return other in domains and domains[other]["type"] == token[6:]
    if token.startswith("@tag:"):
        return other in domains and token[5:] in domains[other]["tags"]
    if token.startswith("@dispvm:"):
        if other == "@dispvm":
            other = f"@dispvm:{domains[source]['default_dispvm']}"
        if token.startswith("@dispvm:@tag:"):
            based = domains.get(other[8:]) if other.startswith("@dispvm:") else None
            return based is not None and based["template_for_dispvms"] and token[13:] in based["tags"]
    return token == other


class Policy:
    """All lines in their order. `faults` are those for which dom0 denies every call; `opaque` what cannot be judged from here."""

    def __init__(self, instead=None, folders=POLICY_DIRS):
        """`instead`: name -> text of files to be taken as if they lay in the last folder."""
        self.rules, self.faults, self.opaque, self.masked = [], [], [], []
        instead = dict(instead or {})
        files = {}
        for folder in folders:
            names = self._names(folder)
            for name in sorted({*names, *(instead if folder == folders[-1] else ())}):
                if name in files:
                    self.masked.append((name, files[name]))
                else:
                    files[name] = folder
        for name in sorted(files):
            if not re.fullmatch(r"[0-9a-z_.-]+", name):
                self.faults.append((f"{files[name]}/{name}", "its name has other characters than a-z, 0-9, _, . and -"))
                continue
            text = instead[name] if name in instead and files[name] == folders[-1] else self._read(f"{files[name]}/{name}")
            if text is not None:
                self._lines(text, f"{files[name]}/{name}", files[name], name)

    def _names(self, folder):
        try:
            return [name for name in os.listdir(folder) if name.endswith(".policy") and not name.startswith(".") and os.path.isfile(f"{folder}/{name}")]
        except FileNotFoundError:
            return []
        except OSError as error:
            self.opaque.append((folder, f"cannot be read: {error.strerror}"))
            return []

    def _read(self, path):
        try:
            with open(path, encoding="utf-8") as file:
                return file.read()
        except UnicodeDecodeError:
            self.faults.append((path, "it is no UTF-8 text"))
        except OSError as error:
            self.opaque.append((path, f"cannot be read: {error.strerror}"))
        return None

    def _lines(self, text, path, folder, file, service=None, depth=0):
        for number, line in enumerate(text.split("\n"), 1):
            line, where = line.strip(), f"{path}:{number}"
            if line == "" or line.startswith("#"):
                continue
            try:
                if service is not None:
                    line = line.replace("$include:", "!include ").replace("$", "@").replace(",", " ")
                if line.startswith("!"):
                    self._directive(line.split(), folder, file, where, depth)
                else:
                    self.rules.append(Rule([*(service or ()), *line.split()], file, where))
            except ValueError as wrong:
                self.faults.append((where, str(wrong)))

    def _directive(self, words, folder, file, where, depth):
        wanted = {"!include": 2, "!include-dir": 2, "!include-service": 4, "!compat-4.0": 1}.get(words[0])
        if wanted is None:
            raise ValueError("invalid directive")
        if len(words) != wanted:
            raise ValueError("wrong number of words")
        if words[0] == "!compat-4.0":
            self.opaque.append((where, "!compat-4.0 brings lines of /etc/qubes-rpc/policy, in a format that is not read here"))
            return
        if depth > 10:
            raise ValueError("files include each other")
        path = os.path.normpath(os.path.join(folder, words[-1]))
        if words[0] == "!include-dir":
            if not os.path.isdir(path):
                raise ValueError(f"not a folder: {path}")
            paths = [f"{path}/{name}" for name in sorted(self._names(path))]
        elif not os.path.isfile(path):
            raise ValueError(f"not a file: {path}")
        else:
            paths = [path]
        for one in paths:
            text = self._read(one)
            if text is not None:
                self._lines(text, one, folder, file, words[1:3] if words[0] == "!include-service" else None, depth + 1)

    def decides(self, call, domains):
        """The line that decides, or None: then the call is denied."""
        return next((rule for rule in self.rules if rule.fits(call, domains)), None)
