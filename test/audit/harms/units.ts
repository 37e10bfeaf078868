// SPDX-License-Identifier: GPL-3.0-or-later
/** Units: their sandbox, where they listen, and where they run. */
import { good, harming, plus, swap, without, type HarmClass } from "../harm.ts";
import { inState } from "./networks.ts";
import { LINK, NODE, SERVER, SOCKET, TRADER } from "./unit-places.ts";

const tree = good("seed");
const on = harming(tree);

const HELD = [
  "NoNewPrivileges=true",
  "CapabilityBoundingSet=",
  "ProtectSystem=strict",
  "PrivateDevices=true",
  "PrivateUsers=true",
  "ProtectKernelTunables=true",
  "ProtectKernelModules=true",
  "ProtectKernelLogs=true",
  "ProtectControlGroups=true",
  "ProtectClock=true",
  "ProtectHostname=true",
  "ProtectProc=invisible",
  "RestrictNamespaces=true",
  "RestrictRealtime=true",
  "RestrictSUIDSGID=true",
  "LockPersonality=true",
  "MemoryDenyWriteExecute=true",
  "SystemCallArchitectures=native",
  "SystemCallFilter=@system-service",
  "SystemCallFilter=~@privileged",
];

export const onUnits: readonly HarmClass[] = [
  {
    name: "a line of a daemon's sandbox that is gone",
    codes: ["QB760"],
    harms: () => [
      ...HELD.map((line) => on(NODE, without(line), `bitcoind without ${line}`)),
      on(NODE, without("ProtectHome=tmpfs"), "bitcoind sees the homes"),
      on(NODE, swap(/RestrictAddressFamilies=[^\n]*\n/, ""), "bitcoind may use any sockets"),
      on(NODE, without("IPAddressDeny=any"), "bitcoind may reach any address"),
      on(NODE, without("User=bitcoin"), "bitcoind runs as root"),
    ],
    twins: () => [
      on(NODE, plus("# the end"), "a comment"),
      on(NODE, swap("TimeoutStopSec=600", "TimeoutStopSec=700"), "a longer stop"),
    ],
  },
  {
    name: "a line of a link's sandbox that is gone",
    codes: ["QB760"],
    harms: () => [
      ...HELD.map((line) => on(LINK, without(line), `a link without ${line}`)),
      on(LINK, without("PrivateNetwork=true"), "a link with network"),
    ],
    twins: () => [
      on(LINK, swap("SuccessExitStatus=125 126", "SuccessExitStatus=125 126 127"), "another exit code that is none"),
    ],
  },
  {
    name: "a sandbox that is weakened",
    codes: ["QB760"],
    harms: () => [
      on(NODE, swap("ProtectSystem=strict", "ProtectSystem=full"), "ProtectSystem=full"),
      on(NODE, swap("NoNewPrivileges=true", "NoNewPrivileges=false"), "NoNewPrivileges=false"),
      on(NODE, swap("CapabilityBoundingSet=", "CapabilityBoundingSet=CAP_NET_ADMIN"), "a capability"),
      on(
        NODE,
        swap("NoNewPrivileges=true", "NoNewPrivileges=true\nAmbientCapabilities=CAP_SYS_ADMIN"),
        "an ambient capability",
      ),
      on(NODE, swap("User=bitcoin", "User=root"), "root"),
      on(NODE, swap("IPAddressAllow=localhost", "IPAddressAllow=any"), "any address"),
      on(NODE, swap("IPAddressAllow=10.152.152.10", "IPAddressAllow=0.0.0.0/0"), "every address"),
      on(SERVER, swap("IPAddressAllow=localhost", "IPAddressAllow=::/0"), "every IPv6 address"),
      on(SERVER, swap("MemoryDenyWriteExecute=true", "MemoryDenyWriteExecute=no"), "code made at run time"),
      on(TRADER, swap("SystemCallFilter=~@privileged", "SystemCallFilter=@privileged"), "privileged calls allowed"),
      on(TRADER, swap("PrivateUsers=true", "PrivateUsers=off"), "other users seen"),
      on(SERVER, swap("[Service]", "[Service]\nExecStartPre=+/usr/bin/chmod 777 /home"), "a command with all rights"),
    ],
    twins: () => [on(NODE, swap("LimitNOFILE=8192", "LimitNOFILE=16384"), "more files")],
  },
  {
    name: "a socket that listens beyond the loopback",
    codes: ["QB761"],
    harms: () =>
      [
        "0.0.0.0:50001",
        "50001",
        "[::]:50001",
        "10.137.0.5:50001",
        "127.0.0.2:50001",
        "/run/electrum.sock",
        "vsock::50001",
        "[::1]:50001",
      ]
        .map((address) => on(SOCKET, swap("ListenStream=127.0.0.1:50001", `ListenStream=${address}`), address))
        .concat([on(SOCKET, swap("Backlog=1024", "ListenDatagram=0.0.0.0:50001\nBacklog=1024"), "one more address")]),
    twins: () => [on(SOCKET, swap("Backlog=1024", "Backlog=512"), "another queue")],
  },
  {
    name: "a unit that runs in every qube of its template",
    codes: ["QB762"],
    harms: () => [
      on(SOCKET, without("ConditionPathExists=/run/qubes-service/qwbtc-tcp-50001"), "a socket"),
      on(NODE, without("ConditionPathExists=/run/qubes-service/qwbtc-bitcoind"), "a daemon"),
      on(
        TRADER,
        swap("ConditionPathExists=/run/qubes-service/", "ConditionPathExists=/run/"),
        "a condition on something else",
      ),
      on(
        SERVER,
        swap("ConditionPathExists=/run/qubes-service/", "ConditionPathExists=!/run/qubes-service/"),
        "the opposite condition",
      ),
    ],
    twins: () => [
      on(
        NODE,
        swap("ConditionPathExists=/run/qubes-service/", "ConditionPathExists=/var/run/qubes-service/"),
        "by its older path",
      ),
    ],
  },
  {
    name: "a unit that runs what its user could replace",
    codes: ["QB763"],
    harms: () => [
      on(
        NODE,
        swap(
          "ExecStart=/usr/local/lib/qwbtc-salt/bitcoin-core/current/bin/bitcoind",
          "ExecStart=/home/bitcoin/bin/bitcoind",
        ),
        "a program of its home",
      ),
      on(
        SERVER,
        swap("ExecStart=/usr/local/lib/qwbtc-salt/fulcrum/current/Fulcrum", "ExecStart=/tmp/Fulcrum"),
        "a program of /tmp",
      ),
      on(TRADER, swap("ExecStart=/usr/local/lib/", "ExecStart=/rw/config/"), "a program of /rw/config"),
      on(
        LINK,
        swap("ExecStart=/usr/bin/qrexec-client-vm", "ExecStartPre=/home/user/x\nExecStart=/usr/bin/qrexec-client-vm"),
        "a program of the user's, before",
      ),
    ],
    twins: () => [
      on(
        NODE,
        swap("ExecStart=/usr/local/lib/qwbtc-salt/bitcoin-core/current/bin/bitcoind", "ExecStart=/usr/bin/bitcoind"),
        "the distribution's own",
      ),
    ],
  },
  {
    name: "a service that no unit waits for",
    codes: ["QB764", "QB720", "QB721"],
    harms: () => [
      on(
        "/dom0/qubes.sls",
        inState("settings-bitcoin-server", '"qwbtc-bitcoind"', '"qwbtc-bitcoin"'),
        "a daemon, misspelt",
      ),
      on(
        "/dom0/qubes.sls",
        inState("settings-electrum-client", '"qwbtc-tcp-50001"', '"qwbtc-tcp-50002"'),
        "a link, misspelt",
      ),
      on(
        "/dom0/qubes.sls",
        inState("settings-electrum-client", '        - "qwbtc-tcp-50001"\n', ""),
        "a link, forgotten",
      ),
      on(
        "/dom0/qubes.sls",
        inState("settings-electrum-server", '        - "qwbtc-tcp-8433"\n', ""),
        "a link of a server, forgotten",
      ),
    ],
    twins: () => [
      on(
        "/dom0/qubes.sls",
        inState(
          "settings-bitcoin-server",
          '        - "qwbtc-bitcoind"\n',
          '        - "qwbtc-bitcoind"\n        - "shutdown-idle"\n',
        ),
        "a stock service more",
      ),
    ],
  },
];
