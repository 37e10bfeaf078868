// SPDX-License-Identifier: GPL-3.0-or-later
import prompt from "../../formulas/every-qube/prompt.sh";
import type { QubeParts } from "../model/parts.ts";

const PROMPT = "/usr/local/lib/qwbtc-salt/prompt.sh";

/** What every qube of ours holds: a prompt with the qube's name, for Whonix calls every host "host". */
export const everyQube: QubeParts = {
  files: [
    {
      path: PROMPT,
      content: { verbatim: prompt },
      user: "root",
      group: "root",
      mode: "0644",
      dirMode: "0755",
      why: "Sets a prompt that names the qube; the host name stays Whonix' own, so that nothing in the qube tells it from others.",
    },
  ],
  blocks: [
    {
      path: "/home/user/.bashrc",
      user: "user",
      mode: "0644",
      line: `if [ -r ${PROMPT} ]; then . ${PROMPT}; fi`,
      why: "Every guide and runbook step says in which qube to type it; the prompt shows where one is.",
    },
  ],
  disabled: ["cups", "cups-browsed"],
};
