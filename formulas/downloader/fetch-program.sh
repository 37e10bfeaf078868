#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fetches over Tor what other qubes of this system need to run their programs, checks it, and says how to send it there:
#   fetch-program            all of it
#   fetch-program NAME ...   for some qubes, or some programs, by name
# What it says of a file is a first look: the qube that will run it checks it again, and that is what counts.
exec /usr/local/lib/qwbtc-salt/bring-program download "$@"
