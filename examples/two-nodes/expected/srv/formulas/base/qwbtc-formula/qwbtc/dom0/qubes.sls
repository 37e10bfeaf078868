#!yaml
# The qubes. First each is made, tagged and given its network; only when that holds for all of them comes anything else, so that no qube keeps
# a net qube that it must not have because some other setting was refused.
# States that set prefs are skipped in test mode: qvm.prefs writes even then (qubes-mgmt-salt-dom0-qvm ext_module_qvm.py).
"include":
  - "qwbtc.dom0.guard"
  - "qwbtc.dom0.templates"

# ---- sys-bitcoin-one: whonix-gateway ----

# From here until the tag is set, this marker tells the guard that the qube is ours.
"qwbtc-creating-sys-bitcoin-one":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/sys-bitcoin-one"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- sys-bitcoin-one"
    - "require":
      - "qvm": "qwbtc-installed-whonix-gateway-18"

# Makes the qube if it is missing; corrects nothing of one that exists (the states below do).
"qwbtc-present-sys-bitcoin-one":
  qvm.vm:
    - "name": "sys-bitcoin-one"
    - "present":
      - "template": "whonix-gateway-18"
      - "label": "purple"
    - "require":
      - "file": "qwbtc-creating-sys-bitcoin-one"

# qvm.present reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-sys-bitcoin-one":
  cmd.run:
    - "name": "qvm-check -- sys-bitcoin-one"
    - "unless": "qvm-check -q -- sys-bitcoin-one"
    - "require":
      - "qvm": "qwbtc-present-sys-bitcoin-one"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-sys-bitcoin-one":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/sys-bitcoin-one"
    - "unless": "qvm-check -q -- sys-bitcoin-one"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-sys-bitcoin-one"

# The tag that makes it ours.
"qwbtc-tag-sys-bitcoin-one":
  qvm.vm:
    - "name": "sys-bitcoin-one"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "cmd": "qwbtc-made-sys-bitcoin-one"
    - "onlyif": "qvm-check -q -- sys-bitcoin-one"

# Tagged: the marker has done its work.
"qwbtc-created-sys-bitcoin-one":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/sys-bitcoin-one"
    - "require":
      - "qvm": "qwbtc-tag-sys-bitcoin-one"

# The net qube of the topology. A state of its own: Whonix sets another when a Whonix qube is made (qubes-core-admin-addon-whonix).
# No disposables from here: one would come up with a net qube of its own.
"qwbtc-network-sys-bitcoin-one":
  qvm.vm:
    - "name": "sys-bitcoin-one"
    - "prefs":
      - "netvm": "sys-firewall"
      - "default_dispvm": "none"
      - "provides-network": true
    - "require":
      - "file": "qwbtc-created-sys-bitcoin-one"
    - "onlyif": "qvm-check -q -- sys-bitcoin-one"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# ---- bitcoin-one: bitcoind ----

# From here until the tag is set, this marker tells the guard that the qube is ours.
"qwbtc-creating-bitcoin-one":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/bitcoin-one"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- bitcoin-one"
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-bitcoin"

# Makes the qube if it is missing; corrects nothing of one that exists (the states below do).
"qwbtc-present-bitcoin-one":
  qvm.vm:
    - "name": "bitcoin-one"
    - "present":
      - "template": "qwbtc-ws-bitcoin"
      - "label": "red"
    - "require":
      - "file": "qwbtc-creating-bitcoin-one"

# qvm.present reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-bitcoin-one":
  cmd.run:
    - "name": "qvm-check -- bitcoin-one"
    - "unless": "qvm-check -q -- bitcoin-one"
    - "require":
      - "qvm": "qwbtc-present-bitcoin-one"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-bitcoin-one":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/bitcoin-one"
    - "unless": "qvm-check -q -- bitcoin-one"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-bitcoin-one"

# The tag that makes it ours.
"qwbtc-tag-bitcoin-one":
  qvm.vm:
    - "name": "bitcoin-one"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "cmd": "qwbtc-made-bitcoin-one"
    - "onlyif": "qvm-check -q -- bitcoin-one"

# Tagged: the marker has done its work.
"qwbtc-created-bitcoin-one":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/bitcoin-one"
    - "require":
      - "qvm": "qwbtc-tag-bitcoin-one"

# The net qube of the topology. A state of its own: Whonix sets another when a Whonix qube is made (qubes-core-admin-addon-whonix).
# No disposables from here: one would come up with a net qube of its own.
"qwbtc-network-bitcoin-one":
  qvm.vm:
    - "name": "bitcoin-one"
    - "prefs":
      - "netvm": "sys-bitcoin-one"
      - "default_dispvm": "none"
      - "provides-network": false
    - "require":
      - "file": "qwbtc-created-bitcoin-one"
      - "qvm": "qwbtc-network-sys-bitcoin-one"
    - "onlyif": "qvm-check -q -- bitcoin-one"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# ---- sys-bitcoin-two: whonix-gateway ----

# From here until the tag is set, this marker tells the guard that the qube is ours.
"qwbtc-creating-sys-bitcoin-two":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/sys-bitcoin-two"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- sys-bitcoin-two"
    - "require":
      - "qvm": "qwbtc-installed-whonix-gateway-18"

# Makes the qube if it is missing; corrects nothing of one that exists (the states below do).
"qwbtc-present-sys-bitcoin-two":
  qvm.vm:
    - "name": "sys-bitcoin-two"
    - "present":
      - "template": "whonix-gateway-18"
      - "label": "purple"
    - "require":
      - "file": "qwbtc-creating-sys-bitcoin-two"

# qvm.present reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-sys-bitcoin-two":
  cmd.run:
    - "name": "qvm-check -- sys-bitcoin-two"
    - "unless": "qvm-check -q -- sys-bitcoin-two"
    - "require":
      - "qvm": "qwbtc-present-sys-bitcoin-two"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-sys-bitcoin-two":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/sys-bitcoin-two"
    - "unless": "qvm-check -q -- sys-bitcoin-two"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-sys-bitcoin-two"

# The tag that makes it ours.
"qwbtc-tag-sys-bitcoin-two":
  qvm.vm:
    - "name": "sys-bitcoin-two"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "cmd": "qwbtc-made-sys-bitcoin-two"
    - "onlyif": "qvm-check -q -- sys-bitcoin-two"

# Tagged: the marker has done its work.
"qwbtc-created-sys-bitcoin-two":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/sys-bitcoin-two"
    - "require":
      - "qvm": "qwbtc-tag-sys-bitcoin-two"

# The net qube of the topology. A state of its own: Whonix sets another when a Whonix qube is made (qubes-core-admin-addon-whonix).
# No disposables from here: one would come up with a net qube of its own.
"qwbtc-network-sys-bitcoin-two":
  qvm.vm:
    - "name": "sys-bitcoin-two"
    - "prefs":
      - "netvm": "sys-firewall"
      - "default_dispvm": "none"
      - "provides-network": true
    - "require":
      - "file": "qwbtc-created-sys-bitcoin-two"
    - "onlyif": "qvm-check -q -- sys-bitcoin-two"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# ---- bitcoin-two: bitcoind ----

# From here until the tag is set, this marker tells the guard that the qube is ours.
"qwbtc-creating-bitcoin-two":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/bitcoin-two"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- bitcoin-two"
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-bitcoin"

# Makes the qube if it is missing; corrects nothing of one that exists (the states below do).
"qwbtc-present-bitcoin-two":
  qvm.vm:
    - "name": "bitcoin-two"
    - "present":
      - "template": "qwbtc-ws-bitcoin"
      - "label": "red"
    - "require":
      - "file": "qwbtc-creating-bitcoin-two"

# qvm.present reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-bitcoin-two":
  cmd.run:
    - "name": "qvm-check -- bitcoin-two"
    - "unless": "qvm-check -q -- bitcoin-two"
    - "require":
      - "qvm": "qwbtc-present-bitcoin-two"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-bitcoin-two":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/bitcoin-two"
    - "unless": "qvm-check -q -- bitcoin-two"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-bitcoin-two"

# The tag that makes it ours.
"qwbtc-tag-bitcoin-two":
  qvm.vm:
    - "name": "bitcoin-two"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "cmd": "qwbtc-made-bitcoin-two"
    - "onlyif": "qvm-check -q -- bitcoin-two"

# Tagged: the marker has done its work.
"qwbtc-created-bitcoin-two":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/bitcoin-two"
    - "require":
      - "qvm": "qwbtc-tag-bitcoin-two"

# The net qube of the topology. A state of its own: Whonix sets another when a Whonix qube is made (qubes-core-admin-addon-whonix).
# No disposables from here: one would come up with a net qube of its own.
"qwbtc-network-bitcoin-two":
  qvm.vm:
    - "name": "bitcoin-two"
    - "prefs":
      - "netvm": "sys-bitcoin-two"
      - "default_dispvm": "none"
      - "provides-network": false
    - "require":
      - "file": "qwbtc-created-bitcoin-two"
      - "qvm": "qwbtc-network-sys-bitcoin-two"
    - "onlyif": "qvm-check -q -- bitcoin-two"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# ---- electrum-client: electrum-wallet ----

# From here until the tag is set, this marker tells the guard that the qube is ours.
"qwbtc-creating-electrum-client":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/electrum-client"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- electrum-client"
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-electrum"

# Makes the qube if it is missing; corrects nothing of one that exists (the states below do).
"qwbtc-present-electrum-client":
  qvm.vm:
    - "name": "electrum-client"
    - "present":
      - "template": "qwbtc-ws-electrum"
      - "label": "black"
    - "require":
      - "file": "qwbtc-creating-electrum-client"

# qvm.present reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-electrum-client":
  cmd.run:
    - "name": "qvm-check -- electrum-client"
    - "unless": "qvm-check -q -- electrum-client"
    - "require":
      - "qvm": "qwbtc-present-electrum-client"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-electrum-client":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/electrum-client"
    - "unless": "qvm-check -q -- electrum-client"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-electrum-client"

# The tag that makes it ours.
"qwbtc-tag-electrum-client":
  qvm.vm:
    - "name": "electrum-client"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "cmd": "qwbtc-made-electrum-client"
    - "onlyif": "qvm-check -q -- electrum-client"

# Tagged: the marker has done its work.
"qwbtc-created-electrum-client":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/electrum-client"
    - "require":
      - "qvm": "qwbtc-tag-electrum-client"

# No net qube: nothing leaves this qube but what a link allows.
# No disposables from here: one would come up with a net qube of its own.
"qwbtc-network-electrum-client":
  qvm.vm:
    - "name": "electrum-client"
    - "prefs":
      - "netvm": "none"
      - "default_dispvm": "none"
      - "provides-network": false
    - "require":
      - "file": "qwbtc-created-electrum-client"
    - "onlyif": "qvm-check -q -- electrum-client"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# ---- electrum-one: fulcrum ----

# From here until the tag is set, this marker tells the guard that the qube is ours.
"qwbtc-creating-electrum-one":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/electrum-one"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- electrum-one"
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-fulcrum"

# Makes the qube if it is missing; corrects nothing of one that exists (the states below do).
"qwbtc-present-electrum-one":
  qvm.vm:
    - "name": "electrum-one"
    - "present":
      - "template": "qwbtc-ws-fulcrum"
      - "label": "red"
    - "require":
      - "file": "qwbtc-creating-electrum-one"

# qvm.present reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-electrum-one":
  cmd.run:
    - "name": "qvm-check -- electrum-one"
    - "unless": "qvm-check -q -- electrum-one"
    - "require":
      - "qvm": "qwbtc-present-electrum-one"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-electrum-one":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/electrum-one"
    - "unless": "qvm-check -q -- electrum-one"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-electrum-one"

# The tag that makes it ours.
"qwbtc-tag-electrum-one":
  qvm.vm:
    - "name": "electrum-one"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "cmd": "qwbtc-made-electrum-one"
    - "onlyif": "qvm-check -q -- electrum-one"

# Tagged: the marker has done its work.
"qwbtc-created-electrum-one":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/electrum-one"
    - "require":
      - "qvm": "qwbtc-tag-electrum-one"

# No net qube: nothing leaves this qube but what a link allows.
# No disposables from here: one would come up with a net qube of its own.
"qwbtc-network-electrum-one":
  qvm.vm:
    - "name": "electrum-one"
    - "prefs":
      - "netvm": "none"
      - "default_dispvm": "none"
      - "provides-network": false
    - "require":
      - "file": "qwbtc-created-electrum-one"
    - "onlyif": "qvm-check -q -- electrum-one"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# ---- electrum-two: fulcrum ----

# From here until the tag is set, this marker tells the guard that the qube is ours.
"qwbtc-creating-electrum-two":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/electrum-two"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- electrum-two"
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-fulcrum"

# Makes the qube if it is missing; corrects nothing of one that exists (the states below do).
"qwbtc-present-electrum-two":
  qvm.vm:
    - "name": "electrum-two"
    - "present":
      - "template": "qwbtc-ws-fulcrum"
      - "label": "red"
    - "require":
      - "file": "qwbtc-creating-electrum-two"

# qvm.present reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-electrum-two":
  cmd.run:
    - "name": "qvm-check -- electrum-two"
    - "unless": "qvm-check -q -- electrum-two"
    - "require":
      - "qvm": "qwbtc-present-electrum-two"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-electrum-two":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/electrum-two"
    - "unless": "qvm-check -q -- electrum-two"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-electrum-two"

# The tag that makes it ours.
"qwbtc-tag-electrum-two":
  qvm.vm:
    - "name": "electrum-two"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "cmd": "qwbtc-made-electrum-two"
    - "onlyif": "qvm-check -q -- electrum-two"

# Tagged: the marker has done its work.
"qwbtc-created-electrum-two":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/electrum-two"
    - "require":
      - "qvm": "qwbtc-tag-electrum-two"

# No net qube: nothing leaves this qube but what a link allows.
# No disposables from here: one would come up with a net qube of its own.
"qwbtc-network-electrum-two":
  qvm.vm:
    - "name": "electrum-two"
    - "prefs":
      - "netvm": "none"
      - "default_dispvm": "none"
      - "provides-network": false
    - "require":
      - "file": "qwbtc-created-electrum-two"
    - "onlyif": "qvm-check -q -- electrum-two"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# ---- Every qube has its network: everything below requires this. ----
"qwbtc-networks":
  test.nop:
    - "require":
      - "test": "qwbtc-guard"
      - "qvm": "qwbtc-network-sys-bitcoin-one"
      - "qvm": "qwbtc-network-bitcoin-one"
      - "qvm": "qwbtc-network-sys-bitcoin-two"
      - "qvm": "qwbtc-network-bitcoin-two"
      - "qvm": "qwbtc-network-electrum-client"
      - "qvm": "qwbtc-network-electrum-one"
      - "qvm": "qwbtc-network-electrum-two"

# ---- sys-bitcoin-one ----
# label: The guides' colour for gateways; labels carry no function. Source: ben-grande/qubes-bitcoin
# memory: Tor alone is small. Source: ben-grande/qusal sys-bitcoin-gateway: 300 to 500
# maxmem: Room for Tor with many circuits; more would only take memory from the node. Source: ben-grande/qubes-bitcoin: 400 to 700
# vcpus: Tor uses one core. Source: ben-grande/qubes-bitcoin
# autostart: The user decides when it starts; for a node that always runs, set vm.autostart. Source: qvm-prefs(1), autostart
# include-in-backups: Tor's guard choice and the keys of onion services live in the gateway's private volume. Source: qubes-whonix bind-dirs of /var/lib/tor
"qwbtc-prefs-sys-bitcoin-one":
  qvm.vm:
    - "name": "sys-bitcoin-one"
    - "prefs":
      - "template": "whonix-gateway-18"
      - "label": "purple"
      - "memory": 400
      - "maxmem": 700
      - "vcpus": 1
      - "autostart": false
      - "include-in-backups": true
    - "require":
      - "test": "qwbtc-networks"
    - "onlyif": "qvm-check -q -- sys-bitcoin-one"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# Services that its template's units wait for are switched on, printing off. IPv6 is off: nothing here needs it, and what is not there need not be watched.
# menu-items: A terminal and the state of the clock; a gateway is for nothing else. Source: Kicksecure/sdwdate-gui usr/share/applications
"qwbtc-settings-sys-bitcoin-one":
  qvm.vm:
    - "name": "sys-bitcoin-one"
    - "service":
      - "disable":
        - "cups"
        - "cups-browsed"
        - "tinyproxy"
    - "features":
      - "set":
        - "ipv6": ""
        - "menu-items": "qubes-run-terminal.desktop sdwdate-gui.desktop"
    - "require":
      - "test": "qwbtc-networks"
      - "qvm": "qwbtc-tag-sys-bitcoin-one"
    - "onlyif": "qvm-check -q -- sys-bitcoin-one"

# ---- bitcoin-one ----
# label: The guides' colour for what talks to strangers; labels carry no function. Source: ben-grande/qubes-bitcoin
# memory: Enough to start and to serve once the chain is there. Source: nix-bitcoin: 2 GB in all
# maxmem: The first sync uses what it gets, up to a point: over Tor the network is the limit. When the chain is there, `phase: steady` gives most of it back. Source: ben-grande/qubes-bitcoin: 1800; ben-grande/qusal: 2500
# vcpus: Signatures are checked in parallel. Source: ben-grande/qubes-bitcoin
# autostart: The user decides when it starts; for a node that always runs, set vm.autostart. Source: qvm-prefs(1), autostart
# include-in-backups: The chain can be downloaded again; a backup of a terabyte can hardly be made. The node holds no key. Source: Qubes documentation, backups
# qrexec-timeout: A large volume may be checked before the qube answers; by default Qubes gives up after 60 s. Source: qubes-core-admin qubes/vm/qubesvm.py, qrexec_timeout
"qwbtc-prefs-bitcoin-one":
  qvm.vm:
    - "name": "bitcoin-one"
    - "prefs":
      - "template": "qwbtc-ws-bitcoin"
      - "label": "red"
      - "memory": 1000
      - "maxmem": 4000
      - "vcpus": 2
      - "autostart": false
      - "include-in-backups": false
      - "qrexec-timeout": 300
    - "require":
      - "test": "qwbtc-networks"
    - "onlyif": "qvm-check -q -- bitcoin-one"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# Services that its template's units wait for are switched on, printing off. IPv6 is off: nothing here needs it, and what is not there need not be watched.
# menu-items: A terminal, for the runbook's commands, and what the template adds. Source: qubes-core-agent-linux qubes-run-terminal.desktop
"qwbtc-settings-bitcoin-one":
  qvm.vm:
    - "name": "bitcoin-one"
    - "service":
      - "enable":
        - "qwbtc-bitcoind"
        - "qwbtc-bring"
        - "qwbtc-fetch"
      - "disable":
        - "cups"
        - "cups-browsed"
    - "features":
      - "set":
        - "ipv6": ""
        - "menu-items": "qubes-run-terminal.desktop qwbtc-node-status.desktop"
    - "require":
      - "test": "qwbtc-networks"
      - "qvm": "qwbtc-tag-bitcoin-one"
    - "onlyif": "qvm-check -q -- bitcoin-one"

# private volume, in bytes: The chain: some 870 GB in 2026 with its state, 70 more with txindex, and room to grow. Source: Bitcoin Core 31 src/kernel/chainparams.cpp, m_assumed_blockchain_size
# Only ever grown: a volume that is larger stays as it is.
"qwbtc-volume-bitcoin-one":
  cmd.run:
    - "name": "qvm-volume resize -- bitcoin-one:private 1073741824000"
    - "unless": "test \"$(qvm-volume info -- bitcoin-one:private size)\" -ge 1073741824000"
    - "require":
      - "test": "qwbtc-networks"

# revisions_to_keep: Qubes keeps an old copy of the volume at every shutdown; of a chain that changes all over, that copy may fill the pool. Source: Qubes documentation, volume backup and revert
"qwbtc-revisions-bitcoin-one":
  cmd.run:
    - "name": "qvm-volume config -- bitcoin-one:private revisions_to_keep 0"
    - "unless": "test \"$(qvm-volume info -- bitcoin-one:private revisions_to_keep)\" = 0"
    - "require":
      - "test": "qwbtc-networks"

# shutdown_timeout: bitcoind writes its caches before it ends, which may take minutes. Qubes kills a qube after 60 s by default, and the next start would check everything. Source: qubes-core-admin qubes/vm/qubesvm.py, shutdown_timeout
# qvm.prefs passes this property over in silence, so it is set by qvm-prefs.
"qwbtc-shutdown-timeout-bitcoin-one":
  cmd.run:
    - "name": "qvm-prefs -- bitcoin-one shutdown_timeout 900"
    - "unless": "test \"$(qvm-prefs --get -- bitcoin-one shutdown_timeout)\" = 900"
    - "require":
      - "test": "qwbtc-networks"

# ---- sys-bitcoin-two ----
# label: The guides' colour for gateways; labels carry no function. Source: ben-grande/qubes-bitcoin
# memory: Tor alone is small. Source: ben-grande/qusal sys-bitcoin-gateway: 300 to 500
# maxmem: Room for Tor with many circuits; more would only take memory from the node. Source: ben-grande/qubes-bitcoin: 400 to 700
# vcpus: Tor uses one core. Source: ben-grande/qubes-bitcoin
# autostart: The user decides when it starts; for a node that always runs, set vm.autostart. Source: qvm-prefs(1), autostart
# include-in-backups: Tor's guard choice and the keys of onion services live in the gateway's private volume. Source: qubes-whonix bind-dirs of /var/lib/tor
"qwbtc-prefs-sys-bitcoin-two":
  qvm.vm:
    - "name": "sys-bitcoin-two"
    - "prefs":
      - "template": "whonix-gateway-18"
      - "label": "purple"
      - "memory": 400
      - "maxmem": 700
      - "vcpus": 1
      - "autostart": false
      - "include-in-backups": true
    - "require":
      - "test": "qwbtc-networks"
    - "onlyif": "qvm-check -q -- sys-bitcoin-two"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# Services that its template's units wait for are switched on, printing off. IPv6 is off: nothing here needs it, and what is not there need not be watched.
# menu-items: A terminal and the state of the clock; a gateway is for nothing else. Source: Kicksecure/sdwdate-gui usr/share/applications
"qwbtc-settings-sys-bitcoin-two":
  qvm.vm:
    - "name": "sys-bitcoin-two"
    - "service":
      - "disable":
        - "cups"
        - "cups-browsed"
        - "tinyproxy"
    - "features":
      - "set":
        - "ipv6": ""
        - "menu-items": "qubes-run-terminal.desktop sdwdate-gui.desktop"
    - "require":
      - "test": "qwbtc-networks"
      - "qvm": "qwbtc-tag-sys-bitcoin-two"
    - "onlyif": "qvm-check -q -- sys-bitcoin-two"

# ---- bitcoin-two ----
# label: The guides' colour for what talks to strangers; labels carry no function. Source: ben-grande/qubes-bitcoin
# memory: Enough to start and to serve once the chain is there. Source: nix-bitcoin: 2 GB in all
# maxmem: The first sync uses what it gets, up to a point: over Tor the network is the limit. When the chain is there, `phase: steady` gives most of it back. Source: ben-grande/qubes-bitcoin: 1800; ben-grande/qusal: 2500
# vcpus: Signatures are checked in parallel. Source: ben-grande/qubes-bitcoin
# autostart: The user decides when it starts; for a node that always runs, set vm.autostart. Source: qvm-prefs(1), autostart
# include-in-backups: The chain can be downloaded again; a backup of a terabyte can hardly be made. The node holds no key. Source: Qubes documentation, backups
# qrexec-timeout: A large volume may be checked before the qube answers; by default Qubes gives up after 60 s. Source: qubes-core-admin qubes/vm/qubesvm.py, qrexec_timeout
"qwbtc-prefs-bitcoin-two":
  qvm.vm:
    - "name": "bitcoin-two"
    - "prefs":
      - "template": "qwbtc-ws-bitcoin"
      - "label": "red"
      - "memory": 1000
      - "maxmem": 4000
      - "vcpus": 2
      - "autostart": false
      - "include-in-backups": false
      - "qrexec-timeout": 300
    - "require":
      - "test": "qwbtc-networks"
    - "onlyif": "qvm-check -q -- bitcoin-two"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# Services that its template's units wait for are switched on, printing off. IPv6 is off: nothing here needs it, and what is not there need not be watched.
# menu-items: A terminal, for the runbook's commands, and what the template adds. Source: qubes-core-agent-linux qubes-run-terminal.desktop
"qwbtc-settings-bitcoin-two":
  qvm.vm:
    - "name": "bitcoin-two"
    - "service":
      - "enable":
        - "qwbtc-bitcoind"
        - "qwbtc-bring"
        - "qwbtc-fetch"
      - "disable":
        - "cups"
        - "cups-browsed"
    - "features":
      - "set":
        - "ipv6": ""
        - "menu-items": "qubes-run-terminal.desktop qwbtc-node-status.desktop"
    - "require":
      - "test": "qwbtc-networks"
      - "qvm": "qwbtc-tag-bitcoin-two"
    - "onlyif": "qvm-check -q -- bitcoin-two"

# private volume, in bytes: The chain: some 870 GB in 2026 with its state, 70 more with txindex, and room to grow. Source: Bitcoin Core 31 src/kernel/chainparams.cpp, m_assumed_blockchain_size
# Only ever grown: a volume that is larger stays as it is.
"qwbtc-volume-bitcoin-two":
  cmd.run:
    - "name": "qvm-volume resize -- bitcoin-two:private 1073741824000"
    - "unless": "test \"$(qvm-volume info -- bitcoin-two:private size)\" -ge 1073741824000"
    - "require":
      - "test": "qwbtc-networks"

# revisions_to_keep: Qubes keeps an old copy of the volume at every shutdown; of a chain that changes all over, that copy may fill the pool. Source: Qubes documentation, volume backup and revert
"qwbtc-revisions-bitcoin-two":
  cmd.run:
    - "name": "qvm-volume config -- bitcoin-two:private revisions_to_keep 0"
    - "unless": "test \"$(qvm-volume info -- bitcoin-two:private revisions_to_keep)\" = 0"
    - "require":
      - "test": "qwbtc-networks"

# shutdown_timeout: bitcoind writes its caches before it ends, which may take minutes. Qubes kills a qube after 60 s by default, and the next start would check everything. Source: qubes-core-admin qubes/vm/qubesvm.py, shutdown_timeout
# qvm.prefs passes this property over in silence, so it is set by qvm-prefs.
"qwbtc-shutdown-timeout-bitcoin-two":
  cmd.run:
    - "name": "qvm-prefs -- bitcoin-two shutdown_timeout 900"
    - "unless": "test \"$(qvm-prefs --get -- bitcoin-two shutdown_timeout)\" = 900"
    - "require":
      - "test": "qwbtc-networks"

# ---- electrum-client ----
# label: Qubes' colour for what is trusted most; labels carry no function. Source: Qubes documentation, getting started; ben-grande/qubes-bitcoin: orange
# memory: Enough to start. Source: ben-grande/qusal sys-electrum: 400
# maxmem: A wallet with a long history needs more. Source: ben-grande/qubes-bitcoin: 700
# vcpus: It waits for you most of the time. Source: ben-grande/qubes-bitcoin
# autostart: The user decides when it starts; for a node that always runs, set vm.autostart. Source: qvm-prefs(1), autostart
# include-in-backups: The wallet file: labels, contacts, and the keys if you keep them here. The seed on paper is still the backup that counts. Source: Electrum documentation, seed
"qwbtc-prefs-electrum-client":
  qvm.vm:
    - "name": "electrum-client"
    - "prefs":
      - "template": "qwbtc-ws-electrum"
      - "label": "black"
      - "memory": 400
      - "maxmem": 800
      - "vcpus": 1
      - "autostart": false
      - "include-in-backups": true
    - "require":
      - "test": "qwbtc-networks"
    - "onlyif": "qvm-check -q -- electrum-client"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# Services that its template's units wait for are switched on, printing off. IPv6 is off: nothing here needs it, and what is not there need not be watched.
# menu-items: The files that come and go by copying, a terminal, and what the template adds. Source: Debian thunar and electrum, usr/share/applications
"qwbtc-settings-electrum-client":
  qvm.vm:
    - "name": "electrum-client"
    - "service":
      - "enable":
        - "qwbtc-tcp-50001"
        - "qwbtc-50011-electrum-two"
        - "no-sdwdate"
      - "disable":
        - "cups"
        - "cups-browsed"
    - "features":
      - "set":
        - "ipv6": ""
        - "menu-items": "thunar.desktop qubes-run-terminal.desktop qwbtc-electrum.desktop"
    - "require":
      - "test": "qwbtc-networks"
      - "qvm": "qwbtc-tag-electrum-client"
    - "onlyif": "qvm-check -q -- electrum-client"

# ---- electrum-one ----
# label: The guides' colour for servers; labels carry no function. Source: ben-grande/qubes-bitcoin
# memory: What it needs once the index is there. Source: Fulcrum README, requirements: 1 GB at least
# maxmem: The first sync is bound by memory and processor. Once it is through, say so: `phase: steady`. Source: ben-grande/qubes-bitcoin: 5000, then 1200
# vcpus: It indexes in parallel. Source: ben-grande/qubes-bitcoin
# autostart: The user decides when it starts; for a node that always runs, set vm.autostart. Source: qvm-prefs(1), autostart
# include-in-backups: The index can be made again from the chain. It holds nothing of yours: it knows every address alike. Source: Qubes documentation, backups
# qrexec-timeout: A large volume may be checked before the qube answers; by default Qubes gives up after 60 s. Source: qubes-core-admin qubes/vm/qubesvm.py, qrexec_timeout
"qwbtc-prefs-electrum-one":
  qvm.vm:
    - "name": "electrum-one"
    - "prefs":
      - "template": "qwbtc-ws-fulcrum"
      - "label": "red"
      - "memory": 1000
      - "maxmem": 5000
      - "vcpus": 2
      - "autostart": false
      - "include-in-backups": false
      - "qrexec-timeout": 300
    - "require":
      - "test": "qwbtc-networks"
    - "onlyif": "qvm-check -q -- electrum-one"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# Services that its template's units wait for are switched on, printing off. IPv6 is off: nothing here needs it, and what is not there need not be watched.
# menu-items: A terminal, for the runbook's commands. Source: qubes-core-agent-linux qubes-run-terminal.desktop
"qwbtc-settings-electrum-one":
  qvm.vm:
    - "name": "electrum-one"
    - "service":
      - "enable":
        - "qwbtc-fulcrum"
        - "qwbtc-bring"
        - "qwbtc-tcp-8332"
        - "qwbtc-tcp-8433"
        - "no-sdwdate"
      - "disable":
        - "cups"
        - "cups-browsed"
    - "features":
      - "set":
        - "ipv6": ""
        - "menu-items": "qubes-run-terminal.desktop"
    - "require":
      - "test": "qwbtc-networks"
      - "qvm": "qwbtc-tag-electrum-one"
    - "onlyif": "qvm-check -q -- electrum-one"

# private volume, in bytes: The index of this chain takes up to 200 GB while it is made; and room to grow. Source: Fulcrum README, requirements: 133 GB of the main chain in 2023; ben-grande/qusal: 200 GiB
# Only ever grown: a volume that is larger stays as it is.
"qwbtc-volume-electrum-one":
  cmd.run:
    - "name": "qvm-volume resize -- electrum-one:private 268435456000"
    - "unless": "test \"$(qvm-volume info -- electrum-one:private size)\" -ge 268435456000"
    - "require":
      - "test": "qwbtc-networks"

# revisions_to_keep: Qubes keeps an old copy of the volume at every shutdown; of an index that changes all over, that copy may fill the pool. Source: Qubes documentation, volume backup and revert
"qwbtc-revisions-electrum-one":
  cmd.run:
    - "name": "qvm-volume config -- electrum-one:private revisions_to_keep 0"
    - "unless": "test \"$(qvm-volume info -- electrum-one:private revisions_to_keep)\" = 0"
    - "require":
      - "test": "qwbtc-networks"

# shutdown_timeout: It writes its database before it ends, which may take minutes; Qubes kills a qube after 60 s by default. Source: qubes-core-admin qubes/vm/qubesvm.py, shutdown_timeout
# qvm.prefs passes this property over in silence, so it is set by qvm-prefs.
"qwbtc-shutdown-timeout-electrum-one":
  cmd.run:
    - "name": "qvm-prefs -- electrum-one shutdown_timeout 360"
    - "unless": "test \"$(qvm-prefs --get -- electrum-one shutdown_timeout)\" = 360"
    - "require":
      - "test": "qwbtc-networks"

# ---- electrum-two ----
# label: The guides' colour for servers; labels carry no function. Source: ben-grande/qubes-bitcoin
# memory: What it needs once the index is there. Source: Fulcrum README, requirements: 1 GB at least
# maxmem: The first sync is bound by memory and processor. Once it is through, say so: `phase: steady`. Source: ben-grande/qubes-bitcoin: 5000, then 1200
# vcpus: It indexes in parallel. Source: ben-grande/qubes-bitcoin
# autostart: The user decides when it starts; for a node that always runs, set vm.autostart. Source: qvm-prefs(1), autostart
# include-in-backups: The index can be made again from the chain. It holds nothing of yours: it knows every address alike. Source: Qubes documentation, backups
# qrexec-timeout: A large volume may be checked before the qube answers; by default Qubes gives up after 60 s. Source: qubes-core-admin qubes/vm/qubesvm.py, qrexec_timeout
"qwbtc-prefs-electrum-two":
  qvm.vm:
    - "name": "electrum-two"
    - "prefs":
      - "template": "qwbtc-ws-fulcrum"
      - "label": "red"
      - "memory": 1000
      - "maxmem": 5000
      - "vcpus": 2
      - "autostart": false
      - "include-in-backups": false
      - "qrexec-timeout": 300
    - "require":
      - "test": "qwbtc-networks"
    - "onlyif": "qvm-check -q -- electrum-two"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# Services that its template's units wait for are switched on, printing off. IPv6 is off: nothing here needs it, and what is not there need not be watched.
# menu-items: A terminal, for the runbook's commands. Source: qubes-core-agent-linux qubes-run-terminal.desktop
"qwbtc-settings-electrum-two":
  qvm.vm:
    - "name": "electrum-two"
    - "service":
      - "enable":
        - "qwbtc-fulcrum"
        - "qwbtc-bring"
        - "qwbtc-tcp-8332"
        - "qwbtc-tcp-8433"
        - "no-sdwdate"
      - "disable":
        - "cups"
        - "cups-browsed"
    - "features":
      - "set":
        - "ipv6": ""
        - "menu-items": "qubes-run-terminal.desktop"
    - "require":
      - "test": "qwbtc-networks"
      - "qvm": "qwbtc-tag-electrum-two"
    - "onlyif": "qvm-check -q -- electrum-two"

# private volume, in bytes: The index of this chain takes up to 200 GB while it is made; and room to grow. Source: Fulcrum README, requirements: 133 GB of the main chain in 2023; ben-grande/qusal: 200 GiB
# Only ever grown: a volume that is larger stays as it is.
"qwbtc-volume-electrum-two":
  cmd.run:
    - "name": "qvm-volume resize -- electrum-two:private 268435456000"
    - "unless": "test \"$(qvm-volume info -- electrum-two:private size)\" -ge 268435456000"
    - "require":
      - "test": "qwbtc-networks"

# revisions_to_keep: Qubes keeps an old copy of the volume at every shutdown; of an index that changes all over, that copy may fill the pool. Source: Qubes documentation, volume backup and revert
"qwbtc-revisions-electrum-two":
  cmd.run:
    - "name": "qvm-volume config -- electrum-two:private revisions_to_keep 0"
    - "unless": "test \"$(qvm-volume info -- electrum-two:private revisions_to_keep)\" = 0"
    - "require":
      - "test": "qwbtc-networks"

# shutdown_timeout: It writes its database before it ends, which may take minutes; Qubes kills a qube after 60 s by default. Source: qubes-core-admin qubes/vm/qubesvm.py, shutdown_timeout
# qvm.prefs passes this property over in silence, so it is set by qvm-prefs.
"qwbtc-shutdown-timeout-electrum-two":
  cmd.run:
    - "name": "qvm-prefs -- electrum-two shutdown_timeout 360"
    - "unless": "test \"$(qvm-prefs --get -- electrum-two shutdown_timeout)\" = 360"
    - "require":
      - "test": "qwbtc-networks"
