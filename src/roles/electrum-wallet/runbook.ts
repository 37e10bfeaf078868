// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../../model/model.ts";
import type { RunbookParts, RunbookStep } from "../../model/role.ts";
import { ELECTRUM_HELLO, probe, probeTls } from "../../whonix/probe.ts";
import { broughtProgram } from "../bring-program.ts";
import { bringBack } from "../restore-step.ts";
import { chainServed } from "../bitcoind/chains.ts";
import { mainServer } from "./facts.ts";
import { electrumProtocol } from "../remote/own.ts";
import { folderOf } from "./own.ts";

/** The wallet's part of the runbook. */
export function walletRunbook(qube: Qube, model: Model): RunbookParts {
  const { name } = qube;
  const { server, local } = mainServer(qube);
  const others: RunbookStep[] = qube.uses
    .filter((link) => link.key === "others")
    .map((link) => ({
      title: `Switch ${name} to ${link.server.name} when you want to`,
      text: `In Electrum: Tools, Network, Server: 127.0.0.1:${link.local}:${electrumProtocol(link.server).letter}. It stays so: where a wallet has several servers of yours, the states set one only while none is set.`,
    }));
  const choice = others.length > 0 ? " unless you switch it to another of yours" : "";
  const reach = `It uses ${server.name}${choice}, and can reach no other.`;
  const chain = chainServed(qube);
  return {
    byHand: [
      ...broughtProgram(qube, model),
      {
        title: `A wallet in ${name}`,
        text: `Start Electrum from the menu of ${name} and make a wallet, or restore one. Decide what it holds: keys (then write its seed words on paper, with no camera and no other machine near, and try the restore before any coin is in it), or only a master public key (then it sees and prepares payments, and the keys stay in a qube or machine that has not even a server). ${reach} Do not give it foreign servers: nothing cross-checks the one that it uses, so it must be yours.${chain === "main" ? "" : ` It opens on ${chain}, from the menu and as \`electrum\` in a terminal; another chain its command refuses.`}`,
      },
    ],
    later: [
      ...others,
      {
        title: "Sign in one qube, send from another",
        text: 'With a watching-only wallet, and Electrum open: `electrum payto ADDRESS AMOUNT --unsigned > unsigned.txn`, and `qvm-copy unsigned.txn` to the qube with the keys. There, with Electrum closed, in the folder below ~/QubesIncoming/: look at what you are about to sign with `electrum --offline deserialize "$(cat unsigned.txn)"`, then `electrum --offline signtransaction "$(cat unsigned.txn)" > signed.txn` and `qvm-copy signed.txn` back. In the first qube look again, and `electrum broadcast "$(cat signed.txn)"`.',
      },
    ],
    checks: [
      {
        title: `${name} reaches ${server.name}`,
        where: name,
        ...answer(server, local),
      },
      {
        title: `${name} has no network`,
        where: name,
        command: "ip route",
        text: "It prints nothing.",
      },
    ],
    logs: [],
    backup:
      "The wallet file. What counts is its seed words on paper: a backup is as safe as its passphrase. An older copy lacks the labels since then, and nothing else. No qube here can open a Lightning channel; never open an older copy of a wallet from elsewhere that has one: to the other side that looks like cheating, and it may take all that is in the channel.",
    restore: bringBack({
      name,
      what: "wallets",
      folder: `${folderOf(chain)}/wallets`,
      text: "Open each wallet and compare one of its addresses with what you know before anything is paid to it. A wallet whose seed words you have needs no backup: restore it from them in Electrum; it finds its coins by itself.",
    }),
  };
}

/** How to see that the server answers. */
function answer(server: Qube, local: number): Pick<RunbookStep, "command" | "text"> {
  if (electrumProtocol(server).fingerprint === undefined)
    return {
      command: probe(local, ELECTRUM_HELLO),
      text: "A line with Fulcrum's version. Nothing: the server is not running, or its index is not complete.",
    };
  return {
    command: probeTls("127.0.0.1", local),
    text: "The fingerprint of the topology. Another: do not use the wallet, somebody stands between. Nothing: the server is not running.",
  };
}
