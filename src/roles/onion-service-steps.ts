// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, OnionService, Qube } from "../model/model.ts";
import type { RunbookStep } from "../model/role.ts";
import { onionFolder } from "../whonix/gateway.ts";

/** How the address of an onion service is read on the gateway that holds its key. */
export function readAddress(
  gateway: string,
  { formula }: Model,
  { name }: OnionService,
): Required<Pick<RunbookStep, "where" | "command">> {
  return { where: gateway, command: `sudo cat ${onionFolder(formula, name)}/hostname` };
}

/** What there is to know of an onion service's key. */
export function keepKey(gateway: Qube, { formula }: Model, { name }: OnionService): RunbookStep {
  const folder = onionFolder(formula, name);
  const backed = gateway.vm.include_in_backups.value
    ? `Qubes' backup of ${gateway.name} holds it`
    : `${gateway.name} is not in Qubes' backup`;
  return {
    title: `The key of the onion service ${name}`,
    where: gateway.name,
    command: [
      `sudo tar -C /var/lib/tor -cf - ${folder.split("/").at(-1)} >onion-key.tar`,
      "qvm-copy onion-key.tar && rm onion-key.tar",
    ].join("\n"),
    text: `The folder ${folder} is the service: whoever has hs_ed25519_secret_key from it can be it, and get what is meant for you; without it the address is lost for good. ${backed}. To keep it elsewhere too, this packs it and asks you for the qube: take one without network, and nothing else. Unpacked in the same place of a new gateway, before its first apply, it brings the address back. A service that the topology no longer has is gone with the next apply; its folder stays until you remove it.`,
  };
}
