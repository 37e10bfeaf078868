#!yaml
# bitcoin-server: bitcoind. All of it lies where an AppVM keeps it: below /home, /usr/local or /rw, and what is tor's in a bind-dir of Whonix'.

# A link in the place of any of these, which the owner of its folder can make, would have root write, give away or remove what it leads to.
# Such a link is removed, never what it leads to. First what lies further out.
# No link in the place of /home/bitcoin/.bitcoin.
"qwbtc-unlink-/home/bitcoin/.bitcoin":
  cmd.run:
    - "name": "rm -f /home/bitcoin/.bitcoin"
    - "onlyif": "test -L /home/bitcoin/.bitcoin"
# No link in the place of /home/bitcoin/.bitcoin/bitcoin.conf.
"qwbtc-unlink-/home/bitcoin/.bitcoin/bitcoin.conf":
  cmd.run:
    - "name": "rm -f /home/bitcoin/.bitcoin/bitcoin.conf"
    - "onlyif": "test -L /home/bitcoin/.bitcoin/bitcoin.conf"
# No link in the place of /home/bitcoin/.bitcoin/bitcoin.conf.local.
"qwbtc-unlink-/home/bitcoin/.bitcoin/bitcoin.conf.local":
  cmd.run:
    - "name": "rm -f /home/bitcoin/.bitcoin/bitcoin.conf.local"
    - "onlyif": "test -L /home/bitcoin/.bitcoin/bitcoin.conf.local"
# No link in the place of /home/bitcoin/.bitcoin/rpcauth-electrum-server.conf.
"qwbtc-unlink-/home/bitcoin/.bitcoin/rpcauth-electrum-server.conf":
  cmd.run:
    - "name": "rm -f /home/bitcoin/.bitcoin/rpcauth-electrum-server.conf"
    - "onlyif": "test -L /home/bitcoin/.bitcoin/rpcauth-electrum-server.conf"

# The node's home; nobody else in the qube reads it.
"qwbtc-folder-/home/bitcoin":
  file.directory:
    - "name": "/home/bitcoin"
    - "user": "bitcoin"
    - "group": "bitcoin"
    - "mode": "0700"
    - "makedirs": true

# The chain, the RPC cookie and the settings.
"qwbtc-folder-/home/bitcoin/.bitcoin":
  file.directory:
    - "name": "/home/bitcoin/.bitcoin"
    - "user": "bitcoin"
    - "group": "bitcoin"
    - "mode": "0700"
    - "makedirs": true

# Bitcoin Core goes here: root's, so that the node cannot change its own program.
"qwbtc-folder-/usr/local/lib/qwbtc-salt/bitcoin-core":
  file.directory:
    - "name": "/usr/local/lib/qwbtc-salt/bitcoin-core"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true

# The rpcauth line of electrum-server, which uses this node: its name and a salted hash, not its password.
# A secret: it lies in dom0's pillar alone and reaches this qube alone; it is never shown, and no line break is added to it. One that is
# not of its shape is not written.
"qwbtc-secret-/home/bitcoin/.bitcoin/rpcauth-electrum-server.conf":
  file.managed:
    - "name": "/home/bitcoin/.bitcoin/rpcauth-electrum-server.conf"
    - "contents_pillar": "qwbtc:rpcauth:electrum-server"
    - "contents_newline": false
    - "follow_symlinks": false
    - "check_cmd": "python3 -I -c 'import pathlib, re, sys; sys.exit(None if re.fullmatch(sys.argv[1].encode(), pathlib.Path(sys.argv[3]).read_bytes()) else sys.argv[2])' 'rpcauth=electrum-server:[0-9a-f]+[$][0-9a-f]{64}' 'qwbtc:rpcauth:electrum-server in the pillar is not of its shape, so nothing was written: sudo ./rotate-secrets --missing in dom0 mends it'"
    - "show_changes": false
    - "user": "bitcoin"
    - "group": "bitcoin"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"

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

# The node's settings, each with its reason. Read by the node alone.
"qwbtc-file-/home/bitcoin/.bitcoin/bitcoin.conf":
  file.managed:
    - "name": "/home/bitcoin/.bitcoin/bitcoin.conf"
    - "source": "salt://qwbtc/files/bitcoin-server/home/bitcoin/.bitcoin/bitcoin.conf"
    - "user": "bitcoin"
    - "group": "bitcoin"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "follow_symlinks": false
    - "require":
      - "file": "qwbtc-secret-/home/bitcoin/.bitcoin/rpcauth-electrum-server.conf"

# Yours: settings that are not known here. It must be there, for bitcoin.conf includes it; it is made once and then left alone.
"qwbtc-file-/home/bitcoin/.bitcoin/bitcoin.conf.local":
  file.managed:
    - "name": "/home/bitcoin/.bitcoin/bitcoin.conf.local"
    - "source": "salt://qwbtc/files/bitcoin-server/home/bitcoin/.bitcoin/bitcoin.conf.local"
    - "user": "bitcoin"
    - "group": "bitcoin"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"
    - "follow_symlinks": false
    - "replace": false

# bitcoin-cli as the user that may read the RPC cookie.
"qwbtc-file-/usr/local/bin/bitcoin-cli":
  file.managed:
    - "name": "/usr/local/bin/bitcoin-cli"
    - "source": "salt://qwbtc/files/bitcoin-server/usr/local/bin/bitcoin-cli"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# How far the chain is, how many peers there are, and how full the disk is.
"qwbtc-file-/usr/local/bin/node-status":
  file.managed:
    - "name": "/usr/local/bin/node-status"
    - "source": "salt://qwbtc/files/bitcoin-server/usr/local/bin/node-status"
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
    - "source": "salt://qwbtc/files/bitcoin-server/usr/local/lib/qwbtc-salt/bring-program"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Which Bitcoin Core is the right one (31.1): files, digests or signers, where it is published, and how it is unpacked.
"qwbtc-file-/usr/local/lib/qwbtc-salt/bitcoin-core/recipe.json":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/bitcoin-core/recipe.json"
    - "source": "salt://qwbtc/files/bitcoin-server/usr/local/lib/qwbtc-salt/bitcoin-core/recipe.json"
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

# Notes what a daemon starts with, and has it restarted when that is no more what its files hold.
"qwbtc-file-/usr/local/lib/qwbtc-salt/in-force":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/in-force"
    - "source": "salt://qwbtc/files/bitcoin-server/usr/local/lib/qwbtc-salt/in-force"
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
    - "source": "salt://qwbtc/files/bitcoin-server/usr/local/etc/qwbtc-salt/daemons.json"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# No client keeps a wallet in this node (any more), which then runs without.
"qwbtc-absent-/usr/local/etc/qwbtc-salt/watch-wallets.conf":
  file.absent:
    - "name": "/usr/local/etc/qwbtc-salt/watch-wallets.conf"

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

# In a running qube another recipe counts at once. (Where its template has no such unit yet, it counts from the next start.) What it was told is noted, so that one who could not be told is told by the next apply; after a change the note counts no more.
"qwbtc-forget-bring-program":
  cmd.run:
    - "name": "rm -f /run/qwbtc-salt/told/bring-program"
    - "onchanges":
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/bitcoin-core/recipe.json"
# Told, and noted, where what was told is not what lies there.
"qwbtc-bring-program":
  cmd.run:
    - "name": "{ if systemctl cat qwbtc-bring.service qwbtc-fetch.service >/dev/null 2>&1; then systemctl --no-block restart qwbtc-bring.service qwbtc-fetch.service; fi; } && /usr/local/lib/qwbtc-salt/told bring-program /usr/local/lib/qwbtc-salt/bitcoin-core/recipe.json"
    - "unless": "/usr/local/lib/qwbtc-salt/told --check bring-program /usr/local/lib/qwbtc-salt/bitcoin-core/recipe.json"
    - "require":
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/told"
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/bitcoin-core/recipe.json"

# Last, when all that it reads is there: a daemon goes on with what it started with, so it is restarted if that changed (a comment is no change),
# and started if it only waited for what has now come. Nobody waits for it here: bitcoind may take ten minutes to stop, and hours to be ready.
"qwbtc-in-force-qwbtc-bitcoind.service":
  cmd.run:
    - "name": "/usr/local/lib/qwbtc-salt/in-force qwbtc-bitcoind.service"
    - "unless": "/usr/local/lib/qwbtc-salt/in-force --check qwbtc-bitcoind.service"
    - "require":
      - "file": "qwbtc-secret-/home/bitcoin/.bitcoin/rpcauth-electrum-server.conf"
      - "file": "qwbtc-file-/home/bitcoin/.bitcoin/bitcoin.conf"
      - "file": "qwbtc-file-/home/bitcoin/.bitcoin/bitcoin.conf.local"
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/in-force"
      - "file": "qwbtc-file-/usr/local/etc/qwbtc-salt/daemons.json"
