// SPDX-License-Identifier: GPL-3.0-or-later
import type { Artifact, Program } from "./program.ts";

/** Upstream publishes a list of digests beside each release; none could be sourced for these versions. */
const artifacts = (version: string): Artifact[] => [
  { file: `Fulcrum-${version}-x86_64-linux.tar.gz`, arch: "x86_64", sha256: "unknown" },
  { file: `Fulcrum-${version}-arm64-linux.tar.gz`, arch: "aarch64", sha256: "unknown" },
];

/** Fulcrum. */
export const fulcrum: Program = {
  name: "Fulcrum",
  preferred: "2.1.1",
  threshold: 1,
  publishedAt: "the releases of cculianu/Fulcrum, with Fulcrum-VERSION-shasums.txt and its .asc beside it",
  source: "commit signatures of v1.8.1 to v2.1.1; Electron-Cash/keys-n-hashes pubkeys/calinkey.txt",
  signers: [{ name: "Calin Culianu", fingerprint: "D465135F97D0047E18E99DC321810A542031C02C" }],
  releases: [
    {
      version: "2.1.1",
      status: "current",
      why: "The newest release known here, of May 2026.",
      source: "cculianu/Fulcrum releases",
      artifacts: artifacts("2.1.1"),
      commit: "f06d28f99ea5d828e00573851f2600745e80b5b6",
    },
    {
      version: "1.8.1",
      status: "superseded",
      why: "Of September 2022, the version of the seed's guide. Version 2 has another database: going there takes a conversion that cannot be undone, and a kill while it runs does no harm any more.",
      source: "Fulcrum 2.0 release notes",
      artifacts: artifacts("1.8.1"),
      commit: "c80bf1bf4fb2993e31d2e37dd596e51933394239",
    },
  ],
};
