#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Starts this qube's Electrum on this qube's chain. It stands before Debian's in the PATH, for the menu and the terminal alike: without the flag
# of its chain Electrum would take a wallet for one of the main chain, and look for servers of others.
set -eu
folder=/usr/local/lib/qwbtc-salt/electrum
# Which program, and which chain: two words, written by the states.
read -r program chain <"$folder/start"
for word in "$@"; do
  case $word in
    --testnet | --testnet4 | --signet | --regtest | --simnet)
      if [ "$word" != "--$chain" ]; then
        echo "electrum: this qube is for the chain $chain; its server knows no other ($word)" >&2
        exit 1
      fi
      ;;
  esac
done
case $program in
  debian) real=/usr/bin/electrum ;;
  *) real=$folder/current/AppRun ;;
esac
if [ ! -x "$real" ]; then
  echo "electrum: Electrum $program is not installed yet ($real is missing)" >&2
  exit 1
fi
case $chain in
  main) exec "$real" "$@" ;;
  *) exec "$real" "--$chain" "$@" ;;
esac
