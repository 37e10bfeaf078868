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
  url: "https://github.com/cculianu/Fulcrum/releases/download/vVERSION/FILE",
  signs: { by: "sums", sums: "Fulcrum-VERSION-shasums.txt", signature: "Fulcrum-VERSION-shasums.txt.asc" },
  signers: [
    {
      name: "Calin Culianu",
      fingerprint: "D465135F97D0047E18E99DC321810A542031C02C",
      key: "https://raw.githubusercontent.com/Electron-Cash/keys-n-hashes/master/pubkeys/calinkey.txt",
    },
  ],
  crossings: [
    {
      since: "2",
      back: "Version 2 has another database, which version 1 cannot read: the index would be deleted and made anew, in days.",
      forward:
        "The index of version 1 must be converted, once and for good, by the user fulcrum: Fulcrum --db-upgrade with its configuration file (it takes some 84 GB of room), or be deleted and made anew. Until then version 2 does not start.",
      source: "Fulcrum 2.0 release notes, --db-upgrade",
    },
  ],
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
