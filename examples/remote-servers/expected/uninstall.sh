#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Takes a formula out of dom0 again:
#
#   sudo ./uninstall.sh --list        says what would go and what would stay; changes nothing
#   sudo ./uninstall.sh               policy, tops, states and their stored versions; no qube
#   sudo ./uninstall.sh QUBE ...      these qubes of the formula too, and template clones by their names
#   sudo ./uninstall.sh --all-qubes   all of them
#   sudo ./uninstall.sh --secrets     the passwords and keys in dom0s pillar, and those kept aside, too; goes with any of the above
#
# It removes only what is byte by byte what a version of the formula has, and a qube only if it is named in one and bears the formulas
# tag; all else is left, and said. Qubes and secrets go only when somebody at a terminal says so; one that holds keys, a chain or an index
# only when its name is typed. First the policy of the links goes, so that no link works any more, then the tops: a top that leads nowhere
# would fail every later apply of every qube (qubes-mgmt-salt qubessalt/__init__.py copies /srv, links followed). The policy that shuts the
# qubes off goes last, when no qube bears the tag: without it the stock rules let Whonix qubes call wallets (Whonix 80-whonix.policy).
# Cut short at any moment, the same command finishes. It may be the copy in an unpacked tree or the stored one.
# Exit: 0 done or nothing to do; 1 something could not be removed, or nobody confirmed it; 2 usage, disk, or something that it must not touch.
# In Python, for MANIFEST.json is JSON. The shell quotes it all, so there is no apostrophe in it.
set -eu
LC_ALL=C
export LC_ALL
umask 022

uninstaller='
import fcntl, hashlib, json, os, re, shutil, signal, stat, subprocess, sys
from collections import namedtuple

SEGMENT = re.compile(r"[A-Za-z0-9._@-]+")
FORMULA = re.compile(r"(?!.*(base|user|-)$)[a-z][a-z0-9-]{0,11}")
DIGEST = re.compile("[0-9a-f]{64}")
MARK = b"between creation and tag\n"  # what the states write while a qube is being made
Version = namedtuple("Version", "formula qubes templates files")  # files: path -> bytes
Qube = namedtuple("Qube", "state klass template netvm")


class Stop(Exception):
    """What, why, fix: nothing more is done."""


def complain(what, why, fix):
    print(f"error: {what}\n  why: {why}\n  fix: {fix}", file=sys.stderr)


def row(names):
    return ", ".join(names)


def worth(holds):
    return holds["what"] + ": " + holds["words"]


# ---- versions: a tree whose every byte is as its SHA256SUMS says ----


def below(top, inside=""):
    """Every path below TOP but folders; follows no link."""
    for entry in os.scandir(os.path.join(top, inside)):
        if entry.is_dir(follow_symlinks=False):
            yield from below(top, inside + entry.name + "/")
        else:
            yield inside + entry.name


def plain(path):
    """A plain file as bytes, or None; what is a link, a pipe or a device is not opened for long."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        return None
    with open(fd, "rb") as file:
        return file.read()


def version_in(top):
    """The version that lies in a folder, whole and with nothing besides, or None."""
    signed = plain(os.path.join(top, "SHA256SUMS"))
    if signed is None or os.path.islink(top):
        return None
    files = {}
    for line in signed.decode("ascii", "replace").splitlines():
        path = line[66:]
        data = plain(os.path.join(top, path)) if all(SEGMENT.fullmatch(part) and part not in (".", "..") for part in path.split("/")) else None
        if data is None or hashlib.sha256(data).hexdigest() + "  " != line[:66]:
            return None
        files[path] = data
    if set(below(top)) != {*files, "SHA256SUMS"}:
        return None
    try:
        manifest = json.loads(files["MANIFEST.json"])
        formula, qubes, templates = manifest["formula"], manifest["qubes"], manifest["templates"]
        if manifest["format"] != 1 or not FORMULA.fullmatch(formula) or not all(type(part) is dict for part in (qubes, templates, *qubes.values())):
            return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return Version(formula, qubes, templates, files)


# ---- dom0, as its own programs see it ----


def answer(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def told(*command):
    done = answer(*command)
    if done.returncode != 0:
        raise Stop(f"{command[0]} failed: {said(done)}", "without it nobody knows which qubes there are", "see journalctl -u qubesd")
    return done.stdout.splitlines()


def said(done):
    return " ".join((done.stderr or done.stdout).split()) or f"exit {done.returncode}"


def machine():
    """Every qube of this machine."""
    rows = told("qvm-ls", "--raw-data", "--fields", "NAME,STATE,CLASS,TEMPLATE,NETVM")
    return {name: Qube(*rest) for name, *rest in (row.split("|") for row in rows)}


class Formula:
    """All places of one formula in dom0, and which of what lies there is its own."""

    def __init__(self, name, here, versions):
        self.name, self.here = name, here
        self.base = "/var/lib/qwbtc-salt"
        self.store = f"{self.base}/{name}"
        # What rotate-secrets keeps aside: typed in by somebody, or known to a machine elsewhere too. Secrets, as the pillar is.
        self.kept = f"{self.store}/kept"
        self.link = f"/srv/formulas/base/{name}-formula"
        self.inside = f"srv/formulas/base/{name}-formula"
        self.conf = f"/etc/salt/minion.d/formula-{name}.conf"
        self.pillar = f"/srv/pillar/base/{name}"
        self.tops = {
            f"/srv/salt/_tops/base/{name}.top": (f"{self.link}/{name}/init.top", ()),
            f"/srv/pillar/_tops/base/{name}.top": (f"{self.pillar}/init.top", ("pillar=True",)),
        }
        self.links_policy = f"/etc/qubes/policy.d/80-{name}.policy"
        self.early_policy = f"/etc/qubes/policy.d/45-{name}.policy"
        # How long dom0 waits for qubes at power-off: it goes with the last of them.
        self.power_off = f"/etc/systemd/system/qubes-core.service.d/50-{name}.conf"
        self.last = (self.early_policy, self.power_off)
        self.temporary = [f"/srv/formulas/base/.{name}-formula.new", f"/etc/salt/minion.d/.formula-{name}.conf.new"]
        self.versions = versions  # by folder: the stored ones and the one that this script lies in
        self.marked = os.listdir(f"{self.store}/creating") if os.path.isdir(f"{self.store}/creating") else []

    def qubes(self):
        """Name to what a version says of it; of several versions, the one by which more is lost."""
        order = ["nothing", "index", "chain", "keys"]
        found = {}
        for version in self.versions.values():
            for name, entry in version.qubes.items():
                holds = entry.get("holds")
                if type(holds) is not dict or holds.get("what") not in order or type(holds.get("words")) is not str:
                    holds = {"what": "keys", "words": "Whatever it holds: this version of the formula does not say."}
                if name not in found or order.index(holds["what"]) > order.index(found[name]["what"]):
                    found[name] = holds
        return found

    def templates(self):
        return {name for version in self.versions.values() for name in version.templates}

    def tagged(self):
        return told("qvm-ls", "--raw-list", "--tags", self.name)

    def is_ours(self, path):
        """Whether a file is byte by byte what a version has for this place."""
        data = plain(path)
        places = (path[1:], f"{self.inside}/{self.name}/files/dom0{path}")
        return data is not None and any(version.files.get(place) == data for version in self.versions.values() for place in places)

    def is_our_link(self):
        target = os.readlink(self.link) if os.path.islink(self.link) else ""
        return bool(re.fullmatch(f"{re.escape(self.store)}/[0-9a-f]{{64}}/{re.escape(self.inside)}", target))

    def is_our_top(self, top):
        return os.path.islink(top) and os.readlink(top) == self.tops[top][0]

    def strangers(self):
        """Links of others below /srv that lead into what goes: they would lead nowhere, and every qube would fail."""
        ours = {self.link, *self.tops, *self.temporary}
        for at, folders, files in os.walk("/srv"):
            for path in (os.path.join(at, name) for name in folders + files):
                if os.path.islink(path) and path not in ours and not path.startswith(f"{self.pillar}/"):
                    target = os.path.normpath(os.path.join(at, os.readlink(path)))
                    if any(target == gone or target.startswith(f"{gone}/") for gone in (self.link, self.store, self.pillar)):
                        yield path

    def stored(self):
        """What lies in the store: what is ours to remove, and what is not."""
        ours, others = [], []
        leaving = [] if os.path.lexists(self.link) else [(plain(f"{self.store}/.leaving") or b"").decode("ascii", "replace")]
        for name in sorted(os.listdir(self.store)) if os.path.isdir(self.store) and not os.path.islink(self.store) else []:
            path = f"{self.store}/{name}"
            if name == ".stage" or name == ".leaving" or name.startswith(".gone-") or name in leaving or path in self.versions:
                ours.append(path)
            elif name == "creating" and os.path.isdir(path) and all(plain(f"{path}/{mark}") == MARK for mark in os.listdir(path)):
                ours.append(path)
            elif name in ("previous", ".previous.new") and self.is_link_back(path):
                ours.append(path)
            elif path != self.kept or not self.keeps():
                others.append(path)
        return ours, others

    def is_link_back(self, path):
        """The link that install.sh makes, to go back to the version before; it may lead to one that is gone."""
        return os.path.islink(path) and bool(DIGEST.fullmatch(os.readlink(path)))

    def keeps(self):
        return os.path.isdir(self.kept) and not os.path.islink(self.kept)

    def secrets(self):
        """Folders with secrets in them, and such that are left empty."""
        folders = [path for path in (self.pillar, self.kept) if os.path.isdir(path) and not os.path.islink(path)]
        return [path for path in folders if os.listdir(path)], [path for path in folders if not os.listdir(path)]


def clear(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


# ---- which qubes ----


def users(name, there):
    return sorted(other for other, qube in there.items() if name in (qube.template, qube.netvm))


def chosen(formula, words, everything, there):
    """The qubes that go, each before what it uses; and why others, that were not named outright, stay."""
    known = {**formula.qubes(), **{name: {"what": "nothing", "words": "A template clone."} for name in formula.templates()}}
    tagged = set(formula.tagged())
    for name in words:
        if name not in known:
            raise Stop(f"no version of formula {formula.name} has a qube or clone called {name}", f"known are {row(sorted(known))}", "name some of these")
        if name in there and name not in tagged:
            raise Stop(f"{name} does not bear the tag {formula.name}", "so it is not the qube that the states made", "see what it is: qvm-ls")
    wanted = {name for name in (known if everything else words) if name in there and name in tagged}
    order, kept = [], {}
    left = dict(there)
    while wanted:
        free = sorted(name for name in wanted if not users(name, left))
        for name in free:
            del left[name]
        order += free
        wanted -= set(free)
        if not free:
            kept = {name: row(users(name, left)) + " would be without it" for name in sorted(wanted)}
            break
    if kept and not everything:
        raise Stop(
            "; ".join(f"{name} cannot go: {why}" for name, why in kept.items()),
            "Qubes removes no qube that another uses",
            "name those too, or give them another template or net qube first",
        )
    return order, kept, known


def confirm(formula, order, known, there, secrets):
    """Asks, before anything is changed. One that is worth something goes only if its name is typed."""
    if not order and not secrets:
        return
    if not sys.stdin.isatty():
        raise Stop("nobody is there to ask", "qubes and secrets are removed only when somebody at a terminal says so", "run it in a terminal of dom0")
    if order:
        print(f"These qubes go for good, with all that is in them: {row(order)}.")
        typed("Type yes to remove them: ", "yes")
    for name in order:
        holds = known[name]
        what, words = holds["what"], holds["words"]
        if what != "nothing":
            backup = {True: "Qubes backs it up, if you made backups.", False: "Qubes does not back it up."}.get(holds.get("in_backups"), "")
            print(f"\n{name} holds {what}. {words} {backup} See Backup and restore in README.md.")
            typed(f"Type {name} to remove it: ", name)
    if secrets:
        if formula.pillar in formula.secrets()[0]:
            print(f"\n{formula.pillar} has the passwords between the qubes, which install.sh makes anew, and the keys to servers elsewhere, which nobody does.")
        if formula.kept in formula.secrets()[0]:
            print(f"\n{formula.kept} has secrets that you typed in, and keys that a machine elsewhere knows too: nobody makes them anew.")
        typed(f"Type {formula.name} to remove them: ", formula.name)


def typed(question, wanted):
    print(question, end="", flush=True)
    if sys.stdin.readline().rstrip("\n") != wanted:
        raise Stop("not confirmed", f"{wanted} was not typed", "nothing was changed; run it again when you are sure")


def remove_qube(name, formula):
    """True if it is gone. Looks at the tag once more: asking took time."""
    if name not in formula.tagged():
        complain(f"{name} does not bear the tag {formula.name} any more", "so it is not ours", "see what it is: qvm-ls")
        return False
    if machine()[name].state != "Halted":
        answer("qvm-shutdown", "--wait", "--", name)
    done = answer("qvm-remove", "--force", "--", name)
    if name in machine():
        complain(f"{name} was not removed: {said(done)}", "qubesd refused it", "mend that, then run the same command again")
        return False
    print(f"Removed: qube {name}")
    return True


# ---- what goes, in this order ----


def remove_drop_in(path):
    """A drop-in of one of the units of dom0, and its folder if nothing else is in it; systemd reads its units again."""
    os.remove(path)
    try:
        os.rmdir(os.path.dirname(path))
    except OSError:
        pass  # another formula, or the user, has one there
    answer("systemctl", "daemon-reload")


def disable_top(formula, top):
    _, more = formula.tops[top]
    done = answer("qubesctl", "top.disable", formula.name, *more)
    # qubesctl may report an error and yet exit 0, and disabled is what has no link: so the link is the proof.
    if os.path.lexists(top):
        print(f"note: qubesctl top.disable left {top} behind ({said(done)}); removed by hand", file=sys.stderr)
        os.remove(top)


def take_away(formula, order, secrets):
    """All of it. Returns whether something could not be done, and whether there was anything to do."""
    failed = did = False

    def go(path, how=clear):
        nonlocal did
        how(path)
        did = True
        print(f"Removed: {path}")

    if formula.is_ours(formula.links_policy):
        go(formula.links_policy)
    elif os.path.lexists(formula.links_policy):
        complain(f"{formula.links_policy} was edited, so it stays", "the links that it allows go on working", "look at it and move it away")
        failed = True
    if os.path.lexists(formula.link) and os.path.lexists(f"{formula.store}/.leaving"):
        os.remove(f"{formula.store}/.leaving")  # of an earlier run, before the formula was installed again
    for top in formula.tops:
        if formula.is_our_top(top):
            go(top, lambda path: disable_top(formula, path))
    for name in order:
        did = True
        failed = not remove_qube(name, formula) or failed
    if not formula.tagged() and formula.is_ours(formula.early_policy):
        go(formula.early_policy)
    if not formula.tagged() and formula.is_ours(formula.power_off):
        go(formula.power_off, lambda path: remove_drop_in(path))
    for path in formula.temporary:
        if os.path.lexists(path):
            go(path)
    if formula.is_our_link():
        go(formula.link)
    if formula.is_ours(formula.conf):
        go(formula.conf)
    full, empty = formula.secrets()
    for path in [*(full if secrets else []), *empty]:
        go(path)
    if not os.path.lexists(formula.link):
        ours, _ = formula.stored()
        for path in ours:
            if path != formula.here and os.path.basename(path) != ".leaving":
                gone = path if os.path.basename(path).startswith(".") else f"{formula.store}/.gone-{os.path.basename(path)}"
                if gone != path:
                    os.rename(path, gone)
                go(gone)
        if formula.here in ours:
            with open(f"{formula.store}/.leaving", "w") as mark:
                mark.write(os.path.basename(formula.here))
            did = True
        did = finish(formula) or did
    return failed, did


def finish(formula):
    """The stored version that this script itself lies in, this script last; then the folders, as far as they are empty."""
    mark = f"{formula.store}/.leaving"
    did = os.path.lexists(mark)
    if did:
        own = os.path.join(formula.store, (plain(mark) or b"").decode("ascii", "replace"))
        if own == formula.here:
            for name in sorted(os.listdir(own)):
                if name != "uninstall.sh":
                    clear(f"{own}/{name}")
            clear(own)
            print(f"Removed: {own}")
        os.remove(mark)
    for folder in (formula.store, formula.base):
        if os.path.isdir(folder) and not os.path.islink(folder) and not os.listdir(folder):
            os.rmdir(folder)
            did = True
    return did


# ---- what stays ----


def remaining(formula, known, kept):
    """All that is left of the formula on this machine: what, and a word on it."""
    there, tagged = machine(), formula.tagged()
    for name in sorted({*tagged, *(name for name in formula.marked if name in there)}):
        if name not in tagged:
            yield f"qube {name}", "without the tag: it was being made when an apply was cut off; look what it is: qvm-ls"
        elif name in known:
            yield f"qube {name}", kept.get(name) or f"{worth(known[name])}"
        else:
            yield f"qube {name}", f"it bears the tag {formula.name}, but no version of the formula names it"
    files = {formula.links_policy: "", formula.early_policy: "", formula.power_off: "", formula.conf: "", formula.link: "", **{top: "" for top in formula.tops}}
    for path in files:
        if not os.path.lexists(path):
            continue
        ours = formula.is_our_link() if path == formula.link else formula.is_our_top(path) if path in formula.tops else formula.is_ours(path)
        if path == formula.early_policy and ours:
            yield path, f"it keeps the qubes with the tag {formula.name} shut; when none is left: sudo rm {path}"
        elif path == formula.power_off and ours:
            yield path, "it gives the qubes the time to end that they need when dom0 is powered off; when none is left, it goes too"
        else:
            yield path, "ours" if ours else "other bytes than any version of ours has: edited, or somebody else wrote it"
    if os.path.lexists(formula.pillar):
        yield formula.pillar, "passwords and keys, for root alone; Salt does not read them any more. To remove them: --secrets"
    if formula.keeps():
        yield formula.kept, "secrets that you typed in, and keys that a machine elsewhere knows too, for root alone. To remove them: --secrets"
    ours, others = formula.stored()
    for path in ours:
        yield path, "a stored version, or what an install left"
    for path in others:
        yield path, "not as any version of ours was stored: edited by somebody"
    if not formula.here.startswith(f"{formula.store}/"):
        yield formula.here, "the folder that you unpacked, with this script"


def listed(formula, order, known, kept, secrets):
    print(f"Would go, of formula {formula.name}:")
    full, empty = formula.secrets()
    staying = set(formula.tagged()) - set(order)
    going = [f"qube {name}" for name in order]
    for path, _ in remaining(formula, known, kept):
        ours = formula.is_ours(path) or path in formula.stored()[0] or (path == formula.link and formula.is_our_link())
        ours = ours or (path in formula.tops and formula.is_our_top(path)) or path in empty or (secrets and path in full)
        if ours and not (path in formula.last and staying):
            going.append(path)
    print("".join(f"  {path}\n" for path in going) or "  nothing\n", end="")
    print("Would stay:")
    left = [(path, word) for path, word in remaining(formula, known, kept) if path not in going]
    print("".join(f"  {path}: {word}\n" for path, word in left) or "  nothing\n", end="")


# ---- the command line ----


def found_formula(here):
    """The formula of the tree that this script lies in, with all stored versions of it."""
    version = version_in(here)
    if version is None:
        # A stored version that an earlier run was taking away when it was cut off: all else was gone before.
        store, digest = os.path.split(here)
        name = os.path.basename(store)
        if FORMULA.fullmatch(name) and DIGEST.fullmatch(digest) and (plain(f"{store}/.leaving") or b"").decode("ascii", "replace") == digest:
            formula = Formula(name, here, {})
            if formula.store == store and not os.path.lexists(formula.link):
                return formula
        raise Stop(f"the tree in {here} is not whole", "it says which qubes and files are ours", "run the uninstall.sh of a whole tree: see verify, or unpack the bundle once more")
    formula = Formula(version.formula, here, {here: version})
    for name in os.listdir(formula.store) if os.path.isdir(formula.store) and not os.path.islink(formula.store) else []:
        path = f"{formula.store}/{name}"
        stored = version_in(path) if DIGEST.fullmatch(name) else None
        if stored and stored.formula == formula.name and hashlib.sha256(plain(f"{path}/SHA256SUMS")).hexdigest() == name:
            formula.versions[path] = stored
    return formula


def main(here, words):
    options = {word for word in words if word.startswith("-")}
    names = sorted({word for word in words if not word.startswith("-")})
    everything, secrets = "--all-qubes" in options, "--secrets" in options
    unknown = options - {"--list", "--all-qubes", "--secrets"}
    if unknown or (everything and names):
        raise Stop("this cannot be meant: " + " ".join(words), "it takes names of qubes or --all-qubes, and --list and --secrets", "sudo ./uninstall.sh --list")
    if os.geteuid() != 0:
        raise Stop("uninstall.sh must run as root", "it changes /etc, /srv and /var of dom0", "sudo ./uninstall.sh")
    for tool in ("qubesctl", "qvm-ls", "qvm-shutdown", "qvm-remove"):
        if not shutil.which(tool):
            raise Stop(f"there is no {tool} here", "this is made for dom0 of Qubes OS", "run it in dom0")
    lock = os.open("/etc/salt/minion.d", os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Stop("an install.sh or uninstall.sh is at work", "two at once would undo each other", "wait for it, then run this again")
    formula = found_formula(here)
    secrets = secrets and bool(formula.secrets()[0])
    order, kept, known = chosen(formula, names, everything, machine())
    links = list(formula.strangers())
    if "--list" in options:
        return listed(formula, order, known, kept, secrets) or 0
    if links:
        raise Stop(
            f"links of somebody else lead into the formula: {row(links)}",
            "they would lead nowhere, and then every apply of every qube fails",
            "remove them first (a top: sudo qubesctl top.disable NAME)",
        )
    confirm(formula, order, known, machine(), secrets)
    failed, did = take_away(formula, order, secrets)
    left = list(remaining(formula, known, kept))
    print("Done." if did else "Nothing to do.")
    print("Left:" if left else "Nothing of it is left.")
    for path, word in left:
        print(f"  {path}: {word}")
    return 1 if failed else 0


signal.signal(signal.SIGINT, signal.SIG_DFL)
try:
    sys.exit(main(os.path.dirname(os.path.realpath(sys.argv[1])), sys.argv[2:]))
except Stop as stopped:
    complain(*stopped.args)
    sys.exit(1 if stopped.args[0] == "not confirmed" else 2)
except OSError as error:
    complain(f"{error.filename}: {error.strerror}", "the disk is read-only or broken, or a program of dom0 is missing", "mend it, then run the same command again")
    sys.exit(2)
'

main() {
  command -v python3 >/dev/null || {
    echo "error: there is no python3 here: this is made for dom0 of Qubes OS" >&2
    exit 2
  }
  exec python3 -I -c "$uninstaller" "$0" "$@"
}

main "$@"
