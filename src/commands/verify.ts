// SPDX-License-Identifier: GPL-3.0-or-later
import { digestOf, judge, type Judged } from "../bundle/judge.ts";
import * as say from "../bundle/messages.ts";
import { untar } from "../bundle/read-ustar.ts";
import { readFound } from "../io/found.ts";
import type { Terminal } from "../io/terminal.ts";
import { EXIT, tell, type FindOptions } from "./find.ts";

/** Options of `verify`. */
export interface VerifyOptions extends FindOptions {
  /** The SHA-256 of the bundle or of SHA256SUMS, as it was told by another way than the one that the files came by. */
  readonly digest?: string;
}

/** `verify`: judges a bundle or a tree that lies anywhere, by what is in it and by a digest that the user has. Unpacks and writes nothing. */
export function verify(path: string, options: VerifyOptions, terminal: Terminal): number {
  const wanted = options.digest?.toLowerCase();
  if (wanted !== undefined && !/^[0-9a-f]{64}$/.test(wanted)) {
    tell([say.notADigest.at(undefined, options.digest ?? "")], options, terminal);
    return EXIT.usage;
  }
  const { kind, bundle, files, judged } = look(path);
  const has = [bundle, judged.digest];
  const found = [...judged.diagnostics];
  if (wanted !== undefined && !has.includes(wanted)) found.push(say.otherDigest.at(undefined, wanted));
  const { formula, compiler, digest } = judged;
  const more = { path, kind, files, ...(bundle !== undefined && { bundle }), digest, formula, compiler };
  const code = tell(found, options, terminal, more);
  if (options.format === "pretty" && code === EXIT.well) {
    const lines = [
      `${path} is a whole ${kind} of formula ${formula}: ${files} files, made by qwbtc-salt ${compiler}`,
      ...(bundle === undefined ? [] : [`SHA-256 of the bundle: ${bundle}`]),
      `Digest of SHA256SUMS: ${digest}`,
      wanted === undefined
        ? "That it is whole does not say who made it: compare a digest with one that you have by another way (--digest)."
        : `It is the one whose digest you gave (${wanted === bundle ? "that of the bundle" : "that of SHA256SUMS"}).`,
      "",
    ];
    terminal.out(lines.join("\n"));
  }
  return code;
}

interface Look {
  readonly kind: "bundle" | "tree";
  readonly bundle?: string;
  readonly files: number;
  readonly judged: Judged;
}

function look(path: string): Look {
  const found = readFound(path);
  if (!("kind" in found)) return { kind: "bundle", files: 0, judged: { diagnostics: [found] } };
  if (found.kind === "tree") {
    const judged = judge(found.members);
    return { kind: "tree", files: found.members.length, judged: joined(found.problems, judged) };
  }
  return { kind: "bundle", bundle: digestOf(found.bytes), ...judgeBundle(found.bytes, path) };
}

/** Judges the bytes of a bundle. What is in it is judged only where the tar itself is as it should be. */
export function judgeBundle(bytes: Buffer, path: string): { files: number; judged: Judged } {
  const { top, members, problems } = untar(bytes, path);
  if (problems.length > 0) return { files: members.length, judged: { diagnostics: problems } };
  const judged = judge(members);
  const other =
    judged.formula !== undefined && judged.formula !== top
      ? [say.misplaced.at(undefined, `${top}/`, `is the top folder, and the formula is ${judged.formula}`)]
      : [];
  return { files: members.length, judged: joined(other, judged) };
}

function joined(problems: readonly Judged["diagnostics"][number][], judged: Judged): Judged {
  return { ...judged, diagnostics: [...problems, ...judged.diagnostics] };
}
