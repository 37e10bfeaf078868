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
              ({ gateway, services }) =>
                `the onion service that ${gateway} makes when a qube behind it asks (${services.join("; ")}), for whoever knows the address`,
            ),
          ])}.`,
    more: html`<ul>
        ${onions.map(({ from, to, what, by }) => html`<li>${from} → ${qube(to, dossier)}: ${what} (${dossier.anchors.link(by)}).</li>`)}
        ${asked.map(({ gateway, behind, services }) => html`<li>${qube(gateway, dossier)} lets the qubes behind it (${listed(behind.map((one) => qube(one, dossier)))}) ask tor for an onion service: ${services.join("; ")}.</li>`)}
        ${open.map(({ machine, ports }) => html`<li>The firewall of ${qube(machine, dossier)} accepts connections from its net qube at port ${listed(ports)}.</li>`)}
      </ul>
      ${ends.length + open.length === 0 ? html`<p>No file of the tree opens a port of a Whonix firewall to the outside.</p>` : undefined}`,
  };
};

interface OnDemand {
  readonly gateway: string;
  readonly behind: readonly string[];
  /** Of the service, and of the qube that asks; in tor's own words where they are not of that form. */
  readonly services: readonly string[];
}

/** What onion-grater lets through of the commands that make an onion service (Whonix/onion-grater; tor's control-spec, ADD_ONION). */
function onDemand({ audit: { facts }, ways }: Dossier): OnDemand[] {
  return facts.landed.flatMap(({ machine: gateway, path, text = "" }) => {
    if (!/\/onion-grater-merger\.d\//.test(path) || !/^\s*ADD_ONION:/m.test(text)) return [];
    const commands = Array.from(text.matchAll(/^\s*(?:- )?replacement: *'?([^'\n]*)/gm), ([, one = ""]) => one);
    const services = commands.map((command) => {
      const [, port, end] = / Port=([0-9]+),\{client-address\}:([0-9]+)(?: |$)/.exec(command) ?? [];
      return port === undefined ? `by ${command}` : `port ${port}, which ends at port ${end} of the qube`;
    });
    const behind = ways.filter(({ kind, to }) => kind === "network" && to === gateway).map(({ from }) => from);
    const known = services.length > 0 ? [...new Set(services)] : ["by a command that is not known here"];
    return [{ gateway, behind, services: known }];
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
