// SPDX-License-Identifier: GPL-3.0-or-later
import type { QubeFacts } from "../../audit/facts.ts";
import type { Way } from "../../audit/ways.ts";
import { netOf, qube, type Dossier } from "./dossier.ts";
import { files } from "./files.ts";
import { count, html, listed, prose, type Content, type Html } from "./html.ts";
import { packagesOf } from "./pins.ts";
import { settingsOf, type Setting } from "./settings-of.ts";
import { sheet } from "./sheet.ts";

/** A card for each qube, each template clone, every other machine that is given something, and dom0. */
export function cards(dossier: Dossier): Html {
  return html`${[...dossier.layout.cards].map(([name, mark]) => (name === "dom0" ? undefined : card(name, mark, dossier)))}
    <article class="card">
      <h3 id="qube-dom0">dom0</h3>
      <p>
        Its policy files stand line by line under <a href="#policy">Policy</a>, its states under
        <a href="#states">States</a>.
      </p>
      ${part("Other files that land in it", files("dom0", dossier))}
    </article>`;
}

function card(name: string, mark: string, dossier: Dossier): Html {
  const { audit, anchors } = dossier;
  const made = audit.facts.qubes.get(name);
  const settings = made ? settingsOf(made, dossier) : [];
  const kind = made?.klass === "TemplateVM" ? "template clone" : made ? "no role that is known" : "made elsewhere";
  return html`<article class="card">
    <h3 id="${mark}">${name} <span class="role">${audit.facts.roles.get(name) ?? kind}</span></h3>
    ${
      made
        ? html`<dl class="facts">
            ${made.klass === "TemplateVM" ? cloneFacts(made, dossier) : qubeFacts(made, dossier)}
          </dl>`
        : html`<p>No state of this tree makes it or sets anything for it in dom0; it is given states all the same.</p>`
    }
    ${part(count(settings.length, "setting"), settings.length === 0 ? undefined : table(settings, dossier))}
    ${part("Files that its states write", files(name, dossier))}
    ${(dossier.layout.stateFiles.get(name) ?? []).map((path) =>
      part(
        html`Its states, as Salt reads them: <code>${path.split("/").at(-1)}</code>`,
        sheet(audit.facts.tree.get(path)?.text ?? "", (line) => anchors.at(path, line)),
        "long",
      ),
    )}
  </article>`;
}

function qubeFacts(facts: QubeFacts, dossier: Dossier): Content {
  const { name, template } = facts;
  const { claims, ways, knowledge } = dossier;
  const known = knowledge.find((one) => one.qube === name);
  const claim = claims?.qubes[name];
  const programs = claim?.probe.programs.map(
    (one) => `${one.name}${one.version === undefined ? ", Debian's version" : ` ${one.version}`}`,
  );
  return html`<dt>Trusted with</dt>
    <dd>${points(known?.trustedWith ?? [])}</dd>
    <dt>Holds</dt>
    <dd>${claim?.holds.words ?? "The tree does not say."}</dd>
    <dt>Runs</dt>
    <dd>${programs && programs.length > 0 ? listed(programs) : "no program that the tree brings"}</dd>
    <dt>Template</dt>
    <dd>${template === undefined ? "not said" : qube(template, dossier)}</dd>
    <dt>Net qube</dt>
    <dd>${netOf(name, dossier)}</dd>
    <dt>May reach</dt>
    <dd>
      ${reach(
        ways.filter(({ from }) => from === name),
        ({ to }) => to,
        dossier,
      )}
    </dd>
    <dt>Is reached by</dt>
    <dd>
      ${reach(
        ways.filter(({ to }) => to === name),
        ({ from }) => from,
        dossier,
      )}
    </dd>
    <dt>Costs</dt>
    <dd>${costs(facts, dossier)}</dd>
    <dt>Learns</dt>
    <dd>
      ${known && known.learns.length > 0 ? points(known.learns.map(({ what, from, why }) => html`${what}, from ${qube(from, dossier)}. <span class="quiet">${why}</span>`)) : "nothing that is known here"}
    </dd>
    <dt>Taken over, it</dt>
    <dd>${points(known?.ifTaken ?? [])}</dd>`;
}

function points(items: readonly Content[]): Html {
  return html`<ul>
    ${items.map((one) => html`<li>${one}</li>`)}
  </ul>`;
}

function cloneFacts({ name, template }: QubeFacts, dossier: Dossier): Content {
  const { audit, anchors } = dossier;
  const users = audit.machine.ours.filter((one) => one.template === name).map((one) => one.name);
  const packages = packagesOf(audit.facts).filter(({ machine }) => machine === name);
  return html`<dt>Clone of</dt>
    <dd>${template ?? "not said"}</dd>
    <dt>Used by</dt>
    <dd>${users.length === 0 ? "no qube of this tree" : listed(users.map((one) => qube(one, dossier)))}</dd>
    <dt>Packages</dt>
    <dd>
      ${packages.length === 0 ? "none added" : packages.map((one) => html`${one.packages.join(", ")} (${anchors.link(one)})`)}
    </dd>`;
}

function reach(ways: readonly Way[], other: (way: Way) => string, dossier: Dossier): Content {
  if (ways.length === 0) return "nobody";
  return html`<ul>
    ${ways.map((way) => html`<li>${qube(other(way), dossier)}: ${way.what} (${dossier.anchors.link(way.by)})</li>`)}
  </ul>`;
}

/** Memory by its properties; the private volume by the command of dom0 that resizes it. */
function costs({ name, prefs }: QubeFacts, { audit }: Dossier): string {
  const value = (key: string) => prefs.get(key)?.value;
  const [memory, maxmem, vcpus] = [value("memory"), value("maxmem"), value("vcpus")];
  const resized = `qvm-volume resize -- ${name}:private `;
  const volume = audit.facts.states.calls
    .filter(({ fun, name: command }) => fun === "cmd.run" && command.startsWith(resized))
    .map((one) => one.name.slice(resized.length))
    .find((size) => /^[0-9]{1,18}$/.test(size));
  return [
    memory === undefined
      ? "memory as Qubes gives it"
      : `${String(memory)} MiB of memory at start${maxmem === undefined ? "" : `, ${String(maxmem)} at most`}`,
    vcpus === undefined ? "" : count(Number(vcpus), "processor"),
    `private volume ${volume === undefined ? "as Qubes makes it, 2 GiB" : `of ${Math.round((Number(volume) / 2 ** 30) * 10) / 10} GiB`}`,
  ]
    .filter(Boolean)
    .join("; ");
}

function table(settings: readonly Setting[], { anchors }: Dossier): Html {
  return html`<table class="stack">
    <thead>
      <tr>
        <th scope="col">What</th>
        <th scope="col">Value</th>
        <th scope="col">Reason</th>
      </tr>
    </thead>
    <tbody>
      ${settings.map(({ kind, name, value, why, by }, at) => {
        const before = settings[at - 1];
        // One state sets many things for one reason.
        const same = why !== "" && before?.why === why && before.by === by;
        return html`<tr>
          <th scope="row"><code>${name}</code> <span class="quiet">${kind}</span></th>
          <td>${value === "" ? "set" : html`<code>${value}</code>`}</td>
          <td>
            ${same ? html`<span class="quiet">as above</span>` : html`${prose(why)} <span class="quiet">(${anchors.link(by)})</span>`}
          </td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

/** A part that can be opened; a long one has its text on the screen alone. */
function part(title: Content, body: Html | undefined, length: "short" | "long" = "short"): Html | undefined {
  return (
    body &&
    html`<details class="${length}">
      <summary>${title}</summary>
      ${body}
    </details>`
  );
}
