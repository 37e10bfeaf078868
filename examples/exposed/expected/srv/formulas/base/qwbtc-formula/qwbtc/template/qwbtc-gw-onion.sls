#!yaml
# qwbtc-gw-onion: what whonix-gateway qubes need in their template. It is a clone of whonix-gateway-18; the stock template stays as it is.

# Where tor delivers an onion service: the gateway's end of the link on port 8334.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-tcp-8334.socket":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-tcp-8334.socket"
    - "source": "salt://qwbtc/files/qwbtc-gw-onion/usr/lib/systemd/system/qwbtc-tcp-8334.socket"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
# Enabled by a link; it runs only in qubes for which dom0 switched its service on.
"qwbtc-enable-/usr/lib/systemd/system/qwbtc-tcp-8334.socket":
  file.symlink:
    - "name": "/etc/systemd/system/sockets.target.wants/qwbtc-tcp-8334.socket"
    - "target": "/usr/lib/systemd/system/qwbtc-tcp-8334.socket"
    - "makedirs": true
    - "require":
      - "file": "qwbtc-file-/usr/lib/systemd/system/qwbtc-tcp-8334.socket"

# Carries each connection to port 8334.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-tcp-8334@.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-tcp-8334@.service"
    - "source": "salt://qwbtc/files/qwbtc-gw-onion/usr/lib/systemd/system/qwbtc-tcp-8334@.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"

# Where tor delivers an onion service: the gateway's end of the link on port 50001.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-tcp-50001.socket":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-tcp-50001.socket"
    - "source": "salt://qwbtc/files/qwbtc-gw-onion/usr/lib/systemd/system/qwbtc-tcp-50001.socket"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
# Enabled by a link; it runs only in qubes for which dom0 switched its service on.
"qwbtc-enable-/usr/lib/systemd/system/qwbtc-tcp-50001.socket":
  file.symlink:
    - "name": "/etc/systemd/system/sockets.target.wants/qwbtc-tcp-50001.socket"
    - "target": "/usr/lib/systemd/system/qwbtc-tcp-50001.socket"
    - "makedirs": true
    - "require":
      - "file": "qwbtc-file-/usr/lib/systemd/system/qwbtc-tcp-50001.socket"

# Carries each connection to port 50001.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-tcp-50001@.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-tcp-50001@.service"
    - "source": "salt://qwbtc/files/qwbtc-gw-onion/usr/lib/systemd/system/qwbtc-tcp-50001@.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
