// SPDX-License-Identifier: GPL-3.0-or-later
import type { Artifact, Program } from "./program.ts";

/**
 * The source as GitHub makes it of a tag. No key that signs can be relied on, so the digest is made from the commit: that of the tar which
 * `git archive --format=tar --prefix=joinmarket-clientserver-VERSION/ COMMIT` writes, with git's own tar.umask (0002). It relies on the commit's
 * name, a SHA-1 that git checks against known collisions, which stands in every copy of the repository that was looked at. How the tar is
 * compressed is not pinned.
 * Seen: git 2.39 and 2.47 write the same bytes, by tag and by commit. Compressed by `gzip -n`, 0.9.8 and 0.9.7 have the sha256 that nix-bitcoin
 * recorded in 2022 for the files that GitHub gave it (fort-nix/nix-bitcoin pkgs/joinmarket); the unpacked 0.9.11 has the one that it recorded in 2024.
 */
const artifacts = (version: string, tarSha256: string): Artifact[] => [
  {
    file: `joinmarket-clientserver-${version}.tar.gz`,
    arch: "source",
    sha256: "unknown",
    tarSha256,
    url: `https://github.com/JoinMarket-Org/joinmarket-clientserver/archive/v${version}.tar.gz`,
  },
];

const notes = "JoinMarket-Org/joinmarket-clientserver README and release notes 0.9.12";

/** JoinMarket, archived by its authors on 27 April 2026. */
export const joinmarket: Program = {
  name: "JoinMarket",
  preferred: "0.9.12",
  threshold: 1,
  publishedAt: "GitHub, of the tags of JoinMarket-Org/joinmarket-clientserver; FILE.asc beside its releases",
  signs: { by: "itself", signature: "FILE.asc" },
  crossings: [
    {
      since: "0.9.12",
      back: "The watch-only wallet that the node keeps for 0.9.12 is of a kind (descriptors) that earlier versions refuse: they want one of the old kind, made anew, in a Bitcoin Core before 30.",
      forward:
        "The node's watch-only wallet of an earlier version is of the old kind, and in the way of a new one of its name: the log of what makes it (watch-wallets, in the node's qube) says how to put it away. Then let the node look for the coins, as the runbook says of a restored wallet.",
      source: "JoinMarket release notes 0.9.12; jmclient/blockchaininterface.py of 0.9.8",
    },
  ],
  source: "git verify-tag on the tags named here",
  signers: [
    { name: "Kristaps Kaupe", fingerprint: "70A1D47DD44F59DF8B22244333E472FE870C7E5D" },
    {
      name: "AdamISZ, until 2024",
      fingerprint: "2B6FC204D9BF332D062B461A141001A1AF77F20B",
      not: "upstream says that the key is lost",
    },
    {
      name: "AdamISZ, 2026",
      fingerprint: "088495423873FE5EDE77062273E6558DA7CB887A",
      not: "no repository of upstream has the key: it stands in the tag alone",
    },
  ],
  releases: [
    {
      version: "0.9.12",
      status: "archived",
      why: "The last version; its authors say that it is not recommended for use.",
      source: notes,
      artifacts: artifacts("0.9.12", "45886c909fdde37a17b4da7d8e7c8c8ca23e09d89377c10b2ae4f6842b0ac8d1"),
      commit: "77a426c504cbf6fa56ba0316dfd8da63a76d2bbf",
      signedBy: ["AdamISZ, 2026"],
    },
    {
      version: "0.9.11",
      status: "archived",
      why: "Not even the last version of a program that its authors gave up.",
      source: notes,
      artifacts: artifacts("0.9.11", "07b1a8e4e829a08a27f9361ad4bbcce728092f2198496f9d4eb5157c2f484b67"),
      commit: "f4c2b1b86857762e1ca2fa6442bceb347523efda",
      signedBy: ["Kristaps Kaupe"],
    },
    {
      version: "0.9.8",
      status: "archived",
      why: "The version of the seed's guide, of a program that its authors gave up.",
      source: notes,
      artifacts: artifacts("0.9.8", "17ba5650f5c800f40b92b518f6723541765323600f4eeb67e07cd731accb571f"),
      commit: "a8dbea239b1f905cc8e8999baa80ad3050a6d94a",
      signedBy: ["AdamISZ, until 2024"],
    },
  ],
};
