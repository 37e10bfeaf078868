// SPDX-License-Identifier: GPL-3.0-or-later
import type { Link, Model, Qube } from "../model/model.ts";
import { upstream } from "../model/order.ts";

/** Lines of equal width are not needed; a block is read from its first line down. */
type Block = readonly string[];

/**
 * A system as text, drawn as the seed of this project drew it: a qube that serves, to its right what carries it to the outside, below it the
 * qubes that use it and the qrexec ports by which they do. Arrows point at whoever is called. Each qube is drawn in full once.
 */
export function diagram(model: Model): string[] {
  const drawn = new Set<Qube>();
  const roots = model.qubes.filter((qube) => !qube.role.providesNetwork && qube.uses.length === 0);
  return roots
    .flatMap((qube, at) => [...(at === 0 ? [] : [""]), ...draw(qube, model, drawn)])
    .map((line) => line.trimEnd());
}

function draw(qube: Qube, model: Model, drawn: Set<Qube>): Block {
  if (drawn.has(qube)) return box("-", "|", [qube.name, "(drawn above)"]);
  drawn.add(qube);
  const clients = new Map<Qube, Link[]>();
  const exposed = qube.serves.filter((link) => link.onion);
  for (const link of qube.serves)
    if (!link.onion) clients.set(link.client, [...(clients.get(link.client) ?? []), link]);
  const callers: [Link[], Block][] = [
    ...[...clients].map(([client, links]): [Link[], Block] => [links, draw(client, model, drawn)]),
    ...exposed.map((link): [Link[], Block] => [[link], outside(link)]),
  ];
  const branches = callers.flatMap(([links, caller], at) => {
    const branch = beside(box("+", "+", links.map(label)), " <-- ", caller);
    const stem = at === callers.length - 1 ? "      " : "  |   ";
    return ["  |", ...branch.map((line, row) => (row === 0 ? "  |   " : row === 1 ? "  +-- " : stem) + line)];
  });
  return [...head(qube, model), ...branches];
}

/** A gateway that offers a service to the outside, and who may come. */
function outside({ client: gateway, onion }: Link): Block {
  const who = onion?.clients ? Object.keys(onion.clients) : ["whoever knows", "its address"];
  const own = box("-", "|", [gateway.name, gateway.role.name]);
  return beside(own, " <-- ", box("*", "*", [...who, `over Tor, port ${onion?.port}`]));
}

/** A qube, and to its right the gateway and what lies beyond it. */
function head(qube: Qube, model: Model): Block {
  const own = box("-", "|", [qube.name, qube.role.name]);
  const gateway = upstream(qube);
  if (!gateway && qube.netvm) return direct(own, qube, qube.netvm.name, model);
  if (!gateway) return own;
  const beyond = qube.role.runbook?.(qube, model).beyond ?? "Tor";
  const arrow = (qube.role.tor?.(qube).inbound ?? []).length > 0 ? " <-> " : " --> ";
  return beside(
    beside(own, arrow, box("-", "|", [gateway.name, gateway.role.name])),
    arrow,
    box("*", "*", [beyond, "over Tor"]),
  );
}

/** A qube whose traffic does not go through Tor: the net qube that is not ours, and the one host. */
function direct(own: Block, qube: Qube, netvm: string, model: Model): Block {
  const beyond = qube.role.runbook?.(qube, model).beyond ?? "a host";
  const net = box("-", "|", [netvm, "net qube"]);
  return beside(beside(own, " --> ", net), " --> ", box("*", "*", [beyond, "on your network"]));
}

function label({ service, port, local, named }: Link): string {
  return named ? `${service} ${port} at ${local}` : `${service} ${port}`;
}

function box(edge: string, side: string, lines: readonly string[]): Block {
  const width = Math.max(...lines.map((line) => line.length));
  const rule = edge.repeat(width + 2);
  return [`/${rule}\\`, ...lines.map((line) => `${side} ${line.padEnd(width)} ${side}`), `\\${rule}/`];
}

/** Two blocks side by side, with a sign between them in the second line. */
function beside(left: Block, sign: string, right: Block): Block {
  const width = Math.max(...left.map((line) => line.length));
  const rows = Math.max(left.length, right.length);
  return Array.from({ length: rows }, (_, row) => {
    const between = row === 1 ? sign : " ".repeat(sign.length);
    return (left[row] ?? "").padEnd(width) + between + (right[row] ?? "");
  });
}
