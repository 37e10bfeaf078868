#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps one line of ours, between two marks, in a file that belongs to the user; whatever else stands there stays. Same file in every qube.

    own-block PATH LINE           do it; a file that is missing is made
    own-block --check PATH LINE   exit 0 if it is done, 1 if not; writes nothing

Runs as the user whose file it is, never as root: the file may be a link, and what it leads to is read and written with the user's rights
alone. A link of the user's own (to a folder of settings, say) stays one. A block that is missing is put at the end.
Exit 2, with nothing written: what is there is no plain file, cannot be read or written, or has marks that are no pair. It is the user's to
look at.
"""

import os
import stat
import sys

BEGIN, END = b"# qwbtc-salt: begin", b"# qwbtc-salt: end"
LIMIT = 1 << 20


def read(path):
    """The lines of the file with their ends, and its mode; None where there is none."""
    try:
        # Not to wait for the other end of a pipe.
        found = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return [], None
    with open(found, "rb") as file:
        facts = os.fstat(found)
        if not stat.S_ISREG(facts.st_mode):
            raise ValueError("it is no plain file")
        data = file.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise ValueError("it is larger than any settings are")
    return data.splitlines(keepends=True), stat.S_IMODE(facts.st_mode)


def wanted(lines, block):
    """The lines with the block in them. ValueError where the marks are no pair."""
    bare = [line.rstrip(b"\r\n") for line in lines]
    begins = [at for at, line in enumerate(bare) if line == BEGIN]
    ends = [at for at, line in enumerate(bare) if line == END]
    if not begins and not ends:
        if lines and not lines[-1].endswith(b"\n"):
            lines = [*lines[:-1], lines[-1] + b"\n"]
        return [*lines, *block]
    if len(begins) != 1 or len(ends) != 1 or ends[0] < begins[0]:
        raise ValueError(f'its lines "{BEGIN.decode()}" and "{END.decode()}" are no pair: remove them, and what stands between them')
    return [*lines[: begins[0]], *block, *lines[ends[0] + 1 :]]


def write(path, data, mode):
    """Puts the whole text in place at once."""
    beside = f"{path}.own-block"
    if os.path.lexists(beside):
        os.remove(beside)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fchmod(file.fileno(), 0o644 if mode is None else mode)
        os.fsync(file.fileno())
    os.replace(beside, path)


def main(words):
    """One order. The exit code is as said above."""
    checking = words[:1] == ["--check"]
    if len(words) != 2 + checking:
        print(__doc__, file=sys.stderr)
        return 2
    path, line = words[-2:]
    try:
        place = os.path.realpath(path)
        lines, mode = read(place)
        block = [one + b"\n" for one in (BEGIN, os.fsencode(line), END)]
        result = b"".join(wanted(lines, block))
        done = mode is not None and result == b"".join(lines)
        if checking or done:
            return 0 if done else 1
        write(place, result, mode)
    except (OSError, ValueError) as error:
        print(f"{path}: left as it is: {error}", file=sys.stderr)
        return 2
    print(f"{path}: our line is in it")
    return 0


sys.exit(main(sys.argv[1:]))
