// SPDX-License-Identifier: GPL-3.0-or-later
import type { SecretFile } from "../model/parts.ts";
import { shell } from "./escapes.ts";

/** Takes a pattern, what to say, and a file. Bytes, for a secret may be anything; it says nothing of what it read. */
const PROGRAM =
  "import pathlib, re, sys; sys.exit(None if re.fullmatch(sys.argv[1].encode(), pathlib.Path(sys.argv[3]).read_bytes()) else sys.argv[2])";

/**
 * What Salt runs, with the path of a file behind it, before it writes a secret: the whole text must be what it should. Not grep, which is content
 * with one line of several. Salt asks only where the file would change.
 */
export function checkCommand({ check, pillar }: Pick<SecretFile, "check" | "pillar">): string {
  const says = `${pillar} in the pillar is not as the runbook has it; nothing was written`;
  return ["python3 -I -c", shell(PROGRAM), shell(check), shell(says)].join(" ");
}

/** A qube's part of the pillar, as people write it: secrets of one kind below one key. */
export function pillarShape(secrets: readonly SecretFile[]): object[] {
  const kinds = new Map<string, object[]>();
  for (const { pillar, path, shape } of secrets) {
    const [, kind = "", key = ""] = pillar.split(":");
    kinds.set(kind, [...(kinds.get(kind) ?? []), { key, path, shape }]);
  }
  return [...kinds].map(([kind, keys]) => ({ kind, keys }));
}
