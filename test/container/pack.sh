#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Keeps the upper folder of an overlay as a layer: what was removed in it (a device 0:0) and folders that replace others (an attribute) are a part.
#
#   sh test/container/pack.sh UPPER LAYER
set -eu
rm -rf "$2.new"
mkdir -p "$2.new"
tar -C "$1" --xattrs --xattrs-include='*' --acls -cf - . | tar -C "$2.new" --xattrs --xattrs-include='*' --acls -xpf -
rm -rf "$2"
mv "$2.new" "$2"
