#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Gives JoinMarket its libraries, from verified wheels alone: no network, no compiler, nothing that is not in the lock. Run as root by
# the command that brings programs, before the program gets its name:
#
#   finish-joinmarket STAGE VERIFIED
#
# STAGE is the unpacked source, which is then moved as a whole; VERIFIED holds the wheels. STAGE/venv is made so that it may be moved: nothing in
# it knows where it lies. It ends with an error, and without a venv, where anything is missing: with 75 where that is nothing that was brought,
# but something of this qube or its template.
set -eu
umask 022
lock=/usr/local/lib/qwbtc-salt/joinmarket.lock

fail() {
  echo "finish-joinmarket: $1" >&2
  exit 1
}

# As EX_TEMPFAIL of sysexits.h: the files may be good, and a later try may go well.
lacks() {
  echo "finish-joinmarket: $1" >&2
  exit 75
}

[ "$#" -eq 2 ] || fail "say where the source and the wheels lie: finish-joinmarket STAGE VERIFIED"
stage=$(realpath -e -- "$1") || fail "there is no folder $1"
verified=$(realpath -e -- "$2") || fail "there is no folder $2"
[ -f "$stage/scripts/joinmarketd.py" ] || fail "$stage is not JoinMarket's source: it has no scripts/joinmarketd.py"
[ -f "$lock" ] || lacks "the list of JoinMarket's libraries, $lock, is not there: apply the states to this qube"
[ ! -e "$stage/venv" ] || fail "$stage has a venv already: unpack the source anew"

venv=$stage/venv
scratch=$stage/.finish
undo() { rm -rf "$venv" "$scratch"; }
trap undo EXIT
trap 'exit 1' HUP INT TERM
mkdir "$scratch"
# What the caller's environment says of Python and pip does not count here.
for name in $(env | sed -n 's/^\(PIP_[A-Za-z0-9_]*\|PYTHON[A-Za-z0-9_]*\)=.*/\1/p'); do unset "$name"; done
export TMPDIR="$scratch" HOME="$scratch"

/usr/bin/python3 -I -m venv "$venv" || lacks "no Python environment could be made: is the package python3-venv installed?"
# -B: what is loaded below must not leave compiled files that name this folder (-I passes over PYTHONDONTWRITEBYTECODE).
python() { "$venv/bin/python" -I -B "$@"; }
# --only-binary: a source package would run code of its own and need a compiler. --no-deps: what is not in the lock is not asked for; pip check
# then tells whether the lock has all.
python -m pip --isolated --quiet --disable-pip-version-check --no-input install --no-index --no-cache-dir --no-deps \
  --only-binary=:all: --require-hashes --no-compile --find-links "$verified" --requirement "$lock" ||
  fail "the libraries could not be installed; what pip said stands above"
python -m pip --isolated --disable-pip-version-check check >/dev/null || fail "the lock $lock is not complete; what pip said stands above"

# JoinMarket itself is Python alone: it is run where it lies. Since 0.9.11 its packages are in src/, before that each in a folder of its own. The
# path is relative to the .pth file (docs.python.org, site), so it stays right when all of this is moved.
site=$(echo "$venv"/lib/python3.*/site-packages)
[ -d "$site" ] || fail "$venv has no site-packages"
if [ -d "$stage/src/jmbase" ]; then
  folders=src
else
  folders="jmbase jmbitcoin jmclient jmdaemon"
fi
for folder in $folders; do
  [ -d "$stage/$folder" ] || fail "$stage is not JoinMarket's source: it has no $folder"
  echo "../../../../$folder" >>"$site/joinmarket.pth"
done

# A half that cannot load what it needs, a library of the template say, is found out now and not in the middle of a session.
halves=
if grep -q '^libnacl==' "$lock"; then halves="$halves jmdaemon"; fi
if grep -q '^python-bitcointx==' "$lock"; then halves="$halves jmclient"; fi
[ -n "$halves" ] || fail "$lock is not a list of JoinMarket's libraries"
for half in $halves; do
  (cd "$scratch" && python -c "import sys, importlib; importlib.import_module(sys.argv[1])" "$half") ||
    lacks "$half does not load; what Python said stands above, a library of the template may be missing"
done

# Nothing of what made it is left to be run, and no path that is not true any more.
python -m pip --isolated --quiet --disable-pip-version-check uninstall --yes pip setuptools 2>/dev/null || fail "pip could not be removed again"
sed -i '/^command = /d' "$venv/pyvenv.cfg"
find "$venv/bin" -mindepth 1 ! -name 'python*' -delete
rm -rf "$venv/include" "$scratch"
# Compiled once, here: who runs it later may write nothing. By content and not by time, which moving and unpacking change.
python -W ignore -m compileall -q -f --invalidation-mode checked-hash -s "$stage" -p joinmarket "$venv/lib" "$stage/scripts" ||
  fail "JoinMarket's libraries could not be compiled"
for folder in $folders; do
  python -W ignore -m compileall -q -f --invalidation-mode checked-hash -s "$stage" -p joinmarket "$stage/$folder" || fail "JoinMarket could not be compiled"
done
chown -R -h root:root "$stage"
chmod -R u+rwX,go+rX,go-w "$stage"
trap - EXIT
