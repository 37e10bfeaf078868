#!yaml
# What a qube is given to end must hold when the whole machine is powered off, too.
"include":
  - "qwbtc.dom0.guard"

# How long dom0 waits for all qubes together; see the file.
"qwbtc-power-off":
  file.managed:
    - "name": "/etc/systemd/system/qubes-core.service.d/50-qwbtc.conf"
    - "source": "salt://qwbtc/files/dom0/etc/systemd/system/qubes-core.service.d/50-qwbtc.conf"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "require":
      - "test": "qwbtc-guard"
# So that it counts from the next power-off on, not from the one after it.
"qwbtc-power-off-known":
  cmd.run:
    - "name": "systemctl daemon-reload"
    - "onchanges":
      - "file": "qwbtc-power-off"
