#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets keys in a program's own JSON file, removes those of its own that are wanted no more, and keeps whatever else stands there.

    merge-json WANTED.json TARGET.json           do it
    merge-json --check WANTED.json TARGET.json   exit 0 if it is done, 1 if not; writes nothing

WANTED.json has two maps: "always", keys that are set whatever stands there, and "unless set", keys that are set only where they are missing.
TARGET.json.ours remembers what was set here, with its value: only a key that still has that value is ever removed, for any other was set by
the user or the program. A program that is open may bring a removed key back when it ends; so that one stays known until the next boot.
Runs as the user whose program it is. The files get mode 0600 and their folder 0700, as Electrum makes them, and are written as Electrum
writes its own (four blanks, sorted keys, no line break at the end), so that the two never change each other's form.
Exit 2, with nothing written: one of the files is there but is no JSON object. It is then the user's to look at: it may hold what matters.
"""

import json
import os
import sys


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: {error}") from error
    if not isinstance(content, dict):
        raise ValueError(f"{path} holds no JSON object")
    return content


def write(path, content):
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    beside = f"{path}.merge-json"
    if os.path.lexists(beside):
        os.remove(beside)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=4, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def has(content, key, value):
    """Equal in type as well: to Python 1 and True are equal, to the program that reads them they are not."""
    return key in content and type(content[key]) is type(value) and content[key] == value


def merged(wanted, content, ours, boot):
    """What shall stand in the file, and what is then known as ours."""
    always, unless_set = wanted["always"], wanted["unless set"]
    known = {**ours["removed"], **ours["set"]}
    back = [key for key, value in known.items() if key not in {**unless_set, **always} and has(content, key, value)]
    missing = {key: value for key, value in unless_set.items() if key not in content}
    missing.update((key, value) for key, value in always.items() if not has(content, key, value))
    result = {**{key: value for key, value in content.items() if key not in back}, **missing}
    known.update(missing)
    here = {key: value for key, value in known.items() if has(result, key, value)}
    gone = {key: value for key, value in known.items() if key not in result and (key in back or ours["boot"] == boot)}
    return result, {"set": here, "removed": gone, "boot": boot if gone else ""}, sorted(missing), sorted(back)


def main(words):
    checking = words[:1] == ["--check"]
    if len(words) != 2 + checking:
        print(__doc__, file=sys.stderr)
        return 2
    wanted_path, path = words[-2:]
    path = os.path.realpath(path)
    memory = f"{path}.ours"
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            boot = file.read().strip()
        content = read(path) if os.path.lexists(path) else {}
        ours = read(memory) if os.path.lexists(memory) else {"set": {}, "removed": {}, "boot": ""}
        result, remembered, missing, back = merged(read(wanted_path), content, ours, boot)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"{path}: left as it is: {error}", file=sys.stderr)
        return 2
    if checking:
        return 1 if missing or back or remembered != ours else 0
    # First what is ours, then the file: what was written but not remembered could never be removed.
    if remembered != ours:
        write(memory, remembered)
    if missing or back:
        write(path, result)
    for done, keys in (("set", missing), ("removed", back)):
        if keys:
            print(f"{done} {', '.join(keys)}")
    return 0


sys.exit(main(sys.argv[1:]))
