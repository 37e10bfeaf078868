#!yaml
# qwbtc-ws-jm-wallet: what joinmarket-wallet qubes need in their template. It is a clone of whonix-workstation-18; the stock template stays as it is.

# Packages.
# libsodium23: Encrypts messages between traders; loaded by name (libnacl).
# libsecp256k1-2: Bitcoin's signatures; loaded by name (python-bitcointx).
# python3-venv: Makes JoinMarket's Python environment, and has the pip that fills it.
# gpgv: Checks signatures of programs that are brought. Debian 13's own apt does without.
"qwbtc-packages":
  pkg.installed:
    - "pkgs":
      - "libsodium23"
      - "libsecp256k1-2"
      - "python3-venv"
      - "gpgv"
    - "install_recommends": false
    - "skip_suggestions": true

# Checks and installs the program when its files come. It waits for them; the boot does not.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-bring.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-bring.service"
    - "source": "salt://qwbtc/files/qwbtc-ws-jm-wallet/usr/lib/systemd/system/qwbtc-bring.service"
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
