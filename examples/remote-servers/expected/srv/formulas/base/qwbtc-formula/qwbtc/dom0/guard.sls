#!yaml
# Nothing is written while a name of ours belongs to somebody else. Ours is a qube that has this name AND the tag qwbtc: clones and
# restored backups carry tags too (qubesadmin/app.py clone_vm), and a name alone may be a stranger's. A qube that a cut-off run of ours left
# without its tag is known by the marker below /var/lib/qwbtc-salt, which only root can make.
# Each check only fails or passes; none changes anything. All clashes are reported at once.

# sys-bitcoin exists, is not ours, and looks like the guides' qube of that name: it can be handed over.
"qwbtc-guard-adopt-sys-bitcoin":
  test.fail_without_changes:
    - "comment": "sys-bitcoin exists and was not made by this formula; to hand it over, with its data, run in dom0: qvm-tags sys-bitcoin add qwbtc"
    - "onlyif":
      - "qvm-check -q -- sys-bitcoin"
      - "! qvm-tags -- sys-bitcoin list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/sys-bitcoin"
      - "test \"$(qvm-prefs --get -- sys-bitcoin klass)\" = AppVM"
      - "qvm-prefs --get -- sys-bitcoin template | grep -Eq '^whonix-(gateway|gw)-'"
# sys-bitcoin exists, is not ours, and is of another kind (in qusal, sys-bitcoin is a node): it must not be touched.
"qwbtc-guard-foreign-sys-bitcoin":
  test.fail_without_changes:
    - "comment": "sys-bitcoin exists, was not made by this formula and is of another kind; rename yours or give ours another name in the topology"
    - "onlyif":
      - "qvm-check -q -- sys-bitcoin"
      - "! qvm-tags -- sys-bitcoin list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/sys-bitcoin"
      - "! test \"$(qvm-prefs --get -- sys-bitcoin klass)\" = AppVM || ! qvm-prefs --get -- sys-bitcoin template | grep -Eq '^whonix-(gateway|gw)-'"

# bitcoin-server exists, is not ours, and looks like the guides' qube of that name: it can be handed over.
"qwbtc-guard-adopt-bitcoin-server":
  test.fail_without_changes:
    - "comment": "bitcoin-server exists and was not made by this formula; to hand it over, with its data, run in dom0: qvm-tags bitcoin-server add qwbtc"
    - "onlyif":
      - "qvm-check -q -- bitcoin-server"
      - "! qvm-tags -- bitcoin-server list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/bitcoin-server"
      - "test \"$(qvm-prefs --get -- bitcoin-server klass)\" = AppVM"
      - "qvm-prefs --get -- bitcoin-server template | grep -Eq '^whonix-(workstation|ws)-'"
# bitcoin-server exists, is not ours, and is of another kind (in qusal, sys-bitcoin is a node): it must not be touched.
"qwbtc-guard-foreign-bitcoin-server":
  test.fail_without_changes:
    - "comment": "bitcoin-server exists, was not made by this formula and is of another kind; rename yours or give ours another name in the topology"
    - "onlyif":
      - "qvm-check -q -- bitcoin-server"
      - "! qvm-tags -- bitcoin-server list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/bitcoin-server"
      - "! test \"$(qvm-prefs --get -- bitcoin-server klass)\" = AppVM || ! qvm-prefs --get -- bitcoin-server template | grep -Eq '^whonix-(workstation|ws)-'"

# electrum-client exists, is not ours, and looks like the guides' qube of that name: it can be handed over.
"qwbtc-guard-adopt-electrum-client":
  test.fail_without_changes:
    - "comment": "electrum-client exists and was not made by this formula; to hand it over, with its data, run in dom0: qvm-tags electrum-client add qwbtc"
    - "onlyif":
      - "qvm-check -q -- electrum-client"
      - "! qvm-tags -- electrum-client list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/electrum-client"
      - "test \"$(qvm-prefs --get -- electrum-client klass)\" = AppVM"
      - "qvm-prefs --get -- electrum-client template | grep -Eq '^whonix-(workstation|ws)-'"
# electrum-client exists, is not ours, and is of another kind (in qusal, sys-bitcoin is a node): it must not be touched.
"qwbtc-guard-foreign-electrum-client":
  test.fail_without_changes:
    - "comment": "electrum-client exists, was not made by this formula and is of another kind; rename yours or give ours another name in the topology"
    - "onlyif":
      - "qvm-check -q -- electrum-client"
      - "! qvm-tags -- electrum-client list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/electrum-client"
      - "! test \"$(qvm-prefs --get -- electrum-client klass)\" = AppVM || ! qvm-prefs --get -- electrum-client template | grep -Eq '^whonix-(workstation|ws)-'"

# electrum-server exists, is not ours, and looks like the guides' qube of that name: it can be handed over.
"qwbtc-guard-adopt-electrum-server":
  test.fail_without_changes:
    - "comment": "electrum-server exists and was not made by this formula; to hand it over, with its data, run in dom0: qvm-tags electrum-server add qwbtc"
    - "onlyif":
      - "qvm-check -q -- electrum-server"
      - "! qvm-tags -- electrum-server list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/electrum-server"
      - "test \"$(qvm-prefs --get -- electrum-server klass)\" = AppVM"
      - "qvm-prefs --get -- electrum-server template | grep -Eq '^debian-'"
# electrum-server exists, is not ours, and is of another kind (in qusal, sys-bitcoin is a node): it must not be touched.
"qwbtc-guard-foreign-electrum-server":
  test.fail_without_changes:
    - "comment": "electrum-server exists, was not made by this formula and is of another kind; rename yours or give ours another name in the topology"
    - "onlyif":
      - "qvm-check -q -- electrum-server"
      - "! qvm-tags -- electrum-server list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/electrum-server"
      - "! test \"$(qvm-prefs --get -- electrum-server klass)\" = AppVM || ! qvm-prefs --get -- electrum-server template | grep -Eq '^debian-'"

# joinmarket-client exists, is not ours, and looks like the guides' qube of that name: it can be handed over.
"qwbtc-guard-adopt-joinmarket-client":
  test.fail_without_changes:
    - "comment": "joinmarket-client exists and was not made by this formula; to hand it over, with its data, run in dom0: qvm-tags joinmarket-client add qwbtc"
    - "onlyif":
      - "qvm-check -q -- joinmarket-client"
      - "! qvm-tags -- joinmarket-client list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/joinmarket-client"
      - "test \"$(qvm-prefs --get -- joinmarket-client klass)\" = AppVM"
      - "qvm-prefs --get -- joinmarket-client template | grep -Eq '^whonix-(workstation|ws)-'"
# joinmarket-client exists, is not ours, and is of another kind (in qusal, sys-bitcoin is a node): it must not be touched.
"qwbtc-guard-foreign-joinmarket-client":
  test.fail_without_changes:
    - "comment": "joinmarket-client exists, was not made by this formula and is of another kind; rename yours or give ours another name in the topology"
    - "onlyif":
      - "qvm-check -q -- joinmarket-client"
      - "! qvm-tags -- joinmarket-client list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/joinmarket-client"
      - "! test \"$(qvm-prefs --get -- joinmarket-client klass)\" = AppVM || ! qvm-prefs --get -- joinmarket-client template | grep -Eq '^whonix-(workstation|ws)-'"

# joinmarket-server exists, is not ours, and looks like the guides' qube of that name: it can be handed over.
"qwbtc-guard-adopt-joinmarket-server":
  test.fail_without_changes:
    - "comment": "joinmarket-server exists and was not made by this formula; to hand it over, with its data, run in dom0: qvm-tags joinmarket-server add qwbtc"
    - "onlyif":
      - "qvm-check -q -- joinmarket-server"
      - "! qvm-tags -- joinmarket-server list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/joinmarket-server"
      - "test \"$(qvm-prefs --get -- joinmarket-server klass)\" = AppVM"
      - "qvm-prefs --get -- joinmarket-server template | grep -Eq '^whonix-(workstation|ws)-'"
# joinmarket-server exists, is not ours, and is of another kind (in qusal, sys-bitcoin is a node): it must not be touched.
"qwbtc-guard-foreign-joinmarket-server":
  test.fail_without_changes:
    - "comment": "joinmarket-server exists, was not made by this formula and is of another kind; rename yours or give ours another name in the topology"
    - "onlyif":
      - "qvm-check -q -- joinmarket-server"
      - "! qvm-tags -- joinmarket-server list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/joinmarket-server"
      - "! test \"$(qvm-prefs --get -- joinmarket-server klass)\" = AppVM || ! qvm-prefs --get -- joinmarket-server template | grep -Eq '^whonix-(workstation|ws)-'"

# qwbtc-ws-onion-forward exists and is not our template clone.
"qwbtc-guard-foreign-qwbtc-ws-onion-forward":
  test.fail_without_changes:
    - "comment": "qwbtc-ws-onion-forward exists and was not made by this formula; remove or rename it (qvm-clone, then qvm-remove), or choose another formula name"
    - "onlyif":
      - "qvm-check -q -- qwbtc-ws-onion-forward"
      - "! qvm-tags -- qwbtc-ws-onion-forward list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-onion-forward"

# qwbtc-ws-onion-forward was cloned from another stock template than this tree is for. Without a note (an earlier version of ours made none) it passes.
"qwbtc-guard-stock-qwbtc-ws-onion-forward":
  test.fail_without_changes:
    - "comment": "qwbtc-ws-onion-forward was not cloned from whonix-workstation-18, which this tree is for, but from what its feature qwbtc-stock names, and would go on with the packages of that; a new one can be made, and nothing in the qubes on it is lost: see that whonix-workstation-18 is installed and shut down bitcoin-server; then in dom0: qvm-prefs bitcoin-server template whonix-workstation-18 && qvm-remove qwbtc-ws-onion-forward, and apply again. Only if you upgraded qwbtc-ws-onion-forward itself to what whonix-workstation-18 is: qvm-features qwbtc-ws-onion-forward qwbtc-stock whonix-workstation-18"
    - "onlyif":
      - "qvm-check -q -- qwbtc-ws-onion-forward"
      - "test \"$(qvm-features -- qwbtc-ws-onion-forward qwbtc-stock || echo whonix-workstation-18)\" != whonix-workstation-18"

# qwbtc-ws-electrum exists and is not our template clone.
"qwbtc-guard-foreign-qwbtc-ws-electrum":
  test.fail_without_changes:
    - "comment": "qwbtc-ws-electrum exists and was not made by this formula; remove or rename it (qvm-clone, then qvm-remove), or choose another formula name"
    - "onlyif":
      - "qvm-check -q -- qwbtc-ws-electrum"
      - "! qvm-tags -- qwbtc-ws-electrum list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-electrum"

# qwbtc-ws-electrum was cloned from another stock template than this tree is for. Without a note (an earlier version of ours made none) it passes.
"qwbtc-guard-stock-qwbtc-ws-electrum":
  test.fail_without_changes:
    - "comment": "qwbtc-ws-electrum was not cloned from whonix-workstation-18, which this tree is for, but from what its feature qwbtc-stock names, and would go on with the packages of that; a new one can be made, and nothing in the qubes on it is lost: see that whonix-workstation-18 is installed and shut down electrum-client; then in dom0: qvm-prefs electrum-client template whonix-workstation-18 && qvm-remove qwbtc-ws-electrum, and apply again. Only if you upgraded qwbtc-ws-electrum itself to what whonix-workstation-18 is: qvm-features qwbtc-ws-electrum qwbtc-stock whonix-workstation-18"
    - "onlyif":
      - "qvm-check -q -- qwbtc-ws-electrum"
      - "test \"$(qvm-features -- qwbtc-ws-electrum qwbtc-stock || echo whonix-workstation-18)\" != whonix-workstation-18"

# qwbtc-vm-lan-forward exists and is not our template clone.
"qwbtc-guard-foreign-qwbtc-vm-lan-forward":
  test.fail_without_changes:
    - "comment": "qwbtc-vm-lan-forward exists and was not made by this formula; remove or rename it (qvm-clone, then qvm-remove), or choose another formula name"
    - "onlyif":
      - "qvm-check -q -- qwbtc-vm-lan-forward"
      - "! qvm-tags -- qwbtc-vm-lan-forward list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/qwbtc-vm-lan-forward"

# qwbtc-vm-lan-forward was cloned from another stock template than this tree is for. Without a note (an earlier version of ours made none) it passes.
"qwbtc-guard-stock-qwbtc-vm-lan-forward":
  test.fail_without_changes:
    - "comment": "qwbtc-vm-lan-forward was not cloned from debian-13-xfce, which this tree is for, but from what its feature qwbtc-stock names, and would go on with the packages of that; a new one can be made, and nothing in the qubes on it is lost: see that debian-13-xfce is installed and shut down electrum-server; then in dom0: qvm-prefs electrum-server template debian-13-xfce && qvm-remove qwbtc-vm-lan-forward, and apply again. Only if you upgraded qwbtc-vm-lan-forward itself to what debian-13-xfce is: qvm-features qwbtc-vm-lan-forward qwbtc-stock debian-13-xfce"
    - "onlyif":
      - "qvm-check -q -- qwbtc-vm-lan-forward"
      - "test \"$(qvm-features -- qwbtc-vm-lan-forward qwbtc-stock || echo debian-13-xfce)\" != debian-13-xfce"

# qwbtc-ws-jm-wallet exists and is not our template clone.
"qwbtc-guard-foreign-qwbtc-ws-jm-wallet":
  test.fail_without_changes:
    - "comment": "qwbtc-ws-jm-wallet exists and was not made by this formula; remove or rename it (qvm-clone, then qvm-remove), or choose another formula name"
    - "onlyif":
      - "qvm-check -q -- qwbtc-ws-jm-wallet"
      - "! qvm-tags -- qwbtc-ws-jm-wallet list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-jm-wallet"

# qwbtc-ws-jm-wallet was cloned from another stock template than this tree is for. Without a note (an earlier version of ours made none) it passes.
"qwbtc-guard-stock-qwbtc-ws-jm-wallet":
  test.fail_without_changes:
    - "comment": "qwbtc-ws-jm-wallet was not cloned from whonix-workstation-18, which this tree is for, but from what its feature qwbtc-stock names, and would go on with the packages of that; a new one can be made, and nothing in the qubes on it is lost: see that whonix-workstation-18 is installed and shut down joinmarket-client; then in dom0: qvm-prefs joinmarket-client template whonix-workstation-18 && qvm-remove qwbtc-ws-jm-wallet, and apply again. Only if you upgraded qwbtc-ws-jm-wallet itself to what whonix-workstation-18 is: qvm-features qwbtc-ws-jm-wallet qwbtc-stock whonix-workstation-18"
    - "onlyif":
      - "qvm-check -q -- qwbtc-ws-jm-wallet"
      - "test \"$(qvm-features -- qwbtc-ws-jm-wallet qwbtc-stock || echo whonix-workstation-18)\" != whonix-workstation-18"

# qwbtc-ws-jm-server exists and is not our template clone.
"qwbtc-guard-foreign-qwbtc-ws-jm-server":
  test.fail_without_changes:
    - "comment": "qwbtc-ws-jm-server exists and was not made by this formula; remove or rename it (qvm-clone, then qvm-remove), or choose another formula name"
    - "onlyif":
      - "qvm-check -q -- qwbtc-ws-jm-server"
      - "! qvm-tags -- qwbtc-ws-jm-server list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-jm-server"

# qwbtc-ws-jm-server was cloned from another stock template than this tree is for. Without a note (an earlier version of ours made none) it passes.
"qwbtc-guard-stock-qwbtc-ws-jm-server":
  test.fail_without_changes:
    - "comment": "qwbtc-ws-jm-server was not cloned from whonix-workstation-18, which this tree is for, but from what its feature qwbtc-stock names, and would go on with the packages of that; a new one can be made, and nothing in the qubes on it is lost: see that whonix-workstation-18 is installed and shut down joinmarket-server; then in dom0: qvm-prefs joinmarket-server template whonix-workstation-18 && qvm-remove qwbtc-ws-jm-server, and apply again. Only if you upgraded qwbtc-ws-jm-server itself to what whonix-workstation-18 is: qvm-features qwbtc-ws-jm-server qwbtc-stock whonix-workstation-18"
    - "onlyif":
      - "qvm-check -q -- qwbtc-ws-jm-server"
      - "test \"$(qvm-features -- qwbtc-ws-jm-server qwbtc-stock || echo whonix-workstation-18)\" != whonix-workstation-18"

# A policy file of our name that does not begin as ours do is somebody else's.
"qwbtc-guard-45-qwbtc.policy":
  test.fail_without_changes:
    - "comment": "/etc/qubes/policy.d/45-qwbtc.policy exists and was not written by this formula; move it away"
    - "onlyif":
      - "test -e /etc/qubes/policy.d/45-qwbtc.policy"
      - "! head -n 1 /etc/qubes/policy.d/45-qwbtc.policy | grep -qx '# Managed by the qwbtc formula.'"

# A policy file of our name that does not begin as ours do is somebody else's.
"qwbtc-guard-80-qwbtc.policy":
  test.fail_without_changes:
    - "comment": "/etc/qubes/policy.d/80-qwbtc.policy exists and was not written by this formula; move it away"
    - "onlyif":
      - "test -e /etc/qubes/policy.d/80-qwbtc.policy"
      - "! head -n 1 /etc/qubes/policy.d/80-qwbtc.policy | grep -qx '# Managed by the qwbtc formula.'"

# So is such a file about powering off.
"qwbtc-guard-power-off":
  test.fail_without_changes:
    - "comment": "/etc/systemd/system/qubes-core.service.d/50-qwbtc.conf exists and was not written by this formula; move it away"
    - "onlyif":
      - "test -e /etc/systemd/system/qubes-core.service.d/50-qwbtc.conf"
      - "! head -n 1 /etc/systemd/system/qubes-core.service.d/50-qwbtc.conf | grep -qx '# Managed by the qwbtc formula.'"

# Everything else requires this one; if any check above failed, the run ends here (failhard) and says nothing but that.
"qwbtc-guard":
  test.nop:
    - "failhard": true
    - "require":
      - "test": "qwbtc-guard-adopt-sys-bitcoin"
      - "test": "qwbtc-guard-foreign-sys-bitcoin"
      - "test": "qwbtc-guard-adopt-bitcoin-server"
      - "test": "qwbtc-guard-foreign-bitcoin-server"
      - "test": "qwbtc-guard-adopt-electrum-client"
      - "test": "qwbtc-guard-foreign-electrum-client"
      - "test": "qwbtc-guard-adopt-electrum-server"
      - "test": "qwbtc-guard-foreign-electrum-server"
      - "test": "qwbtc-guard-adopt-joinmarket-client"
      - "test": "qwbtc-guard-foreign-joinmarket-client"
      - "test": "qwbtc-guard-adopt-joinmarket-server"
      - "test": "qwbtc-guard-foreign-joinmarket-server"
      - "test": "qwbtc-guard-foreign-qwbtc-ws-onion-forward"
      - "test": "qwbtc-guard-stock-qwbtc-ws-onion-forward"
      - "test": "qwbtc-guard-foreign-qwbtc-ws-electrum"
      - "test": "qwbtc-guard-stock-qwbtc-ws-electrum"
      - "test": "qwbtc-guard-foreign-qwbtc-vm-lan-forward"
      - "test": "qwbtc-guard-stock-qwbtc-vm-lan-forward"
      - "test": "qwbtc-guard-foreign-qwbtc-ws-jm-wallet"
      - "test": "qwbtc-guard-stock-qwbtc-ws-jm-wallet"
      - "test": "qwbtc-guard-foreign-qwbtc-ws-jm-server"
      - "test": "qwbtc-guard-stock-qwbtc-ws-jm-server"
      - "test": "qwbtc-guard-45-qwbtc.policy"
      - "test": "qwbtc-guard-80-qwbtc.policy"
      - "test": "qwbtc-guard-power-off"
