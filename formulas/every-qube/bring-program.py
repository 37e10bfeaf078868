#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the program that this qube shall run: takes its files from whoever has them, checks them here, and puts them in place whole.

    bring-program status         what is there, what is missing, what was refused and why
    bring-program collect        takes what has come, once (root)
    bring-program wait           the same until all is there (root; the service runs it)
    bring-program cross NAME     goes to the version that the topology names although a line between versions is in the way (root)
    bring-program fetch          gets over Tor what is missing (nobody's user; a service runs it where the qube has a net qube)
    bring-program download [NAME...]   in a downloader: gets and checks all that other qubes ask for, and says how to send it there

What counts is the recipe that the states wrote, /usr/local/lib/qwbtc-salt/NAME/recipe.json, which only root can change. Whoever brings a file is
trusted with nothing: it is copied to where only root can write, the copy is checked, and the source is removed only when the copy is safe. Files
are looked for in ~/QubesIncoming/*/ and in the folder of the fetch service, by their exact names.

A file is right if its digest is the recipe's. Where no digest is known, so many keys as the recipe asks for must have signed the same bytes:
distinct primary keys, by full fingerprint (gpgv, VALIDSIG with GOODSIG; an expired or revoked key or an expired signature never counts). Key blocks
may come from anywhere, for the fingerprint is what counts, and all blocks of one key are read together: a revocation in any of them counts. Where
the only block that comes was made before its key was revoked, that cannot be noticed here. Each signature is looked at by itself, so that what gpgv
says of one can belong to no other. A signed list must name exactly this file, once; an older version's list does not name it. Where the file itself is signed, its
name is not: such a recipe has a text of the version that must stand inside, or an older release under a newer name would pass.

What is wrong is moved to refused/, with the reason; of the bytes only the newest are kept, and none that are large: this is the disk of the chain. Exit: 0 all is there; 1 something is missing or was refused; 2 a wrong command or no recipe.
"""

import base64
import bz2
import contextlib
import errno
import fcntl
import fnmatch
import gzip
import hashlib
import io
import json
import lzma
import os
import re
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import zlib

ROOT = ""
LIBRARY = "/usr/local/lib/qwbtc-salt"
# Restarts and starts daemons, as an apply does; only qubes with daemons have it.
IN_FORCE = f"{LIBRARY}/in-force"
INCOMING = "/home/user/QubesIncoming"
# The fetch service's own folder (systemd.exec(5), CacheDirectory= with DynamicUser=).
FETCHED = "/var/cache/private/qwbtc-salt-fetch"
MARK = ".brought.json"
# No release comes near these: what is larger is no release.
FILE_LIMIT = 4 << 30
EVIDENCE_LIMIT = 4 << 20
SIGNATURE_LIMIT = 100
# Of what was refused: bytes in all, and reasons.
REFUSED_LIMIT = 64 << 20
REASON_LIMIT = 100
UNPACKED_LIMIT = 8 << 30
MEMBER_LIMIT = 200_000
# xz -9 asks for 65 MiB (xz(1)).
XZ_MEMORY_LIMIT = 128 << 20


class Wrong(Exception):
    """A file is not what it must be. The text says why."""


class Wait(Exception):
    """What has come so far does not suffice, and more may come. The text says what is missing."""

    def __init__(self, text, anew=False):
        super().__init__(text)
        # A file that was right before is so no more: the right one may lie at hand, where it was passed over.
        self.anew = anew


def complain(what, why, fix):
    print(f"error: {what}\n  why: {why}\n  fix: {fix}", file=sys.stderr)


def digest_of(path):
    with open(path, "rb") as file:
        return read_whole(file, FILE_LIMIT)


def read_whole(file, limit):
    """The sha256 of all that a file says, up to a limit."""
    known, size = hashlib.sha256(), 0
    while block := file.read(1 << 20):
        size += len(block)
        if size > limit:
            raise Wrong(f"it holds more than {limit >> 30} GiB")
        known.update(block)
    return known.hexdigest()


class Unxz(io.RawIOBase):
    """What an .xz file holds, read with a bound on the memory that its own head may ask for (lzma.LZMADecompressor, memlimit; lzma.open has none)."""

    def __init__(self, path):
        super().__init__()
        self.file, self.data, self.stream = open(path, "rb"), b"", self.another()

    def another(self):
        return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=XZ_MEMORY_LIMIT)

    def readable(self):
        return True

    def readinto(self, buffer):
        found = b""
        while not found:
            if not self.data and (self.stream.eof or self.stream.needs_input):
                self.data = self.file.read(1 << 20)
                if not self.data and self.stream.eof:
                    return 0
                if not self.data:
                    raise EOFError("it is cut off")
            if self.stream.eof:
                # One file may be several streams, with zeros between them (The .xz File Format, 2.2).
                self.data = self.data.lstrip(b"\0")
                self.stream = self.another() if self.data else self.stream
                continue
            found = self.stream.decompress(self.data, len(buffer))
            self.data = self.stream.unused_data
        buffer[: len(found)] = found
        return len(found)

    def close(self):
        self.file.close()
        super().close()


def decompressed(path):
    """The file, read as its name says it is compressed: the bytes do not choose by which code they are read."""
    if path.endswith((".gz", ".tgz")):
        return gzip.open(path, "rb")
    if path.endswith((".bz2", ".tbz2")):
        return bz2.open(path, "rb")
    if path.endswith((".xz", ".txz")):
        return io.BufferedReader(Unxz(path))
    return open(path, "rb")


# What Python's readers raise at damaged bytes: gzip a BadGzipFile (an OSError without a number), EOFError or zlib.error; bz2 an OSError without a
# number or EOFError; lzma its own; tarfile its own, ValueError and struct.error. And MemoryError where the bytes ask for more than there is.
DAMAGED = (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, ValueError, struct.error, MemoryError)


@contextlib.contextmanager
def damage_is_wrong(what):
    """Makes what readers raise at damaged bytes a refusal with words; an error of the machine (a full disk) stays one."""
    try:
        yield
    except DAMAGED as error:
        raise Wrong(f"{what}: {error or type(error).__name__}") from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise Wrong(f"{what}: {error}") from error


def tar_digest(path):
    """The sha256 of a tar, however hard it was compressed."""
    with damage_is_wrong("it cannot be decompressed"), decompressed(path) as file:
        return read_whole(file, UNPACKED_LIMIT)


# OpenPGP: only as much as it takes to tell keys and signatures apart (RFC 9580, 4.2 and 5.5.4). Whether a signature is good, gpgv says.


def dearmored(data):
    """The packets of all armoured blocks in a text, or the data itself if there is none."""
    blocks = re.findall(rb"-----BEGIN PGP (?:PUBLIC KEY BLOCK|SIGNATURE)-----\r?\n(.*?)-----END PGP", data, re.DOTALL)
    if not blocks:
        return data
    found = b""
    for block in blocks:
        lines = block.replace(b"\r", b"").split(b"\n")
        body = lines[lines.index(b"") + 1 :] if b"" in lines[:-1] else lines
        coded = b"".join(line.strip() for line in body if not line.startswith(b"="))
        try:
            found += base64.b64decode(coded, validate=True)
        except ValueError as error:
            raise Wrong(f"its armour is broken: {error}") from error
    return found


def packets(data):
    """The packets of a message: tag, body, and the bytes of both."""
    at = 0
    while at < len(data):
        start, head = at, data[at]
        at += 1
        try:
            if not head & 0x80:
                raise Wrong("it is no OpenPGP data")
            if head & 0x40:
                tag, first = head & 0x3F, data[at]
                if first < 192:
                    size, at = first, at + 1
                elif first < 224:
                    size, at = ((first - 192) << 8) + data[at + 1] + 192, at + 2
                elif first == 255:
                    size, at = struct.unpack(">I", data[at + 1 : at + 5])[0], at + 5
                else:
                    raise Wrong("it has a packet in parts, which no key and no signature has")
            else:
                tag, kind = (head >> 2) & 0x0F, head & 3
                if kind == 3:
                    raise Wrong("it has a packet without a length")
                width = 1 << kind
                size, at = int.from_bytes(data[at : at + width], "big"), at + width
        except (IndexError, struct.error) as error:
            raise Wrong("it ends within a packet") from error
        if at + size > len(data):
            raise Wrong("it ends within a packet")
        yield tag, data[at : at + size], data[start : at + size]
        at += size


def key_blocks(data):
    """The transferable public keys among packets, by the fingerprint of the primary key (RFC 9580, 10.1 and 5.5.4).

    All that is said of one key, wherever it stands, becomes one block: gpgv looks a key up once and takes the first block that has it (GnuPG
    g10/keydb.c, keydb_search), so of two blocks it would miss a revocation that stands in the second alone. As gpg does it when it imports
    (g10/import.c, merge_blocks): parts once, each with the signatures of all its copies. Whether a signature is the key's own, gpgv tells.
    """
    found, parts, about = {}, None, None
    for tag, body, raw in packets(data):
        if tag in (5, 6):
            known = tag == 6 and body[:1] == b"\x04"
            name = hashlib.sha1(b"\x99" + struct.pack(">H", len(body)) + body).hexdigest().upper() if known else None
            parts = found.setdefault(name, {}) if name else None
        if parts is None:
            continue
        if tag in (6, 13, 14, 17):
            about = parts.setdefault((tag, body), {body: raw})
        elif tag == 2:
            about.setdefault(body, raw)
    # The primary key and what is said of it comes first, then names, then subkeys.
    order = {6: 0, 14: 2}
    return {
        name: b"".join(b"".join(parts[one].values()) for one in sorted(parts, key=lambda one: order.get(one[0], 1))) for name, parts in found.items()
    }


def signatures(data):
    """The signatures of a file of detached ones, each by itself."""
    found = [(tag, raw) for tag, _body, raw in packets(dearmored(data))]
    if not found or any(tag != 2 for tag, _raw in found):
        raise Wrong("it holds something else than detached signatures")
    if len(found) > SIGNATURE_LIMIT:
        raise Wrong(f"it holds more than {SIGNATURE_LIMIT} signatures")
    return [raw for _tag, raw in found]


def signers(signature_file, signed_file, blocks):
    """The primary keys with a good signature over the file; those that expired; and whether some known key signed other bytes."""
    good, expired, revoked, other = set(), set(), set(), False
    if not shutil.which("gpgv"):
        raise Wait("there is no gpgv here, so signatures cannot be checked")
    # What strangers sent is parsed as nobody; the file comes by its standard input, for nobody could not open it.
    nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="qwbtc-check-") as folder:
        os.chmod(folder, 0o755)
        keyring, one = os.path.join(folder, "keys"), os.path.join(folder, "signature")
        with open(keyring, "wb") as file:
            file.write(b"".join(blocks.values()))
        with open(signature_file, "rb") as file:
            found = signatures(file.read(EVIDENCE_LIMIT))
        for raw in found:
            with open(one, "wb") as file:
                file.write(raw)
            command = ["gpgv", "--homedir", folder, "--status-fd", "1", "--keyring", keyring, one, "-"]
            with open(signed_file, "rb") as signed:
                said = subprocess.run(command, stdin=signed, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, **nobody)
            words = [line.split()[1:] for line in said.stdout.decode("utf-8", "replace").splitlines() if line.startswith("[GNUPG:] ")]
            kinds = {word[0] for word in words if word}
            valid = [word[-1].upper() for word in words if word[0] == "VALIDSIG"]
            other = other or "BADSIG" in kinds
            if len(valid) != 1 or valid[0] not in blocks:
                continue
            if "REVKEYSIG" in kinds:
                revoked.add(valid[0])
            elif kinds & {"EXPKEYSIG", "EXPSIG"}:
                expired.add(valid[0])
            elif "GOODSIG" in kinds and "BADSIG" not in kinds and said.returncode == 0:
                good.add(valid[0])
    # Whoever says that a key is revoked is believed, whatever another signature of it looks like.
    return good - revoked, expired - good - revoked, revoked, other


def named_in(sums_file, name):
    """The digest of a file in a list as sha256sum writes it; the list names it exactly once, or it says nothing."""
    with open(sums_file, "rb") as file:
        text = file.read(EVIDENCE_LIMIT).decode("utf-8", "replace")
    found = re.findall(rf"^([0-9A-Fa-f]{{64}}) [ *]{re.escape(name)}\r?$", text, re.MULTILINE)
    if len(found) != 1:
        raise Wrong(f"it names {name} {len(found)} times: it is the list of another version, or no list")
    return found[0].lower()


class Program:
    """One program of this qube: its recipe and where its parts lie."""

    def __init__(self, recipe_path):
        self.path = recipe_path
        with open(recipe_path, encoding="utf-8") as file:
            self.recipe = json.load(file)
        recipe = self.recipe
        if recipe["format"] != 1:
            raise ValueError(f"a format that is not known here: {recipe['format']}")
        self.name, self.slug, self.version = recipe["program"], recipe["slug"], recipe["version"]
        if not re.fullmatch(r"[0-9][0-9A-Za-z.+-]*", self.version):
            raise ValueError(f"no version: {self.version}")
        self.folder = ROOT + recipe["folder"]
        machine = os.uname().machine
        self.artifact = recipe["artifacts"].get(machine) or recipe["artifacts"].get("any")
        self.machine = machine
        if self.artifact and sum(key in self.artifact for key in ("sha256", "tar_sha256", "signed")) != 1:
            raise ValueError("the artifact has no pin, or more than one")
        self.pinned = ([self.artifact] if self.artifact else []) + recipe["more"]
        self.notes = []
        # Whether the version in use was put in place anew under its name.
        self.replaced = False

    def at(self, *parts):
        return os.path.join(self.folder, *parts)

    def signed(self):
        return self.artifact.get("signed") if self.artifact else None

    def evidence(self):
        """The names of files that say whether others are right."""
        signed = self.signed()
        if not signed:
            return []
        return [name for name in (signed.get("sums"), signed["signature"]) if name] + self.recipe["keys"]

    def wanted(self):
        return [one["file"] for one in self.pinned] + self.evidence()

    def current(self):
        try:
            return os.readlink(self.at("current"))
        except OSError:
            return None

    def mark(self, version):
        """What was noted about a version when it was put in place; None if it is not there, {} if somebody else put it there."""
        if not os.path.isfile(self.at(version, self.recipe["needed"])):
            return None
        try:
            with open(self.at(version, MARK), encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            return {}

    def other_pin(self):
        """Why what lies under the wanted version's name is not what the recipe means now; None if it is, or if nothing was noted or is known by digest."""
        mark, pinned = self.mark(self.version) or {}, self.artifact or {}
        for kind in ("sha256", "tar_sha256"):
            if kind in pinned and mark.get(kind) not in (None, pinned[kind]):
                return f"The {self.version} that lies here was checked by another digest ({kind} {mark[kind]}) than the recipe now names ({pinned[kind]})"
        return None

    def is_there(self):
        """Whether the wanted version lies in its place, and is the one that the recipe means now."""
        return self.mark(self.version) is not None and self.other_pin() is None

    def where(self, name):
        """Where a file lies that has come: among those found right, or among those that are to be looked at."""
        return "verified" if os.path.exists(self.at("verified", name)) else "arrived"

    # Files that come.

    def take(self):
        """Copies wanted files to where only root can write; says whether one is still being written, and whether there are more copies of one."""
        for name in ("arrived", "verified", "refused"):
            os.makedirs(self.at(name), mode=0o700, exist_ok=True)
            os.chmod(self.at(name), 0o700)
        for left in os.listdir(self.at("arrived")):
            if left.startswith(".part-"):
                os.remove(self.at("arrived", left))
        have = {name for name in self.wanted() if os.path.exists(self.at("verified", name))}
        busy, more, taken = False, False, set()
        others = {one["file"]: machine for machine, one in self.recipe["artifacts"].items() if one is not self.artifact}
        for folder, described in suppliers():
            for name in self.wanted():
                if name in taken:
                    # One of each in a round: where the first is wrong, the next has its turn.
                    more = more or name in os.listdir(folder)
                elif name not in have:
                    came = self.take_one(folder, name, described)
                    busy = busy or came is None
                    if came:
                        taken.add(name)
            for name in sorted(others.keys() & set(os.listdir(folder))):
                self.notes.append(f"{name} in {described} is for another kind of machine ({others[name]}); this one is {self.machine}. It is left there.")
            os.close(folder)
        for place in ("arrived", "verified"):
            for name in os.listdir(self.at(place)):
                if name not in self.wanted():
                    self.refuse(place, name, f"the recipe, now of {self.version}, does not ask for it any more")
        return busy, more

    def take_one(self, folder, name, described):
        """Whether it was taken; None if it is still being written."""
        try:
            source = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        except FileNotFoundError:
            return False
        except OSError as error:
            if error.errno not in (errno.ELOOP, errno.ENXIO, errno.EISDIR):
                raise
            return put_aside(folder, name, described, "it is a symlink, a socket or the like")
        seen = os.fstat(source)
        if not stat.S_ISREG(seen.st_mode):
            os.close(source)
            return put_aside(folder, name, described, "it is no plain file")
        with os.fdopen(source, "rb") as file:
            if seen.st_nlink != 1:
                return put_aside(folder, name, described, "it has another name somewhere (a hard link)")
            if seen.st_size > (EVIDENCE_LIMIT if name in self.evidence() else FILE_LIMIT):
                return put_aside(folder, name, described, "it is too large to be that file")
            if being_written(file.fileno()):
                return None
            part = self.at("arrived", f".part-{name}")
            try:
                with open(part, "xb") as copy:
                    # So much as was seen: what goes on growing is not followed.
                    left = seen.st_size
                    while left and (block := file.read(min(left, 1 << 20))):
                        left -= copy.write(block)
                    copy.flush()
                    os.fsync(copy.fileno())
            except OSError:
                if os.path.exists(part):
                    os.remove(part)
                raise
            if left or file.read(1):
                # Somebody writes to it after all; not every file system can tell.
                os.remove(part)
                return None
        if os.path.exists(self.at("arrived", name)) and digest_of(self.at("arrived", name)) != digest_of(part):
            self.refuse("arrived", name, "a newer copy came before it could be checked")
        os.rename(part, self.at("arrived", name))
        sync(self.at("arrived"))
        # Only the file that was copied: what was put under its name in the meantime is looked at in the next round.
        try:
            now = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if (now.st_dev, now.st_ino) == (seen.st_dev, seen.st_ino):
                os.unlink(name, dir_fd=folder)
        except FileNotFoundError:
            pass
        print(f"{name}: taken from {described}")
        return True

    def refuse(self, place, name, why):
        """Moves a file to where it is kept and never looked at again, with the reason."""
        path = self.at(place, name)
        kept = f"{name}.{digest_of(path)[:12]}"
        if os.path.getsize(path) > REFUSED_LIMIT:
            os.remove(path)
            why += f". It was not kept, for it is larger than {REFUSED_LIMIT >> 20} MiB: whoever has it can copy it here again"
        else:
            os.utime(path)
            os.replace(path, self.at("refused", kept))
        with open(self.at("refused", f"{kept}.why"), "w", encoding="utf-8") as file:
            file.write(f"{why}\n")
        self.prune()
        print(f"{name}: refused: {why}", file=sys.stderr)

    def prune(self):
        """Of what was refused, keeps the newest bytes and the newest reasons: senders cannot fill the disk with it."""
        found = [(os.stat(self.at("refused", one)), one) for one in os.listdir(self.at("refused"))]
        newest = sorted(found, key=lambda one: one[0].st_mtime_ns, reverse=True)
        for _seen, name in [one for one in newest if one[1].endswith(".why")][REASON_LIMIT:]:
            os.remove(self.at("refused", name))
        size = 0
        for seen, name in [one for one in newest if not one[1].endswith(".why")]:
            size += seen.st_size
            reason = self.at("refused", f"{name}.why")
            if size <= REFUSED_LIMIT and os.path.exists(reason):
                continue
            os.remove(self.at("refused", name))
            if os.path.exists(reason):
                when = os.stat(reason)
                with open(reason, "a", encoding="utf-8") as file:
                    file.write("Its bytes are not kept any more, for newer ones took their room: whoever has it can copy it here again.\n")
                os.utime(reason, ns=(when.st_atime_ns, when.st_mtime_ns))

    # What is right.

    def judge(self):
        """Moves what is right to verified/; raises Wait with all that is missing. What lies there is looked at anew: the recipe may be another since."""
        missing, anew = [], False
        for one in self.pinned:
            name = one["file"]
            place = self.where(name)
            if not os.path.exists(self.at(place, name)):
                missing.append(f"{name} has not come")
                # Its evidence is looked at all the same: what is wrong with it is said early.
            try:
                self.check(one)
            except Wait as lacks:
                missing.append(str(lacks))
            except Wrong as wrong:
                self.refuse(place, name, str(wrong))
                anew = anew or place == "verified"
                missing.append(f"{name}: what came was refused ({wrong})")
            else:
                if os.path.exists(self.at("arrived", name)):
                    os.rename(self.at("arrived", name), self.at("verified", name))
        if missing:
            raise Wait("\n".join(missing), anew)

    def check(self, one):
        path = self.at(self.where(one["file"]), one["file"])
        there = os.path.exists(path)
        if "sha256" in one:
            if there and (found := digest_of(path)) != one["sha256"]:
                raise Wrong(f"its sha256 is {found} and must be {one['sha256']}")
        elif "tar_sha256" in one:
            if there and (found := tar_digest(path)) != one["tar_sha256"]:
                raise Wrong(f"the sha256 of the tar in it is {found} and must be {one['tar_sha256']}")
        else:
            self.check_signed(one["file"], one["signed"])

    def check_signed(self, name, signed):
        """Raises if the evidence does not suffice (Wait), or says that the file is another (Wrong)."""
        subject = signed["sums"] if signed["by"] == "sums" else name
        blocks = self.known_keys(signed["keys"])
        lies = self.at(self.where(subject), subject)
        here = [one for one in (subject, signed["signature"]) if os.path.exists(self.at(self.where(one), one))]
        if len(here) < 2:
            raise Wait("\n".join(f"{one} has not come" for one in (subject, signed["signature"]) if one not in here and one != name) or f"{name} waits")
        try:
            good, expired, revoked, other = signers(self.at("arrived", signed["signature"]), lies, blocks)
        except Wrong as wrong:
            self.refuse("arrived", signed["signature"], str(wrong))
            raise Wait(f"{signed['signature']}: what came was refused ({wrong})") from wrong
        least = signed["threshold"]
        if len(good) < least:
            absent = set(signed["keys"]) - set(blocks)
            why = f"{len(good)} of the {least} signatures that are asked for are good"
            if other:
                why += "; a signature is over other bytes"
            if revoked:
                why += f"; revoked: {', '.join(sorted(revoked))}"
            if expired:
                why += f"; expired: {', '.join(sorted(expired))}"
            if other and len(good) + len(absent) < least:
                self.refuse("arrived", signed["signature"], why)
                if subject == name:
                    raise Wrong(why)
                self.refuse("arrived", subject, why)
                raise Wait(f"{subject}: what came was refused ({why})")
            if len(good) + len(absent) < least:
                self.refuse("arrived", signed["signature"], why)
                raise Wait(f"{signed['signature']}: what came was refused ({why})")
            raise Wait(f"{why}; no key block has come of {', '.join(sorted(absent))}")
        if signed["by"] == "itself":
            return
        try:
            must = named_in(lies, name)
        except Wrong as wrong:
            self.refuse("arrived", signed["signature"], f"{subject}: {wrong}")
            self.refuse("arrived", subject, str(wrong))
            raise Wait(f"{subject}: what came was refused ({wrong})") from wrong
        path = self.at(self.where(name), name)
        if os.path.exists(path) and (found := digest_of(path)) != must:
            raise Wrong(f"its sha256 is {found}; the signed list says {must}")

    def known_keys(self, pinned):
        """The key blocks that have come, of pinned keys alone. A revocation in any of the files counts."""
        found = b""
        for name in self.recipe["keys"]:
            path = self.at("arrived", name)
            if not os.path.exists(path):
                continue
            try:
                with open(path, "rb") as file:
                    blocks = {one: raw for one, raw in key_blocks(dearmored(file.read(EVIDENCE_LIMIT))).items() if one in pinned}
                if not blocks:
                    raise Wrong("it holds no key that is asked for")
            except Wrong as wrong:
                self.refuse("arrived", name, str(wrong))
                continue
            found += b"".join(blocks.values())
        return key_blocks(found)

    # In its place.

    def place(self):
        """Unpacks what was verified, and gives it its name when it is whole."""
        stage = self.at(".stage")
        clear(stage)
        os.mkdir(stage, 0o755)
        name = self.artifact["file"]
        path = self.at("verified", name)
        unpack, finish = self.recipe["unpack"], self.recipe["finish"]
        try:
            if unpack["kind"] == "tar":
                extract(path, stage, unpack.get("strip", 0))
            else:
                extract_appimage(path, stage)
            normalise(stage)
            if unpack.get("says"):
                must_say(stage, **unpack["says"])
            if finish:
                done = subprocess.run([ROOT + finish, stage, self.at("verified")], cwd=stage, stdin=subprocess.DEVNULL, check=False)
                if done.returncode == 75:
                    # EX_TEMPFAIL: it is not the files that are wrong.
                    raise Wait(f"{finish} could not do its work for something that this qube lacks; its own words stand in the journal. It is tried again by itself.")
                if done.returncode != 0:
                    raise Wrong(f"{finish} ended with {done.returncode}; its own words stand in the journal")
            if not os.path.isfile(os.path.join(stage, self.recipe["needed"])):
                raise Wrong(f"there is no {self.recipe['needed']} in it")
            noted = {"file": name, "sha256": digest_of(path)}
            if "tar_sha256" in self.artifact:
                noted["tar_sha256"] = self.artifact["tar_sha256"]
            with open(os.path.join(stage, MARK), "w", encoding="utf-8") as file:
                json.dump(noted, file)
            os.sync()
            self.make_room()
            os.rename(stage, self.at(self.version))
            sync(self.folder)
            clear(self.at(".old"))
        except BaseException as error:
            clear(stage)
            if isinstance(error, Wrong):
                self.refuse("verified", name, str(error))
                raise Wait(f"{name}: what came was refused ({error})") from error
            raise
        for left in os.listdir(self.at("verified")):
            os.remove(self.at("verified", left))
        for left in self.evidence():
            if os.path.exists(self.at("arrived", left)):
                os.remove(self.at("arrived", left))
        print(f"{self.name} {self.version}: checked and unpacked")

    def make_room(self):
        """A folder of the version's name that is not what is needed (made for another Python, of another digest, or left half by hand) goes."""
        old = self.at(".old")
        clear(old)
        if os.path.lexists(self.at(self.version)):
            self.replaced = self.current() == self.version
            os.rename(self.at(self.version), old)

    def line_between(self, now):
        """The line that going from one version to the wanted one would cross backwards, and what the way forward asks for."""
        back = [one for one in self.recipe["crossings"] if at_least(now, one["since"]) and not at_least(self.version, one["since"])]
        forward = [one for one in self.recipe["crossings"] if not at_least(now, one["since"]) and at_least(self.version, one["since"])]
        return back, [one["forward"] for one in forward if one.get("forward")]

    def swap(self, although=False):
        """Makes the wanted version the one in use, by one rename. Raises Wait if a line is in the way."""
        now = self.current()
        if now == self.version:
            if self.replaced and self.recipe["unit"] and not ROOT:
                # The version's name is the same, so the command in-force sees no change. What does not run is not started by this.
                subprocess.run(["systemctl", "--no-block", "try-restart", "--", self.recipe["unit"]], check=False)
                have_run(self.recipe["unit"])
            return
        asked = []
        # By its folder: one that lacks what this version needs has its files (an index, a wallet) in its own form all the same.
        if now and os.path.isdir(self.at(now)):
            back, asked = self.line_between(now)
            if back and not although:
                raise Wait(
                    f"{now} stays in use, for there is no way back to {self.version}: {back[0]['back']} Whoever means it all the same: sudo {command()} cross {self.slug}"
                )
        new = self.at(".current")
        if os.path.lexists(new):
            os.remove(new)
        os.symlink(self.version, new)
        os.rename(new, self.at("current"))
        sync(self.folder)
        print(f"{self.name}: {self.version} is in use{f', before {now}' if now else ''}")
        for one in asked:
            print(f"{self.name}: {one}")
        self.save(previous=now, asked=asked)
        self.forget({self.version, now})
        if self.recipe["unit"] and not ROOT:
            have_run(self.recipe["unit"])

    def forget(self, kept):
        """Removes versions of ours but the one in use and the one before: that is the way back."""
        for one in os.listdir(self.folder):
            if one not in kept and re.fullmatch(r"[0-9][0-9A-Za-z.+-]*", one) and self.mark(one):
                clear(self.at(one))

    def known(self):
        """What the last round noted."""
        try:
            with open(self.at("status.json"), encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            return {}

    def save(self, **changes):
        """Notes how things stand, for `status` and `fetch`, which may not look into root's folders."""
        before = self.known()
        here = [one for place in ("arrived", "verified") if os.path.isdir(self.at(place)) for one in os.listdir(self.at(place))]
        there = self.is_there()
        refused = []
        for one in sorted(os.listdir(self.at("refused"))) if os.path.isdir(self.at("refused")) else []:
            if one.endswith(".why"):
                with open(self.at("refused", one), encoding="utf-8") as file:
                    refused.append([one.removesuffix(".why"), file.read().strip()])
        state = {
            "version": self.version,
            "here": sorted(here),
            "missing": [] if there else [one for one in self.wanted() if one not in here],
            "waits": [],
            "previous": before.get("previous"),
            "asked": before.get("asked", []) if before.get("version") == self.version else [],
            "refused": refused,
            **changes,
        }
        if state == before:
            return
        with open(self.at(".status"), "w", encoding="utf-8") as file:
            json.dump(state, file, indent=2)
        os.chmod(self.at(".status"), 0o644)
        os.rename(self.at(".status"), self.at("status.json"))

    def collect(self, although=False):
        """One round. Says whether all is in place, and whether a file is still being written."""
        with open(self.at(".lock"), "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            clear(self.at(".stage"))
            busy = False
            try:
                if not self.is_there():
                    if not self.artifact:
                        raise Wait(f"nothing is known by which the right file for this machine ({self.machine}) could be told: see the runbook")
                    more = True
                    while more:
                        busy, more = self.take()
                        try:
                            self.judge()
                            self.place()
                            break
                        except Wait as lacks:
                            more = more or lacks.anew
                            if not more:
                                raise
                self.swap(although)
            except Wait as lacks:
                self.save(waits=[*str(lacks).split("\n"), *self.notes])
                return False, busy
            except OSError as error:
                # A full disk, say: nothing was lost, and the next round begins anew.
                complain(f"{self.name}: {error}", "the disk is full, read-only or broken", "make room (df -h /usr/local) or mend it; it is tried again within ten minutes, or at once: bring-program collect")
                return False, busy
            self.save(waits=self.notes)
            return True, busy


def have_run(unit):
    """Lets the daemon go on with the version now in use. What somebody stopped, and what failed, stays as it is: see the command in-force, which tells.

    Without it only a daemon that waits for its program since the boot is started: its condition was not met when it was to start
    (org.freedesktop.systemd1: ConditionResult, and ConditionTimestampMonotonic, 0 for what was never to start).
    """
    if os.access(IN_FORCE, os.X_OK):
        subprocess.run([IN_FORCE, unit], check=False)
        return
    facts = ("ActiveState", "ConditionResult", "ConditionTimestampMonotonic")
    show = ["systemctl", "show", f"--property={','.join(facts)}", "--", unit]
    said = subprocess.run(show, stdout=subprocess.PIPE, text=True, check=False).stdout
    state, met, tried = (dict(line.split("=", 1) for line in said.splitlines() if "=" in line).get(fact) for fact in facts)
    if state == "inactive" and met == "no" and tried != "0":
        subprocess.run(["systemctl", "--no-block", "start", "--", unit], check=False)
    elif state in ("active", "activating"):
        print(f"{unit} goes on with the version that it started with, until it is restarted")


def command():
    return f"{LIBRARY}/bring-program"


def at_least(version, than):
    """Whether a version is at least another, number by number; what has no numbers is older than all."""
    one, other = ([int(part) for part in re.findall(r"\d+", text)] for text in (version, than))
    length = max(len(one), len(other))
    return one + [0] * (length - len(one)) >= other + [0] * (length - len(other))


def suppliers():
    """The folders from which files are taken, open, and their names. What is a link is no folder."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    for path, deep in ((INCOMING, True), (FETCHED, False)):
        try:
            top = os.open(ROOT + path, flags)
        except OSError:
            continue
        if not deep:
            yield top, path
            continue
        for name in sorted(os.listdir(top)):
            try:
                yield os.open(name, flags, dir_fd=top), f"{path}/{name}"
            except OSError:
                continue
        os.close(top)


def put_aside(folder, name, described, why):
    """What is no plain file is given another name where it lies: it is nobody's to follow or open."""
    for number in range(1, 1000):
        other = f"{name}.refused-{number}"
        try:
            os.stat(other, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            os.rename(name, other, src_dir_fd=folder, dst_dir_fd=folder)
            print(f"{name} in {described}: refused: {why}; it is now called {other}", file=sys.stderr)
            return False
    return False


def being_written(descriptor):
    """Whether somebody has it open for writing: a read lease is then not to be had (fcntl(2)). Not every file system has leases."""
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return False
    except OSError as error:
        return error.errno in (errno.EAGAIN, errno.EACCES)


def sync(folder):
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(descriptor)
    os.close(descriptor)


def clear(path):
    if os.path.lexists(path):
        shutil.rmtree(path)


def extract(path, stage, strip):
    """Unpacks a tar: plain files, folders and links that stay inside, nothing else; all of it bounded."""
    size, count = 0, 0
    with damage_is_wrong("it is no whole tar"), decompressed(path) as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
        for member in archive:
            count += 1
            size += member.size if member.isreg() else 0
            if count > MEMBER_LIMIT or size > UNPACKED_LIMIT:
                raise Wrong("it unpacks to more than any release")
            name = inside(member.name, strip)
            if name is None:
                continue
            target = os.path.join(stage, *name)
            if len(name) == 0:
                continue
            real_folders(stage, name[:-1])
            if member.isdir():
                real_folders(stage, name)
            elif os.path.lexists(target):
                raise Wrong(f"it has {member.name} twice")
            elif member.issym():
                os.symlink(member.linkname, target)
            elif member.islnk():
                other = inside(member.linkname, strip)
                first = os.path.join(stage, *(other or ["?"]))
                if not other or not stat.S_ISREG(lstat_mode(first)) or not is_inside(stage, os.path.dirname(first)):
                    raise Wrong(f"its link {member.name} leads to nothing in it")
                shutil.copyfile(first, target)
                os.chmod(target, stat.S_IMODE(lstat_mode(first)))
            elif member.isreg():
                source = archive.extractfile(member)
                with open(target, "xb") as file:
                    shutil.copyfileobj(source, file, 1 << 20)
                if os.path.getsize(target) != member.size:
                    raise Wrong(f"{member.name} is cut off")
                os.chmod(target, 0o755 if member.mode & 0o111 else 0o644)
            else:
                raise Wrong(f"it has {member.name}, which is no file, folder or link")


def inside(name, strip):
    """The parts of a member's name that are left; None if nothing is left. Raises if it leads out."""
    if name.startswith("/") or "\0" in name:
        raise Wrong(f"it has {name}, which is not below its own folder")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise Wrong(f"it has {name}, which leads out of its folder")
    return parts[strip:] if len(parts) > strip or (len(parts) == strip == 0) else None


def lstat_mode(path):
    try:
        return os.lstat(path).st_mode
    except OSError:
        return 0


def real_folders(stage, parts):
    """Makes the folders; nothing is ever unpacked through a link."""
    for length in range(1, len(parts) + 1):
        folder = os.path.join(stage, *parts[:length])
        if not os.path.lexists(folder):
            os.mkdir(folder, 0o755)
        elif not stat.S_ISDIR(lstat_mode(folder)):
            raise Wrong(f"it unpacks through {'/'.join(parts[:length])}, which is no folder")


def is_inside(stage, path):
    stage, path = os.path.realpath(stage), os.path.realpath(path)
    return path == stage or path.startswith(f"{stage}/")


def extract_appimage(path, stage):
    """Unpacks the squashfs that follows an AppImage's ELF part, without running it (AppImage specification, type 2)."""
    if not shutil.which("unsquashfs"):
        raise OSError(errno.ENOENT, "there is no unsquashfs here; the template lacks squashfs-tools")
    with open(path, "rb") as file:
        head = file.read(64)
        if len(head) < 64 or head[:6] != b"\x7fELF\x02\x01":
            raise Wrong("it is no AppImage for a machine of 64 bits")
        (table,) = struct.unpack("<Q", head[0x28:0x30])
        size, count = struct.unpack("<HH", head[0x3A:0x3E])
        start = table + size * count
        file.seek(start)
        if file.read(4) != b"hsqs":
            raise Wrong("no squashfs follows its ELF part")
    os.rmdir(stage)
    # The file system was verified with the rest; what is special in it is refused below.
    words = ["unsquashfs", "-no-progress", "-no-xattrs", "-quiet", "-dest", stage, "-offset", str(start), path]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace")
        if "No space left" in said:
            raise OSError(errno.ENOSPC, "no space left on device")
        raise Wrong(f"unsquashfs ended with {done.returncode}: {' '.join(said.split())[:200]}")


def normalise(stage):
    """Root's, readable to all, writable to nobody else, no rights given away; no link that leads out, nothing special."""
    os.chmod(stage, 0o755)
    os.chown(stage, os.getuid(), os.getgid())
    size = 0
    for folder, folders, files in os.walk(stage):
        for name in folders + files:
            path = os.path.join(folder, name)
            seen = os.lstat(path)
            os.chown(path, os.getuid(), os.getgid(), follow_symlinks=False)
            if stat.S_ISLNK(seen.st_mode):
                if os.path.isabs(os.readlink(path)) or not is_inside(stage, path):
                    raise Wrong(f"its link {os.path.relpath(path, stage)} leads out of it")
            elif stat.S_ISDIR(seen.st_mode):
                os.chmod(path, 0o755)
            elif stat.S_ISREG(seen.st_mode):
                size += seen.st_size
                os.chmod(path, 0o755 if seen.st_mode & 0o111 else 0o644)
            else:
                raise Wrong(f"it has {os.path.relpath(path, stage)}, which is no file, folder or link")
    if size > UNPACKED_LIMIT:
        raise Wrong("it unpacks to more than any release")


def must_say(stage, path, text):
    """The version stands inside: an older release under a newer name is told by it."""
    found = []
    for folder, _folders, files in os.walk(stage):
        for name in files:
            relative = os.path.relpath(os.path.join(folder, name), stage)
            if relative.count("/") == path.count("/") and fnmatch.fnmatchcase(relative, path) and not os.path.islink(os.path.join(folder, name)):
                found.append(os.path.join(folder, name))
    if len(found) != 1:
        raise Wrong(f"it has {len(found)} files {path}, by which its version could be told")
    with open(found[0], encoding="utf-8", errors="replace") as file:
        if text not in file.read(EVIDENCE_LIMIT):
            raise Wrong(f"it is another version: {path} does not say {text}")


# Over Tor.


def curl():
    """Whonix puts a wrapper in curl's place, which runs it through torsocks or a proxy of its own; here the proxy is named, so it is the real one."""
    for path in ("/usr/bin/curl.anondist-orig", "/usr/bin/curl"):
        if os.access(path, os.X_OK):
            return path
    raise OSError(errno.ENOENT, "there is no curl here")


def get(program, name, folder):
    """Gets one file into a folder, or goes on with what is there of it. Says whether it is whole."""
    url, proxy = program.recipe["urls"].get(name), program.recipe["proxy"]
    if not url:
        return f"where {name} is published could not be sourced: bring it by hand"
    if not url.startswith("https://") or not proxy:
        return f"{url} is not fetched: https through the gateway alone"
    part = os.path.join(folder, f"{name}.part")
    limit = EVIDENCE_LIMIT if name in program.evidence() else FILE_LIMIT
    words = [
        *(curl(), "--disable", "--silent", "--show-error", "--fail", "--location", "--max-redirs", "8"),
        *("--proto", "=https", "--proto-redir", "=https", "--tlsv1.2", "--globoff"),
        # A user and password of its own at tor's port is a circuit of its own (tor(1), IsolateSOCKSAuth).
        *("--proxy", f"socks5h://{proxy}", "--proxy-user", f"{program.slug}:{os.urandom(8).hex()}"),
        *("--connect-timeout", "180", "--speed-limit", "50", "--speed-time", "300", "--max-filesize", str(limit)),
        *("--continue-at", "-", "--output", part, "--url", url),
    ]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if done.returncode == 0:
        os.rename(part, os.path.join(folder, name))
        return None
    # 22: refused, 33: it does not go on where it broke off, 36: nor does the file. What is there of it is worth nothing then.
    # By a signal: it grew beyond what the service may write.
    if done.returncode in (22, 33, 36, -signal.SIGXFSZ) and os.path.exists(part):
        os.remove(part)
    if done.returncode == -signal.SIGXFSZ:
        return f"{url}: it is larger than any release"
    return f"{url}: {' '.join(done.stderr.decode('utf-8', 'replace').split())[:300]}"


def lacking(program, folder):
    """What is to be fetched still: files that neither lie in root's folders nor wait to be taken."""
    known = program.known()
    if program.is_there():
        return []
    missing = known["missing"] if known.get("version") == program.version else program.wanted()
    return [name for name in missing if not os.path.exists(os.path.join(folder, name))]


def fetch(once=False):
    """Gets what is missing until nothing is. A mirror that fails is asked ever more rarely, so that it does not burn Tor."""
    folder = os.environ.get("CACHE_DIRECTORY") or ROOT + FETCHED
    pause = 60
    while True:
        programs = recipes()
        got, failed = 0, 0
        for program in programs:
            for name in lacking(program, folder):
                trouble = get(program, name, folder)
                failed += trouble is not None
                got += trouble is None
                print(f"{name}: {trouble or 'fetched'}", flush=True)
        refused = sum(len(program.known().get("refused", [])) for program in programs)
        if all(program.is_there() for program in programs):
            return 0
        if once:
            return 1
        # Time to be taken; and where what was fetched was refused, or nothing came, ever longer.
        pause = min(pause * 2, 6 * 3600) if failed or refused or not got else 60
        time.sleep(pause if failed or refused else 30)


def download(names):
    """In a downloader: for each qube that asks for a program, all of its files, checked, and the command that sends them."""
    shelf = f"{ROOT}{LIBRARY}/recipes"
    asked = sorted(one.removesuffix(".json") for one in os.listdir(shelf)) if os.path.isdir(shelf) else []
    programs = [(qube, Program(os.path.join(shelf, f"{qube}.json"))) for qube in asked]
    wanted = [(qube, one) for qube, one in programs if not names or {qube, one.slug, one.name} & set(names)]
    unknown = [name for name in names if not any(name in (qube, one.slug, one.name) for qube, one in programs)]
    if unknown or not asked:
        complain(f"nothing here is called {', '.join(unknown) or 'a program'}", f"known are {', '.join(asked) or 'none'}", "name some of these qubes or their programs, or none for all")
        return 2
    bad = 0
    for qube, program in wanted:
        folder = os.path.expanduser(f"~/qwbtc-programs/{qube}")
        os.makedirs(folder, exist_ok=True)
        # The same code as in the qube that will run it, on a folder of this user's own.
        program.folder = tempfile.mkdtemp(prefix="qwbtc-check-")
        try:
            os.mkdir(program.at("refused"))
            os.symlink(folder, program.at("arrived"))
            os.mkdir(program.at("verified"))
            troubles = [trouble for name in program.wanted() if not os.path.exists(os.path.join(folder, name)) and (trouble := get(program, name, folder))]
            have = [name for name in program.wanted() if os.path.exists(os.path.join(folder, name))]
            try:
                os.remove(program.at("arrived"))
                os.mkdir(program.at("arrived"))
                for name in have:
                    shutil.copyfile(os.path.join(folder, name), program.at("arrived", name))
                program.judge()
                verdict = "right, as far as this qube can tell"
            except Wait as lacks:
                verdict = f"not enough yet: {lacks}"
                bad += 1
            for one in os.listdir(program.at("refused")):
                name = re.sub(r"\.[0-9a-f]{12}\.why$", "", one)
                if name in have and os.path.exists(os.path.join(folder, name)):
                    os.replace(os.path.join(folder, name), os.path.join(folder, f"{name}.refused"))
        finally:
            shutil.rmtree(program.folder)
        print(f"\n{program.name} {program.version} for {qube}: {verdict}")
        for trouble in troubles:
            print(f"  {trouble}")
        files = [name for name in program.wanted() if os.path.exists(os.path.join(folder, name))]
        if files:
            print(f"  Send it (dom0 asks where to: {qube}):\n  cd {folder} && qvm-copy {' '.join(files)}")
    return 1 if bad else 0


def recipes():
    """The programs of this qube."""
    found = []
    folder = ROOT + LIBRARY
    for slug in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        path = os.path.join(folder, slug, "recipe.json")
        if os.path.isfile(path):
            try:
                found.append(Program(path))
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                complain(f"{path} cannot be read: {error}", "it says which program is the right one", "apply the states once more")
                sys.exit(2)
    return found


def status():
    """How things stand, in words."""
    whole = True
    for program in recipes():
        known = program.known() if program.known().get("version") == program.version else {}
        current = program.current()
        there = current == program.version and program.is_there()
        whole = whole and there
        by_hand = there and program.mark(program.version) == {}
        print(f"{program.name} {program.version}: {'in use' if there else 'not in use'}{', put in place by hand and not checked here' if by_hand else ''}")
        if other := program.other_pin():
            print(f"  {other}")
        if current and not there:
            print(f"  {current} stays in use until {'the right one has come' if current == program.version else 'then'}")
        if not there:
            for one in known.get("waits") or [f"{name} has not come" for name in program.wanted()]:
                print(f"  {one}")
            for one in known.get("here", []):
                print(f"  {one} is here")
            for name, url in program.recipe["urls"].items():
                if name in (known.get("missing") or program.wanted()):
                    print(f"  {name}: {url}")
            print("  Send missing files here with qvm-copy, in any order: they are taken from ~/QubesIncoming, checked and installed by themselves.")
        else:
            for one in known.get("waits", []):
                print(f"  {one}")
        for one in known.get("asked", []):
            print(f"  To be done: {one}")
        if there and known.get("previous") and program.mark(known["previous"]) is not None:
            print(f"  {known['previous']} is kept: a topology that names it goes back")
        for kept, why in known.get("refused", []):
            print(f"  refused: {kept}: {why}")
    return 0 if whole else 1


def traces():
    """What changes when something comes, or when the states write another recipe."""
    seen = []
    for path in (ROOT + INCOMING, ROOT + FETCHED):
        for folder in (path, *(os.path.join(path, name) for name in (os.listdir(path) if os.path.isdir(path) else []))):
            if os.path.isdir(folder):
                seen.append((folder, os.stat(folder).st_mtime_ns))
    library = ROOT + LIBRARY
    for path in (os.path.join(library, slug, "recipe.json") for slug in sorted(os.listdir(library))):
        if os.path.exists(path):
            seen.append((path, os.stat(path).st_mtime_ns))
    return seen


def wait():
    """Rounds until all is in place. Between them it looks at the times of some folders: systemd's path units do not see files in folders below a `*`."""
    while True:
        try:
            before = traces()
        except OSError:
            before = None
        rounds = [program.collect() for program in recipes()]
        if all(whole for whole, _busy in rounds):
            return 0
        sys.stdout.flush()
        busy = any(busy for _whole, busy in rounds)
        # At the latest after ten minutes, and soon where a file is being written or the disk was full.
        for _ in range(4 if busy else 200):
            time.sleep(3)
            try:
                if traces() != before:
                    break
            except OSError:
                break


def main(words):
    global ROOT
    if words[:1] == ["--root"] and len(words) > 1:
        ROOT, words = words[1], words[2:]
    verb, rest = (words[0], words[1:]) if words else ("", [])
    if os.getuid() == 0:
        # Whatever mask root's shell has: gpgv reads the keys as nobody, and programs are for all users.
        os.umask(0o022)
    if verb == "download":
        return download(rest)
    if verb not in ("status", "collect", "wait", "cross", "fetch") or (rest and verb != "cross") or (verb == "cross" and len(rest) != 1):
        print(__doc__, file=sys.stderr)
        return 2
    if verb in ("collect", "wait", "cross") and os.getuid() != 0:
        complain(f"{verb} must run as root", "it writes where only root may", f"sudo {command()} {verb} {' '.join(rest)}".rstrip())
        return 2
    programs = recipes()
    if not programs:
        complain("this qube has no recipe", "the states write it, for qubes that run a program of their own", "apply the states first")
        return 2
    if verb == "status":
        return status()
    if verb == "fetch":
        return fetch()
    if verb == "wait":
        return wait()
    if verb == "cross" and rest[0] not in [one.slug for one in programs]:
        complain(f"no program here is called {rest[0]}", f"there is {', '.join(one.slug for one in programs)}", "name it so")
        return 2
    done = [one.collect(although=verb == "cross") for one in programs if verb == "collect" or one.slug == rest[0]]
    return 0 if all(whole for whole, _busy in done) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
