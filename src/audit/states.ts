// SPDX-License-Identifier: GPL-3.0-or-later
import { load, YAML11_SCHEMA } from "js-yaml";
import { inCOrder, type Tree } from "../kernel/tree.ts";
import { readPlainYaml } from "./plain-yaml.ts";

/** A place in a file of a tree, or in one that a machine has; the line counts from 1, and is 0 where only the file is known. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** One function of one state, as Salt would call it. */
export interface StateCall extends Place {
  readonly id: string;
  /** `module.function`. */
  readonly fun: string;
  readonly name: string;
  /** Its arguments by name; of one that stands twice, the last. */
  readonly args: ReadonlyMap<string, unknown>;
  /** `dom0`, or the template or qube that the top file gives it to. */
  readonly machine: string;
}

/** Something whose meaning cannot be known without running it. */
interface Opaque extends Place {
  readonly why: string;
}

/** The states of a tree, by the machines that they are for. */
export interface States {
  readonly calls: readonly StateCall[];
  /** The state files that a top file leads to. */
  readonly used: ReadonlySet<string>;
  readonly opaque: readonly Opaque[];
  /** Targets of the top file that are no plain names, and what they are. */
  readonly patterns: readonly (Place & { readonly target: string; readonly match: string })[];
}

/** Reads all states of a tree that a top file gives to somebody, as Salt does: YAML 1.1, includes followed, each file once for each machine. */
export function readStates(tree: Tree): States {
  const reader = new Reader(tree);
  for (const path of [...tree.keys()].filter((one) => one.endsWith(".top"))) reader.top(path);
  for (const path of tree.keys()) if (path.endsWith(".sls") && !reader.used.has(path)) reader.stray(path);
  return reader;
}

/**
 * All but line breaks and what ASCII prints. PyYAML breaks lines at U+0085, U+2028 and U+2029, where js-yaml goes on with a comment, and a blank that
 * is none to YAML may stand before what then only seems to be one (YAML 1.1, section 5.4; PyYAML scanner.py).
 */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const NOT_PLAIN = /[^\n\x20-\x7e]/u;

const PATTERN_WORDS = /[*?[\]]/;

class Reader implements States {
  readonly calls: StateCall[] = [];
  readonly opaque: Opaque[] = [];
  readonly patterns: (Place & { target: string; match: string })[] = [];
  readonly used = new Set<string>();
  private readonly documents = new Map<string, Record<string, unknown> | undefined>();
  private readonly lines = new Map<string, ReadonlyMap<string, number>>();
  private readonly roots: readonly string[];

  private readonly tree: Tree;

  constructor(tree: Tree) {
    this.tree = tree;
    const roots = new Set(["srv/salt/"]);
    for (const path of tree.keys()) {
      const root = /^srv\/formulas\/base\/[^/]+\//.exec(path)?.[0];
      if (root !== undefined) roots.add(root);
    }
    this.roots = [...roots].toSorted(inCOrder);
  }

  top(path: string): void {
    for (const [environment, targets] of Object.entries(this.document(path) ?? {})) {
      if (typeof targets !== "object" || targets === null) {
        this.opaque.push({ file: path, line: this.lineOf(path, environment), why: "the top file has no targets here" });
        continue;
      }
      for (const [target, list] of Object.entries(targets as Record<string, unknown>)) {
        const at = { file: path, line: this.lineOf(path, target) };
        const items = Array.isArray(list) ? list : [];
        const options = items.filter((one): one is Record<string, unknown> => typeof one === "object" && one !== null);
        const match = String(options.find((one) => "match" in one)?.["match"] ?? "glob");
        // A blank at an end is part of a target, and then it is nobody's name.
        if (target !== target.trim())
          this.opaque.push({ ...at, why: `the target ${JSON.stringify(target)} of the top file is no machine's name` });
        const dom0 = target === "dom0" && (match === "nodegroup" || match === "glob");
        if (!dom0 && (match !== "glob" || PATTERN_WORDS.test(target)) && match !== "list")
          this.patterns.push({ ...at, target, match });
        const machines = dom0 ? ["dom0"] : match === "list" ? target.split(",") : [target];
        for (const sls of items.filter((one) => typeof one === "string"))
          for (const machine of machines) this.give(sls, machine.trim(), new Set(), at);
      }
    }
  }

  /** A state file that no top file names is read all the same: somebody may apply it by name. */
  stray(path: string): void {
    const machine = /\/(?:qube|template)\/([^/]+)\.sls$/.exec(path)?.[1] ?? "dom0";
    this.read(path, machine);
  }

  private give(sls: string, machine: string, seen: Set<string>, at: Place): void {
    if (seen.has(sls)) return;
    seen.add(sls);
    const below = sls.replaceAll(".", "/");
    const path = this.roots
      .flatMap((root) => [`${root}${below}.sls`, `${root}${below}/init.sls`])
      .find((one) => this.tree.has(one));
    if (path === undefined) {
      this.opaque.push({ ...at, why: `${sls} is not in this tree` });
      return;
    }
    this.used.add(path);
    this.read(path, machine);
    const include = this.document(path)?.["include"];
    if (include === undefined) return;
    for (const one of Array.isArray(include) ? include : [include])
      if (typeof one === "string" && !one.startsWith(".")) this.give(one, machine, seen, { file: path, line: 1 });
      else this.opaque.push({ file: path, line: 1, why: "an include that is not a plain name" });
  }

  private read(path: string, machine: string): void {
    for (const [id, body] of Object.entries(this.document(path) ?? {})) {
      if (id === "include") continue;
      const at = { file: path, line: this.lineOf(path, id) };
      if (id === "extend" || id === "exclude") {
        this.opaque.push({ ...at, why: `${id} changes states that stand elsewhere` });
        continue;
      }
      for (const [fun, list] of callsOf(body)) {
        if (list === undefined) {
          this.opaque.push({ ...at, why: `the state ${id} is not of the form that can be read here` });
          continue;
        }
        for (const why of oddIn(fun, list))
          this.opaque.push({ ...at, why: `the state ${id} is not of the form that can be read here: ${why}` });
        const args = new Map(
          list.flatMap((one) => (typeof one === "object" && one !== null ? Object.entries(one) : [])),
        );
        this.calls.push({ ...at, id, fun, name: String(args.get("name") ?? id), args, machine });
      }
    }
  }

  private lineOf(path: string, key: string): number {
    const known = this.lines.get(path) ?? keysOf(this.tree.get(path)?.text ?? "");
    this.lines.set(path, known);
    return known.get(key) ?? 1;
  }

  private document(path: string): Record<string, unknown> | undefined {
    if (this.documents.has(path)) return this.documents.get(path);
    const read = this.parse(path);
    this.documents.set(path, read);
    return read;
  }

  private parse(path: string): Record<string, unknown> | undefined {
    const text = this.tree.get(path)?.text ?? "";
    const odd = NOT_PLAIN.exec(text);
    if (odd) {
      const code = `U+${(odd[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
      const why = `a character (${code}) that readers of YAML do not agree about`;
      this.opaque.push({ file: path, line: text.slice(0, odd.index).split("\n").length, why });
    }
    const shebang = text.startsWith("#!") ? text.slice(2, text.indexOf("\n")).trim() : "jinja|yaml";
    // Salt's renderers run from left to right; with plain YAML nothing acts on braces.
    if (shebang !== "yaml") {
      const line = 1 + text.slice(0, Math.max(0, text.search(/\{[{%#]/))).split("\n").length - 1;
      if (shebang !== "jinja|yaml" || /\{[{%#]/.test(text)) {
        const why = shebang === "jinja|yaml" ? "it is a Jinja template" : `it is rendered by ${shebang}`;
        this.opaque.push({ file: path, line, why: `${why}: what it says is known only when it runs` });
        return undefined;
      }
      this.opaque.push({ file: path, line: 1, why: "it would be rendered by Jinja, for its first line is not #!yaml" });
    }
    try {
      const document = readPlainYaml(text) ?? load(text, { schema: YAML11_SCHEMA });
      return typeof document === "object" && document !== null ? (document as Record<string, unknown>) : {};
    } catch (error) {
      const mark = (error as { mark?: { line: number } }).mark;
      const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
      this.opaque.push({ file: path, line: (mark?.line ?? 0) + 1, why: `Salt could not read it: ${why}` });
      return undefined;
    }
  }
}

/** The functions of one state: `module.function: [arguments]`, or `module: [function, arguments]`. An undefined list was not understood. */
function callsOf(body: unknown): [string, unknown[] | undefined][] {
  if (typeof body === "string") return [[body, []]];
  if (typeof body !== "object" || body === null || Array.isArray(body)) return [["", undefined]];
  return Object.entries(body).map(([key, list]): [string, unknown[] | undefined] => {
    if (list === null) return [key, []];
    if (!Array.isArray(list)) return [key, undefined];
    if (key.includes(".")) return [key, list];
    const fun = list.find((one) => typeof one === "string");
    return fun === undefined ? [key, undefined] : [`${key}.${fun}`, list];
  });
}

/** What is wrong with a list of arguments: Salt takes a bare word for another function, and of two arguments of a name one is not what it seems. */
function* oddIn(fun: string, list: readonly unknown[]): Iterable<string> {
  const seen = new Set<string>();
  for (const one of list) {
    if (typeof one === "string" && fun.endsWith(`.${one}`) && !seen.has(".")) {
      seen.add(".");
      continue;
    }
    const keys = typeof one === "object" && one !== null && !Array.isArray(one) ? Object.keys(one) : [];
    const [key = ""] = keys;
    if (keys.length !== 1) yield "an argument is not a name with a value";
    else if (seen.has(key)) yield `it has ${key} twice`;
    seen.add(key);
  }
}

/** The keys that stand in a text, at the margin or below it, each with its first line. */
function keysOf(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [at, line] of text.split("\n").entries()) {
    const bare = line.trim();
    if (bare === "" || bare.startsWith("#") || bare.startsWith("- ")) continue;
    const key = bare.replace(/^["']|["']?:.*$/g, "");
    if (!found.has(key)) found.set(key, at + 1);
  }
  return found;
}
