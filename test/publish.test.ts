// SPDX-License-Identifier: GPL-3.0-or-later
/** What `build` does to a folder: never a partial tree, never a lost file of the user's. */
import { spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { DiskError, modeAt, walk } from "../src/io/disk.ts";
import { publish } from "../src/io/publish.ts";
import { compare, isSame } from "../src/io/written.ts";
import { cli, compiled, topology } from "./compiled.ts";

const base = mkdtempSync(path.join(tmpdir(), "publish-"));
afterAll(() => rmSync(base, { recursive: true }));
const one = compiled(topology()).tree;
const other = compiled(topology({ node: "vm: { maxmem: 3000 }" })).tree;
let out: string;
let count = 0;
beforeEach(() => {
  mkdirSync(path.join(base, String(++count)));
  out = path.join(base, String(count), "tree");
});

/** Publishes and gives the code of the refusal. */
function refusal(tree = other): string {
  try {
    publish(tree, out);
    return "none";
  } catch (error) {
    if (error instanceof DiskError) return error.diagnostic.code;
    throw error;
  }
}
const whole = (tree: typeof one) => isSame(compare(tree, out));
const beside = () => readdirSync(path.dirname(out)).toSorted();

describe("publishing a tree", () => {
  it("writes it, with its modes whatever the umask, and leaves nothing beside", () => {
    const before = process.umask(0o077);
    publish(one, out);
    process.umask(before);
    expect(whole(one)).toBe(true);
    expect(modeAt(path.join(out, "install.sh"))).toBe("0755");
    expect(modeAt(path.join(out, "README.md"))).toBe("0644");
    expect(modeAt(path.join(out, "srv/formulas"))).toBe("0755");
    expect(beside()).toEqual(["tree"]);
  });

  it("again: writes nothing", () => {
    publish(one, out);
    expect(publish(one, out)).toMatchObject({ wrote: false, recovered: false });
  });

  it("mends a mode that was changed", () => {
    publish(one, out);
    chmodSync(path.join(out, "install.sh"), 0o644);
    expect(publish(one, out).wrote).toBe(true);
    expect(modeAt(path.join(out, "install.sh"))).toBe("0755");
  });

  it("replaces an earlier build, whole", () => {
    publish(one, out);
    expect(publish(other, out).wrote).toBe(true);
    expect(whole(other)).toBe(true);
    expect(beside()).toEqual(["tree"]);
  });

  it("fills an empty folder, and makes the folders above", () => {
    mkdirSync(out);
    publish(one, out);
    expect(whole(one)).toBe(true);
    out = path.join(base, String(count), "a/b/c");
    publish(one, out);
    expect(whole(one)).toBe(true);
  });

  it("through a link: the link stays, the folder behind it is replaced", () => {
    publish(one, out);
    const link = `${out}-link`;
    symlinkSync(out, link);
    publish(other, link);
    expect(whole(other)).toBe(true);
    expect(beside()).toEqual(["tree", "tree-link"]);
  });
});

describe("refuses, and touches nothing, where", () => {
  it.each<[string, string, () => void]>([
    [
      "a folder was not written by us",
      "QB902",
      () => (mkdirSync(out), writeFileSync(path.join(out, "photo.jpg"), "x")),
    ],
    [
      "a folder holds a manifest of something else",
      "QB902",
      () => (mkdirSync(out), writeFileSync(path.join(out, "MANIFEST.json"), "[]")),
    ],
    ["a file was added", "QB903", () => (publish(one, out), writeFileSync(path.join(out, "notes.txt"), "mine"))],
    ["an empty folder was added", "QB903", () => (publish(one, out), mkdirSync(path.join(out, "mine")))],
    ["a link was added", "QB903", () => (publish(one, out), symlinkSync("/etc/passwd", path.join(out, "link")))],
    ["a file was edited", "QB904", () => (publish(one, out), appendFileSync(path.join(out, "README.md"), "mine"))],
    [
      "the manifest was edited",
      "QB904",
      () => (publish(one, out), appendFileSync(path.join(out, "MANIFEST.json"), "\n")),
    ],
    ["the sums were edited", "QB904", () => (publish(one, out), appendFileSync(path.join(out, "SHA256SUMS"), "mine"))],
    [
      "a file became a folder",
      "QB903",
      () => (publish(one, out), rmSync(path.join(out, "README.md")), mkdirSync(path.join(out, "README.md"))),
    ],
    ["a file is in the place of the folder", "QB905", () => writeFileSync(out, "mine")],
    [
      "a stranger's folder has the name of the new tree",
      "QB905",
      () => (mkdirSync(`${out}.qwbtc-new`), writeFileSync(`${out}.qwbtc-new/x`, "mine")),
    ],
    [
      "a stranger's folder has the name of the old tree",
      "QB905",
      () => (mkdirSync(`${out}.qwbtc-old`), writeFileSync(`${out}.qwbtc-old/x`, "mine")),
    ],
    ["a part of the path is a file", "QB906", () => (writeFileSync(out, ""), (out = path.join(out, "tree")))],
  ])("%s", (_why, code, prepare) => {
    prepare();
    const parent = path.join(base, String(count));
    const seen = () =>
      walk(parent).map(
        (file) =>
          `${file} ${file.endsWith("/") || file.endsWith("link") ? "" : readFileSync(path.join(parent, file), "base64")}`,
      );
    const before = seen();
    expect(refusal()).toBe(code);
    expect(seen()).toEqual(before);
  });

  it("another build is at work in the same folder", () => {
    mkdirSync(`${out}.qwbtc-new`);
    writeFileSync(`${out}.qwbtc-new/.qwbtc-salt-journal`, JSON.stringify({ pid: process.ppid, paths: [] }));
    expect(refusal()).toBe("QB905");
  });
});

describe("after a run that was cut off", () => {
  const journal = () =>
    writeFileSync(`${out}.qwbtc-new/.qwbtc-salt-journal`, JSON.stringify({ pid: 999_999_999, paths: [...one.keys()] }));

  it.each<[string, () => void]>([
    ["before the journal", () => mkdirSync(`${out}.qwbtc-new`)],
    [
      "within the journal",
      () => (mkdirSync(`${out}.qwbtc-new`), writeFileSync(`${out}.qwbtc-new/.qwbtc-salt-journal`, '{"pid": 99')),
    ],
    [
      "while files were written",
      () => (mkdirSync(`${out}.qwbtc-new`), journal(), writeFileSync(`${out}.qwbtc-new/README.md`, "half")),
    ],
    ["before the swap", () => (publish(one, out), cpSync(out, `${out}.qwbtc-new`, { recursive: true }))],
    [
      "within the swap",
      () => (
        publish(one, out),
        cpSync(out, `${out}.qwbtc-new`, { recursive: true }),
        renameSync(out, `${out}.qwbtc-old`)
      ),
    ],
    ["after the swap", () => (publish(one, out), cpSync(out, `${out}.qwbtc-old`, { recursive: true }))],
    [
      "while the old tree was removed",
      () => (
        publish(one, out),
        cpSync(out, `${out}.qwbtc-old`, { recursive: true }),
        rmSync(`${out}.qwbtc-old/README.md`),
        rmSync(`${out}.qwbtc-old/SHA256SUMS`)
      ),
    ],
  ])("%s: the next one finishes, and says that it cleared up", (_when, prepare) => {
    prepare();
    expect(publish(other, out)).toMatchObject({ wrote: true, recovered: true });
    expect(whole(other)).toBe(true);
    expect(beside()).toEqual(["tree"]);
  });

  it("what the user put into a leftover is not removed", () => {
    mkdirSync(`${out}.qwbtc-new`);
    journal();
    writeFileSync(`${out}.qwbtc-new/mine.txt`, "mine");
    expect(refusal()).toBe("QB903");
    expect(readFileSync(`${out}.qwbtc-new/mine.txt`, "utf8")).toBe("mine");
  });

  it("SIGKILL at a hundred random moments: the old tree or the new one, and the next run finishes", async () => {
    const folder = path.dirname(out);
    const files = [path.join(folder, "a.yaml"), path.join(folder, "b.yaml")];
    writeFileSync(files[0] as string, topology());
    writeFileSync(files[1] as string, topology({ node: "vm: { maxmem: 3000 }" }));
    publish(one, out);
    const started = Date.now();
    spawnSync(process.execPath, [cli, "build", files[1] as string, "--out", out]);
    const usual = Date.now() - started;
    const seen = { old: 0, new: 0, between: 0, leftovers: 0 };
    for (let round = 0; round < 100; round++) {
      const child = spawn(process.execPath, [cli, "build", files[round % 2] as string, "--out", out], {
        stdio: "ignore",
      });
      const gone = new Promise((resolve) => child.on("exit", resolve));
      // The writing is the last third of a run: most moments are chosen there.
      await new Promise((resolve) => setTimeout(resolve, usual * (0.5 + (0.6 * ((round * 37) % 100)) / 100)));
      child.kill("SIGKILL");
      await gone;
      const [wanted, earlier] = round % 2 === 0 ? [one, other] : [other, one];
      if (!existsSync(out)) seen.between++;
      else if (whole(wanted)) seen.new++;
      else if (whole(earlier) || whole(round === 0 ? one : earlier)) seen.old++;
      else throw new Error(`a mixture, in round ${round}`);
      if (beside().some((name) => name.includes(".qwbtc-"))) seen.leftovers++;
      publish(wanted, out);
      expect(whole(wanted)).toBe(true);
      expect(beside().filter((name) => name.includes(".qwbtc-"))).toEqual([]);
    }
    console.log(
      `SIGKILL: 100 runs, ${seen.old} left the old tree, ${seen.new} the new, ${seen.between} between, ${seen.leftovers} with leftovers`,
    );
    expect(seen.old + seen.new + seen.between).toBe(100);
    expect(seen.old).toBeGreaterThan(0);
  });
});
