#!yaml
# electrum-server: fulcrum. All of it lies where an AppVM keeps it: below /home, /usr/local or /rw, and what is tor's in a bind-dir of Whonix'.

# Where port 50002 of this qube leads.
"qwbtc-file-/usr/local/etc/qwbtc-salt/forward-50002.env":
  file.managed:
    - "name": "/usr/local/etc/qwbtc-salt/forward-50002.env"
    - "source": "salt://qwbtc/files/electrum-server/usr/local/etc/qwbtc-salt/forward-50002.env"
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
    - "source": "salt://qwbtc/files/electrum-server/usr/local/lib/qwbtc-salt/told"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# A connection that is open goes on to where the server was; its client makes another. What it was told is noted, so that one who could not be told is told by the next apply; after a change the note counts no more.
"qwbtc-forget-end-connections-50002":
  cmd.run:
    - "name": "rm -f /run/qwbtc-salt/told/end-connections-50002"
    - "onchanges":
      - "file": "qwbtc-file-/usr/local/etc/qwbtc-salt/forward-50002.env"
# Told, and noted, where what was told is not what lies there.
"qwbtc-end-connections-50002":
  cmd.run:
    - "name": "{ systemctl --no-block stop 'qwbtc-forward-50002@*.service'; } && /usr/local/lib/qwbtc-salt/told end-connections-50002 /usr/local/etc/qwbtc-salt/forward-50002.env"
    - "unless": "/usr/local/lib/qwbtc-salt/told --check end-connections-50002 /usr/local/etc/qwbtc-salt/forward-50002.env"
    - "require":
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/told"
      - "file": "qwbtc-file-/usr/local/etc/qwbtc-salt/forward-50002.env"
