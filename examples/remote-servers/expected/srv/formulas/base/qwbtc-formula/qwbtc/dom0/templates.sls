#!yaml
# Stock templates are installed where they are missing, and never changed. What a role needs in its template goes into a clone of ours.
"include":
  - "qwbtc.dom0.guard"

# The stock Debian template, from the repository that ships it. Source: Qubes documentation, templates
"qwbtc-installed-debian-13-xfce":
  qvm.template_installed:
    - "name": "debian-13-xfce"
    - "fromrepo": "qubes-templates-itl"
    - "require":
      - "test": "qwbtc-guard"

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
"qwbtc-creating-qwbtc-ws-onion-forward":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-onion-forward"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- qwbtc-ws-onion-forward"
    - "require":
      - "qvm": "qwbtc-installed-whonix-workstation-18"

# A clone for forwarding over Tor qubes: packages, users and units of one program, away from all others.
"qwbtc-clone-qwbtc-ws-onion-forward":
  qvm.clone:
    - "name": "qwbtc-ws-onion-forward"
    - "source": "whonix-workstation-18"
    - "require":
      - "file": "qwbtc-creating-qwbtc-ws-onion-forward"

# qvm.clone reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-qwbtc-ws-onion-forward":
  cmd.run:
    - "name": "qvm-check -- qwbtc-ws-onion-forward"
    - "unless": "qvm-check -q -- qwbtc-ws-onion-forward"
    - "require":
      - "qvm": "qwbtc-clone-qwbtc-ws-onion-forward"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-qwbtc-ws-onion-forward":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-onion-forward"
    - "unless": "qvm-check -q -- qwbtc-ws-onion-forward"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-qwbtc-ws-onion-forward"

# Of which stock template it is: qvm.clone leaves a clone that is there alone, whatever it was made of. One of another was refused by the guard; one
# without this note, of an earlier version of ours, gets it.
"qwbtc-stock-qwbtc-ws-onion-forward":
  qvm.vm:
    - "name": "qwbtc-ws-onion-forward"
    - "features":
      - "set":
        - "qwbtc-stock": "whonix-workstation-18"
    - "require":
      - "cmd": "qwbtc-made-qwbtc-ws-onion-forward"
    - "onlyif": "qvm-check -q -- qwbtc-ws-onion-forward"

# The tag that makes it ours.
"qwbtc-tag-qwbtc-ws-onion-forward":
  qvm.vm:
    - "name": "qwbtc-ws-onion-forward"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "qvm": "qwbtc-stock-qwbtc-ws-onion-forward"
    - "onlyif": "qvm-check -q -- qwbtc-ws-onion-forward"

# Tagged: the marker has done its work.
"qwbtc-created-qwbtc-ws-onion-forward":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-onion-forward"
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-onion-forward"

# Black for templates, as Qubes has it; not in backups, since the states make it again. Skipped in test mode, in which qvm.prefs would write.
"qwbtc-prefs-qwbtc-ws-onion-forward":
  qvm.vm:
    - "name": "qwbtc-ws-onion-forward"
    - "prefs":
      - "label": "black"
      - "include-in-backups": false
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-onion-forward"
    - "onlyif": "qvm-check -q -- qwbtc-ws-onion-forward"
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
"qwbtc-creating-qwbtc-vm-lan-forward":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-vm-lan-forward"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- qwbtc-vm-lan-forward"
    - "require":
      - "qvm": "qwbtc-installed-debian-13-xfce"

# A clone for forwarding to your own network qubes: packages, users and units of one program, away from all others.
"qwbtc-clone-qwbtc-vm-lan-forward":
  qvm.clone:
    - "name": "qwbtc-vm-lan-forward"
    - "source": "debian-13-xfce"
    - "require":
      - "file": "qwbtc-creating-qwbtc-vm-lan-forward"

# qvm.clone reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-qwbtc-vm-lan-forward":
  cmd.run:
    - "name": "qvm-check -- qwbtc-vm-lan-forward"
    - "unless": "qvm-check -q -- qwbtc-vm-lan-forward"
    - "require":
      - "qvm": "qwbtc-clone-qwbtc-vm-lan-forward"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-qwbtc-vm-lan-forward":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-vm-lan-forward"
    - "unless": "qvm-check -q -- qwbtc-vm-lan-forward"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-qwbtc-vm-lan-forward"

# Of which stock template it is: qvm.clone leaves a clone that is there alone, whatever it was made of. One of another was refused by the guard; one
# without this note, of an earlier version of ours, gets it.
"qwbtc-stock-qwbtc-vm-lan-forward":
  qvm.vm:
    - "name": "qwbtc-vm-lan-forward"
    - "features":
      - "set":
        - "qwbtc-stock": "debian-13-xfce"
    - "require":
      - "cmd": "qwbtc-made-qwbtc-vm-lan-forward"
    - "onlyif": "qvm-check -q -- qwbtc-vm-lan-forward"

# The tag that makes it ours.
"qwbtc-tag-qwbtc-vm-lan-forward":
  qvm.vm:
    - "name": "qwbtc-vm-lan-forward"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "qvm": "qwbtc-stock-qwbtc-vm-lan-forward"
    - "onlyif": "qvm-check -q -- qwbtc-vm-lan-forward"

# Tagged: the marker has done its work.
"qwbtc-created-qwbtc-vm-lan-forward":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-vm-lan-forward"
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-vm-lan-forward"

# Black for templates, as Qubes has it; not in backups, since the states make it again. Skipped in test mode, in which qvm.prefs would write.
"qwbtc-prefs-qwbtc-vm-lan-forward":
  qvm.vm:
    - "name": "qwbtc-vm-lan-forward"
    - "prefs":
      - "label": "black"
      - "include-in-backups": false
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-vm-lan-forward"
    - "onlyif": "qvm-check -q -- qwbtc-vm-lan-forward"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# From here until the tag is set, this marker tells the guard that the clone is ours.
"qwbtc-creating-qwbtc-ws-jm-wallet":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-jm-wallet"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- qwbtc-ws-jm-wallet"
    - "require":
      - "qvm": "qwbtc-installed-whonix-workstation-18"

# A clone for joinmarket-wallet qubes: packages, users and units of one program, away from all others.
"qwbtc-clone-qwbtc-ws-jm-wallet":
  qvm.clone:
    - "name": "qwbtc-ws-jm-wallet"
    - "source": "whonix-workstation-18"
    - "require":
      - "file": "qwbtc-creating-qwbtc-ws-jm-wallet"

# qvm.clone reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-qwbtc-ws-jm-wallet":
  cmd.run:
    - "name": "qvm-check -- qwbtc-ws-jm-wallet"
    - "unless": "qvm-check -q -- qwbtc-ws-jm-wallet"
    - "require":
      - "qvm": "qwbtc-clone-qwbtc-ws-jm-wallet"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-qwbtc-ws-jm-wallet":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-jm-wallet"
    - "unless": "qvm-check -q -- qwbtc-ws-jm-wallet"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-qwbtc-ws-jm-wallet"

# Of which stock template it is: qvm.clone leaves a clone that is there alone, whatever it was made of. One of another was refused by the guard; one
# without this note, of an earlier version of ours, gets it.
"qwbtc-stock-qwbtc-ws-jm-wallet":
  qvm.vm:
    - "name": "qwbtc-ws-jm-wallet"
    - "features":
      - "set":
        - "qwbtc-stock": "whonix-workstation-18"
    - "require":
      - "cmd": "qwbtc-made-qwbtc-ws-jm-wallet"
    - "onlyif": "qvm-check -q -- qwbtc-ws-jm-wallet"

# The tag that makes it ours.
"qwbtc-tag-qwbtc-ws-jm-wallet":
  qvm.vm:
    - "name": "qwbtc-ws-jm-wallet"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "qvm": "qwbtc-stock-qwbtc-ws-jm-wallet"
    - "onlyif": "qvm-check -q -- qwbtc-ws-jm-wallet"

# Tagged: the marker has done its work.
"qwbtc-created-qwbtc-ws-jm-wallet":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-jm-wallet"
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-jm-wallet"

# Black for templates, as Qubes has it; not in backups, since the states make it again. Skipped in test mode, in which qvm.prefs would write.
"qwbtc-prefs-qwbtc-ws-jm-wallet":
  qvm.vm:
    - "name": "qwbtc-ws-jm-wallet"
    - "prefs":
      - "label": "black"
      - "include-in-backups": false
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-jm-wallet"
    - "onlyif": "qvm-check -q -- qwbtc-ws-jm-wallet"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# From here until the tag is set, this marker tells the guard that the clone is ours.
"qwbtc-creating-qwbtc-ws-jm-server":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-jm-server"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- qwbtc-ws-jm-server"
    - "require":
      - "qvm": "qwbtc-installed-whonix-workstation-18"

# A clone for joinmarketd qubes: packages, users and units of one program, away from all others.
"qwbtc-clone-qwbtc-ws-jm-server":
  qvm.clone:
    - "name": "qwbtc-ws-jm-server"
    - "source": "whonix-workstation-18"
    - "require":
      - "file": "qwbtc-creating-qwbtc-ws-jm-server"

# qvm.clone reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-qwbtc-ws-jm-server":
  cmd.run:
    - "name": "qvm-check -- qwbtc-ws-jm-server"
    - "unless": "qvm-check -q -- qwbtc-ws-jm-server"
    - "require":
      - "qvm": "qwbtc-clone-qwbtc-ws-jm-server"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-qwbtc-ws-jm-server":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-jm-server"
    - "unless": "qvm-check -q -- qwbtc-ws-jm-server"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-qwbtc-ws-jm-server"

# Of which stock template it is: qvm.clone leaves a clone that is there alone, whatever it was made of. One of another was refused by the guard; one
# without this note, of an earlier version of ours, gets it.
"qwbtc-stock-qwbtc-ws-jm-server":
  qvm.vm:
    - "name": "qwbtc-ws-jm-server"
    - "features":
      - "set":
        - "qwbtc-stock": "whonix-workstation-18"
    - "require":
      - "cmd": "qwbtc-made-qwbtc-ws-jm-server"
    - "onlyif": "qvm-check -q -- qwbtc-ws-jm-server"

# The tag that makes it ours.
"qwbtc-tag-qwbtc-ws-jm-server":
  qvm.vm:
    - "name": "qwbtc-ws-jm-server"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "qvm": "qwbtc-stock-qwbtc-ws-jm-server"
    - "onlyif": "qvm-check -q -- qwbtc-ws-jm-server"

# Tagged: the marker has done its work.
"qwbtc-created-qwbtc-ws-jm-server":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-jm-server"
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-jm-server"

# Black for templates, as Qubes has it; not in backups, since the states make it again. Skipped in test mode, in which qvm.prefs would write.
"qwbtc-prefs-qwbtc-ws-jm-server":
  qvm.vm:
    - "name": "qwbtc-ws-jm-server"
    - "prefs":
      - "label": "black"
      - "include-in-backups": false
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-jm-server"
    - "onlyif": "qvm-check -q -- qwbtc-ws-jm-server"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"
