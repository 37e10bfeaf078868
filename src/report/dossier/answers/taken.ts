// SPDX-License-Identifier: GPL-3.0-or-later
import type { Way } from "../../../audit/ways.ts";
import { qube, type Dossier } from "../dossier.ts";
import { html, listed, type Html } from "../html.ts";
import type { Answering } from "./answer.ts";

/** What whoever rules a gateway has, and what stays shut to him. */
export const taken: Answering = (dossier) => {
  const { audit, ways, keepers } = dossier;
  const gateways = audit.machine.ours
    .filter(({ name }) => audit.machine.osOf(name) === "gateway")
    .map(({ name }) => name);
  const hit = gateways.flatMap((name) => ways.filter(({ from, kind }) => from === name && kind === "link"));
  const wallets = gateways.flatMap((name) => keepers.filter((keeper) => touches(name, keeper, ways)));
  return {
    question: `What breaks if ${gateways.length === 0 ? "a gateway" : gateways.length === 1 ? gateways[0] : `${gateways[0]} or another gateway`} is taken over?`,
    short:
      gateways.length === 0
        ? "There is none: no qube of this tree is a Whonix gateway."
        : html`Anonymity and the network of what stands behind it:
          ${listed([...new Set(gateways.flatMap((name) => behind(name, ways)))])}.
          ${
            wallets.length > 0
              ? html`It also reaches ${listed([...new Set(wallets)])} directly.`
              : keepers.length > 0
                ? html`It reaches no port of ${listed(keepers, "or")}, where keys lie.`
                : undefined
          }
          ${hit.length > 0 ? html`By links it reaches ${listed([...new Set(hit.map(({ to, what }) => `${to} (${what})`))])}.` : undefined}`,
    more: html`<ul>
      ${gateways.map((name) => html`<li>${one(name, dossier)}</li>`)}
    </ul>`,
  };
};

function behind(gateway: string, ways: readonly Way[]): string[] {
  return ways.filter(({ to, kind }) => kind === "network" && to === gateway).map(({ from }) => from);
}

function touches(gateway: string, keeper: string, ways: readonly Way[]): boolean {
  return ways.some(({ from, to }) => (from === gateway && to === keeper) || (from === keeper && to === gateway));
}

function one(name: string, dossier: Dossier): Html {
  const { ways } = dossier;
  const users = behind(name, ways);
  const links = ways.filter(({ from, kind }) => from === name && kind !== "network");
  return html`${qube(name, dossier)}: whoever rules it sees which addresses
  ${users.length > 0 ? listed(users.map((one) => qube(one, dossier))) : "nobody"} dials and when, may cut the connection
  or leave Tor with it, and delivers whatever he likes to the ports that wait for Tor.
  ${
    links.length > 0
      ? html`It may call ${listed(links.map(({ to, what }) => html`${qube(to, dossier)}, ${what}`))}.`
      : "The policy gives it no port of any other qube."
  }
  Tor's encryption begins and ends in it, that of onion services too: what a program does not encrypt and check once
  more inside, it reads and can change.`;
}
