// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { readTorrc } from "../../verify/torrc.ts";
import { placeIn, type Audit } from "../finding.ts";
import { keysOf } from "../onion-keys.ts";

const oddKey = message("QB840", {
  severity: "error",
  title: "Something is done where the keys of an onion service's clients lie, and it is not known",
  say: (gateway: string, name: string, why: string) => `${gateway}: ${name}: ${why}`,
  why: "tor takes an onion service without a single readable key for one that is open to all. So each key is a file FOLDER/authorized_clients/NAME.auth, tor's own, written whatever happens; anything else there may be a key that is none.",
  fix: "Write each key by a plain file.managed with a source of the tree, and nothing else into that folder.",
  source: "tor(1), CLIENT AUTHORIZATION",
});

const early = message("QB841", {
  severity: "error",
  title: "An onion service that may come before its clients' keys",
  say: (gateway: string, id: string) => `${gateway}: the torrc does not require ${id}`,
  why: "If the key is not written, the service still comes; and without a readable key it is open to all.",
  fix: "Let the state that writes the torrc require each key's state.",
  source: "tor(1), CLIENT AUTHORIZATION; Salt's documentation, requisites",
});

/** Who may use an onion service is certain: its keys lie there, and before it is told to tor. */
export function* onionKeys({ facts }: Audit): Iterable<Diagnostic> {
  for (const { machine, path, text, state } of facts.landed) {
    if (!path.includes("/torrc.d/")) continue;
    const required = requiredBy(state.args.get("require"));
    for (const { folder } of readTorrc(text ?? "").services) {
      const { ids, odd } = keysOf(machine, folder, facts);
      for (const { at, why } of odd) yield oddKey.at(placeIn(facts.tree, at), machine, at.name, why);
      for (const id of ids) if (!required.has(id)) yield early.at(placeIn(facts.tree, state), machine, id);
    }
  }
}

function requiredBy(list: unknown): Set<unknown> {
  const items: unknown[] = Array.isArray(list) ? list : [];
  return new Set(items.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : [])));
}
