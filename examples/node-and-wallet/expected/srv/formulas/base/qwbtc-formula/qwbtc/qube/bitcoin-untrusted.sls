#!yaml
# bitcoin-untrusted: downloader. All of it lies where an AppVM keeps it: below /home, /usr/local or /rw, and what is tor's in a bind-dir of Whonix'.

# What the other qubes ask for, and nothing else: what a topology gives up is removed.
"qwbtc-folder-/usr/local/lib/qwbtc-salt/recipes":
  file.directory:
    - "name": "/usr/local/lib/qwbtc-salt/recipes"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true

# Sets a prompt that names the qube; the host name stays Whonix' own, so that nothing in the qube tells it from others.
"qwbtc-file-/usr/local/lib/qwbtc-salt/prompt.sh":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/prompt.sh"
    - "source": "salt://qwbtc/files/bitcoin-untrusted/usr/local/lib/qwbtc-salt/prompt.sh"
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
    - "source": "salt://qwbtc/files/bitcoin-untrusted/usr/local/etc/torbrowser.d/40_qwbtc.conf"
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
    - "source": "salt://qwbtc/files/bitcoin-untrusted/usr/local/etc/sdwdate-gui.d/40_qwbtc.conf"
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
    - "source": "salt://qwbtc/files/bitcoin-untrusted/usr/local/etc/whonix_firewall.d/40_qwbtc.conf"
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
    - "source": "salt://qwbtc/files/bitcoin-untrusted/usr/local/lib/qwbtc-salt/bring-program"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Fetches what other qubes need, checks it, and says how to send it.
"qwbtc-file-/usr/local/bin/fetch-program":
  file.managed:
    - "name": "/usr/local/bin/fetch-program"
    - "source": "salt://qwbtc/files/bitcoin-untrusted/usr/local/bin/fetch-program"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Which Bitcoin Core is the right one (31.1): files, digests or signers, where it is published, and how it is unpacked.
"qwbtc-file-/usr/local/lib/qwbtc-salt/recipes/bitcoin-server.json":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/recipes/bitcoin-server.json"
    - "source": "salt://qwbtc/files/bitcoin-untrusted/usr/local/lib/qwbtc-salt/recipes/bitcoin-server.json"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Which Fulcrum is the right one (2.1.1): files, digests or signers, where it is published, and how it is unpacked.
"qwbtc-file-/usr/local/lib/qwbtc-salt/recipes/electrum-server.json":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/recipes/electrum-server.json"
    - "source": "salt://qwbtc/files/bitcoin-untrusted/usr/local/lib/qwbtc-salt/recipes/electrum-server.json"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Nothing else lies in /usr/local/lib/qwbtc-salt/recipes.
"qwbtc-only-/usr/local/lib/qwbtc-salt/recipes":
  file.directory:
    - "name": "/usr/local/lib/qwbtc-salt/recipes"
    - "user": "root"
    - "group": "root"
    - "mode": "0755"
    - "clean": true
    - "require":
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/recipes/bitcoin-server.json"
      - "file": "qwbtc-file-/usr/local/lib/qwbtc-salt/recipes/electrum-server.json"

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

# A running qube takes a changed firewall file only when the firewall is loaded anew.
"qwbtc-reload-firewall":
  cmd.run:
    - "name": "whonix_firewall"
    - "onchanges":
      - "file": "qwbtc-file-/usr/local/etc/whonix_firewall.d/40_qwbtc.conf"
