// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "../model/model.ts";
import type { Artifact, Program, Release } from "../software/program.ts";
import { LIBRARY, type Recipe, type Signed, type WantedFile } from "../software/recipe.ts";
import type { SoftwarePins } from "../topology/software.ts";
import { atGateway, gatewayPorts } from "./onion-port.ts";

/** The user's own pins for a qube's program. */
export function pinsOf({ own }: Pick<Qube, "own">): SoftwarePins | undefined {
  return own["software"] as SoftwarePins | undefined;
}

/** The keys that sign a release and can be relied on. */
export function trustedSigners({ signers }: Program, { signedBy }: Release) {
  return signers.filter(({ name, not }) => not === undefined && (!signedBy || signedBy.includes(name)));
}

/**
 * What the script in a qube is told about the program that it shall run; nothing where Debian provides it. `through` is the qube that fetches,
 * where that is another: it has the gateway's port in its recipe.
 */
export function recipeOf(qube: Qube, formula: string, through: Qube = qube): Recipe | undefined {
  const { role, release, version } = qube;
  const bringing = role.brings?.(qube, formula);
  if (!bringing || !role.program || !release || release.packaged) return undefined;
  const { program } = role;
  const { slug, needed, unit, unpack, archs, more = [], finish } = bringing;
  const artifacts = release.artifacts
    .filter(({ arch }) => !archs || archs.includes(arch))
    .flatMap((artifact) => {
      const pinned = pinOf(artifact, program, release, pinsOf(qube));
      return pinned ? [[artifact.arch === "source" ? "any" : artifact.arch, pinned] as const] : [];
    });
  const signed = artifacts.flatMap(([, one]) => one.signed ?? []);
  const keys = [...new Set(signed.flatMap((one) => one.keys))].map((one) => keyOf(one, program));
  const evidence = signed.flatMap(({ sums, signature }) => (sums === undefined ? [signature] : [sums, signature]));
  const published = [...artifacts.map(([, { file }]) => file), ...evidence].flatMap((file) => {
    const url = release.artifacts.find((one) => one.file === file)?.url ?? program.url;
    return url === undefined ? [] : [[file, filled(url, version, file)] as const];
  });
  return {
    format: 1,
    program: program.name,
    slug,
    version,
    folder: `${LIBRARY}/${slug}`,
    needed,
    unit: unit === undefined ? null : `${unit}.service`,
    artifacts: Object.fromEntries(artifacts),
    more: more.map(({ url: _url, ...pin }) => pin),
    keys: keys.map(({ file }) => file),
    urls: Object.fromEntries([
      ...published,
      ...keys.flatMap(({ file, url }) => (url === undefined ? [] : [[file, url] as const])),
      ...more.flatMap(({ file, url }) => (url === undefined ? [] : [[file, url] as const])),
    ]),
    proxy: through.netvm ? atGateway(gatewayPorts(through).any) : null,
    unpack,
    finish: finish ?? null,
    crossings: program.crossings ?? [],
  };
}

function filled(text: string, version: string, file: string): string {
  return text.replaceAll("VERSION", version).replaceAll("FILE", file);
}

/** The file of a key block: as it is published, or of the fingerprint's name where no place could be sourced. */
function keyOf(fingerprint: string, { signers }: Program): { file: string; url?: string } {
  const url = signers.find((one) => one.fingerprint === fingerprint)?.key;
  return url === undefined ? { file: `${fingerprint}.asc` } : { file: url.split("/").at(-1) ?? "", url };
}

/** What says that a file is the right one: the user's pin, a digest, or signatures; nothing where none is known. */
function pinOf(
  { file, arch, sha256, tarSha256 }: Artifact,
  program: Program,
  release: Release,
  pins: SoftwarePins | undefined,
): WantedFile | undefined {
  if (pins?.sha256 !== undefined && arch !== "aarch64") return { file, sha256: pins.sha256 };
  if (pins?.signers) return signedBy(file, program, release, pins.signers, pins.threshold ?? pins.signers.length);
  if (sha256 !== "unknown") return { file, sha256 };
  if (tarSha256 !== undefined) return { file, tar_sha256: tarSha256 };
  const keys = trustedSigners(program, release).map(({ fingerprint }) => fingerprint);
  return keys.length < program.threshold ? undefined : signedBy(file, program, release, keys, program.threshold);
}

function signedBy(
  file: string,
  { signs }: Program,
  { version }: Release,
  keys: readonly string[],
  threshold: number,
): WantedFile | undefined {
  if (!signs) return undefined;
  const signature = filled(signs.signature, version, file);
  const signed: Signed =
    signs.by === "sums"
      ? { by: "sums", sums: filled(signs.sums, version, file), signature, keys, threshold }
      : { by: "itself", signature, keys, threshold };
  return { file, signed };
}
