// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../../model/model.ts";
import { remoteOf } from "../../model/remote.ts";
import type { RunbookParts, RunbookStep } from "../../model/role.ts";
import { HTTP_GET, probe } from "../../whonix/probe.ts";
import { chainServed } from "../bitcoind/chains.ts";
import { needsLegacyWallet } from "../bitcoind/facts.ts";
import { bringSteps } from "../joinmarketd/bring.ts";
import { serviceOf } from "../joinmarketd/own.ts";
import { placeOf } from "../remote/own.ts";
import { bringBack } from "../restore-step.ts";
import { serviceOf as watchWalletsOf, watchWallet } from "../bitcoind/watch-wallets.ts";
import { FOLDER, linkTo } from "./own.ts";

/** The wallet's part of the runbook. */
export function walletRunbook(qube: Qube, model: Model): RunbookParts {
  const { name } = qube;
  const node = linkTo(qube, "rpc");
  const legacy = needsLegacyWallet(qube);
  const { server } = linkTo(qube, "daemon");
  const daemon = server.name;
  return {
    byHand: [
      ...bringSteps(qube, model),
      ...(remoteOf(node.server) ? [watchWalletElsewhere(qube, node.server)] : []),
      ...(chainServed(qube) === "regtest" && !legacy ? [addressesOfRegtest(qube, node.server.name)] : []),
      {
        title: `A wallet in ${name}`,
        where: name,
        command: "jm wallet-tool generate",
        text: `Write its seed words on paper, with no camera and no other machine near, and try the restore before any coin is in it: \`jm wallet-tool recover\`. A restored wallet with a history looks empty until the node has looked for it: \`bitcoin-cli -rpcwallet=${watchWallet(qube)} rescanblockchain HEIGHT\` in ${placeOf(node.server)}, from a block before its first coin, hours; then \`jm wallet-tool --recoversync -g 100 WALLET.jmdat\`.`,
      },
    ],
    later: [
      {
        title: `Mix coins with ${name}`,
        where: name,
        command: "jm sendpayment --help",
        text: `Start ${daemon} first. This wallet is a taker: it looks for others that offer, pays them a fee, and serves nobody. Where the directories do not answer, it waits a minute for them and another for offers. A \`jm\` that was killed leaves ~/.joinmarket/wallets/.WALLET.jmdat.lock behind: remove it.`,
      },
      {
        title: `After each session`,
        where: placeOf(server),
        ...(!remoteOf(server) && { command: `sudo systemctl restart ${serviceOf(model.formula)}` }),
        text: `${remoteOf(server) ? "Restart it. " : ""}The daemon keeps its connections and its name among the traders when the wallet has gone, so the next session could be told to be yours too.`,
      },
    ],
    checks: [
      {
        title: `${name} reaches ${node.server.name}`,
        where: name,
        command: probe(node.local, HTTP_GET),
        text: `A line with 405: the node answers. Nothing: the link is not open, or ${node.server.name} is not running.`,
      },
      ...(remoteOf(node.server)
        ? []
        : [
            {
              title: `${node.server.name} has the watch-only wallet of ${name}`,
              where: node.server.name,
              command: `bitcoin-cli -rpcwallet=${watchWallet(qube)} getwalletinfo`,
              text: `private_keys_enabled is false: the node knows which addresses are yours, but no key, so who breaks into it sees your balance and cannot spend it. It is made when the node has started; if it is not there, \`sudo journalctl -u ${watchWalletsOf(model.formula)}\` says why.`,
            },
          ]),
      {
        title: `${name} has no network`,
        where: name,
        command: "ip route",
        text: "It prints nothing.",
      },
    ],
    logs: [
      {
        title: `What ${name} did`,
        where: name,
        command: "ls ~/.joinmarket/logs",
        text: "They name your coins: look, and delete them.",
      },
    ],
    backup:
      "The wallets, and which commitments were used. What counts is its seed words on paper: a backup is as safe as its passphrase. An older copy does not know which addresses were used since, nor which coins you froze: let it look for its history (--recoversync) before you receive or mix, or addresses are used twice and coins that were kept apart meet. Its logs are nothing to keep.",
    restore: [
      ...bringBack({
        name,
        what: "wallets",
        folder: `${FOLDER}/wallets`,
        text: "No file of a wallet that is there is overwritten.",
      }),
      ...bringBack({
        name,
        what: "the commitments that were used",
        folder: `${FOLDER}/cmtdata`,
        text: `Before the first mix: without them a coin may be offered for a trade once too often, which the others refuse. Then make the watch-only wallet in ${node.server.name} and let it and the wallet look for their history, as it stands under "By hand, once".`,
      }),
    ],
  };
}

/** On a node elsewhere nothing of ours runs; on one of our own a unit makes it. */
function watchWalletElsewhere(qube: Qube, server: Qube): RunbookStep {
  const legacy = needsLegacyWallet(qube);
  return {
    title: `The watch-only wallet of ${qube.name}, in ${server.name}`,
    where: placeOf(server),
    command: `bitcoin-cli -named createwallet wallet_name=${watchWallet(qube)} disable_private_keys=true ${legacy ? "descriptors=false " : ""}load_on_startup=true`,
    text: `Once, and before the next step. The node then knows which addresses are yours, but no key: who breaks into it sees your balance and cannot spend it.${legacy ? ` JoinMarket ${qube.version} knows wallets of the old kind alone, which Bitcoin Core makes only when told so.` : ""}`,
  };
}

/** On regtest JoinMarket asks its watch-only wallet for an address when it starts, which one without keys has only if it is given some. */
function addressesOfRegtest(qube: Qube, node: string): RunbookStep {
  const pick = `'import json,sys; print(json.dumps([dict(desc=d["desc"], active=True, timestamp="now", range=d["range"]) for d in json.load(sys.stdin)["descriptors"] if d["desc"].startswith("wpkh") and not d["internal"]]))'`;
  return {
    title: `Addresses for regtest, in ${node}`,
    where: node,
    command: [
      "bitcoin-cli createwallet spare",
      `bitcoin-cli -rpcwallet=${watchWallet(qube)} importdescriptors "$(bitcoin-cli -rpcwallet=spare listdescriptors | python3 -c ${pick})"`,
    ].join("\n"),
    text: "On regtest, and there alone, JoinMarket asks its watch-only wallet for an address when it starts, for the tests of its developers. It gets the public half of a wallet that is good for nothing else.",
  };
}
