// SPDX-License-Identifier: GPL-3.0-or-later
import type { SecretFile } from "../model/parts.ts";
import { shell } from "./escapes.ts";
import type { SecretEntry } from "./manifest-secrets.ts";

/** Takes a pattern, what to say, and a file. Bytes, for a secret may be anything; it says nothing of what it read. */
const PROGRAM =
  "import pathlib, re, sys; sys.exit(None if re.fullmatch(sys.argv[1].encode(), pathlib.Path(sys.argv[3]).read_bytes()) else sys.argv[2])";

/**
 * What Salt runs, with the path of a file behind it, before it writes a secret: the whole text must be what it should. Not grep, which is content
 * with one line of several. Salt asks only where the file would change.
 */
export function checkCommand({ check, pillar }: Pick<SecretFile, "check" | "pillar">): string {
  const says = `${pillar} in the pillar is not of its shape, so nothing was written: sudo ./rotate-secrets --missing in dom0 mends it`;
  return ["python3 -I -c", shell(PROGRAM), shell(check), shell(says)].join(" ");
}

/** The secrets of which a machine elsewhere has the other half: no qube of this tree has it. */
export function askedOf(secrets: Readonly<Record<string, readonly SecretEntry[]>>): { name: string; shape: string }[] {
  const all = Object.entries(secrets).flatMap(([name, own]) => own.map((one) => ({ name, ...one })));
  const hashed = new Set(
    all.filter(({ kind }) => kind === "rpcauth").map(({ client, server }) => `${client}@${server}`),
  );
  return all
    .filter(({ kind, client, server }) => kind !== "rpcauth" && !hashed.has(`${client}@${server}`))
    .map(({ name, shape }) => ({ name, shape }));
}
