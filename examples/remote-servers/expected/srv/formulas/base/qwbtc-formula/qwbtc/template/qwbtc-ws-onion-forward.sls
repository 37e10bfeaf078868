#!yaml
# qwbtc-ws-onion-forward: what forwarding over Tor qubes need in their template. It is a clone of whonix-workstation-18; the stock template stays as it is.

# Packages.
# socat: Carries each connection, and half-closed ones as they are.
"qwbtc-packages":
  pkg.installed:
    - "pkgs":
      - "socat"
    - "install_recommends": false
    - "skip_suggestions": true

# The port at which a qube of this template stands for a server elsewhere: 8332.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-forward-8332.socket":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-forward-8332.socket"
    - "source": "salt://qwbtc/files/qwbtc-ws-onion-forward/usr/lib/systemd/system/qwbtc-forward-8332.socket"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
# Enabled by a link; it runs only in qubes for which dom0 switched its service on.
"qwbtc-enable-/usr/lib/systemd/system/qwbtc-forward-8332.socket":
  file.symlink:
    - "name": "/etc/systemd/system/sockets.target.wants/qwbtc-forward-8332.socket"
    - "target": "/usr/lib/systemd/system/qwbtc-forward-8332.socket"
    - "makedirs": true
    - "require":
      - "file": "qwbtc-file-/usr/lib/systemd/system/qwbtc-forward-8332.socket"

# Carries each connection to port 8332 to where that server is.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-forward-8332@.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-forward-8332@.service"
    - "source": "salt://qwbtc/files/qwbtc-ws-onion-forward/usr/lib/systemd/system/qwbtc-forward-8332@.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
