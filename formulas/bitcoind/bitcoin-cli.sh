#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bitcoin-cli for this qube's node. The RPC cookie is readable by the user "bitcoin" alone, so the real program runs as that user.
set -eu
real=/usr/local/lib/qwbtc-salt/bitcoin-core/current/bin/bitcoin-cli
datadir=/home/bitcoin/.bitcoin
if [ ! -x "$real" ]; then
  echo "bitcoin-cli: Bitcoin Core is not installed yet ($real is missing)" >&2
  exit 1
fi
case $(id -un) in
  bitcoin) exec "$real" -datadir="$datadir" "$@" ;;
  root) exec runuser -u bitcoin -- "$real" -datadir="$datadir" "$@" ;;
  *) exec sudo -u bitcoin -- "$real" -datadir="$datadir" "$@" ;;
esac
