#!yaml
# joinmarket-server: joinmarketd. All of it lies where an AppVM keeps it: below /home, /usr/local or /rw, and what is tor's in a bind-dir of Whonix'.

# A link in the place of any of these, which the owner of its folder can make, would have root write, give away or remove what it leads to.
# Such a link is removed, never what it leads to. First what lies further out.
# No link in the place of /home/joinmarket/joinmarketd.
"qwbtc-unlink-/home/joinmarket/joinmarketd":
  cmd.run:
    - "name": "rm -f /home/joinmarket/joinmarketd"
    - "onlyif": "test -L /home/joinmarket/joinmarketd"

# The daemon's home; nobody else in the qube reads it.
"qwbtc-folder-/home/joinmarket":
  file.directory:
    - "name": "/home/joinmarket"
    - "user": "joinmarket"
    - "group": "joinmarket"
    - "mode": "0700"
    - "makedirs": true

# Where it runs. For takers it writes nothing here.
"qwbtc-folder-/home/joinmarket/joinmarketd":
  file.directory:
    - "name": "/home/joinmarket/joinmarketd"
    - "user": "joinmarket"
    - "group": "joinmarket"
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

# Sets a prompt that names the qube; the host name stays Whonix' own, so that nothing in the qube tells it from others.
"qwbtc-file-/usr/local/lib/qwbtc-salt/prompt.sh":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/prompt.sh"
    - "source": "salt://qwbtc/files/joinmarket-server/usr/local/lib/qwbtc-salt/prompt.sh"
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
    - "source": "salt://qwbtc/files/joinmarket-server/usr/local/etc/torbrowser.d/40_qwbtc.conf"
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
    - "source": "salt://qwbtc/files/joinmarket-server/usr/local/etc/sdwdate-gui.d/40_qwbtc.conf"
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
    - "source": "salt://qwbtc/files/joinmarket-server/usr/local/etc/whonix_firewall.d/40_qwbtc.conf"
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
    - "source": "salt://qwbtc/files/joinmarket-server/usr/local/lib/qwbtc-salt/finish-joinmarket"
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
    - "source": "salt://qwbtc/files/joinmarket-server/usr/local/lib/qwbtc-salt/joinmarket.lock"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# What joinmarket-client needs, which has no network to fetch it.
"qwbtc-file-/usr/local/lib/qwbtc-salt/joinmarket-of-joinmarket-client.lock":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/joinmarket-of-joinmarket-client.lock"
    - "source": "salt://qwbtc/files/joinmarket-server/usr/local/lib/qwbtc-salt/joinmarket-of-joinmarket-client.lock"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Takes the program's files from whoever has them, checks them by the recipe, and puts them in place.
"qwbtc-file-/usr/local/lib/qwbtc-salt/bring-program":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/bring-program"
    - "source": "salt://qwbtc/files/joinmarket-server/usr/local/lib/qwbtc-salt/bring-program"
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
    - "source": "salt://qwbtc/files/joinmarket-server/usr/local/lib/qwbtc-salt/joinmarket/recipe.json"
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
    - "source": "salt://qwbtc/files/joinmarket-server/usr/local/lib/qwbtc-salt/told"
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
    - "source": "salt://qwbtc/files/joinmarket-server/usr/local/lib/qwbtc-salt/own-block"
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
    - "source": "salt://qwbtc/files/joinmarket-server/usr/local/lib/qwbtc-salt/in-force"
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
    - "source": "salt://qwbtc/files/joinmarket-server/usr/local/etc/qwbtc-salt/daemons.json"
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
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/joinmarket/recipe.json"
# Told, and noted, where what was told is not what lies there.
"qwbtc-bring-program":
  cmd.run:
    - "name": "{ if systemctl cat qwbtc-bring.service qwbtc-fetch.service >/dev/null 2>&1; then systemctl --no-block restart qwbtc-bring.service qwbtc-fetch.service; fi; } && /usr/local/lib/qwbtc-salt/told bring-program /usr/local/lib/qwbtc-salt/joinmarket/recipe.json"
    - "unless": "/usr/local/lib/qwbtc-salt/told --check bring-program /usr/local/lib/qwbtc-salt/joinmarket/recipe.json"
    - "require":
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/told"
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/joinmarket/recipe.json"

# Last, when all that it reads is there: a daemon goes on with what it started with, so it is restarted if that changed (a comment is no change),
# and started if it only waited for what has now come. Nobody waits for it here: bitcoind may take ten minutes to stop, and hours to be ready.
"qwbtc-in-force-qwbtc-joinmarketd.service":
  cmd.run:
    - "name": "/usr/local/lib/qwbtc-salt/in-force qwbtc-joinmarketd.service"
    - "unless": "/usr/local/lib/qwbtc-salt/in-force --check qwbtc-joinmarketd.service"
    - "require":
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/in-force"
      - "file": "qwbtc-file-/usr/local/etc/qwbtc-salt/daemons.json"
