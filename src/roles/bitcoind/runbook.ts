// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../../model/model.ts";
import type { RunbookParts, RunbookStep } from "../../model/role.ts";
import { bringProgram } from "../bring-program.ts";
import { CHAINS } from "./chains.ts";
import { CONF, DATADIR, OWN_CONF, ownOf, PROGRAMS, USER } from "./own.ts";
import { upstream } from "../../model/order.ts";
import { keepKey, readAddress } from "../onion-service-steps.ts";
import { service } from "./tor.ts";
import { serviceOf } from "./template.ts";

/** The node's part of the runbook. */
export function nodeRunbook(qube: Qube, model: Model): RunbookParts {
  const { name } = qube;
  const { chain, phase, tor } = ownOf(qube);
  const onlyOnions = tor === "onion-only";
  const stays = stayingAddress(qube, model);
  return {
    beyond: onlyOnions ? "Bitcoin P2P" : "Bitcoin P2P, exits too",
    takes:
      chain === "main"
        ? `${name} downloads and checks the chain over Tor: days to weeks, depending on your line and on Tor.`
        : `${name} downloads and checks the chain ${chain} over Tor: hours.`,
    byHand: [
      bringProgram({
        qube,
        folder: PROGRAMS,
        file: "bin/bitcoind",
        unit: serviceOf(model.formula),
      }),
      knownChain(qube, model.formula),
      ...(phase === "sync" ? [steady(name)] : []),
      ...stays.byHand,
    ],
    checks: [
      {
        title: `How ${name} is doing`,
        where: name,
        command: "node-status",
        text: "Blocks, peers, disk. The first sync over Tor takes days to weeks.",
      },
      {
        title: onlyOnions
          ? `${name} knows onion peers only`
          : `${name} knows onion peers, and others through Tor exits`,
        where: name,
        command: "bitcoin-cli -netinfo",
        text: onlyOnions
          ? "The columns ipv4, ipv6, i2p and cjdns are empty or absent."
          : "The column onion is not empty; those of ipv4 and ipv6 are peers behind Tor exits, as the topology chose (tor: onion-preferred). Those of i2p and cjdns are empty or absent.",
      },
      ...stays.checks,
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

/** What is to be done about an onion service whose key lies on the gateway. */
function stayingAddress(qube: Qube, model: Model): Required<Pick<RunbookParts, "byHand" | "checks">> {
  const { onion } = ownOf(qube);
  const gateway = upstream(qube);
  if (onion?.p2p !== "static" || !gateway) return { byHand: [], checks: [] };
  const { name } = qube;
  const address = readAddress(gateway.name, model, service(qube));
  const key = keepKey(gateway, model, service(qube));
  const known = {
    ...address,
    title: `Peers are told the address of ${name}`,
    text: `It says ${onion.address}. In ${name}, bitcoin-cli getnetworkinfo has the same among its localaddresses.`,
  };
  if (onion.address !== undefined) return { byHand: [key], checks: [known] };
  return {
    byHand: [
      {
        ...address,
        title: `The onion address of ${name}`,
        text: `Made by tor at the first apply. Put it into the topology, beside p2p: static, as address: ADDRESS.onion, then build and apply again: from then on the node tells it to peers, and they come. It stays the same over restarts: that makes it worth knowing to other nodes, and lets whoever watches for long tell that it is always this node, and when it runs. Tell nobody that it is yours.`,
      },
      key,
    ],
    checks: [],
  };
}
