// SPDX-License-Identifier: GPL-3.0-or-later
/** The daemons' programs, in their releases' shape: stand-ins, or the real ones where the environment says where they are. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const here = path.join(import.meta.dirname, "programs");

/** A release, unpacked: the files of the folder that `current` leads to. */
export interface Program {
  readonly qube: string;
  /** Its folder below /usr/local/lib/qwbtc-salt. */
  readonly folder: string;
  readonly version: string;
  /** For one that its qube takes from ~/QubesIncoming: the role that runs it, the file that it comes in, and the folder in that. */
  readonly role?: string;
  readonly file?: string;
  readonly top?: string;
  /** Lays the release out in a new folder. */
  readonly lay: (folder: string) => void;
}

const script = (name: string, to: string) => (folder: string) => {
  mkdirSync(path.dirname(path.join(folder, to)), { recursive: true });
  writeFileSync(path.join(folder, to), readFileSync(path.join(here, name)), { mode: 0o755 });
};

/** A stand-in of Bitcoin Core. */
export const bitcoind = (qube: string, version: string): Program => ({
  qube,
  folder: "bitcoin-core",
  version,
  role: "bitcoind",
  file: `bitcoin-${version}-x86_64-linux-gnu.tar.gz`,
  top: `bitcoin-${version}`,
  lay: (folder) => {
    script("bitcoind.py", "bin/bitcoind")(folder);
    script("bitcoin-cli.py", "bin/bitcoin-cli")(folder);
  },
});

/** A stand-in of Fulcrum. */
export const fulcrum = (qube: string, version: string): Program => ({
  qube,
  folder: "fulcrum",
  version,
  role: "fulcrum",
  file: `Fulcrum-${version}-x86_64-linux.tar.gz`,
  top: `Fulcrum-${version}-x86_64-linux`,
  lay: script("fulcrum.py", "Fulcrum"),
});

/** A stand-in of JoinMarket, as it is when bring-program has made its environment: test/container/joinmarket.test.ts judges that. */
export const joinmarketd = (qube: string, version: string): Program => ({
  qube,
  folder: "joinmarket",
  version,
  lay: (folder) => {
    script("joinmarketd.py", "scripts/joinmarketd.py")(folder);
    mkdirSync(path.join(folder, "venv/bin"), { recursive: true });
    symlinkSync("/usr/bin/python3", path.join(folder, "venv/bin/python"));
    // What its unit waits for, on the Debian of Whonix 18.
    const packages = path.join(folder, "venv/lib/python3.13/site-packages");
    mkdirSync(packages, { recursive: true });
    writeFileSync(path.join(packages, "joinmarket.pth"), "");
  },
});

/** The real program with the libraries of this machine, so that it runs in a Debian that lacks them. */
export function real(stand: Program, binaries: Readonly<Record<string, string>>): Program {
  return {
    ...stand,
    lay: (folder) => {
      for (const [to, from] of Object.entries(binaries)) {
        const at = path.join(folder, to);
        mkdirSync(path.join(folder, "lib"), { recursive: true });
        mkdirSync(path.dirname(at), { recursive: true });
        copyFileSync(from, path.join(folder, "lib", path.basename(from)));
        for (const [, library = ""] of execFileSync("ldd", [from], { encoding: "utf8" }).matchAll(
          /(?:=> )?(\/\S+) \(0x/g,
        ))
          copyFileSync(library, path.join(folder, "lib", path.basename(library)));
        const lib = `$(dirname "$(readlink -f "$0")")${"/..".repeat(to.split("/").length - 1)}/lib`;
        writeFileSync(
          at,
          `#!/bin/sh\nlib=${lib}\nexec "$lib/ld-linux-x86-64.so.2" --library-path "$lib" "$lib/${path.basename(from)}" "$@"\n`,
        );
        chmodSync(at, 0o755);
      }
    },
  };
}

/** A release as its authors would pack it, always the same for the same files: a folder of its name in a tar.gz. */
export function artifactOf(program: Program): Buffer {
  const scratch = mkdtempSync(path.join(tmpdir(), "artifact-"));
  try {
    const top = program.top ?? "release";
    const folder = path.join(scratch, top);
    mkdirSync(folder);
    program.lay(folder);
    const same = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
    const tar = execFileSync("tar", ["-C", scratch, ...same, "-cf", "-", top], { maxBuffer: 1 << 30 });
    return execFileSync("gzip", ["-nc"], { input: tar, maxBuffer: 1 << 30 });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** The topology with the digests of these programs pinned, so that the qubes take them for what they shall run. */
export function pinned(topology: string, programs: readonly Program[]): string {
  return programs
    .filter(({ role }) => role !== undefined)
    .reduce((text, program) => {
      const digest = createHash("sha256").update(artifactOf(program)).digest("hex");
      const lines = [
        `role: ${program.role}`,
        `    version: "${program.version}"`,
        `    software: { sha256: ${digest} }`,
        // Where the catalogue knows a digest, another wants a reason.
        ...(program.role === "bitcoind" ? ["    because: { software: made for this test }"] : []),
      ];
      const role = `role: ${program.role}\n`;
      if (!text.includes(role)) throw new Error(`no ${role} in the topology`);
      return text.replace(role, `${lines.join("\n")}\n`);
    }, topology);
}
