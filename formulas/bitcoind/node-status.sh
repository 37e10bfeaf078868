#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How this qube's node is doing. With --wait it keeps its window open until a key is pressed.
set -u
show() {
  if info=$(/usr/local/bin/bitcoin-cli -getinfo 2>&1); then
    printf '%s\n' "$info"
  else
    printf 'The node does not answer: %s\n' "$info"
  fi
  printf '\nDisk:\n'
  df -h /home
}
show
if [ "${1-}" = --wait ]; then
  printf '\nPress Enter to close.'
  read -r _
fi
