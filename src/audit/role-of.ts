// SPDX-License-Identifier: GPL-3.0-or-later
import type { Role } from "../model/role.ts";
import type { Seen } from "../model/trust.ts";
import { roles } from "../roles/index.ts";
import type { Facts } from "./facts.ts";

/** What stands for the server of a qube that only forwards: its socket's unit runs socat. */
function carrierOf(name: string, { landedIn, qubes }: Facts): string | undefined {
  const template = qubes.get(name)?.template ?? "";
  return landedIn
    .get(template)
    ?.find(
      ({ path, text }) =>
        /\/[^/]*forward[^/]*\.service$/.test(path) && /^ExecStart=\/usr\/bin\/socat /m.test(text ?? ""),
    )?.text;
}

/** Whether a qube only passes on what it hears to a server elsewhere, by what its template's units do. */
export function forwards(name: string, facts: Facts): boolean {
  return (
    roles.some((one) => one.elsewhere && one.name === facts.roles.get(name)) && carrierOf(name, facts) !== undefined
  );
}

/** The role that MANIFEST.json claims for a qube, or what stands for it where the qube only forwards; nothing where none is known by that name. */
export function roleOf(name: string, facts: Facts): Role | undefined {
  const role = roles.find((one) => one.name === facts.roles.get(name));
  if (!role?.elsewhere || !forwards(name, facts)) return role;
  const far = / SOCKS4A:/.test(carrierOf(name, facts) ?? "") ? role.elsewhere.onion : role.elsewhere.lan;
  return typeof far === "string" ? role : far;
}

/** A qube as its role looks at it: what the states write in it. */
export function seen(name: string, { landedIn }: Facts): Seen {
  return {
    name,
    text: (end) => {
      const found = (landedIn.get(name) ?? []).filter(({ path, text }) => end.test(path) && text !== undefined);
      return found.length === 0 ? undefined : found.map(({ text }) => text).join("\n");
    },
  };
}
