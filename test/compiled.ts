// SPDX-License-Identifier: GPL-3.0-or-later
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { compile, type Compiled } from "../src/compile.ts";

export type { Compiled };
import type { Role } from "../src/model/role.ts";

/** The project's own folder. */
export const project = path.resolve(import.meta.dirname, "..");

/** The shipped file, made by `npm run bundle`. */
export const cli = path.join(project, "dist/qwbtc-salt.cjs");

/** The examples, by the names of their folders. */
export const examples = readdirSync(path.join(project, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** An example's topology. */
export function exampleText(name: string): string {
  return readFileSync(path.join(project, "examples", name, "topology.yaml"), "utf8");
}

/** Compiles what must compile. */
export function compiled(text: string, roles?: readonly Role[]): Compiled {
  const { value, diagnostics } = compile({ name: "topology.yaml", text }, roles);
  if (!value) throw new Error(`does not compile: ${JSON.stringify(diagnostics, null, 2)}`);
  return value;
}

/** The codes of all findings, with their places: `QB201 5:16`. */
export function findings(text: string, roles?: readonly Role[]): string[] {
  return compile({ name: "topology.yaml", text }, roles).diagnostics.map(
    ({ code, span }) => `${code} ${span?.line}:${span?.column}`,
  );
}

/** A topology of a gateway and a node, with lines of one's own for either. */
export function topology({ head = "", gateway = "", node = "", more = "" } = {}): string {
  return [
    "formula: qwbtc",
    'platform: { qubes: "4.3", whonix: 18 }',
    ...(head === "" ? [] : [head]),
    "qubes:",
    "  sys-bitcoin:",
    "    role: whonix-gateway",
    ...(gateway === "" ? [] : [`    ${gateway}`]),
    "  bitcoin-server:",
    "    role: bitcoind",
    "    netvm: sys-bitcoin",
    ...(node === "" ? [] : [`    ${node}`]),
    ...(more === "" ? [] : [more]),
    "",
  ].join("\n");
}
