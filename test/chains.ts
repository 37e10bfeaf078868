// SPDX-License-Identifier: GPL-3.0-or-later
/** The examples on every chain but their own. */
import { parse, stringify } from "yaml";
import { compile } from "../src/compile.ts";
import type { Tree } from "../src/kernel/tree.ts";
import { CHAINS } from "../src/roles/bitcoind/chains.ts";
import { compiled, examples, exampleText } from "./compiled.ts";

interface Written {
  qubes: Record<string, Record<string, unknown>>;
}

/** Codes by which a program is refused on a chain that it does not know. */
export const NO_SUCH_CHAIN = ["QB514", "QB540", "QB545"];

/** An example with its nodes on another chain, and the codes of what is wrong with that. */
export interface Chained {
  readonly name: string;
  readonly chain: string;
  readonly text: string;
  readonly errors: readonly string[];
}

/** An example's text with all nodes on a chain. */
function onChain(name: string, chain: string): string {
  const topology = parse(exampleText(name)) as Written;
  for (const entry of Object.values(topology.qubes)) if (entry["role"] === "bitcoind") entry["chain"] = chain;
  return stringify(topology);
}

/** Every example on every chain but main. */
export const chained: readonly Chained[] = examples.flatMap((name) =>
  Object.keys(CHAINS)
    .filter((chain) => chain !== "main")
    .map((chain) => {
      const text = onChain(name, chain);
      const { diagnostics } = compile({ name: "topology.yaml", text });
      const errors = diagnostics.filter((one) => one.severity === "error").map(({ code }) => code);
      return { name, chain, text, errors };
    }),
);

/** Those that build, by a name for a test's title. */
export const onEveryChain: readonly (readonly [string, string])[] = chained
  .filter(({ errors }) => errors.length === 0)
  .map(({ name, chain, text }) => [`${name} on ${chain}`, text]);

/** For what takes long: the seed's system, which has every role, on each of its chains, and each other example on one of them, in turn. */
export const inTurn = onEveryChain.filter(([name]) => {
  const [example = "", chain = ""] = name.split(" on ");
  if (example === "seed") return true;
  const own = onEveryChain.filter(([one]) => one.startsWith(`${example} on `));
  return own.at(examples.indexOf(example) % own.length)?.[0] === `${example} on ${chain}`;
});

/** Of some systems, those in which a kind of file says something that it says in none before: one judge's verdict on a text is enough. */
export function withNews(systems: readonly (readonly [string, string])[], kind: RegExp): (readonly [string, string])[] {
  const seen = new Set<string>();
  return systems.filter(([, text]) => {
    const { tree } = compiled(text);
    const texts = filesOf(tree, kind);
    const news = texts.some((one) => !seen.has(one));
    for (const one of texts) seen.add(one);
    return news;
  });
}

function filesOf(tree: Tree, kind: RegExp): string[] {
  return [...tree]
    .filter(([path]) => kind.test(path))
    .map(([path, { text }]) => `${path.split("/").slice(-3)}\n${text}`);
}
