// SPDX-License-Identifier: GPL-3.0-or-later
import type { Tree } from "../../kernel/tree.ts";
import type { Model } from "../../model/model.ts";
import { knows } from "../../model/settled.ts";
import { optionsOf } from "../../software/option.ts";
import { options } from "./options/index.ts";
import { CONF, linksTo, OWN_CONF, ownOf } from "./own.ts";
import { rpcauthFile } from "./rpc-access.ts";

/** Every node's file, by the node. */
function filesOf(tree: Tree): Map<string, { readonly path: string; readonly text: string }> {
  const found = new Map<string, { readonly path: string; readonly text: string }>();
  for (const [path, { text }] of tree) {
    const qube = path.endsWith(CONF) ? /\/files\/([^/]+)$/.exec(path.slice(0, -CONF.length))?.[1] : undefined;
    if (qube !== undefined) found.set(qube, { path, text });
  }
  return found;
}

/** bitcoind starts happily with a misspelt key and passes it over: read the finished file back and know every key, in the version of the node. */
export function* knownKeys(tree: Tree, model: Model): Iterable<string> {
  const files = filesOf(tree);
  for (const node of model.qubes.filter((qube) => qube.role.options === options)) {
    const known = new Map(optionsOf(options).map((one) => [one.name, one]));
    const { path = "", text = "" } = files.get(node.name) ?? {};
    const sections: string[] = [];
    for (const line of text.split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      const [, section] = /^\[(.+)\]$/.exec(line) ?? [];
      if (section !== undefined) {
        sections.push(section);
        continue;
      }
      const [key = "", ...value] = line.split("=");
      const option = known.get(key);
      if (!option || !knows(node.version, option)) yield `${path}: bitcoind ${node.version} knows no key "${key}"`;
      if (value.join("=") === "" || line.includes("#")) yield `${path}: bitcoind would misread "${line}"`;
      if (NETWORK_ONLY.has(key) && sections.length === 0) yield `${path}: counts in a section only: ${line}`;
    }
    if (String(sections) !== ownOf(node).chain) yield `${path}: its sections are ${sections.join(" ")}`;
  }
}

/** Settings that bitcoind refuses outside of the section of a chain other than main (src/common/args.cpp, NETWORK_ONLY). */
const NETWORK_ONLY = new Set(["addnode", "bind", "connect", "port", "rpcbind", "rpcport", "wallet", "walletdir"]);

/** Who has an RPC list, whose rpcauth line is read and who uses the RPC are the same: a user without a list could call everything. */
export function* clientsAreListed(tree: Tree, model: Model): Iterable<string> {
  const files = filesOf(tree);
  for (const node of model.qubes.filter((qube) => qube.role.options === options)) {
    const { path = "", text = "" } = files.get(node.name) ?? {};
    const lines = text.split("\n");
    const clients = [...new Set(linksTo(node, "rpc").map(({ client }) => client.name))].toSorted();
    const listed = lines.flatMap((line) => /^rpcwhitelist=([^:]+):[a-z]+(?:,[a-z]+)*$/.exec(line)?.[1] ?? []);
    if (String(listed.toSorted()) !== String(clients))
      yield `${path}: ${listed.join(" ")} have RPC lists, ${clients.join(" ")} use the RPC`;
    const read = lines.flatMap((line) => /^includeconf=(.*)$/.exec(line)?.[1] ?? []);
    const wanted = [...clients.map(rpcauthFile), OWN_CONF];
    if (String(read) !== String(wanted))
      yield `${path}: includes ${read.join(" ")}, its clients' are ${wanted.join(" ")}`;
  }
}
