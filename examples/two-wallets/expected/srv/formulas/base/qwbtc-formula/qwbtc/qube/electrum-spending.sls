#!yaml
# electrum-spending: electrum-wallet. All of it lies where an AppVM keeps it: below /home, /usr/local or /rw, and what is tor's in a bind-dir of Whonix'.

# A link in the place of any of these, which the owner of its folder can make, would have root write, give away or remove what it leads to.
# Such a link is removed, never what it leads to. First what lies further out.
# No link in the place of /home/user/.electrum.
"qwbtc-unlink-/home/user/.electrum":
  cmd.run:
    - "name": "rm -f /home/user/.electrum"
    - "onlyif": "test -L /home/user/.electrum"
# No link in the place of /home/user/.electrum/wallets.
"qwbtc-unlink-/home/user/.electrum/wallets":
  cmd.run:
    - "name": "rm -f /home/user/.electrum/wallets"
    - "onlyif": "test -L /home/user/.electrum/wallets"

# Electrum's folder; nobody else in the qube reads it.
"qwbtc-folder-/home/user/.electrum":
  file.directory:
    - "name": "/home/user/.electrum"
    - "user": "user"
    - "group": "user"
    - "mode": "0700"
    - "makedirs": true

# Electrum ends with an error where it shall make a wallet in a folder that is not there.
"qwbtc-folder-/home/user/.electrum/wallets":
  file.directory:
    - "name": "/home/user/.electrum/wallets"
    - "user": "user"
    - "group": "user"
    - "mode": "0700"
    - "makedirs": true

# Sets a prompt that names the qube; the host name stays Whonix' own, so that nothing in the qube tells it from others.
"qwbtc-file-/usr/local/lib/qwbtc-salt/prompt.sh":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/prompt.sh"
    - "source": "salt://qwbtc/files/electrum-spending/usr/local/lib/qwbtc-salt/prompt.sh"
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
    - "source": "salt://qwbtc/files/electrum-spending/usr/local/etc/torbrowser.d/40_qwbtc.conf"
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
    - "source": "salt://qwbtc/files/electrum-spending/usr/local/etc/sdwdate-gui.d/40_qwbtc.conf"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Which Electrum is started, and on which chain: two words, which the command below reads.
"qwbtc-file-/usr/local/lib/qwbtc-salt/electrum/start":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/electrum/start"
    - "source": "salt://qwbtc/files/electrum-spending/usr/local/lib/qwbtc-salt/electrum/start"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Starts Electrum with the flag of the chain; before Debian's in the PATH, so that menu and terminal agree.
"qwbtc-file-/usr/local/bin/electrum":
  file.managed:
    - "name": "/usr/local/bin/electrum"
    - "source": "salt://qwbtc/files/electrum-spending/usr/local/bin/electrum"
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
    - "source": "salt://qwbtc/files/electrum-spending/usr/local/lib/qwbtc-salt/own-block"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Sets our keys in a program's own JSON file, removes those of ours that are wanted no more, and keeps whatever else stands there.
"qwbtc-file-/usr/local/lib/qwbtc-salt/merge-json":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/merge-json"
    - "source": "salt://qwbtc/files/electrum-spending/usr/local/lib/qwbtc-salt/merge-json"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# The keys that are set in /home/user/.electrum/config; why, says the state below that merges them.
"qwbtc-file-/usr/local/lib/qwbtc-salt/electrum/config.json":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/electrum/config.json"
    - "source": "salt://qwbtc/files/electrum-spending/usr/local/lib/qwbtc-salt/electrum/config.json"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Electrum's own settings, which it rewrites itself: only these keys are ours. An open Electrum would write its own back; the next apply sets them again. What else stands in it stays; it is written only while one of these is missing or different, or one that is wanted no more is left:
# config_version: Without it Electrum takes the file for one of its first version and turns :t into :s, TLS to a server that speaks none. Source: Electrum electrum/simple_config.py, upgrade
# server: This end of the link to electrum-server. t is plain TCP, which over qrexec is no network. Source: Electrum electrum/interface.py, ServerAddr
# oneserver: No other server, not even to compare block headers. Source: Electrum electrum/network.py, oneserver
# auto_connect: Never picks another server by itself. A truth value: the text "false" would be taken for yes. Source: Electrum electrum/network.py, auto_connect
# check_updates: No question to electrum.org about newer versions, which would fail here; Debian's updates bring them. Source: Electrum electrum/gui/qt/update_checker.py
# use_exchange_rate: No exchange rates from the web. Source: Electrum electrum/exchange_rate.py
# proxy: No SOCKS proxy. For a server on the loopback Electrum would use none anyway; said outright. Source: Electrum electrum/interface.py, looks like localhost
"qwbtc-merge-/home/user/.electrum/config":
  cmd.run:
    - "name": "runuser -u user -- /usr/local/lib/qwbtc-salt/merge-json /usr/local/lib/qwbtc-salt/electrum/config.json /home/user/.electrum/config"
    - "unless": "runuser -u user -- /usr/local/lib/qwbtc-salt/merge-json --check /usr/local/lib/qwbtc-salt/electrum/config.json /home/user/.electrum/config"
    - "require":
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/merge-json"
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/electrum/config.json"

# Every guide and runbook step says in which qube to type it; the prompt shows where one is. The file is the user's, and so is whatever it leads to: it is written as the user, and only what stands between our two marks.
"qwbtc-block-/home/user/.bashrc":
  cmd.run:
    - "name": "cd / && runuser -u user -- /usr/local/lib/qwbtc-salt/own-block /home/user/.bashrc 'if [ -r /usr/local/lib/qwbtc-salt/prompt.sh ]; then . /usr/local/lib/qwbtc-salt/prompt.sh; fi'"
    - "unless": "cd / && runuser -u user -- /usr/local/lib/qwbtc-salt/own-block --check /home/user/.bashrc 'if [ -r /usr/local/lib/qwbtc-salt/prompt.sh ]; then . /usr/local/lib/qwbtc-salt/prompt.sh; fi'"
    - "require":
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/own-block"
