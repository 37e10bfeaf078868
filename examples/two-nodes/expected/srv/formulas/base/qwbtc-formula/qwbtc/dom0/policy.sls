#!yaml
# The qrexec policy comes after every qube has its network. One bad file blocks every call on the machine, so each is linted before it lands.
# Owner and mode are those of Qubes' own policy files (qubes-core-qrexec).
"include":
  - "qwbtc.dom0.guard"
  - "qwbtc.dom0.qubes"

# What must be decided before the stock files 50 to 90 are read.
"qwbtc-45-qwbtc.policy":
  file.managed:
    - "name": "/etc/qubes/policy.d/45-qwbtc.policy"
    - "source": "salt://qwbtc/files/dom0/etc/qubes/policy.d/45-qwbtc.policy"
    - "user": "root"
    - "group": "qubes"
    - "mode": "0664"
    - "check_cmd": "/usr/bin/qubes-policy-lint"
    - "require":
      - "test": "qwbtc-guard"
      - "test": "qwbtc-networks"

# The links between the qubes of this formula.
"qwbtc-80-qwbtc.policy":
  file.managed:
    - "name": "/etc/qubes/policy.d/80-qwbtc.policy"
    - "source": "salt://qwbtc/files/dom0/etc/qubes/policy.d/80-qwbtc.policy"
    - "user": "root"
    - "group": "qubes"
    - "mode": "0664"
    - "check_cmd": "/usr/bin/qubes-policy-lint"
    - "require":
      - "test": "qwbtc-guard"
      - "test": "qwbtc-networks"
