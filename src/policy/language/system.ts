// SPDX-License-Identifier: GPL-3.0-or-later
import type { Token } from "./token.ts";

/** What dom0 knows of a qube when it decides. */
export interface Domain {
  readonly type: "AdminVM" | "TemplateVM" | "StandaloneVM" | "AppVM" | "DispVM" | "RemoteVM";
  readonly tags: readonly string[];
  readonly running: boolean;
  readonly templateForDispvms?: boolean;
  readonly defaultDispvm?: string;
  readonly uuid?: string;
  /** Never offered by a question. */
  readonly internal?: boolean;
}

/** All qubes of a machine by name. dom0 may be left out. */
export type System = ReadonlyMap<string, Domain>;

/** Whether a line's token means what the caller named. */
export function matches(token: Token, other: Token, source: string, system: System): boolean {
  switch (token.kind) {
    case "everything":
      return true;
    case "anyvm":
      return other.kind !== "adminvm";
    case "type":
      return known(other, system)?.type === token.name;
    case "tag":
      return known(other, system)?.tags.includes(token.name) ?? false;
    case "dispvm-of": {
      const base = disposable(other, source, system);
      return base !== undefined && same(token.name, base, system);
    }
    case "dispvm-tag": {
      const base = system.get(disposable(other, source, system) ?? "");
      return base?.templateForDispvms === true && base.tags.includes(token.name);
    }
    case "qube":
      return other.kind === "qube" && same(token.name, other.name, system);
    default:
      return token.kind === other.kind;
  }
}

function known(other: Token, system: System): Domain | undefined {
  if (other.kind === "adminvm")
    return other.named ? (system.get("dom0") ?? { type: "AdminVM", tags: [], running: true }) : undefined;
  return other.kind === "qube" ? find(other.name, system) : undefined;
}

/** The template of the disposable that a caller names, by itself or as its own default. */
function disposable(other: Token, source: string, system: System): string | undefined {
  if (other.kind === "dispvm-of") return other.name;
  return other.kind === "dispvm" ? find(source, system)?.defaultDispvm : undefined;
}

export function find(name: string, system: System): Domain | undefined {
  if (!name.startsWith("uuid:")) return system.get(name);
  return [...system.values()].find(({ uuid }) => uuid === name.slice("uuid:".length));
}

function same(a: string, b: string, system: System): boolean {
  if (a === b) return true;
  if (a.startsWith("uuid:") === b.startsWith("uuid:")) return false;
  return find(a, system) !== undefined && find(a, system) === find(b, system);
}

export function asToken(name: string): Token {
  return name === "dom0" ? { kind: "adminvm", named: true } : { kind: "qube", name };
}

/** A target as dom0 starts it: a qube's name, `dom0`, or `@dispvm:NAME`. */
export function plain(token: Token, source: string, system: System): string | undefined {
  switch (token.kind) {
    case "adminvm":
      return "dom0";
    case "dispvm": {
      const base = find(source, system)?.defaultDispvm;
      return base === undefined ? undefined : `@dispvm:${base}`;
    }
    case "dispvm-of":
      return `@dispvm:${token.name}`;
    case "qube":
      return nameOf(token.name, system);
    default:
      return undefined;
  }
}

export function nameOf(name: string, system: System): string {
  if (!name.startsWith("uuid:")) return name;
  return [...system].find(([, { uuid }]) => uuid === name.slice("uuid:".length))?.[0] ?? name;
}

/** Whether a call may go there without starting anything. */
export function runs(target: string, system: System): boolean {
  return target === "dom0" || (!target.startsWith("@") && system.get(target)?.running === true);
}
