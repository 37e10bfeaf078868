#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command in a private root, so that a test can write /etc, /srv and /var as dom0's root would, without touching this machine.
#
#   sh test/sandbox.sh STATE COMMAND [ARGUMENT ...]
#
# STATE holds the sandbox's own /etc, /srv, /var, /root, /home, /run and /tmp and keeps them from one call to the next. Everything else
# of this machine is visible read-only, this project at its own path; files that a test wants inside go under STATE. Needs root.
set -eu
state=$(mkdir -p "$1" && cd "$1" && pwd)
project=$(cd "$(dirname "$0")/.." && pwd)
shift

if [ ! -e "$state/etc/passwd" ]; then
  for own in etc srv var root home run tmp; do mkdir -p "$state/$own"; done
  chmod 1777 "$state/tmp"
  for seed in nsswitch.conf ld.so.cache ld.so.conf ld.so.conf.d alternatives localtime ssl python3 python3.11 python3.13; do
    if [ -e "/etc/$seed" ]; then cp -a "/etc/$seed" "$state/etc/"; fi
  done
  # The group that owns policy files in dom0 (Qubes: root:qubes 0664), and nobody of this machine.
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n' >"$state/etc/passwd"
  printf 'root:x:0:\nqubes:x:98:root\nnogroup:x:65534:\n' >"$state/etc/group"
  printf 'dom0\n' >"$state/etc/hostname"
fi

export SANDBOX_STATE="$state" SANDBOX_PROJECT="$project"
# shellcheck disable=SC2016 # the inner shell expands
exec unshare --mount --propagation private sh -euc '
  root=$SANDBOX_STATE/.root
  mkdir -p "$root"
  mount -t tmpfs sandbox "$root"
  for top in /*; do
    name=${top#/}
    case $name in
      etc | srv | var | root | home | run | tmp) mkdir "$root/$name"; mount --bind "$SANDBOX_STATE/$name" "$root/$name" ;;
      proc | sys | dev) mkdir "$root/$name"; mount --rbind "$top" "$root/$name" ;;
      *)
        if [ -L "$top" ]; then cp -P "$top" "$root/$name"
        elif [ -d "$top" ]; then mkdir "$root/$name"; mount --rbind "$top" "$root/$name"; mount -o remount,bind,ro "$root/$name"; fi ;;
    esac
  done
  for shown in "$SANDBOX_PROJECT" "$SANDBOX_STATE"; do
    mkdir -p "$root$shown" 2>/dev/null || true
    mount --bind "$shown" "$root$shown"
  done
  mount -o remount,bind,ro "$root$SANDBOX_PROJECT"
  cd "$root" && exec chroot . "$@"
' sandbox "$@"
