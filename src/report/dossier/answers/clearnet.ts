// SPDX-License-Identifier: GPL-3.0-or-later
import type { Way } from "../../../audit/ways.ts";
import { readTorrc } from "../../../verify/torrc.ts";
import { qube, type Dossier } from "../dossier.ts";
import { html, listed, type Html } from "../html.ts";
import { blind, type Answering } from "./answer.ts";

/** What leaves the machine without Tor, and what leaves Tor at its other end. */
export const clearnet: Answering = (dossier) => {
  const { ways, audit } = dossier;
  const { machine } = audit;
  const out = ways.filter(({ kind, to }) => kind === "network" && to !== "Tor");
  const isGateway = (name: string) => machine.osOf(name) === "gateway";
  const bare = out.filter(({ from, to }) => !isGateway(from) && !isGateway(to));
  // A net qube that is held to one address is told by the address.
  const ends = bare.filter(({ what }) => what !== "one address");
  const torOnly = out.filter(({ from, to }) => isGateway(from) && !isGateway(to));
  const behind = out.filter(({ to }) => isGateway(to));
  const gateways = [...new Set(torOnly.map(({ from }) => from))];
  return {
    question: "What goes over clearnet?",
    short:
      bare.length > 0
        ? html`Without Tor: ${listed([...new Set(bare.map(({ from }) => from))])}, to
          ${listed([...new Set(ends.map(({ to, what }) => reached(to, what)))])}.${gateways.length > 0 ? ` Besides, Tor's own traffic from ${list(gateways)}.` : ""}`
        : gateways.length > 0
          ? `Tor's own traffic and nothing else: that of ${list(gateways)}. ${blind(dossier) ? "But parts of this tree cannot be read. " : ""}Whoever carries it sees that Tor is used, not what for.`
          : "Nothing that this tree declares: no qube of it has a net qube.",
    more: html`<ul>
        ${[...bare, ...torOnly].map((way) => html`<li>${told(way, dossier)}</li>`)}
        ${behind.map((way) => html`<li>${told(way, dossier)} ${ports(way.to, dossier)}</li>`)}
      </ul>
      <p>
        A program that uses a gateway's stock SocksPorts may leave Tor through an exit, which sees what it fetches and
        not for whom. A qube behind a gateway that was taken over may use all of the gateway's ports.
      </p>`,
  };
};

function list(names: readonly string[]): string {
  return names.length === 1 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function reached(to: string, what: string): string {
  return what === "this address alone" ? `the address ${to}` : to;
}

function told({ from, to, what, by }: Way, dossier: Dossier): Html {
  return html`${qube(from, dossier)} → ${qube(to, dossier)}: ${what} (${dossier.anchors.link(by)}).`;
}

/** The SocksPorts that the tree gives a gateway: those that tor itself holds to onion services, and others. */
function ports(gateway: string, { audit: { facts } }: Dossier): Html | undefined {
  const lines = facts.landed
    .filter(({ machine, path }) => machine === gateway && /\/torrc\.d\//.test(path))
    .flatMap(({ text = "" }) => readTorrc(text).socksPorts);
  if (lines.length === 0) return undefined;
  const port = (line: string) => /:([0-9]+)/.exec(line)?.[1] ?? line;
  const onions = lines.filter((line) => /\bOnionTrafficOnly\b/.test(line)).map(port);
  const others = lines.filter((line) => !/\bOnionTrafficOnly\b/.test(line)).map(port);
  return html`SocksPorts of its own:
  ${listed([...onions.map((one) => `${one}, at which tor refuses all but onion services`), ...others.map((one) => `${one}, which may use exits`)], "and")}.`;
}
