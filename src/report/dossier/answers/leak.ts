// SPDX-License-Identifier: GPL-3.0-or-later
import { netvmOf } from "../../../audit/accepted.ts";
import type { Way } from "../../../audit/ways.ts";
import { decide } from "../../../policy/language/evaluate.ts";
import { qube, type Dossier } from "../dossier.ts";
import { html, listed, type Content, type Html } from "../html.ts";
import { blind, type Answering } from "./answer.ts";
import { routeOut } from "./routes.ts";

/** Whether a qube that holds keys can send anything to a network: by itself, by a disposable, or through the qubes that it may call. */
export const leak: Answering = (dossier) => {
  const { keepers } = dossier;
  const open = keepers.flatMap((name) => openings(name, dossier));
  return {
    question: "Can a wallet leak to the network?",
    short: verdict(dossier, open),
    more:
      keepers.length === 0
        ? html`<p>MANIFEST.json names no qube that holds the keys of a wallet.</p>`
        : html`<ul>
            ${keepers.map((name) => html`<li>${oneOf(name, dossier)}</li>`)}
          </ul>`,
  };
};

function verdict(dossier: Dossier, open: readonly string[]): Content {
  const { keepers, claims, found } = dossier;
  if (!claims && keepers.length === 0)
    return "Not known: no MANIFEST.json says which qubes are wallets. The cards below say which qubes have a net qube.";
  if (keepers.length === 0) return "No qube of this tree is said to hold the keys of a wallet.";
  if (open.length > 0) return `Yes: ${open.join("; ")}.`;
  const about = found.filter(({ severity, say }) => severity === "error" && keepers.some((name) => names(say, name)));
  if (about.length > 0)
    return html`Perhaps: the audit found errors about a wallet, ${listed([...new Set(about.map(({ code }) => code))])}.
      <a href="#verdict">Read them first.</a>`;
  if (blind(dossier)) return "Not that it can be seen, but parts of this tree cannot be read.";
  const [has, may] = keepers.length === 1 ? ["has", "may"] : ["have", "may"];
  return html`Not by itself: ${listed(keepers)} ${has} no net qube and ${may} start no disposable. Through others, once
  one was taken over: ${keepers.map((name, at) => [at > 0 ? "; " : "", through(name, dossier)])}.`;
}

/** Who would pass on what a wallet says: servers that have a network themselves may do so without being taken over. */
function through(name: string, dossier: Dossier): string {
  const { ways } = dossier;
  const calls = [...new Set(ways.filter(({ from, kind }) => from === name && kind === "link").map(({ to }) => to))];
  const online = calls.filter((server) => ways.some(({ from, kind }) => from === server && kind === "network"));
  if (online.length > 0)
    return `${name} may call ${online.join(" and ")}, which ${online.length === 1 ? "has" : "have"} a network`;
  const route = routeOut(name, dossier);
  return route
    ? `${name} may call ${route[0]?.to}, which has no network and may call on to who has one`
    : `${name} reaches nobody who has a network`;
}

function names(text: string, name: string): boolean {
  return text.split(/[^\w.-]+/).includes(name);
}

/** What lets a qube out without another's help. */
function openings(name: string, { audit, passing }: Dossier): string[] {
  const netvm = netvmOf(name, audit.facts);
  const dispvm = audit.facts.qubes.get(name)?.prefs.get("default_dispvm");
  return [
    ...(typeof netvm === "string" ? [`${name} has the net qube ${netvm}`] : []),
    ...(netvm === undefined ? [`no state says which net qube ${name} has, so it may have the machine's default`] : []),
    ...(dispvm === undefined ? [`no state keeps ${name} from the machine's default disposable`] : []),
    ...(typeof dispvm?.value === "string" ? [`${name} may start a disposable of ${dispvm.value}`] : []),
    ...(passing.get(name) ?? []).map(
      ({ service, target, decision }) =>
        `dom0 lets ${name} call ${service} of ${decision.kind === "allow" ? decision.target : `${target}, if you say yes`}`,
    ),
  ];
}

function oneOf(name: string, dossier: Dossier): Html {
  const { audit, anchors } = dossier;
  const prefs = audit.facts.qubes.get(name)?.prefs;
  const [netvm, dispvm] = [prefs?.get("netvm"), prefs?.get("default_dispvm")];
  const route = routeOut(name, dossier);
  const taken = dossier.knowledge.find((one) => one.qube === name);
  return html`${qube(name, dossier)}: net qube
  ${String(netvm?.value ?? "none")}${netvm ? html` (${anchors.link(netvm.at)})` : undefined}, disposables of
  ${String(dispvm?.value ?? "none")}${dispvm ? html` (${anchors.link(dispvm.at)})` : undefined}.
  ${
    route
      ? html`The nearest way out, if every qube on it passes on what it should not: ${told(name, route, dossier)}.`
      : "No chain of calls leads from it to a network."
  }
  ${copies(name, dossier)}${
    taken &&
    html` Taken over, it
      <ul>
        ${taken.ifTaken.map((one) => html`<li>${one}</li>`)}
      </ul>`
  }`;
}

function told(from: string, route: readonly Way[], dossier: Dossier): Content {
  return [qube(from, dossier), ...route.map(({ to, what }) => html` → ${qube(to, dossier)} (${what})`)];
}

/** Copying is the one call that the stock policy leaves to the user in every qube. */
function copies(name: string, { audit: { machine } }: Dossier): string {
  const kinds = new Set(
    [...machine.ours.map((one) => one.name), ...machine.strangers]
      .filter((target) => target !== name)
      .map((target) => {
        const call = { service: "qubes.Filecopy", argument: "+", source: name, target };
        return decide(machine.policy, call, machine.system).kind;
      }),
  );
  if (kinds.has("allow")) return "Files may be copied out of it without a question.";
  return kinds.has("ask")
    ? "Copying a file out of it asks you each time: your yes is a way out that no policy closes."
    : "No file can be copied out of it.";
}
