# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by ~/.bashrc: a prompt that names the qube, so that commands are not typed into the wrong one.
# The name comes from qubesdb; the host name is left as it is (Whonix keeps it the same for everyone).
if [ -n "${PS1-}" ] && qwbtc_qube=$(qubesdb-read /name 2>/dev/null); then
  PS1="[${qwbtc_qube//[^A-Za-z0-9_-]/} \\u \\w]\\$ "
fi
unset qwbtc_qube
