// SPDX-License-Identifier: GPL-3.0-or-later
import type { Artifact, Program } from "./program.ts";

/** Upstream publishes signatures, no list of digests. */
const artifacts = (version: string): Artifact[] => [
  { file: `electrum-${version}-x86_64.AppImage`, arch: "x86_64", sha256: "unknown" },
  { file: `Electrum-${version}.tar.gz`, arch: "source", sha256: "unknown" },
];

const signer = (name: string, fingerprint: string, file: string) => ({
  name,
  fingerprint,
  key: `https://raw.githubusercontent.com/spesmilo/electrum/master/pubkeys/${file}`,
});

/** Electrum. */
export const electrum: Program = {
  name: "Electrum",
  preferred: "debian",
  threshold: 2,
  publishedAt: "download.electrum.org, with FILE.asc beside it",
  url: "https://download.electrum.org/VERSION/FILE",
  signs: { by: "itself", signature: "FILE.asc" },
  source: "spesmilo/electrum pubkeys/ and contrib/release.sh",
  signers: [
    signer("ThomasV", "6694D8DE7BE8EE5631BED9502BD5824B7F9470E6", "ThomasV.asc"),
    signer("SomberNight", "0EEDCFD5CAFB459067349B23CA9EEEC43DF911DC", "sombernight_releasekey.asc"),
    signer("Emzy", "9EDAFF80E080659604F4A76B2EBB056FD847F8A7", "Emzy.asc"),
  ],
  releases: [
    {
      version: "debian",
      status: "maintained",
      why: "What the template's Debian has: apt checks it, and Debian's updates bring corrections.",
      source: "packages electrum of Debian 12 and 13",
      packaged: { 17: "4.3.4", 18: "4.5.8" },
      artifacts: [],
    },
    {
      version: "4.8.1",
      status: "current",
      why: "The newest release, of August 2026.",
      source: "spesmilo/electrum RELEASE-NOTES",
      artifacts: artifacts("4.8.1"),
      commit: "1bfee7d1956ccb31778c76955683b789d1585d0c",
    },
    {
      version: "4.5.8",
      status: "superseded",
      why: "Upstream corrects the newest version only.",
      source: "spesmilo/electrum RELEASE-NOTES",
      artifacts: artifacts("4.5.8"),
      commit: "657199155526b825735dcd3e11aeb8179d5a91de",
    },
    {
      version: "4.3.2",
      status: "superseded",
      why: "The version of the seed's guide. Upstream corrects the newest version only.",
      source: "spesmilo/electrum RELEASE-NOTES",
      artifacts: artifacts("4.3.2"),
      commit: "dc78ba3c04ef0fa79c0e81a733c344b08fb3a776",
    },
  ],
};
