#!/usr/bin/python3 -I
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the secrets of the system whose tree this file lies in, and makes them anew. In dom0, as root:

    sudo ./rotate-secrets                     every password between qubes of this machine; asks first
    sudo ./rotate-secrets CLIENT|SERVER ...   those of these qubes, and what a machine elsewhere has the other half of
    sudo ./rotate-secrets --missing           makes or asks for what is missing, finishes what was cut short, drops what is not needed
    sudo ./rotate-secrets --elsewhere         prints what machines elsewhere must have: hashes and public keys, no secret
    sudo ./rotate-secrets --yes ...           rotates without asking first

Secrets lie in dom0's pillar alone, a file for each qube with its own part: a client's password with the client, its hash with the node.
Nothing here prints one, or hands one to another program. What you typed in, and what a machine elsewhere knows too, is also kept in
/var/lib/qwbtc-salt/<formula>/kept, and used again. Cut short at any moment, what is there is whole, and --missing finishes the rest.
Exit: 0 done; 1 you said no; 2 refused, or the disk fails; 3 done, but something is still missing that only you can say.
"""

# One long file on purpose: it is all that touches secrets, to be read in one go. install.sh runs it from the stored, checked version:
# with --prepare before the switch, which only adds, so that the version in force goes on working; with --missing after it.
import base64
import fcntl
import getpass
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
import sys
import warnings
from collections import namedtuple

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,30}")  # of a qube; no dot: Salt takes one in a state's name for a folder
KIND = re.compile(r"[a-z][a-z_]{0,30}")
TEXT = re.compile(r"[!-~]{1,1000}")  # one line of plain characters
KINDS = {"rpc", "rpcauth", "onion_auth"}
MADE = {"rpc", "onion_auth"}
MARK = "# Kept by rotate-secrets, which reads it back and refuses what else is written here."
MINION = "/etc/salt/minion.d"  # what install.sh locks, too

# A secret that the tree asks for. Its key in the pillar is <formula>:KIND:KEY, in QUBE's own part.
Want = namedtuple("Want", "qube kind key client server shape check")
Pillar = namedtuple("Pillar", "texts files by_hand loose top left")


class Refused(Exception):
    """What cannot be done: WHAT, WHY, FIX."""


def complain(what, why, fix):
    print(f"error: {what}\n  why: {why}\n  fix: {fix}", file=sys.stderr)


# --- what the tree asks for


def read_manifest():
    """The formula, its wants by (qube, kind, key), and the manifest's very bytes."""
    path = os.path.join(os.path.dirname(os.path.realpath(__file__)), "MANIFEST.json")
    try:
        with open(path, "rb") as file:
            data = file.read()
        manifest = json.loads(data)
        formula, wants = manifest["formula"], {}
        if manifest["format"] != 1 or not re.fullmatch("[a-z][a-z0-9-]{0,11}", formula):
            raise ValueError("it is of another format")
        for qube, entries in manifest["secrets"].items():
            for entry in entries:
                head, kind, key = entry["pillar"].split(":")
                if head != formula or kind != entry["kind"] or not KIND.fullmatch(kind) or not all(map(NAME.fullmatch, (qube, key, entry["server"]))):
                    raise ValueError(f"it has a secret of a wrong name: {ascii(entry['pillar'])}")
                re.compile(entry["check"])
                wants[qube, kind, key] = Want(
                    qube, kind, key, entry.get("client"), entry["server"], entry["shape"], entry["check"]
                )
        return formula, wants, data
    except (OSError, ValueError, KeyError, TypeError, AttributeError, re.error) as error:
        raise Refused(f"{path} cannot be read: {error!r}", "it says which secrets there are", "run this from an installed or unpacked tree")


def label(want):
    if want.kind == "rpc":
        return f"the password of {want.client} at {want.server}"
    if want.kind == "rpcauth":
        return f"the hash of {want.client}'s password at {want.server}"
    if want.kind == "onion_auth":
        return f"the key by which {want.server} may call its onion service"
    return f"the secret {want.kind} of {want.qube} for {want.key}"


def fits(want, text):
    return text is not None and re.fullmatch(want.check, text) is not None


def partner(place):
    """The other half of a password or of a hash, in another qube's part; None for what has none here."""
    qube, kind, key = place
    return {"rpc": (key, "rpcauth", qube), "rpcauth": (key, "rpc", qube)}.get(kind)


def hashes(password_line, text):
    """True if an rpcauth line is of this client's password (Bitcoin Core share/rpcauth/rpcauth.py)."""
    found = re.fullmatch(r"rpcauth=([^:]+):([^$]+)\$([0-9a-f]{64})", text or "")
    name, _, password = password_line.partition(":")
    return found is not None and found[1] == name and hmac.compare_digest(found[3], digest(found[2], password))


def digest(salt, password):
    return hmac.new(salt.encode(), password.encode(), hashlib.sha256).hexdigest()


def hash_line(password_line):
    name, _, password = password_line.partition(":")
    salt = secrets.token_hex(16)
    return f"rpcauth={name}:{salt}${digest(salt, password)}"


def new_text(want):
    """A secret of a kind that can be made here."""
    if want.kind == "rpc":
        return told_as(want, secrets.token_urlsafe(32))
    key = bytearray(secrets.token_bytes(32))
    key[0], key[31] = key[0] & 248, key[31] & 127 | 64  # RFC 7748, section 5
    return told_as(want, base64.b32encode(key).decode().rstrip("="))


def told_as(want, typed):
    """What was typed as the pillar has it: whole, or in the place of the last word of its shape, which stands in capitals."""
    return typed if fits(want, typed) else re.sub("[A-Z_]+$", lambda _: typed, want.shape)


def public_half(private):
    """The public key of an x25519 pair (RFC 7748, section 5), for the machine that has the onion service."""
    prime = 2**255 - 19
    scalar = int.from_bytes(private, "little") & (2**255 - 8) | 2**254
    x2, z2, x3, z3, swapped = 1, 0, 9, 1, 0
    for at in range(254, -1, -1):
        bit = scalar >> at & 1
        if swapped ^ bit:
            x2, z2, x3, z3 = x3, z3, x2, z2
        swapped = bit
        add, sub = x2 + z2, x2 - z2
        one, two = (x3 - z3) * add % prime, (x3 + z3) * sub % prime
        square, other = add * add % prime, sub * sub % prime
        x3, z3 = (one + two) ** 2 % prime, 9 * (one - two) ** 2 % prime
        x2, z2 = square * other % prime, (square - other) * (square + 121665 * (square - other)) % prime
    if swapped:
        x2, z2 = x3, z3
    return (x2 * pow(z2, prime - 2, prime) % prime).to_bytes(32, "little")


def for_elsewhere(want, text):
    """What the machine elsewhere must have, and where it goes; no secret."""
    if want.kind == "rpc":
        return f"In the bitcoin.conf of the node that {want.server} stands for:\n  {hash_line(text)}"
    if want.kind == "onion_auth":
        key = base64.b32encode(public_half(base64.b32decode(text.rpartition(":")[2] + "===="))).decode().rstrip("=")
        there = f"/var/lib/tor/{want.server}/authorized_clients/{want.server}.auth"
        return f"In {there} of the machine that {want.server} stands for, and nothing else in it:\n  descriptor:x25519:{key}"
    return None


# --- the disk


def sync(folder):
    fd = os.open(folder, os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)


def write(path, text):
    """A root-only file, whole at any moment."""
    folder, name = os.path.split(path)
    stage = os.path.join(folder, f".{name}.new")
    if os.path.lexists(stage):
        os.remove(stage)
    fd = os.open(stage, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with open(fd, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fchown(fd, 0, 0)
        os.fchmod(fd, 0o600)
        os.fsync(fd)
    os.rename(stage, path)
    sync(folder)


def read(path):
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise ValueError("it is not a plain file")
        return file.read().decode("ascii")


def is_private(path, mode):
    at = os.lstat(path)
    return (at.st_uid, at.st_gid, stat.S_IMODE(at.st_mode)) == (0, 0, mode)


def make_private(folder):
    made = not os.path.lexists(folder)
    if made:
        os.mkdir(folder, 0o700)
    if not stat.S_ISDIR(os.lstat(folder).st_mode):
        raise Refused(f"{folder} is not a folder", "secrets must lie in a folder of our own", "move it away")
    if not is_private(folder, 0o700):
        os.chown(folder, 0, 0)
        os.chmod(folder, 0o700)
    if made:
        sync(os.path.dirname(folder))


# --- reading the pillar back: ours is JSON behind comments; one written by hand is the plain YAML of earlier runbooks

QUOTED = r"\"([^\"\\]*)\"|'([^']*)'"
PLAIN = r"[A-Za-z0-9][^\s#,\[\]{}]*"
LINE = re.compile(rf"( *)(?:{QUOTED}|({PLAIN}?)):(?: +(?:{QUOTED}|({PLAIN})|\[([^\[\]]*)\]))? *(?: #.*)?")
ITEM = re.compile(rf" *- +(?:{QUOTED}|({PLAIN})) *(?: #.*)?")


def first(*found):
    return next((text for text in found if text is not None), None)


def once(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def parse(text):
    """A file of the pillar as maps of maps of texts; ValueError, which never quotes it, where it is anything else."""
    lines = text.split("\n")
    if lines[0].startswith("#!") and lines[0].rstrip() != "#!yaml":
        raise ValueError("its first line asks Salt for another language")
    body = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#")]
    if body and body[0][1].startswith("{"):
        try:
            return json.loads("\n".join(line for _, line in body), object_pairs_hook=once)
        except (RecursionError, json.JSONDecodeError) as error:
            raise ValueError(f"it is no JSON: {getattr(error, 'msg', 'it is nested beyond reason')}") from None
    root, opened = {}, None
    stack = [(len(body[0][1]) - len(body[0][1].lstrip()) if body else 0, root)]
    for number, line in body:
        item, found = ITEM.fullmatch(line), LINE.fullmatch(line)
        wrong = ValueError(f"line {number} is not plain YAML of names and texts")
        if any(sign in line for sign in ("{{", "{%", "{#", "\t")):
            raise wrong
        if item and opened:
            above, key = opened
            above[key] = (above[key] or []) + [first(*item.groups())]
            continue
        if not found:
            raise wrong
        indent, key = len(found[1]), first(*found.groups()[1:4])
        if opened and not opened[0][opened[1]] and indent > stack[-1][0]:
            stack.append((indent, opened[0][opened[1]]))
        while indent < stack[-1][0]:
            stack.pop()
        if indent != stack[-1][0] or key in stack[-1][1]:
            raise wrong
        value, many = first(*found.groups()[4:7]), found[8]
        if many is not None:
            value = [word.strip().strip("\"'") for word in many.split(",")]
        opened = (stack[-1][1], key) if value is None else None
        stack[-1][1][key] = {} if value is None else value
    return root


def texts_in(text, formula, kinds):
    """The texts of a qube's part by (kind, key). What it says of a fault holds no word of the file but names: any other may be a secret."""
    whole, found = parse(text), {}
    if list(whole) != [formula] or not isinstance(whole[formula], dict):
        raise ValueError(f"it has something else than {formula} in it")
    for kind, keys in whole[formula].items():
        if not KIND.fullmatch(kind) or (kinds and kind not in kinds) or not isinstance(keys, dict):
            raise ValueError(f"{formula} has something in it that is no kind of secret: {', '.join(sorted(kinds or KINDS))}")
        for key, value in keys.items():
            if not NAME.fullmatch(key):
                raise ValueError(f"{formula}:{kind} has a key that is no qube's name")
            if not isinstance(value, str) or not TEXT.fullmatch(value):
                raise ValueError(f"{formula}:{kind}:{key} is not one line of text")
            found[kind, key] = value
    return found


def top_in(text, formula):
    whole = parse(text)
    if list(whole) != ["base"] or any(states != [f"{formula}.{qube}"] for qube, states in (whole["base"] or {}).items()):
        raise ValueError("it names something else than each qube's own part")
    return whole["base"] or {}


class Store:
    """The pillar of a formula, and what is kept aside."""

    def __init__(self, formula, wants):
        self.formula, self.wants = formula, wants
        self.pillar, self.kept = f"/srv/pillar/base/{formula}", f"/var/lib/qwbtc-salt/{formula}/kept"
        self.kinds = KINDS | {want.kind for want in wants.values()}
        self.changed = []  # what was done, for people
        self.planned = []  # what is done once the pillar is written

    def say(self):
        for line in self.changed:
            print(line)
        self.changed.clear()

    def load(self):
        """The pillar as it is; Refused if anything in it is not ours and could be lost."""
        texts, files, by_hand, loose, top, left, foreign = {}, set(), set(), [], None, [], []
        if os.path.isdir(self.kept):
            aside = sorted(entry.path for entry in os.scandir(self.kept) if entry.is_file(follow_symlinks=False))
            left = [path for path in aside if os.path.basename(path).startswith(".") and path.endswith(".new")]
            loose = [path for path in aside if path not in left and not is_private(path, 0o600)]
        for entry in sorted(os.scandir(self.pillar), key=lambda one: one.name) if os.path.isdir(self.pillar) else []:
            try:
                plain, own = entry.is_file(follow_symlinks=False), re.fullmatch(rf"(\.)?(init\.top|({NAME.pattern})\.sls)(\.new)?", entry.name)
                if not plain or not own or bool(own[1]) != bool(own[4]):
                    raise ValueError("nothing of this name and kind is made here")
                if own[1]:
                    left.append(entry.path)
                    continue
                text = read(entry.path)
                if MARK not in text.split("\n")[:2]:
                    by_hand.add(entry.name)
                if not is_private(entry.path, 0o600):
                    loose.append(entry.path)
                if own[3]:
                    files.add(own[3])
                    # In a file of ours, kinds of a later version are ours, too.
                    kinds = self.kinds if entry.name in by_hand else None
                    texts.update({(own[3], *place): value for place, value in texts_in(text, self.formula, kinds).items()})
                else:
                    top = top_in(text, self.formula)
            except (ValueError, TypeError, AttributeError) as error:
                foreign.append(f"{entry.path}: {'it is no plain text' if isinstance(error, UnicodeError) else error}")
        if foreign:
            raise Refused(
                "the pillar has something that is not made here:\n    " + "\n    ".join(foreign),
                "its files are written anew, and what is yours would be lost",
                f"move it out of {self.pillar}: a pillar of your own goes into a folder and a top of its own",
            )
        return Pillar(texts, files, by_hand, loose, top, left)

    def lines_kept(self, kind, key):
        path = os.path.join(self.kept, f"{kind}.{key}")
        try:
            return read(path).splitlines() if os.path.lexists(path) else []
        except ValueError:
            raise Refused(f"{path} is no plain text", "it holds secrets that you typed in, a line each", "look at it, and mend it or move it away")

    def keep(self, kind, key, text, instead_of=None):
        """Keeps a text aside; in the place of those that fit a want, where one is given."""
        before = self.lines_kept(kind, key)
        lines = [line for line in before if line != text and not (instead_of and fits(instead_of, line))]
        if before == lines + [text] or (text in before and not instead_of):
            return
        make_private(self.kept)
        write(os.path.join(self.kept, f"{kind}.{key}"), "".join(f"{line}\n" for line in [*lines, text]))

    def keep_original(self, name):
        """A file that a person wrote, with all that stands in it, before it is written anew or removed."""
        text, at = read(os.path.join(self.pillar, name)), 1
        make_private(self.kept)
        while os.path.lexists(path := os.path.join(self.kept, f"{name}.by-hand{at}")):
            if read(path) == text:
                return
            at += 1
        write(path, text)
        self.changed.append(f"Kept as it was: {self.pillar}/{name}, at {path}.")

    def is_elsewhere(self, place, texts):
        """True for what cannot be made again without a machine elsewhere."""
        return place[1] != "rpcauth" and partner(place) not in (self.wants if place in self.wants else texts)

    def put(self, new):
        """Makes the pillar say NEW. Parts are there before the top names them; a password is there before its hash."""
        now = self.load()
        for place, text in {**now.texts, **new}.items():
            if self.is_elsewhere(place, now.texts):
                self.keep(*place[1:], text)
        for path in now.left:
            os.remove(path)
            self.changed.append(f"Removed: {path}, which an earlier run left half written.")
        if os.path.isdir(self.kept):
            make_private(self.kept)
        for path in now.loose:
            os.chown(path, 0, 0)
            os.chmod(path, 0o600)
            self.changed.append(f"Closed: {path} is for root alone.")
        # A top from the start, though it may name nobody yet: install.sh enables it once.
        if not self.wants and now.top is None and not now.files:
            return  # nothing was planned either
        make_private(self.pillar)
        parts = {}
        for (qube, kind, key), text in sorted(new.items()):
            parts.setdefault(qube, {}).setdefault(kind, {})[key] = text
        gone = sorted(now.files - set(parts))
        if any(qube in gone for qube in now.top or {}):
            self.put_top({qube for qube in now.top if qube not in gone}, now)
        for qube in gone:
            if f"{qube}.sls" in now.by_hand:
                self.keep_original(f"{qube}.sls")
            os.remove(os.path.join(self.pillar, f"{qube}.sls"))
            sync(self.pillar)
            self.changed.append(f"Dropped: the secrets of {qube}, which the tree no longer names.")
        for qube in sorted(parts, key=lambda one: ("rpc" not in parts[one], one)):
            before = {place: text for place, text in now.texts.items() if place[0] == qube}
            if qube not in now.files or before != {place: text for place, text in new.items() if place[0] == qube}:
                if f"{qube}.sls" in now.by_hand:
                    self.keep_original(f"{qube}.sls")
                self.write(f"{qube}.sls", {self.formula: parts[qube]})
                self.changed += [f"Dropped: {':'.join(place[1:])} of {qube}, which the tree no longer names." for place in before if place not in new]
        self.put_top(set(parts), self.load())
        self.changed += self.planned
        self.planned.clear()

    def put_top(self, qubes, now):
        if now.top is None or set(now.top) != qubes:
            if "init.top" in now.by_hand:
                self.keep_original("init.top")
            self.write("init.top", {"base": {qube: [f"{self.formula}.{qube}"] for qube in sorted(qubes)}})

    def write(self, name, content):
        # JSON in plain ASCII is YAML, and #!yaml keeps Jinja off it.
        write(os.path.join(self.pillar, name), f"#!yaml\n{MARK}\n{json.dumps(content, indent=2)}\n")


# --- what is missing


def complete(store, have, prepare):
    """What the pillar shall say, and what only a person can tell. With PREPARE nothing that is there is taken away or replaced."""
    wants, new, told = store.wants, dict(have) if prepare else {}, []
    for place, want in sorted(wants.items(), key=lambda one: one[1].kind == "rpcauth"):
        old, other = have.get(place), partner(place)
        if want.kind == "rpcauth" and other in wants:
            password = new.get(other)
            if fits(wants[other], password):
                new[place] = old if fits(want, old) and hashes(password, old) else hash_line(password)
                if old is not None and new[place] != old:
                    store.planned.append(f"Mended: {label(want)} was not that of its password.")
        elif fits(want, old):
            new[place] = old
            # A node of this machine became one elsewhere: nobody there knows the password yet.
            if not prepare and other not in wants and other in have and (line := for_elsewhere(want, old)):
                store.planned.append(line)
        elif prepare and old is not None:
            continue
        elif other in wants:
            new[place] = new_text(want)
            store.planned.append(f"Made: {label(want)}.")
        elif kept := [line for line in store.lines_kept(*place[1:]) if fits(want, line)]:
            new[place] = kept[-1]
            store.planned.append(f"Taken from what was kept: {label(want)}.")
        else:
            told.append(want)
    return new, told


def on_tty():
    return sys.stdin is not None and sys.stdin.isatty()


def tell(text):
    with open("/dev/tty", "w", encoding="utf-8") as tty:
        tty.write(text + "\n")


def ask(want, again=False):
    """A secret typed without echo, or made at Enter; None for later."""
    makes = want.kind in MADE
    tell(f"\n{label(want)[0].upper()}{label(want)[1:]}: a machine elsewhere has the other half of it. It is not shown as you type.")
    later = "Ctrl-D: leave it as it is" if again else "Ctrl-D: later"
    hint = f"Type it ({want.shape}, or only its last word)" + (", or Enter: a new one is made here" if makes else "") + f". {later}.\n> "
    while True:
        try:
            typed = getpass.getpass(hint).strip()
        except EOFError:
            tell("")
            return None
        text = new_text(want) if typed == "" and makes else told_as(want, typed)
        if fits(want, text):
            return text
        tell(f"That is not of the shape {want.shape}.")


def say_missing(want, store):
    path, me = os.path.join(store.kept, f"{want.kind}.{want.key}"), os.path.realpath(__file__)
    complain(
        f"still missing: {label(want)}",
        f"a machine elsewhere has the other half of it; until it is there, an apply of {want.qube} fails and {want.server} cannot be used",
        f"in a terminal: sudo {me} --missing\n    or put the one line {want.shape}\n    into {path}"
        f" (sudo install -D -m 0600 FILE {path}), and run the same",
    )


def finish(store, told, new):
    """Asks for what is left, one after the other; each answer is on the disk before the next question."""
    left = []
    for at, want in enumerate(told):
        try:
            text = ask(want) if on_tty() else None
        except KeyboardInterrupt:
            tell("")
            left += told[at:]
            break
        if text is None:
            left.append(want)
            continue
        take(store, want, text, new)
        store.changed.append(f"Taken: {label(want)}.")
    for want in left:
        say_missing(want, store)
    return 3 if left else 0


def take(store, want, text, new):
    """Puts what a person said, or what was made in its place, on the disk; then says what belongs elsewhere."""
    new[want.qube, want.kind, want.key] = text
    store.keep(want.kind, want.key, text, instead_of=want)
    store.put(new)
    if line := for_elsewhere(want, text):
        store.changed.append(line)


def say_next(store, changed):
    """Which qubes to apply, servers first; an apply restarts the daemons that read a changed secret. With one half of a password comes the other: a run that was cut
    may have changed that one before."""
    both = {half for place in changed for half in (place, partner(place)) if half in store.wants}
    wants = [store.wants[place] for place in sorted(both, key=lambda one: (one[1] == "rpc", one))]
    if not wants:
        return
    qubes = list(dict.fromkeys(want.qube for want in wants))
    print(f"Now apply: sudo qubesctl --show-output --targets={','.join(qubes)} state.apply")


# --- the verbs


def missing(store, prepare, inside):
    have = store.load().texts
    new, told = complete(store, have, prepare)
    store.put(new)
    code = 0 if prepare else finish(store, told, new)
    quiet = not store.changed
    store.say()
    if not inside:
        say_next(store, [place for place, text in new.items() if have.get(place) != text])
        if quiet and code == 0:
            print("Nothing is missing.")
    return code


def chosen(store, names):
    """What is to be made anew, and whether a machine elsewhere has the other half."""
    known = {name for want in store.wants.values() for name in (want.client, want.server, want.qube) if name}
    if unknown := [name for name in names if name not in known]:
        raise Refused(f"nothing secret belongs to {', '.join(unknown)}", f"these have secrets: {', '.join(sorted(known))}", "name some of these, or none")
    for place, want in sorted(store.wants.items()):
        away = partner(place) not in store.wants
        if want.kind != "rpcauth" and ({want.client, want.server, want.qube} & set(names) if names else not away):
            yield want, away


def rotate(store, names, yes):
    picked = list(chosen(store, names))
    if not picked:
        raise Refused("there is nothing to rotate", "no two qubes of this machine share a password", "for what machines elsewhere know, name its server")
    if not on_tty() and (not yes or any(away for _, away in picked)):
        raise Refused(
            "this asks questions, and there is no terminal", "a rotation cuts a link until it is applied", "run it in a terminal, or with --yes and without names"
        )
    if not yes:
        tell("This makes anew:\n" + "\n".join(f"  {label(want)}" for want, _ in picked) + "\nUntil the next apply the old ones stay in use.")
        with open("/dev/tty", encoding="utf-8") as tty:
            tell("Go on? Type yes:")
            if tty.readline().strip() != "yes":
                print("Nothing was changed.")
                return 1
    have = store.load().texts
    new, told = complete(store, have, False)
    for want, away in picked:
        if not away:
            new[want.qube, want.kind, want.key] = text = new_text(want)
            new[partner((want.qube, want.kind, want.key))] = hash_line(text)
            store.planned.append(f"Made: {label(want)}.")
    store.put(new)
    try:
        for want, away in picked:
            if away and want not in told and (text := ask(want, again=True)) is not None:
                take(store, want, text, new)
                store.changed.append(f"Taken: {label(want)}.")
    except KeyboardInterrupt:
        tell("")  # what was made before it must still be said
    code = finish(store, told, new)
    store.say()
    say_next(store, [place for place, text in new.items() if have.get(place) != text])
    return code


def elsewhere(store):
    have, found = store.load().texts, False
    for place, want in sorted(store.wants.items()):
        if partner(place) not in store.wants and fits(want, have.get(place)) and (line := for_elsewhere(want, have[place])):
            found = True
            print(line)
    if not found:
        print("No machine elsewhere has the other half of a secret of this system.")
    return 0


def lock():
    """True if install.sh, which called this, holds the lock; otherwise takes it."""
    try:
        at, held = os.stat(MINION), os.fstat(9)
        if (at.st_dev, at.st_ino) == (held.st_dev, held.st_ino):
            return True
    except OSError:
        pass
    try:
        fcntl.flock(os.open(MINION, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        raise Refused(f"there is no {MINION} here", "this is made for dom0 of Qubes OS", "run it in dom0")
    except BlockingIOError:
        raise Refused("install.sh or another rotate-secrets is at work", "two at once would undo each other", "wait for it, then run this again")
    return False


def must_be_in_force(formula, data):
    root = f"/srv/formulas/base/{formula}-formula"
    stored = os.path.realpath(root).removesuffix(root)
    try:
        with open(os.path.join(stored, "MANIFEST.json"), "rb") as file:
            if os.path.islink(root) and file.read() == data:
                return
    except OSError:
        pass
    fix = f"install this one first, or run {stored}/rotate-secrets" if os.path.islink(root) else "install it: sudo ./install.sh"
    raise Refused("this tree is not the version in force", "the secrets of that version would be dropped", fix)


def main(words):
    flags, names = {word for word in words if word.startswith("-")}, [word for word in words if not word.startswith("-")]
    if flags & {"-h", "--help"}:
        print(__doc__)
        return 0
    verbs = flags - {"--yes"}
    if verbs - {"--missing", "--prepare", "--elsewhere"} or len(verbs) > 1 or (verbs and (names or "--yes" in flags)):
        raise Refused(f"this is not understood: {' '.join(words)}", "a slip must not rotate what you did not mean", "see rotate-secrets --help")
    formula, wants, data = read_manifest()
    if os.geteuid() != 0:
        raise Refused("rotate-secrets must run as root", "secrets are for root alone", f"sudo {sys.argv[0]}")
    inside = lock()
    store = Store(formula, wants)
    if "--prepare" not in verbs:
        must_be_in_force(formula, data)
    if "--elsewhere" in verbs:
        return elsewhere(store)
    try:
        return missing(store, "--prepare" in verbs, inside) if verbs else rotate(store, names, "--yes" in flags)
    finally:
        store.say()  # also what was done before something failed


os.umask(0o077)
warnings.simplefilter("error", getpass.GetPassWarning)  # rather no answer than one that is shown
try:
    sys.exit(main(sys.argv[1:]))
except Refused as refused:
    complain(*refused.args)
except KeyboardInterrupt:
    print("\nStopped. What was done so far is whole; --missing finishes it.", file=sys.stderr)
except OSError as error:
    complain(f"{error.filename or 'the disk'}: {error.strerror}", "the disk is full, read-only or broken", "make room or mend it; then --missing finishes what was begun")
sys.exit(2)
