// SPDX-License-Identifier: GPL-3.0-or-later
import { openedPorts } from "../../../audit/ways.ts";
import { qube, type Dossier } from "../dossier.ts";
import { html, listed } from "../html.ts";
import { blind, type Answering } from "./answer.ts";

/** What somebody elsewhere can dial: onion services of the gateways, and those that a qube has tor make for it. */
export const outside: Answering = (dossier) => {
  const onions = dossier.ways.filter(({ kind }) => kind === "onion");
  const loose = looseCommands(dossier);
  const open = openPorts(dossier);
  const ends = [...new Set(onions.map(({ to }) => to))];
  return {
    question: "What can be reached from outside?",
    short: [
      ends.length > 0
        ? html`Through Tor alone:
          ${onions.map(({ to, what, from }, at) => `${at > 0 ? "; " : ""}${to}, at ${what}, for ${from}`)}.`
        : blind(dossier)
          ? "Nothing that can be seen; but parts of this tree cannot be read."
          : loose.length === 0
            ? "Nothing: no gateway offers an onion service, and none makes one when it is asked."
            : undefined,
      loose.length > 0
        ? html` ${listed(loose)} may be made to offer an onion service by a command that leads to no open port here.`
        : undefined,
    ],
    more: html`<ul>
        ${onions.map(({ from, to, what, by }) => html`<li>${from} → ${qube(to, dossier)}: ${what} (${dossier.anchors.link(by)}).</li>`)}
        ${open.map(({ name, port, ...place }) => html`<li>The firewall of ${qube(name, dossier)} takes connections from its gateway at port ${port} (${dossier.anchors.link(place)}).</li>`)}
      </ul>
      ${open.length === 0 ? html`<p>No file of the tree opens a port of a workstation's firewall.</p>` : undefined}`,
  };
};

/** Gateways whose onion-grater lets a command pass that makes an onion service, of which no way came (tor's control-spec, ADD_ONION). */
function looseCommands({ audit: { facts }, ways }: Dossier): string[] {
  const known = new Set(ways.filter(({ kind }) => kind === "onion").map(({ by }) => by.file));
  return facts.landed
    .filter(({ path, text = "" }) => /\/onion-grater-merger\.d\//.test(path) && /^\s*ADD_ONION:/m.test(text))
    .filter(({ origin }) => !known.has(origin))
    .map(({ machine }) => machine);
}

function openPorts({ audit }: Dossier) {
  return audit.machine.ours
    .filter(({ name }) => audit.machine.osOf(name) === "workstation")
    .flatMap(({ name }) => openedPorts(name, audit).map((one) => ({ name, ...one })));
}
