// SPDX-License-Identifier: GPL-3.0-or-later
import finish from "../../../formulas/joinmarket/finish-joinmarket.sh";
import type { Bringing } from "../../model/bringing.ts";
import type { Model, Qube } from "../../model/model.ts";
import type { ManagedFile } from "../../model/parts.ts";
import type { RunbookStep } from "../../model/role.ts";
import { lockOf, type Half, type Lock } from "../../software/joinmarket-locks.ts";
import { WHONIX_RELEASES } from "../../software/platforms.ts";
import { LIBRARY } from "../../software/recipe.ts";
import { atGateway, gatewayPorts } from "../../whonix/onion-port.ts";
import { bringProgram, broughtProgram } from "../bring-program.ts";
import { PROGRAMS, serviceOf } from "./own.ts";

const FINISH = `${LIBRARY}/finish-joinmarket`;
const LOCK = `${LIBRARY}/joinmarket.lock`;
const root = { user: "root", group: "root", dirMode: "0755" };

const halfOf = ({ role }: Qube): Half => (role.name === "joinmarketd" ? "daemon" : "wallet");

/** The Python of a qube's template, and the Debian that it is of. */
function pythonOf({ template }: Qube) {
  return WHONIX_RELEASES.find(({ workstation }) => workstation === template.stock);
}

/** The libraries of a qube's half of JoinMarket, for the Python of its template; nothing where they are not known. */
export function libraryLock(qube: Qube): Lock | undefined {
  return lockOf(qube.version, halfOf(qube), pythonOf(qube)?.python ?? "");
}

/** The file, below a version's folder, by which one knows that its environment is whole and of a Python. */
export const madeFor = (python: string) => `venv/lib/python${python}/site-packages/joinmarket.pth`;

/** How JoinMarket gets into a qube: its source, and its libraries as wheels, out of which an environment is made there without network. */
export function joinmarketBringing(qube: Qube, unit?: string): Bringing | undefined {
  const lock = libraryLock(qube);
  if (!lock) return undefined;
  return {
    slug: "joinmarket",
    // With another Python, after an upgrade of the template, the environment is of no use and must be made anew.
    needed: madeFor(pythonOf(qube)?.python ?? ""),
    ...(unit !== undefined && { unit }),
    unpack: { kind: "tar", strip: 1 },
    more: lock.wheels,
    finish: FINISH,
  };
}

/** What makes the environment in a qube, and the list of what belongs into it. */
export function bringFiles(qube: Qube): ManagedFile[] {
  const lock = libraryLock(qube);
  if (!lock) return [];
  return [
    {
      ...root,
      path: FINISH,
      content: { verbatim: finish },
      mode: "0755",
      why: "Makes JoinMarket's Python environment of verified wheels, without network.",
    },
    {
      ...root,
      path: LOCK,
      content: { verbatim: lock.text },
      mode: "0644",
      why: "JoinMarket's libraries, each by its digest.",
    },
  ];
}

const lockFor = (wallet: Qube) => `${LIBRARY}/joinmarket-of-${wallet.name}.lock`;

/** In a daemon's qube, which has network and pip: the lists of the wallets that use it. */
export function locksOfWallets(daemon: Qube): ManagedFile[] {
  return walletsOf(daemon).flatMap((wallet) => {
    const lock = libraryLock(wallet);
    return lock
      ? [
          {
            ...root,
            path: lockFor(wallet),
            content: { verbatim: lock.text },
            mode: "0644",
            why: `What ${wallet.name} needs, which has no network to fetch it.`,
          },
        ]
      : [];
  });
}

function walletsOf(daemon: Qube): Qube[] {
  return [...new Set(daemon.serves.filter(({ service }) => service === "daemon").map(({ client }) => client))];
}

/** The steps by which JoinMarket gets into a qube: its libraries by a command, the rest as any program; or all by hand, where they are not known. */
export function bringSteps(qube: Qube, model: Model): RunbookStep[] {
  const lock = libraryLock(qube);
  const release = pythonOf(qube);
  if (!lock) {
    const file = halfOf(qube) === "daemon" ? "scripts/joinmarketd.py" : "scripts/wallet-tool.py";
    const more = `and its Python (${release?.python}, that of Debian ${release?.debian}) with all libraries in venv/, made at that very path`;
    const unit = halfOf(qube) === "daemon" ? { unit: serviceOf(model.formula) } : {};
    return [bringProgram({ qube, folder: PROGRAMS, file, more, ...unit })];
  }
  return [fetchLibraries(qube, lock, release?.python ?? ""), ...broughtProgram(qube, model)];
}

function fetchLibraries(qube: Qube, { wheels }: Lock, python: string): RunbookStep {
  const { name } = qube;
  const title = `JoinMarket's libraries for ${name}`;
  const what = `${wheels.length} files, each of which pip takes only with the digest that the topology's release of JoinMarket asks for; ${name} checks them once more.`;
  const daemon = halfOf(qube) === "daemon" ? qube : qube.uses.find(({ service }) => service === "daemon")?.server;
  const get = (options: string, to: string, lock: string) =>
    `download --no-deps --require-hashes --only-binary=:all: ${options}--dest ${to} --requirement ${lock}`;
  if (!daemon || daemon.role.program !== qube.role.program || daemon.own["remote"] !== undefined)
    return {
      title,
      where: name,
      command: `qvm-copy ${LOCK}`,
      text: `Send the list to a qube of Whonix' workstation that has network (a disposable one, say). There \`sudo apt-get update && sudo apt-get install --no-install-recommends python3-pip\`, \`pip3 ${get(`--python-version ${python} --implementation cp --platform manylinux_2_28_x86_64 --platform manylinux2014_x86_64 `, "libraries", `~/QubesIncoming/${name}/joinmarket.lock`)}\` and \`qvm-copy libraries/*\`: dom0 asks where to: ${name}. ${what}`,
    };
  const proxy = `socks5h://${atGateway(gatewayPorts(daemon).any)}`;
  const pip = ["python3 -m venv --system-site-packages ~/fetch", `~/fetch/bin/pip --proxy ${proxy}`];
  if (daemon === qube)
    return {
      title,
      where: name,
      command: `${pip[0]}\n${pip[1]} ${get("", "~/QubesIncoming/libraries", LOCK)}`,
      text: `It fetches them over Tor: ${what}`,
    };
  return {
    title,
    where: daemon.name,
    command: [
      pip[0],
      `${pip[1]} ${get("", `~/libraries-of-${name}`, lockFor(qube))}`,
      `qvm-copy ~/libraries-of-${name}/*`,
    ].join("\n"),
    text: `${daemon.name} fetches them over Tor, since ${name} has no network: ${what} dom0 asks where to: ${name}.`,
  };
}
