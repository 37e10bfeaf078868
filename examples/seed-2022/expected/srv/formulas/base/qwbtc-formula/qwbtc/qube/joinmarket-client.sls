#!yaml
# joinmarket-client: joinmarket-wallet. All of it lies where an AppVM keeps it: below /home, /usr/local or /rw, and what is tor's in a bind-dir of Whonix'.

# JoinMarket's folder, with the wallets; nobody else in the qube reads it.
"qwbtc-folder-/home/user/.joinmarket":
  file.directory:
    - "name": "/home/user/.joinmarket"
    - "user": "user"
    - "group": "user"
    - "mode": "0700"
    - "makedirs": true

# JoinMarket goes here: root's, so that nothing that it does can change the program.
"qwbtc-folder-/usr/local/lib/qwbtc-salt/joinmarket":
  file.directory:
    - "name": "/usr/local/lib/qwbtc-salt/joinmarket"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true

# A link in the place of a secret, which the folder's owner can make, would have root write and give away another file.
"qwbtc-unlink-/home/user/.joinmarket/rpc-cookie":
  cmd.run:
    - "name": "rm -f /home/user/.joinmarket/rpc-cookie"
    - "onlyif": "test -L /home/user/.joinmarket/rpc-cookie"
# The name and password by which this qube, and no other, uses the RPC of bitcoin-server.
# A secret: it lies in dom0's pillar alone and reaches this qube alone; it is never shown, and no line break is added to it. One that is
# not of its shape is not written.
"qwbtc-secret-/home/user/.joinmarket/rpc-cookie":
  file.managed:
    - "name": "/home/user/.joinmarket/rpc-cookie"
    - "contents_pillar": "qwbtc:rpc:bitcoin-server"
    - "contents_newline": false
    - "follow_symlinks": false
    - "check_cmd": "python3 -I -c 'import pathlib, re, sys; sys.exit(None if re.fullmatch(sys.argv[1].encode(), pathlib.Path(sys.argv[3]).read_bytes()) else sys.argv[2])' 'joinmarket-client:[A-Za-z0-9_-]+' 'qwbtc:rpc:bitcoin-server in the pillar is not of its shape, so nothing was written: sudo ./rotate-secrets --missing in dom0 mends it'"
    - "show_changes": false
    - "user": "user"
    - "group": "user"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"

# Sets a prompt that names the qube; the host name stays Whonix' own, so that nothing in the qube tells it from others.
"qwbtc-file-/usr/local/lib/qwbtc-salt/prompt.sh":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/prompt.sh"
    - "source": "salt://qwbtc/files/joinmarket-client/usr/local/lib/qwbtc-salt/prompt.sh"
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
    - "source": "salt://qwbtc/files/joinmarket-client/usr/local/etc/torbrowser.d/40_qwbtc.conf"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# No clock display where there is no Tor: it would call sys-whonix.
"qwbtc-file-/usr/local/etc/sdwdate-gui.d/40_qwbtc.conf":
  file.managed:
    - "name": "/usr/local/etc/sdwdate-gui.d/40_qwbtc.conf"
    - "source": "salt://qwbtc/files/joinmarket-client/usr/local/etc/sdwdate-gui.d/40_qwbtc.conf"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# JoinMarket's settings, each with its reason. What is not in it has the default of the version.
"qwbtc-file-/home/user/.joinmarket/joinmarket.cfg":
  file.managed:
    - "name": "/home/user/.joinmarket/joinmarket.cfg"
    - "source": "salt://qwbtc/files/joinmarket-client/home/user/.joinmarket/joinmarket.cfg"
    - "user": "user"
    - "group": "user"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "follow_symlinks": false
    - "require":
      - "file": "qwbtc-secret-/home/user/.joinmarket/rpc-cookie"

# Runs one of JoinMarket's programs: jm wallet-tool, jm sendpayment, jm tumbler.
"qwbtc-file-/usr/local/bin/jm":
  file.managed:
    - "name": "/usr/local/bin/jm"
    - "source": "salt://qwbtc/files/joinmarket-client/usr/local/bin/jm"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# The file is the user's: it is only made if it is missing, never replaced.
"qwbtc-own-/home/user/.bashrc":
  file.managed:
    - "name": "/home/user/.bashrc"
    - "user": "user"
    - "group": "user"
    - "mode": "0644"
    - "replace": false
# Every guide and runbook step says in which qube to type it; the prompt shows where one is. Only what stands between the two marks is ours.
"qwbtc-block-/home/user/.bashrc":
  file.blockreplace:
    - "name": "/home/user/.bashrc"
    - "marker_start": "# qwbtc-salt: begin"
    - "marker_end": "# qwbtc-salt: end"
    - "content": "if [ -r /usr/local/lib/qwbtc-salt/prompt.sh ]; then . /usr/local/lib/qwbtc-salt/prompt.sh; fi"
    - "append_if_not_found": true
    - "append_newline": true
    - "backup": false
    - "require":
      - "file": "qwbtc-own-/home/user/.bashrc"
