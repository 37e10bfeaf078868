// SPDX-License-Identifier: GPL-3.0-or-later
import { qube, type Dossier } from "../dossier.ts";
import { count, html, listed, type Html } from "../html.ts";
import { rpcLists, type RpcList } from "../rpc-lists.ts";
import type { Answering } from "./answer.ts";

/** Who reaches which port of a server, and which methods its RPC answers each client. */
export const ports: Answering = (dossier) => {
  const links = dossier.ways.filter(({ kind }) => kind === "link");
  const open = clientsOf(links);
  const servers = [...new Set(links.map(({ to }) => to))];
  const lists = rpcLists(dossier.audit.facts);
  const nodes = [...new Set(lists.map(({ server }) => server))];
  return {
    question: "Who can reach the node's RPC and the other servers, and with which methods?",
    short:
      links.length === 0
        ? "Nobody: no link of this tree leads to a port of another qube."
        : [
            nodes.length === 0 ? "No node of this tree has lists of methods. " : undefined,
            ...nodes.map(
              (node) =>
                html`The RPC of ${node}:
                ${listed(lists.filter(({ server }) => server === node).map(({ client, methods }) => `${client} with ${count(methods.length, "method")}`))}. `,
            ),
            `${count(open.size, "port")} of ${count(servers.length, "server")} ${open.size === 1 ? "is" : "are"} open in all, ${widest(open)}.`,
          ],
    more: html`<ul>
        ${servers.map(
          (server) =>
            html`<li>
              ${qube(server, dossier)}
              <ul>
                ${links
                  .filter(({ to }) => to === server)
                  .map(
                    ({ from, what, by, starts }) =>
                      html`<li>
                        ${qube(from, dossier)}, ${what}${starts ? "; a connection starts it" : ""}
                        (${dossier.anchors.link(by)})
                      </li>`,
                  )}${lists.filter((one) => one.server === server).map((one) => html`<li>${methods(one, dossier)}</li>`)}
              </ul>
            </li>`,
        )}
      </ul>
      <p>Whoever is in a server's own qube reaches all of its ports.</p>`,
  };
};

/** By port of a server: who may dial it. */
function clientsOf(
  links: readonly { to: string; what: string; from: string }[],
): ReadonlyMap<string, readonly string[]> {
  const clients = new Map<string, string[]>();
  for (const { to, what, from } of links) {
    const key = `${to} ${what.replace(/,.*$/, "")}`;
    clients.set(key, [...(clients.get(key) ?? []), from]);
  }
  return clients;
}

function widest(open: ReadonlyMap<string, readonly string[]>): string {
  const most = Math.max(...[...open.values()].map(({ length }) => length));
  return most === 1 ? "each to one client alone" : `each to ${most} clients at most`;
}

function methods({ client, methods, place }: RpcList, dossier: Dossier): Html {
  return html`the RPC answers ${qube(client, dossier)} ${count(methods.length, "method")}
    (${dossier.anchors.link(place)}): <code>${methods.join(", ")}</code>`;
}
