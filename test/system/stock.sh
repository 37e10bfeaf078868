#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes what the stock Whonix templates stand on here, once: a Debian with the programs that their stand-ins need and a Salt of its own Python,
# and above it, as a layer, what a gateway has more. Needs root, mmdebstrap and the network.
#
#   sh test/system/stock.sh SUITE DIR RECIPE...
#
# DIR/workstation is a whole root, DIR/gateway lies over it. Each RECIPE is one call of pip, as words with blanks between them.
# The Salt lies in /opt/standin-salt: that is what salt-ssh would bring along and wipe (its thin), so nothing of a qube may rest on it.
set -eu
suite=$1 dir=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
packages=systemd,systemd-sysv,dbus,python3,python3-venv,iproute2,socat,nftables,procps,sudo,ca-certificates
# Without recommended packages: apparmor and torsocks are nothing here.
more=tor
recipe="$suite $packages $more $*"

mkdir -p "$dir"
exec 9>"$dir/lock"
flock 9
if [ "$(cat "$dir/finished" 2>/dev/null)" = "$recipe" ]; then exit 0; fi
rm -rf "$dir/workstation" "$dir/gateway" "$dir/finished" "$dir/debs"
mmdebstrap --quiet --variant=minbase --include="$packages" "$suite" "$dir/workstation"

# Runs a command in a root, with this machine's network.
inside() {
  # shellcheck disable=SC2016 # the inner shell expands
  root=$1 setpriv --pdeathsig KILL unshare --mount --propagation private sh -euc '
    for top in proc dev; do mount --rbind "/$top" "$root/$top"; done
    # Names, certificates and wheels are this machine'"'"'s.
    for own in /etc/resolv.conf /etc/ssl/certs /opt/wheels; do
      if [ -e "$own" ]; then
        if [ -d "$own" ]; then mkdir -p "$root$own"; else [ -e "$root$own" ] || : >"$root$own"; fi
        mount --bind "$own" "$root$own"
      fi
    done
    shift
    exec chroot "$root" "$@"
  ' inside "$@"
}

inside "$dir/workstation" python3 -m venv /opt/standin-salt
for words in "$@"; do
  # shellcheck disable=SC2086 # these are words
  inside "$dir/workstation" /opt/standin-salt/bin/pip install --quiet --no-cache-dir $words
done
inside "$dir/workstation" /opt/standin-salt/bin/python -m compileall -q /opt/standin-salt >/dev/null || true

# shellcheck disable=SC2016 # the inner shell expands
dir=$dir more=$more setpriv --pdeathsig KILL unshare --mount --propagation private sh -euc '
  mount -t tmpfs layer /run
  mkdir /run/upper /run/work /run/root
  mount -t overlay -o "lowerdir=$dir/workstation,upperdir=/run/upper,workdir=/run/work" layer /run/root
  mount --rbind /proc /run/root/proc
  mount --rbind /dev /run/root/dev
  cp /etc/resolv.conf /run/resolv.conf
  [ -e /run/root/etc/resolv.conf ] || : >/run/root/etc/resolv.conf
  mount --bind /run/resolv.conf /run/root/etc/resolv.conf
  # Its own service is not started in a chroot, and belongs to the gateway later.
  printf "#!/bin/sh\nexit 101\n" >/run/root/usr/sbin/policy-rc.d
  chmod 755 /run/root/usr/sbin/policy-rc.d
  export DEBIAN_FRONTEND=noninteractive
  chroot /run/root apt-get update -qq
  chroot /run/root apt-get install -y -qq --no-install-recommends "$more" >/dev/null
  rm -rf /run/root/usr/sbin/policy-rc.d /run/root/var/lib/apt/lists /run/root/var/cache/apt
  umount -l /run/root/etc/resolv.conf /run/root/proc /run/root/dev /run/root
  sh "$1" /run/upper "$dir/gateway"
' layer "$here/../container/pack.sh"
printf %s "$recipe" >"$dir/finished"
