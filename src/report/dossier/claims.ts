// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import type { Tree } from "../../kernel/tree.ts";
import { MANIFEST } from "../../render/manifest.ts";

const texts = z.array(z.string());

const wanted = z.object({
  file: z.string(),
  sha256: z.string().optional(),
  tar_sha256: z.string().optional(),
  signed: z.object({ keys: texts, threshold: z.number() }).optional(),
});

const pin = z.object({
  status: z.string(),
  files: z.record(z.string(), z.string()),
  signers: texts,
  threshold: z.number(),
  commit: z.string().optional(),
  qubes: z.record(z.string(), z.object({ wanted: z.array(wanted), urls: z.record(z.string(), z.string()) })).optional(),
});

const claimed = z.object({
  compiler: z.string(),
  formula: z.string(),
  platform: z.object({ qubes: z.string(), whonix: z.number() }),
  topology: z.string(),
  qubes: z.record(
    z.string(),
    z.object({
      role: z.string(),
      holds: z.object({ what: z.string(), words: z.string() }),
      probe: z.object({ programs: z.array(z.object({ name: z.string(), version: z.string().optional() })) }),
    }),
  ),
  software: z.record(z.string(), pin),
});

/** What MANIFEST.json says that no state says: whatever stands in it is the word of whoever made the tree. */
export type Claims = z.infer<typeof claimed>;

/** Reads it; undefined where it is not there, or is not of the form that the compiler writes. */
export function claimsOf(tree: Tree): Claims | undefined {
  try {
    return claimed.safeParse(JSON.parse(tree.get(MANIFEST)?.text ?? "")).data;
  } catch {
    return undefined;
  }
}
