// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../../model/model.ts";
import type { RunbookParts, RunbookStep } from "../../model/role.ts";
import { bringProgram } from "../bring-program.ts";
import { CHAINS } from "./chains.ts";
import { CONF, DATADIR, OWN_CONF, ownOf, PROGRAMS, USER } from "./own.ts";
import { serviceOf } from "./template.ts";

/** The node's part of the runbook. */
export function nodeRunbook(qube: Qube, model: Model): RunbookParts {
  const { name, version } = qube;
  const { chain, phase, tor } = ownOf(qube);
  return {
    beyond: "Bitcoin P2P",
    takes:
      chain === "main"
        ? `${name} downloads and checks the chain over Tor: days to weeks, depending on your line and on Tor.`
        : `${name} downloads and checks the chain ${chain} over Tor: hours.`,
    byHand: [
      bringProgram({
        program: `Bitcoin Core ${version}`,
        name,
        folder: PROGRAMS,
        version,
        file: "bin/bitcoind",
        unit: serviceOf(model.formula),
      }),
      knownChain(qube, model.formula),
      ...(phase === "sync" ? [steady(name)] : []),
    ],
    checks: [
      {
        title: `How ${name} is doing`,
        where: name,
        command: "node-status",
        text: "Blocks, peers, disk. The first sync over Tor takes days to weeks.",
      },
      tor === "onion-only"
        ? {
            title: `${name} knows onion peers only`,
            where: name,
            command: "bitcoin-cli -netinfo",
            text: "The columns ipv4, ipv6, i2p and cjdns are empty or absent.",
          }
        : {
            title: `The peers of ${name}`,
            where: name,
            command: "bitcoin-cli -netinfo",
            text: "Those in the columns ipv4 and ipv6 are reached through Tor exits, which see what both sides say unless the connection is of version 2.",
          },
    ],
    logs: [
      {
        title: `The log of ${name}`,
        where: name,
        command: `sudo journalctl -fu ${serviceOf(model.formula)}`,
        text: `It is gone when the qube shuts down. What you add in ${DATADIR}/${OWN_CONF} counts after a restart of the service, and nobody checks it; ${CONF} itself is written anew by the states.`,
      },
    ],
    backup:
      "Never back up the chain: it can be downloaded again. Whoever uses this node keeps what counts in a qube of its own.",
  };
}

function knownChain(qube: Qube, formula: string): RunbookStep {
  const { name } = qube;
  const { folder } = CHAINS[ownOf(qube).chain];
  const to = folder === "" ? DATADIR : `${DATADIR}/${folder}`;
  const from = `/mnt/bitcoin${folder === "" ? "" : `/${folder}`}`;
  return {
    title: `If you have the chain already, on another disk: bring it into ${name}`,
    where: name,
    command: [
      `sudo systemctl stop ${serviceOf(formula)}`,
      "sudo mount -o ro /dev/xvdi /mnt",
      `sudo -u ${USER} mkdir -p ${to}`,
      `sudo cp -r ${from}/blocks ${from}/chainstate ${to}/`,
      `sudo chown -R ${USER}:${USER} ${to}`,
      "sudo umount /mnt",
      `sudo systemctl start ${serviceOf(formula)}`,
    ].join("\n"),
    text: `Attach the disk in dom0 with qvm-block, and put the name of its folder for /mnt/bitcoin. Take both folders from a node of your own that was stopped cleanly, of this version or an older one, and nothing else of it: no wallets, no settings. What is in chainstate is believed, not checked: from anybody else take blocks alone, and start once with -reindex. For a larger disk of this machine set vm.pool before the qube is made.`,
  };
}

function steady(name: string): RunbookStep {
  return {
    title: `When ${name} has the whole chain`,
    text: `Write \`phase: steady\` at ${name} in the topology, build and apply: the node then takes half of the memory. (Do the same at its Electrum server when the index is complete.)`,
  };
}
