// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The commands by which a bundle comes into dom0, as the runbook has them and as `bundle` prints them: run with the real tar, sha256sum, gpg and
 * gpgv. What does not pass is not unpacked; and what passes although it is hostile does not leave its folder.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestOf } from "../src/bundle/judge.ts";
import { bytes } from "./bundle/hostile.ts";
import { END, member } from "./bundle/tars.ts";
import { cli, compiled, project, topology } from "./compiled.ts";
import { has, judged } from "./judges.ts";
import { blocks } from "./leave/blocks.ts";

const base = mkdtempSync(path.join(tmpdir(), "in-"));
const gnupg = path.join(base, "g");
afterAll(() => {
  spawnSync("gpgconf", ["--homedir", gnupg, "--kill", "all"]);
  rmSync(base, { recursive: true, force: true });
});

// Stands for dom0's qvm-run (qubesadmin/tools/qvm_run.py), as far as it is used here: one command, run in a qube, whose output comes through.
const QVM_RUN = `#!/bin/sh
[ $# -eq 3 ] && [ "$1" = --pass-io ] || { echo "usage: qvm-run ..." >&2; exit 2; }
[ "$2" = work ] || { echo "qvm-run: error: no such domain: '$2'" >&2; exit 2; }
HOME=${base}/qube exec sh -c "$3"
`;

const runbook = compiled(topology()).tree.get("README.md")?.text ?? "";
const [fetch = "", byDigest = "", pin = "", bySignature = "", enter = "", doctor = "", install = ""] = blocks(
  runbook,
  "In dom0",
);
let keys = { signer: "", other: "" };
let count = 0;

/** A dom0 in which nothing was done yet, beside a qube that has these files; runs commands there, one after the other, until one fails. */
function dom0(files: Record<string, Buffer>) {
  const home = path.join(base, String(++count));
  const qube = path.join(base, `${count}-qube`);
  mkdirSync(home);
  mkdirSync(qube);
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(qube, name), content);
  const run = (commands: string, digest = "DIGEST", fingerprint = keys.signer) => {
    const typed = commands
      .replaceAll("QUBE", "work")
      .replaceAll("/home/user/", `${qube}/`)
      .replaceAll("DIGEST", digest)
      .replaceAll("FINGERPRINT", fingerprint);
    const env = { PATH: `${base}/bin:${process.env["PATH"]}`, HOME: home, GNUPGHOME: gnupg };
    const { status, stderr, stdout } = spawnSync("sh", ["-e", "-c", typed], { cwd: home, env, encoding: "utf8" });
    return { status, said: stdout + stderr };
  };
  const there = () => readdirSync(path.join(home, "qwbtc-1")).toSorted();
  return { home, run, there };
}

/** A detached signature by a key, of these bytes. */
function signed(content: Buffer, by: string): Buffer {
  const { status, stdout, stderr } = spawnSync(
    "gpg",
    ["--homedir", gnupg, "--batch", "-u", by, "--armor", "--detach-sign"],
    { input: content },
  );
  if (status !== 0) throw new Error(stderr.toString());
  return stdout;
}

beforeAll(() => {
  mkdirSync(`${base}/bin`);
  mkdirSync(`${base}/qube`);
  writeFileSync(`${base}/bin/qvm-run`, QVM_RUN);
  chmodSync(`${base}/bin/qvm-run`, 0o755);
  if (!has("gpg")) return;
  mkdirSync(gnupg, { mode: 0o700 });
  const made = ["signer", "other"].map((who) => {
    spawnSync("gpg", [
      "--homedir",
      gnupg,
      "--batch",
      "--passphrase",
      "",
      "--quick-gen-key",
      `${who}@example.org`,
      "ed25519",
      "sign",
      "never",
    ]);
    const { stdout } = spawnSync("gpg", ["--homedir", gnupg, "--with-colons", "--list-keys", `${who}@example.org`], {
      encoding: "utf8",
    });
    return /^fpr:+([0-9A-F]{40}):/m.exec(stdout)?.[1] ?? "";
  });
  keys = { signer: made[0] ?? "", other: made[1] ?? "" };
});

const tampered = Buffer.from(bytes.map((byte, at) => (at === 600 ? byte ^ 1 : byte)));

describe("by digest", () => {
  it("a bundle whose digest is right is unpacked, and is the tree", () => {
    const { home, run, there } = dom0({ "qwbtc.tar": bytes });
    expect(run(fetch)).toEqual({ status: 0, said: "" });
    expect(there()).toEqual(["qwbtc.tar"]);
    expect(run(`cd qwbtc-1\n${byDigest}${enter}test -x install.sh`, digestOf(bytes))).toEqual({
      status: 0,
      said: "qwbtc.tar: OK\n",
    });
    const verified = spawnSync(process.execPath, [cli, "verify", path.join(home, "qwbtc-1/qwbtc")], {
      encoding: "utf8",
    });
    expect(verified).toMatchObject({ status: 0, stderr: "" });
    expect([doctor, install]).toEqual(["sudo ./doctor\n", "sudo ./install.sh\n"]);
  });

  it.each([
    ["a changed bundle", tampered, digestOf(bytes)],
    ["another digest", bytes, digestOf(tampered)],
    ["a bundle that is cut off", bytes.subarray(0, -5), digestOf(bytes)],
    ["an empty file", Buffer.alloc(0), digestOf(bytes)],
    ["a digest of which a part is missing", bytes, digestOf(bytes).slice(0, 63)],
    ["no digest put in", bytes, "DIGEST"],
  ])("%s is not unpacked", (_what, content, digest) => {
    const { run, there } = dom0({ "qwbtc.tar": content });
    run(fetch);
    expect(run(`cd qwbtc-1\n${byDigest}`, digest).status).not.toBe(0);
    expect(there()).toEqual(["qwbtc.tar"]);
  });

  it("the same commands are what bundle prints, with digest and path", () => {
    const { home, run } = dom0({});
    writeFileSync(path.join(home, "t.yaml"), topology());
    const { stdout } = spawnSync(process.execPath, [cli, "bundle", "t.yaml"], { cwd: home, encoding: "utf8" });
    const printed = stdout.split("\n").flatMap((line) => (line.startsWith("  ") ? [line.slice(2)] : []));
    expect(printed.map((line) => line.replace(digestOf(bytes), "DIGEST").replace(`${home}/`, "/home/user/"))).toEqual(
      [fetch, byDigest, enter].flatMap((block) => block.trim().split("\n")),
    );
    expect(run(printed.join("\n"))).toEqual({ status: 0, said: "qwbtc.tar: OK\n" });
  });

  it("and what the project's README shows", () => {
    const shown = blocks(readFileSync(path.join(project, "README.md"), "utf8"), "Into dom0").join("");
    for (const block of [fetch, byDigest, enter, install.trim()]) expect(shown).toContain(block.trim());
  });
});

describe.skipIf(!has("gpg") || !has("gpgv"))(judged("by signature", "gpg", "gpgv"), () => {
  /** Fetches, pins the signer's key, and does what the runbook says for each time. */
  const bring = (files: Record<string, Buffer>, fingerprint?: string) => {
    const at = dom0(files);
    expect(at.run(`${fetch}cd ..\n${pin}`, undefined, fingerprint).status).toBe(0);
    return { ...at, ...at.run(`cd qwbtc-1\n${bySignature}`) };
  };

  it("one that the pinned key signed is unpacked", () => {
    const { status, there } = bring({ "qwbtc.tar": bytes, "qwbtc.tar.asc": signed(bytes, keys.signer) });
    expect([status, there()]).toEqual([0, ["qwbtc", "qwbtc.tar", "qwbtc.tar.asc"]]);
  });

  it("the keyring has one key, which gpg shows with its fingerprint", () => {
    const { run } = dom0({});
    const shown = run(pin).said;
    expect(shown.match(/^pub /gm)).toHaveLength(1);
    expect(shown.replaceAll(/\s/g, "")).toContain(keys.signer);
  });

  it.each<[string, () => Record<string, Buffer>, (() => string)?]>([
    ["a changed bundle", () => ({ "qwbtc.tar": tampered, "qwbtc.tar.asc": signed(bytes, keys.signer) })],
    ["a signature by another key", () => ({ "qwbtc.tar": bytes, "qwbtc.tar.asc": signed(bytes, keys.other) })],
    ["the signature of another file", () => ({ "qwbtc.tar": bytes, "qwbtc.tar.asc": signed(tampered, keys.signer) })],
    ["no signature", () => ({ "qwbtc.tar": bytes, "qwbtc.tar.asc": Buffer.alloc(0) })],
    [
      "a text in the place of a signature",
      () => ({ "qwbtc.tar": bytes, "qwbtc.tar.asc": Buffer.from("it is good\n") }),
    ],
    [
      "a good signature where another key is pinned",
      () => ({ "qwbtc.tar": bytes, "qwbtc.tar.asc": signed(bytes, keys.signer) }),
      () => keys.other,
    ],
  ])("%s is not unpacked", (_what, files, fingerprint) => {
    const { status, there } = bring(files(), fingerprint?.());
    expect(status).not.toBe(0);
    expect(there()).toEqual(["qwbtc.tar", "qwbtc.tar.asc"]);
  });
});

describe("a hostile tar whose digest somebody vouches for", () => {
  const outside = path.join(base, "outside");
  const link = (target: string) => member("qwbtc/l", "", { type: "2", link: target });
  it.each([
    ["upwards", [member("qwbtc/../../x", "x"), member("../x", "x")]],
    ["to an absolute path", [member(`${outside}/x`, "x")]],
    ["beside the folder", [member("other/x", "x"), member("qwbtc.tar", "x")]],
    ["through a link", [link(outside), member("qwbtc/l/x", "x")]],
    ["through a link upwards", [link("../.."), member("qwbtc/l/x", "x")]],
    ["over a file twice", [member("qwbtc/a", "1"), member("qwbtc/a", "2")]],
  ])("writes nothing %s", (_what, parts) => {
    mkdirSync(outside, { recursive: true });
    const content = Buffer.concat([...parts, END]);
    const { home, run, there } = dom0({ "qwbtc.tar": content });
    run(fetch);
    run(`cd qwbtc-1\n${byDigest}`, digestOf(content));
    expect(readdirSync(home)).toEqual(["qwbtc-1"]);
    expect(there().filter((one) => one !== "qwbtc")).toEqual(["qwbtc.tar"]);
    expect(readdirSync(outside)).toEqual([]);
    if (there().includes("qwbtc") && readdirSync(path.join(home, "qwbtc-1/qwbtc")).includes("a"))
      expect(readFileSync(path.join(home, "qwbtc-1/qwbtc/a"), "utf8")).toBe("1");
  });
});
