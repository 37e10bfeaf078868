// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What a wallet of a server elsewhere makes of the certificate that it is shown: Debian's Electrum, with the very keys that a tree sets, and a
 * stand-in for the server.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compiled, exampleText } from "../compiled.ts";
import { has, judged, run } from "../judges.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "electrum-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const server = path.join(import.meta.dirname, "server.py");
const inTopology = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
const openssl = (...words: string[]) => {
  const { status, stdout, stderr } = spawnSync("openssl", words, { cwd: scratch, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  return stdout;
};

/** Makes a certificate as the runbook says, and reads its fingerprint as the runbook says. */
function certificate(name: string, ...more: string[]): string {
  const made = ["-newkey", "rsa:2048", "-nodes", "-subj", "/CN=electrum", "-keyout", `${name}.key`];
  openssl("req", "-x509", ...made, "-days", "3650", "-out", `${name}.pem`, ...more);
  const printed = openssl("x509", "-in", `${name}.pem`, "-noout", "-fingerprint", "-sha256");
  return printed.split("=")[1]?.trim().replaceAll(":", "").toLowerCase() ?? "";
}

/** The keys that a tree sets in Electrum's file, for a server at this port. */
function keysFor(fingerprint: string, port: number): Record<string, unknown> {
  const { tree } = compiled(exampleText("remote-servers").replace(inTopology, fingerprint));
  const [, file] = [...tree].find(([name]) => name.endsWith("/electrum/config.json")) ?? [];
  const text = (file?.text ?? "").replace("127.0.0.1:50002:", `127.0.0.1:${port}:`);
  return (JSON.parse(text) as { always: Record<string, unknown> }).always;
}

/** Whether Electrum with these keys calls itself connected after a while, and what the server was asked. */
async function connects(cert: string, keysAt: (port: number) => Record<string, unknown>) {
  const files = cert === "-" ? ["-", "-"] : [`${cert}.pem`, `${cert}.key`];
  const child = spawn("python3", ["-IB", server, ...files], { cwd: scratch, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (data: Buffer) => (said += data));
  while (!said.includes("\n")) await sleep(50);
  const folder = mkdtempSync(path.join(scratch, "home-"));
  mkdirSync(path.join(folder, "regtest"));
  writeFileSync(path.join(folder, "regtest/config"), JSON.stringify(keysAt(Number(said.split("\n")[0]))));
  const electrum = (...words: string[]) => run("electrum", ["--regtest", "-D", folder, ...words]);
  electrum("daemon", "-d");
  const connected = () => electrum("getinfo").output.includes('"connected": true');
  for (let tries = 0; tries < 6 && !connected(); tries++) await sleep(1000);
  const result = connected();
  electrum("stop");
  child.kill();
  await once(child, "close");
  return { connected: result, asked: said.includes("server.version") };
}

describe.skipIf(!has("electrum") || !has("openssl"))(judged("Debian's Electrum and a certificate", "electrum"), () => {
  let [right, other] = ["", ""];
  beforeAll(() => {
    right = certificate("right");
    other = certificate("other");
  });

  it("the one of the topology: it connects", async () => {
    expect(await connects("right", (port) => keysFor(right, port))).toEqual({ connected: true, asked: true });
  });

  it("another: it does not, and says nothing to that server", async () => {
    expect(await connects("other", (port) => keysFor(right, port))).toEqual({ connected: false, asked: false });
    expect(other).not.toBe(right);
  });

  it("no certificate, by a server that speaks plain TCP: it does not, and says nothing", async () => {
    expect(await connects("-", (port) => keysFor(right, port))).toEqual({ connected: false, asked: false });
  });

  it("without a fingerprint it would take any at first sight: the trap is real, and this test would see it", async () => {
    const without = (port: number) => {
      const { serverfingerprint: _, ...rest } = keysFor(right, port);
      return rest;
    };
    expect(await connects("other", without)).toEqual({ connected: true, asked: true });
  });

  it("one that is not self-signed: it does not connect, even if its fingerprint is the right one", async () => {
    certificate("authority");
    const signed = certificate("signed", "-CA", "authority.pem", "-CAkey", "authority.key");
    expect((await connects("signed", (port) => keysFor(signed, port))).connected).toBe(false);
  });
});
