// SPDX-License-Identifier: GPL-3.0-or-later
import { qube, type Dossier } from "../dossier.ts";
import { html, listed, type Html } from "../html.ts";
import { rpcLists } from "../rpc-lists.ts";
import type { Answering } from "./answer.ts";

/**
 * Methods that spend a node's own coins, show or take in keys, or open a wallet that is locked (Bitcoin Core src/wallet/rpc/spend.cpp,
 * backup.cpp, encrypt.cpp, wallet.cpp). `sendrawtransaction` is none: it passes on what somebody else has signed.
 */
const SPENDS =
  /^(?:send|sendall|sendmany|sendtoaddress|bumpfee|psbtbumpfee|walletprocesspsbt|walletcreatefundedpsbt|signrawtransactionwithwallet|signmessage|walletpassphrase|dumpprivkey|dumpwallet|gethdkeys|listdescriptors|importprivkey|importwallet|restorewallet|createwallet|backupwallet)$/;

/** Who holds keys, what those qubes rest on, and whether anybody may make the node spend. */
export const spend: Answering = (dossier) => {
  const { keepers, claims, audit } = dossier;
  const spenders = rpcLists(audit.facts).flatMap(({ server, client, methods, place }) =>
    methods.filter((one) => SPENDS.test(one)).map((method) => ({ server, client, method, place })),
  );
  const others = audit.machine.ours.map(({ name }) => name).filter((name) => !keepers.includes(name));
  return {
    question: "Who can spend coins?",
    short: [
      claims
        ? keepers.length > 0
          ? html`Whoever rules ${listed(keepers, "or")}: the keys lie there. So can whoever rules dom0 or a wallet's
            template, or has its seed words, or a backup and its passphrase.`
          : "Nobody by what lies here: no qube of this tree is said to hold the keys of a wallet."
        : "Not known: no MANIFEST.json says which qubes hold keys.",
      spenders.length > 0
        ? html` And through the node's own wallets:
          ${listed([...new Set(spenders.map(({ client, server, method }) => `${client} may call ${method} of ${server}`))])}.`
        : undefined,
    ],
    more: html`<ul>
        ${keepers.map((name) => html`<li>${keeper(name, dossier)}</li>`)}
        ${spenders.map(({ client, server, method, place }) => html`<li>${qube(client, dossier)} may call <code>${method}</code> of ${qube(server, dossier)} (${dossier.anchors.link(place)}).</li>`)}
        ${
          others.length > 0
            ? html`<li>
                What lies in the others:
                <ul>
                  ${others.map((name) => html`<li>${qube(name, dossier)}: ${claims?.qubes[name]?.holds.words ?? "the tree does not say."}</li>`)}
                </ul>
              </li>`
            : undefined
        }
      </ul>
      <p>
        ${spenders.length === 0 ? "No client's list of RPC methods has one that spends from a node's own wallet. " : undefined}A
        wallet signs what its user confirms: what a server that was taken over tells it, a user may believe.
      </p>`,
  };
};

function keeper(name: string, dossier: Dossier): Html {
  const { claims, audit } = dossier;
  const rests: string[] = [];
  for (let at = audit.facts.qubes.get(name)?.template; at !== undefined && !rests.includes(at);) {
    rests.push(at);
    at = audit.facts.qubes.get(at)?.template;
  }
  const programs = claims?.qubes[name]?.probe.programs.map((one) => one.name) ?? [];
  return html`${qube(name, dossier)}: ${claims?.qubes[name]?.holds.words} It rests on
  ${listed([...rests.map((one) => html`the template ${qube(one, dossier)}`), ...programs, "dom0"])}.`;
}
