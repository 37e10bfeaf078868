// SPDX-License-Identifier: GPL-3.0-or-later
import firewall from "../../salt-templates/whonix/workstation-firewall.conf.hbs";
import sdwdateGuiOff from "../../salt-templates/whonix/sdwdate-gui-off.conf.hbs";
import sdwdateGui from "../../salt-templates/whonix/sdwdate-gui.conf.hbs";
import torBrowser from "../../salt-templates/whonix/torbrowser.conf.hbs";
import type { Qube } from "../model/model.ts";
import type { ManagedFile } from "../model/parts.ts";
import { firewallPath, GATEWAY_ADDRESS, sdwdateGuiPath, torBrowserPath } from "./gateway.ts";
import { reloadFirewall } from "./reloads.ts";

const rootFile = { user: "root", group: "root", mode: "0644", dirMode: "0755" };

/** Services of a workstation without net qube: its clock is Qubes', and nothing in it looks for the time over Tor (Kicksecure/sdwdate). */
export const OFFLINE_SERVICES = ["no-sdwdate"];

/** What Whonix itself must be told on a workstation of ours, whatever its role. */
export function workstationFiles(qube: Qube, formula: string): ManagedFile[] {
  const files: ManagedFile[] = [
    {
      ...rootFile,
      path: torBrowserPath(formula),
      content: { template: torBrowser, view: {} },
      why: "No browsing from a qube that serves one purpose.",
    },
  ];
  if (!qube.netvm) {
    return [
      ...files,
      {
        ...rootFile,
        path: sdwdateGuiPath(formula),
        content: { template: sdwdateGuiOff, view: {} },
        why: "No clock display where there is no Tor: it would call sys-whonix.",
      },
    ];
  }
  const inbound = qube.role.tor?.(qube).inbound ?? [];
  return [
    ...files,
    {
      ...rootFile,
      path: sdwdateGuiPath(formula),
      content: { template: sdwdateGui, view: { gateway: qube.netvm.name } },
      why: "The clock display asks this qube's own gateway; by itself it would call sys-whonix.",
    },
    {
      ...rootFile,
      path: firewallPath(formula),
      content: {
        template: firewall,
        view: {
          gateway: GATEWAY_ADDRESS,
          inbound: inbound.map(({ value, why, source }) => ({ port: value, why, source })),
        },
      },
      why: "Outgoing connections reach the gateway and nothing else; incoming ones only the ports that an onion service needs.",
      reload: reloadFirewall,
    },
  ];
}
