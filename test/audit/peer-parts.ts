// SPDX-License-Identifier: GPL-3.0-or-later
/** What the trees of peer-defects.ts share: a node and its clients, written as somebody by hand would. */
import type { Tree } from "../../src/kernel/tree.ts";
import { clone, file, foreign, link, policy, qube } from "./foreign.ts";

/** One defect as a tree, and the same without it. */
export interface Defect {
  readonly what: string;
  readonly code: string;
  readonly says: RegExp;
  readonly tree: Tree;
  /** The same without the defect. */
  readonly twin: Tree;
}

const WS = "whonix-workstation-18";
export const system = [
  clone("tpl-node", WS),
  clone("tpl-wallet", WS),
  qube("sys-tor", "whonix-gateway-18", "sys-firewall"),
  qube("node", "tpl-node", "sys-tor", { tags: ["server"] }),
  qube("wallet", "tpl-wallet", "", { services: ["link"], tags: ["client"] }),
].join("");
export const dom0 = (more: string, base = system) => foreign({ dom0: `${base}${more}` });
export const ALLOW = "qubes.ConnectTCP +50001 @tag:client @default allow target=node\n";
export const DENY = "qubes.ConnectTCP * @tag:client @anyvm deny\n";
export const linked = (...policies: string[]) =>
  foreign({ dom0: `${system}${policies.join("")}`, "tpl-wallet": link("link", 50001) });
export const script = (text: string) =>
  foreign({ dom0: system, node: file("/usr/local/bin/check", text, { mode: "0755" }) });
export const config = (server: string) =>
  file("/home/user/.electrum/config", `{\n    "server": "${server}"\n}\n`, {
    mode: "0600",
    user: "user",
    group: "user",
  });
export const README = "srv/salt/mine/README.md";

export const joinmarket = (conf: string): Tree =>
  foreign({
    dom0: `${system}${policy("50-mine.policy", "qubes.ConnectTCP +8332 wallet @default allow target=node\n")}`,
    "tpl-wallet": link("link", 8332),
    node: file("/home/bitcoin/.bitcoin/bitcoin.conf", conf, { mode: "0600", user: "bitcoin" }),
    wallet: file("/home/user/.joinmarket/joinmarket.cfg", "[BLOCKCHAIN]\nrpc_port = 8332\nrpc_wallet_file = mine\n", {
      mode: "0600",
      user: "user",
    }),
  });
