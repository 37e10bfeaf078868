// SPDX-License-Identifier: GPL-3.0-or-later
import prompt from "../../formulas/every-qube/prompt.sh";
import type { QubeOs } from "../model/model.ts";
import type { QubeParts } from "../model/parts.ts";

const PROMPT = "/usr/local/lib/qwbtc-salt/prompt.sh";

/** Printing, which nothing here needs. */
const printing = ["cups", "cups-browsed"];

/** A prompt with the qube's name, for Whonix calls every host "host"; Debian's own has the name already. */
const named: QubeParts = {
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
      line: `if [ -r ${PROMPT} ]; then . ${PROMPT}; fi`,
      why: "Every guide and runbook step says in which qube to type it; the prompt shows where one is.",
    },
  ],
};

/** What every qube of ours holds, and what is switched off in it. */
export function everyQube(os: QubeOs): QubeParts {
  return { ...(os === "debian" ? {} : named), disabled: printing };
}
