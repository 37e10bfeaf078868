#!yaml
# sys-bitcoin-one: whonix-gateway. All of it lies where an AppVM keeps it: below /home, /usr/local or /rw, and what is tor's in a bind-dir of Whonix'.

# Sets a prompt that names the qube; the host name stays Whonix' own, so that nothing in the qube tells it from others.
"qwbtc-file-/usr/local/lib/qwbtc-salt/prompt.sh":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/prompt.sh"
    - "source": "salt://qwbtc/files/sys-bitcoin-one/usr/local/lib/qwbtc-salt/prompt.sh"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Opens our own SocksPorts to the qubes behind this gateway and switches transparent proxying off.
"qwbtc-file-/usr/local/etc/whonix_firewall.d/40_qwbtc.conf":
  file.managed:
    - "name": "/usr/local/etc/whonix_firewall.d/40_qwbtc.conf"
    - "source": "salt://qwbtc/files/sys-bitcoin-one/usr/local/etc/whonix_firewall.d/40_qwbtc.conf"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# SocksPorts and onion services that stock Whonix does not have.
"qwbtc-file-/usr/local/etc/torrc.d/40_qwbtc.conf":
  file.managed:
    - "name": "/usr/local/etc/torrc.d/40_qwbtc.conf"
    - "source": "salt://qwbtc/files/sys-bitcoin-one/usr/local/etc/torrc.d/40_qwbtc.conf"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Notes of which files a running program was told, so that one that could not be told is told by the next apply.
"qwbtc-file-/usr/local/lib/qwbtc-salt/told":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/told"
    - "source": "salt://qwbtc/files/sys-bitcoin-one/usr/local/lib/qwbtc-salt/told"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Keeps a line of ours in a file of the user's, with the user's rights alone, and leaves the rest of it as it is.
"qwbtc-file-/usr/local/lib/qwbtc-salt/own-block":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/own-block"
    - "source": "salt://qwbtc/files/sys-bitcoin-one/usr/local/lib/qwbtc-salt/own-block"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# No qube behind this gateway asks Tor for an onion service: none may any more.
"qwbtc-absent-/usr/local/etc/onion-grater-merger.d/40_qwbtc.yml":
  file.absent:
    - "name": "/usr/local/etc/onion-grater-merger.d/40_qwbtc.yml"

# A key that the topology asks for no longer is taken away, for every qube behind this gateway could go on using it; keys of yours stay.
"qwbtc-prune-/var/lib/tor/authdir":
  cmd.run:
    - "name": "cd / && runuser -u debian-tor -- find /var/lib/tor/authdir -maxdepth 1 -name 'qwbtc-*.auth_private' -delete"
    - "unless": "test ! -e /var/lib/tor/authdir || { found=$(cd / && runuser -u debian-tor -- find /var/lib/tor/authdir -maxdepth 1 -name 'qwbtc-*.auth_private') && test -z \"$found\"; }"

# Every guide and runbook step says in which qube to type it; the prompt shows where one is. The file is the user's, and so is whatever it leads to: it is written as the user, and only what stands between our two marks.
"qwbtc-block-/home/user/.bashrc":
  cmd.run:
    - "name": "cd / && runuser -u user -- /usr/local/lib/qwbtc-salt/own-block /home/user/.bashrc 'if [ -r /usr/local/lib/qwbtc-salt/prompt.sh ]; then . /usr/local/lib/qwbtc-salt/prompt.sh; fi'"
    - "unless": "cd / && runuser -u user -- /usr/local/lib/qwbtc-salt/own-block --check /home/user/.bashrc 'if [ -r /usr/local/lib/qwbtc-salt/prompt.sh ]; then . /usr/local/lib/qwbtc-salt/prompt.sh; fi'"
    - "require":
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/own-block"

# A running qube takes a changed firewall file only when the firewall is loaded anew. What it was told is noted, so that one who could not be told is told by the next apply; after a change the note counts no more.
"qwbtc-forget-reload-firewall":
  cmd.run:
    - "name": "rm -f /run/qwbtc-salt/told/reload-firewall"
    - "onchanges":
      - "file": "qwbtc-file-/usr/local/etc/whonix_firewall.d/40_qwbtc.conf"
# Told, and noted, where what was told is not what lies there.
"qwbtc-reload-firewall":
  cmd.run:
    - "name": "{ whonix_firewall; } && /usr/local/lib/qwbtc-salt/told reload-firewall /usr/local/etc/whonix_firewall.d/40_qwbtc.conf"
    - "unless": "/usr/local/lib/qwbtc-salt/told --check reload-firewall /usr/local/etc/whonix_firewall.d/40_qwbtc.conf"
    - "require":
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/told"
      - "file": "qwbtc-file-/usr/local/etc/whonix_firewall.d/40_qwbtc.conf"

# A running tor takes a changed file only when it is told to. What it was told is noted, so that one who could not be told is told by the next apply; after a change the note counts no more.
"qwbtc-forget-reload-tor":
  cmd.run:
    - "name": "rm -f /run/qwbtc-salt/told/reload-tor"
    - "onchanges":
      - "file": "qwbtc-file-/usr/local/etc/torrc.d/40_qwbtc.conf"
      - "cmd": "qwbtc-prune-/var/lib/tor/authdir"
# Told, and noted, where what was told is not what lies there.
"qwbtc-reload-tor":
  cmd.run:
    - "name": "{ systemctl --no-block reload-or-restart tor@default.service; } && /usr/local/lib/qwbtc-salt/told reload-tor /usr/local/etc/torrc.d/40_qwbtc.conf '/var/lib/tor/authdir/qwbtc-*.auth_private'"
    - "unless": "/usr/local/lib/qwbtc-salt/told --check reload-tor /usr/local/etc/torrc.d/40_qwbtc.conf '/var/lib/tor/authdir/qwbtc-*.auth_private'"
    - "require":
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/told"
      - "file": "qwbtc-file-/usr/local/etc/torrc.d/40_qwbtc.conf"
      - "cmd": "qwbtc-prune-/var/lib/tor/authdir"

# onion-grater reads its profiles when it starts. What it was told is noted, so that one who could not be told is told by the next apply; after a change the note counts no more.
"qwbtc-forget-restart-onion-grater":
  cmd.run:
    - "name": "rm -f /run/qwbtc-salt/told/restart-onion-grater"
    - "onchanges":
      - "file": "qwbtc-absent-/usr/local/etc/onion-grater-merger.d/40_qwbtc.yml"
# Told, and noted, where what was told is not what lies there.
"qwbtc-restart-onion-grater":
  cmd.run:
    - "name": "{ systemctl --no-block restart onion-grater.service; } && /usr/local/lib/qwbtc-salt/told restart-onion-grater /usr/local/etc/onion-grater-merger.d/40_qwbtc.yml"
    - "unless": "/usr/local/lib/qwbtc-salt/told --check restart-onion-grater /usr/local/etc/onion-grater-merger.d/40_qwbtc.yml"
    - "require":
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/told"
      - "file": "qwbtc-absent-/usr/local/etc/onion-grater-merger.d/40_qwbtc.yml"
