// SPDX-License-Identifier: GPL-3.0-or-later
/** What `bundle` writes: the same bytes anywhere, never over what is not its own, never half a file. */
import { spawn, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { cli, examples, exampleText, topology } from "./compiled.ts";

const base = mkdtempSync(path.join(tmpdir(), "bundle-"));
afterAll(() => rmSync(base, { recursive: true }));
let cwd: string;
let count = 0;
beforeEach(() => {
  cwd = path.join(base, String(++count));
  mkdirSync(cwd);
  writeFileSync(path.join(cwd, "topology.yaml"), topology());
});
const at = (file: string) => path.join(cwd, file);
const bundle = (...args: string[]) => spawnSync(process.execPath, [cli, "bundle", ...args], { cwd, encoding: "utf8" });
const other = () => writeFileSync(at("topology.yaml"), topology({ node: "vm: { maxmem: 3000 }" }));

it.each(examples)("%s: the same bytes under another folder, name, umask, locale, time zone, home and user", (name) => {
  const make = (folder: string, umask: string, env: NodeJS.ProcessEnv, out: string) => {
    mkdirSync(at(folder));
    writeFileSync(at(`${folder}/${folder}.yaml`), exampleText(name));
    const command = `umask ${umask}; exec ${process.execPath} ${cli} bundle ${folder}.yaml ${out === "" ? "" : `--out ${out}`}`;
    const ran = spawnSync("sh", ["-c", command], {
      cwd: at(folder),
      env: { PATH: process.env["PATH"], ...env },
      encoding: "utf8",
    });
    expect(ran.status, ran.stderr).toBe(0);
    const [file = ""] = readdirSync(at(folder)).filter((one) => one.endsWith(".tar"));
    return readFileSync(at(`${folder}/${file}`));
  };
  const one = make("here", "022", { TZ: "Pacific/Kiritimati", LC_ALL: "C", HOME: "/nonexistent" }, "");
  const two = make(
    "there",
    "077",
    { TZ: "America/Adak", LC_ALL: "tr_TR.UTF-8", HOME: base, USER: "somebody" },
    "x.tar",
  );
  expect(two.equals(one)).toBe(true);
});

describe("bundle", () => {
  it("is named after the formula, and says digests and the dom0 commands", () => {
    const ran = bundle();
    expect(ran.status).toBe(0);
    expect(readdirSync(cwd)).toEqual(["qwbtc.tar", "topology.yaml"]);
    expect(ran.stdout).toMatch(/^\nWrote qwbtc\.tar \(\d+ files\)\nSHA-256 of the bundle: [0-9a-f]{64}\n/);
    const sum = spawnSync("sha256sum", ["qwbtc.tar"], { cwd, encoding: "utf8" }).stdout.slice(0, 64);
    expect(ran.stdout).toContain(`echo '${sum}  qwbtc.tar' | sha256sum --strict -c && tar `);
    const again = bundle("--format", "json");
    expect(JSON.parse(again.stdout)).toMatchObject({ out: "qwbtc.tar", wrote: false, bundle: sum });
  });

  it("says to copy it first where its path is not plain", () => {
    cwd = path.join(cwd, "it's a 'folder'");
    mkdirSync(cwd);
    const { stdout } = bundle();
    expect(stdout).toContain("copy it to /home/user/qwbtc.tar first");
    expect(stdout).toContain("'cat /home/user/qwbtc.tar'");
  });

  it("takes the place of an earlier bundle of this formula", () => {
    bundle();
    const before = readFileSync(at("qwbtc.tar"));
    other();
    expect(bundle().stdout).toContain("Wrote qwbtc.tar");
    expect(readFileSync(at("qwbtc.tar")).equals(before)).toBe(false);
    expect(readdirSync(cwd)).toEqual(["qwbtc.tar", "topology.yaml"]);
  });

  const STRANGERS: [what: string, make: () => unknown][] = [
    ["a text of the user's", () => writeFileSync(at("qwbtc.tar"), "mine")],
    ["a tar of the user's", () => spawnSync("tar", ["-cf", "qwbtc.tar", "topology.yaml"], { cwd })],
    ["an empty file", () => writeFileSync(at("qwbtc.tar"), "")],
    [
      "a bundle to which something was added",
      () => (bundle(), spawnSync("sh", ["-c", "echo mine >>qwbtc.tar"], { cwd })),
    ],
    ["a bundle that was cut", () => (bundle(), spawnSync("truncate", ["-s", "-600", "qwbtc.tar"], { cwd }))],
    ["a folder", () => mkdirSync(at("qwbtc.tar"))],
    ["a pipe", () => spawnSync("mkfifo", ["qwbtc.tar"], { cwd })],
    [
      "a bundle of another formula",
      () => (
        writeFileSync(at("o.yaml"), topology().replace("formula: qwbtc", "formula: other")),
        bundle("o.yaml", "--out", "qwbtc.tar")
      ),
    ],
  ];
  it.each(STRANGERS)("does not write over %s", (_what, make) => {
    make();
    const kind = statSync(at("qwbtc.tar"));
    const held = kind.isFile() ? readFileSync(at("qwbtc.tar")) : "";
    other();
    const ran = bundle();
    expect([ran.status, ran.stdout]).toEqual([2, ""]);
    expect(ran.stderr).toMatch(/QB935\][\s\S]*exists and is not a bundle\s+of this formula/);
    const now = statSync(at("qwbtc.tar"));
    expect([now.ino, now.mtimeMs]).toEqual([kind.ino, kind.mtimeMs]);
    if (now.isFile()) expect(readFileSync(at("qwbtc.tar"))).toEqual(held);
  });

  it("follows a link to where a bundle lies, and makes folders for a new one", () => {
    expect(bundle("--out", "deep/er/b.tar").status).toBe(0);
    symlinkSync("deep/er/b.tar", at("link.tar"));
    other();
    expect(bundle("--out", "link.tar").status).toBe(0);
    expect(statSync(at("link.tar")).ino).toBe(statSync(at("deep/er/b.tar")).ino);
  });

  it("writes nothing for a topology with mistakes, nor with --strict and a warning", () => {
    writeFileSync(at("topology.yaml"), topology({ gateway: "netvm: sys-whonix" }));
    expect(bundle().status).toBe(1);
    writeFileSync(at("topology.yaml"), exampleText("seed"));
    expect(bundle("--strict").status).toBe(1);
    expect(readdirSync(cwd)).toEqual(["topology.yaml"]);
  });

  it("killed at any moment, leaves the old bundle or the new one, and the next run clears up", async () => {
    bundle();
    const old = readFileSync(at("qwbtc.tar"));
    other();
    bundle("--out", "new.tar");
    const whole = readFileSync(at("new.tar"));
    rmSync(at("new.tar"));
    const started = Date.now();
    bundle("--out", "time.tar");
    const takes = Date.now() - started;
    for (let kill = 0; kill < 12; kill++) {
      writeFileSync(at("qwbtc.tar"), old);
      const child = spawn(process.execPath, [cli, "bundle"], { cwd, stdio: "ignore" });
      const over = new Promise((resolve) => child.on("exit", resolve));
      await new Promise((resolve) => setTimeout(resolve, takes * (0.5 + kill / 24)));
      child.kill("SIGKILL");
      await over;
      const now = readFileSync(at("qwbtc.tar"));
      expect(now.equals(old) || now.equals(whole)).toBe(true);
    }
    // And what a kill within the writing leaves, which the above may have missed: half a bundle of a process that is no more.
    writeFileSync(at("qwbtc.tar.qwbtc-new-4194304"), whole.subarray(0, 5000));
    writeFileSync(at("qwbtc.tar.qwbtc-new-4194303"), "");
    writeFileSync(at("qwbtc.tar.qwbtc-new-4194302"), "mine");
    expect(bundle().status).toBe(0);
    expect(readFileSync(at("qwbtc.tar")).equals(whole)).toBe(true);
    expect(readdirSync(cwd).filter((one) => one.includes("qwbtc-new"))).toEqual(["qwbtc.tar.qwbtc-new-4194302"]);
  });
});
