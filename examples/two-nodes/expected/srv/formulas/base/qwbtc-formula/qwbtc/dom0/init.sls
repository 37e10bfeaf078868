#!yaml
# All dom0 states of the qwbtc formula, in their order: guard, templates, qubes, policy, power-off, start.
# "#!yaml" on the first line switches Jinja off for a file (salt.template, the shebang): what stands here is what Salt reads.
"include":
  - "qwbtc.dom0.guard"
  - "qwbtc.dom0.templates"
  - "qwbtc.dom0.qubes"
  - "qwbtc.dom0.policy"
  - "qwbtc.dom0.power-off"
  - "qwbtc.dom0.start"
