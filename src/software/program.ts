// SPDX-License-Identifier: GPL-3.0-or-later

/** How upstream stands to a release: `superseded` has a newer one beside it, `end-of-life` gets no corrections, `archived` has no upstream any more. */
type Status = "current" | "maintained" | "superseded" | "end-of-life" | "archived";

/** A file that upstream publishes for a release. Where no digest could be sourced it is `unknown`, never made up. */
export interface Artifact {
  readonly file: string;
  readonly arch: "x86_64" | "aarch64" | "source";
  readonly sha256: string | "unknown";
  /** The digest of the tar inside, where the compression is not always the same bytes. */
  readonly tarSha256?: string;
  /** Where this very file is published, where that is not `Program.url`. */
  readonly url?: string;
  /** How many valid signatures stood over that very digest when the catalogue was updated, of how many distinct keys. */
  readonly signatures?: number;
}

/** A key that signs releases: an OpenPGP primary key's fingerprint. */
interface Signer {
  readonly name: string;
  readonly fingerprint: string;
  /** Why it must not be relied on, where that is so. */
  readonly not?: string;
  /** Where its key block is published: the fingerprint above is what counts, so any place is good. The file's name is the last part. */
  readonly key?: string;
}

/** A line between versions that is not crossed as one likes: data of the newer is nothing to the older, or of the older to the newer. */
export interface Crossing {
  /** The first version beyond the line. */
  readonly since: string;
  /** Why nobody goes back over it, and what it costs who must. */
  readonly back: string;
  /** What is to be done by hand on the way forward, where something is. */
  readonly forward?: string;
  readonly source: string;
}

/** One release of a program, as data. */
export interface Release {
  readonly version: string;
  readonly status: Status;
  /** What follows from the status, for people, and who says so. */
  readonly why: string;
  readonly source: string;
  /** The version that runs, by Whonix version, where it is Debian that provides it. */
  readonly packaged?: Readonly<Partial<Record<number, string>>>;
  readonly artifacts: readonly Artifact[];
  /** Git objects of the release's tag, for what has neither digest nor signer. */
  readonly commit?: string;
  /** The keys of `Program.signers` that sign this release; absent: all of them. */
  readonly signedBy?: readonly string[];
  /** Figures that a role reads: what the release needs or costs, by the role's own names. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** A program of the catalogue: its releases, newest first, and who signs them. */
export interface Program {
  readonly name: string;
  /** The release that a topology gets when it names none. */
  readonly preferred: string;
  readonly releases: readonly Release[];
  readonly signers: readonly Signer[];
  /** How many distinct signers over one digest are asked for. */
  readonly threshold: number;
  /** Where releases are published, in words. */
  readonly publishedAt: string;
  /** The address of a release's file, with VERSION and FILE in it; absent: none could be sourced. */
  readonly url?: string;
  /** What upstream signs, with VERSION and FILE in the names. */
  readonly signs?:
    | { readonly by: "sums"; readonly sums: string; readonly signature: string }
    | { readonly by: "itself"; readonly signature: string };
  /** Lines between its versions that are not to be crossed as one likes, oldest first. */
  readonly crossings?: readonly Crossing[];
  readonly source: string;
}

/** A release by its version; the schema has let no other in. */
export function releaseOf(program: Program, version: string): Release {
  const found = program.releases.find((one) => one.version === version);
  if (!found) throw new Error(`${program.name} has no version ${version} here`);
  return found;
}

/** Whether a version such as `28.4` is at least another such as `28` or `0.9.12`. Compares number by number. */
export function atLeast(version: string, than: string): boolean {
  const [a, b] = [version, than].map((one) => one.split(".").map(Number)) as [number[], number[]];
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
