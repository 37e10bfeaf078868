// SPDX-License-Identifier: GPL-3.0-or-later
import type { Artifact, Program, Release } from "./program.ts";

const sums = "SHA256SUMS of the release, which upstream's builders sign (bitcoin-core/guix.sigs)";
const eol = "Bitcoin Core 31.0 release notes: versions 28.x and older are at end of life";

function artifacts(version: string, x86: string, signatures: number, arm: string): Artifact[] {
  const file = (arch: string) => `bitcoin-${version}-${arch}-linux-gnu.tar.gz`;
  return [
    { file: file("x86_64"), arch: "x86_64", sha256: x86, signatures },
    { file: file("aarch64"), arch: "aarch64", sha256: arm },
  ];
}

/** Each signer's key lies under the signer's name. */
const signer = (name: string, fingerprint: string) => ({
  name,
  fingerprint,
  key: `https://raw.githubusercontent.com/bitcoin-core/guix.sigs/main/builder-keys/${name}.gpg`,
});

const releases: readonly Release[] = [
  {
    version: "31.1",
    status: "current",
    why: "The newest release.",
    source: sums,
    artifacts: artifacts(
      "31.1",
      "b80d9c3e04da78fb6f0569685673418cf686fadba9042d926d13fb87ff503f9e",
      13,
      "dcf1873f2208ba4f962f3398d47e154c39c0084be8f4553e05c940d0ace3d004",
    ),
  },
  {
    version: "30.3",
    status: "maintained",
    why: "The line before the newest; upstream still corrects it.",
    source: sums,
    artifacts: artifacts(
      "30.3",
      "4753cd70416c629a2090503e8545a3c05e94a0f5037f8fb97b4c35c6e1afee0e",
      11,
      "a4687d825d8afa62b7b04dd6f3e53ac6bb1d12d8377979c27423c6746eca52f2",
    ),
  },
  {
    version: "29.4",
    status: "maintained",
    why: "The oldest line that upstream still corrects.",
    source: sums,
    // One more valid signature is under another file: what counts is many under the same digest.
    artifacts: artifacts(
      "29.4",
      "e15bff6f6d21a315c4af25d2e8ae933a22bd51e924e0e90ab0474e1e11516331",
      12,
      "bc5353b3cda4a32c4ab7e46feed7fdb6ad68f23430743fee2e1fe0718df78db9",
    ),
  },
  {
    version: "28.4",
    status: "end-of-life",
    why: "Upstream corrects nothing in it any more: a node that strangers talk to all day.",
    source: eol,
    artifacts: artifacts("28.4", "661c02443433c006a52bd3e688c1bc14a37fb95b964f40dfe7b1dc4ffcac2926", 14, "unknown"),
  },
  {
    version: "23.0",
    status: "end-of-life",
    why: "Of April 2022, the version of the seed's guide; upstream corrects nothing in it any more: a node that strangers talk to all day.",
    source: eol,
    artifacts: artifacts("23.0", "2cca490c1f2842884a3c5b0606f179f9f937177da4eadd628e3f7fd7e25d26d0", 11, "unknown"),
  },
];

/** Bitcoin Core. Each digest stood under as many valid signatures as its entry says when it was written here. */
export const bitcoinCore: Program = {
  name: "Bitcoin Core",
  preferred: "31.1",
  releases,
  threshold: 3,
  url: "https://bitcoincore.org/bin/bitcoin-core-VERSION/FILE",
  signs: { by: "sums", sums: "SHA256SUMS", signature: "SHA256SUMS.asc" },
  crossings: [
    {
      since: "28",
      back: "A chain that was downloaded by version 28 or a newer one is written in another form (blocks/xor.dat), which older ones cannot read: it would be downloaded anew.",
      source: "Bitcoin Core 28.0 release notes, -blocksxor",
    },
  ],
  publishedAt: "bitcoincore.org/bin, with SHA256SUMS and SHA256SUMS.asc beside it",
  source: "bitcoin-core/guix.sigs, builder-keys; Bitcoin Core contrib/verify-binaries",
  signers: [
    signer("fanquake", "E777299FC265DD04793070EB944D35F9AC3DB76A"),
    signer("achow101", "152812300785C96444D3334D17565732E08E5E41"),
    signer("hebasto", "D1DBF2C4B96F2DEBF4C16654410108112E7EA81F"),
    signer("Sjors", "ED9BDF7AD6A55E232E84524257FF9BDBCC301009"),
    signer("guggero", "F4FC70F07310028424EFC20A8E4256593F177720"),
    signer("theStack", "6A8F9C266528E25AEB1D7731C2371D91CB716EA7"),
    signer("glozow", "6B002C6EA3F91B1B0DF0C9BC8F617F1200A6D25C"),
    signer("laanwj", "71A3B16735405025D447E8F274810B012346C9A6"),
  ],
};
