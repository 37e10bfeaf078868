#!yaml
# SPDX-License-Identifier: GPL-3.0-or-later
"include":
  - "garden.dom0.guard"
"garden-installed-workstation":
  qvm.template_installed:
    - "name": "whonix-workstation-18"
    - "fromrepo": "qubes-templates-community"
    - "require":
      - "test": "garden-guard"
"garden-installed-gateway":
  qvm.template_installed:
    - "name": "whonix-gateway-18"
    - "fromrepo": "qubes-templates-community"
    - "require":
      - "test": "garden-guard"
"garden-creating-garden-ws":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/garden/creating/garden-ws"
    - "contents": "made, but not tagged yet\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- garden-ws"
    - "require":
      - "qvm": "garden-installed-workstation"
"garden-clone-garden-ws":
  qvm.clone:
    - "name": "garden-ws"
    - "source": "whonix-workstation-18"
    - "require":
      - "file": "garden-creating-garden-ws"
"garden-made-garden-ws":
  cmd.run:
    - "name": "qvm-check -- garden-ws"
    - "unless": "qvm-check -q -- garden-ws"
    - "require":
      - "qvm": "garden-clone-garden-ws"
"garden-tag-garden-ws":
  qvm.vm:
    - "name": "garden-ws"
    - "tags":
      - "add": ["garden"]
    - "require":
      - "cmd": "garden-made-garden-ws"
    - "onlyif": "qvm-check -q -- garden-ws"
"garden-created-garden-ws":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/garden/creating/garden-ws"
    - "require":
      - "qvm": "garden-tag-garden-ws"
"garden-prefs-garden-ws":
  qvm.vm:
    - "name": "garden-ws"
    - "prefs":
      - "label": "black"
      - "include-in-backups": false
    - "require":
      - "qvm": "garden-tag-garden-ws"
    - "onlyif": "qvm-check -q -- garden-ws"
    - "unless":
      - "fun": "config.get"
        "args": ["test"]
