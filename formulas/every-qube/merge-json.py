#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets keys in a program's own JSON file and keeps whatever else stands there.

    merge-json WANTED.json TARGET.json           set them
    merge-json --check WANTED.json TARGET.json   exit 0 if they are set, 1 if not; writes nothing

WANTED.json has two maps: "always", keys that are set whatever stands there, and "unless set", keys that are set only where they are missing.
Runs as the user whose program it is. The file gets mode 0600 and its folder 0700, as Electrum makes them, and is written as Electrum
writes it (four blanks, sorted keys, no line break at the end), so that the two never change each other's form.
Exit 2, with nothing written: the file is there but is no JSON object. It is then the user's to look at: it may hold what matters.
"""

import json
import os
import sys


def read(path):
    with open(path, encoding="utf-8") as file:
        content = json.load(file)
    if not isinstance(content, dict):
        raise ValueError("it holds no JSON object")
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


def same(one, other):
    """Equal in type as well: to Python 1 and True are equal, to the program that reads them they are not."""
    return type(one) is type(other) and one == other


def main(words):
    checking = words[:1] == ["--check"]
    if len(words) != 2 + checking:
        print(__doc__, file=sys.stderr)
        return 2
    wanted_path, path = words[-2:]
    try:
        wanted = read(wanted_path)
        always, unless_set = wanted["always"], wanted["unless set"]
        path = os.path.realpath(path)
        content = read(path) if os.path.lexists(path) else {}
    except (OSError, ValueError, KeyError, RecursionError) as error:
        print(f"{path}: left as it is: {error}", file=sys.stderr)
        return 2
    missing = {key: value for key, value in always.items() if key not in content or not same(content[key], value)}
    missing.update((key, value) for key, value in unless_set.items() if key not in content)
    if checking:
        return 1 if missing else 0
    if missing:
        write(path, {**content, **missing})
        print("set " + ", ".join(sorted(missing)))
    return 0


sys.exit(main(sys.argv[1:]))
