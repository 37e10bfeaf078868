// SPDX-License-Identifier: GPL-3.0-or-later
import { load, YAML11_SCHEMA } from "js-yaml";
import type { Tree } from "../kernel/tree.ts";

/** One state of a state file, with what the checks ask of it and no more: there are thousands in a large system. */
export interface State {
  readonly file: string;
  readonly id: string;
  /** `module.function` */
  readonly fun: string;
  readonly name: string;
  readonly source: string | undefined;
  /** Whether it writes what the pillar has, and the command that must take it before. */
  readonly fromPillar: boolean;
  readonly check: string | undefined;
  readonly user: string | undefined;
  readonly home: string | undefined;
  readonly shell: string | undefined;
  readonly uid: string | undefined;
  /** `mode` and `dir_mode`, as they were read: a text, if all is well. */
  readonly modes: readonly unknown[];
  /** Whether it runs only on a condition or a change. */
  readonly conditional: boolean;
  /** The command that tells that there is nothing to do, and the one that tells that there is. */
  readonly unless: string | undefined;
  readonly onlyif: string | undefined;
  /** Whether it runs only when another state changed something. */
  readonly onchanges: boolean;
  /** Whether it sets prefs, and whether it is kept out of test mode. */
  readonly setsPrefs: boolean;
  readonly skippedInTest: boolean;
  /** Whether it writes through a link. */
  readonly followsLinks: boolean;
  /** Whether it removes what else lies in its folder. */
  readonly cleans: boolean;
  /** Its requisites, as `module:ID`. */
  readonly requires: readonly string[];
}

/** A finished tree, read back: the state files as Salt's YAML reader sees them. */
export interface Reading {
  readonly tree: Tree;
  readonly states: readonly State[];
  /** What each state file includes. */
  readonly includes: ReadonlyMap<string, readonly string[]>;
  /** The top file's targets, each with what is listed under it. */
  readonly targets: ReadonlyMap<string, readonly unknown[]>;
  /** What could not be read. */
  readonly problems: readonly string[];
}

/**
 * Reads every state and top file with a second reader of YAML 1.1 (js-yaml), the dialect of Salt's PyYAML. It rejects duplicate keys, and turns
 * an unquoted `no`, `0600` or `1:30` into what Salt would make of it, which the types below then betray.
 */
export function read(tree: Tree): Reading {
  const states: State[] = [];
  const includes = new Map<string, readonly string[]>();
  const targets = new Map<string, readonly unknown[]>();
  const problems: string[] = [];
  for (const [path, { text }] of tree) {
    if (!/\.(?:sls|top)$/.test(path)) continue;
    if (!text.startsWith("#!yaml\n")) problems.push(`${path}: the first line is not "#!yaml", so Jinja would run`);
    if (/\{[{%#]/.test(text)) problems.push(`${path}: holds what Jinja would act on`);
    const seen = new Set<string>();
    // Half of a state file is reasons; a line that begins with # at the margin is a comment to any reader of YAML.
    for (const piece of pieces(text.replaceAll(/^#.*\n/gm, ""))) {
      try {
        const document = (load(piece, { schema: YAML11_SCHEMA }) ?? {}) as Record<string, unknown>;
        const odd = oddValue(document);
        if (odd !== undefined) problems.push(`${path}: ${odd}`);
        for (const [key, value] of Object.entries(document)) {
          if (seen.has(key)) problems.push(`${path}: duplicated mapping key ${key}`);
          seen.add(key);
          if (path.endsWith(".top")) {
            for (const [target, list] of Object.entries(value as object)) targets.set(target, list as unknown[]);
          } else if (key === "include") includes.set(path, value as string[]);
          else states.push(...statesOf(path, key, value as Record<string, Record<string, unknown>[]>));
        }
      } catch (error) {
        problems.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return { tree, states, includes, targets, problems };
}

const PIECE = 65536;

/** A file in pieces that are whole maps: cut where a key begins at the left margin, so that a large file needs no more memory than a small one. */
function* pieces(text: string): Iterable<string> {
  const margin = /\n(?=[^\s#])/g;
  for (let start = 0; start < text.length;) {
    margin.lastIndex = start + PIECE;
    const cut = margin.exec(text);
    const end = cut ? cut.index + 1 : text.length;
    yield text.slice(start, end);
    start = end;
  }
}

const REQUISITES = ["require", "onchanges", "watch", "onfail"];

function* statesOf(file: string, id: string, body: Record<string, Record<string, unknown>[]>): Iterable<State> {
  for (const [fun, list] of Object.entries(body)) {
    const args = new Map(list.flatMap((one) => Object.entries(one)));
    const text = (key: string) => (args.has(key) ? String(args.get(key)) : undefined);
    const requisites = REQUISITES.flatMap((kind) => (args.get(kind) ?? []) as Record<string, string>[]);
    yield {
      file,
      id,
      fun,
      name: String(args.get("name")),
      source: text("source"),
      fromPillar: args.has("contents_pillar"),
      check: text("check_cmd"),
      user: text("user"),
      home: text("home"),
      shell: text("shell"),
      uid: text("uid"),
      modes: ["mode", "dir_mode"].filter((key) => args.has(key)).map((key) => args.get(key)),
      conditional: ["unless", "onlyif", "onchanges"].some((key) => args.has(key)),
      unless: text("unless"),
      onlyif: text("onlyif"),
      onchanges: args.has("onchanges"),
      followsLinks: args.get("follow_symlinks") !== (false as unknown),
      cleans: args.get("clean") === (true as unknown),
      setsPrefs: args.has("prefs"),
      skippedInTest: JSON.stringify(args.get("unless") ?? "").includes('"config.get"'),
      requires: requisites.flatMap((one) => Object.entries(one).map(([module, other]) => `${module}:${other}`)),
    };
  }
}

/** Anything but maps, lists, texts, whole numbers and truth values was not meant. */
function oddValue(value: unknown, at = ""): string | undefined {
  if (typeof value === "string" || typeof value === "boolean" || Number.isSafeInteger(value)) return undefined;
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) {
      const odd = oddValue(one, `${at}[${index}]`);
      if (odd !== undefined) return odd;
    }
    return undefined;
  }
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, one] of Object.entries(value)) {
      const odd = oddValue(one, `${at}.${key}`);
      if (odd !== undefined) return odd;
    }
    return undefined;
  }
  return `${at || "the document"} is read as ${value === null ? "nothing" : typeof value}`;
}
