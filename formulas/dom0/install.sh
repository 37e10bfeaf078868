#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Puts the tree around it in force in dom0:   sudo ./install.sh
#
# It checks every byte against SHA256SUMS and MANIFEST.json, keeps a copy of exactly those bytes in a root-only folder outside /srv, and
# points /srv/formulas/base/<formula>-formula at that copy by one rename. Secrets that the new version needs are made before that rename, and
# those that it does not need are dropped after it (rotate-secrets, from the copy). Cut short at any moment, the old or the new version is in
# force, with all the secrets that can be made here, and the next run finishes. The version before this one stays in the store, to go back to.
# It proves that the tree is whole, not who made it: check the bundle's digest or signature before.
# One long file on purpose: all that dom0 runs before the tree is known to be whole stands here, to be read in one go.
# Exit: 0 done or nothing to do; 1 the tree is not what it claims; 2 usage, disk, or something in the way that is not ours.
set -eu
LC_ALL=C
export LC_ALL
umask 022

# Reads, judges and copies trees. In Python, for MANIFEST.json is JSON, and since the bytes that are copied must be the bytes that were
# hashed: between sha256sum and cp another process could swap a file. The shell quotes it all, so there is no apostrophe in it.
reader='
import hashlib, json, os, re, signal, stat, sys
from collections import namedtuple

SEGMENT = re.compile(r"[A-Za-z0-9._@-]+")
MODES = {"0644": 0o644, "0755": 0o755}
# Names of stock formulas and of what lies in the stock /srv/salt: Salt takes a path from the first root that has it, and says nothing.
RESERVED = {"qvm", "update", "topd", "top", "qubes", "salt", "dom0", "pillar"}
Tree = namedtuple("Tree", "formula compiler release digest files")  # files: path -> (mode, bytes)


class Wrong(Exception):
    """A tree is not what it claims: every difference found, a line each."""


def is_safe(path):
    return all(SEGMENT.fullmatch(part) and part not in (".", "..") for part in path.split("/"))


def contents(top, path):
    try:
        # O_NOFOLLOW and O_NONBLOCK: what was listed as a file may be a link or a pipe by now.
        fd = os.open(os.path.join(top, path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(fd, "rb") as file:
            if stat.S_ISREG(os.fstat(fd).st_mode):
                return file.read()
        raise Wrong(f"{path} is not a plain file")
    except OSError as error:
        raise Wrong(f"{path} cannot be read: {error.strerror}")


def listing(top, below=""):
    """All that lies below TOP as path -> entry; follows no link."""
    found = {}
    for entry in os.scandir(os.path.join(top, below)):
        found[below + entry.name] = entry
        if entry.is_dir(follow_symlinks=False):
            found.update(listing(top, below + entry.name + "/"))
    return found


def parse_sums(data):
    sums, wrong, last = {}, [], ""
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    if lines.pop() != "":
        wrong.append("SHA256SUMS does not end with a line break: it was cut off")
    for number, line in enumerate(lines, 1):
        hashed, path = line[:64], line[66:]
        if not re.fullmatch("[0-9a-f]{64}  ", line[:66]) or not is_safe(path) or path == "SHA256SUMS":
            wrong.append(f"SHA256SUMS line {number} is not a hash, two blanks and a plain relative path: {ascii(line)}")
        elif path <= last:
            wrong.append(f"SHA256SUMS line {number} stands twice or out of order: {path}")
        else:
            sums[path], last = hashed, path
    return sums, wrong


def no_key_twice(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def parse_manifest(data):
    try:
        manifest = json.loads(data.decode("utf-8"), object_pairs_hook=no_key_twice)
        if manifest["format"] != 1:
            raise ValueError("its format is not 1, the only one that this install.sh knows")
        formula, compiler, release = manifest["formula"], manifest["compiler"], manifest["platform"]["qubes"]
        # topd reads a path part that ends in "base" or "user" as a Salt environment (qubes-mgmt-salt-base-topd _utils/toputils.py).
        if not re.fullmatch(r"(?!.*(base|user|-)$)[a-z][a-z0-9-]{0,11}", formula) or formula in RESERVED:
            raise ValueError(f"{ascii(formula)} cannot name a formula")
        if not re.fullmatch(r"[0-9A-Za-z.+-]{1,40}", compiler):
            raise ValueError("its compiler is not a version")
        if not re.fullmatch(r"[0-9]{1,2}[.][0-9]{1,2}", release):
            raise ValueError("its platform is no release of Qubes OS")
        return formula, compiler, release, {path: (claim["mode"], claim["sha256"]) for path, claim in manifest["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Wrong(f"MANIFEST.json does not say what to install: {error!r}")


def misplaced(formula, paths):
    """Whatever would land in the Salt of dom0 is the formula and the one file that declares its root: no module, no stock path."""
    own = f"srv/formulas/base/{formula}-formula/{formula}/"
    conf = f"etc/salt/minion.d/formula-{formula}.conf"
    for path in sorted(paths):
        if path.split("/")[0] in ("etc", "srv") and path != conf and not path.startswith(own):
            yield f"{path} does not belong to formula {formula}"
    for needed in (conf, own + "init.top", "install.sh"):
        if needed not in paths:
            yield f"{needed} is not part of this tree"


def check(top):
    """The whole tree in memory, or Wrong. It is small: the compiler keeps binaries out."""
    found = listing(top)
    if "SHA256SUMS" not in found:
        raise Wrong("SHA256SUMS is missing")
    signed = contents(top, "SHA256SUMS")
    sums, wrong = parse_sums(signed)
    files = {"SHA256SUMS": (0o644, signed)}
    folders = {path[:at] for path in sums for at, sign in enumerate(path) if sign == "/"}
    for path, entry in sorted(found.items()):
        if entry.is_dir(follow_symlinks=False):
            if path not in folders:
                wrong.append(f"{ascii(path)} is a folder of no file in SHA256SUMS")
        elif not entry.is_file(follow_symlinks=False):
            wrong.append(f"{ascii(path)} is not a plain file (a link, a pipe or a device)")
        elif path not in sums and path != "SHA256SUMS":
            wrong.append(f"{ascii(path)} is not listed in SHA256SUMS")
    for path in sums:
        if path not in found:
            wrong.append(f"{path} is missing")
        elif found[path].is_file(follow_symlinks=False):
            files[path] = (0o644, contents(top, path))
            if hashlib.sha256(files[path][1]).hexdigest() != sums[path]:
                wrong.append(f"{path} has other bytes than SHA256SUMS says")
    if "MANIFEST.json" not in sums:
        wrong.append("MANIFEST.json is not listed in SHA256SUMS")
    if wrong:
        raise Wrong(*wrong)
    formula, compiler, release, claims = parse_manifest(files["MANIFEST.json"][1])
    wrong += [f"{ascii(path)} stands in MANIFEST.json only" for path in sorted(set(claims) - set(sums))]
    for path in sums.keys() - {"MANIFEST.json"}:
        mode, hashed = claims.get(path, (None, None))
        if mode not in MODES or hashed != sums[path]:
            wrong.append(f"MANIFEST.json and SHA256SUMS disagree about {path}, or its mode is neither 0644 nor 0755")
        else:
            files[path] = (MODES[mode], files[path][1])
    # The meaning of the conf file never varies, so that link and conf of two versions are no mixture when a run is cut between them.
    conf = files.get(f"etc/salt/minion.d/formula-{formula}.conf", (0, b""))[1].decode("utf-8", "replace").replace("\"", "")
    said = [line.rstrip() for line in conf.splitlines() if line.strip() and not line.startswith("#")]
    if said != ["file_roots:", "  base:", f"    - /srv/formulas/base/{formula}-formula"]:
        wrong.append(f"formula-{formula}.conf does more than to declare the root of the formula")
    wrong += misplaced(formula, sums)
    if wrong:
        raise Wrong(*wrong)
    return Tree(formula, compiler, release, hashlib.sha256(signed).hexdigest(), files)


def flaws(folder, digest):
    """What keeps FOLDER from being the version DIGEST: bytes, modes, owner."""
    try:
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            return ["it is not a folder"]
        tree = check(folder)
    except (Wrong, RecursionError) as wrong:
        return wrong.args
    if tree.digest != digest:
        return ["SHA256SUMS is another one"]
    found = {**{path: os.lstat(os.path.join(folder, path)) for path in listing(folder)}, ".": os.lstat(folder)}
    return [
        f"{path} has another mode or owner"
        for path, at in found.items()
        if (at.st_uid, at.st_gid, stat.S_IMODE(at.st_mode)) != (0, 0, tree.files[path][0] if path in tree.files else 0o755)
    ]


def sync(folder):
    fd = os.open(folder, os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)


def write(files, stage):
    os.mkdir(stage)
    for path, (mode, data) in files.items():
        to = os.path.join(stage, path)
        os.makedirs(os.path.dirname(to), exist_ok=True)
        with open(to, "xb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fchown(file.fileno(), 0, 0)
            os.fsync(file.fileno())
    for folder, _, _ in os.walk(stage, topdown=False):
        os.chmod(folder, 0o755)
        os.chown(folder, 0, 0)
        sync(folder)


def exchange(one, other):
    """Swaps two names at once (Linux renameat2, RENAME_EXCHANGE): a version in force is mended without a moment of absence."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(-100, os.fsencode(one), -100, os.fsencode(other), 2) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), other)


def clear(path):
    if os.path.islink(path) or os.path.isfile(path):
        os.remove(path)
    elif os.path.isdir(path):
        import shutil

        shutil.rmtree(path)


def store(top, digest, folder):
    """Makes FOLDER the version DIGEST from the bytes in TOP; prints what had to be done."""
    parent, stage = os.path.dirname(folder), os.path.join(os.path.dirname(folder), ".stage")
    clear(stage)
    tree = check(top)
    if tree.digest != digest:
        raise Wrong("the tree changed while it was checked")
    there = os.path.lexists(folder)
    wrong = flaws(folder, digest) if there else []
    if there and not wrong:
        return "kept"
    try:
        write(tree.files, stage)
        unlike = flaws(stage, digest)
        if unlike:
            raise OSError(5, f"the copy reads back otherwise: {unlike[0]}", stage)
        if there:
            exchange(stage, folder)
            clear(folder + ".changed")
            os.rename(stage, folder + ".changed")
        else:
            os.rename(stage, folder)
        sync(parent)
    except OSError:
        clear(stage)
        raise
    for line in wrong[:5]:
        print(f"Mended: in the installed copy {line}. The changed copy is kept at {folder}.changed.", file=sys.stderr)
    return "stored"


def prune(parent, *keep):
    """Removes the versions in PARENT that are none of KEEP, and says so. One that was edited there is kept, under another name."""
    clear(os.path.join(parent, ".gone"))
    for name in sorted(os.listdir(parent)):
        folder = os.path.join(parent, name)
        if not re.fullmatch("[0-9a-f]{64}", name) or name in keep:
            continue
        if flaws(folder, name):
            clear(folder + ".changed")
            os.rename(folder, folder + ".changed")
            print(f"Kept: version {name[:12]} was edited in the store; it lies at {folder}.changed.")
        else:
            os.rename(folder, os.path.join(parent, ".gone"))
            clear(os.path.join(parent, ".gone"))
            print(f"Removed: version {name[:12]}, older than the one before this.")


signal.signal(signal.SIGINT, signal.SIG_DFL)
verb, script, *rest = sys.argv[1:]
try:
    top = os.path.dirname(os.path.realpath(script))
    if verb == "check":
        tree = check(top)
        if "rotate-secrets" not in tree.files:  # asked of what is installed now alone: versions from before it are whole, too
            raise Wrong("rotate-secrets is not part of this tree")
        conf = tree.files[f"etc/salt/minion.d/formula-{tree.formula}.conf"][1]
        print(tree.formula, tree.digest, len(tree.files), tree.compiler, hashlib.sha256(conf).hexdigest(), tree.release)
    elif verb == "prune":
        prune(*rest)
    else:
        print(store(top, *rest))
except (Wrong, RecursionError) as wrong:
    for line in wrong.args[:20]:
        print(f"error: {line}", file=sys.stderr)
    if len(wrong.args) > 20:
        print(f"error: and {len(wrong.args) - 20} more", file=sys.stderr)
    print("  why: every file must be listed, unchanged and plain, or dom0 would run what nobody read", file=sys.stderr)
    print("  fix: unpack the bundle once more into an empty folder, or build the topology again", file=sys.stderr)
    sys.exit(1)
except OSError as error:
    print(f"error: {error.filename or top}: {error.strerror}", file=sys.stderr)
    print("  why: the disk is full, read-only or broken", file=sys.stderr)
    print("  fix: make room or mend it, then run install.sh again", file=sys.stderr)
    sys.exit(2)
'

# For a failure and for the end: which version Salt reads at this moment.
in_force() {
  if [ ! -L "$link" ]; then
    echo "nothing of formula $formula"
  elif [ ! -L "$top" ]; then
    echo "nothing of formula $formula: version $(short "$(installed)") lies ready, its top is not enabled"
  else
    echo "version $(short "$(installed)") of formula $formula"
  fi
}

installed() { readlink "$link" | cut -d / -f 6; }

short() { printf '%.12s' "$1"; }

complain() { # WHAT WHY FIX
  printf 'error: %s\n  why: %s\n  fix: %s\n' "$1" "$2" "$3" >&2
}

end() { # CODE
  if [ -n "$formula" ]; then printf 'In force: %s.\n' "$(in_force)" >&2; else echo "Nothing was written." >&2; fi
  exit "$1"
}

stop() { # WHAT WHY FIX
  complain "$@"
  end 2
}

try() {
  "$@" || stop "this failed: $*" "its own message stands above" "make room or mend it, then run install.sh again"
}

foreign() { # WHAT WHY FIX
  complain "$@"
  strangers=yes
}

# True if the link is one of ours: into our store, to a version by its digest.
is_our_link() {
  target=$(readlink "$link")
  linked=$(installed)
  [ "$target" = "$store/$linked/$inside" ] && [ "${#linked}" -eq 64 ]
}

# True if the file is what this tree or a version in our store says, byte by byte.
is_our_conf() {
  [ -f "$conf" ] && [ ! -L "$conf" ] || return 1
  [ "$(sha256sum <"$conf")" = "$conf_hash  -" ] && return 0
  for ours in "$store"/*/"${conf#/}"; do
    if cmp -s "$ours" "$conf"; then return 0; fi
  done
  return 1
}

exists() { [ -e "$1" ] || [ -L "$1" ]; }

# The release of this machine: "Qubes release 4.3 (R4.3)" (qubes-release, qubes-release.spec).
machine_release() { sed -n '1s/^Qubes release \([0-9]*[.][0-9]*\)[ .].*/\1/p' /etc/qubes-release 2>/dev/null || true; }

refuse_strangers() {
  strangers=''
  # There is no way around this: what was made for another release fails there in silence (settings that its Salt modules pass over).
  # Where the file itself is wrong, to write it is the override, and it stays visible.
  here=$(machine_release)
  if [ -z "$here" ]; then
    foreign "/etc/qubes-release does not say which Qubes OS this is" "this tree is for R$release alone" \
      "run it in dom0; there the file has one line: Qubes release $release (R$release)"
  elif [ "$here" != "$release" ]; then
    foreign "this tree is for Qubes OS R$release, this machine has R$here" "states for another release may do nothing, and say nothing" \
      "build it with platform: { qubes: \"$here\" } in the topology, if the compiler knows that release"
  fi
  rename="name this formula otherwise (formula: in the topology) and build again, or"
  if exists "$link" && ! is_our_link; then
    foreign "$link is not a link that install.sh made" "another formula of this name would be lost" \
      "$rename disable its top (sudo qubesctl top.disable $formula) and then move it out of /srv"
  fi
  if exists "$top" && [ "$(readlink "$top")" != "$link/$formula/init.top" ]; then
    foreign "$top is not a link to $link/$formula/init.top" "another top of this name would be lost" \
      "$rename sudo qubesctl top.disable $formula"
  fi
  if exists "$pillar_top" && [ "$(readlink "$pillar_top")" != "$pillar/init.top" ]; then
    foreign "$pillar_top is not a link to $pillar/init.top" "another top of this name would be lost" \
      "$rename sudo qubesctl top.disable $formula pillar=True"
  fi
  if exists "$conf" && ! is_our_conf; then
    foreign "$conf has other bytes than any version of ours" "somebody else wrote or edited it" \
      "$rename move your lines into another file of /etc/salt/minion.d and remove this one"
  fi
  for dir in /var/lib/qwbtc-salt "$store" "$pillar"; do
    if exists "$dir" && { [ -L "$dir" ] || [ ! -d "$dir" ]; }; then
      foreign "$dir is not a folder" "what is root-only must lie in a folder of our own" "move it away"
    fi
  done
  for root in /srv/salt /srv/formulas/base/*-formula; do
    if [ "$root" != "$link" ] && exists "$root/$formula"; then
      foreign "$root/$formula has the name of this formula" "Salt takes each file from the first root that has it" "$rename move it out of $root"
    fi
  done
  if [ -n "$strangers" ]; then
    echo "Nothing was written." >&2
    end 2
  fi
}

# Makes sure of a root-only folder; writes nothing if it is one already.
keep_private() {
  if [ "$(stat -c %u:%g:%a "$1" 2>/dev/null)" = 0:0:700 ]; then return; fi
  changed=yes
  [ -d "$1" ] || try mkdir -m 0700 "$1"
  try chown root:root "$1"
  try chmod 00700 "$1" # five digits: with four, GNU chmod keeps a setgid bit that the parent handed down
}

# All that can fail for want of room comes before the commit. The commit is the first rename: a link to a whole, synced version replaces
# the link. At no moment is there a link to nothing below /srv: it would fail the run of every qube, since all of /srv is copied, links
# followed, for each management disposable (qubes-mgmt-salt qubessalt/__init__.py).
swap() {
  new_link=/srv/formulas/base/.$formula-formula.new
  new_conf=${conf%/*}/.${conf##*/}.new
  for left in "$new_link" "$new_conf"; do
    if exists "$left"; then changed=yes && try rm -f "$left"; fi
  done
  # Salt's qubes.directories chmods below /srv and follows no link: what it does to a mode reaches neither the versions nor this file.
  if [ "$(stat -c %u:%g:%a "$conf" 2>/dev/null)" != 0:0:644 ] || ! cmp -s "$version$conf" "$conf"; then
    changed=yes
    try cp "$version$conf" "$new_conf"
    try chown root:root "$new_conf"
    try chmod 0644 "$new_conf"
    try sync "$new_conf"
  fi
  if [ "$(readlink "$link")" != "$version/$inside" ]; then
    changed=yes
    try mkdir -p /srv/formulas/base
    try ln -s "$version/$inside" "$new_link"
    try mv -T -f "$new_link" "$link"
    try sync /srv/formulas/base
  fi
  if [ -f "$new_conf" ]; then
    try mv -T -f "$new_conf" "$conf"
    try sync "${conf%/*}"
  fi
}

# Has qubesctl link a top file. It may report an error and yet exit 0 (topd returns it as data): the link is the proof.
enable_top() { # LINK TARGET [pillar=True]
  if [ "$(readlink "$1")" = "$2" ]; then return; fi
  changed=yes
  proof=$1 to=$2
  shift 2
  said=$(qubesctl top.enable "$formula" "$@" 2>&1 9<&-) || said="exit $?: $said"
  if [ "$(readlink "$proof")" != "$to" ]; then
    printf '%s\n' "$said" >&2
    stop "qubesctl top.enable $formula${*:+ $*} did not enable the top" "its own message stands above" "mend that, then run install.sh again"
  fi
}

# The stored, checked rotate-secrets. It says on its output what it changed, asks on the terminal, and what it cannot do it says by itself.
secrets() { # --prepare|--missing
  left=0
  said=$(python3 -I "$version/rotate-secrets" "$1") || left=$?
  if [ -n "$said" ]; then changed=yes && printf '%s\n' "$said"; fi
  case $left in 0 | 3) ;; *) end 2 ;; esac
}

# Which version to go back to. Noted before the switch, so that a cut between the two cannot make an older one of it.
remember() {
  new_previous=$store/.previous.new
  if exists "$new_previous"; then changed=yes && try rm -f "$new_previous"; fi
  if [ -z "$before" ] || [ "$before" = "$digest" ] || [ "$(readlink "$store/previous")" = "$before" ]; then return; fi
  changed=yes
  try ln -s "$before" "$new_previous"
  try mv -T -f "$new_previous" "$store/previous"
  try sync "$store"
}

# Once the switch is done: what is neither in force nor the one before goes.
prune() {
  previous=$(readlink "$store/previous" || true)
  if [ -z "$previous" ] || [ "$previous" = "$digest" ]; then return; fi
  said=$(python3 -I -c "$reader" prune "$0" "$store" "$digest" "$previous") || end "$?"
  if [ -n "$said" ]; then changed=yes && printf '%s\n' "$said"; fi
}

main() {
  formula=''
  [ "$#" -eq 0 ] || stop "install.sh takes no argument" "it installs the tree that it lies in" "sudo ./install.sh"
  [ "$(id -u)" -eq 0 ] || stop "install.sh must run as root" "it writes to /etc, /srv and /var of dom0" "sudo ./install.sh"
  for tool in python3 qubesctl flock; do
    command -v "$tool" >/dev/null || stop "there is no $tool here" "this is made for dom0 of Qubes OS" "run it in dom0"
  done
  [ -d /etc/salt/minion.d ] || stop "there is no /etc/salt/minion.d here" "this is made for dom0 of Qubes OS" "run it in dom0"
  exec 9</etc/salt/minion.d
  flock -n 9 || stop "another install.sh is at work" "two at once would undo each other" "wait for it, then run install.sh again"

  checked=$(python3 -I -c "$reader" check "$0") || end "$?"
  # shellcheck disable=SC2086 # six words of letters, digits, dots, plus and dashes
  set -- $checked
  formula=$1 digest=$2 conf_hash=$5 release=$6
  echo "Checked: $3 files of formula $formula, compiled by $4, against SHA256SUMS and MANIFEST.json."

  store=/var/lib/qwbtc-salt/$formula
  version=$store/$digest
  link=/srv/formulas/base/$formula-formula
  inside=srv/formulas/base/$formula-formula
  conf=/etc/salt/minion.d/formula-$formula.conf
  pillar=/srv/pillar/base/$formula
  top=/srv/salt/_tops/base/$formula.top
  pillar_top=/srv/pillar/_tops/base/$formula.top
  refuse_strangers

  changed=''
  before=''
  if [ -L "$link" ]; then before=$(installed); fi
  keep_private /var/lib/qwbtc-salt
  keep_private "$store"
  stored=$(python3 -I -c "$reader" store "$0" "$digest" "$version") || end "$?"
  [ "$stored" = kept ] || changed=yes
  [ -d /srv/pillar/base ] || try mkdir -p /srv/pillar/base
  keep_private "$pillar" # Salt sends no pillar folder to management disposables, and to each qube its own part alone
  secrets --prepare
  if [ -f "$pillar/init.top" ]; then enable_top "$pillar_top" "$pillar/init.top" pillar=True; fi
  remember
  swap
  enable_top "$top" "$link/$formula/init.top"
  secrets --missing
  prune

  if [ -z "$changed" ]; then
    echo "Nothing to do. In force: $(in_force)."
    if [ "$left" -eq 3 ]; then echo "Secrets are still missing, as said above: until they are there, an apply fails for their qubes."; fi
    return
  fi
  echo "In force: $(in_force)."
  if [ -n "$before" ] && [ "$before" != "$digest" ]; then
    echo "Before: version $(short "$before"). To go back: sudo $store/$before/install.sh"
  fi
  if [ "$left" -eq 3 ]; then echo "Secrets are still missing, as said above: until they are there, an apply fails for their qubes."; fi
  echo "Next: go on in README.md beside this script, where it says what comes after install.sh. To see what would change in dom0:"
  echo "  sudo qubesctl --show-output state.highstate test=True"
}

main "$@"
exit
