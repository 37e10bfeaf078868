#!yaml
# SPDX-License-Identifier: GPL-3.0-or-later
"garden-torrc":
  file.managed:
    - "name": "/usr/local/etc/torrc.d/40_garden.conf"
    - "source": "salt://garden/files/sys-garden/usr/local/etc/torrc.d/40_garden.conf"
    - "mode": "0644"
    - "makedirs": true
"garden-reload-tor":
  cmd.run:
    - "name": "systemctl --no-block reload-or-restart tor@default.service"
    - "onchanges":
      - "file": "garden-torrc"
