// SPDX-License-Identifier: GPL-3.0-or-later
import type { Way } from "../../../audit/ways.ts";
import { qube, type Dossier } from "../dossier.ts";
import { html, listed, type Content, type Html } from "../html.ts";
import type { Answering } from "./answer.ts";

/** What whoever rules a gateway has, and which ports of others are open to him. */
export const taken: Answering = (dossier) => {
  const { machine } = dossier.audit;
  const gateways = machine.ours.map(({ name }) => name).filter((name) => machine.osOf(name) === "gateway");
  return {
    question: `What breaks if ${gateways[0] ?? "a gateway"} is taken over?`,
    short:
      gateways.length === 0
        ? "There is none: no qube of this tree is a Whonix gateway."
        : gateways.map((name, at) => [at > 0 ? " " : "", inShort(name, dossier)]),
    more: html`<p>If a qube were taken over, it</p>
      <ul>
        ${gateways.map((name) => html`<li>${one(name, dossier)}</li>`)}
      </ul>
      <p>What the others could do stands on their <a href="#qubes">cards</a>.</p>`,
  };
};

function inShort(name: string, { ways, keepers }: Dossier): Content {
  const behind = [...new Set(ways.filter(({ to, kind }) => kind === "network" && to === name).map(({ from }) => from))];
  const links = ways.filter(({ from, kind }) => from === name && kind === "link");
  const onions = ways.filter(({ kind, what }) => kind === "onion" && what.endsWith(`, through ${name}`));
  const wallets = keepers.filter((keeper) => touches(name, keeper, ways));
  const safe = keepers.filter((keeper) => !wallets.includes(keeper));
  return [
    behind.length > 0
      ? html`${name}: the anonymity and the network of ${listed(behind)}`
      : html`${name}: no qube stands behind it`,
    links.length > 0 ? html`; it may dial ${listed(links.map(({ to, what }) => `${to}, ${what}`))}` : undefined,
    onions.length > 0
      ? html`; it stands between ${listed(onions.map(({ from, to }) => `${from} and ${to}`))}`
      : undefined,
    wallets.length > 0 ? html`; and it touches ${listed(wallets)}, where keys lie` : undefined,
    safe.length > 0 ? html`; no way leads between it and ${listed(safe, "or")}, where keys lie` : undefined,
    ".",
  ];
}

function touches(gateway: string, keeper: string, ways: readonly Way[]): boolean {
  return ways.some(({ from, to }) => (from === gateway && to === keeper) || (from === keeper && to === gateway));
}

function one(name: string, dossier: Dossier): Html {
  const known = dossier.knowledge.find((one) => one.qube === name);
  return html`${qube(name, dossier)}
    <ul>
      ${known?.ifTaken.map((text) => html`<li>${text}</li>`)}
    </ul>`;
}
