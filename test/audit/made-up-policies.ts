// SPDX-License-Identifier: GPL-3.0-or-later
/** Made-up policies, a machine for them, and all calls on it. */
import fc from "fast-check";
import type { Call } from "../../src/policy/language/evaluate.ts";
import type { System } from "../../src/policy/language/system.ts";
import { system as small } from "./system.ts";

/** With qubes of the same sort, which no line may tell apart unless it names one. */
export const system: System = new Map([
  ...small,
  ["twin", { type: "AppVM", tags: ["server", "anon-vm"], running: true }],
  ["other", { type: "AppVM", tags: [], running: true }],
  ["another", { type: "AppVM", tags: [], running: true }],
]);
const names = [...system.keys()];

/** What lines that qrexec takes are made of. */
interface Words {
  readonly names: readonly string[];
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  /** With their parameters. */
  readonly actions: readonly string[];
}

/** Lines that qrexec takes. */
export function linesOf({ names: qubes, sources, targets, actions }: Words): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom("s", "s", "t", "*"),
      fc.constantFrom("*", "*", "+1", "+"),
      fc.constantFrom(...qubes, ...sources),
      fc.constantFrom(...qubes, ...targets),
      fc.constantFrom(...actions),
    )
    .filter(([service, argument]) => service !== "*" || argument === "*")
    .filter(
      ([, , , target, action]) => target !== "@default" || !action.startsWith("allow") || action.includes("target="),
    )
    .map((fields) => fields.join(" "));
}

/** All of them that are tried. */
export const WORDS: Words = {
  names,
  sources: ["@anyvm", "@anyvm", "*", "@tag:anon-vm", "@tag:server", "@type:AppVM", "@dispvm:base", "nobody"],
  targets: [
    "@anyvm",
    "@anyvm",
    "*",
    "@default",
    "@dispvm",
    "@dispvm:base",
    "@dispvm:@tag:bases",
    "@tag:server",
    "@type:TemplateVM",
    "dom0",
    "@adminvm",
    "nobody",
    "uuid:11111111-2222-3333-4444-555555555555",
  ],
  actions: [
    "allow",
    "deny",
    "deny",
    "ask",
    "allow target=server",
    "allow target=@dispvm",
    "allow autostart=no",
    "allow user=root notify=yes",
    "ask target=other",
    "ask default_target=server autostart=no",
    "deny notify=no",
  ],
};
/** A line of these. */
export const line = linesOf(WORDS);
/** Some of them. */
export const lines = (most: number) => fc.array(line, { minLength: 1, maxLength: most });
/** Every call that a line could tell from others. */
export const calls: readonly Call[] = ["s", "t", "u"].flatMap((service) =>
  ["+", "+1", "+2"].flatMap((argument) =>
    names.flatMap((source) =>
      ["", "@dispvm", "@dispvm:base", "dom0", "@adminvm", ...names].map((target) => ({
        service,
        argument,
        source,
        target,
      })),
    ),
  ),
);
