#!yaml
# SPDX-License-Identifier: GPL-3.0-or-later
"include":
  - "garden.dom0.qubes"
  - "garden.dom0.policy"
"garden-start-sys-garden":
  qvm.start:
    - "name": "sys-garden"
    - "require":
      - "qvm": "garden-prefs-sys-garden"
      - "qvm": "garden-prefs-garden-server"
      - "file": "garden-45-garden.policy"
      - "file": "garden-80-garden.policy"
    - "onlyif": "qvm-check -q -- sys-garden"
    - "unless": "qvm-check -q --running -- sys-garden"
