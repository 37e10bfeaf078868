// SPDX-License-Identifier: GPL-3.0-or-later
import bitcoinCli from "../../../formulas/bitcoind/bitcoin-cli.sh";
import ownConf from "../../../formulas/bitcoind/bitcoin.local.conf";
import nodeStatus from "../../../formulas/bitcoind/node-status.sh";
import conf from "../../../salt-templates/bitcoind/bitcoin.conf.hbs";
import type { Qube } from "../../model/model.ts";
import type { QubeParts } from "../../model/parts.ts";
import { CONF, DATADIR, HOME, OWN_CONF, PROGRAMS, serviceOf, STOPS, USER } from "./own.ts";
import { rpcauth } from "./rpc-access.ts";
import { settings } from "./settings.ts";
import { watchWalletsParts } from "./watch-wallets.ts";

const program = { user: "root", group: "root", mode: "0755", dirMode: "0755" };

/** A node's own folders and files. */
export function nodeFiles(qube: Qube, formula: string): QubeParts {
  const secrets = rpcauth(qube, formula);
  const watched = watchWalletsParts(qube, formula);
  return {
    secrets,
    daemons: [
      {
        unit: `${serviceOf(formula)}.service`,
        // All that bitcoin.conf includes is read as it is itself (Bitcoin Core src/common/config.cpp).
        reads: [CONF, `${DATADIR}/${OWN_CONF}`, ...secrets.map(({ path }) => path)].map((path) => ({
          path,
          comments: "anywhere",
        })),
        program: PROGRAMS,
        stops: STOPS,
      },
    ],
    ...(watched.absent && { absent: watched.absent }),
    directories: [
      { path: HOME, user: USER, group: USER, mode: "0700", why: "The node's home; nobody else in the qube reads it." },
      { path: DATADIR, user: USER, group: USER, mode: "0700", why: "The chain, the RPC cookie and the settings." },
      {
        path: PROGRAMS,
        user: "root",
        group: "root",
        mode: "0755",
        why: "Bitcoin Core goes here: root's, so that the node cannot change its own program.",
      },
    ],
    services: [serviceOf(formula), ...(watched.services ?? [])],
    files: [
      {
        path: CONF,
        content: { template: conf, view: { qube: qube.name, version: qube.version, sections: settings(qube) } },
        user: USER,
        group: USER,
        mode: "0600",
        dirMode: "0700",
        why: "The node's settings, each with its reason. Read by the node alone.",
        needs: secrets.map(({ path }) => path),
      },
      {
        path: `${DATADIR}/${OWN_CONF}`,
        content: { verbatim: ownConf },
        user: USER,
        group: USER,
        mode: "0600",
        dirMode: "0700",
        why: "Yours: settings that are not known here. It must be there, for bitcoin.conf includes it; it is made once and then left alone.",
        once: true,
      },
      {
        ...program,
        path: "/usr/local/bin/bitcoin-cli",
        content: { verbatim: bitcoinCli },
        why: "bitcoin-cli as the user that may read the RPC cookie.",
      },
      {
        ...program,
        path: "/usr/local/bin/node-status",
        content: { verbatim: nodeStatus },
        why: "How far the chain is, how many peers there are, and how full the disk is.",
      },
      ...(watched.files ?? []),
    ],
  };
}
