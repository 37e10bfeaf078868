#!yaml
# qwbtc-gw-onion: what whonix-gateway qubes need in their template. It is a clone of whonix-gateway-18; the stock template stays as it is.

# Where tor delivers an onion service: the gateway's end of the link on port 20341.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-20341-bitcoin-server.socket":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-20341-bitcoin-server.socket"
    - "source": "salt://qwbtc/files/qwbtc-gw-onion/usr/lib/systemd/system/qwbtc-20341-bitcoin-server.socket"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
# Enabled by a link; it runs only in qubes for which dom0 switched its service on.
"qwbtc-enable-/usr/lib/systemd/system/qwbtc-20341-bitcoin-server.socket":
  file.symlink:
    - "name": "/etc/systemd/system/sockets.target.wants/qwbtc-20341-bitcoin-server.socket"
    - "target": "/usr/lib/systemd/system/qwbtc-20341-bitcoin-server.socket"
    - "makedirs": true
    - "require":
      - "file": "qwbtc-file-/usr/lib/systemd/system/qwbtc-20341-bitcoin-server.socket"

# Carries each connection to port 8334.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-20341-bitcoin-server@.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-20341-bitcoin-server@.service"
    - "source": "salt://qwbtc/files/qwbtc-gw-onion/usr/lib/systemd/system/qwbtc-20341-bitcoin-server@.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"

# Where tor delivers an onion service: the gateway's end of the link on port 26063.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-26063-electrum-server.socket":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-26063-electrum-server.socket"
    - "source": "salt://qwbtc/files/qwbtc-gw-onion/usr/lib/systemd/system/qwbtc-26063-electrum-server.socket"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
# Enabled by a link; it runs only in qubes for which dom0 switched its service on.
"qwbtc-enable-/usr/lib/systemd/system/qwbtc-26063-electrum-server.socket":
  file.symlink:
    - "name": "/etc/systemd/system/sockets.target.wants/qwbtc-26063-electrum-server.socket"
    - "target": "/usr/lib/systemd/system/qwbtc-26063-electrum-server.socket"
    - "makedirs": true
    - "require":
      - "file": "qwbtc-file-/usr/lib/systemd/system/qwbtc-26063-electrum-server.socket"

# Carries each connection to port 50001.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-26063-electrum-server@.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-26063-electrum-server@.service"
    - "source": "salt://qwbtc/files/qwbtc-gw-onion/usr/lib/systemd/system/qwbtc-26063-electrum-server@.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
