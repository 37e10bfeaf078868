// SPDX-License-Identifier: GPL-3.0-or-later
import type { Link } from "./model.ts";

/**
 * The Qubes service that opens a link's local port in a client; its units bear the same name. A link that names its server has the name in
 * it, for the qubes of one template may use one local port for different servers.
 */
export function linkService(formula: string, { local, named, server }: Link): string {
  return named ? `${formula}-${local}-${server.name}` : `${formula}-tcp-${local}`;
}
