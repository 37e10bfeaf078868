#!yaml
# Stock templates are installed where they are missing, and never changed. What a role needs in its template goes into a clone of ours.
"include":
  - "qwbtc.dom0.guard"

# The stock Whonix template, from the repository that ships it. Source: qubes-mgmt-salt-dom0-virtual-machines qvm/whonix.jinja
"qwbtc-installed-whonix-gateway-18":
  qvm.template_installed:
    - "name": "whonix-gateway-18"
    - "fromrepo": "qubes-templates-community"
    - "require":
      - "test": "qwbtc-guard"

# The stock Whonix template, from the repository that ships it. Source: qubes-mgmt-salt-dom0-virtual-machines qvm/whonix.jinja
"qwbtc-installed-whonix-workstation-18":
  qvm.template_installed:
    - "name": "whonix-workstation-18"
    - "fromrepo": "qubes-templates-community"
    - "require":
      - "test": "qwbtc-guard"

# From here until the tag is set, this marker tells the guard that the clone is ours.
"qwbtc-creating-qwbtc-ws-bitcoin":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-bitcoin"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- qwbtc-ws-bitcoin"
    - "require":
      - "qvm": "qwbtc-installed-whonix-workstation-18"

# A clone for bitcoind qubes: packages, users and units of one program, away from all others.
"qwbtc-clone-qwbtc-ws-bitcoin":
  qvm.clone:
    - "name": "qwbtc-ws-bitcoin"
    - "source": "whonix-workstation-18"
    - "require":
      - "file": "qwbtc-creating-qwbtc-ws-bitcoin"

# qvm.clone reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-qwbtc-ws-bitcoin":
  cmd.run:
    - "name": "qvm-check -- qwbtc-ws-bitcoin"
    - "unless": "qvm-check -q -- qwbtc-ws-bitcoin"
    - "require":
      - "qvm": "qwbtc-clone-qwbtc-ws-bitcoin"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-qwbtc-ws-bitcoin":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-bitcoin"
    - "unless": "qvm-check -q -- qwbtc-ws-bitcoin"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-qwbtc-ws-bitcoin"

# Of which stock template it is: qvm.clone leaves a clone that is there alone, whatever it was made of. One of another was refused by the guard; one
# without this note, of an earlier version of ours, gets it.
"qwbtc-stock-qwbtc-ws-bitcoin":
  qvm.vm:
    - "name": "qwbtc-ws-bitcoin"
    - "features":
      - "set":
        - "qwbtc-stock": "whonix-workstation-18"
    - "require":
      - "cmd": "qwbtc-made-qwbtc-ws-bitcoin"
    - "onlyif": "qvm-check -q -- qwbtc-ws-bitcoin"

# The tag that makes it ours.
"qwbtc-tag-qwbtc-ws-bitcoin":
  qvm.vm:
    - "name": "qwbtc-ws-bitcoin"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "qvm": "qwbtc-stock-qwbtc-ws-bitcoin"
    - "onlyif": "qvm-check -q -- qwbtc-ws-bitcoin"

# Tagged: the marker has done its work.
"qwbtc-created-qwbtc-ws-bitcoin":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-bitcoin"
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-bitcoin"

# Black for templates, as Qubes has it; not in backups, since the states make it again. Skipped in test mode, in which qvm.prefs would write.
"qwbtc-prefs-qwbtc-ws-bitcoin":
  qvm.vm:
    - "name": "qwbtc-ws-bitcoin"
    - "prefs":
      - "label": "black"
      - "include-in-backups": false
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-bitcoin"
    - "onlyif": "qvm-check -q -- qwbtc-ws-bitcoin"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# From here until the tag is set, this marker tells the guard that the clone is ours.
"qwbtc-creating-qwbtc-ws-electrum":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-electrum"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- qwbtc-ws-electrum"
    - "require":
      - "qvm": "qwbtc-installed-whonix-workstation-18"

# A clone for electrum-wallet qubes: packages, users and units of one program, away from all others.
"qwbtc-clone-qwbtc-ws-electrum":
  qvm.clone:
    - "name": "qwbtc-ws-electrum"
    - "source": "whonix-workstation-18"
    - "require":
      - "file": "qwbtc-creating-qwbtc-ws-electrum"

# qvm.clone reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-qwbtc-ws-electrum":
  cmd.run:
    - "name": "qvm-check -- qwbtc-ws-electrum"
    - "unless": "qvm-check -q -- qwbtc-ws-electrum"
    - "require":
      - "qvm": "qwbtc-clone-qwbtc-ws-electrum"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-qwbtc-ws-electrum":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-electrum"
    - "unless": "qvm-check -q -- qwbtc-ws-electrum"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-qwbtc-ws-electrum"

# Of which stock template it is: qvm.clone leaves a clone that is there alone, whatever it was made of. One of another was refused by the guard; one
# without this note, of an earlier version of ours, gets it.
"qwbtc-stock-qwbtc-ws-electrum":
  qvm.vm:
    - "name": "qwbtc-ws-electrum"
    - "features":
      - "set":
        - "qwbtc-stock": "whonix-workstation-18"
    - "require":
      - "cmd": "qwbtc-made-qwbtc-ws-electrum"
    - "onlyif": "qvm-check -q -- qwbtc-ws-electrum"

# The tag that makes it ours.
"qwbtc-tag-qwbtc-ws-electrum":
  qvm.vm:
    - "name": "qwbtc-ws-electrum"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "qvm": "qwbtc-stock-qwbtc-ws-electrum"
    - "onlyif": "qvm-check -q -- qwbtc-ws-electrum"

# Tagged: the marker has done its work.
"qwbtc-created-qwbtc-ws-electrum":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-electrum"
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-electrum"

# Black for templates, as Qubes has it; not in backups, since the states make it again. Skipped in test mode, in which qvm.prefs would write.
"qwbtc-prefs-qwbtc-ws-electrum":
  qvm.vm:
    - "name": "qwbtc-ws-electrum"
    - "prefs":
      - "label": "black"
      - "include-in-backups": false
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-electrum"
    - "onlyif": "qvm-check -q -- qwbtc-ws-electrum"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# From here until the tag is set, this marker tells the guard that the clone is ours.
"qwbtc-creating-qwbtc-ws-fulcrum":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-fulcrum"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- qwbtc-ws-fulcrum"
    - "require":
      - "qvm": "qwbtc-installed-whonix-workstation-18"

# A clone for fulcrum qubes: packages, users and units of one program, away from all others.
"qwbtc-clone-qwbtc-ws-fulcrum":
  qvm.clone:
    - "name": "qwbtc-ws-fulcrum"
    - "source": "whonix-workstation-18"
    - "require":
      - "file": "qwbtc-creating-qwbtc-ws-fulcrum"

# qvm.clone reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-qwbtc-ws-fulcrum":
  cmd.run:
    - "name": "qvm-check -- qwbtc-ws-fulcrum"
    - "unless": "qvm-check -q -- qwbtc-ws-fulcrum"
    - "require":
      - "qvm": "qwbtc-clone-qwbtc-ws-fulcrum"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-qwbtc-ws-fulcrum":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-fulcrum"
    - "unless": "qvm-check -q -- qwbtc-ws-fulcrum"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-qwbtc-ws-fulcrum"

# Of which stock template it is: qvm.clone leaves a clone that is there alone, whatever it was made of. One of another was refused by the guard; one
# without this note, of an earlier version of ours, gets it.
"qwbtc-stock-qwbtc-ws-fulcrum":
  qvm.vm:
    - "name": "qwbtc-ws-fulcrum"
    - "features":
      - "set":
        - "qwbtc-stock": "whonix-workstation-18"
    - "require":
      - "cmd": "qwbtc-made-qwbtc-ws-fulcrum"
    - "onlyif": "qvm-check -q -- qwbtc-ws-fulcrum"

# The tag that makes it ours.
"qwbtc-tag-qwbtc-ws-fulcrum":
  qvm.vm:
    - "name": "qwbtc-ws-fulcrum"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "qvm": "qwbtc-stock-qwbtc-ws-fulcrum"
    - "onlyif": "qvm-check -q -- qwbtc-ws-fulcrum"

# Tagged: the marker has done its work.
"qwbtc-created-qwbtc-ws-fulcrum":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-fulcrum"
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-fulcrum"

# Black for templates, as Qubes has it; not in backups, since the states make it again. Skipped in test mode, in which qvm.prefs would write.
"qwbtc-prefs-qwbtc-ws-fulcrum":
  qvm.vm:
    - "name": "qwbtc-ws-fulcrum"
    - "prefs":
      - "label": "black"
      - "include-in-backups": false
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-fulcrum"
    - "onlyif": "qvm-check -q -- qwbtc-ws-fulcrum"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"
