// SPDX-License-Identifier: GPL-3.0-or-later
import launcher from "../../../formulas/electrum-wallet/electrum.sh";
import desktop from "../../../salt-templates/electrum-wallet/electrum.desktop.hbs";
import type { Qube } from "../../model/model.ts";
import type { Directory, ManagedFile, QubeParts, TemplateParts } from "../../model/parts.ts";
import type { TemplateNeeds } from "../../model/role.ts";
import { chainServed, type ChainName } from "../bitcoind/chains.ts";
import { config } from "./config.ts";
import { isPackaged, WORDS } from "./facts.ts";
import { folderOf, HOME_FOLDER, PROGRAMS } from "./own.ts";

const root = { user: "root", group: "root", dirMode: "0755" };

/** What the wallets' template clone holds: a menu entry, and Debian's Electrum where one of its qubes wants that. */
export function walletTemplate({ formula, qubes }: TemplateNeeds): TemplateParts {
  const entry = `${formula}-electrum.desktop`;
  return {
    packages: qubes.some(isPackaged)
      ? [
          { name: "electrum", why: "The wallet, from the template's Debian, which checks what it installs." },
          { name: "python3-pyqt5", why: "Its window; Debian only recommends it." },
        ]
      : [],
    files: [
      {
        ...root,
        path: `/usr/share/applications/${entry}`,
        content: { template: desktop, view: {} },
        mode: "0644",
        why: "A menu entry that starts Electrum on the chain of the qube; Debian's would start it on the main chain.",
      },
    ],
    menu: [entry],
  };
}

/** What a wallet qube holds: Electrum's keys that keep it on its one server. All else in Electrum's file is Electrum's. */
export function walletParts(qube: Qube): QubeParts {
  const chain = chainServed(qube);
  return {
    directories: [...foldersOf(chain), ...(isPackaged(qube) ? [] : [programFolder])],
    files: [start(qube, chain), command],
    merged: [config(qube)],
  };
}

function foldersOf(chain: ChainName): Directory[] {
  const own = { user: "user", group: "user", mode: "0700" };
  const folder = folderOf(chain);
  return [
    { ...own, path: HOME_FOLDER, why: "Electrum's folder; nobody else in the qube reads it." },
    ...(folder === HOME_FOLDER ? [] : [{ ...own, path: folder, why: `And its part for ${chain}.` }]),
    {
      ...own,
      path: `${folder}/wallets`,
      why: "Electrum ends with an error where it shall make a wallet in a folder that is not there.",
    },
  ];
}

const programFolder: Directory = {
  path: PROGRAMS,
  user: "root",
  group: "root",
  mode: "0755",
  why: "Electrum goes here: root's, so that nothing that the wallet does can change the program.",
};

function start(qube: Qube, chain: ChainName): ManagedFile {
  const program = isPackaged(qube) ? "debian" : qube.version;
  return {
    ...root,
    path: `${PROGRAMS}/start`,
    content: { verbatim: `${program} ${WORDS[chain] || "main"}\n` },
    mode: "0644",
    why: "Which Electrum is started, and on which chain: two words, which the command below reads.",
  };
}

const command: ManagedFile = {
  ...root,
  path: "/usr/local/bin/electrum",
  content: { verbatim: launcher },
  mode: "0755",
  why: "Starts Electrum with the flag of the chain; before Debian's in the PATH, so that menu and terminal agree.",
};
