// SPDX-License-Identifier: GPL-3.0-or-later
/** What is fetched over Tor, by the real curl: through the gateway's port alone, https alone, on where it broke off; and what a downloader says. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { has } from "../judges.ts";
import { Keys, whyNoBringing } from "./keys.ts";
import { digest, release, withYard, Yard } from "./yard.ts";

const why = whyNoBringing ?? ["curl", "openssl"].find((one) => !has(one))?.concat(" not installed");
const named = why === undefined ? "" : ` (skipped: ${why})`;
const test = it.skipIf(why !== undefined);

const scratch = mkdtempSync(path.join(tmpdir(), "mirror-"));
const served = path.join(scratch, "served");
const log = path.join(scratch, "log");
const bundle = path.join(scratch, "cert.pem");
let proxy = "";
let mirror: ChildProcess | undefined;
const keys = why === undefined ? new Keys() : (undefined as unknown as Keys);

beforeAll(async () => {
  if (why !== undefined) return;
  mkdirSync(served);
  const names = "subjectAltName=DNS:mirror.example,DNS:other.example";
  const made = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "2",
    "-subj",
    "/CN=mirror",
    "-addext",
    names,
  ];
  execFileSync("openssl", [...made, "-keyout", path.join(scratch, "key.pem"), "-out", bundle], { stdio: "ignore" });
  const words = [path.join(import.meta.dirname, "mirror.py"), served, bundle, path.join(scratch, "key.pem"), log];
  mirror = spawn("python3", words, { stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise<string>(
    (done) => void mirror?.stdout?.once("data", (data: Buffer) => done(String(data).trim())),
  );
  proxy = `127.0.0.1:${port}`;
});
afterAll(() => {
  mirror?.kill("SIGKILL");
  keys?.remove();
  rmSync(scratch, { recursive: true, force: true });
});

const file = "daemon-2.0-linux.tar.gz";
const good = why === undefined ? release("2.0") : Buffer.alloc(0);
const url = (kind: string, name: string) => `https://mirror.example/${kind}/${name}`;
const lines = () => (existsSync(log) ? readFileSync(log, "utf8").split("\n").filter(Boolean) : []);

/** A downloader that was asked for the program of one qube. */
function downloader(yard: Yard, kind: string, published: Buffer | undefined, before = ":") {
  rmSync(log, { force: true });
  rmSync(path.join(served, file), { force: true });
  if (published) writeFileSync(path.join(served, file), published);
  yard.recipe("2.0", { sha256: digest(good) }, { urls: { [file]: url(kind, file) }, proxy });
  const shelf = path.join(yard.root, "usr/local/lib/qwbtc-salt/recipes");
  mkdirSync(shelf, { recursive: true });
  writeFileSync(path.join(shelf, "wallet.json"), readFileSync(yard.at("recipe.json")));
  const home = path.join(yard.root, "home/user");
  const outside = { HOME: process.env["HOME"], CURL_CA_BUNDLE: process.env["CURL_CA_BUNDLE"] };
  Object.assign(process.env, { HOME: home, CURL_CA_BUNDLE: bundle });
  try {
    const ran = yard.runAfter(before, "download", "wallet");
    const folder = path.join(home, "qwbtc-programs/wallet");
    return { ...ran, there: readdirSync(folder).toSorted(), folder };
  } finally {
    for (const [name, value] of Object.entries(outside))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
}

describe(`a downloader${named}`, () => {
  test.each(["whole", "moved"])(
    "fetches through the gateway's port, with a circuit of its own, checks it, and says how to send it (%s)",
    (kind) => {
      withYard((yard) => {
        const { status, said, there, folder } = downloader(yard, kind, good);
        expect([status, there], said).toEqual([0, [file]]);
        expect(said).toContain(`cd ${folder} && qvm-copy ${file}`);
        expect(said).toContain("wallet");
        expect(lines()[0]).toBe("connect daemon mirror.example:443");
        expect(lines().filter((one) => one.startsWith("connect")).length).toBe(kind === "moved" ? 2 : 1);
      });
    },
  );

  test("goes on where a mirror broke off", () => {
    withYard((yard) => {
      expect(downloader(yard, "broken", good).there).toEqual([`${file}.part`]);
      const second = downloader(yard, "broken", good);
      expect([second.status, second.there], second.said).toEqual([0, [file]]);
      expect(lines().at(-1)).toMatch(/bytes=\d+-$/);
    });
  });

  test("follows no redirect away from https, and says so", () => {
    withYard((yard) => {
      const { status, said, there } = downloader(yard, "open", good);
      expect([status, there]).toEqual([1, []]);
      expect(said).toMatch(/http.*not supported|disabled|protocol/i);
      expect(lines().filter((one) => one.startsWith("connect"))).toEqual(["connect daemon mirror.example:443"]);
    });
  });

  test("leaves nothing of what grows beyond what may be written, as the service may not write more than 4 GiB", () => {
    withYard((yard) => {
      // In blocks of 512 bytes.
      const { status, said, there } = downloader(yard, "endless", undefined, "ulimit -f 20000");
      expect([status, there]).toEqual([1, []]);
      expect(said).toContain("larger than any release");
      expect(said).not.toContain("Traceback");
    });
    const unit = path.join(import.meta.dirname, "../../salt-templates/bring/fetch.service.hbs");
    expect(readFileSync(unit, "utf8")).toMatch(/^LimitFSIZE=4G$/m);
  });

  test.each([
    ["small", () => release("6.6")],
    ["large", () => Buffer.alloc(65 << 20)],
  ])("keeps what is not right apart, and does not offer to send it (%s)", (_name, made) => {
    withYard((yard) => {
      const { status, said, there } = downloader(yard, "whole", made());
      expect([status, there]).toEqual([1, [`${file}.refused`]]);
      expect(said).toContain("not enough yet");
      expect(said).not.toContain("qvm-copy");
    });
  });

  test("says what is not there, and what nobody asks for", () => {
    withYard((yard) => {
      expect(downloader(yard, "whole", undefined).said).toContain("404");
      expect(yard.run("download", "nobody")).toMatchObject({
        status: 2,
        said: expect.stringContaining("known are wallet") as string,
      });
    });
  });
});

describe(`the service that fetches${named}`, () => {
  test("brings evidence too, keeps off what is here already, and ends when all is in place", async () => {
    const yard = new Yard();
    try {
      rmSync(log, { force: true });
      const sums = `${digest(good)}  ${file}\n`;
      const all: Record<string, Buffer | string> = {
        [file]: good,
        SUMS: sums,
        "SUMS.asc": keys.sign(sums, ["ann"]),
        "ann.asc": keys.block(["ann"]),
      };
      for (const [name, bytes] of Object.entries(all)) writeFileSync(path.join(served, name), bytes);
      const signed = { by: "sums", sums: "SUMS", signature: "SUMS.asc", keys: [keys.of("ann")], threshold: 1 } as const;
      const urls = Object.fromEntries(Object.keys(all).map((name) => [name, url("whole", name)]));
      yard.recipe("2.0", { signed }, { keys: ["ann.asc"], urls, proxy });
      // Somebody sent a part of it.
      yard.send({ SUMS: sums });
      yard.run("collect");
      const cache = path.join(yard.root, "var/cache/private/qwbtc-salt-fetch");
      mkdirSync(cache, { recursive: true });
      const fetching = yard.start(["fetch"], { CACHE_DIRECTORY: cache, CURL_CA_BUNDLE: bundle });
      try {
        for (let turn = 0; turn < 200 && readdirSync(cache).filter((one) => !one.endsWith(".part")).length < 3; turn++)
          await sleep(100);
        expect(readdirSync(cache).toSorted()).toEqual(["SUMS.asc", "ann.asc", file]);
        expect(yard.run("collect").status).toBe(0);
        expect([yard.inUse(), readdirSync(cache)]).toEqual(["2.0", []]);
        expect(lines().filter((one) => one.startsWith("get"))).toHaveLength(3);
      } finally {
        fetching.kill("SIGKILL");
      }
      const after = yard.start(["fetch"], { CACHE_DIRECTORY: cache });
      expect(await new Promise((done) => void after.once("close", done))).toBe(0);
    } finally {
      yard.remove();
    }
  });
});
