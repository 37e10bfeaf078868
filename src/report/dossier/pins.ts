// SPDX-License-Identifier: GPL-3.0-or-later
import type { Facts } from "../../audit/facts.ts";
import type { Place } from "../../audit/states.ts";
import type { Dossier } from "./dossier.ts";

/** What one file of a program is checked by, before it is put in place. */
interface PinnedFile {
  readonly file: string;
  readonly by: "digest" | "signers" | "nothing";
  /** The digest, or how many of which keys. */
  readonly what: string;
}

/** A program with its version, as MANIFEST.json pins it. */
export interface Pinned {
  readonly program: string;
  readonly status: string;
  readonly commit: string | undefined;
  /** The qubes that ask for it by a recipe; none where it is brought by hand, or runs elsewhere. */
  readonly qubes: readonly string[];
  readonly files: readonly PinnedFile[];
  readonly urls: readonly string[];
}

/** The programs that MANIFEST.json names. A file counts as pinned by what its qube's recipe asks for; without one by the catalogue's digest. */
export function pinsOf({ claims }: Dossier): Pinned[] {
  return Object.entries(claims?.software ?? {}).map(([program, pin]) => {
    const wanted = new Map(
      Object.values(pin.qubes ?? {}).flatMap((one) => one.wanted.map((file) => [file.file, file])),
    );
    const files = [...new Set([...Object.keys(pin.files), ...wanted.keys()])].map((file): PinnedFile => {
      const asked = wanted.get(file);
      const digest = asked ? (asked.sha256 ?? asked.tar_sha256) : pin.files[file];
      if (digest !== undefined && digest !== "unknown") return { file, by: "digest", what: `sha256 ${digest}` };
      const { keys, threshold } = asked?.signed ?? { keys: pin.signers, threshold: pin.threshold };
      return keys.length > 0 && threshold > 0
        ? { file, by: "signers", what: `${threshold} of ${keys.join(", ")}` }
        : { file, by: "nothing", what: "no digest and no signer is known" };
    });
    const urls = [...new Set(Object.values(pin.qubes ?? {}).flatMap((one) => Object.values(one.urls)))];
    return { program, status: pin.status, commit: pin.commit, qubes: Object.keys(pin.qubes ?? {}), files, urls };
  });
}

/** Debian's packages that states install, by template or qube. */
export function packagesOf({ states }: Facts): (Place & { machine: string; packages: string[] })[] {
  return states.calls.flatMap(({ fun, machine, args, name, file, line }) => {
    if (fun !== "pkg.installed") return [];
    const list = args.get("pkgs");
    return [{ machine, file, line, packages: Array.isArray(list) ? list.map(named) : [name] }];
  });
}

/** A package stands as its name, or as its name with a version. */
function named(entry: unknown): string {
  return typeof entry === "object" && entry !== null
    ? Object.entries(entry)
        .map(([name, version]) => `${name} ${String(version)}`)
        .join(", ")
    : String(entry);
}
