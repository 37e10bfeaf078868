// SPDX-License-Identifier: GPL-3.0-or-later

/** Keys of a section, each with its values, whole. Sources: salt-templates/units, and through them systemd's manuals. */
type Keys = Readonly<Record<string, RegExp>>;

const NAME = /^[\w@.-]+$/;
const NUMBER = /^[0-9]+$/;
const TRUE = /^true$/;
const YES = /^yes$/;

const UNIT: Keys = {
  Description: /^[\x20-\x7e]+$/,
  // Whether the first of them is a service of the qube is another rule's (QB762).
  ConditionPathExists: /^\/(?:var\/)?run\/qubes-service\/[\w-]+$|^(?:\/usr\/local|\/home)(?:\/\.?\w[\w.-]*)+$/,
  RequiresMountsFor: /^(?:\/home\/[a-z]+ )?\/usr\/local$/,
  After: NAME,
  // Which of them a link may require is another rule's (QB765).
  Requires: NAME,
  Requisite: NAME,
  PartOf: NAME,
  StartLimitIntervalSec: /^0$/,
  CollectMode: /^inactive-or-failed$/,
};

const INSTALL: Keys = { WantedBy: /^(?:multi-user\.target|sockets\.target|[\w-]+\.service)$/ };

const SOCKET: Keys = {
  // Where it may listen is another rule's as well (QB761).
  ListenStream: /^127\.0\.0\.1:[0-9]{1,5}$/,
  Accept: YES,
  MaxConnections: NUMBER,
  TriggerLimitIntervalSec: /^0$/,
  Backlog: NUMBER,
};

const SERVICE: Keys = {
  Type: /^(?:notify|simple|exec|oneshot)$/,
  NotifyAccess: /^all$/,
  // Never root, and never by a number.
  User: /^(?!root$)[a-z][a-z0-9-]*$/,
  Group: /^(?!root$)[a-z][a-z0-9-]*$/,
  DynamicUser: /^(?:true|yes)$/,
  ExecStartPre: /^-\+\/usr\/local\/lib\/qwbtc-salt\/in-force record %n$/,
  ExecStart: /^/,
  Restart: /^(?:on-failure|always)$/,
  RestartSec: NUMBER,
  RestartPreventExitStatus: /^2$/,
  SuccessExitStatus: /^[0-9]{1,3}(?: [0-9]{1,3})*$/,
  TimeoutStartSec: /^infinity$/,
  TimeoutStopSec: NUMBER,
  KillSignal: /^SIGINT$/,
  LimitNOFILE: NUMBER,
  LimitFSIZE: /^[0-9]+G$/,
  Environment: /^(?:MALLOC_ARENA_MAX=1|PYTHONDONTWRITEBYTECODE=1)$/,
  EnvironmentFile: /^\/usr\/local\/etc\/qwbtc-salt\/forward-[0-9]+\.env$/,
  UMask: /^00(?:22|77)$/,
  WorkingDirectory: /^\/home\/[a-z]+(?:\/\w+)+$/,
  StandardInput: /^socket$/,
  StandardOutput: /^(?:inherit|null)$/,
  StandardError: /^journal$/,
  CacheDirectory: /^qwbtc-salt-fetch$/,
  CacheDirectoryMode: /^0700$/,
  RuntimeDirectory: /^qwbtc-salt$/,
  RuntimeDirectoryPreserve: YES,
  ReadWritePaths: /^\/usr\/local\/lib\/qwbtc-salt \/home\/user \/var\/cache$/,
  ProtectSystem: /^strict$/,
  ProtectHome: /^(?:true|tmpfs)$/,
  InaccessiblePaths:
    /^(?:-\/rw\/home -\/rw\/config|-\/rw|-\/rw\/config|-\/usr\/local -\/rw|\/sys|\/tmp \/var\/tmp -\/dev\/shm -\/dev\/mqueue)$/,
  // Its own folder, which is held against its user; and Xen's devices, by which qrexec speaks.
  BindPaths: /^(?:\/home\/[a-z]+(?:\/\.?\w+)+|-\/dev\/xen\/\w+)$/,
  BindReadOnlyPaths: /^(?:\/home\/[a-z]+(?:\/\.?\w+)+|-\/run\/qubes\/qrexec-agent)$/,
  TemporaryFileSystem: /^\/run:ro$/,
  PrivateTmp: TRUE,
  PrivateDevices: TRUE,
  DevicePolicy: /^closed$/,
  DeviceAllow: /^\/dev\/xen\/\w+ rw$/,
  PrivateUsers: TRUE,
  PrivateNetwork: TRUE,
  PrivateMounts: TRUE,
  PrivateIPC: TRUE,
  RemoveIPC: TRUE,
  NoNewPrivileges: TRUE,
  CapabilityBoundingSet:
    /^(?:CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_CHOWN CAP_FOWNER CAP_LEASE CAP_SETUID CAP_SETGID)?$/,
  MemoryDenyWriteExecute: TRUE,
  ProtectKernelTunables: TRUE,
  ProtectKernelModules: TRUE,
  ProtectKernelLogs: TRUE,
  ProtectControlGroups: TRUE,
  ProtectClock: TRUE,
  ProtectHostname: TRUE,
  ProtectProc: /^invisible$/,
  ProcSubset: /^(?:pid|all)$/,
  RestrictNamespaces: TRUE,
  RestrictRealtime: TRUE,
  RestrictSUIDSGID: TRUE,
  LockPersonality: TRUE,
  SystemCallArchitectures: /^native$/,
  SystemCallFilter: /^(?:@system-service|~@privileged|~@resources)$/,
  SystemCallErrorNumber: /^EPERM$/,
  RestrictAddressFamilies: /^AF_\w+(?: AF_\w+)*$/,
  IPAddressDeny: /^any$/,
  IPAddressAllow: /^[\w./]+$/,
};

/** The kinds of units that a tree of this kind has, and their sections. */
export const KNOWN_UNITS: Readonly<Record<string, Readonly<Record<string, Keys>>>> = {
  service: { Unit: UNIT, Service: SERVICE, Install: INSTALL },
  socket: { Unit: UNIT, Socket: SOCKET, Install: INSTALL },
};

/** Keys that add to what stands before; of any other the last would count. */
export const MANY: ReadonlySet<string> = new Set([
  "ConditionPathExists",
  "After",
  "InaccessiblePaths",
  "BindPaths",
  "BindReadOnlyPaths",
  "DeviceAllow",
  "SystemCallFilter",
  "IPAddressAllow",
]);

/** What a service may be started as, and with it the user, the addresses and the kinds of sockets that this program needs. */
interface Started {
  readonly line: RegExp;
  /** As whom; empty is root where the unit does not say that it is nobody. */
  readonly user: RegExp;
  /** Whether a folder of its user's home is shown to it. */
  readonly folder: boolean;
  readonly reaches: readonly string[];
  readonly families: string;
}

const OWN = String.raw`\/usr\/local\/lib\/qwbtc-salt(?:\/\w[\w.-]*)*`;
const HOME = String.raw`\/home\/[a-z]+(?:\/\.?\w[\w.-]*)+`;
const SOCAT = String.raw`\/usr\/bin\/socat -t 3600 FD:0,shut-down`;
const KEPT = "keepalive,keepidle=60,keepintvl=60";
const LOOPBACK = "localhost";
const GATEWAY = "10.152.152.10";
const QUBES = "10.137.0.0/16";

export const STARTED: readonly Started[] = [
  {
    line: new RegExp(String.raw`^(?:${OWN}|\/usr\/bin)\/bitcoind -datadir=${HOME}$`),
    user: /^bitcoin$/,
    folder: true,
    reaches: [LOOPBACK, GATEWAY, QUBES],
    families: "AF_INET AF_INET6 AF_UNIX AF_NETLINK",
  },
  {
    line: new RegExp(`^${OWN}\\/Fulcrum ${HOME}$`),
    user: /^fulcrum$/,
    folder: true,
    reaches: [LOOPBACK],
    families: "AF_INET AF_INET6 AF_UNIX AF_NETLINK",
  },
  {
    line: new RegExp(
      String.raw`^${OWN}\/venv\/bin\/python ${OWN}\/scripts\/joinmarketd\.py [0-9]{1,5} 0 127\.0\.0\.1$`,
    ),
    user: /^joinmarket$/,
    folder: true,
    reaches: [LOOPBACK, GATEWAY],
    families: "AF_INET AF_INET6 AF_UNIX",
  },
  {
    line: new RegExp(`^\\/usr\\/bin\\/python3 -I -B ${OWN}$`),
    user: /^bitcoin$/,
    folder: true,
    reaches: [LOOPBACK],
    families: "AF_INET",
  },
  { line: new RegExp(`^${OWN} wait$`), user: /^$/, folder: false, reaches: [], families: "AF_UNIX" },
  { line: new RegExp(`^${OWN} fetch$`), user: /^$/, folder: false, reaches: [GATEWAY], families: "AF_INET AF_UNIX" },
  {
    line: /^\/usr\/bin\/qrexec-client-vm (?:@default|[A-Za-z][\w-]*) qubes\.ConnectTCP\+[0-9]{1,5}$/,
    user: /^user$/,
    folder: false,
    reaches: [],
    families: "AF_UNIX",
  },
  {
    line: new RegExp(
      String.raw`^${SOCAT} SOCKS4A:10\.152\.152\.10:\$\{HOST\}:\$\{PORT\},socksport=\$\{SOCKS\},${KEPT}$`,
    ),
    user: /^[a-z][a-z0-9-]*-forward$/,
    folder: false,
    reaches: [GATEWAY],
    families: "AF_INET",
  },
  {
    line: new RegExp(String.raw`^${SOCAT} TCP4:\$\{HOST\}:\$\{PORT\},connect-timeout=30,${KEPT}$`),
    // The template cannot know which private address; dom0's firewall holds the qube to one (RFC 1918).
    user: /^[a-z][a-z0-9-]*-forward$/,
    folder: false,
    reaches: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
    families: "AF_INET",
  },
];
