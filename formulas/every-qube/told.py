#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notes of which files a running program was told, so that an apply that could not tell it is made up for. Same file in every qube.

    told NAME PATTERN...           after the program was told: notes a digest of these files
    told --check NAME PATTERN...   exit 0 if the note is of the files as they are, 1 if not; writes nothing

A pattern is a path, of a file that may also be missing, or has * in its last part. A note lies below /run and so is gone when the qube is.
Without one the files' own times count: what was last changed before the qube started, its programs have read at their start; what was changed
since, somebody must tell them. So an apply in a qube that was started for it changes nothing. An apply that changes one of the files takes the
note away first: somebody may have had the program read what stood there meanwhile.

Runs as root. The files may be another's, so nothing but plain files of a sensible size is read, and digests alone are kept. Exit 2 with a
reason where it cannot be told.
"""

import glob
import hashlib
import json
import os
import stat
import sys
import time

NOTES = "/run/qwbtc-salt/told"
# Filled at every start, before any program of ours (qubes-core-agent-linux vm-systemd, qubes-sysinit).
AT_START = "/run/qubes-service"
LIMIT = 1 << 20


def content(path):
    """The digest of a plain file; nothing if there is none."""
    try:
        # Not to wait for the other end of a pipe that somebody put there.
        found = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with open(found, "rb") as file:
        if not stat.S_ISREG(os.fstat(found).st_mode):
            raise ValueError(f"{path} is no plain file")
        data = file.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise ValueError(f"{path} is larger than any settings are")
    return hashlib.sha256(data).hexdigest()


def digest(patterns):
    """What a program that reads these files now would read."""
    parts = [[one, [[path, content(path)] for path in sorted(glob.glob(one))]] for one in sorted(patterns)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def started():
    """When the qube started, by the clock that files are dated by: a little before what is first made in it, never after."""
    try:
        return min([os.stat(AT_START).st_ctime, *(one.stat(follow_symlinks=False).st_ctime for one in os.scandir(AT_START))])
    except FileNotFoundError:
        return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)


def changed_since_start(patterns):
    """Whether one of the files was written, made or removed since the qube started; a folder tells of what is not there any more."""
    start = started()
    for one in patterns:
        found = glob.glob(one)
        folder = os.path.dirname(one)
        looked_at = [*found, *([folder] if (not found or "*" in one) and os.path.isdir(folder) else [])]
        # Not the time that a file says of its content, which whoever owns it may set: that of its entry (ctime).
        if any(os.lstat(path).st_ctime >= start for path in looked_at):
            return True
    return False


def noted(name):
    """What it was told of, as far as that is known."""
    try:
        with open(f"{NOTES}/{name}", encoding="ascii") as file:
            return file.read().strip()
    except FileNotFoundError:
        return None


def note(name, text):
    """Keeps what it was told of."""
    os.makedirs(NOTES, mode=0o700, exist_ok=True)
    beside = f"{NOTES}/.{name}.{os.getpid()}"
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w", encoding="ascii") as file:
        file.write(f"{text}\n")
    os.rename(beside, f"{NOTES}/{name}")


def main(words):
    """One order. The exit code is as said above."""
    checking = words[:1] == ["--check"]
    name, *patterns = words[checking:] or [""]
    if not patterns or name.startswith((".", "-")) or "/" in name:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        now = digest(patterns)
        if checking:
            before = noted(name)
            return int(changed_since_start(patterns) if before is None else before != now)
        note(name, now)
    except (OSError, ValueError) as error:
        print(f"{name}: not noted, so it will be told again: {error}", file=sys.stderr)
        return 2
    return 0


sys.exit(main(sys.argv[1:]))
