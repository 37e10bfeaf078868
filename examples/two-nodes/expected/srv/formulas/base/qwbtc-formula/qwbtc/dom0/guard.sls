#!yaml
# Nothing is written while a name of ours belongs to somebody else. Ours is a qube that has this name AND the tag qwbtc: clones and
# restored backups carry tags too (qubesadmin/app.py clone_vm), and a name alone may be a stranger's. A qube that a cut-off run of ours left
# without its tag is known by the marker below /var/lib/qwbtc-salt, which only root can make.
# Each check only fails or passes; none changes anything. All clashes are reported at once.

# sys-bitcoin-one exists, is not ours, and looks like the guides' qube of that name: it can be handed over.
"qwbtc-guard-adopt-sys-bitcoin-one":
  test.fail_without_changes:
    - "comment": "sys-bitcoin-one exists and was not made by this formula; to hand it over, with its data, run in dom0: qvm-tags sys-bitcoin-one add qwbtc"
    - "onlyif":
      - "qvm-check -q -- sys-bitcoin-one"
      - "! qvm-tags -- sys-bitcoin-one list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/sys-bitcoin-one"
      - "test \"$(qvm-prefs --get -- sys-bitcoin-one klass)\" = AppVM"
      - "qvm-prefs --get -- sys-bitcoin-one template | grep -Eq '^whonix-(gateway|gw)-'"
# sys-bitcoin-one exists, is not ours, and is of another kind (in qusal, sys-bitcoin is a node): it must not be touched.
"qwbtc-guard-foreign-sys-bitcoin-one":
  test.fail_without_changes:
    - "comment": "sys-bitcoin-one exists, was not made by this formula and is of another kind; rename yours or give ours another name in the topology"
    - "onlyif":
      - "qvm-check -q -- sys-bitcoin-one"
      - "! qvm-tags -- sys-bitcoin-one list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/sys-bitcoin-one"
      - "! test \"$(qvm-prefs --get -- sys-bitcoin-one klass)\" = AppVM || ! qvm-prefs --get -- sys-bitcoin-one template | grep -Eq '^whonix-(gateway|gw)-'"

# bitcoin-one exists, is not ours, and looks like the guides' qube of that name: it can be handed over.
"qwbtc-guard-adopt-bitcoin-one":
  test.fail_without_changes:
    - "comment": "bitcoin-one exists and was not made by this formula; to hand it over, with its data, run in dom0: qvm-tags bitcoin-one add qwbtc"
    - "onlyif":
      - "qvm-check -q -- bitcoin-one"
      - "! qvm-tags -- bitcoin-one list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/bitcoin-one"
      - "test \"$(qvm-prefs --get -- bitcoin-one klass)\" = AppVM"
      - "qvm-prefs --get -- bitcoin-one template | grep -Eq '^whonix-(workstation|ws)-'"
# bitcoin-one exists, is not ours, and is of another kind (in qusal, sys-bitcoin is a node): it must not be touched.
"qwbtc-guard-foreign-bitcoin-one":
  test.fail_without_changes:
    - "comment": "bitcoin-one exists, was not made by this formula and is of another kind; rename yours or give ours another name in the topology"
    - "onlyif":
      - "qvm-check -q -- bitcoin-one"
      - "! qvm-tags -- bitcoin-one list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/bitcoin-one"
      - "! test \"$(qvm-prefs --get -- bitcoin-one klass)\" = AppVM || ! qvm-prefs --get -- bitcoin-one template | grep -Eq '^whonix-(workstation|ws)-'"

# sys-bitcoin-two exists, is not ours, and looks like the guides' qube of that name: it can be handed over.
"qwbtc-guard-adopt-sys-bitcoin-two":
  test.fail_without_changes:
    - "comment": "sys-bitcoin-two exists and was not made by this formula; to hand it over, with its data, run in dom0: qvm-tags sys-bitcoin-two add qwbtc"
    - "onlyif":
      - "qvm-check -q -- sys-bitcoin-two"
      - "! qvm-tags -- sys-bitcoin-two list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/sys-bitcoin-two"
      - "test \"$(qvm-prefs --get -- sys-bitcoin-two klass)\" = AppVM"
      - "qvm-prefs --get -- sys-bitcoin-two template | grep -Eq '^whonix-(gateway|gw)-'"
# sys-bitcoin-two exists, is not ours, and is of another kind (in qusal, sys-bitcoin is a node): it must not be touched.
"qwbtc-guard-foreign-sys-bitcoin-two":
  test.fail_without_changes:
    - "comment": "sys-bitcoin-two exists, was not made by this formula and is of another kind; rename yours or give ours another name in the topology"
    - "onlyif":
      - "qvm-check -q -- sys-bitcoin-two"
      - "! qvm-tags -- sys-bitcoin-two list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/sys-bitcoin-two"
      - "! test \"$(qvm-prefs --get -- sys-bitcoin-two klass)\" = AppVM || ! qvm-prefs --get -- sys-bitcoin-two template | grep -Eq '^whonix-(gateway|gw)-'"

# bitcoin-two exists, is not ours, and looks like the guides' qube of that name: it can be handed over.
"qwbtc-guard-adopt-bitcoin-two":
  test.fail_without_changes:
    - "comment": "bitcoin-two exists and was not made by this formula; to hand it over, with its data, run in dom0: qvm-tags bitcoin-two add qwbtc"
    - "onlyif":
      - "qvm-check -q -- bitcoin-two"
      - "! qvm-tags -- bitcoin-two list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/bitcoin-two"
      - "test \"$(qvm-prefs --get -- bitcoin-two klass)\" = AppVM"
      - "qvm-prefs --get -- bitcoin-two template | grep -Eq '^whonix-(workstation|ws)-'"
# bitcoin-two exists, is not ours, and is of another kind (in qusal, sys-bitcoin is a node): it must not be touched.
"qwbtc-guard-foreign-bitcoin-two":
  test.fail_without_changes:
    - "comment": "bitcoin-two exists, was not made by this formula and is of another kind; rename yours or give ours another name in the topology"
    - "onlyif":
      - "qvm-check -q -- bitcoin-two"
      - "! qvm-tags -- bitcoin-two list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/bitcoin-two"
      - "! test \"$(qvm-prefs --get -- bitcoin-two klass)\" = AppVM || ! qvm-prefs --get -- bitcoin-two template | grep -Eq '^whonix-(workstation|ws)-'"

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

# electrum-one exists, is not ours, and looks like the guides' qube of that name: it can be handed over.
"qwbtc-guard-adopt-electrum-one":
  test.fail_without_changes:
    - "comment": "electrum-one exists and was not made by this formula; to hand it over, with its data, run in dom0: qvm-tags electrum-one add qwbtc"
    - "onlyif":
      - "qvm-check -q -- electrum-one"
      - "! qvm-tags -- electrum-one list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/electrum-one"
      - "test \"$(qvm-prefs --get -- electrum-one klass)\" = AppVM"
      - "qvm-prefs --get -- electrum-one template | grep -Eq '^whonix-(workstation|ws)-'"
# electrum-one exists, is not ours, and is of another kind (in qusal, sys-bitcoin is a node): it must not be touched.
"qwbtc-guard-foreign-electrum-one":
  test.fail_without_changes:
    - "comment": "electrum-one exists, was not made by this formula and is of another kind; rename yours or give ours another name in the topology"
    - "onlyif":
      - "qvm-check -q -- electrum-one"
      - "! qvm-tags -- electrum-one list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/electrum-one"
      - "! test \"$(qvm-prefs --get -- electrum-one klass)\" = AppVM || ! qvm-prefs --get -- electrum-one template | grep -Eq '^whonix-(workstation|ws)-'"

# electrum-two exists, is not ours, and looks like the guides' qube of that name: it can be handed over.
"qwbtc-guard-adopt-electrum-two":
  test.fail_without_changes:
    - "comment": "electrum-two exists and was not made by this formula; to hand it over, with its data, run in dom0: qvm-tags electrum-two add qwbtc"
    - "onlyif":
      - "qvm-check -q -- electrum-two"
      - "! qvm-tags -- electrum-two list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/electrum-two"
      - "test \"$(qvm-prefs --get -- electrum-two klass)\" = AppVM"
      - "qvm-prefs --get -- electrum-two template | grep -Eq '^whonix-(workstation|ws)-'"
# electrum-two exists, is not ours, and is of another kind (in qusal, sys-bitcoin is a node): it must not be touched.
"qwbtc-guard-foreign-electrum-two":
  test.fail_without_changes:
    - "comment": "electrum-two exists, was not made by this formula and is of another kind; rename yours or give ours another name in the topology"
    - "onlyif":
      - "qvm-check -q -- electrum-two"
      - "! qvm-tags -- electrum-two list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/electrum-two"
      - "! test \"$(qvm-prefs --get -- electrum-two klass)\" = AppVM || ! qvm-prefs --get -- electrum-two template | grep -Eq '^whonix-(workstation|ws)-'"

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
    - "comment": "qwbtc-ws-bitcoin was not cloned from whonix-workstation-18, which this tree is for, but from what its feature qwbtc-stock names, and would go on with the packages of that; a new one can be made, and nothing in the qubes on it is lost: see that whonix-workstation-18 is installed and shut down bitcoin-one, bitcoin-two; then in dom0: qvm-prefs bitcoin-one template whonix-workstation-18 && qvm-prefs bitcoin-two template whonix-workstation-18 && qvm-remove qwbtc-ws-bitcoin, and apply again. Only if you upgraded qwbtc-ws-bitcoin itself to what whonix-workstation-18 is: qvm-features qwbtc-ws-bitcoin qwbtc-stock whonix-workstation-18"
    - "onlyif":
      - "qvm-check -q -- qwbtc-ws-bitcoin"
      - "test \"$(qvm-features -- qwbtc-ws-bitcoin qwbtc-stock || echo whonix-workstation-18)\" != whonix-workstation-18"

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

# qwbtc-ws-fulcrum exists and is not our template clone.
"qwbtc-guard-foreign-qwbtc-ws-fulcrum":
  test.fail_without_changes:
    - "comment": "qwbtc-ws-fulcrum exists and was not made by this formula; remove or rename it (qvm-clone, then qvm-remove), or choose another formula name"
    - "onlyif":
      - "qvm-check -q -- qwbtc-ws-fulcrum"
      - "! qvm-tags -- qwbtc-ws-fulcrum list | grep -qx qwbtc"
      - "! test -e /var/lib/qwbtc-salt/qwbtc/creating/qwbtc-ws-fulcrum"

# qwbtc-ws-fulcrum was cloned from another stock template than this tree is for. Without a note (an earlier version of ours made none) it passes.
"qwbtc-guard-stock-qwbtc-ws-fulcrum":
  test.fail_without_changes:
    - "comment": "qwbtc-ws-fulcrum was not cloned from whonix-workstation-18, which this tree is for, but from what its feature qwbtc-stock names, and would go on with the packages of that; a new one can be made, and nothing in the qubes on it is lost: see that whonix-workstation-18 is installed and shut down electrum-one, electrum-two; then in dom0: qvm-prefs electrum-one template whonix-workstation-18 && qvm-prefs electrum-two template whonix-workstation-18 && qvm-remove qwbtc-ws-fulcrum, and apply again. Only if you upgraded qwbtc-ws-fulcrum itself to what whonix-workstation-18 is: qvm-features qwbtc-ws-fulcrum qwbtc-stock whonix-workstation-18"
    - "onlyif":
      - "qvm-check -q -- qwbtc-ws-fulcrum"
      - "test \"$(qvm-features -- qwbtc-ws-fulcrum qwbtc-stock || echo whonix-workstation-18)\" != whonix-workstation-18"

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
      - "test": "qwbtc-guard-adopt-sys-bitcoin-one"
      - "test": "qwbtc-guard-foreign-sys-bitcoin-one"
      - "test": "qwbtc-guard-adopt-bitcoin-one"
      - "test": "qwbtc-guard-foreign-bitcoin-one"
      - "test": "qwbtc-guard-adopt-sys-bitcoin-two"
      - "test": "qwbtc-guard-foreign-sys-bitcoin-two"
      - "test": "qwbtc-guard-adopt-bitcoin-two"
      - "test": "qwbtc-guard-foreign-bitcoin-two"
      - "test": "qwbtc-guard-adopt-electrum-client"
      - "test": "qwbtc-guard-foreign-electrum-client"
      - "test": "qwbtc-guard-adopt-electrum-one"
      - "test": "qwbtc-guard-foreign-electrum-one"
      - "test": "qwbtc-guard-adopt-electrum-two"
      - "test": "qwbtc-guard-foreign-electrum-two"
      - "test": "qwbtc-guard-foreign-qwbtc-ws-bitcoin"
      - "test": "qwbtc-guard-stock-qwbtc-ws-bitcoin"
      - "test": "qwbtc-guard-foreign-qwbtc-ws-electrum"
      - "test": "qwbtc-guard-stock-qwbtc-ws-electrum"
      - "test": "qwbtc-guard-foreign-qwbtc-ws-fulcrum"
      - "test": "qwbtc-guard-stock-qwbtc-ws-fulcrum"
      - "test": "qwbtc-guard-45-qwbtc.policy"
      - "test": "qwbtc-guard-80-qwbtc.policy"
      - "test": "qwbtc-guard-power-off"
