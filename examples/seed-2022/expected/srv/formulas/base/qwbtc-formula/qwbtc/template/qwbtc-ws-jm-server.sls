#!yaml
# qwbtc-ws-jm-server: what joinmarketd qubes need in their template. It is a clone of whonix-ws-16; the stock template stays as it is.

# Packages.
# libsodium23: Encrypts messages between traders; loaded by name (libnacl).
# python3-venv: Makes JoinMarket's Python environment, and has the pip that fills it.
# python3-socks: By which pip fetches over Tor what JoinMarket's two halves need.
"qwbtc-packages":
  pkg.installed:
    - "pkgs":
      - "libsodium23"
      - "python3-venv"
      - "python3-socks"
    - "install_recommends": false
    - "skip_suggestions": true

# The daemon runs as a user of its own, which owns nothing of value and cannot log in.
# The home is said outright: Debian 12's adduser --system would give /nonexistent. So is the number, which the group gets as well: what the
# user owns in the qubes must be its own in a template that is made anew, too.
"qwbtc-user-joinmarket":
  user.present:
    - "name": "joinmarket"
    - "uid": 863
    - "home": "/home/joinmarket"
    - "createhome": true
    - "shell": "/usr/sbin/nologin"
    - "usergroup": true
    - "system": true

# The daemon's unit. It is in every qube of this template and runs only where the qube's service says so.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-joinmarketd.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-joinmarketd.service"
    - "source": "salt://qwbtc/files/qwbtc-ws-jm-server/usr/lib/systemd/system/qwbtc-joinmarketd.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
# Enabled by a link; it runs only in qubes for which dom0 switched its service on.
"qwbtc-enable-/usr/lib/systemd/system/qwbtc-joinmarketd.service":
  file.symlink:
    - "name": "/etc/systemd/system/multi-user.target.wants/qwbtc-joinmarketd.service"
    - "target": "/usr/lib/systemd/system/qwbtc-joinmarketd.service"
    - "makedirs": true
    - "require":
      - "file": "qwbtc-file-/usr/lib/systemd/system/qwbtc-joinmarketd.service"
