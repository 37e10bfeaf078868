#!yaml
# SPDX-License-Identifier: GPL-3.0-or-later
# Ours is what has this name and the tag garden, or was cut off between creation and tag.
"garden-guard-garden-ws":
  test.fail_without_changes:
    - "comment": "garden-ws exists and is not of this formula; to hand it over: qvm-tags garden-ws add garden"
    - "onlyif":
      - "qvm-check -q -- garden-ws"
      - "! qvm-tags -- garden-ws list | grep -qx garden"
      - "! test -e /var/lib/qwbtc-salt/garden/creating/garden-ws"
"garden-guard-sys-garden":
  test.fail_without_changes:
    - "comment": "sys-garden exists and is not of this formula; to hand it over: qvm-tags sys-garden add garden"
    - "onlyif":
      - "qvm-check -q -- sys-garden"
      - "! qvm-tags -- sys-garden list | grep -qx garden"
      - "! test -e /var/lib/qwbtc-salt/garden/creating/sys-garden"
"garden-guard-garden-server":
  test.fail_without_changes:
    - "comment": "garden-server exists and is not of this formula; to hand it over: qvm-tags garden-server add garden"
    - "onlyif":
      - "qvm-check -q -- garden-server"
      - "! qvm-tags -- garden-server list | grep -qx garden"
      - "! test -e /var/lib/qwbtc-salt/garden/creating/garden-server"
"garden-guard-garden-vault":
  test.fail_without_changes:
    - "comment": "garden-vault exists and is not of this formula; to hand it over: qvm-tags garden-vault add garden"
    - "onlyif":
      - "qvm-check -q -- garden-vault"
      - "! qvm-tags -- garden-vault list | grep -qx garden"
      - "! test -e /var/lib/qwbtc-salt/garden/creating/garden-vault"
"garden-guard-45-garden.policy":
  test.fail_without_changes:
    - "comment": "/etc/qubes/policy.d/45-garden.policy exists and is not of this formula; move it away"
    - "onlyif":
      - "test -e /etc/qubes/policy.d/45-garden.policy"
      - "! head -n 1 /etc/qubes/policy.d/45-garden.policy | grep -qx '# Managed by the garden formula.'"
"garden-guard-80-garden.policy":
  test.fail_without_changes:
    - "comment": "/etc/qubes/policy.d/80-garden.policy exists and is not of this formula; move it away"
    - "onlyif":
      - "test -e /etc/qubes/policy.d/80-garden.policy"
      - "! head -n 1 /etc/qubes/policy.d/80-garden.policy | grep -qx '# Managed by the garden formula.'"
# failhard here alone: every clash is told, then nothing else happens.
"garden-guard":
  test.nop:
    - "failhard": true
    - "require":
      - "test": "garden-guard-garden-ws"
      - "test": "garden-guard-sys-garden"
      - "test": "garden-guard-garden-server"
      - "test": "garden-guard-garden-vault"
      - "test": "garden-guard-45-garden.policy"
      - "test": "garden-guard-80-garden.policy"
