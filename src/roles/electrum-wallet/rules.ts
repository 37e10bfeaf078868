// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../kernel/message.ts";
import { finding, type Finding } from "../../model/finding.ts";
import type { Model, Qube } from "../../model/model.ts";
import { atLeast } from "../../software/program.ts";
import { chainServed } from "../bitcoind/chains.ts";
import { isPackaged, mainServer, TESTNET4_SINCE } from "./facts.ts";

const noTestnet4 = message("QB540", {
  severity: "error",
  title: "a wallet's version does not know its server's chain",
  say: (version: string) => `Electrum ${version} does not know testnet4, the chain of its server`,
  why: "It has no flag for it, and on another chain it takes the server's blocks for false.",
  fix: `Write a version from ${TESTNET4_SINCE} on, or give the node another chain: signet is as small.`,
  source: "Electrum 4.5.6 electrum/constants.py, BitcoinTestnet4",
});

const notPackaged = message("QB541", {
  severity: "error",
  title: "what Debian provides was never tried on this Whonix",
  say: (whonix: number, versions: readonly string[]) =>
    `Electrum of Whonix ${whonix}'s Debian is not known here; known are ${versions.join(", ")}`,
  why: "Debian 11 has version 4.0.9, whose settings nobody compared with these: a key that it passes over may be the one that keeps it on your server.",
  fix: (_whonix, versions) => `Choose one of them and bring it by hand: version: "${versions[0]}".`,
  source: "packages.debian.org, electrum in bullseye",
});

const twoChains = message("QB542", {
  severity: "error",
  title: "a wallet's servers are of two chains",
  say: (first: string, one: string, second: string, other: string) =>
    `${first} is on ${one}, but ${second} is on ${other}`,
  why: "Electrum is started on one chain; a server of another it takes for a liar, and shows no payment.",
  fix: "Give the other chain a wallet qube of its own.",
  source: "Electrum electrum/interface.py, chain checks",
});

/** A wallet's Electrum is known here and knows the chain of its servers, which are all of one. */
export function* walletFitsItsChain(model: Model): Iterable<Finding> {
  const { whonix } = model.platform;
  for (const qube of model.qubes) {
    if (qube.role.name !== "electrum-wallet" || !qube.uses.some((link) => link.key === "server")) continue;
    const chain = chainServed(qube);
    const place = [...qube.path, "version"];
    if (isPackaged(qube) && qube.release?.packaged?.[whonix] === undefined)
      yield finding(notPackaged, place, whonix, others(qube));
    else if (chain === "testnet4" && !atLeast(qube.version, TESTNET4_SINCE))
      yield finding(noTestnet4, place, qube.version);
    const { server } = mainServer(qube);
    for (const link of qube.uses) {
      const other = chainServed(link.server);
      if (other !== chain)
        yield finding(twoChains, [...qube.path, link.key], server.name, chain, link.server.name, other);
    }
  }
}

/** The versions that do not come from Debian, newest first. */
function others({ role }: Qube): string[] {
  return role.program?.releases.filter(({ packaged }) => !packaged).map(({ version }) => version) ?? [];
}
