#!yaml
# SPDX-License-Identifier: GPL-3.0-or-later
"include":
  - "garden.dom0.qubes"
"garden-45-garden.policy":
  file.managed:
    - "name": "/etc/qubes/policy.d/45-garden.policy"
    - "source": "salt://garden/files/dom0/etc/qubes/policy.d/45-garden.policy"
    - "user": "root"
    - "group": "qubes"
    - "mode": "0664"
    - "check_cmd": "/usr/bin/qubes-policy-lint"
    - "require":
      - "test": "garden-guard"
      - "qvm": "garden-network-sys-garden"
      - "qvm": "garden-network-garden-server"
      - "qvm": "garden-network-garden-vault"
"garden-80-garden.policy":
  file.managed:
    - "name": "/etc/qubes/policy.d/80-garden.policy"
    - "source": "salt://garden/files/dom0/etc/qubes/policy.d/80-garden.policy"
    - "user": "root"
    - "group": "qubes"
    - "mode": "0664"
    - "check_cmd": "/usr/bin/qubes-policy-lint"
    - "require":
      - "test": "garden-guard"
      - "qvm": "garden-network-sys-garden"
      - "qvm": "garden-network-garden-server"
      - "qvm": "garden-network-garden-vault"
