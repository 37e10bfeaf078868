// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../../model/model.ts";
import type { RunbookParts, RunbookStep } from "../../model/role.ts";
import { broughtProgram } from "../bring-program.ts";
import { CHAINS } from "./chains.ts";
import { nodeFacts } from "./facts.ts";
import { CONF, DATADIR, linksTo, OWN_CONF, ownOf, USER, serviceOf } from "./own.ts";
import { keptBlocks } from "./room.ts";
import { upstream } from "../../model/order.ts";
import { keepKey, readAddress } from "../onion-service-steps.ts";
import { service } from "./tor.ts";

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
    byHand: [...broughtProgram(qube, model), ...knownChain(qube, model.formula), ...stays.byHand],
    later: phase === "sync" ? [steady(qube)] : [],
    checks: [
      {
        title: `How ${name} is doing`,
        where: name,
        command: "node-status",
        text: `Blocks, peers, disk. The first sync over Tor takes ${chain === "main" ? "days to weeks" : "hours"}.`,
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
      "Never back up the chain: it can be downloaded again, and a copy taken while the node writes is none. Its RPC cookie is new at every start. Whoever uses this node keeps what counts in a qube of its own.",
  };
}

/** A chain that the user has already. What the node downloaded by itself makes room: its files are of another key (xor.dat) than older ones. */
function knownChain(qube: Qube, formula: string): RunbookStep[] {
  const { name } = qube;
  if (keptBlocks(qube) !== undefined) return [];
  const { folder } = CHAINS[ownOf(qube).chain];
  const to = folder === "" ? DATADIR : `${DATADIR}/${folder}`;
  const from = `/mnt/bitcoin${folder === "" ? "" : `/${folder}`}`;
  const unit = serviceOf(formula);
  const whole = nodeFacts(qube).txindex ? " that was not pruned: this one keeps an index of all transactions" : "";
  return [
    {
      title: `If you have the chain already, on another disk: bring it into ${name}`,
      where: name,
      command: [
        // Masked, for another service may start it meanwhile, as one that brings its program does.
        `sudo systemctl mask --runtime --now ${unit}`,
        "if mountpoint -q /mnt; then sudo umount /mnt; fi",
        "sudo mount -o ro /dev/xvdi1 /mnt",
        // CURRENT: the file by which LevelDB finds its database (google/leveldb doc/impl.md).
        `sudo ls ${from}/blocks/index/CURRENT ${from}/chainstate/CURRENT`,
        `sudo test ! -e ${to}/before`,
        `sudo rm -rf ${to}/arriving`,
        `sudo -u ${USER} mkdir -p ${to}/arriving`,
        `sudo cp -r ${from}/blocks ${from}/chainstate ${to}/arriving/`,
        "sudo umount /mnt",
        `sudo chown -R ${USER}:${USER} ${to}/arriving`,
        // Only now, with the copy whole, is anything of the node's own moved.
        `sudo -u ${USER} mkdir ${to}/before`,
        `sudo find ${to} -maxdepth 1 '(' -name blocks -o -name chainstate -o -name indexes ')' -exec mv -t ${to}/before '{}' +`,
        `sudo mv -t ${to} ${to}/arriving/blocks ${to}/arriving/chainstate`,
        `sudo rmdir ${to}/arriving`,
        `sudo systemctl unmask --runtime ${unit}`,
        `sudo systemctl start ${unit}`,
      ].join(" && \\\n"),
      text: `Otherwise skip this. Attach the disk in dom0 with qvm-block; ls /dev/xvd* in ${name} shows its partition, and in its folder, here /mnt/bitcoin, must lie blocks and chainstate. They must come from a node of your own${whole}, stopped cleanly, of this version or an older one; what is in chainstate is believed, not checked, so take nobody else's. Take nothing more of it: no wallets, no settings.\n\nEach command runs only if the one before went well; where one fails, nothing of what ${name} has is lost, and its node stays off: mend what was said and give them all again, or leave it with \`sudo systemctl unmask --runtime ${unit}\` and start it. What ${name} had downloaded itself lies afterwards in ${to}/before, so the disk must have room for both; when \`node-status\` is as it should be: \`sudo rm -rf ${to}/before\`. The commands begin with no such folder there.`,
    },
  ];
}

function steady(qube: Qube): RunbookStep {
  const { name } = qube;
  const server = linksTo(qube, "zmq")[0]?.client.name;
  return {
    title: `When ${name} has the whole chain`,
    text: `Write \`phase: steady\` at ${name} in the topology, build and apply: the node then takes half of the memory.${server === undefined ? "" : ` Do the same at ${server} when its index is complete.`}`,
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
