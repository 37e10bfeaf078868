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

# qwbtc-ws-bitcoin exists and is not our template clone.
"qwbtc-guard-foreign-qwbtc-ws-bitcoin":
  test.fail_without_changes:
    - "comment": "qwbtc-ws-bitcoin exists and was not made by this formula; remove or rename it (qvm-clone, then qvm-remove), or choose another formula name"
    - "onlyif":
      - "qvm-check -q -- qwbtc-ws-bitcoin"
      - "! qvm-tags -- qwbtc-ws-bitcoin list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-bitcoin"

# qwbtc-ws-bitcoin was cloned from another stock template than this tree is for. Without a note (an earlier version of ours made none) it passes.
"qwbtc-guard-stock-qwbtc-ws-bitcoin":
  test.fail_without_changes:
    - "comment": "qwbtc-ws-bitcoin was not cloned from whonix-workstation-18, which this tree is for, but from what its feature qwbtc-stock names, and would go on with the packages of that; a new one can be made, and nothing in the qubes on it is lost: see that whonix-workstation-18 is installed and shut down bitcoin-server; then in dom0: qvm-prefs bitcoin-server template whonix-workstation-18 && qvm-remove qwbtc-ws-bitcoin, and apply again. Only if you upgraded qwbtc-ws-bitcoin itself to what whonix-workstation-18 is: qvm-features qwbtc-ws-bitcoin qwbtc-stock whonix-workstation-18"
    - "onlyif":
      - "qvm-check -q -- qwbtc-ws-bitcoin"
      - "test \"$(qvm-features -- qwbtc-ws-bitcoin qwbtc-stock || echo whonix-workstation-18)\" != whonix-workstation-18"

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
      - "test": "qwbtc-guard-foreign-qwbtc-ws-bitcoin"
      - "test": "qwbtc-guard-stock-qwbtc-ws-bitcoin"
      - "test": "qwbtc-guard-45-qwbtc.policy"
      - "test": "qwbtc-guard-80-qwbtc.policy"
      - "test": "qwbtc-guard-power-off"
