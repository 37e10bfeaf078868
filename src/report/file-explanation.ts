// SPDX-License-Identifier: GPL-3.0-or-later
import type { Tree } from "../kernel/tree.ts";

/** A file of the tree by its name or the end of its path, or one setting in it (`name:key`), with the comment above it. */
export function explainFile(subject: string, tree: Tree): string | undefined {
  const [name, key] = splitKey(subject);
  const found = filesNamed(name, tree);
  if (found.length === 0) return undefined;
  if (key === undefined) return found.map(([path, text]) => `==> ${path}\n${text}`).join("\n");
  const parts = found.flatMap(([path, text]) => {
    const blocks = settingBlocks(text, key);
    return blocks.length > 0 ? [`${path}\n${blocks.map((block) => `${block}\n`).join("\n")}`] : [];
  });
  return parts.length > 0 ? parts.join("\n") : undefined;
}

/** The files that a subject with a key names, and all keys that stand in them; nothing where no file is meant. */
export function keysNamed(
  subject: string,
  tree: Tree,
): { readonly file: string; readonly keys: readonly string[] } | undefined {
  const [name, key] = splitKey(subject);
  const found = filesNamed(name, tree);
  if (key === undefined || found.length === 0) return undefined;
  const keys = found.flatMap(([, text]) => text.split("\n").flatMap((line) => KEY.exec(line)?.[1] ?? []));
  return { file: name, keys: [...new Set(keys)] };
}

/** What files of a qube say of one setting: each line, with the file and the section that it stands in. */
export function settingIn(qube: string, key: string, tree: Tree): string[] {
  return [...tree].flatMap(([path, { text }]) => {
    const at = path.indexOf(`/files/${qube}/`);
    if (at === -1 || !/\.(?:conf|cfg|json)$/.test(path)) return [];
    const file = path.slice(at + `/files/${qube}`.length);
    return settingBlocks(text, key).map((block) => `  ${block.split("\n").at(-1)?.trim()}   (${file})`);
  });
}

function filesNamed(name: string, tree: Tree): [path: string, text: string][] {
  return [...tree]
    .filter(([path]) => path === name || path.endsWith(`/${name.replace(/^\//, "")}`))
    .map(([path, { text }]) => [path, text]);
}

function splitKey(subject: string): [string, string?] {
  const colon = subject.lastIndexOf(":");
  return colon === -1 ? [subject] : [subject.slice(0, colon), subject.slice(colon + 1)];
}

/** The word that a line begins with, where it sets something. */
const KEY = /^\s*-?\s*"?([A-Za-z][\w.-]*)"?\s*(?:\+?=|:|\s)/;

/** The lines that set a key, each with the comment block that stands right above it, and the section that it counts for. */
function settingBlocks(text: string, key: string): string[] {
  const lines = text.split("\n");
  const wanted = new RegExp(`^\\s*-?\\s*"?${key.replaceAll(/[^\w-]/g, "\\$&")}"?(?:\\s|[=:+]|$)`);
  let section: string | undefined;
  return lines.flatMap((line, at) => {
    section = /^\[[\w.:-]+\]$/.exec(line)?.[0] ?? section;
    if (!wanted.test(line)) return [];
    let start = at;
    while (start > 0 && lines[start - 1]?.trimStart().startsWith("#")) start--;
    return [
      [...(section === undefined ? [] : [section]), ...lines.slice(start, at + 1)].map((one) => `  ${one}`).join("\n"),
    ];
  });
}
