#!yaml
# joinmarket-client: joinmarket-wallet. All of it lies where an AppVM keeps it: below /home, /usr/local or /rw, and what is tor's in a bind-dir of Whonix'.

# A link in the place of any of these, which the owner of its folder can make, would have root write, give away or remove what it leads to.
# Such a link is removed, never what it leads to. First what lies further out.
# No link in the place of /home/user/.joinmarket.
"qwbtc-unlink-/home/user/.joinmarket":
  cmd.run:
    - "name": "rm -f /home/user/.joinmarket"
    - "onlyif": "test -L /home/user/.joinmarket"
# No link in the place of /home/user/.joinmarket/joinmarket.cfg.
"qwbtc-unlink-/home/user/.joinmarket/joinmarket.cfg":
  cmd.run:
    - "name": "rm -f /home/user/.joinmarket/joinmarket.cfg"
    - "onlyif": "test -L /home/user/.joinmarket/joinmarket.cfg"
# No link in the place of /home/user/.joinmarket/rpc-cookie.
"qwbtc-unlink-/home/user/.joinmarket/rpc-cookie":
  cmd.run:
    - "name": "rm -f /home/user/.joinmarket/rpc-cookie"
    - "onlyif": "test -L /home/user/.joinmarket/rpc-cookie"

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

# Makes JoinMarket's Python environment of verified wheels, without network.
"qwbtc-file-/usr/local/lib/qwbtc-salt/finish-joinmarket":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/finish-joinmarket"
    - "source": "salt://qwbtc/files/joinmarket-client/usr/local/lib/qwbtc-salt/finish-joinmarket"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# JoinMarket's libraries, each by its digest.
"qwbtc-file-/usr/local/lib/qwbtc-salt/joinmarket.lock":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/joinmarket.lock"
    - "source": "salt://qwbtc/files/joinmarket-client/usr/local/lib/qwbtc-salt/joinmarket.lock"
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

# Takes the program's files from whoever has them, checks them by the recipe, and puts them in place.
"qwbtc-file-/usr/local/lib/qwbtc-salt/bring-program":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/bring-program"
    - "source": "salt://qwbtc/files/joinmarket-client/usr/local/lib/qwbtc-salt/bring-program"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Which JoinMarket is the right one (0.9.12): files, digests or signers, where it is published, and how it is unpacked.
"qwbtc-file-/usr/local/lib/qwbtc-salt/joinmarket/recipe.json":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/joinmarket/recipe.json"
    - "source": "salt://qwbtc/files/joinmarket-client/usr/local/lib/qwbtc-salt/joinmarket/recipe.json"
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
    - "source": "salt://qwbtc/files/joinmarket-client/usr/local/lib/qwbtc-salt/told"
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
    - "source": "salt://qwbtc/files/joinmarket-client/usr/local/lib/qwbtc-salt/own-block"
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

# In a running qube another recipe counts at once. (Where its template has no such unit yet, it counts from the next start.) What it was told is noted, so that one who could not be told is told by the next apply; after a change the note counts no more.
"qwbtc-forget-bring-program":
  cmd.run:
    - "name": "rm -f /run/qwbtc-salt/told/bring-program"
    - "onchanges":
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/joinmarket/recipe.json"
# Told, and noted, where what was told is not what lies there.
"qwbtc-bring-program":
  cmd.run:
    - "name": "{ if systemctl cat qwbtc-bring.service >/dev/null 2>&1; then systemctl --no-block restart qwbtc-bring.service; fi; } && /usr/local/lib/qwbtc-salt/told bring-program /usr/local/lib/qwbtc-salt/joinmarket/recipe.json"
    - "unless": "/usr/local/lib/qwbtc-salt/told --check bring-program /usr/local/lib/qwbtc-salt/joinmarket/recipe.json"
    - "require":
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/told"
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/joinmarket/recipe.json"
