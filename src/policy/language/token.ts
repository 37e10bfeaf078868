// SPDX-License-Identifier: GPL-3.0-or-later

/** A qube, or a group of qubes, as a policy line or a caller names it. A qube's name may be `uuid:…`. */
export type Token =
  | { readonly kind: "everything" | "anyvm" | "default" | "dispvm" }
  /** dom0, by its name or by the word for it: lines by tag or class see it only where it is named. */
  | { readonly kind: "adminvm"; readonly named: boolean }
  | { readonly kind: "qube" | "type" | "tag" | "dispvm-of" | "dispvm-tag"; readonly name: string };

/** Where a token stands; not each may stand everywhere. */
export type Place = "source" | "target" | "redirect" | "intended";

const EXACT = [
  ["*", "everything", ["source", "target"]],
  ["@adminvm", "adminvm", ["source", "target", "redirect", "intended"]],
  ["@anyvm", "anyvm", ["source", "target"]],
  ["@default", "default", ["target", "intended"]],
  ["@dispvm", "dispvm", ["target", "redirect", "intended"]],
] as const;

/** Longer prefixes first. */
const PREFIXED = [
  ["@dispvm:@tag:", "dispvm-tag", ["source", "target"]],
  ["@dispvm:", "dispvm-of", ["source", "target", "redirect", "intended"]],
  ["@type:", "type", ["source", "target"]],
  ["@tag:", "tag", ["source", "target"]],
] as const;

/** The names by which a policy may call dom0 (qubes-core-qrexec qrexec/policy/parser.py, is_dom0). */
const DOM0 = new Set(["dom0", "uuid:00000000-0000-0000-0000-000000000000"]);

/**
 * Reads one token as qrexec does (qrexec/policy/parser.py, VMToken). A text instead says why it would refuse the line, and with it every call on
 * the machine.
 */
export function parseToken(text: string, place: Place): Token | string {
  if (text === "") return `there is no ${place}`;
  if (!text.startsWith("@") && text !== "*")
    return DOM0.has(text) ? { kind: "adminvm", named: true } : { kind: "qube", name: text };
  for (const [written, kind, places] of EXACT)
    if (text === written && (places as readonly Place[]).includes(place))
      return kind === "adminvm" ? { kind, named: false } : { kind };
  for (const [prefix, kind, places] of PREFIXED) {
    if (!text.startsWith(prefix) || !(places as readonly Place[]).includes(place)) continue;
    const name = text.slice(prefix.length);
    if (name === "") return `nothing stands behind ${prefix}`;
    if (name.startsWith("@")) continue;
    return { kind, name };
  }
  return `${text} cannot be a ${place}`;
}

/**
 * What qrexec passes over in silence and no qube, tag or class is ever called: the line is read, and means nothing. `target=mail,user=root` is
 * such a name. Sources: qubes-core-admin qubes/vm/__init__.py (validate_name), qubes/tags.py.
 */
export function neverMatches(token: Token): boolean {
  switch (token.kind) {
    case "qube":
    case "dispvm-of":
      return !/^(?:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z][A-Za-z0-9_.-]{0,30})$/.test(token.name);
    case "tag":
    case "dispvm-tag":
      return !/^[A-Za-z0-9_-]+$/.test(token.name);
    case "type":
      return !["AdminVM", "TemplateVM", "StandaloneVM", "AppVM", "DispVM", "RemoteVM"].includes(token.name);
    default:
      return false;
  }
}

/** A token as it is written in a policy. */
export function written(token: Token): string {
  switch (token.kind) {
    case "everything":
      return "*";
    case "qube":
      return token.name;
    case "dispvm-of":
      return `@dispvm:${token.name}`;
    case "dispvm-tag":
      return `@dispvm:@tag:${token.name}`;
    case "type":
    case "tag":
      return `@${token.kind}:${token.name}`;
    default:
      return `@${token.kind}`;
  }
}
