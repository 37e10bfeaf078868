// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../../model/model.ts";
import type { RunbookParts, RunbookStep } from "../../model/role.ts";
import { keysIn } from "./holds.ts";
import { publishedBy, type Published } from "./services.ts";

/** The gateway's part of the runbook. */
export function gatewayRunbook(gateway: Qube, model: Model): RunbookParts {
  const { name } = gateway;
  const published = publishedBy(gateway, model.formula);
  const { own: services, others: asked } = keysIn(gateway, model);
  const called =
    asked.length > 0
      ? `The keys by which ${asked.join(", ")} may be called, which lie in dom0's pillar too: keep the backup as you would keep them. `
      : "";
  const bridges: RunbookStep[] =
    gateway.own["bridges"] === "by-hand"
      ? [
          {
            title: `Set bridges in ${name}, then give it its net qube`,
            where: "dom0",
            command: [
              `qvm-start ${name}`,
              `# now set the bridges in ${name}`,
              `qvm-shutdown --wait ${name}`,
              `qvm-prefs ${name} netvm ${gateway.netvm?.name ?? "sys-firewall"}`,
            ].join("\n"),
            text: `${name} was made without a net qube, so Tor has not connected yet; an apply may start it to configure it, but gives it none. Set the bridges as the Whonix documentation says under Bridges, and only then the net qube; the states leave that setting alone from then on. Until this is done nothing behind it reaches the network.`,
          },
        ]
      : [];
  return {
    byHand: bridges,
    checks: [
      {
        title: `Tor is up in ${name}`,
        where: name,
        command: "sudo journalctl -u tor@default | grep Bootstrapped | tail -n 1",
        text: "It says 100%.",
      },
      {
        title: `Tor accepts its configuration in ${name}`,
        where: name,
        command: "anon-verify",
        text: "Near its top: no error detected. It looks at the files alone, and would say so with a dead Tor too.",
      },
      ...published.map(({ folder, service }) => ({
        title: `Tor offers the onion service ${service.name}`,
        where: name,
        command: `sudo cat ${folder}/hostname`,
        text: service.clients
          ? `Its address. And sudo ls ${folder}/authorized_clients shows who may use it: ${Object.keys(service.clients).join(", ")}, and nobody else.`
          : "Its address. Whoever knows it may connect.",
      })),
      ...(published.some(({ service }) => service.clients)
        ? [
            {
              title: `Tor in ${name} could read every client's key`,
              where: name,
              command: "sudo journalctl -u tor@default | grep -i 'client authorization'",
              text: "It says nothing. A service of which tor could read no key at all is open to everybody who knows its address.",
            },
          ]
        : []),
    ],
    logs: [
      {
        title: `The log of Tor in ${name}`,
        where: name,
        command: "sudo journalctl -fu tor@default",
        text: "Also: sudo journalctl -fu onion-grater, for what qubes behind it asked of Tor.",
      },
    ],
    restore: services.length > 0 ? keysBack(name, published) : [],
    backup:
      services.length > 0
        ? `${called}The keys of the onion services ${services.join(", ")}, which are their addresses: keep the backup as you would keep them. And Tor's choice of guards, which should stay the same.`
        : `${called}Tor's choice of guards, which should stay the same.${called === "" ? " It holds no key." : ""}`,
  };
}

/** How the keys of onion services come back: by the folders, since a key made anew is another address. */
function keysBack(name: string, published: readonly Published[]): RunbookStep[] {
  const folders = published.map(({ folder }) => folder.slice(folder.lastIndexOf("/") + 1)).join(" ");
  return [
    {
      title: `The restored ${name} must not call the network`,
      where: "dom0",
      command: `qvm-prefs ${name}1 netvm ''`,
      text: "Before it is started: two machines that offer one onion service take it away from each other.",
    },
    {
      title: `Out of the restored ${name}: the keys of its onion services`,
      where: `${name}1, or whatever Qubes called the restored qube`,
      command: [
        `sudo tar -C /var/lib/tor -cf - ${folders} >onion-keys.tar`,
        "qvm-copy onion-keys.tar && rm onion-keys.tar",
      ].join("\n"),
      text: `dom0 asks where to: ${name}.`,
    },
    {
      title: `Into the new ${name}: the keys of its onion services`,
      where: name,
      command: [
        "sudo systemctl stop tor@default",
        `sudo tar -C /var/lib/tor -xpf ~/QubesIncoming/${name}1/onion-keys.tar`,
        "sudo systemctl start tor@default",
        `rm ~/QubesIncoming/${name}1/onion-keys.tar`,
      ].join("\n"),
      text: 'Then apply once more, and read the addresses as it stands under "See that it works": they are the old ones. The old machine must not run any more.',
    },
  ];
}
