// SPDX-License-Identifier: GPL-3.0-or-later
import type { Tree } from "../../kernel/tree.ts";
import type { Model } from "../../model/model.ts";
import { CONF } from "./own.ts";

/** Keys that Bitcoin Core 30 and 31 know (bitcoind -help-debug), of those that we may write. */
const KNOWN = new Set(
  `bind chain dbcache disablewallet discover dns dnsseed fixedseeds includeconf listen listenonion maxuploadtarget natpmp nodebuglogfile onion
   onlynet printtoconsole privatebroadcast proxy proxyrandomize rpcallowip rpcbind rpcwhitelist rpcwhitelistdefault server torcontrol txindex zmqpubhashblock`.split(
    /\s+/,
  ),
);

/** bitcoind starts happily with a misspelt key and passes it over: read the finished file back and know every key. */
export function* knownKeys(tree: Tree): Iterable<string> {
  for (const [path, { text }] of tree) {
    if (!path.endsWith("/bitcoin.conf")) continue;
    for (const line of text.split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      const [key = "", ...value] = line.split("=");
      if (!KNOWN.has(key)) yield `${path}: bitcoind knows no key "${key}"`;
      if (value.join("=") === "" || line.includes("#")) yield `${path}: bitcoind would misread "${line}"`;
    }
  }
}

/** Each client has an RPC list of its own, and the file of its password's hash is read: without the list it could call everything. */
export function* clientsAreListed(tree: Tree, model: Model): Iterable<string> {
  for (const node of model.qubes.filter((qube) => qube.role.name === "bitcoind")) {
    const [path, file] = [...tree].find(([one]) => one.endsWith(`/files/${node.name}${CONF}`)) ?? ["", undefined];
    const lines = (file?.text ?? "").split("\n");
    const clients = new Set(node.serves.filter((link) => link.service === "rpc").map((link) => link.client.name));
    const listed = lines.flatMap((line) => /^rpcwhitelist=([^:]+):[a-z]+(?:,[a-z]+)*$/.exec(line)?.[1] ?? []);
    if (String(listed.toSorted()) !== String([...clients].toSorted()))
      yield `${path}: ${listed.join(" ")} have RPC lists, ${[...clients].join(" ")} use the RPC`;
    if (clients.size > 0 !== lines.includes("includeconf=rpcauth.conf"))
      yield `${path}: the clients' passwords are not read`;
  }
}
