// SPDX-License-Identifier: GPL-3.0-or-later
/** Builds trees as install.sh expects them, whole or broken in one place, without the compiler: a mistake there must not hide here. */
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const installer = new URL("../../formulas/dom0/install.sh", import.meta.url).pathname;
const rotateSecrets = new URL("../../formulas/dom0/rotate-secrets.py", import.meta.url).pathname;

type Manifest = { formula: unknown; files: Record<string, { mode: string; sha256: string }>; [key: string]: unknown };

/** Secrets by qube, as MANIFEST.json has them. */
export type Secrets = Readonly<Record<string, readonly object[]>>;

/** Those of a node with clients, and of clients: as the compiler writes them. */
export function rpcSecrets(node: string, clients: readonly string[], formula = "qwbtc"): Secrets {
  const rpcauth = clients.map((client) => ({
    pillar: `${formula}:rpcauth:${client}`,
    kind: "rpcauth",
    client,
    server: node,
    path: `/home/bitcoin/.bitcoin/rpcauth-${client}.conf`,
    shape: `rpcauth=${client}:SALT$HASH`,
    check: `rpcauth=${client}:[0-9a-f]+[$][0-9a-f]{64}`,
  }));
  return {
    [node]: rpcauth,
    ...Object.fromEntries(clients.map((client) => [client, [rpcPassword(client, node, formula)]])),
  };
}

/** A client's password alone: for a node that is elsewhere. */
export function rpcPassword(client: string, node: string, formula = "qwbtc"): object {
  return {
    pillar: `${formula}:rpc:${node}`,
    kind: "rpc",
    client,
    server: node,
    path: "/home/user/cookie",
    shape: `${client}:PASSWORD`,
    check: `${client}:[A-Za-z0-9_-]+`,
  };
}

/** The key to an onion service, of the gateway that calls it. */
export function onionKey(server: string, address: string, formula = "qwbtc"): object {
  return {
    pillar: `${formula}:onion_auth:${server}`,
    kind: "onion_auth",
    server,
    path: `/var/lib/tor/authdir/${formula}-${server}.auth_private`,
    shape: `${address}:descriptor:x25519:PRIVATE_KEY`,
    check: `${address}:descriptor:x25519:[A-Z2-7]{52}`,
  };
}

export interface TreeOptions {
  readonly formula?: string;
  /** What the qubes are given from the pillar. */
  readonly secrets?: Secrets;
  /** Files to add or to replace, listed everywhere as if the compiler had written them. */
  readonly files?: Readonly<Record<string, string>>;
  /** Changes MANIFEST.json before SHA256SUMS is made: both then agree about its bytes. */
  readonly manifest?: (manifest: Manifest) => unknown;
  /** Changes the lines of SHA256SUMS. */
  readonly sums?: (lines: string[]) => string[];
}

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");

/** What one version says; every file names the version, so that a mixture of two shows. */
function contents(version: string, formula: string): Record<string, string> {
  const own = `srv/formulas/base/${formula}-formula/${formula}`;
  return {
    "README.md": `# The runbook of version ${version}\n`,
    "install.sh": readFileSync(installer, "utf8"),
    "rotate-secrets": readFileSync(rotateSecrets, "utf8"),
    [`etc/salt/minion.d/formula-${formula}.conf`]: `# Declares the root.\nfile_roots:\n  base:\n    - /srv/formulas/base/${formula}-formula\n`,
    [`${own}/init.top`]: `#!yaml\n# ${version}\nbase:\n  "dom0":\n    - "match": "nodegroup"\n    - "${formula}.dom0"\n`,
    ...Object.fromEntries(
      ["guard", "init", "policy", "qubes", "start", "templates"].map((sls) => [
        `${own}/dom0/${sls}.sls`,
        `#!yaml\n# ${version}\n`,
      ]),
    ),
    [`${own}/template/${formula}-ws-bitcoin.sls`]: `#!yaml\n# ${version}\n`,
    [`${own}/qube/bitcoin-server.sls`]: `#!yaml\n# ${version}\n`,
    [`${own}/files/bitcoin-server/home/bitcoin/.bitcoin/bitcoin.conf`]: `# ${version}\nserver=1\n`,
    [`${own}/files/bitcoin-server/usr/local/bin/fetch`]: `#!/bin/sh\n# ${version}\n`,
  };
}

const isScript = (path: string) => ["install.sh", "rotate-secrets"].includes(path) || path.includes("/bin/");

/** Writes a tree into a folder and returns its digest: the hash of SHA256SUMS, which names the version. */
export function plantTree(folder: string, version: string, options: TreeOptions = {}): string {
  const { formula = "qwbtc", manifest: alter = (same: Manifest) => same, sums = (same: string[]) => same } = options;
  const files = { ...contents(version, formula), ...options.files };
  const listed = Object.entries(files)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => [path, { mode: isScript(path) ? "0755" : "0644", sha256: sha256(text) }] as const);
  const manifest = alter({
    format: 1,
    compiler: "0.1.0",
    formula,
    platform: { qubes: "4.3", whonix: 18 },
    topology: sha256(version),
    qubes: {},
    templates: {},
    secrets: options.secrets ?? {},
    files: Object.fromEntries(listed),
  });
  const all: Record<string, string> = {
    ...files,
    "MANIFEST.json": typeof manifest === "string" ? manifest : `${JSON.stringify(manifest, null, 2)}\n`,
  };
  const lines = Object.keys(all)
    .toSorted()
    .map((path) => `${sha256(all[path] ?? "")}  ${path}\n`);
  all["SHA256SUMS"] = sums(lines).join("");
  for (const [path, text] of Object.entries(all)) {
    const to = join(folder, path);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, text);
    chmodSync(to, isScript(path) ? 0o755 : 0o644);
  }
  return sha256(all["SHA256SUMS"]);
}
