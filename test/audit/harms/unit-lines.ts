// SPDX-License-Identifier: GPL-3.0-or-later
/** Units with one line more, a value more, or in a spelling that only systemd reads. */
import { good, harming, plus, swap, without, type HarmClass } from "../harm.ts";
import { at, LINK, NODE, SERVER, SOCKET, TRADER } from "./unit-places.ts";

const tree = good("seed");
const on = harming(tree);
const BRING = at("qwbtc-ws-bitcoin", "qwbtc-bring.service");
const remote = good("remote-servers");
const FORWARD = "/usr/lib/systemd/system/qwbtc-forward-8332@.service";
/** One more line in the section of the service. */
const more = (line: string) => swap("\n[Service]\n", `\n[Service]\n${line}\n`);
/** The same behind all that is there, where it counts. */
const last = (line: string) => (text: string) =>
  text.includes("\n[Install]") ? text.replace("\n[Install]", `${line}\n\n[Install]`) : `${text}${line}\n`;

export const onUnitLines: readonly HarmClass[] = [
  {
    name: "a second line of a unit, which counts",
    codes: ["QB846"],
    harms: () =>
      [
        "User=root",
        "NoNewPrivileges=false",
        "ProtectSystem=false",
        "IPAddressDeny=",
        "CapabilityBoundingSet=~",
        "ExecStart=/usr/bin/bitcoind -datadir=/home/bitcoin/.bitcoin",
        "Group=sudo",
        "PrivateUsers=false",
      ].map((line) => on(NODE, last(line), line)),
    twins: () => [on(NODE, last("# User=root"), "a comment")],
  },
  {
    name: "a line of a unit that no tree has",
    codes: ["QB846"],
    harms: () => [
      ...[
        "ExecStartPre=/usr/bin/sh -c x",
        " ExecStartPre=+/bin/sh",
        "ExecStartPost=/usr/bin/sh -c x",
        "ExecStopPost=/usr/bin/sh -c x",
        "Environment=LD_PRELOAD=/home/bitcoin/x.so",
        "EnvironmentFile=/home/bitcoin/x",
        "PassEnvironment=X",
        "IPAddressAllow=0.0.0.0/1 128.0.0.0/1",
        "IPAddressAllow=192.168.0.0/16",
        "SupplementaryGroups=sudo",
        "RootDirectory=/home/bitcoin",
        "BindPaths=/home/user/.electrum",
        "ReadWritePaths=/",
        "LoadCredential=x:/etc/shadow",
        "AmbientCapabilities=CAP_NET_ADMIN",
        "OnFailure=x.service",
        "; a remark",
        "# a remark \\",
        "Restart = always",
      ].map((line) => on(NODE, more(line), line)),
      on(NODE, swap("[Service]\n", "[Service]\nUMask=\\\n0000\n"), "a line that goes on"),
      on(NODE, swap("[Install]", "[Service]\nUser=root\n\n[Install]"), "a section twice"),
      on(NODE, plus("[X-More]\nUser=root"), "another section"),
      on(BRING, swap(/^ExecStart=/m, " ExecStartPre=/home/user/x\n$&"), "with a blank before it"),
      on(BRING, more("ExecStartPre=/usr/local/lib/qwbtc-salt/x"), "a tool more"),
      on(SOCKET, swap("[Socket]\n", "[Socket]\nExecStartPost=/bin/sh -c x\n"), "a command of a socket"),
      on(SOCKET, swap("[Socket]\n", "[Socket]\n ListenStream=0.0.0.0:50001\n"), "an address, with a blank"),
      on(SOCKET, swap("[Socket]\n", "[Socket]\nListenFIFO=/tmp/x\n"), "a way in that is no port"),
      on(SOCKET, swap("[Socket]\n", "[Socket]\nService=x.service\n"), "another's service"),
      on(SOCKET, swap("[Socket]\n", "[Socket]\nListenStream=127.0.0.1:8332\n"), "a port more"),
    ],
    twins: () => [
      on(NODE, swap("RestartSec=30", "RestartSec=60"), "another pause"),
      on(SOCKET, swap("MaxConnections=1024", "MaxConnections=512"), "fewer connections"),
    ],
  },
  {
    name: "a program that is started otherwise",
    codes: ["QB846"],
    harms: () => [
      on(NODE, swap(/^ExecStart=.*$/m, "$& -norpcwhitelist -rpcbind=0.0.0.0"), "arguments more"),
      on(NODE, swap(/^ExecStart=.*$/m, "$& -walletnotify=x"), "a command of a shell"),
      on(NODE, swap(/-datadir=\S+/, "-datadir=/tmp/x"), "another folder"),
      on(SERVER, swap(/^(ExecStart=\S+) .*$/m, "$1 /tmp/fulcrum.conf"), "another configuration"),
      on(TRADER, swap(" 0 127.0.0.1", " 0 0.0.0.0"), "on every address"),
      on(LINK, swap("vm @default", "vm @dispvm"), "in a disposable"),
      on(LINK, swap("qubes.ConnectTCP+50001", "qubes.VMShell"), "another call"),
      on(LINK, swap(/^ExecStart=.*$/m, "$& /usr/bin/sh"), "with a program of its own"),
      on(NODE, swap("User=bitcoin", "User=user"), "as the qube's user"),
      on(NODE, swap("Group=bitcoin", "Group=sudo"), "in a group of others"),
      on(SERVER, last("IPAddressAllow=10.152.152.10"), "with a way to the gateway"),
      on(LINK, swap("RestrictAddressFamilies=AF_UNIX", "RestrictAddressFamilies=AF_UNIX AF_INET"), "with a network"),
      on(LINK, more("BindPaths=/home/user/.electrum"), "with a wallet in sight"),
      on(LINK, without("InaccessiblePaths=-/rw"), "with the private volume in sight"),
      on(FORWARD, swap("SOCKS4A:10.152.152.10", "SOCKS4A:10.137.0.9"), "through another", remote),
      on(FORWARD, swap("SOCKS4A:10.152.152.10:${HOST}", "SOCKS4A:10.152.152.10:evil.example"), "to another", remote),
    ],
    twins: () => [on(NODE, swap(/^ExecStart=\S+/m, "ExecStart=/usr/bin/bitcoind"), "the distribution's own")],
  },
];
