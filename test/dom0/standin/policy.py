# SPDX-License-Identifier: GPL-3.0-or-later
"""The grammar of qrexec policy files, format of R5.0.

Stands for: qubes-core-qrexec qrexec/policy/parser.py, as far as qubes-policy-lint asks it: one line at a time.
Reports beyond the real one: qube names that no qube can have (`target=b,user=root` is taken for a name), lines that
repeat an earlier one, and file names that make the daemon deny every call.
Does not model: evaluation, included files' contents, the old format.
"""

from __future__ import annotations

from typing import Iterator

from . import names
from .refused import Refused

_ALNUM = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_RPC = _ALNUM + "+._-"
_FILE = "0123456789abcdefghijklmnopqrstuvwxyz_.-"
# Where each @token may stand: Source, Target and Redirect of parser.py.
_EXACT = {
    "source": ("*", "@adminvm", "@anyvm"),
    "target": ("*", "@adminvm", "@anyvm", "@default", "@dispvm"),
    "redirect": ("@adminvm", "@dispvm"),
}
_PREFIX = {
    "source": ("@type:", "@tag:", "@dispvm:", "@dispvm:@tag:"),
    "target": ("@type:", "@tag:", "@dispvm:", "@dispvm:@tag:"),
    "redirect": ("@dispvm:",),
}
_PARAMETERS = {
    "allow": ("target", "user", "notify", "autostart"),
    "ask": ("target", "default_target", "user", "notify", "autostart"),
    "deny": ("notify",),
}
_DIRECTIVES = {"!include": 1, "!include-dir": 1, "!include-service": 3, "!compat-4.0": 0}


def file_name_fault(name: str) -> str | None:
    """Why the daemon would refuse (or never read) a file of this name in /etc/qubes/policy.d; None if it would not."""
    if name.startswith(".") or not name.endswith(".policy"):
        return f"{name}: never read, its name does not end in .policy"
    if not names.only(name, _FILE):
        return f"{name}: a name with other characters than a-z 0-9 _ . - makes the daemon deny every call"
    return None


def lint(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Line number and fault, for each line that the parser refuses."""
    for number, text in enumerate(lines, start=1):
        try:
            check_line(text.strip())
        except Refused as fault:
            yield number, str(fault)


def suspicious(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Line number and what the parser takes without a word although nobody can have meant it."""
    seen: dict[tuple[str, ...], int] = {}
    for number, text in enumerate(lines, start=1):
        fields = text.split()
        if not fields or fields[0].startswith(("#", "!")) or len(fields) < 5:
            continue
        for name in [fields[2], fields[3], *(field.partition("=")[2] for field in fields[5:] if "target=" in field)]:
            if not name.startswith("@") and name != "*" and not _possible_qube(name):
                yield number, f"no qube can be called {name!r}"
        first = seen.setdefault(tuple(fields[:4]), number)
        if first != number:
            yield number, f"never reached, line {first} has the same service, argument, source and target"


def _possible_qube(name: str) -> bool:
    try:
        names.check_qube(name)
    except Refused:
        return name.startswith("uuid:")
    return True


def check_line(line: str) -> None:
    if line == "" or line.startswith("#"):
        return
    fields = line.split()
    if line.startswith("!"):
        if fields[0] not in _DIRECTIVES:
            raise Refused("invalid directive")
        if len(fields) - 1 != _DIRECTIVES[fields[0]]:
            raise Refused("invalid number of params")
        if fields[0] == "!include-service":
            _check_service(fields[1], fields[2])
        return
    if len(fields) < 5:
        raise Refused("wrong number of fields")
    service, argument, source, target, action, *parameters = fields
    _check_service(service, argument)
    _check_token("source", source)
    _check_token("target", target)
    if action not in _PARAMETERS:
        raise Refused(f"invalid action: {action}")
    given = _parameters(action, parameters)
    if target == "@default" and action == "allow" and "target" not in given:
        raise Refused("allow action for @default rule must specify target= option")


def _check_service(service: str, argument: str) -> None:
    if service != "*" and not names.only(service, _RPC.replace("+", "")):
        raise Refused(f"service {service!r} contains invalid characters")
    if argument == "*":
        return
    if not names.only(argument, _RPC):
        raise Refused(f"argument {argument!r} contains invalid characters")
    if not argument.startswith("+"):
        raise Refused(f"argument {argument!r} does not start with +")
    if service == "*":
        raise Refused("only * argument allowed for * service")


def _check_token(place: str, token: str) -> None:
    if token == "":
        raise Refused(f"invalid empty {place} token")
    if not token.startswith("@") and token != "*":
        return
    if token in _EXACT[place]:
        return
    for prefix in _PREFIX[place]:
        value = token[len(prefix) :]
        if token.startswith(prefix) and value != "" and not value.startswith("@"):
            return
    raise Refused(f"invalid {place} token: {token!r}")


def _parameters(action: str, parameters: list[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for parameter in parameters:
        key, equals, value = parameter.partition("=")
        if not equals:
            raise Refused(f"invalid action parameter syntax: {parameter!r}")
        if key in given:
            raise Refused(f"parameter given twice: {key!r}")
        if key in ("notify", "autostart") and value not in ("yes", "no"):
            raise Refused(f"{key!r} is {value!r}, but can be only 'yes' or 'no'")
        given[key] = value
    unknown = [key for key in given if key not in _PARAMETERS[action]]
    if unknown:
        raise Refused(f"invalid parameters for action {action}: {', '.join(unknown)}")
    for key in ("target", "default_target"):
        if key in given:
            _check_token("redirect", given[key])
    return given


# qubes-mgmt-salt qubessalt/__init__.py writes what it needs into this file for the time of a run.
SALT_FILE = "30-qubesctl-salt.policy"
SALT_SERVICES = ("qubes.VMRootShell", "qubes.VMShell", "qubes.Filecopy")


def blocks_salt(name: str, lines: list[str]) -> Iterator[tuple[int, str]]:
    """Denies in a file that sorts before Salt's own and that reach every management disposable."""
    if name >= SALT_FILE:
        return
    for number, text in enumerate(lines, start=1):
        fields = text.split()
        wide = len(fields) >= 5 and fields[4] == "deny" and fields[1] == "*" and fields[2] in ("*", "@anyvm", "@type:DispVM")
        if wide and fields[0] in ("*", *SALT_SERVICES):
            yield number, f"denies {fields[0]} before {SALT_FILE} can allow it: Salt reaches no qube"
