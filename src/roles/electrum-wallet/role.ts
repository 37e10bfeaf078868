// SPDX-License-Identifier: GPL-3.0-or-later
import type { Role } from "../../model/role.ts";
import { electrum } from "../../software/electrum.ts";
import { walletLands } from "./lands.ts";
import { options } from "./options/index.ts";
import { walletParts, walletTemplate } from "./parts.ts";
import { walletProbe } from "./probe.ts";
import { walletFitsItsChain } from "./rules.ts";
import { walletRunbook } from "./runbook.ts";
import { walletTrust } from "./trust.ts";
import { vmDefaults } from "./vm.ts";

/** A wallet without network: Electrum, which knows no server but those of the topology. */
export const electrumWallet: Role = {
  name: "electrum-wallet",
  summary: "An Electrum wallet without network, which knows no server but those named here.",
  os: "workstation",
  references: {
    server: {
      role: "fulcrum",
      services: ["electrum"],
      autostart: true,
      port: true,
      description: "The Electrum server that it uses.",
    },
    others: {
      role: "fulcrum",
      services: ["electrum"],
      autostart: true,
      many: true,
      optional: true,
      description: "More servers that you may switch it to, each at a local port of its own.",
    },
  },
  program: electrum,
  // The signatures are over the AppImage and say nothing of its name, so its version must stand inside.
  brings: ({ version }) => ({
    slug: "electrum",
    needed: "AppRun",
    archs: ["x86_64"],
    unpack: {
      kind: "appimage",
      says: {
        path: "usr/lib/python3*/site-packages/electrum/version.py",
        text: `ELECTRUM_VERSION = '${version}'`,
      },
    },
  }),
  options,
  keys: {},
  vm: vmDefaults,
  template: { suffix: "electrum", parts: walletTemplate },
  qube: walletParts,
  rules: [walletFitsItsChain],
  holds: () => ({
    what: "keys",
    words:
      "Wallets: their keys, or what they see; labels and contacts. Seed words on paper bring the coins back, and nothing else does without a backup.",
  }),
  lands: walletLands,
  trust: walletTrust,
  runbook: walletRunbook,
  probe: walletProbe,
};
