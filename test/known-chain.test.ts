// SPDX-License-Identifier: GPL-3.0-or-later
/** The runbook's commands that bring a chain from another disk, run as they are printed but for the root of their paths. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compiled, topology } from "./compiled.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "known-chain-"));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Stand-ins for what needs root and a disk. Each refuses all that the runbook is not to ask; `$ROOT/asked` has what was. */
const programs = {
  // Runs it as who it is: only `sudo CMD` and `sudo -u bitcoin CMD`.
  sudo: `[ "$1" = -u ] && { [ "$2" = bitcoin ] || exit 97; shift 2; }; case "$1" in -*) exit 97;; esac; exec "$@"`,
  // mount(8) fails with 32 where there is no such device, or something is mounted there already.
  mount: `[ "$*" = "-o ro /dev/xvdi1 $ROOT/mnt" ] || exit 97
[ -d "$ROOT/disk" ] && [ -z "$(ls "$ROOT/mnt")" ] || { echo "mount: no /dev/xvdi1" >&2; exit 32; }
cp -r "$ROOT/disk/." "$ROOT/mnt"`,
  mountpoint: `[ "$*" = "-q $ROOT/mnt" ] || exit 97; [ -n "$(ls "$ROOT/mnt")" ] || exit 32`,
  umount: `[ "$*" = "$ROOT/mnt" ] || exit 97; rm -r "$ROOT/mnt"; mkdir "$ROOT/mnt"`,
  chown: `[ "$1 $2" = "-R bitcoin:bitcoin" ] && [ $# = 3 ] && [ -d "$3" ] || exit 97; echo "$3" >>"$ROOT/owned"`,
  // The chain is written only while nothing can start the node.
  cp: `case "$*" in *"$ROOT/mnt/"*) [ -e "$ROOT/masked" ] && [ ! -e "$ROOT/up" ] || exit 97
[ ! -e "$ROOT/full" ] || { echo "cp: No space left on device" >&2; exit 1; };; esac; exec /bin/cp "$@"`,
  systemctl: `case "$*" in
"mask --runtime --now qwbtc-bitcoind") touch "$ROOT/masked"; rm -f "$ROOT/up";;
"unmask --runtime qwbtc-bitcoind") rm -f "$ROOT/masked";;
"start qwbtc-bitcoind") [ ! -e "$ROOT/masked" ] || { echo "Unit is masked." >&2; exit 1; }; touch "$ROOT/up";;
*) exit 97;; esac`,
};

/** A node with a chain of its own, and its runbook's block. */
function node(chain: string, folder: string) {
  const { tree } = compiled(topology({ node: `chain: ${chain}` }));
  const [, block = ""] =
    /### If you have the chain already[\s\S]*?```sh\n([\s\S]*?)\n```/.exec(tree.get("README.md")?.text ?? "") ?? [];
  const root = mkdtempSync(path.join(scratch, "root-"));
  const at = (name: string) => path.join(root, name);
  const datadir = path.join("home/bitcoin/.bitcoin", folder);
  const lay = (top: string, text: string, names: string[]) => {
    for (const name of names) {
      mkdirSync(path.dirname(at(`${top}/${name}`)), { recursive: true });
      writeFileSync(at(`${top}/${name}`), text);
    }
  };
  const chainFiles = ["blocks/index/CURRENT", "blocks/blk00000.dat", "chainstate/CURRENT"];
  lay(datadir, "own", [...chainFiles, "indexes/txindex/CURRENT", "wallets/wallet.dat"]);
  mkdirSync(at("mnt"));
  mkdirSync(at("bin"));
  writeFileSync(at("up"), "");
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\necho "${name} $*" >>"$ROOT/asked"\n${text}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  }
  const moved = block.replaceAll(/(?<![\w.])\/(?=mnt|home)/g, `${root}/`);
  return {
    at,
    read: (name: string) => readFileSync(at(path.join(datadir, name)), "utf8"),
    names: (inside = "") => readdirSync(at(path.join(datadir, inside))).toSorted(),
    attach: () => lay(path.join("disk/bitcoin", folder), "brought", chainFiles),
    attachOther: () => lay("disk/photos", "x", ["a.jpg"]),
    // As one pastes it: into a shell that goes on after a command that failed.
    paste: () => {
      const env = { PATH: `${at("bin")}:/usr/bin:/bin`, ROOT: root };
      return spawnSync("bash", [], { input: `${moved}\n`, env, encoding: "utf8" });
    },
  };
}

describe.each([
  ["main", ""],
  ["testnet4", "testnet4"],
])("the chain %s from another disk", (chain, folder) => {
  it.each(["no such disk", "a disk with something else", "a disk that is too full for both"])(
    "%s: nothing is lost, and the node stays off until somebody looks",
    (what) => {
      const made = node(chain, folder);
      if (what.includes("else")) made.attachOther();
      if (what.includes("full")) {
        made.attach();
        writeFileSync(made.at("full"), "");
      }
      const { status, stderr } = made.paste();
      expect([status === 0, status === 97], stderr).toEqual([false, false]);
      for (const name of ["blocks/blk00000.dat", "chainstate/CURRENT", "indexes/txindex/CURRENT", "wallets/wallet.dat"])
        expect(made.read(name), name).toBe("own");
      expect([existsSync(made.at("up")), existsSync(made.at("masked"))]).toEqual([false, true]);
    },
  );

  it("the right disk: the copy is in place, what was there lies beside it, and the node starts", () => {
    const made = node(chain, folder);
    made.attach();
    const { status, stderr } = made.paste();
    expect(status, stderr).toBe(0);
    expect(made.names()).toEqual(["before", "blocks", "chainstate", "wallets"]);
    expect([made.read("blocks/blk00000.dat"), made.read("chainstate/CURRENT")]).toEqual(["brought", "brought"]);
    expect(made.names("before")).toEqual(["blocks", "chainstate", "indexes"]);
    expect(made.read("before/indexes/txindex/CURRENT")).toBe("own");
    expect(made.read("wallets/wallet.dat")).toBe("own");
    expect([existsSync(made.at("up")), existsSync(made.at("masked")), readdirSync(made.at("mnt"))]).toEqual([
      true,
      false,
      [],
    ]);
    expect(existsSync(made.at("owned"))).toBe(true);
    // Once more, with the older chain still there: it is not overwritten.
    expect(made.paste().status).not.toBe(0);
    expect(made.read("before/blocks/blk00000.dat")).toBe("own");
    expect(made.read("blocks/blk00000.dat")).toBe("brought");
  });

  it("after a wrong disk or a copy that was cut off, the same commands do it", () => {
    const made = node(chain, folder);
    made.attachOther();
    expect(made.paste().status).not.toBe(0);
    rmSync(made.at("disk"), { recursive: true });
    made.attach();
    writeFileSync(made.at("full"), "");
    expect(made.paste().status).not.toBe(0);
    rmSync(made.at("full"));
    const { status, stderr } = made.paste();
    expect(status, stderr).toBe(0);
    expect(made.names()).toEqual(["before", "blocks", "chainstate", "wallets"]);
  });
});
