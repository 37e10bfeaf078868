// SPDX-License-Identifier: GPL-3.0-or-later
/** Trees in the shape of the defects that peer.test.ts lists; none is copied from anywhere. */
import { clone, file, foreign, link, policy, qube, state } from "./foreign.ts";
import { ALLOW, config, type Defect, DENY, dom0, joinmarket, linked, README, script, system } from "./peer-parts.ts";

/** All of them, by the number that they have in the list of peer.test.ts. */
export const DEFECTS: readonly Defect[] = [
  {
    what: "1: an ID twice in a file",
    code: "QB701",
    says: /duplicate/,
    tree: foreign({
      dom0: system,
      node: `${state("a", "test.nop", { name: "x" })}${state("a", "test.nop", { name: "y" })}`,
    }),
    twin: foreign({
      dom0: system,
      node: `${state("a", "test.nop", { name: "x" })}${state("b", "test.nop", { name: "y" })}`,
    }),
  },
  {
    what: "1: an ID in two files of one machine",
    code: "QB704",
    says: /^a stands here and in/,
    tree: foreign(
      { dom0: system, node: `include:\n  - mine.more\n${state("a", "test.nop", { name: "x" })}` },
      { "srv/salt/mine/more.sls": `#!yaml\n${state("a", "test.nop", { name: "y" })}` },
    ),
    twin: foreign(
      { dom0: system, node: `include:\n  - mine.more\n${state("a", "test.nop", { name: "x" })}` },
      { "srv/salt/mine/more.sls": `#!yaml\n${state("b", "test.nop", { name: "y" })}` },
    ),
  },
  {
    what: "2: another formula's deny is read before an allow",
    code: "QB711",
    says: /allow target=node; before it stands 80-clients\.policy:1/,
    tree: linked(policy("80-clients.policy", DENY), policy("80-servers.policy", ALLOW)),
    twin: linked(policy("80-servers.policy", DENY), policy("80-clients.policy", ALLOW)),
  },
  {
    what: "2: the link that this shuts",
    code: "QB720",
    says: /port 50001 of wallet leads nowhere/,
    tree: linked(policy("80-clients.policy", DENY), policy("80-servers.policy", ALLOW)),
    twin: linked(policy("80-servers.policy", DENY), policy("80-clients.policy", ALLOW)),
  },
  {
    what: "3: a deny by a misspelt tag",
    code: "QB712",
    says: /@tag:cleint/,
    tree: linked(policy("80-mine.policy", `${ALLOW}${DENY.replace("client", "cleint")}`)),
    twin: linked(policy("80-mine.policy", `${ALLOW}${DENY}`)),
  },
  {
    what: "4: a script of somebody's",
    code: "QB756",
    says: /\/usr\/local\/bin\/check of node/,
    tree: script('#!/bin/sh\nmkdir -p "$HOME/.x/cookie"\nask >"$HOME/.x/cookie"\n'),
    twin: foreign({ dom0: system, node: file("/usr/local/etc/check.conf", "x = 1\n") }),
  },
  {
    what: "5: a wallet told to dial what nobody listens at",
    code: "QB784",
    says: /dials port 50001/,
    tree: foreign({ dom0: `${system}${policy("80-mine.policy", ALLOW)}`, wallet: config("127.0.0.1:50001:t") }),
    twin: foreign({
      dom0: `${system}${policy("80-mine.policy", ALLOW)}`,
      "tpl-wallet": link("link", 50001),
      wallet: config("127.0.0.1:50001:t"),
    }),
  },
  {
    what: "5: states for every machine",
    code: "QB702",
    says: /^\* \(glob\)/,
    tree: foreign({ dom0: system, "*": config("127.0.0.1:50001:t") }),
    twin: foreign({ dom0: system, wallet: config("127.0.0.1:50001:t") }),
  },
  {
    what: "6: instructions for a qube that there is not",
    code: "QB705",
    says: /^disp-nodes is no qube/,
    tree: foreign(
      { dom0: system },
      { [README]: "sudo qubesctl --skip-dom0 --targets=tpl-node,disp-nodes state.apply\n" },
    ),
    twin: foreign({ dom0: system }, { [README]: "sudo qubesctl --skip-dom0 --targets=tpl-node,node state.apply\n" }),
  },
  {
    what: "6: a top file for a qube that there is not",
    code: "QB703",
    says: /^disp-nodes is given states/,
    tree: foreign({ dom0: system, "disp-nodes": state("a", "test.nop", { name: "x" }) }),
    twin: foreign({ dom0: system, node: state("a", "test.nop", { name: "x" }) }),
  },
  {
    what: "7: lines that say GOODSIG are counted",
    code: "QB757",
    says: /\/usr\/local\/bin\/check of node/,
    tree: script('#!/bin/sh\n[ "$(gpg --status-fd 1 --verify S.asc S | grep -c GOODSIG)" -ge 4 ]\n'),
    twin: script(
      "#!/bin/sh\ngpgv --status-fd 1 S.asc S | awk '$2 == \"VALIDSIG\" { print $NF }' | sort -u | comm -12 - trusted | wc -l\n",
    ),
  },
  {
    what: "8: a qube with network installs into a template",
    code: "QB725",
    says: /^my\.Install\+ from node to a template/,
    tree: dom0(policy("80-mine.policy", "my.Install * node @default allow target=tpl-wallet\n")),
    twin: dom0(policy("80-mine.policy", "my.Install * node @default deny\n")),
  },
  {
    what: "8: a wallet's template serves what has a network",
    code: "QB737",
    says: /^tpl-wallet serves wallet, without network, and builder/,
    tree: dom0(qube("builder", "tpl-wallet", "sys-tor")),
    twin: dom0(qube("builder", "tpl-node", "sys-tor")),
  },
  {
    what: "8: a download without a digest",
    code: "QB754",
    says: /is taken from https:/,
    tree: foreign({
      dom0: system,
      node: file("/usr/local/lib/x.tar", "", { contents: undefined, source: "https://example.org/x.tar" }),
    }),
    twin: foreign({ dom0: system, node: file("/usr/local/lib/x.txt", "x\n") }),
  },
  {
    what: "9: Whonix' own tag is taken away",
    code: "QB748",
    says: /^anon-vm is taken from node/,
    tree: dom0(state("tags", "qvm.tags", { name: "node", del: ["anon-vm"] })),
    twin: dom0(state("tags", "qvm.tags", { name: "node", add: ["my-vm"] })),
  },
  {
    what: "10: a link's service requires another link's socket",
    code: "QB765",
    says: /^link@\.service requires other\.socket/,
    tree: foreign({ dom0: system, "tpl-wallet": link("link", 50001, "Requires=other.socket\n") }),
    twin: foreign({ dom0: system, "tpl-wallet": link("link", 50001, "Requires=link.socket\n") }),
  },
  {
    what: "11: the machine's default as net qube, in words",
    code: "QB732",
    says: /^builder goes out through \*default\*/,
    tree: dom0(qube("builder", "tpl-node", "*default*")),
    twin: dom0(qube("builder", "tpl-node", "sys-tor")),
  },
  {
    what: "11: the machine's default, by saying nothing",
    code: "QB731",
    says: /^builder keeps whatever net qube/,
    tree: dom0(qube("builder", "tpl-node", undefined)),
    twin: dom0(qube("builder", "tpl-node", "sys-tor")),
  },
  {
    what: "12: a terabyte in the backups",
    code: "QB787",
    says: /take in node, with a volume of 1024 GiB/,
    tree: dom0(
      `${state("grow", "cmd.run", { name: "qvm-volume extend node:private 1024Gi" })}${state("more", "qvm.prefs", { name: "node", include_in_backups: true })}`,
    ),
    twin: dom0(state("grow", "cmd.run", { name: "qvm-volume extend node:private 1024Gi" })),
  },
  {
    what: "13: a top file that names a state which is not there",
    code: "QB701",
    says: /mine\.instal is not in this tree/,
    tree: foreign({ dom0: system }, { "srv/salt/mine/more.top": '#!yaml\nbase:\n  "node":\n    - mine.instal\n' }),
    twin: foreign(
      { dom0: system },
      {
        "srv/salt/mine/more.top": '#!yaml\nbase:\n  "node":\n    - mine.install\n',
        "srv/salt/mine/install.sls": `#!yaml\n${state("a", "test.nop", { name: "x" })}`,
      },
    ),
  },
  {
    what: "13: instructions that name a state which is not there",
    code: "QB705",
    says: /^mine\.prefs is no state/,
    tree: foreign({ dom0: system }, { [README]: "sudo qubesctl state.apply mine.prefs\n" }),
    twin: foreign({ dom0: system }, { [README]: "sudo qubesctl state.apply mine.part0\n" }),
  },
  {
    what: "14: a command that is run while Jinja renders",
    code: "QB701",
    says: /Jinja template/,
    tree: foreign({
      dom0: system,
      "sys-tor": `#!jinja|yaml\n{% set ip = salt['cmd.shell']('qubesdb-read /qubes-ip') %}\n${file("/usr/local/etc/torrc.d/40.conf", "SocksPort {{ ip }}:9400")}`,
    }),
    twin: foreign({
      dom0: system,
      "sys-tor": file("/usr/local/etc/torrc.d/40.conf", "SocksPort 0.0.0.0:9400 IsolateDestAddr IsolateDestPort\n"),
    }),
  },
  {
    what: "15: a server's unit runs in its clients' template",
    code: "QB762",
    says: /^daemon\.service waits for no service/,
    tree: foreign({
      dom0: system,
      "tpl-wallet": file("/usr/lib/systemd/system/daemon.service", "[Service]\nExecStart=/usr/bin/daemon\n"),
    }),
    twin: foreign({
      dom0: system,
      "tpl-node": file(
        "/usr/lib/systemd/system/daemon.service",
        "[Unit]\nConditionPathExists=/run/qubes-service/daemon\n[Service]\nExecStart=/usr/bin/daemon\n",
      ),
    }),
  },
  {
    what: "15: a server's qrexec service lies in its clients' template",
    code: "QB758",
    says: /^tpl-wallet is given the service my\.Install/,
    tree: foreign({
      dom0: system,
      "tpl-wallet": file("/etc/qubes-rpc/my.Install", "#!/bin/sh\nid\n", { mode: "0755" }),
    }),
    twin: foreign({ dom0: system, "tpl-wallet": file("/etc/my.Install", "x = 1\n") }),
  },
  {
    what: "16: JoinMarket's wallet in a node that has none",
    code: "QB783",
    says: /^wallet: its wallet mine is to be in node/,
    tree: joinmarket("disablewallet=1\n"),
    twin: joinmarket("disablewallet=0\n"),
  },
  {
    what: "17: templates of a release whose updates have ended",
    code: "QB797",
    says: /^whonix-workstation-17: it is what Qubes OS R4\.2 ships/,
    tree: dom0("", system.replaceAll("-18", "-17")),
    twin: dom0(""),
  },
  {
    what: "17: Debian's, likewise",
    code: "QB797",
    says: /^debian-12-xfce: it is what Qubes OS R4\.2 ships/,
    tree: dom0(clone("tpl-more", "debian-12-xfce")),
    twin: dom0(clone("tpl-more", "debian-13-xfce")),
  },
];
