#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells whether a daemon runs with the settings that its files hold now, and if not, lets systemd restart it. Same file in every qube.

    in-force record UNIT    before it starts, by the unit itself: notes what it is about to start with
    in-force --check UNIT   exit 0 if there is nothing to do, 1 if there is; writes nothing
    in-force UNIT           does it, and says what and why; waits for nothing

/usr/local/etc/qwbtc-salt/daemons.json says what each unit reads when it starts, what is a comment in each of these files, and which program
it runs. A note is a digest of all that without comments and blank lines, with the version to which the program's `current` leads: a reworded
comment is no change. It lies below /run and so is gone when the qube is; a daemon that runs without one is taken for changed, once. Behind the
digest stands which start it was (systemd's INVOCATION_ID).

What counts is what systemd says (systemd's D-Bus interface, org.freedesktop.systemd1):

- active, or activating (bitcoind says that it is ready only when it has read its block index): restarted if its note differs. The note is made
  before the program reads anything, so a file that is changed meanwhile makes it differ and never agree.
- activating, and this start has noted nothing yet (start-pre): nothing. It is about to, and reads the files as they are then.
- deactivating, or a job is queued for one that is active or inactive: nothing. Whatever comes after reads the files as they are.
- activating after a crash (auto-restart): nothing, for the same reason.
- inactive because a condition of its unit was not met when it was to start (ConditionResult=no), and all are met now: started. It was meant to
  run since the boot and lacked only what has come meanwhile. One that somebody stopped had its conditions met when it started, and stays
  stopped; one that was never to start has no time of a condition.
- failed, masked, or of a template that does not have the unit yet: nothing. What failed is for somebody to look at.
- the qube is shutting down: nothing.

Runs as root. The files may belong to the daemon, so nothing but plain files of a sensible size is read, and digests alone are kept.
"""

import hashlib
import json
import os
import stat
import subprocess
import sys

DAEMONS = "/usr/local/etc/qwbtc-salt/daemons.json"
NOTES = "/run/qwbtc-salt/in-force"
LIMIT = 1 << 20
FACTS = "LoadState,ActiveState,SubState,InvocationID,ConditionResult,ConditionTimestampMonotonic,Job"


def daemon_of(unit):
    """What the unit reads and runs. ValueError for one that is not known here."""
    with open(DAEMONS, encoding="utf-8") as file:
        daemons = json.load(file)
    if unit not in daemons:
        raise ValueError(f"{DAEMONS} has no {unit}")
    return daemons[unit]


def content(path):
    """The bytes of a plain file; nothing if there is none."""
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
    return data


def meaning(data, comments):
    """A file without what its reader passes over: from a # to the end of the line (anywhere), lines that begin with # or ; (line), or nothing."""
    if comments == "none":
        return data
    lines = data.splitlines()
    if comments == "anywhere":
        lines = [line.partition(b"#")[0] for line in lines]
    elif comments != "line":
        raise ValueError(f"{DAEMONS} knows a kind of comment that is not known here: {comments}")
    lines = [line.strip() for line in lines]
    return b"\n".join(line for line in lines if line and not (comments == "line" and line[:1] in b"#;"))


def digest(daemon):
    """What a start now would read and run."""
    parts = []
    for path, comments in sorted(daemon["reads"].items()):
        data = content(path)
        parts.append([path, None if data is None else hashlib.sha256(meaning(data, comments)).hexdigest()])
    current = f"{daemon['program']}/current"
    parts.append(["program", os.readlink(current) if os.path.islink(current) else None])
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def noted(unit):
    """What it started with and which start that was, as far as each is known."""
    try:
        with open(f"{NOTES}/{unit}", encoding="ascii") as file:
            words = file.read().split()
    except FileNotFoundError:
        words = []
    return (*words, None, None)[:2]


def note(unit, text, replace):
    """Keeps what a unit starts with; unless told to replace it, only where nothing is known."""
    os.makedirs(NOTES, mode=0o700, exist_ok=True)
    beside = f"{NOTES}/.{unit}.{os.getpid()}"
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w", encoding="ascii") as file:
        file.write(f"{text}\n")
    if replace:
        os.rename(beside, f"{NOTES}/{unit}")
        return
    try:
        os.link(beside, f"{NOTES}/{unit}")
    except FileExistsError:
        pass
    os.unlink(beside)


def systemctl(*words):
    """What systemctl says. ValueError with its own words where it fails."""
    done = subprocess.run(["systemctl", *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ValueError(done.stderr.strip() or f"systemctl {' '.join(words)}: exit {done.returncode}")
    return done.stdout


def conditions_hold(unit):
    """Whether all that the unit waits for is there. Ours wait for paths alone."""
    for line in systemctl("cat", "--", unit).splitlines():
        key, _, path = line.partition("=")
        if key.startswith("Condition") and key != "ConditionPathExists":
            return False
        if key == "ConditionPathExists" and not os.path.exists(path.strip()):
            return False
    return True


def stopping():
    """Whether the system is on its way down. (systemctl's status says more than we ask for.)"""
    done = subprocess.run(["systemctl", "is-system-running"], capture_output=True, text=True, check=False)
    return done.stdout.strip() == "stopping"


def to_do(unit, daemon):
    """What is to be done, as systemctl calls it, and why; or nothing."""
    lines = systemctl("show", f"--property={FACTS}", "--", unit).splitlines()
    facts = dict(line.split("=", 1) for line in lines if "=" in line)
    if facts.get("LoadState") != "loaded":
        return None
    state, queued = facts.get("ActiveState"), facts.get("Job", "") != ""
    if state == "inactive" and not queued:
        if facts["ConditionResult"] == "yes" or facts["ConditionTimestampMonotonic"] == "0":
            return None
        wanted = ("start", "what it waited for is there") if conditions_hold(unit) else None
    elif state == "active" and not queued or state == "activating" and not facts["SubState"].startswith("auto-restart"):
        before, start = noted(unit)
        if before == digest(daemon) or facts["SubState"] == "start-pre" and start != facts["InvocationID"]:
            return None
        wanted = ("restart", "what it started with is not known" if before is None else "its settings or its program changed")
    else:
        return None
    return None if wanted is None or stopping() else wanted


def main(words):
    """One order. The exit code is as said above; 2 with a reason where it cannot be told."""
    checking, recording = words[:1] == ["--check"], words[:1] == ["record"]
    if len(words) != 1 + (checking or recording) or words[-1].startswith("-") or "/" in words[-1]:
        print(__doc__, file=sys.stderr)
        return 2
    unit = words[-1]
    try:
        daemon = daemon_of(unit)
        if recording:
            note(unit, f"{digest(daemon)} {os.environ.get('INVOCATION_ID', '')}", replace=True)
            return 0
        wanted = to_do(unit, daemon)
        if checking or wanted is None:
            return 1 if checking and wanted else 0
        verb, why = wanted
        now = digest(daemon)
        systemctl(verb, "--no-block", "--", unit)
        # A unit from before its template noted anything: what it starts with now is known all the same.
        note(unit, now, replace=False)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"{unit}: left as it is: {error}", file=sys.stderr)
        return 2
    print(f"{verb} {unit}: {why}; it takes the time that it takes")
    return 0


sys.exit(main(sys.argv[1:]))
