#!yaml
# sys-bitcoin: whonix-gateway. All of it lies where an AppVM keeps it: below /home, /usr/local or /rw, and what is tor's in a bind-dir of Whonix'.

# Sets a prompt that names the qube; the host name stays Whonix' own, so that nothing in the qube tells it from others.
"qwbtc-file-/usr/local/lib/qwbtc-salt/prompt.sh":
  file.managed:
    - "name": "/usr/local/lib/qwbtc-salt/prompt.sh"
    - "source": "salt://qwbtc/files/sys-bitcoin/usr/local/lib/qwbtc-salt/prompt.sh"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# Opens our own SocksPorts to the qubes behind this gateway and switches transparent proxying off.
"qwbtc-file-/usr/local/etc/whonix_firewall.d/40_qwbtc.conf":
  file.managed:
    - "name": "/usr/local/etc/whonix_firewall.d/40_qwbtc.conf"
    - "source": "salt://qwbtc/files/sys-bitcoin/usr/local/etc/whonix_firewall.d/40_qwbtc.conf"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# SocksPorts and onion services that stock Whonix does not have.
"qwbtc-file-/usr/local/etc/torrc.d/40_qwbtc.conf":
  file.managed:
    - "name": "/usr/local/etc/torrc.d/40_qwbtc.conf"
    - "source": "salt://qwbtc/files/sys-bitcoin/usr/local/etc/torrc.d/40_qwbtc.conf"
    - "user": "root"
    - "group": "root"
    - "mode": "0644"
    - "makedirs": true
    - "dir_mode": "0755"
    - "follow_symlinks": false

# No qube behind this gateway asks Tor for an onion service: none may any more.
"qwbtc-absent-/usr/local/etc/onion-grater-merger.d/40_qwbtc.yml":
  file.absent:
    - "name": "/usr/local/etc/onion-grater-merger.d/40_qwbtc.yml"

# A key that the topology asks for no longer is taken away, for every qube behind this gateway could go on using it; keys of yours stay.
"qwbtc-prune-/var/lib/tor/authdir":
  cmd.run:
    - "name": "find /var/lib/tor/authdir -maxdepth 1 -name 'qwbtc-*.auth_private' -delete && systemctl --no-block reload-or-restart tor@default.service"
    - "onlyif": "find /var/lib/tor/authdir -maxdepth 1 -name 'qwbtc-*.auth_private' 2>/dev/null | grep -q ."

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

# A running tor takes a changed file only when it is told to.
"qwbtc-reload-tor":
  cmd.run:
    - "name": "systemctl --no-block reload-or-restart tor@default.service"
    - "onchanges":
      - "file": "qwbtc-file-/usr/local/etc/torrc.d/40_qwbtc.conf"

# onion-grater reads its profiles when it starts.
"qwbtc-restart-onion-grater":
  cmd.run:
    - "name": "systemctl --no-block restart onion-grater.service"
    - "onchanges":
      - "file": "qwbtc-absent-/usr/local/etc/onion-grater-merger.d/40_qwbtc.yml"
