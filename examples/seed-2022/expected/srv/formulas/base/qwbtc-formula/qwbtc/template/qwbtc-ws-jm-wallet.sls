#!yaml
# qwbtc-ws-jm-wallet: what joinmarket-wallet qubes need in their template. It is a clone of whonix-ws-16; the stock template stays as it is.

# Packages.
# libsodium23: Encrypts messages between traders; loaded by name (libnacl).
# libsecp256k1-0: Bitcoin's signatures; loaded by name (python-bitcointx).
# python3-venv: Makes JoinMarket's Python environment, and has the pip that fills it.
"qwbtc-packages":
  pkg.installed:
    - "pkgs":
      - "libsodium23"
      - "libsecp256k1-0"
      - "python3-venv"
    - "install_recommends": false
    - "skip_suggestions": true

# The client's end of the link on port 8332.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-tcp-8332.socket":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-tcp-8332.socket"
    - "source": "salt://qwbtc/files/qwbtc-ws-jm-wallet/usr/lib/systemd/system/qwbtc-tcp-8332.socket"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
# Enabled by a link; it runs only in qubes for which dom0 switched its service on.
"qwbtc-enable-/usr/lib/systemd/system/qwbtc-tcp-8332.socket":
  file.symlink:
    - "name": "/etc/systemd/system/sockets.target.wants/qwbtc-tcp-8332.socket"
    - "target": "/usr/lib/systemd/system/qwbtc-tcp-8332.socket"
    - "makedirs": true
    - "require":
      - "file": "qwbtc-file-/usr/lib/systemd/system/qwbtc-tcp-8332.socket"

# Carries each connection to port 8332.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-tcp-8332@.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-tcp-8332@.service"
    - "source": "salt://qwbtc/files/qwbtc-ws-jm-wallet/usr/lib/systemd/system/qwbtc-tcp-8332@.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"

# The client's end of the link on port 27183.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-tcp-27183.socket":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-tcp-27183.socket"
    - "source": "salt://qwbtc/files/qwbtc-ws-jm-wallet/usr/lib/systemd/system/qwbtc-tcp-27183.socket"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
# Enabled by a link; it runs only in qubes for which dom0 switched its service on.
"qwbtc-enable-/usr/lib/systemd/system/qwbtc-tcp-27183.socket":
  file.symlink:
    - "name": "/etc/systemd/system/sockets.target.wants/qwbtc-tcp-27183.socket"
    - "target": "/usr/lib/systemd/system/qwbtc-tcp-27183.socket"
    - "makedirs": true
    - "require":
      - "file": "qwbtc-file-/usr/lib/systemd/system/qwbtc-tcp-27183.socket"

# Carries each connection to port 27183.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-tcp-27183@.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-tcp-27183@.service"
    - "source": "salt://qwbtc/files/qwbtc-ws-jm-wallet/usr/lib/systemd/system/qwbtc-tcp-27183@.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
