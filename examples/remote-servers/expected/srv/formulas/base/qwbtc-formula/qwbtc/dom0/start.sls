#!yaml
# qubesctl shuts down what it started, and a gateway under a running workstation cannot be: the run would end with an error although all is
# well. So gateways in use are started here, last, and stay up. (qubes-mgmt-salt qubessalt/__init__.py)
"include":
  - "qwbtc.dom0.qubes"
  - "qwbtc.dom0.policy"

# sys-bitcoin is the net qube of bitcoin-server, joinmarket-server.
"qwbtc-start-sys-bitcoin":
  qvm.start:
    - "name": "sys-bitcoin"
    - "require":
      - "qvm": "qwbtc-prefs-sys-bitcoin"
      - "qvm": "qwbtc-settings-sys-bitcoin"
      - "qvm": "qwbtc-prefs-bitcoin-server"
      - "qvm": "qwbtc-settings-bitcoin-server"
      - "qvm": "qwbtc-prefs-joinmarket-server"
      - "qvm": "qwbtc-settings-joinmarket-server"
      - "file": "qwbtc-45-qwbtc.policy"
      - "file": "qwbtc-80-qwbtc.policy"
    - "onlyif": "qvm-check -q -- sys-bitcoin"
    - "unless": "qvm-check -q --running -- sys-bitcoin"
