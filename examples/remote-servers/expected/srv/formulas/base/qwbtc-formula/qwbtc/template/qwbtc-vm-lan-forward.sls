#!yaml
# qwbtc-vm-lan-forward: what forwarding to your own network qubes need in their template. It is a clone of debian-13-xfce; the stock template stays as it is.

# Packages.
# socat: Carries each connection, and half-closed ones as they are.
"qwbtc-packages":
  pkg.installed:
    - "pkgs":
      - "socat"
    - "install_recommends": false
    - "skip_suggestions": true

# The port at which a qube of this template stands for a server elsewhere: 50002.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-forward-50002.socket":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-forward-50002.socket"
    - "source": "salt://qwbtc/files/qwbtc-vm-lan-forward/usr/lib/systemd/system/qwbtc-forward-50002.socket"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
# Enabled by a link; it runs only in qubes for which dom0 switched its service on.
"qwbtc-enable-/usr/lib/systemd/system/qwbtc-forward-50002.socket":
  file.symlink:
    - "name": "/etc/systemd/system/sockets.target.wants/qwbtc-forward-50002.socket"
    - "target": "/usr/lib/systemd/system/qwbtc-forward-50002.socket"
    - "makedirs": true
    - "require":
      - "file": "qwbtc-file-/usr/lib/systemd/system/qwbtc-forward-50002.socket"

# Carries each connection to port 50002 to where that server is.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-forward-50002@.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-forward-50002@.service"
    - "source": "salt://qwbtc/files/qwbtc-vm-lan-forward/usr/lib/systemd/system/qwbtc-forward-50002@.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
