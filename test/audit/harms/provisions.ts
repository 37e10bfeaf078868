// SPDX-License-Identifier: GPL-3.0-or-later
/** What templates are made of, what commands remove, and that policies land as they stand and open what is the formula's own alone. */
import { edit, good, harming, plus, swap, withTexts, type Harm, type HarmClass } from "../harm.ts";
import { inState } from "./networks.ts";

const tree = good("seed");
const on = harming(tree);
const call = (fun: string, ...args: string[]) =>
  plus(`\n"qwbtc-more":\n  ${fun}:\n${args.map((one) => `    - ${one}\n`).join("")}`);
const NODE = "/qube/bitcoin-server.sls";
const WALLET = "/qube/electrum-client.sls";
const GATEWAY = "/qube/sys-bitcoin.sls";
const TEMPLATE = "/template/qwbtc-ws-bitcoin.sls";
const POLICY = "/dom0/policy.sls";

/** A policy of the formula's own more, guarded and checked like the others, with its text. */
function policy(name: string, text: string, more = ""): Harm["tree"] {
  const path = `/etc/qubes/policy.d/${name}`;
  const files = "srv/formulas/base/qwbtc-formula/qwbtc/files/dom0";
  const states = [
    `\n"qwbtc-more":\n  file.managed:\n    - "name": "${path}"\n    - "source": "salt://qwbtc/files/dom0${path}"`,
    '    - "user": "root"\n    - "group": "qubes"\n    - "mode": "0664"\n    - "check_cmd": "/usr/bin/qubes-policy-lint"',
    `    - "require":\n      - "test": "qwbtc-guard"\n      - "test": "qwbtc-networks"\n${more}`,
  ].join("\n");
  return withTexts(edit(tree, POLICY, plus(states.replace(/\n$/, ""))), {
    [`${files}${path}`]: `# Managed by the qwbtc formula.\n${text}\n`,
  });
}

export const onProvisions: readonly HarmClass[] = [
  {
    name: "a template of other make",
    codes: ["QB826", "QB827", "QB828"],
    harms: () => [
      on(TEMPLATE, swap('- "gpgv"', '- "gpgv"\n      - "openssh-server"'), "a package"),
      on(TEMPLATE, swap('- "gpgv"', '- "gpgv"\n      - "gpgv": "/tmp/x.deb"'), "a package from a file"),
      on(
        TEMPLATE,
        swap('    - "pkgs":', '    - "sources":\n      - "x": "https://example.org/x.deb"\n    - "pkgs":'),
        "sources",
      ),
      on(NODE, call("pkg.installed", '"name": "gpgv"'), "a package in a qube"),
      on(TEMPLATE, swap('"uid": 861', '"uid": 0'), "root's number"),
      on(TEMPLATE, swap('"uid": 861', '"uid": 861\n    - "groups":\n      - "sudo"'), "a group"),
      on(TEMPLATE, swap("/usr/sbin/nologin", "/bin/bash"), "a shell"),
      on(TEMPLATE, call("user.present", '"name": "x"', '"uid": 870'), "another user"),
      on(
        "/dom0/templates.sls",
        swap('"source": "whonix-workstation-18"', '"source": "whonix-workstation-mine"'),
        "a clone",
      ),
      on("/dom0/templates.sls", swap("qubes-templates-community", "qubes-templates-community-testing"), "a repository"),
    ],
    twins: () => [on(TEMPLATE, swap('- "gpgv"', '- "gpgv"\n      - "squashfs-tools"'), "a package that a role has")],
  },
  {
    name: "a command that removes what is not ours",
    codes: ["QB829"],
    harms: () => [
      on(
        WALLET,
        call(
          "cmd.run",
          '"name": "cd / && runuser -u user -- find /home/user/.electrum/wallets -mindepth 1 -delete"',
          '"onchanges":\n      - "file": "x"',
        ),
        "wallets",
      ),
      on(
        NODE,
        call("cmd.run", '"name": "cd / && runuser -u bitcoin -- find /home/bitcoin/.bitcoin -mindepth 1 -delete"'),
        "the chain",
      ),
      on(GATEWAY, swap("-name 'qwbtc-*.auth_private'", "-name '*.auth_private'"), "keys of the user's"),
      on(
        WALLET,
        swap(/merge-json \S+ \S+"/, 'merge-json /home/user/x /home/user/.electrum/config"'),
        "keys from elsewhere",
      ),
      on(
        WALLET,
        swap(
          "runuser -u user -- /usr/local/lib/qwbtc-salt/merge-json",
          "runuser -u root -- /usr/local/lib/qwbtc-salt/merge-json",
        ),
        "as root",
      ),
    ],
    twins: () => [
      on(
        GATEWAY,
        (text) =>
          text.replaceAll("-name 'qwbtc-*.auth_private'", "-name 'qwbtc-*.auth_private' ! -name qwbtc-x.auth_private"),
        "one that stays",
      ),
    ],
  },
  {
    name: "a policy that does not land as it stands",
    codes: ["QB830", "QB831"],
    harms: () => [
      on(
        POLICY,
        inState("45-qwbtc.policy", '    - "user": "root"', '    - "user": "root"\n    - "unless": "true"'),
        "never",
      ),
      on(
        POLICY,
        inState("45-qwbtc.policy", '    - "user": "root"', '    - "user": "root"\n    - "replace": false'),
        "once",
      ),
      on(
        POLICY,
        inState("45-qwbtc.policy", /"source": [^\n]*/, '"contents": "# Managed by the qwbtc formula."'),
        "another text",
      ),
      { what: "what lies elsewhere", tree: policy("44-qwbtc.policy", "!include-dir /home/user/x") },
      {
        what: "nobody's states",
        tree: withTexts(tree, { "srv/formulas/base/qwbtc-formula/qwbtc/dom0/more.sls": "#!yaml\n" }),
      },
    ],
    twins: () => [on("/45-qwbtc.policy", plus("# Nothing more."), "a remark")],
  },
  {
    name: "a policy line about strangers",
    codes: ["QB832"],
    harms: () =>
      [
        "qubes.VMShell * personal vault allow user=root",
        "qubes.VMShell * personal vault allow",
        "policy.Replace * personal @default allow target=@adminvm",
        "policy.Replace * electrum-client @default allow target=dom0",
        "qubes.ConnectTCP +50001 electrum-client @default allow target=electrum-server user=root",
        "qubes.Filecopy * electrum-client @anyvm ask default_target=personal",
        "qubes.Filecopy * @anyvm electrum-client ask",
        "qubes.StartApp * electrum-client @dispvm allow",
      ].map((line) => ({ what: line, tree: policy("44-qwbtc.policy", line) })),
    twins: () => [on("/45-qwbtc.policy", plus("qubes.Filecopy * electrum-client @anyvm deny"), "a deny")],
  },
];
