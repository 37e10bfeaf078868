// SPDX-License-Identifier: GPL-3.0-or-later
/** Ways to call uninstall.sh by which nothing may be changed, each with its exit code. */
import type { Machine } from "./machine.ts";

export const NOT_CONFIRMED: [
  what: string,
  code: number,
  run: (machine: Machine) => { status: number | null; out: string },
][] = [
  ["nobody is at a terminal", 2, (machine) => machine.run("./uninstall.sh electrum-client")],
  [
    "answers come through a pipe",
    2,
    (machine) => machine.run("printf 'yes\\nelectrum-client\\n' | ./uninstall.sh electrum-client"),
  ],
  ["the first question is answered by y", 1, (machine) => machine.asked("./uninstall.sh joinmarket-server", "y")],
  ["another name is typed", 1, (machine) => machine.asked("./uninstall.sh electrum-client", "yes", "electrum-server")],
  [
    "the name is typed for one of two",
    1,
    (machine) => machine.asked("./uninstall.sh electrum-client joinmarket-client", "yes", "electrum-client", ""),
  ],
  ["the terminal is closed", 1, (machine) => machine.asked("./uninstall.sh electrum-client", "yes")],
  ["secrets are asked for without a terminal", 2, (machine) => machine.run("./uninstall.sh --secrets")],
  ["a net qube is in use by one that stays", 2, (machine) => machine.asked("./uninstall.sh sys-bitcoin", "yes")],
  ["a clone is in use by one that stays", 2, (machine) => machine.asked("./uninstall.sh qwbtc-ws-bitcoin", "yes")],
  ["the qube is none of the formula", 2, (machine) => machine.asked("./uninstall.sh personal", "yes", "personal")],
  [
    "the qube bears the tag and is not named",
    2,
    (machine) => (machine.run("qvm-tags vault add qwbtc"), machine.asked("./uninstall.sh vault", "yes", "vault")),
  ],
  [
    "the qube is named and does not bear the tag",
    2,
    (machine) => (
      machine.run("qvm-tags electrum-client del qwbtc"),
      machine.asked("./uninstall.sh electrum-client", "yes", "electrum-client")
    ),
  ],
  ["an option is unknown", 2, (machine) => machine.run("./uninstall.sh --force")],
  ["an install.sh is at work", 2, (machine) => machine.run("flock /etc/salt/minion.d ./uninstall.sh")],
  ["names and all are asked for", 2, (machine) => machine.run("./uninstall.sh --all-qubes electrum-client")],
];
