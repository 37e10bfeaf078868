#!yaml
# SPDX-License-Identifier: GPL-3.0-or-later
"include":
  - "garden.dom0.guard"
  - "garden.dom0.templates"
  - "garden.dom0.qubes"
  - "garden.dom0.policy"
  - "garden.dom0.start"
