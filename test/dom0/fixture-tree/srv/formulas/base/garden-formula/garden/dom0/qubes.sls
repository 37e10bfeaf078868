#!yaml
# SPDX-License-Identifier: GPL-3.0-or-later
"include":
  - "garden.dom0.guard"
  - "garden.dom0.templates"
"garden-creating-sys-garden":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/garden/creating/sys-garden"
    - "contents": "made, but not tagged yet\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- sys-garden"
    - "require":
      - "qvm": "garden-installed-gateway"
"garden-present-sys-garden":
  qvm.vm:
    - "name": "sys-garden"
    - "present":
      - "template": "whonix-gateway-18"
      - "label": "purple"
    - "require":
      - "file": "garden-creating-sys-garden"
"garden-made-sys-garden":
  cmd.run:
    - "name": "qvm-check -- sys-garden"
    - "unless": "qvm-check -q -- sys-garden"
    - "require":
      - "qvm": "garden-present-sys-garden"
"garden-tag-sys-garden":
  qvm.vm:
    - "name": "sys-garden"
    - "tags":
      - "add": ["garden"]
    - "require":
      - "cmd": "garden-made-sys-garden"
    - "onlyif": "qvm-check -q -- sys-garden"
"garden-created-sys-garden":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/garden/creating/sys-garden"
    - "require":
      - "qvm": "garden-tag-sys-garden"
"garden-network-sys-garden":
  qvm.vm:
    - "name": "sys-garden"
    - "prefs":
      - "netvm": "sys-firewall"
      - "default_dispvm": "none"
      - "provides-network": true
    - "require":
      - "qvm": "garden-tag-sys-garden"
    - "onlyif": "qvm-check -q -- sys-garden"
    - "unless":
      - "fun": "config.get"
        "args": ["test"]
"garden-prefs-sys-garden":
  qvm.vm:
    - "name": "sys-garden"
    - "prefs":
      - "label": "purple"
      - "memory": 500
      - "maxmem": 800
      - "autostart": false
    - "require":
      - "qvm": "garden-network-sys-garden"
    - "onlyif": "qvm-check -q -- sys-garden"
    - "unless":
      - "fun": "config.get"
        "args": ["test"]
"garden-settings-sys-garden":
  qvm.vm:
    - "name": "sys-garden"
    - "features":
      - "set":
        - "menu-items": "qubes-run-terminal.desktop"
    - "require":
      - "qvm": "garden-tag-sys-garden"
    - "onlyif": "qvm-check -q -- sys-garden"
"garden-creating-garden-server":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/garden/creating/garden-server"
    - "contents": "made, but not tagged yet\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- garden-server"
    - "require":
      - "qvm": "garden-tag-garden-ws"
# qvm.present knows no pool.
"garden-create-garden-server":
  cmd.run:
    - "name": "qvm-create --class AppVM --template garden-ws --label red -P varlibqubes -- garden-server"
    - "unless": "qvm-check -q -- garden-server"
    - "require":
      - "file": "garden-creating-garden-server"
"garden-present-garden-server":
  qvm.vm:
    - "name": "garden-server"
    - "present":
      - "template": "garden-ws"
      - "label": "red"
    - "require":
      - "cmd": "garden-create-garden-server"
      - "file": "garden-creating-garden-server"
"garden-made-garden-server":
  cmd.run:
    - "name": "qvm-check -- garden-server"
    - "unless": "qvm-check -q -- garden-server"
    - "require":
      - "qvm": "garden-present-garden-server"
"garden-tag-garden-server":
  qvm.vm:
    - "name": "garden-server"
    - "tags":
      - "add": ["garden"]
    - "require":
      - "cmd": "garden-made-garden-server"
    - "onlyif": "qvm-check -q -- garden-server"
"garden-created-garden-server":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/garden/creating/garden-server"
    - "require":
      - "qvm": "garden-tag-garden-server"
"garden-network-garden-server":
  qvm.vm:
    - "name": "garden-server"
    - "prefs":
      - "netvm": "sys-garden"
      - "default_dispvm": "none"
    - "require":
      - "qvm": "garden-tag-garden-server"
      - "qvm": "garden-network-sys-garden"
    - "onlyif": "qvm-check -q -- garden-server"
    - "unless":
      - "fun": "config.get"
        "args": ["test"]
"garden-prefs-garden-server":
  qvm.vm:
    - "name": "garden-server"
    - "prefs":
      - "template": "garden-ws"
      - "label": "red"
      - "memory": 900
      - "maxmem": 2000
      - "vcpus": 2
      - "qrexec-timeout": 240
      - "include-in-backups": false
    - "require":
      - "qvm": "garden-network-garden-server"
    - "onlyif": "qvm-check -q -- garden-server"
    - "unless":
      - "fun": "config.get"
        "args": ["test"]
"garden-settings-garden-server":
  qvm.vm:
    - "name": "garden-server"
    - "service":
      - "enable": ["garden-shed"]
      - "disable": ["cups"]
    - "features":
      - "set":
        - "menu-items": "qubes-run-terminal.desktop"
    - "require":
      - "qvm": "garden-tag-garden-server"
    - "onlyif": "qvm-check -q -- garden-server"
"garden-volume-garden-server":
  cmd.run:
    - "name": "qvm-volume resize -- garden-server:private 64424509440"
    - "unless": "test \"$(qvm-volume info -- garden-server:private size)\" -ge 64424509440"
    - "require":
      - "qvm": "garden-tag-garden-server"
"garden-revisions-garden-server":
  cmd.run:
    - "name": "qvm-volume config -- garden-server:private revisions_to_keep 0"
    - "unless": "test \"$(qvm-volume info -- garden-server:private revisions_to_keep)\" = 0"
    - "require":
      - "qvm": "garden-tag-garden-server"
"garden-shutdown-timeout-garden-server":
  cmd.run:
    - "name": "qvm-prefs -- garden-server shutdown_timeout 600"
    - "unless": "test \"$(qvm-prefs --get -- garden-server shutdown_timeout)\" = 600"
    - "require":
      - "qvm": "garden-tag-garden-server"
"garden-creating-garden-vault":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/garden/creating/garden-vault"
    - "contents": "made, but not tagged yet\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- garden-vault"
    - "require":
      - "qvm": "garden-installed-workstation"
"garden-present-garden-vault":
  qvm.vm:
    - "name": "garden-vault"
    - "present":
      - "template": "whonix-workstation-18"
      - "label": "black"
    - "require":
      - "file": "garden-creating-garden-vault"
"garden-made-garden-vault":
  cmd.run:
    - "name": "qvm-check -- garden-vault"
    - "unless": "qvm-check -q -- garden-vault"
    - "require":
      - "qvm": "garden-present-garden-vault"
"garden-tag-garden-vault":
  qvm.vm:
    - "name": "garden-vault"
    - "tags":
      - "add": ["garden"]
    - "require":
      - "cmd": "garden-made-garden-vault"
    - "onlyif": "qvm-check -q -- garden-vault"
"garden-created-garden-vault":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/garden/creating/garden-vault"
    - "require":
      - "qvm": "garden-tag-garden-vault"
"garden-network-garden-vault":
  qvm.vm:
    - "name": "garden-vault"
    - "prefs":
      - "netvm": "none"
      - "default_dispvm": "none"
    - "require":
      - "qvm": "garden-tag-garden-vault"
    - "onlyif": "qvm-check -q -- garden-vault"
    - "unless":
      - "fun": "config.get"
        "args": ["test"]
"garden-settings-garden-vault":
  qvm.vm:
    - "name": "garden-vault"
    - "features":
      - "set":
        - "menu-items": "electrum.desktop"
    - "require":
      - "qvm": "garden-tag-garden-vault"
    - "onlyif": "qvm-check -q -- garden-vault"
