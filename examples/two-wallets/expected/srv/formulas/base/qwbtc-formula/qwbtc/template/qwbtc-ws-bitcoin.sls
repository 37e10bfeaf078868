#!yaml
# qwbtc-ws-bitcoin: what bitcoind qubes need in their template. It is a clone of whonix-workstation-18; the stock template stays as it is.

# Packages.
# gpgv: Checks signatures of programs that are brought. Debian 13's own apt does without.
# curl: Fetches programs over Tor.
# ca-certificates: By which curl tells the servers.
"qwbtc-packages":
  pkg.installed:
    - "pkgs":
      - "gpgv"
      - "curl"
      - "ca-certificates"
    - "install_recommends": false
    - "skip_suggestions": true

# The node runs as a user of its own, which owns nothing but the chain and cannot log in.
# The home is said outright: Debian 12's adduser --system would give /nonexistent. So is the number, which the group gets as well: what the
# user owns in the qubes must be its own in a template that is made anew, too.
"qwbtc-user-bitcoin":
  user.present:
    - "name": "bitcoin"
    - "uid": 861
    - "home": "/home/bitcoin"
    - "createhome": true
    - "shell": "/usr/sbin/nologin"
    - "usergroup": true
    - "system": true

# The node's unit. It is in every qube of this template and runs only where the qube's service says so.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-bitcoind.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-bitcoind.service"
    - "source": "salt://qwbtc/files/qwbtc-ws-bitcoin/usr/lib/systemd/system/qwbtc-bitcoind.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
# Enabled by a link; it runs only in qubes for which dom0 switched its service on.
"qwbtc-enable-/usr/lib/systemd/system/qwbtc-bitcoind.service":
  file.symlink:
    - "name": "/etc/systemd/system/multi-user.target.wants/qwbtc-bitcoind.service"
    - "target": "/usr/lib/systemd/system/qwbtc-bitcoind.service"
    - "makedirs": true
    - "require":
      - "file": "qwbtc-file-/usr/lib/systemd/system/qwbtc-bitcoind.service"

# Makes the watch-only wallets that clients keep in the node, when the node has started. It runs only where there are such clients.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-watch-wallets.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-watch-wallets.service"
    - "source": "salt://qwbtc/files/qwbtc-ws-bitcoin/usr/lib/systemd/system/qwbtc-watch-wallets.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
# Enabled by a link; it runs only in qubes for which dom0 switched its service on.
"qwbtc-enable-/usr/lib/systemd/system/qwbtc-watch-wallets.service":
  file.symlink:
    - "name": "/etc/systemd/system/qwbtc-bitcoind.service.wants/qwbtc-watch-wallets.service"
    - "target": "/usr/lib/systemd/system/qwbtc-watch-wallets.service"
    - "makedirs": true
    - "require":
      - "file": "qwbtc-file-/usr/lib/systemd/system/qwbtc-watch-wallets.service"

# Checks and installs the program when its files come. It waits for them; the boot does not.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-bring.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-bring.service"
    - "source": "salt://qwbtc/files/qwbtc-ws-bitcoin/usr/lib/systemd/system/qwbtc-bring.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
# Enabled by a link; it runs only in qubes for which dom0 switched its service on.
"qwbtc-enable-/usr/lib/systemd/system/qwbtc-bring.service":
  file.symlink:
    - "name": "/etc/systemd/system/multi-user.target.wants/qwbtc-bring.service"
    - "target": "/usr/lib/systemd/system/qwbtc-bring.service"
    - "makedirs": true
    - "require":
      - "file": "qwbtc-file-/usr/lib/systemd/system/qwbtc-bring.service"

# Fetches the program over Tor, as nobody.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-fetch.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-fetch.service"
    - "source": "salt://qwbtc/files/qwbtc-ws-bitcoin/usr/lib/systemd/system/qwbtc-fetch.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
# Enabled by a link; it runs only in qubes for which dom0 switched its service on.
"qwbtc-enable-/usr/lib/systemd/system/qwbtc-fetch.service":
  file.symlink:
    - "name": "/etc/systemd/system/multi-user.target.wants/qwbtc-fetch.service"
    - "target": "/usr/lib/systemd/system/qwbtc-fetch.service"
    - "makedirs": true
    - "require":
      - "file": "qwbtc-file-/usr/lib/systemd/system/qwbtc-fetch.service"

# A menu entry that shows how the node is doing.
"qwbtc-file-/usr/share/applications/qwbtc-node-status.desktop":
  file.managed:
    - "name": "/usr/share/applications/qwbtc-node-status.desktop"
    - "source": "salt://qwbtc/files/qwbtc-ws-bitcoin/usr/share/applications/qwbtc-node-status.desktop"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
