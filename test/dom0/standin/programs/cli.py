# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of the qvm programs: qubes-core-admin-client qubesadmin/tools/__init__.py QubesArgumentParser.

Refuses beyond the real one: abbreviated options, which argparse takes. No argparse: its import doubles the start time.
"""

from __future__ import annotations

import sys
from typing import Callable, Mapping, NoReturn

from ..refused import NoSuchProperty, Refused
from ..world import World, qube

_COMMON = {"-v": "verbose", "--verbose": "verbose", "-q": "quiet", "--quiet": "quiet", "--force-root": "force_root"}


class Usage(Exception):
    """A wrong command line: exit 2, as argparse does."""


def parse(
    arguments: list[str], flags: Mapping[str, str] = {}, valued: Mapping[str, str] = {}
) -> tuple[dict[str, list[str]], list[str]]:
    """Options (name to values; a flag has an empty list) and the positional arguments."""
    known = {**_COMMON, **flags}
    options: dict[str, list[str]] = {}
    positional: list[str] = []
    rest = list(arguments)
    while rest:
        argument = rest.pop(0)
        if argument == "--":
            positional += rest
            break
        name, equals, value = argument.partition("=") if argument.startswith("--") else (argument, "", "")
        if not argument.startswith("-") or argument == "-":
            positional.append(argument)
        elif name in known and not equals:
            options.setdefault(known[name], [])
        elif name in valued:
            if not equals:
                if not rest:
                    raise Usage(f"argument {name}: expected one argument")
                value = rest.pop(0)
            options.setdefault(valued[name], []).append(value)
        else:
            raise Usage(f"unrecognized arguments: {argument}")
    return options, positional


def one_qube(world: World, positional: list[str], *more: str) -> str:
    """The first positional argument, which must be a qube; `more` names what may follow it."""
    if not positional:
        raise Usage("the following arguments are required: VMNAME")
    if len(positional) > 1 + len(more):
        raise Usage(f"unrecognized arguments: {' '.join(positional[1 + len(more) :])}")
    if positional[0] not in world["qubes"]:
        raise Usage(f"no such domain: {positional[0]!r}")
    qube(world, positional[0])
    return positional[0]


def run(program: str, main: Callable[[list[str]], int]) -> NoReturn:
    """Run a program and leave with its exit code."""
    try:
        code = main(sys.argv[1:])
    except Usage as wrong:
        print(f"usage: {program} ...\n{program}: error: {wrong}", file=sys.stderr)
        code = 2
    except NoSuchProperty as refusal:
        print(f"{program}: error: no such property: {refusal}", file=sys.stderr)
        code = 2
    except Refused as refusal:
        print(f"{program}: error: {refusal}", file=sys.stderr)
        code = 1
    sys.stdout.flush()
    raise SystemExit(code)
