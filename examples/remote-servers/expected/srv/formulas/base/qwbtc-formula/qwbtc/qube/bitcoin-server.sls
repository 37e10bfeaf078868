#!yaml
# bitcoin-server: bitcoind. All of it lies where an AppVM keeps it: below /home, /usr/local or /rw, and what is tor's in a bind-dir of Whonix'.

# Sets a prompt that names the qube; the host name stays Whonix' own, so that nothing in the qube tells it from others.
"qwbtc-file-/usr/local/lib/qwbtc-salt/prompt.sh":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/prompt.sh"
    - "source": "salt://qwbtc/files/bitcoin-server/usr/local/lib/qwbtc-salt/prompt.sh"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# No browsing from a qube that serves one purpose.
"qwbtc-file-/usr/local/etc/torbrowser.d/40_qwbtc.conf":
  file.managed:
    - "name": "/usr/local/etc/torbrowser.d/40_qwbtc.conf"
    - "source": "salt://qwbtc/files/bitcoin-server/usr/local/etc/torbrowser.d/40_qwbtc.conf"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# The clock display asks this qube's own gateway; by itself it would call sys-whonix.
"qwbtc-file-/usr/local/etc/sdwdate-gui.d/40_qwbtc.conf":
  file.managed:
    - "name": "/usr/local/etc/sdwdate-gui.d/40_qwbtc.conf"
    - "source": "salt://qwbtc/files/bitcoin-server/usr/local/etc/sdwdate-gui.d/40_qwbtc.conf"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Outgoing connections reach the gateway and nothing else; incoming ones only the ports that an onion service needs.
"qwbtc-file-/usr/local/etc/whonix_firewall.d/40_qwbtc.conf":
  file.managed:
    - "name": "/usr/local/etc/whonix_firewall.d/40_qwbtc.conf"
    - "source": "salt://qwbtc/files/bitcoin-server/usr/local/etc/whonix_firewall.d/40_qwbtc.conf"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Where port 8332 of this qube leads.
"qwbtc-file-/usr/local/etc/qwbtc-salt/forward-8332.env":
  file.managed:
    - "name": "/usr/local/etc/qwbtc-salt/forward-8332.env"
    - "source": "salt://qwbtc/files/bitcoin-server/usr/local/etc/qwbtc-salt/forward-8332.env"
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
    - "source": "salt://qwbtc/files/bitcoin-server/usr/local/lib/qwbtc-salt/told"
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
    - "source": "salt://qwbtc/files/bitcoin-server/usr/local/lib/qwbtc-salt/own-block"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

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

# A connection that is open goes on to where the server was; its client makes another. What it was told is noted, so that one who could not be told is told by the next apply; after a change the note counts no more.
"qwbtc-forget-end-connections-8332":
  cmd.run:
    - "name": "rm -f /run/qwbtc-salt/told/end-connections-8332"
    - "onchanges":
      - "file": "qwbtc-file-/usr/local/etc/qwbtc-salt/forward-8332.env"
# Told, and noted, where what was told is not what lies there.
"qwbtc-end-connections-8332":
  cmd.run:
    - "name": "{ systemctl --no-block stop 'qwbtc-forward-8332@*.service'; } && /usr/local/lib/qwbtc-salt/told end-connections-8332 /usr/local/etc/qwbtc-salt/forward-8332.env"
    - "unless": "/usr/local/lib/qwbtc-salt/told --check end-connections-8332 /usr/local/etc/qwbtc-salt/forward-8332.env"
    - "require":
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/told"
      - "file": "qwbtc-file-/usr/local/etc/qwbtc-salt/forward-8332.env"
