// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import type { Reference, Role } from "../model/role.ts";
import { formulaName, localPort, qubeName, size } from "./scalars.ts";
import { vm, type VmKeys } from "./vm.ts";

/** What kind of net qube an `external:` one is. `net` is any that is not Whonix: a firewall or VPN qube. */
const externalKind = z.enum(["net", "whonix-gateway"]);

/** One qube as it was written; `own` keys are those of its role. */
export interface QubeEntry {
  readonly role: string;
  readonly netvm?: string | undefined;
  readonly vm?: VmKeys | undefined;
  readonly [own: string]: unknown;
}

/** A topology as it was written, with every key known and every value well-formed; names are still names. */
export interface Topology {
  readonly formula: string;
  readonly platform: { readonly qubes: "4.2" | "4.3"; readonly whonix: 17 | 18; readonly memory?: string | undefined };
  readonly qubes: Readonly<Record<string, QubeEntry>>;
  readonly external?: Readonly<Record<string, { readonly kind: z.infer<typeof externalKind> }>> | undefined;
  readonly updates?: string | undefined;
}

/** A server by name and by the local port at which the client shall find it. */
const serverAtPort = z.strictObject({
  qube: qubeName,
  port: localPort.describe("The local port at which this qube finds it."),
});

/** One reference as it may be written. */
export type WrittenReference = string | z.infer<typeof serverAtPort>;

function referenceSchema({ port, many, optional, description }: Reference): z.ZodType {
  const one =
    port && !many
      ? z.union([qubeName, serverAtPort], { error: "expected a qube's name, or { qube: NAME, port: PORT }" })
      : many
        ? z.array(serverAtPort, { error: "expected a list such as [{ qube: NAME, port: PORT }]" }).min(1).max(16)
        : qubeName;
  return (optional ? one.optional() : one).describe(description);
}

/** The keys that one role's qubes may have: those of every qube, its references, and its own. */
function qubeSchema(role: Role) {
  const netvm = role.netvm && {
    netvm: (role.netvm.default === undefined ? qubeName : qubeName.default(role.netvm.default)).describe(
      role.netvm.description,
    ),
  };
  const references = Object.entries(role.references ?? {}).map(([key, reference]) => [key, referenceSchema(reference)]);
  return z
    .strictObject({
      role: z.literal(role.name).describe(role.summary),
      ...netvm,
      ...Object.fromEntries(references),
      ...role.keys,
      vm: vm.optional(),
    })
    .describe(role.summary);
}

/** The whole language for a set of roles: the runtime check and the source of the JSON Schema. */
export function topologySchema(roles: readonly Role[]) {
  const [first, ...rest] = roles.map(qubeSchema);
  if (first === undefined) throw new Error("a topology language needs a role");
  return z
    .strictObject({
      formula: formulaName,
      platform: z
        .strictObject({
          qubes: z.enum(["4.2", "4.3"]).describe('The Qubes OS release of this machine, in quotes: "4.3".'),
          whonix: z
            .union([z.literal(17), z.literal(18)], { error: "expected 17 or 18" })
            .describe("The Whonix version of this machine's templates."),
          memory: size.optional().describe("The machine's memory, to be told when the qubes may need more."),
        })
        .describe("The machine that this is for."),
      qubes: z.record(qubeName, z.discriminatedUnion("role", [first, ...rest])).describe("The qubes to make, by name."),
      external: z
        .record(qubeName, z.strictObject({ kind: externalKind.describe("What the qube is.") }))
        .optional()
        .describe("Qubes that exist already and are not made here, by name."),
      updates: qubeName
        .optional()
        .describe("The gateway of this topology through which our template clones fetch updates."),
    })
    .describe("A qwbtc-salt topology: the Bitcoin qubes of one Qubes OS machine and what depends on what.");
}
