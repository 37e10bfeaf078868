// SPDX-License-Identifier: GPL-3.0-or-later
/** Guards, order and reach of what dom0 does. */
import { good, harming, plus, swap, type HarmClass } from "../harm.ts";
import { inState } from "./networks.ts";

const tree = good("seed");
const on = harming(tree);
const QUBES = "/dom0/qubes.sls";
const GUARD = "/dom0/guard.sls";
const POLICY = "/dom0/policy.sls";
const state = (id: string, fun: string, ...args: string[]) =>
  `\n"qwbtc-${id}":\n  ${fun}:\n${args.map((one) => `    - ${one}\n`).join("")}`;
const GUARDED = '"require":\n      - "test": "qwbtc-guard"\n      - "test": "qwbtc-networks"';

/** Takes a whole state out of a file. */
const noState = (end: string) => (text: string) => {
  const start = text.indexOf(`"qwbtc-${end}":\n`);
  if (start === -1) throw new Error(`no state ${end}`);
  const next = text.indexOf('\n"', start + 1);
  return text.slice(0, start) + (next === -1 ? "" : text.slice(next + 1));
};

export const onGuards: readonly HarmClass[] = [
  {
    name: "a guard that stands open",
    codes: ["QB740"],
    harms: () => [
      ...["sys-bitcoin", "bitcoin-server", "electrum-client"].map((qube) =>
        on(GUARD, (text) => noState(`guard-adopt-${qube}`)(noState(`guard-foreign-${qube}`)(text)), `none for ${qube}`),
      ),
      on(GUARD, noState("guard-foreign-qwbtc-ws-bitcoin"), "none for a clone"),
      on(GUARD, noState("guard-45-qwbtc.policy"), "none for a policy file"),
      on(
        GUARD,
        inState("guard-foreign-qwbtc-ws-fulcrum", "qvm-check -q -- qwbtc-ws-fulcrum", "qvm-check -q -- qwbtc-ws-other"),
        "it asks for another name",
      ),
      on(
        GUARD,
        inState("guard-foreign-qwbtc-ws-fulcrum", /      - "! qvm-tags[^\n]*\n/, ""),
        "it does not ask for the tag",
      ),
      on(
        GUARD,
        (text) => text.replaceAll(/      - "test": "qwbtc-guard-(?:adopt|foreign)-electrum-client"\n/g, ""),
        "nothing waits for it",
      ),
    ],
    twins: () => [
      on(
        GUARD,
        inState("guard-foreign-qwbtc-ws-fulcrum", "remove or rename it", "rename it"),
        "another word to the user",
      ),
    ],
  },
  {
    name: "a state that no guard stands before",
    codes: ["QB740", "QB745"],
    harms: () => [
      on(QUBES, plus(state("early", "qvm.prefs", '"name": "electrum-client"', '"memory": 500')), "prefs, alone"),
      on(
        QUBES,
        plus(state("early", "qvm.tags", '"name": "electrum-client"', '"add":\n      - "anon-gateway"')),
        "a tag, alone",
      ),
      on(
        QUBES,
        plus(state("early", "qvm.service", '"name": "bitcoin-server"', '"enable":\n      - "qwbtc-bitcoind"')),
        "a service, alone",
      ),
      on(QUBES, plus(state("early", "qvm.start", '"name": "sys-bitcoin"')), "a start, alone"),
      on(
        POLICY,
        swap('    - "require":\n      - "test": "qwbtc-guard"\n      - "test": "qwbtc-networks"\n', ""),
        "a policy file, alone",
      ),
    ],
    twins: () => [
      on(
        QUBES,
        plus(state("more", "qvm.tags", '"name": "electrum-client"', '"add":\n      - "mine"', GUARDED)),
        "a tag, guarded",
      ),
    ],
  },
  {
    name: "a state that acts beyond the formula",
    codes: ["QB741"],
    harms: () =>
      [
        ["qvm.prefs", "sys-whonix", '"netvm": "sys-bitcoin"'],
        ["qvm.features", "sys-firewall", '"enable":\n      - "service.clocksync"'],
        ["qvm.tags", "vault", '"add":\n      - "qwbtc"'],
        ["qvm.start", "sys-whonix", '"flags": []'],
        ["qvm.service", "whonix-workstation-18", '"enable":\n      - "x"'],
        ["qvm.firewall", "personal", '"set":\n      - "action=accept"'],
      ].map(([fun = "", name = "", arg = ""]) =>
        on(QUBES, plus(state("beyond", fun, `"name": "${name}"`, arg, GUARDED)), `${fun} on ${name}`),
      ),
    twins: () => [
      on(
        QUBES,
        plus(state("within", "qvm.tags", '"name": "bitcoin-server"', '"add":\n      - "mine"', GUARDED)),
        "the same on one of ours",
      ),
    ],
  },
  {
    name: "a qube without the formula's tag",
    codes: ["QB742", "QB712"],
    harms: () => [
      on(QUBES, noTag("electrum-client"), "a wallet"),
      on(QUBES, noTag("sys-bitcoin"), "a gateway"),
      on(QUBES, inState("tag-bitcoin-server", '        - "qwbtc"\n', '        - "qwbtc2"\n'), "another tag"),
    ],
    twins: () => [
      on(
        QUBES,
        inState("tag-bitcoin-server", '        - "qwbtc"\n', '        - "qwbtc"\n        - "mine"\n'),
        "one tag more",
      ),
    ],
  },
  {
    name: "a command that runs every time",
    codes: ["QB743"],
    harms: () => [
      on(QUBES, inState("volume-bitcoin-server", /    - "unless": [^\n]*\n/, ""), "growing the volume"),
      on(QUBES, inState("shutdown-timeout-bitcoin-server", /    - "unless": [^\n]*\n/, ""), "a timeout"),
      on(
        "/qube/bitcoin-server.sls",
        swap(/("qwbtc-reload-firewall":\n {2}cmd\.run:\n[^\n]*\n) {4}- "unless": [^\n]*\n/, "$1"),
        "the firewall",
      ),
      on("/qube/electrum-client.sls", swap(/    - "unless": "runuser[^\n]*\n/, ""), "merging Electrum's file"),
    ],
    twins: () => [on(QUBES, inState("volume-bitcoin-server", '"unless": "test', '"unless":   "test'), "other blanks")],
  },
  {
    name: "prefs that are written in test mode",
    codes: ["QB744"],
    harms: () => [
      ...["electrum-client", "bitcoin-server"].flatMap((qube) =>
        ["network", "prefs"].map((kind) =>
          on(
            QUBES,
            inState(
              `${kind}-${qube}`,
              /    - "unless":\n      - "fun": "config.get"\n        "args":\n          - "test"\n/,
              "",
            ),
            `${kind} of ${qube}`,
          ),
        ),
      ),
      on(
        QUBES,
        plus(state("bare", "qvm.prefs", '"name": "electrum-client"', '"memory": 500', GUARDED)),
        "a bare qvm.prefs",
      ),
    ],
    twins: () => [on(QUBES, inState("prefs-electrum-client", '"memory": 400', '"memory": 500'), "another figure")],
  },
  {
    name: "something before every qube has its network",
    codes: ["QB745"],
    harms: () => [
      on(QUBES, inState("settings-electrum-client", '      - "test": "qwbtc-networks"\n', ""), "services"),
      on(POLICY, swap('      - "test": "qwbtc-networks"\n', ""), "a policy file"),
      on(
        QUBES,
        (text) => swap(/      - "qvm": "qwbtc-network-electrum-client"\n/, "")(text),
        "the barrier forgets a wallet",
      ),
      on(
        QUBES,
        (text) => swap(/      - "qvm": "qwbtc-network-bitcoin-server"\n/, "")(text),
        "the barrier forgets the node",
      ),
    ],
    twins: () => [
      on(
        QUBES,
        inState(
          "settings-electrum-client",
          '      - "test": "qwbtc-networks"\n',
          '      - "test": "qwbtc-networks"\n      - "test": "qwbtc-guard"\n',
        ),
        "one requisite more",
      ),
    ],
  },
  {
    name: "a creation that fails unnoticed",
    codes: ["QB746"],
    harms: () =>
      ["electrum-client", "bitcoin-server", "sys-bitcoin"]
        .map((qube) => on(QUBES, noState(`made-${qube}`), qube))
        .concat([on("/dom0/templates.sls", noState("made-qwbtc-ws-bitcoin"), "a clone")]),
    twins: () => [
      on(
        QUBES,
        plus(
          state(
            "look",
            "cmd.run",
            '"name": "qvm-check -- electrum-client"',
            '"unless": "qvm-check -q -- electrum-client"',
            GUARDED,
          ),
        ),
        "looked at twice",
      ),
    ],
  },
  {
    name: "a policy file that nobody checks",
    codes: ["QB747"],
    harms: () => [
      on(POLICY, swap('    - "check_cmd": "/usr/bin/qubes-policy-lint"\n', ""), "no lint"),
      on(POLICY, swap('"/usr/bin/qubes-policy-lint"', '"/usr/bin/true"'), "a lint that takes everything"),
      on(POLICY, swap('"mode": "0664"', '"mode": "0666"'), "a mode for everybody"),
      on(POLICY, swap('"group": "qubes"', '"group": "root"'), "another group"),
    ],
    twins: () => [on(POLICY, plus("# the end"), "a comment")],
  },
];

function noTag(qube: string) {
  return (text: string) =>
    inState(`tag-${qube}`, /    - "tags":\n      - "add":\n        - "qwbtc"\n/, '    - "exists": []\n')(text);
}
