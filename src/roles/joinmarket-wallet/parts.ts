// SPDX-License-Identifier: GPL-3.0-or-later
import jm from "../../../formulas/joinmarket-wallet/jm.sh";
import cfg from "../../../salt-templates/joinmarket-wallet/joinmarket.cfg.hbs";
import type { Qube } from "../../model/model.ts";
import type { QubeParts, TemplateParts } from "../../model/parts.ts";
import type { TemplateNeeds } from "../../model/role.ts";
import { rpcCookie } from "../bitcoind/rpc-access.ts";
import { bringFiles } from "../joinmarketd/bring.ts";
import { environmentPackages, walletLibraries } from "../joinmarketd/libraries.ts";
import { programFolder } from "../joinmarketd/parts.ts";
import { CONF, COOKIE, FOLDER, linkTo } from "./own.ts";
import { settings } from "./settings.ts";

/** What the wallets' template clone holds: libraries. The program itself lies in the qube, below /usr/local. */
export function walletTemplate({ whonix }: TemplateNeeds): TemplateParts {
  return { packages: [...walletLibraries(whonix), ...environmentPackages] };
}

/** What a wallet qube holds: JoinMarket's settings and a command to start its programs with. The wallet files are the user's. */
export function walletParts(qube: Qube, formula: string): QubeParts {
  const own = { user: "user", group: "user" };
  return {
    directories: [
      {
        ...own,
        path: FOLDER,
        mode: "0700",
        why: "JoinMarket's folder, with the wallets; nobody else in the qube reads it.",
      },
      programFolder,
    ],
    secrets: [rpcCookie(linkTo(qube, "rpc"), formula, { ...own, path: COOKIE })],
    files: [
      ...bringFiles(qube),
      {
        ...own,
        path: CONF,
        content: { template: cfg, view: { qube: qube.name, version: qube.version, sections: settings(qube) } },
        mode: "0600",
        dirMode: "0700",
        why: "JoinMarket's settings, each with its reason. What is not in it has the default of the version.",
        needs: [COOKIE],
      },
      {
        path: "/usr/local/bin/jm",
        content: { verbatim: jm },
        user: "root",
        group: "root",
        mode: "0755",
        dirMode: "0755",
        why: "Runs one of JoinMarket's programs: jm wallet-tool, jm sendpayment, jm tumbler.",
      },
    ],
  };
}
