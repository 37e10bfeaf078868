// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../kernel/message.ts";
import { finding, type Finding } from "../../model/finding.ts";
import type { Model } from "../../model/model.ts";
import { whonixRelease } from "../../software/platforms.ts";
import { atLeast } from "../../software/program.ts";
import { chainServed } from "../bitcoind/chains.ts";
import { libraryLock } from "./bring.ts";

const neverTestnet4 = message("QB545", {
  severity: "error",
  title: "JoinMarket knows no testnet4",
  say: (name: string) => `JoinMarket knows no testnet4, the chain of ${name}`,
  why: "It asks the node for its chain and ends with an error at a name that it has no word for; no version will ever have one.",
  fix: "Use a node of another chain: signet has traders too.",
  source: "JoinMarket src/jmclient/blockchaininterface.py, the names of networks",
});

const noPython = message("QB546", {
  severity: "error",
  title: "JoinMarket does not run on the template's Python",
  say: (version: string, python: string, range: string) =>
    `JoinMarket ${version} does not run on Python ${python}, which this Whonix has: it takes ${range}`,
  why: "It ends at its first line that this Python does not have any more, or its libraries cannot be installed.",
  fix: 'Write version: "0.9.12", in the wallet and in the daemon alike; or, if you bring another Python too: because: { python: … }.',
  source: "JoinMarket pyproject.toml, requires-python; of 0.9.8 configure.py, readfp, which Python 3.12 removed",
});

const twoVersions = message("QB547", {
  severity: "warning",
  title: "JoinMarket's wallet and daemon are of two versions",
  say: (wallet: string, daemon: string) => `this wallet is of version ${wallet}, its daemon of ${daemon}`,
  why: "The two are halves of one program and speak a protocol without a number: upstream tries equal versions only.",
  fix: "Write the same version for both.",
  source: "JoinMarket src/jmbase/commands.py",
});

const noLibraries = message("QB548", {
  severity: "warning",
  title: "the libraries that a version of JoinMarket needs are not known here",
  say: (version: string, python: string) =>
    `which files JoinMarket ${version} needs for Python ${python} is not known here`,
  why: "A list of digests is made with upstream's own demands, for what is published as ready files alone. Without one, its Python and all libraries are made by hand, and nobody checks what goes into them.",
  fix: 'Write version: "0.9.12".',
  source: "formulas/joinmarket; JoinMarket pyproject.toml, before 0.9.11 jmclient/setup.py",
});

/** Which Python each version takes: from this one on, and before that one. */
const PYTHON: readonly { readonly since: string; readonly from: string; readonly before: string }[] = [
  { since: "0.9.12", from: "3.9", before: "3.14" },
  { since: "0.9.11", from: "3.8", before: "3.12" },
  { since: "0.9.8", from: "3.6", before: "3.12" },
];

/** JoinMarket's halves run on the template's Python, are of one version, and know their node's chain. */
export function* joinmarketFits(model: Model): Iterable<Finding> {
  const { python } = whonixRelease(model.platform.whonix);
  for (const qube of model.qubes) {
    if (qube.role.program?.name !== "JoinMarket") continue;
    const range = PYTHON.find(({ since }) => atLeast(qube.version, since));
    if (range && (!atLeast(python, range.from) || atLeast(python, range.before)))
      yield {
        ...finding(
          noPython,
          [...qube.path, "version"],
          qube.version,
          python,
          `${range.from} and later, before ${range.before}`,
        ),
        unless: { qube, key: "python" },
      };
    else if (!libraryLock(qube)) yield finding(noLibraries, [...qube.path, "version"], qube.version, python);
    const daemon = qube.uses.find((link) => link.service === "daemon")?.server;
    if (daemon && daemon.version !== qube.version)
      yield finding(twoVersions, [...qube.path, "version"], qube.version, daemon.version);
    const node = qube.uses.find((link) => link.service === "rpc");
    if (node && chainServed(node.server) === "testnet4")
      yield finding(neverTestnet4, [...qube.path, node.key], node.server.name);
  }
}
