#!yaml
# qubesctl shuts down what it started, and a gateway under a running workstation cannot be: the run would end with an error although all is
# well. So gateways in use are started here, last, and stay up. (qubes-mgmt-salt qubessalt/__init__.py)
"include":
  - "qwbtc.dom0.qubes"
  - "qwbtc.dom0.policy"

# sys-bitcoin-one is the net qube of bitcoin-one.
"qwbtc-start-sys-bitcoin-one":
  qvm.start:
    - "name": "sys-bitcoin-one"
    - "require":
      - "qvm": "qwbtc-prefs-sys-bitcoin-one"
      - "qvm": "qwbtc-settings-sys-bitcoin-one"
      - "qvm": "qwbtc-prefs-bitcoin-one"
      - "qvm": "qwbtc-settings-bitcoin-one"
      - "file": "qwbtc-45-qwbtc.policy"
      - "file": "qwbtc-80-qwbtc.policy"
    - "onlyif": "qvm-check -q -- sys-bitcoin-one"
    - "unless": "qvm-check -q --running -- sys-bitcoin-one"

# sys-bitcoin-two is the net qube of bitcoin-two.
"qwbtc-start-sys-bitcoin-two":
  qvm.start:
    - "name": "sys-bitcoin-two"
    - "require":
      - "qvm": "qwbtc-prefs-sys-bitcoin-two"
      - "qvm": "qwbtc-settings-sys-bitcoin-two"
      - "qvm": "qwbtc-prefs-bitcoin-two"
      - "qvm": "qwbtc-settings-bitcoin-two"
      - "file": "qwbtc-45-qwbtc.policy"
      - "file": "qwbtc-80-qwbtc.policy"
    - "onlyif": "qvm-check -q -- sys-bitcoin-two"
    - "unless": "qvm-check -q --running -- sys-bitcoin-two"
