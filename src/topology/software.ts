// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import { sha256Digest, signerFingerprint } from "./scalars.ts";

/** Pins of the user's own for the program of one qube: a digest, or keys and how many of them. */
export const software = z
  .strictObject({
    sha256: sha256Digest.optional(),
    signers: z
      .array(signerFingerprint, { error: "expected a list of fingerprints" })
      .min(1)
      .max(50)
      .refine((all) => new Set(all).size === all.length, { error: "expected each fingerprint once" })
      .optional()
      .describe("Primary keys that may sign it; they take the place of those known here."),
    threshold: z
      .int({ error: "expected a whole number" })
      .min(1)
      .max(50)
      .optional()
      .describe("How many of the signers must have signed the same bytes; absent: all of them."),
  })
  .refine(({ sha256, signers }) => (sha256 === undefined) !== (signers === undefined), {
    error: "expected either sha256 or signers",
  })
  .refine(
    ({ signers, threshold }) => threshold === undefined || (signers !== undefined && threshold <= signers.length),
    {
      error: "expected a threshold of at most as many as there are signers",
    },
  )
  .describe("Your own pins for its program: what is to be taken for the right file, where you know it yourself.");

/** What a topology says under `software:`. */
export type SoftwarePins = z.infer<typeof software>;
