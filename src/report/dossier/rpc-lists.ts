// SPDX-License-Identifier: GPL-3.0-or-later
import type { Facts } from "../../audit/facts.ts";
import type { Place } from "../../audit/states.ts";

/** What one client may call of a node: the methods of its list (Bitcoin Core src/httprpc.cpp, -rpcwhitelist). */
export interface RpcList {
  readonly server: string;
  readonly client: string;
  readonly methods: readonly string[];
  readonly place: Place;
}

/** All such lists in the files that the states write. */
export function rpcLists({ landed }: Facts): RpcList[] {
  return landed.flatMap(({ machine, origin, text = "" }) =>
    text.split("\n").flatMap((line, at): RpcList[] => {
      const [, client, methods = ""] = /^rpcwhitelist=([^:]+):(.*)$/.exec(line) ?? [];
      if (client === undefined) return [];
      const list = methods.split(",").map((one) => one.trim());
      return [{ server: machine, client, methods: list, place: { file: origin, line: at + 1 } }];
    }),
  );
}
