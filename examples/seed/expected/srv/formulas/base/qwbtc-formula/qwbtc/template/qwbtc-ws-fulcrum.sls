#!yaml
# qwbtc-ws-fulcrum: what fulcrum qubes need in their template. It is a clone of whonix-workstation-18; the stock template stays as it is.

# Packages.
# gpgv: Checks signatures of programs that are brought. Debian 13's own apt does without.
"qwbtc-packages":
  pkg.installed:
    - "pkgs":
      - "gpgv"
    - "install_recommends": false
    - "skip_suggestions": true

# The server runs as a user of its own, which owns nothing but the index and cannot log in.
# The home is said outright: Debian 12's adduser --system would give /nonexistent. So is the number, which the group gets as well: what the
# user owns in the qubes must be its own in a template that is made anew, too.
"qwbtc-user-fulcrum":
  user.present:
    - "name": "fulcrum"
    - "uid": 862
    - "home": "/home/fulcrum"
    - "createhome": true
    - "shell": "/usr/sbin/nologin"
    - "usergroup": true
    - "system": true

# The server's unit. It is in every qube of this template and runs only where the qube's service says so.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-fulcrum.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-fulcrum.service"
    - "source": "salt://qwbtc/files/qwbtc-ws-fulcrum/usr/lib/systemd/system/qwbtc-fulcrum.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
# Enabled by a link; it runs only in qubes for which dom0 switched its service on.
"qwbtc-enable-/usr/lib/systemd/system/qwbtc-fulcrum.service":
  file.symlink:
    - "name": "/etc/systemd/system/multi-user.target.wants/qwbtc-fulcrum.service"
    - "target": "/usr/lib/systemd/system/qwbtc-fulcrum.service"
    - "makedirs": true
    - "require":
      - "file": "qwbtc-file-/usr/lib/systemd/system/qwbtc-fulcrum.service"

# Checks and installs the program when its files come. It waits for them; the boot does not.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-bring.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-bring.service"
    - "source": "salt://qwbtc/files/qwbtc-ws-fulcrum/usr/lib/systemd/system/qwbtc-bring.service"
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
    - "source": "salt://qwbtc/files/qwbtc-ws-fulcrum/usr/lib/systemd/system/qwbtc-tcp-8332.socket"
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
    - "source": "salt://qwbtc/files/qwbtc-ws-fulcrum/usr/lib/systemd/system/qwbtc-tcp-8332@.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"

# The client's end of the link on port 8433.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-tcp-8433.socket":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-tcp-8433.socket"
    - "source": "salt://qwbtc/files/qwbtc-ws-fulcrum/usr/lib/systemd/system/qwbtc-tcp-8433.socket"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
# Enabled by a link; it runs only in qubes for which dom0 switched its service on.
"qwbtc-enable-/usr/lib/systemd/system/qwbtc-tcp-8433.socket":
  file.symlink:
    - "name": "/etc/systemd/system/sockets.target.wants/qwbtc-tcp-8433.socket"
    - "target": "/usr/lib/systemd/system/qwbtc-tcp-8433.socket"
    - "makedirs": true
    - "require":
      - "file": "qwbtc-file-/usr/lib/systemd/system/qwbtc-tcp-8433.socket"

# Carries each connection to port 8433.
"qwbtc-file-/usr/lib/systemd/system/qwbtc-tcp-8433@.service":
  file.managed:
    - "name": "/usr/lib/systemd/system/qwbtc-tcp-8433@.service"
    - "source": "salt://qwbtc/files/qwbtc-ws-fulcrum/usr/lib/systemd/system/qwbtc-tcp-8433@.service"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
