// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A made-up pillar of the shape that a tree expects: what a real machine makes for itself, once, in dom0. Each qube's own part is a file of its
 * own, so that no qube is given another's secret.
 */
import { createHmac } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Model } from "../src/model/model.ts";

/** The password of a client, the same in every run. */
export const passwordOf = (client: string) => `made-up_${client}-0123456789`;

/** The line by which bitcoind knows a client (Bitcoin Core share/rpcauth/rpcauth.py). */
export function rpcauthLine(client: string): string {
  const salt = "00112233445566778899aabbccddeeff";
  return `rpcauth=${client}:${salt}$${createHmac("sha256", salt).update(passwordOf(client)).digest("hex")}`;
}

/** Writes the pillar of a system into a folder: init.top and a file for each qube that has a secret. */
export function writePillar(model: Model, folder: string): void {
  const { formula } = model;
  mkdirSync(folder, { recursive: true });
  const parts = new Map<string, object>();
  for (const { name, uses, serves, behind, own: keys } of model.qubes) {
    // A node elsewhere has the lines there; the qube that stands for it has none.
    const here = keys["remote"] === undefined ? serves.filter((link) => link.service === "rpc") : [];
    const clients = here.map((link) => link.client.name);
    const asked = behind.flatMap((qube) => qube.role.tor?.(qube).clientAuth ?? []);
    const servers = uses.filter((link) => link.service === "rpc").map((link) => link.server.name);
    const own = {
      ...(clients.length > 0 && {
        rpcauth: Object.fromEntries(clients.map((client) => [client, rpcauthLine(client)])),
      }),
      ...(servers.length > 0 && {
        rpc: Object.fromEntries(servers.map((server) => [server, `${name}:${passwordOf(name)}`])),
      }),
      ...(asked.length > 0 && {
        onion_auth: Object.fromEntries(
          asked.map((one) => [one.name, `${one.address}:descriptor:x25519:${"A".repeat(52)}`]),
        ),
      }),
    };
    if (Object.keys(own).length > 0) parts.set(name, { [formula]: own });
  }
  const top = Object.fromEntries([...parts.keys()].map((name) => [name, [`${formula}.${name}`]]));
  // JSON is YAML.
  writeFileSync(path.join(folder, "init.top"), `#!yaml\n${JSON.stringify({ base: top })}\n`);
  for (const [name, own] of parts) writeFileSync(path.join(folder, `${name}.sls`), `#!yaml\n${JSON.stringify(own)}\n`);
}
