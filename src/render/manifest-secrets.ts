// SPDX-License-Identifier: GPL-3.0-or-later
import { inCOrder } from "../kernel/tree.ts";
import type { Model } from "../model/model.ts";
import type { SecretFile } from "../model/parts.ts";
import { holdings } from "./holdings.ts";

/** A secret of a qube, as dom0's `rotate-secrets` must know it. */
export interface SecretEntry extends Pick<SecretFile, "pillar" | "path" | "shape" | "check" | "client" | "server"> {
  /** `rpc`: a client's password; `rpcauth`: the hash of one, made from it; `onion_auth`: a key to an onion service; others are asked for. */
  readonly kind: string;
}

/** The secrets of each qube that has some, by its name. */
export function secretsIn(model: Model): Record<string, SecretEntry[]> {
  const qubes = [...model.qubes].toSorted((a, b) => inCOrder(a.name, b.name));
  return Object.fromEntries(
    qubes.flatMap((qube) => {
      const own = holdings(qube, model).secrets;
      return own.length > 0 ? [[qube.name, own.map(entryOf)] as const] : [];
    }),
  );
}

function entryOf({ pillar, path, shape, check, client, server }: SecretFile) {
  const [, kind = ""] = pillar.split(":");
  return {
    pillar,
    kind,
    ...(client !== undefined && { client }),
    server,
    path,
    shape,
    check,
  };
}
