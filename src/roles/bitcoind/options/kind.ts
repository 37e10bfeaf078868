// SPDX-License-Identifier: GPL-3.0-or-later
import type { Option } from "../../../software/option.ts";
import type { NodeFacts } from "../facts.ts";

type Closed = Pick<Option<NodeFacts>, "what" | "source"> & Partial<Option<NodeFacts>>;

/** A setting that follows from other keys of the topology. */
export function follows(name: string, instead: string, rest: Closed): Option<NodeFacts> {
  return { kind: { is: "flag" }, default: "see bitcoind -help", ...rest, name, owner: "compiler", instead };
}

/** A setting that nobody may choose here, and why. */
export function closed(name: string, refused: string, rest: Partial<Option<NodeFacts>> = {}): Option<NodeFacts> {
  return {
    what: refused,
    kind: { is: "flag" },
    default: "off",
    source: `bitcoind -help, -${name}`,
    ...rest,
    name,
    owner: "never",
    refused,
  };
}
