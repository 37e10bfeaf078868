#!yaml
# The qubes. First each is made, tagged and given its network; only when that holds for all of them comes anything else, so that no qube keeps
# a net qube that it must not have because some other setting was refused.
# States that set prefs are skipped in test mode: qvm.prefs writes even then (qubes-mgmt-salt-dom0-qvm ext_module_qvm.py).
"include":
  - "qwbtc.dom0.guard"
  - "qwbtc.dom0.templates"

# ---- sys-bitcoin: whonix-gateway ----

# From here until the tag is set, this marker tells the guard that the qube is ours.
"qwbtc-creating-sys-bitcoin":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/sys-bitcoin"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- sys-bitcoin"
    - "require":
      - "qvm": "qwbtc-installed-whonix-gateway-18"

# Makes the qube if it is missing; corrects nothing of one that exists (the states below do).
"qwbtc-present-sys-bitcoin":
  qvm.vm:
    - "name": "sys-bitcoin"
    - "present":
      - "template": "whonix-gateway-18"
      - "label": "purple"
    - "require":
      - "file": "qwbtc-creating-sys-bitcoin"

# qvm.present reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-sys-bitcoin":
  cmd.run:
    - "name": "qvm-check -- sys-bitcoin"
    - "unless": "qvm-check -q -- sys-bitcoin"
    - "require":
      - "qvm": "qwbtc-present-sys-bitcoin"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-sys-bitcoin":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/sys-bitcoin"
    - "unless": "qvm-check -q -- sys-bitcoin"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-sys-bitcoin"

# The tag that makes it ours.
"qwbtc-tag-sys-bitcoin":
  qvm.vm:
    - "name": "sys-bitcoin"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "cmd": "qwbtc-made-sys-bitcoin"
    - "onlyif": "qvm-check -q -- sys-bitcoin"

# Tagged: the marker has done its work.
"qwbtc-created-sys-bitcoin":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/sys-bitcoin"
    - "require":
      - "qvm": "qwbtc-tag-sys-bitcoin"

# The net qube of the topology. A state of its own: Whonix sets another when a Whonix qube is made (qubes-core-admin-addon-whonix).
# No disposables from here: one would come up with a net qube of its own.
"qwbtc-network-sys-bitcoin":
  qvm.vm:
    - "name": "sys-bitcoin"
    - "prefs":
      - "netvm": "sys-firewall"
      - "default_dispvm": "none"
      - "provides-network": true
    - "require":
      - "file": "qwbtc-created-sys-bitcoin"
    - "onlyif": "qvm-check -q -- sys-bitcoin"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# ---- bitcoin-server: bitcoind ----

# From here until the tag is set, this marker tells the guard that the qube is ours.
"qwbtc-creating-bitcoin-server":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/bitcoin-server"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- bitcoin-server"
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-onion-forward"

# Makes the qube if it is missing; corrects nothing of one that exists (the states below do).
"qwbtc-present-bitcoin-server":
  qvm.vm:
    - "name": "bitcoin-server"
    - "present":
      - "template": "qwbtc-ws-onion-forward"
      - "label": "red"
    - "require":
      - "file": "qwbtc-creating-bitcoin-server"

# qvm.present reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-bitcoin-server":
  cmd.run:
    - "name": "qvm-check -- bitcoin-server"
    - "unless": "qvm-check -q -- bitcoin-server"
    - "require":
      - "qvm": "qwbtc-present-bitcoin-server"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-bitcoin-server":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/bitcoin-server"
    - "unless": "qvm-check -q -- bitcoin-server"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-bitcoin-server"

# The tag that makes it ours.
"qwbtc-tag-bitcoin-server":
  qvm.vm:
    - "name": "bitcoin-server"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "cmd": "qwbtc-made-bitcoin-server"
    - "onlyif": "qvm-check -q -- bitcoin-server"

# Tagged: the marker has done its work.
"qwbtc-created-bitcoin-server":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/bitcoin-server"
    - "require":
      - "qvm": "qwbtc-tag-bitcoin-server"

# The net qube of the topology. A state of its own: Whonix sets another when a Whonix qube is made (qubes-core-admin-addon-whonix).
# No disposables from here: one would come up with a net qube of its own.
"qwbtc-network-bitcoin-server":
  qvm.vm:
    - "name": "bitcoin-server"
    - "prefs":
      - "netvm": "sys-bitcoin"
      - "default_dispvm": "none"
      - "provides-network": false
    - "require":
      - "file": "qwbtc-created-bitcoin-server"
      - "qvm": "qwbtc-network-sys-bitcoin"
    - "onlyif": "qvm-check -q -- bitcoin-server"
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

# ---- electrum-server: fulcrum ----

# From here until the tag is set, this marker tells the guard that the qube is ours.
"qwbtc-creating-electrum-server":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/electrum-server"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- electrum-server"
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-vm-lan-forward"

# Makes the qube if it is missing; corrects nothing of one that exists (the states below do).
"qwbtc-present-electrum-server":
  qvm.vm:
    - "name": "electrum-server"
    - "present":
      - "template": "qwbtc-vm-lan-forward"
      - "label": "red"
    - "require":
      - "file": "qwbtc-creating-electrum-server"

# qvm.present reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-electrum-server":
  cmd.run:
    - "name": "qvm-check -- electrum-server"
    - "unless": "qvm-check -q -- electrum-server"
    - "require":
      - "qvm": "qwbtc-present-electrum-server"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-electrum-server":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/electrum-server"
    - "unless": "qvm-check -q -- electrum-server"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-electrum-server"

# The tag that makes it ours.
"qwbtc-tag-electrum-server":
  qvm.vm:
    - "name": "electrum-server"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "cmd": "qwbtc-made-electrum-server"
    - "onlyif": "qvm-check -q -- electrum-server"

# This qube reaches 192.168.1.20 at port 50002 and nothing else: its net qube drops the rest. Source: Qubes documentation, firewall
# Before its net qube is confirmed, so that it has none without this. The last line also drops DNS and ping.
"qwbtc-firewall-electrum-server":
  qvm.vm:
    - "name": "electrum-server"
    - "firewall":
      - "set":
        - "action=accept proto=tcp dst4=192.168.1.20/32 dstports=50002-50002"
        - "action=drop"
    - "require":
      - "qvm": "qwbtc-tag-electrum-server"
    - "onlyif": "qvm-check -q -- electrum-server"

# Tagged: the marker has done its work.
"qwbtc-created-electrum-server":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/electrum-server"
    - "require":
      - "qvm": "qwbtc-tag-electrum-server"

# The net qube of the topology.
# No disposables from here: one would come up with a net qube of its own.
"qwbtc-network-electrum-server":
  qvm.vm:
    - "name": "electrum-server"
    - "prefs":
      - "netvm": "sys-firewall"
      - "default_dispvm": "none"
      - "provides-network": false
    - "require":
      - "file": "qwbtc-created-electrum-server"
      - "qvm": "qwbtc-firewall-electrum-server"
    - "onlyif": "qvm-check -q -- electrum-server"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# ---- joinmarket-client: joinmarket-wallet ----

# From here until the tag is set, this marker tells the guard that the qube is ours.
"qwbtc-creating-joinmarket-client":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/joinmarket-client"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- joinmarket-client"
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-jm-wallet"

# Makes the qube if it is missing; corrects nothing of one that exists (the states below do).
"qwbtc-present-joinmarket-client":
  qvm.vm:
    - "name": "joinmarket-client"
    - "present":
      - "template": "qwbtc-ws-jm-wallet"
      - "label": "black"
    - "require":
      - "file": "qwbtc-creating-joinmarket-client"

# qvm.present reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-joinmarket-client":
  cmd.run:
    - "name": "qvm-check -- joinmarket-client"
    - "unless": "qvm-check -q -- joinmarket-client"
    - "require":
      - "qvm": "qwbtc-present-joinmarket-client"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-joinmarket-client":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/joinmarket-client"
    - "unless": "qvm-check -q -- joinmarket-client"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-joinmarket-client"

# The tag that makes it ours.
"qwbtc-tag-joinmarket-client":
  qvm.vm:
    - "name": "joinmarket-client"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "cmd": "qwbtc-made-joinmarket-client"
    - "onlyif": "qvm-check -q -- joinmarket-client"

# Tagged: the marker has done its work.
"qwbtc-created-joinmarket-client":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/joinmarket-client"
    - "require":
      - "qvm": "qwbtc-tag-joinmarket-client"

# No net qube: nothing leaves this qube but what a link allows.
# No disposables from here: one would come up with a net qube of its own.
"qwbtc-network-joinmarket-client":
  qvm.vm:
    - "name": "joinmarket-client"
    - "prefs":
      - "netvm": "none"
      - "default_dispvm": "none"
      - "provides-network": false
    - "require":
      - "file": "qwbtc-created-joinmarket-client"
    - "onlyif": "qvm-check -q -- joinmarket-client"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# ---- joinmarket-server: joinmarketd ----

# From here until the tag is set, this marker tells the guard that the qube is ours.
"qwbtc-creating-joinmarket-server":
  file.managed:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/joinmarket-server"
    - "contents": "between creation and tag\n"
    - "user": "root"
    - "group": "root"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "unless": "qvm-check -q -- joinmarket-server"
    - "require":
      - "qvm": "qwbtc-tag-qwbtc-ws-jm-server"

# Makes the qube if it is missing; corrects nothing of one that exists (the states below do).
"qwbtc-present-joinmarket-server":
  qvm.vm:
    - "name": "joinmarket-server"
    - "present":
      - "template": "qwbtc-ws-jm-server"
      - "label": "red"
    - "require":
      - "file": "qwbtc-creating-joinmarket-server"

# qvm.present reports success even if it failed (qubes-mgmt-salt-base _utils/qubes_utils.py): look for ourselves.
"qwbtc-made-joinmarket-server":
  cmd.run:
    - "name": "qvm-check -- joinmarket-server"
    - "unless": "qvm-check -q -- joinmarket-server"
    - "require":
      - "qvm": "qwbtc-present-joinmarket-server"

# Not made after all: then the marker must go, or a qube of this name that somebody else makes would pass for ours.
"qwbtc-not-created-joinmarket-server":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/joinmarket-server"
    - "unless": "qvm-check -q -- joinmarket-server"
    - "require":
      - "test": "qwbtc-guard"
    - "onfail":
      - "cmd": "qwbtc-made-joinmarket-server"

# The tag that makes it ours.
"qwbtc-tag-joinmarket-server":
  qvm.vm:
    - "name": "joinmarket-server"
    - "tags":
      - "add":
        - "qwbtc"
    - "require":
      - "cmd": "qwbtc-made-joinmarket-server"
    - "onlyif": "qvm-check -q -- joinmarket-server"

# Tagged: the marker has done its work.
"qwbtc-created-joinmarket-server":
  file.absent:
    - "name": "/var/lib/qwbtc-salt/qwbtc/creating/joinmarket-server"
    - "require":
      - "qvm": "qwbtc-tag-joinmarket-server"

# The net qube of the topology. A state of its own: Whonix sets another when a Whonix qube is made (qubes-core-admin-addon-whonix).
# No disposables from here: one would come up with a net qube of its own.
"qwbtc-network-joinmarket-server":
  qvm.vm:
    - "name": "joinmarket-server"
    - "prefs":
      - "netvm": "sys-bitcoin"
      - "default_dispvm": "none"
      - "provides-network": false
    - "require":
      - "file": "qwbtc-created-joinmarket-server"
      - "qvm": "qwbtc-network-sys-bitcoin"
    - "onlyif": "qvm-check -q -- joinmarket-server"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# ---- Every qube has its network: everything below requires this. ----
"qwbtc-networks":
  test.nop:
    - "require":
      - "test": "qwbtc-guard"
      - "qvm": "qwbtc-network-sys-bitcoin"
      - "qvm": "qwbtc-network-bitcoin-server"
      - "qvm": "qwbtc-network-electrum-client"
      - "qvm": "qwbtc-network-electrum-server"
      - "qvm": "qwbtc-network-joinmarket-client"
      - "qvm": "qwbtc-network-joinmarket-server"

# ---- sys-bitcoin ----
# label: The guides' colour for gateways; labels carry no function. Source: ben-grande/qubes-bitcoin
# memory: Tor alone is small. Source: ben-grande/qusal sys-bitcoin-gateway: 300 to 500
# maxmem: Room for Tor with many circuits; more would only take memory from the node. Source: ben-grande/qubes-bitcoin: 400 to 700
# vcpus: Tor uses one core. Source: ben-grande/qubes-bitcoin
# autostart: The user decides when it starts; for a node that always runs, set vm.autostart. Source: qvm-prefs(1), autostart
# include-in-backups: Tor's guard choice and the keys of onion services live in the gateway's private volume. Source: qubes-whonix bind-dirs of /var/lib/tor
"qwbtc-prefs-sys-bitcoin":
  qvm.vm:
    - "name": "sys-bitcoin"
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
    - "onlyif": "qvm-check -q -- sys-bitcoin"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# Services that its template's units wait for are switched on, printing off. IPv6 is off: nothing here needs it, and what is not there need not be watched.
# menu-items: A terminal and the state of the clock; a gateway is for nothing else. Source: Kicksecure/sdwdate-gui usr/share/applications
"qwbtc-settings-sys-bitcoin":
  qvm.vm:
    - "name": "sys-bitcoin"
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
      - "qvm": "qwbtc-tag-sys-bitcoin"
    - "onlyif": "qvm-check -q -- sys-bitcoin"

# ---- bitcoin-server ----
# label: The guides' colour for servers, for which it stands; labels carry no function. Source: ben-grande/qubes-bitcoin
# memory: It only forwards; with less its system does not come up. Source: the seed's FAQ: lower CPU and RAM; Qubes documentation, minimal memory
# maxmem: Each connection takes a few MB. Source: the seed's FAQ: lower CPU and RAM
# vcpus: The network is the limit. Source: the seed's FAQ: lower CPU and RAM
# autostart: The user decides when it starts; for a node that always runs, set vm.autostart. Source: qvm-prefs(1), autostart
# include-in-backups: It holds an address, which the topology has. Source: Qubes documentation, backups
"qwbtc-prefs-bitcoin-server":
  qvm.vm:
    - "name": "bitcoin-server"
    - "prefs":
      - "template": "qwbtc-ws-onion-forward"
      - "label": "red"
      - "memory": 300
      - "maxmem": 400
      - "vcpus": 1
      - "autostart": false
      - "include-in-backups": false
    - "require":
      - "test": "qwbtc-networks"
    - "onlyif": "qvm-check -q -- bitcoin-server"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# Services that its template's units wait for are switched on, printing off. IPv6 is off: nothing here needs it, and what is not there need not be watched.
# menu-items: A terminal, for the runbook's commands. Source: qubes-core-agent-linux qubes-run-terminal.desktop
"qwbtc-settings-bitcoin-server":
  qvm.vm:
    - "name": "bitcoin-server"
    - "service":
      - "enable":
        - "qwbtc-forward-8332"
      - "disable":
        - "cups"
        - "cups-browsed"
    - "features":
      - "set":
        - "ipv6": ""
        - "menu-items": "qubes-run-terminal.desktop"
    - "require":
      - "test": "qwbtc-networks"
      - "qvm": "qwbtc-tag-bitcoin-server"
    - "onlyif": "qvm-check -q -- bitcoin-server"

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
        - "qwbtc-tcp-50002"
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

# ---- electrum-server ----
# label: The guides' colour for servers, for which it stands; labels carry no function. Source: ben-grande/qubes-bitcoin
# memory: It only forwards; with less its system does not come up. Source: the seed's FAQ: lower CPU and RAM; Qubes documentation, minimal memory
# maxmem: Each connection takes a few MB. Source: the seed's FAQ: lower CPU and RAM
# vcpus: The network is the limit. Source: the seed's FAQ: lower CPU and RAM
# autostart: The user decides when it starts; for a node that always runs, set vm.autostart. Source: qvm-prefs(1), autostart
# include-in-backups: It holds an address, which the topology has. Source: Qubes documentation, backups
"qwbtc-prefs-electrum-server":
  qvm.vm:
    - "name": "electrum-server"
    - "prefs":
      - "template": "qwbtc-vm-lan-forward"
      - "label": "red"
      - "memory": 300
      - "maxmem": 400
      - "vcpus": 1
      - "autostart": false
      - "include-in-backups": false
    - "require":
      - "test": "qwbtc-networks"
    - "onlyif": "qvm-check -q -- electrum-server"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# Services that its template's units wait for are switched on, printing off. IPv6 is off: nothing here needs it, and what is not there need not be watched.
# menu-items: A terminal, for the runbook's commands. Source: qubes-core-agent-linux qubes-run-terminal.desktop
"qwbtc-settings-electrum-server":
  qvm.vm:
    - "name": "electrum-server"
    - "service":
      - "enable":
        - "qwbtc-forward-50002"
      - "disable":
        - "cups"
        - "cups-browsed"
    - "features":
      - "set":
        - "ipv6": ""
        - "menu-items": "qubes-run-terminal.desktop"
    - "require":
      - "test": "qwbtc-networks"
      - "qvm": "qwbtc-tag-electrum-server"
    - "onlyif": "qvm-check -q -- electrum-server"

# ---- joinmarket-client ----
# label: Qubes' colour for what is trusted most; labels carry no function. Source: Qubes documentation, getting started; ben-grande/qubes-bitcoin: orange
# memory: Enough to start. Source: ben-grande/qubes-bitcoin: 600
# maxmem: Wallet files grow with their history. Source: qubenix/qubes-whonix-bitcoin: 800
# vcpus: It waits for other traders most of the time. Source: ben-grande/qubes-bitcoin
# autostart: The user decides when it starts; for a node that always runs, set vm.autostart. Source: qvm-prefs(1), autostart
# include-in-backups: The wallet files, and which commitments were used. The seed on paper is still the backup that counts. Source: JoinMarket-Org/joinmarket-clientserver docs/USAGE.md
"qwbtc-prefs-joinmarket-client":
  qvm.vm:
    - "name": "joinmarket-client"
    - "prefs":
      - "template": "qwbtc-ws-jm-wallet"
      - "label": "black"
      - "memory": 400
      - "maxmem": 800
      - "vcpus": 1
      - "autostart": false
      - "include-in-backups": true
    - "require":
      - "test": "qwbtc-networks"
    - "onlyif": "qvm-check -q -- joinmarket-client"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# Services that its template's units wait for are switched on, printing off. IPv6 is off: nothing here needs it, and what is not there need not be watched.
# menu-items: A terminal, in which JoinMarket runs, and the files. Source: qubes-core-agent-linux qubes-run-terminal.desktop; Debian thunar, usr/share/applications
"qwbtc-settings-joinmarket-client":
  qvm.vm:
    - "name": "joinmarket-client"
    - "service":
      - "enable":
        - "qwbtc-bring"
        - "qwbtc-tcp-27183"
        - "qwbtc-tcp-8332"
        - "no-sdwdate"
      - "disable":
        - "cups"
        - "cups-browsed"
    - "features":
      - "set":
        - "ipv6": ""
        - "menu-items": "qubes-run-terminal.desktop thunar.desktop"
    - "require":
      - "test": "qwbtc-networks"
      - "qvm": "qwbtc-tag-joinmarket-client"
    - "onlyif": "qvm-check -q -- joinmarket-client"

# ---- joinmarket-server ----
# label: The guides' colour for what talks to strangers; labels carry no function. Source: ben-grande/qubes-bitcoin
# memory: The daemon takes 55 MB. Source: JoinMarket 0.9.12, measured
# maxmem: It only passes messages. Source: ben-grande/qubes-bitcoin: 700
# vcpus: It waits for messages. Source: ben-grande/qubes-bitcoin
# autostart: The user decides when it starts; for a node that always runs, set vm.autostart. Source: qvm-prefs(1), autostart
# include-in-backups: It holds no key and no wallet. Source: JoinMarket-Org/joinmarket-clientserver docs/PROTOCOL.md
"qwbtc-prefs-joinmarket-server":
  qvm.vm:
    - "name": "joinmarket-server"
    - "prefs":
      - "template": "qwbtc-ws-jm-server"
      - "label": "red"
      - "memory": 400
      - "maxmem": 800
      - "vcpus": 1
      - "autostart": false
      - "include-in-backups": false
    - "require":
      - "test": "qwbtc-networks"
    - "onlyif": "qvm-check -q -- joinmarket-server"
    - "unless":
      - "fun": "config.get"
        "args":
          - "test"

# Services that its template's units wait for are switched on, printing off. IPv6 is off: nothing here needs it, and what is not there need not be watched.
# menu-items: A terminal, for the runbook's commands. Source: qubes-core-agent-linux qubes-run-terminal.desktop
"qwbtc-settings-joinmarket-server":
  qvm.vm:
    - "name": "joinmarket-server"
    - "service":
      - "enable":
        - "qwbtc-joinmarketd"
        - "qwbtc-bring"
        - "qwbtc-fetch"
      - "disable":
        - "cups"
        - "cups-browsed"
    - "features":
      - "set":
        - "ipv6": ""
        - "menu-items": "qubes-run-terminal.desktop"
    - "require":
      - "test": "qwbtc-networks"
      - "qvm": "qwbtc-tag-joinmarket-server"
    - "onlyif": "qvm-check -q -- joinmarket-server"
