#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs one of JoinMarket's programs with this qube's settings:   jm wallet-tool wallet.jmdat display
# Without a word it lists them.
set -eu
real=/usr/local/lib/qwbtc-salt/joinmarket/current
if [ ! -x "$real/venv/bin/python" ]; then
  echo "jm: JoinMarket is not installed yet ($real/venv/bin/python is missing)" >&2
  exit 1
fi
# An environment is of one Python: after an upgrade of the template it is of no use, and is made anew when its libraries have come.
python=$(basename "$(readlink -f "$real/venv/bin/python")")
if [ ! -d "$real/venv/lib/$python/site-packages" ]; then
  echo "jm: JoinMarket was installed for another Python than this qube's ($python): bring its libraries anew, as the runbook says" >&2
  exit 1
fi
if [ "$#" -eq 0 ]; then
  for script in "$real"/scripts/*.py; do
    case $(basename "$script" .py) in
      joinmarketd | joinmarket-qt | qtsupport | receive-payjoin | yg-privacyenhanced | yield-generator-basic) ;;
      *) basename "$script" .py ;;
    esac
  done
  exit 0
fi
case $1 in
  yg-privacyenhanced | yield-generator-basic | receive-payjoin)
    echo "jm: this qube trades as a taker and pays: $1 would need an onion service of the server's, which its gateway does not let it make" >&2
    exit 1
    ;;
  joinmarketd)
    echo "jm: the daemon runs in a qube of its own; this one has no network" >&2
    exit 1
    ;;
  */* | -*)
    echo "jm: name a program, not a path: jm wallet-tool" >&2
    exit 1
    ;;
esac
script=$real/scripts/$1.py
if [ ! -f "$script" ]; then
  echo "jm: JoinMarket has no program $1" >&2
  exit 1
fi
shift
# Wallets and settings are always those in ~/.joinmarket; no .pyc files beside a program that is root's.
export PYTHONDONTWRITEBYTECODE=1
exec "$real/venv/bin/python" "$script" "$@"
