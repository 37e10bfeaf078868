#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the folder from which a container boots, once: a minimal Debian with systemd. Needs root and mmdebstrap.
#
#   sh test/container/base.sh SUITE DIR [MORE,PACKAGES]
set -eu
suite=$1 dir=$2
packages=systemd,systemd-sysv,python3,iproute2,socat${3:+,$3}

mkdir -p "$(dirname "$dir")"
# Whoever dies with the lock gives it back.
exec 9>"$dir.lock"
flock 9
# Last of all: a base that was interrupted, or is of another recipe, lacks it and is made anew.
if [ "$(cat "$dir.finished" 2>/dev/null)" = "$packages" ]; then exit 0; fi
rm -rf "$dir" "$dir.finished"
mmdebstrap --quiet --variant=minbase --include="$packages" "$suite" "$dir"
printf %s "$packages" >"$dir.finished"
