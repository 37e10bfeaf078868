// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import type { Reference, Role } from "../model/role.ts";
import type { Platform } from "../model/model.ts";
import type { Value } from "../software/option.ts";
import { QUBES_RELEASES, WHONIX_RELEASES } from "../software/platforms.ts";
import { fingerprint, formulaName, localPort, poolName, qubeName, reason, remoteHost, size } from "./scalars.ts";
import { settingsSchema } from "./settings.ts";
import { software } from "./software.ts";
import { vm, type VmKeys } from "./vm.ts";

/** What kind of net qube an `external:` one is. `net` is any that is not Whonix: a firewall or VPN qube. */
const externalKind = z.enum(["net", "whonix-gateway"]);

/** One qube as it was written; `own` keys are those of its role. */
export interface QubeEntry {
  readonly role: string;
  readonly netvm?: string | undefined;
  readonly vm?: VmKeys | undefined;
  readonly version?: string | undefined;
  readonly settings?: Readonly<Record<string, Value | readonly Value[]>> | undefined;
  readonly because?: Readonly<Record<string, string>> | undefined;
  readonly remote?: Remote | undefined;
  readonly [own: string]: unknown;
}

/** A topology as it was written, with every key known and every value well-formed; names are still names. */
export interface Topology {
  readonly formula: string;
  readonly platform: Platform;
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

/** A server that is not on this machine. */
const remote = z
  .strictObject({
    host: remoteHost,
    port: z.int({ error: "expected a port" }).min(1).max(65535).describe("Its port there."),
    over: z.enum(["onion", "lan"]).describe("Over Tor, or over your own network with TLS."),
    tls: z
      .strictObject({ fingerprint })
      .optional()
      .describe("That it speaks TLS, and the certificate that it must show."),
    auth: z.boolean().optional().describe("Whether its onion service asks for client authorisation."),
  })
  .describe("The server is elsewhere: this qube only forwards to it.");

/** What a topology says under `remote:`. */
export type Remote = z.infer<typeof remote>;

/** A server that may be elsewhere needs no server of its own then; `link` asks for the key where it is here. */
function referenceSchema({ port, many, optional, description }: Reference, elsewhere: boolean): z.ZodType {
  const one =
    port && !many
      ? z.union([qubeName, serverAtPort], { error: "expected a qube's name, or { qube: NAME, port: PORT }" })
      : many
        ? z.array(serverAtPort, { error: "expected a list such as [{ qube: NAME, port: PORT }]" }).min(1).max(16)
        : qubeName;
  return (optional || elsewhere ? one.optional() : one).describe(description);
}

/** The keys that one role's qubes may have: those of every qube, its references, and its own. */
function qubeSchema(role: Role) {
  const netvm = netvmSchema(role);
  const { program, options } = role;
  const references = Object.entries(role.references ?? {}).map(([key, reference]) => [
    key,
    referenceSchema(reference, role.elsewhere !== undefined),
  ]);
  return z
    .strictObject({
      role: z.literal(role.name).describe(role.summary),
      ...(netvm && { netvm }),
      ...Object.fromEntries(references),
      ...role.keys,
      ...(program && {
        version: z
          .enum(program.releases.map((one) => one.version) as [string, ...string[]])
          .default(program.preferred)
          .describe(`The version of ${program.name}.`),
        software: software.optional(),
      }),
      ...(options && { settings: settingsSchema(options) }),
      ...(role.elsewhere && { remote: remote.optional() }),
      because: z
        .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,40}$/), reason)
        .optional()
        .describe("Reasons for departing from safe defaults, by the name of what is overridden."),
      vm: vm.optional(),
    })
    .describe(role.summary);
}

/** The key of the net qube: needed, with a default, or only where the server is elsewhere (which `link` then asks for). */
function netvmSchema({ netvm, elsewhere, references }: Role): z.ZodType | undefined {
  if (netvm)
    return (netvm.default === undefined ? qubeName : qubeName.default(netvm.default)).describe(netvm.description);
  if (!elsewhere || !references) return undefined;
  return qubeName.optional().describe("With `remote` only: the net qube through which it is reached.");
}

type Language = ReturnType<typeof languageOf>;
const languages = new WeakMap<readonly Role[], Language>();

/** The whole language for a set of roles: the runtime check and the source of the JSON Schema. Made once for each set: it is large. */
export function topologySchema(roles: readonly Role[]): Language {
  const known = languages.get(roles) ?? languageOf(roles);
  languages.set(roles, known);
  return known;
}

function languageOf(roles: readonly Role[]) {
  const [first, ...rest] = roles.map(qubeSchema);
  if (first === undefined) throw new Error("a topology language needs a role");
  return z
    .strictObject({
      formula: formulaName,
      platform: z
        .strictObject({
          qubes: z
            .enum(QUBES_RELEASES.map((one) => one.release))
            .describe('The Qubes OS release of this machine, in quotes: "4.3".'),
          whonix: z
            .literal(
              WHONIX_RELEASES.map((one) => one.version),
              { error: "expected 16, 17 or 18" },
            )
            .describe("The Whonix version of this machine's templates."),
          memory: size.optional().describe("The machine's memory, to be told when the qubes may need more."),
          pools: z
            .record(poolName, size)
            .optional()
            .describe(
              "Sizes of storage pools, to be told when the volumes may outgrow them; `default` is the default pool.",
            ),
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
