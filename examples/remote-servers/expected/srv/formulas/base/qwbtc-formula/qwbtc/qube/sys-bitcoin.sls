#!yaml
# sys-bitcoin: whonix-gateway. All of it lies where an AppVM keeps it: below /home, /usr/local or /rw, and what is tor's in a bind-dir of Whonix'.

# Where Whonix' tor looks for keys to onion services. Its own alone: tor takes all rights of others away itself. Source: Tor src/feature/hs/hs_client.c
"qwbtc-folder-/var/lib/tor/authdir":
  file.directory:
    - "name": "/var/lib/tor/authdir"
    - "user": "debian-tor"
    - "group": "debian-tor"
    - "mode": "0700"
    - "makedirs": true

# A link in the place of a secret, which the folder's owner can make, would have root write and give away another file.
"qwbtc-unlink-/var/lib/tor/authdir/qwbtc-bitcoin-server.auth_private":
  cmd.run:
    - "name": "rm -f /var/lib/tor/authdir/qwbtc-bitcoin-server.auth_private"
    - "onlyif": "test -L /var/lib/tor/authdir/qwbtc-bitcoin-server.auth_private"
# The key by which bitcoin-server may call the onion service that it stands for: one line, the address and the key. Source: tor(1), CLIENT AUTHORIZATION
# A secret: it lies in dom0's pillar alone and reaches this qube alone; it is never shown, and no line break is added to it. One that is
# not of its shape is not written.
"qwbtc-secret-/var/lib/tor/authdir/qwbtc-bitcoin-server.auth_private":
  file.managed:
    - "name": "/var/lib/tor/authdir/qwbtc-bitcoin-server.auth_private"
    - "contents_pillar": "qwbtc:onion_auth:bitcoin-server"
    - "contents_newline": false
    - "follow_symlinks": false
    - "check_cmd": "python3 -I -c 'import pathlib, re, sys; sys.exit(None if re.fullmatch(sys.argv[1].encode(), pathlib.Path(sys.argv[3]).read_bytes()) else sys.argv[2])' 'pbsxfazs4a5ghnsefnbo7ghowhkl57i6tridfob5od3e4x2vdjicvvad:descriptor:x25519:[A-Z2-7]{52}' 'qwbtc:onion_auth:bitcoin-server in the pillar is not of its shape, so nothing was written: sudo ./rotate-secrets --missing in dom0 mends it'"
    - "show_changes": false
    - "user": "debian-tor"
    - "group": "debian-tor"
    - "mode": "0600"
    - "makedirs": true
    - "dir_mode": "0700"

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
    - "name": "find /var/lib/tor/authdir -maxdepth 1 -name 'qwbtc-*.auth_private' ! -name qwbtc-bitcoin-server.auth_private -delete && systemctl --no-block reload-or-restart tor@default.service"
    - "onlyif": "find /var/lib/tor/authdir -maxdepth 1 -name 'qwbtc-*.auth_private' ! -name qwbtc-bitcoin-server.auth_private 2>/dev/null | grep -q ."

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

# A running tor takes a changed file only when it is told to.
"qwbtc-reload-tor":
  cmd.run:
    - "name": "systemctl --no-block reload-or-restart tor@default.service"
    - "onchanges":
      - "file": "qwbtc-secret-/var/lib/tor/authdir/qwbtc-bitcoin-server.auth_private"
      - "file": "qwbtc-file-/usr/local/etc/torrc.d/40_qwbtc.conf"

# A running qube takes a changed firewall file only when the firewall is loaded anew.
"qwbtc-reload-firewall":
  cmd.run:
    - "name": "whonix_firewall"
    - "onchanges":
      - "file": "qwbtc-file-/usr/local/etc/whonix_firewall.d/40_qwbtc.conf"

# onion-grater reads its profiles when it starts.
"qwbtc-restart-onion-grater":
  cmd.run:
    - "name": "systemctl --no-block restart onion-grater.service"
    - "onchanges":
      - "file": "qwbtc-absent-/usr/local/etc/onion-grater-merger.d/40_qwbtc.yml"
