// SPDX-License-Identifier: GPL-3.0-or-later
import { inCOrder } from "../kernel/tree.ts";
import type { Model, Qube } from "../model/model.ts";
import type { SecretFile } from "../model/parts.ts";
import { remoteOf } from "../model/remote.ts";
import { holdings } from "./holdings.ts";

/** A secret of a qube, as dom0's `rotate-secrets` must know it. */
export interface SecretEntry extends Pick<SecretFile, "pillar" | "path" | "shape" | "check" | "client" | "server"> {
  /** `rpc`: a client's password; `rpcauth`: the hash of one, made from it; `onion_auth`: a key to an onion service; others are asked for. */
  readonly kind: string;
  /** The units of the qube that read it when they start, and not again. */
  readonly restarts: readonly string[];
}

/** The secrets of each qube that has some, by its name. */
export function secretsIn(model: Model): Record<string, SecretEntry[]> {
  const qubes = [...model.qubes].toSorted((a, b) => inCOrder(a.name, b.name));
  return Object.fromEntries(
    qubes.flatMap((qube) => {
      const own = holdings(qube, model).secrets;
      return own.length > 0 ? [[qube.name, own.map((secret) => entryOf(secret, unitsOf(qube, model)))] as const] : [];
    }),
  );
}

function entryOf({ pillar, path, shape, check, client, server, reload }: SecretFile, units: readonly string[]) {
  const [, kind = ""] = pillar.split(":");
  return {
    pillar,
    kind,
    ...(client !== undefined && { client }),
    server,
    path,
    shape,
    check,
    // What a state makes a running program read again needs no restart.
    restarts: reload ? [] : units,
  };
}

/** The daemon of a qube; one that only forwards reads no secret. */
function unitsOf(qube: Qube, model: Model): readonly string[] {
  return qube.role.daemon && !remoteOf(qube) ? (qube.role.qube?.(qube, model).services ?? []) : [];
}
