// SPDX-License-Identifier: GPL-3.0-or-later
/** The daemons' programs, in their releases' shape: stand-ins, or the real ones where the environment says where they are. */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

const here = path.join(import.meta.dirname, "programs");

/** A release, unpacked: the files of the folder that `current` leads to. */
export interface Program {
  readonly qube: string;
  /** Its folder below /usr/local/lib/qwbtc-salt. */
  readonly folder: string;
  readonly version: string;
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
  lay: script("fulcrum.py", "Fulcrum"),
});

/** A stand-in of JoinMarket's daemon, with a Python where its virtualenv would have it. */
export const joinmarketd = (qube: string, version: string): Program => ({
  qube,
  folder: "joinmarket",
  version,
  lay: (folder) => {
    script("joinmarketd.py", "scripts/joinmarketd.py")(folder);
    mkdirSync(path.join(folder, "venv/bin"), { recursive: true });
    symlinkSync("/usr/bin/python3", path.join(folder, "venv/bin/python"));
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

/** A release as one tar, for a qube to unpack as root. */
export function tarOf(program: Program, scratch: string): string {
  const folder = path.join(scratch, program.folder);
  mkdirSync(folder, { recursive: true });
  program.lay(folder);
  const tar = execFileSync("tar", ["-C", folder, "--owner=0", "--group=0", "-cf", "-", "."], { maxBuffer: 1 << 30 });
  rmSync(folder, { recursive: true });
  return tar.toString("latin1");
}
