#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Boots a container and takes it away when standard input ends, so also when whoever started it was killed; ends by itself if the container does.
#
#   [keep=LAYER] sh test/container/boot.sh NAME BASE FILES [OPTION ...] < PIPE
#
# BASE is what base.sh made, or several such folders with colons between them, the uppermost first; it stays as it is. FILES/root is laid over it,
# then FILES/before is run in it, then its systemd is started. FILES is removed at the end. Each OPTION is one of systemd-nspawn's; without any the
# container has a network of its own, with nothing in it. What was written in it is lost, unless `keep` names a folder: once it has powered itself
# off, that one holds what differs from BASE. Standard output gets a pid, below which the container's PID 1 will be, in the second PID namespace
# from here.
#
# All of it lives in a PID and a mount namespace of its own, writes to a tmpfs, and so leaves nothing when it is killed. Only its cgroups stay,
# of its own since all containers would otherwise share the caller's; those are removed here.
#
# In it systemd sees the unified hierarchy alone and may call bpf(): by these it enforces DevicePolicy and IPAddressDeny, as in a qube. Without
# them it passes over both in silence.
set -eu
export name="$1" base="$2" files="$3" keep="${keep-}"
shift 3
if [ $# -eq 0 ]; then set -- --private-network; fi
pack=$(cd "$(dirname "$0")" && pwd)/pack.sh
export pack

take_away() {
  # The container dies with the first (--kill-child), and that one with this shell (--pdeathsig).
  for pid in $box $reader; do kill -KILL "$pid" 2>/dev/null || true; done
  wait
  for group in $groups; do
    # The dead leave their cgroup a moment later.
    for _ in $(seq 50); do
      find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
      if [ ! -e "$group" ]; then break; fi
      sleep 0.1
    done
  done
  rm -rf "$files"
}
box="" reader="" groups=""
trap take_away EXIT
trap 'exit 1' HUP INT TERM

for top in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
  if [ -e "$top/cgroup.procs" ]; then
    mkdir "$top/$name"
    groups="$groups $top/$name"
  fi
done
export groups

exec 3<&0
# shellcheck disable=SC2016 # the inner shells expand
setpriv --pdeathsig KILL sh -c '
  for group in $groups; do echo $$ >"$group/cgroup.procs"; done
  exec unshare --mount --propagation private --pid --fork --kill-child --mount-proc sh -euc "$@"
' boot '
  mount -t tmpfs -o mode=0755 box /run
  mkdir /run/upper /run/work /run/root
  mount -t overlay -o "lowerdir=$base,upperdir=/run/upper,workdir=/run/work" box /run/root
  tar -C "$files/root" --owner=0 --group=0 -cf - . | tar -C /run/root --no-overwrite-dir -xf -
  if [ -e "$files/before" ]; then chroot /run/root sh -euc "$(cat "$files/before")"; fi
  export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
  systemd-nspawn -q -D /run/root -M "$name" --boot --register=no --keep-unit --console=pipe --system-call-filter=bpf "$@"
  if [ -n "$keep" ]; then
    umount -R /run/root
    sh "$pack" /run/upper "$keep"
  fi
' boot "$@" </dev/null >&2 3<&- &
box=$!
echo "$box"
{
  cat <&3
  kill -TERM $$
} >/dev/null 2>&1 &
reader=$!
wait "$box" || true
