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

# A connection that is open goes on to where the server was; its client makes another.
"qwbtc-end-connections-50002":
  cmd.run:
    - "name": "systemctl --no-block stop 'qwbtc-forward-50002@*.service'"
    - "onchanges":
      - "file": "qwbtc-file-/usr/local/etc/qwbtc-salt/forward-50002.env"
