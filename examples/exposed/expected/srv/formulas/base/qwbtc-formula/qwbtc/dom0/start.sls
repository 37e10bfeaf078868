#!yaml
# qubesctl shuts down what it started, and a gateway under a running workstation cannot be: the run would end with an error although all is
# well. So gateways in use are started here, last, and stay up. (qubes-mgmt-salt qubessalt/__init__.py)
"include":
  - "qwbtc.dom0.qubes"
  - "qwbtc.dom0.policy"
