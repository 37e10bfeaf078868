// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from "node:crypto";
import { inCOrder, plant, type Tree, type TreeFile } from "../kernel/tree.ts";
import type { Model, Qube } from "../model/model.ts";
import { needsOf } from "../model/order.ts";
import { version } from "../version.ts";
import { departuresIn, type DepartureEntry } from "./manifest-departures.ts";
import * as dom0 from "./manifest-dom0.ts";
import { holdsOf, type HoldsEntry } from "./manifest-holds.ts";
import { secretsIn, type SecretEntry } from "./manifest-secrets.ts";
import { linkEntries, probeOf, type LinkEntry, type Probe } from "./manifest-selftest.ts";
import { softwareOf, type Pin } from "./manifest-software.ts";

export const MANIFEST = "MANIFEST.json";
export const SUMS = "SHA256SUMS";

/** What MANIFEST.json holds. `install.sh` and the compiler read it back. */
export interface Manifest {
  readonly format: 1;
  readonly compiler: string;
  readonly formula: string;
  readonly platform: { readonly qubes: string; readonly whonix: number };
  /** The digest of what the topology means: the same for two texts that differ in comments, order or spelt-out defaults. */
  readonly topology: string;
  readonly qubes: Readonly<
    Record<
      string,
      {
        readonly role: string;
        readonly template: string;
        readonly version?: string;
        /** Whether it serves others by itself; `start` without a name brings these up. */
        readonly daemon: boolean;
        /** The qubes of the tree that must run for it to be of use: its net qube and its servers. */
        readonly needs: readonly string[];
        /** Its net qube is the user's to set. */
        readonly leftToUser?: true;
        /** What of worth lies in it. */
        readonly holds: HoldsEntry;
        /** What the dom0 states set. */
        readonly dom0: dom0.Dom0Qube;
        /** What `selftest` expects of it. */
        readonly probe: Probe;
      }
    >
  >;
  readonly templates: Readonly<Record<string, dom0.Dom0Template>>;
  readonly stock: Readonly<Record<string, dom0.StockTemplate>>;
  /** The names of its policy files in dom0. */
  readonly policies: readonly string[];
  /** Who may call whom, and how to see that they do. */
  readonly links: readonly LinkEntry[];
  /** The programs that its qubes run, by name and version: digests (or that they are not known), signers and how many of them are asked for. */
  readonly software: Readonly<Record<string, Pin>>;
  /** Where the topology departs from a safe default, and the reason that it gives. */
  readonly departures: readonly DepartureEntry[];
  /** What each qube is given from dom0's pillar: `rotate-secrets` makes it, or asks for it. */
  readonly secrets: Readonly<Record<string, readonly SecretEntry[]>>;
  /** Every file but this one and SHA256SUMS. */
  readonly files: Readonly<Record<string, { readonly mode: string; readonly sha256: string }>>;
}

/** The digest of a text. */
export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** Adds MANIFEST.json and SHA256SUMS to a tree. */
export function seal(tree: Tree, model: Model): Tree {
  const sums = new Map([...tree].map(([path, { text }]) => [path, sha256(text)]));
  const manifest: Manifest = {
    format: 1,
    compiler: version,
    formula: model.formula,
    platform: { qubes: model.platform.qubes, whonix: model.platform.whonix },
    topology: sha256(meaning(model)),
    qubes: Object.fromEntries(
      [...model.qubes].toSorted((a, b) => inCOrder(a.name, b.name)).map((qube) => [qube.name, entryOf(qube, model)]),
    ),
    templates: dom0.dom0Templates(model),
    stock: dom0.stockTemplates(model),
    policies: dom0.policyFiles(model),
    links: linkEntries(model),
    software: softwareOf(model),
    departures: departuresIn(model),
    secrets: secretsIn(model),
    files: Object.fromEntries([...tree].map(([path, { mode }]) => [path, { mode, sha256: sums.get(path) ?? "" }])),
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  sums.set(MANIFEST, sha256(text));
  const file = (content: string): TreeFile => ({ text: content, mode: "0644" });
  return plant([...tree, [MANIFEST, file(text)], [SUMS, file(sumsFile(sums))]]);
}

function entryOf(qube: Qube, model: Model): Manifest["qubes"][string] {
  const { role, template, own } = qube;
  return {
    role: role.name,
    template: template.name,
    ...(typeof own["version"] === "string" && { version: own["version"] }),
    daemon: role.daemon === true,
    needs: needsOf(qube).map(({ name }) => name),
    ...(role.leftToUser?.(qube) && { leftToUser: true as const }),
    holds: holdsOf(qube, model),
    dom0: dom0.dom0Qube(qube, model),
    probe: probeOf(qube, model),
  };
}

/** The text of SHA256SUMS: a line for each file, in C order, as sha256sum reads it. */
export function sumsFile(sums: ReadonlyMap<string, string>): string {
  const lines = [...sums].toSorted(([a], [b]) => inCOrder(a, b)).map(([path, sum]) => `${sum}  ${path}\n`);
  return lines.join("");
}

/** A model as one text, the same for the same meaning. */
function meaning({ formula, platform, qubes, updates }: Model): string {
  const seen = qubes.map(({ name, role, own, settings, because, netvm, vm }) => ({
    name,
    role: role.name,
    own,
    settings: inOrder(settings),
    because: inOrder(because),
    netvm: netvm?.name,
    vm: Object.entries(vm).map(([key, value]) => [key, valueIn(value)]),
  }));
  return JSON.stringify({ formula, platform, updates: updates?.name, qubes: seen });
}

/** A map with its keys in C order: what a topology writes first makes no difference. */
function inOrder<T>(map: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(map).toSorted(([a], [b]) => inCOrder(a, b));
}

/** The value alone where it comes with its reason: a default that is spelt out means the same. */
function valueIn(value: unknown): unknown {
  return typeof value === "object" && value !== null && "why" in value && "value" in value ? value.value : value;
}
