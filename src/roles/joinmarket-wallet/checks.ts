// SPDX-License-Identifier: GPL-3.0-or-later
import type { Tree } from "../../kernel/tree.ts";

/** Keys of JoinMarket 0.9.12 by section (src/jmclient/configure.py), of those that we write. */
const KNOWN: Readonly<Record<string, string>> = {
  DAEMON: "no_daemon daemon_port daemon_host use_ssl",
  BLOCKCHAIN: "blockchain_source network rpc_host rpc_port rpc_cookie_file rpc_wallet_file",
  "MESSAGING:onion":
    "type socks5_host socks5_port tor_control_host tor_control_port onion_serving_host onion_serving_port hidden_service_dir directory_nodes regtest_count",
  "MESSAGING:hackint": "channel host port usessl socks5 socks5_host socks5_port",
  POLICY: "tx_broadcast minimum_makers max_sats_freeze_reuse absurd_fee_per_kb commitment_list_location",
  PAYJOIN: "onion_socks5_host onion_socks5_port",
  SNICKER: "enabled",
};

/** JoinMarket passes over a misspelt key, and does not load a file with a line that has no `=`: read the finished file back. */
export function* knownKeys(tree: Tree): Iterable<string> {
  for (const [path, { text }] of tree) {
    if (!path.endsWith("/joinmarket.cfg")) continue;
    let section = "";
    for (const line of text.split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      const [, head] = /^\[(.+)\]$/.exec(line) ?? [];
      if (head !== undefined) section = head;
      else if (!/^[a-z0-9_]+ = (?:[^%#;\s]\S*)?$/.test(line)) yield `${path}: JoinMarket would misread "${line}"`;
      else if (!KNOWN[section]?.split(" ").includes(line.split(" ")[0] ?? ""))
        yield `${path}: JoinMarket knows no such key in [${section}]: ${line}`;
    }
  }
}
