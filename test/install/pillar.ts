// SPDX-License-Identifier: GPL-3.0-or-later
/** What a machine's pillar says, for the tests of rotate-secrets: read as YAML by another reader than the tool's own. */
import { createHmac } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { expect } from "vitest";
import { parse } from "yaml";
import type { Machine, Ran } from "./machine.ts";

export const PILLAR = "/srv/pillar/base/qwbtc";
export const KEPT = "/var/lib/qwbtc-salt/qwbtc/kept";
export const PILLAR_TOP = "/srv/pillar/_tops/base/qwbtc.top";

/** Each qube's part: `kind:key` to its text. */
export type Parts = Record<string, Record<string, string>>;

/** The whole pillar; fails if it is not root's alone, or if its top names anything but the parts that are there. */
export function pillarOf(dom0: Machine, formula = "qwbtc"): Parts {
  const folder = dom0.host(`/srv/pillar/base/${formula}`);
  const parts: Parts = {};
  const read = (name: string): unknown => parse(readFileSync(`${folder}/${name}`, "utf8"), { version: "1.1" });
  expect(statSync(folder).mode & 0o7777).toBe(0o700);
  for (const name of readdirSync(folder)) {
    const { mode, uid, gid } = statSync(`${folder}/${name}`);
    expect({ mode: mode & 0o7777, uid, gid }, name).toEqual({ mode: 0o600, uid: 0, gid: 0 });
    if (name === "init.top") continue;
    expect(name).toMatch(/\.sls$/);
    const own = (read(name) as Record<string, Record<string, Record<string, string>>>)[formula] ?? {};
    parts[name.slice(0, -4)] = Object.fromEntries(
      Object.entries(own).flatMap(([kind, keys]) =>
        Object.entries(keys).map(([key, text]) => [`${kind}:${key}`, text] as const),
      ),
    );
  }
  const top = existsSync(`${folder}/init.top`) ? read("init.top") : { base: {} };
  expect(top).toEqual({ base: Object.fromEntries(Object.keys(parts).map((qube) => [qube, [`${formula}.${qube}`]])) });
  return parts;
}

/** Whether bitcoind would let a client in: by its rule for rpcauth lines (Bitcoin Core share/rpcauth/rpcauth.py). */
export function letsIn(line = "", cookie = ""): boolean {
  const [, user, salt = "", hash] = /^rpcauth=([^:]+):([^$]+)\$([0-9a-f]{64})$/.exec(line) ?? [];
  const [name, password = ""] = cookie.split(":");
  return user === name && createHmac("sha256", salt).update(password).digest("hex") === hash;
}

/** Every text of a pillar that nobody may see: passwords and private keys. Hashes are none. */
export function secretsOf(parts: Parts): string[] {
  return Object.values(parts).flatMap((own) =>
    Object.entries(own).flatMap(([name, text]) =>
      name.startsWith("rpcauth:") ? [] : [text.slice(text.lastIndexOf(":") + 1)],
    ),
  );
}

/** Nothing that was said holds a secret. */
export function expectSilence(ran: Ran, parts: Parts) {
  for (const secret of secretsOf(parts)) {
    expect(secret.length).toBeGreaterThan(20);
    expect(ran.out + ran.err).not.toContain(secret);
  }
}
