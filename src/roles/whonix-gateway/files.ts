// SPDX-License-Identifier: GPL-3.0-or-later
import firewall from "../../../salt-templates/whonix/gateway-firewall.conf.hbs";
import grater from "../../../salt-templates/whonix/onion-grater.yml.hbs";
import torrc from "../../../salt-templates/whonix/torrc.conf.hbs";
import { inCOrder } from "../../kernel/tree.ts";
import type { GraterRule, Qube, SocksPort, TorNeeds } from "../../model/model.ts";
import type { AbsentFile, ManagedFile, QubeParts } from "../../model/parts.ts";
import { firewallPath, graterPath, STOCK_SOCKS_PORTS, torrcPath } from "../../whonix/gateway.ts";
import { clientKeys } from "./client-auth.ts";
import { clientFiles, publishedBy, serviceFolders } from "./services.ts";
import { reloadFirewall, reloadTor, restartOnionGrater } from "../../whonix/reloads.ts";

const rootFile = { user: "root", group: "root", mode: "0644", dirMode: "0755" };

/**
 * What a gateway holds: what the qubes behind it need of Tor, put together, and the onion services that it offers. A file that no longer has
 * anything to say is removed: what it said would go on.
 */
export function gatewayParts(gateway: Qube, formula: string): QubeParts {
  const needs = gateway.behind.map((qube) => qube.role.tor?.(qube) ?? {});
  const ports = socksPorts(needs);
  const rules = graterRules(needs);
  const published = publishedBy(gateway, formula);
  const clients = clientFiles(published);
  const ours = ports.filter(({ value }) => value < STOCK_SOCKS_PORTS.first || value > STOCK_SOCKS_PORTS.last);

  const absent: AbsentFile[] = [];
  const files: ManagedFile[] = [
    ...clients,
    {
      ...rootFile,
      path: firewallPath(formula),
      content: { template: firewall, view: { ports: ours.map(({ value }) => ({ port: value })) } },
      why: "Opens our own SocksPorts to the qubes behind this gateway and switches transparent proxying off.",
      reload: reloadFirewall,
    },
  ];
  if (ports.length > 0 || published.length > 0) {
    files.push({
      ...rootFile,
      path: torrcPath(formula),
      content: {
        template: torrc,
        view: {
          ports: ports.map(({ value, flags, why, source }) => ({ port: value, flags, why, source })),
          services: published.map(({ folder, target, ends, service: { port, pow, why, clients: guarded } }) => ({
            folder,
            target,
            ends,
            port,
            pow,
            why,
            guarded: guarded !== undefined,
          })),
        },
      },
      why: "SocksPorts and onion services that stock Whonix does not have.",
      after: clients.map(({ path }) => path),
      reload: reloadTor,
    });
  } else {
    absent.push({
      path: torrcPath(formula),
      why: "No SocksPort and no onion service of ours: those of an earlier topology end.",
      reload: reloadTor,
    });
  }
  if (rules.length > 0) {
    files.push({
      ...rootFile,
      path: graterPath(formula),
      content: { template: grater, view: { rules } },
      why: "The control commands by which a node behind this gateway makes its onion service, and no others.",
      reload: restartOnionGrater,
    });
  } else {
    absent.push({
      path: graterPath(formula),
      why: "No qube behind this gateway asks Tor for an onion service: none may any more.",
      reload: restartOnionGrater,
    });
  }
  const { directories = [], secrets = [], pruned = [] } = clientKeys(gateway, formula);
  return {
    directories: [...serviceFolders(published), ...directories],
    secrets,
    pruned,
    files,
    absent,
    disabled: ["tinyproxy"],
  };
}

function socksPorts(needs: readonly TorNeeds[]): SocksPort[] {
  const byPort = new Map<number, SocksPort>();
  for (const port of needs.flatMap((one) => one.socksPorts ?? [])) byPort.set(port.value, port);
  return [...byPort.values()].toSorted((a, b) => a.value - b.value);
}

function graterRules(needs: readonly TorNeeds[]): GraterRule[] {
  const byPattern = new Map<string, GraterRule>();
  for (const rule of needs.flatMap((one) => one.onionGrater ?? [])) byPattern.set(rule.pattern, rule);
  return [...byPattern.values()].toSorted((a, b) => inCOrder(a.pattern, b.pattern));
}
