// SPDX-License-Identifier: GPL-3.0-or-later
import type { Remote } from "../topology/topology.ts";
import type { Qube } from "./model.ts";

/** Where the server is that a qube stands for, if it is not in the qube itself. */
export function remoteOf({ own }: Pick<Qube, "own">): Remote | undefined {
  return own["remote"] as Remote | undefined;
}

/** The Qubes service that opens a port of a server elsewhere in the qube that stands for it; its units bear the same name. */
export function forwardService(formula: string, port: number): string {
  return `${formula}-forward-${port}`;
}

/** The ports that a qube forwards: those that others use of the server that it stands for. */
export function forwardedPorts(qube: Pick<Qube, "own" | "serves">): number[] {
  if (!remoteOf(qube)) return [];
  return [...new Set(qube.serves.map(({ port }) => port))].toSorted((a, b) => a - b);
}
