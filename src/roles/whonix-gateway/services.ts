// SPDX-License-Identifier: GPL-3.0-or-later
import type { OnionService, Qube } from "../../model/model.ts";
import type { Directory, ManagedFile } from "../../model/parts.ts";
import { inCOrder } from "../../kernel/tree.ts";
import auth from "../../../salt-templates/whonix/client.auth.hbs";
import { clientFile, clientsFolder, onionFolder, TOR_USER } from "../../whonix/gateway.ts";
import { reloadTor } from "../../whonix/reloads.ts";

/** An onion service as the gateway's torrc has it. */
export interface Published {
  readonly folder: string;
  readonly service: OnionService;
  /** The address and port to which tor carries it, and what answers there. */
  readonly target: string;
  readonly ends: string;
}

/** The onion services of a gateway: those that end in links of its own, and those that end at addresses of qubes behind it. */
export function publishedBy(gateway: Qube, formula: string): Published[] {
  const found: Published[] = [];
  for (const { onion, local, server } of gateway.uses) {
    if (!onion) continue;
    const ends = `this qube's own port ${local}, from where qrexec carries it to ${server.name}`;
    found.push({ folder: onionFolder(formula, onion.name), service: onion, target: `127.0.0.1:${local}`, ends });
  }
  for (const behind of gateway.behind) {
    for (const onion of behind.role.tor?.(behind).onionServices ?? []) {
      const target = onion.target ?? "";
      const ends = `${behind.name}, whose address dom0 keeps and whose firewall opens this port`;
      found.push({ folder: onionFolder(formula, onion.name), service: onion, target, ends });
    }
  }
  return found.toSorted((a, b) => inCOrder(a.folder, b.folder));
}

const torOwn = { user: TOR_USER, group: TOR_USER };

/** The folders of the onion services. Tor would make them; the keys of clients must be there before it reads that there is a service. */
export function serviceFolders(published: readonly Published[]): Directory[] {
  return published.flatMap(({ folder, service }) => [
    {
      ...torOwn,
      path: folder,
      mode: "0700",
      why: `The onion service ${service.name}: tor puts its key and its address here. Tor's own, and nobody else's: otherwise it does not start.`,
    },
    {
      ...torOwn,
      path: clientsFolder(folder),
      mode: "0700",
      why: service.clients
        ? "Who may use it: a file for each client of the topology and no other, or one that was taken out could still come in."
        : "Nobody is asked for a key: no file here, or tor would shut out all others.",
      only: clientsOf(service).map(([client]) => clientFile(folder, client)),
      reload: reloadTor,
    },
  ]);
}

/** The public keys of those who may use the onion services. */
export function clientFiles(published: readonly Published[]): ManagedFile[] {
  return published.flatMap(({ folder, service }) =>
    clientsOf(service).map(([client, key]): ManagedFile => ({
      ...torOwn,
      path: clientFile(folder, client),
      content: { template: auth, view: { key } },
      mode: "0600",
      dirMode: "0700",
      why: `${client} may use the onion service ${service.name}. A public key; one line and nothing else, for tor reads no comments here (tor(1), CLIENT AUTHORIZATION).`,
      reload: reloadTor,
    })),
  );
}

function clientsOf({ clients = {} }: OnionService): [string, string][] {
  return Object.entries(clients).toSorted(([a], [b]) => inCOrder(a, b));
}
