#!yaml
# SPDX-License-Identifier: GPL-3.0-or-later
"garden-word":
  file.managed:
    - "name": "/home/user/garden/word"
    - "contents_pillar": "garden:word"
    - "show_changes": false
    - "mode": "0600"
    - "makedirs": true
