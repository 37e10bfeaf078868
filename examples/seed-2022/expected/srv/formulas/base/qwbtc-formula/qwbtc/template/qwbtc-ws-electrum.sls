#!yaml
# qwbtc-ws-electrum: what electrum-wallet qubes need in their template. It is a clone of whonix-ws-16; the stock template stays as it is.

# Packages.
# gpgv: Checks signatures of programs that are brought. Debian 13's own apt does without.
# squashfs-tools: Unpacks an AppImage without running it.
"qwbtc-packages":
  pkg.installed:
    - "pkgs":
      - "gpgv"
      - "squashfs-tools"
    - "install_recommends": false
    - "skip_suggestions": true

# Checks and installs the program when its files come. It waits for them; the boot does not.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-bring.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-bring.service"
    - "source": "salt://qwbtc/files/qwbtc-ws-electrum/usr/lib/systemd/system/qwbtc-bring.service"
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

# The client's end of the link on port 50001.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-tcp-50001.socket":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-tcp-50001.socket"
    - "source": "salt://qwbtc/files/qwbtc-ws-electrum/usr/lib/systemd/system/qwbtc-tcp-50001.socket"
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
    - "source": "salt://qwbtc/files/qwbtc-ws-electrum/usr/lib/systemd/system/qwbtc-tcp-50001@.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"

# A menu entry that starts Electrum on the chain of the qube; Debian's would start it on the main chain.
"qwbtc-file-/usr/share/applications/qwbtc-electrum.desktop":
  file.managed:
    - "name": "/usr/share/applications/qwbtc-electrum.desktop"
    - "source": "salt://qwbtc/files/qwbtc-ws-electrum/usr/share/applications/qwbtc-electrum.desktop"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
