// SPDX-License-Identifier: GPL-3.0-or-later
/** How a program gets into its place: whole or not at all, whenever the script is killed and whatever comes in between; the way on and the way back. */
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { has } from "../judges.ts";
import { Keys, whyNoBringing } from "./keys.ts";
import { digest, release, Yard } from "./yard.ts";

const why = whyNoBringing;
const named = why === undefined ? "" : ` (skipped: ${why})`;
const test = it.skipIf(why !== undefined);
const keys = why === undefined ? new Keys() : (undefined as unknown as Keys);
const yards: Yard[] = [];
afterAll(() => keys?.remove());
afterEach(() => {
  for (const yard of yards.splice(0)) yard.remove();
});
const fresh = () => {
  const yard = new Yard();
  yards.push(yard);
  return yard;
};

describe(`a program${named}`, () => {
  test("lies there as root's, readable to all, with no rights to give away, whatever the tar says", () => {
    const yard = fresh();
    const bytes = release("2.0", [
      { name: "bin/su", text: "x", mode: 0o6777 },
      { name: "bin/same", link: "daemon" },
      { name: "bin/copy", hard: "daemon-2.0/bin/daemon" },
      { name: "empty", kind: "dir", mode: 0o1777 },
    ]);
    yard.bring("2.0", {}, bytes);
    expect(yard.run("collect").status).toBe(0);
    expect(yard.inUse()).toBe("2.0");
    expect(["2.0/bin/su", "2.0/bin/copy", "2.0/share/README", "2.0/empty", "2.0"].map((one) => yard.mode(one))).toEqual(
      ["755", "755", "644", "755", "755"],
    );
    expect(statSync(yard.at("2.0/bin/su")).uid).toBe(0);
    expect(readFileSync(yard.at("2.0/bin/same"), "utf8")).toContain("echo 2.0");
    expect(yard.left()).toEqual([]);
    // What was checked is not kept twice.
    expect([yard.at("arrived"), yard.at("verified")].flatMap((one) => readdirSync(one))).toEqual([]);
    const status = yard.run("status");
    expect(status).toEqual({ status: 0, said: "Daemon 2.0: in use\n" });
    expect(yard.run("collect")).toEqual({ status: 0, said: "" });
  });

  const parts = ["daemon-2.0-linux.tar.gz", "SUMS", "SUMS.asc", "keys.asc"];
  const orders = parts.flatMap((_one, at) => {
    const turned = [...parts.slice(at), ...parts.slice(0, at)];
    return [turned, turned.toReversed()];
  });
  test.each(orders.map((order) => [order.join(", "), order] as const))("in parts: %s", (_name, order) => {
    const yard = fresh();
    const bytes = release("2.0");
    const sums = `${digest(bytes)} *${parts[0]}\n`;
    const files = {
      [parts[0] ?? ""]: bytes,
      SUMS: sums,
      "SUMS.asc": keys.sign(sums, ["ann"]),
      "keys.asc": keys.block(["ann", "bob"]),
    };
    const signed = { by: "sums", sums: "SUMS", signature: "SUMS.asc", keys: [keys.of("ann")], threshold: 1 } as const;
    yard.recipe("2.0", { signed }, { keys: ["keys.asc"] });
    for (const [at, name] of order.entries()) {
      yard.send({ [name]: files[name] as Buffer }, `sender-${at}`);
      const { status, said } = yard.run("collect");
      expect(status, said).toBe(at === 3 ? 0 : 1);
      expect(Object.keys(yard.refused())).toEqual([]);
      const lacks = yard.run("status").said;
      for (const later of order.slice(at + 1).filter((one) => one !== "keys.asc"))
        expect(lacks).toContain(`${later} has not come`);
    }
    expect(yard.inUse()).toBe("2.0");
  });

  test("that is still being written is left until it is whole", () => {
    const yard = fresh();
    const bytes = release("2.0");
    const file = yard.recipe("2.0", { sha256: digest(bytes) });
    const at = path.join(yard.incoming(), file);
    const writer = openSync(at, "w");
    appendFileSync(writer, bytes.subarray(0, 50));
    expect(yard.run("collect").status).toBe(1);
    expect(yard.left()).toEqual([file]);
    expect(yard.refused()).toEqual({});
    appendFileSync(writer, bytes.subarray(50));
    closeSync(writer);
    expect(yard.run("collect").status).toBe(0);
  });

  test("for another kind of machine is left where it is, and said", () => {
    const yard = fresh();
    const other = process.arch === "x64" ? "aarch64" : "x86_64";
    const machine = other === "aarch64" ? "x86_64" : "aarch64";
    yard.recipe(
      "2.0",
      { sha256: "" },
      {
        artifacts: {
          [machine]: { file: "daemon-here.tar.gz", sha256: "0".repeat(64) },
          [other]: { file: "daemon-there.tar.gz", sha256: "1".repeat(64) },
        },
      },
    );
    yard.send({ "daemon-there.tar.gz": "x" });
    yard.run("collect");
    expect(yard.run("status").said).toMatch(/daemon-there.* is for another kind of machine/);
    expect(yard.left()).toEqual(["daemon-there.tar.gz"]);
  });

  test("gets its last touch from a program of root's, which sees what was checked and nothing else", () => {
    const yard = fresh();
    const wheel = Buffer.from("a wheel");
    const finish = "/usr/local/lib/qwbtc-salt/finish-daemon";
    writeFileSync(
      path.join(yard.root, finish),
      '#!/bin/sh\nset -e\ntest "$PWD" = "$1"\nls "$2" >"$1/seen"\ncp "$2/a.whl" bin/\n',
      { mode: 0o755 },
    );
    yard.bring("2.0", { finish, more: [{ file: "a.whl", sha256: digest(wheel) }] });
    expect(yard.run("collect").status).toBe(1);
    expect(yard.run("status").said).toContain("a.whl has not come");
    expect(yard.inUse()).toBeUndefined();
    yard.send({ "a.whl": wheel });
    expect(yard.run("collect").status).toBe(0);
    expect(readFileSync(yard.at("2.0/seen"), "utf8")).toBe("a.whl\ndaemon-2.0-linux.tar.gz\n");
    expect(yard.mode("2.0/bin/a.whl")).toBe("644");
  });

  test("whose last touch fails is not put in place", () => {
    const yard = fresh();
    const finish = "/usr/local/lib/qwbtc-salt/finish-daemon";
    writeFileSync(path.join(yard.root, finish), "#!/bin/sh\nexit 3\n", { mode: 0o755 });
    yard.bring("2.0", { finish });
    expect(yard.run("collect").status).toBe(1);
    expect(yard.run("status").said).toContain("ended with 3");
    expect([yard.inUse(), yard.leftovers()]).toEqual([undefined, []]);
  });

  it.skipIf(why !== undefined || !has("mksquashfs") || !has("unsquashfs"))(
    `in an AppImage is unpacked without being run${has("mksquashfs") ? "" : " (skipped: mksquashfs not installed)"}`,
    () => {
      const yard = fresh();
      const source = path.join(yard.root, "AppDir");
      mkdirSync(path.join(source, "bin"), { recursive: true });
      writeFileSync(path.join(source, "bin/daemon"), "#!/bin/sh\necho 2.0\n", { mode: 0o755 });
      writeFileSync(path.join(source, "version.py"), "VERSION = '2.0'\n");
      spawnSync("mksquashfs", [source, `${source}.sqsh`, "-quiet", "-no-progress", "-root-owned"]);
      // An ELF head whose section table ends where the file system begins, as the runtime's does.
      const head = Buffer.alloc(192);
      head.write("\x7fELF\x02\x01", "latin1");
      head.writeBigUInt64LE(64n, 0x28);
      head.writeUInt16LE(64, 0x3a);
      head.writeUInt16LE(2, 0x3c);
      const image = Buffer.concat([head, readFileSync(`${source}.sqsh`)]);
      const says = { path: "version.py", text: "VERSION = '2.0'" };
      yard.bring("2.0", { unpack: { kind: "appimage", says } }, image);
      expect(yard.run("collect").said).toContain("2.0 is in use");
      expect(yard.inUse()).toBe("2.0");
      const other = fresh();
      other.bring("2.0", { unpack: { kind: "appimage", says } }, Buffer.concat([head, Buffer.from("no file system")]));
      other.run("collect");
      expect(other.run("status").said).toContain("no squashfs follows");
    },
  );

  test("that finds no room is not lost, and goes in when there is room", () => {
    const yard = fresh();
    const noise = Buffer.from(Array.from({ length: 3 << 20 }, () => Math.floor(Math.random() * 256)));
    const bytes = release("2.0", [{ name: "big", text: noise.toString("base64") }]);
    const file = yard.recipe("2.0", { sha256: digest(bytes) });
    const recipe = readFileSync(yard.at("recipe.json"));
    for (const size of ["1m", "5m", "7m"]) {
      expect(spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "full", yard.folder]).status).toBe(0);
      try {
        writeFileSync(yard.at("recipe.json"), recipe);
        yard.send({ [file]: bytes });
        const { status, said } = yard.run("collect");
        expect([status, yard.inUse(), yard.leftovers()]).toEqual([1, undefined, []]);
        expect(said).toContain("make room");
        expect(said).not.toContain("Traceback");
        const kept = [path.join(yard.incoming(), file), yard.at("arrived", file), yard.at("verified", file)].filter(
          (one) => existsSync(one),
        );
        expect(kept.map((one) => digest(readFileSync(one)))).toEqual([digest(bytes)]);
        spawnSync("mount", ["-o", "remount,size=40m", yard.folder]);
        expect(yard.run("collect").status).toBe(0);
        expect(yard.inUse()).toBe("2.0");
      } finally {
        spawnSync("umount", [yard.folder]);
      }
    }
  });
});
