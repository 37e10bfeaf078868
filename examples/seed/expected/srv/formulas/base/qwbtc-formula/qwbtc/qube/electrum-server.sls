#!yaml
# electrum-server: fulcrum. All of it lies where an AppVM keeps it: below /home, /usr/local or /rw, and what is tor's in a bind-dir of Whonix'.

# A link in the place of any of these, which the owner of its folder can make, would have root write, give away or remove what it leads to.
# Such a link is removed, never what it leads to. First what lies further out.
# No link in the place of /home/fulcrum/.fulcrum.
"qwbtc-unlink-/home/fulcrum/.fulcrum":
  cmd.run:
    - "name": "rm -f /home/fulcrum/.fulcrum"
    - "onlyif": "test -L /home/fulcrum/.fulcrum"
# No link in the place of /home/fulcrum/.fulcrum/database.
"qwbtc-unlink-/home/fulcrum/.fulcrum/database":
  cmd.run:
    - "name": "rm -f /home/fulcrum/.fulcrum/database"
    - "onlyif": "test -L /home/fulcrum/.fulcrum/database"
# No link in the place of /home/fulcrum/.fulcrum/fulcrum.conf.
"qwbtc-unlink-/home/fulcrum/.fulcrum/fulcrum.conf":
  cmd.run:
    - "name": "rm -f /home/fulcrum/.fulcrum/fulcrum.conf"
    - "onlyif": "test -L /home/fulcrum/.fulcrum/fulcrum.conf"
# No link in the place of /home/fulcrum/.fulcrum/rpc-cookie.
"qwbtc-unlink-/home/fulcrum/.fulcrum/rpc-cookie":
  cmd.run:
    - "name": "rm -f /home/fulcrum/.fulcrum/rpc-cookie"
    - "onlyif": "test -L /home/fulcrum/.fulcrum/rpc-cookie"

# The server's home; nobody else in the qube reads it.
"qwbtc-folder-/home/fulcrum":
  file.directory:
    - "name": "/home/fulcrum"
    - "user": "fulcrum"
    - "group": "fulcrum"
    - "mode": "0700"
    - "makedirs": true

# Its settings, and below it
"qwbtc-folder-/home/fulcrum/.fulcrum":
  file.directory:
    - "name": "/home/fulcrum/.fulcrum"
    - "user": "fulcrum"
    - "group": "fulcrum"
    - "mode": "0700"
    - "makedirs": true

# the index.
"qwbtc-folder-/home/fulcrum/.fulcrum/database":
  file.directory:
    - "name": "/home/fulcrum/.fulcrum/database"
    - "user": "fulcrum"
    - "group": "fulcrum"
    - "mode": "0700"
    - "makedirs": true

# Fulcrum goes here: root's, so that the server cannot change its own program.
"qwbtc-folder-/usr/local/lib/qwbtc-salt/fulcrum":
  file.directory:
    - "name": "/usr/local/lib/qwbtc-salt/fulcrum"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true

# The name and password by which this qube, and no other, uses the RPC of bitcoin-server.
# A secret: it lies in dom0's pillar alone and reaches this qube alone; it is never shown, and no line break is added to it. One that is
# not of its shape is not written.
"qwbtc-secret-/home/fulcrum/.fulcrum/rpc-cookie":
  file.managed:
    - "name": "/home/fulcrum/.fulcrum/rpc-cookie"
    - "contents_pillar": "qwbtc:rpc:bitcoin-server"
    - "contents_newline": false
    - "follow_symlinks": false
    - "check_cmd": "python3 -I -c 'import pathlib, re, sys; sys.exit(None if re.fullmatch(sys.argv[1].encode(), pathlib.Path(sys.argv[3]).read_bytes()) else sys.argv[2])' 'electrum-server:[A-Za-z0-9_-]+' 'qwbtc:rpc:bitcoin-server in the pillar is not of its shape, so nothing was written: sudo ./rotate-secrets --missing in dom0 mends it'"
    - "show_changes": false
    - "user": "fulcrum"
    - "group": "fulcrum"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"

# Sets a prompt that names the qube; the host name stays Whonix' own, so that nothing in the qube tells it from others.
"qwbtc-file-/usr/local/lib/qwbtc-salt/prompt.sh":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/prompt.sh"
    - "source": "salt://qwbtc/files/electrum-server/usr/local/lib/qwbtc-salt/prompt.sh"
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
    - "source": "salt://qwbtc/files/electrum-server/usr/local/etc/torbrowser.d/40_qwbtc.conf"
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
    - "source": "salt://qwbtc/files/electrum-server/usr/local/etc/sdwdate-gui.d/40_qwbtc.conf"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# The server's settings, each with its reason.
"qwbtc-file-/home/fulcrum/.fulcrum/fulcrum.conf":
  file.managed:
    - "name": "/home/fulcrum/.fulcrum/fulcrum.conf"
    - "source": "salt://qwbtc/files/electrum-server/home/fulcrum/.fulcrum/fulcrum.conf"
    - "user": "fulcrum"
    - "group": "fulcrum"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "follow_symlinks": false
    - "require":
      - "file": "qwbtc-secret-/home/fulcrum/.fulcrum/rpc-cookie"

# Takes the program's files from whoever has them, checks them by the recipe, and puts them in place.
"qwbtc-file-/usr/local/lib/qwbtc-salt/bring-program":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/bring-program"
    - "source": "salt://qwbtc/files/electrum-server/usr/local/lib/qwbtc-salt/bring-program"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Which Fulcrum is the right one (2.1.1): files, digests or signers, where it is published, and how it is unpacked.
"qwbtc-file-/usr/local/lib/qwbtc-salt/fulcrum/recipe.json":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/fulcrum/recipe.json"
    - "source": "salt://qwbtc/files/electrum-server/usr/local/lib/qwbtc-salt/fulcrum/recipe.json"
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

# Keeps a line of ours in a file of the user's, with the user's rights alone, and leaves the rest of it as it is.
"qwbtc-file-/usr/local/lib/qwbtc-salt/own-block":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/own-block"
    - "source": "salt://qwbtc/files/electrum-server/usr/local/lib/qwbtc-salt/own-block"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Notes what a daemon starts with, and has it restarted when that is no more what its files hold.
"qwbtc-file-/usr/local/lib/qwbtc-salt/in-force":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/in-force"
    - "source": "salt://qwbtc/files/electrum-server/usr/local/lib/qwbtc-salt/in-force"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# What each daemon reads when it starts, what is a comment in it, and which program it runs; for the command above.
"qwbtc-file-/usr/local/etc/qwbtc-salt/daemons.json":
  file.managed:
    - "name": "/usr/local/etc/qwbtc-salt/daemons.json"
    - "source": "salt://qwbtc/files/electrum-server/usr/local/etc/qwbtc-salt/daemons.json"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
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
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/fulcrum/recipe.json"
# Told, and noted, where what was told is not what lies there.
"qwbtc-bring-program":
  cmd.run:
    - "name": "{ if systemctl cat qwbtc-bring.service >/dev/null 2>&1; then systemctl --no-block restart qwbtc-bring.service; fi; } && /usr/local/lib/qwbtc-salt/told bring-program /usr/local/lib/qwbtc-salt/fulcrum/recipe.json"
    - "unless": "/usr/local/lib/qwbtc-salt/told --check bring-program /usr/local/lib/qwbtc-salt/fulcrum/recipe.json"
    - "require":
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/told"
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/fulcrum/recipe.json"

# Last, when all that it reads is there: a daemon goes on with what it started with, so it is restarted if that changed (a comment is no change),
# and started if it only waited for what has now come. Nobody waits for it here: bitcoind may take ten minutes to stop, and hours to be ready.
"qwbtc-in-force-qwbtc-fulcrum.service":
  cmd.run:
    - "name": "/usr/local/lib/qwbtc-salt/in-force qwbtc-fulcrum.service"
    - "unless": "/usr/local/lib/qwbtc-salt/in-force --check qwbtc-fulcrum.service"
    - "require":
      - "file": "qwbtc-secret-/home/fulcrum/.fulcrum/rpc-cookie"
      - "file": "qwbtc-file-/home/fulcrum/.fulcrum/fulcrum.conf"
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/in-force"
      - "file": "qwbtc-file-/usr/local/etc/qwbtc-salt/daemons.json"
