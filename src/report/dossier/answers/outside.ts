// SPDX-License-Identifier: GPL-3.0-or-later
import { qube, type Dossier } from "../dossier.ts";
import { html, listed, type Content } from "../html.ts";
import { blind, type Answering } from "./answer.ts";

/** What somebody elsewhere can dial: onion services of the gateways, and those that a qube has tor make for it. */
export const outside: Answering = (dossier) => {
  const onions = dossier.ways.filter(({ kind }) => kind === "onion");
  const asked = onDemand(dossier);
  const open = openPorts(dossier);
  const ends = [...new Set([...onions.map(({ to }) => to), ...asked.flatMap(({ behind }) => behind)])];
  return {
    question: "What can be reached from outside?",
    short:
      ends.length === 0
        ? blind(dossier)
          ? "Nothing that can be seen; but parts of this tree cannot be read."
          : "Nothing: no gateway offers an onion service, and none makes one when it is asked."
        : html`${listed(ends)}, through Tor alone:
          ${listed([
            ...onions.map(({ what, from }) => `${what}, for ${from}`),
            ...asked.map(
              ({ gateway, commands }) =>
                `onion services that ${gateway} makes when a qube behind it asks (${commands.join("; ")}), for whoever knows the address`,
            ),
          ])}.`,
    more: html`<ul>
        ${onions.map(({ from, to, what, by }) => html`<li>${from} → ${qube(to, dossier)}: ${what} (${dossier.anchors.link(by)}).</li>`)}
        ${asked.map(({ gateway, behind, commands }) => html`<li>${qube(gateway, dossier)} lets the qubes behind it (${listed(behind.map((one) => qube(one, dossier)))}) ask tor for: <code>${commands.join("; ")}</code>.</li>`)}
        ${open.map(({ machine, ports }) => html`<li>The firewall of ${qube(machine, dossier)} accepts connections from its net qube at port ${listed(ports)}.</li>`)}
      </ul>
      ${ends.length + open.length === 0 ? html`<p>No file of the tree opens a port of a Whonix firewall to the outside.</p>` : undefined}`,
  };
};

interface OnDemand {
  readonly gateway: string;
  readonly behind: readonly string[];
  readonly commands: readonly string[];
}

/** What onion-grater lets through of the commands that make an onion service (Whonix/onion-grater, ADD_ONION). */
function onDemand({ audit: { facts }, ways }: Dossier): OnDemand[] {
  return facts.landed.flatMap(({ machine: gateway, path, text = "" }) => {
    if (!/\/onion-grater-merger\.d\//.test(path) || !/^\s*ADD_ONION:/m.test(text)) return [];
    const commands = [...text.matchAll(/^\s*(?:replacement|- ?)?:? ?.*?'(NEW:[^']*Port=[^']*)'/gm)].map(
      ([, one = ""]) => one.replaceAll(String.raw`\.`, "."),
    );
    const behind = ways.filter(({ kind, to }) => kind === "network" && to === gateway).map(({ from }) => from);
    return [{ gateway, behind, commands: [...new Set(commands.flatMap((one) => /Port=\S+/.exec(one) ?? []))] }];
  });
}

/** Ports that a Whonix workstation's firewall opens (Whonix/whonix-firewall, EXTERNAL_OPEN_PORTS). */
function openPorts({ audit: { facts } }: Dossier): { machine: string; ports: Content[] }[] {
  return facts.landed.flatMap(({ machine, text = "" }) => {
    const ports = [...text.matchAll(/^EXTERNAL_OPEN_PORTS\+?="([^"]*)"/gm)].flatMap(([, list = ""]) =>
      list.split(/\s+/).filter(Boolean),
    );
    return ports.length > 0 ? [{ machine, ports }] : [];
  });
}
