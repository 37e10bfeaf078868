// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * JoinMarket as it gets into its qubes: source and wheels come in ~/QubesIncoming, and the unit that brings programs, without network and in its
 * sandbox, makes of them what the daemon and the wallet run on. The wheels are the real ones, fetched by the lock's digests.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { LIBRARY, type Recipe } from "../../src/software/recipe.ts";
import { lockOf, type Half } from "../../src/software/joinmarket-locks.ts";
import { joinmarket } from "../../src/software/joinmarket.ts";
import { WHONIX_RELEASES } from "../../src/software/platforms.ts";
import { compiled, project } from "../compiled.ts";
import { baseOf, suites, whyNoContainer, withContainer, type Box, type Content, type Suite } from "./container.ts";
import { templateFiles } from "./template.ts";

const why = whyNoContainer();
const halves = ["daemon", "wallet"] as const;
/** The release's own source, where the environment says where it is. */
const real = process.env["QWBTC_JOINMARKET_SOURCE"];
const named = `${why === undefined ? "" : ` (skipped: ${why})`}${real ? "" : " (a stand-in for its source: QWBTC_JOINMARKET_SOURCE not set)"}`;

const system = (whonix: number) =>
  stringify({
    formula: "qwbtc",
    platform: { qubes: whonix === 17 ? "4.2" : "4.3", whonix },
    qubes: {
      "sys-bitcoin": { role: "whonix-gateway" },
      node: { role: "bitcoind", netvm: "sys-bitcoin" },
      daemon: { role: "joinmarketd", netvm: "sys-bitcoin" },
      wallet: { role: "joinmarket-wallet", joinmarketd: "daemon", bitcoind: "node" },
    },
  });

const whonixOf = (suite: Suite) =>
  WHONIX_RELEASES.find((one) => one.debian === (suite === "bookworm" ? 12 : 13)) as (typeof WHONIX_RELEASES)[number];

const scratch = mkdtempSync(path.join(tmpdir(), "joinmarket-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const archive = path.join(scratch, `joinmarket-clientserver-${joinmarket.preferred}.tar.gz`);

/** The wheels of a lock, fetched once, as the runbook fetches them but from any Python. */
function wheels(python: string, half: Half): string {
  const folder = path.join(project, ".cache/joinmarket-wheels", `${joinmarket.preferred}-${half}-${python}`);
  const lock = path.join(
    project,
    `formulas/joinmarket/joinmarket-${joinmarket.preferred}-${half}-python${python}.lock`,
  );
  const here = new Set(readdirSync(folder, { encoding: "utf8", recursive: false }));
  const wanted = lockOf(joinmarket.preferred, half, python)?.wheels ?? [];
  if (wanted.every(({ file }) => here.has(file))) return folder;
  const options = `download --quiet --no-deps --require-hashes --only-binary=:all: --python-version ${python} --implementation cp --platform manylinux_2_28_x86_64 --platform manylinux2014_x86_64 --dest ${folder} --requirement ${lock}`;
  execFileSync(pip(), ["-I", "-m", "pip", ...options.split(" ")]);
  return folder;
}

/** A Python with a pip, which Debian's own has not. */
function pip(): string {
  const venv = path.join(scratch, "pip");
  execFileSync("python3", ["-m", "venv", venv]);
  return path.join(venv, "bin/python");
}

function qubeFiles(suite: Suite, half: Half): { files: Map<string, Content>; recipe: Recipe } {
  const { tree, model } = compiled(system(whonixOf(suite).version));
  const qube = model.qubes.find(({ name }) => name === half);
  const files = templateFiles(tree, qube?.template.name ?? "", (file) =>
    /\/qwbtc-(?:bring|joinmarketd)\.service$/.test(file),
  );
  let recipe: Recipe | undefined;
  for (const [file, { text }] of tree) {
    const at = file.indexOf(`/files/${half}/usr/local/`);
    if (at === -1) continue;
    const target = file.slice(at + `/files/${half}`.length);
    files.set(target, { text, mode: path.extname(target) === "" ? 0o755 : 0o644 });
    if (target.endsWith("/recipe.json")) recipe = JSON.parse(text) as Recipe;
  }
  if (!recipe) throw new Error(`${half} has no recipe`);
  // A stand-in's digest is the one thing of the recipe that is changed.
  const { any } = recipe.artifacts;
  const tar = createHash("sha256")
    .update(gunzipSync(readFileSync(archive)))
    .digest("hex");
  if (real) expect(any?.tar_sha256).toBe(tar);
  else
    files.set(`${recipe.folder}/recipe.json`, {
      text: JSON.stringify({ ...recipe, artifacts: { any: { ...any, tar_sha256: tar } } }),
    });
  for (const name of ["bring", half === "daemon" ? "joinmarketd" : ""].filter(Boolean))
    files.set(`/etc/standin-services/qwbtc-${name}`, { text: "" });
  files.set("/usr/lib/systemd/system/qubes-sysinit.service", {
    text: "[Unit]\nDefaultDependencies=no\nBefore=sysinit.target\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c 'mkdir -p /run/qubes-service && cp /etc/standin-services/* /run/qubes-service/'\n",
  });
  files.set("/etc/systemd/system/sysinit.target.wants/qubes-sysinit.service", {
    link: "/usr/lib/systemd/system/qubes-sysinit.service",
  });
  return { files, recipe };
}

const before = [
  "useradd --create-home user",
  "useradd --system --user-group --home-dir /home/joinmarket --shell /usr/sbin/nologin joinmarket",
  "install -d -o joinmarket -g joinmarket -m 700 /home/joinmarket /home/joinmarket/joinmarketd",
  "install -d -o user -g user /home/user/QubesIncoming /home/user/QubesIncoming/elsewhere",
];

/** What lies ready outside the place from which it is taken; `bring` moves it there, as qvm-copy would. */
function sent(suite: Suite, half: Half): Map<string, Content> {
  const folder = wheels(whonixOf(suite).python, half);
  const all = [archive, ...readdirSync(folder).map((one) => path.join(folder, one))];
  return new Map(all.map((one) => [`/srv/sent/${path.basename(one)}`, { copy: one }]));
}

const bring = (box: Box) => box.out("chown user: /srv/sent/*; mv /srv/sent/* /home/user/QubesIncoming/elsewhere/");
const status = (box: Box) => box.run(`${LIBRARY}/bring-program status`);
const patiently = { timeout: 90_000, interval: 500 };
const base = (suite: Suite) => ({
  name: "joinmarket",
  packages: ["python3-venv", "gpgv", "libsodium23", suite === "bookworm" ? "libsecp256k1-1" : "libsecp256k1-2"],
});

describe(`JoinMarket in its qubes${named}`, { timeout: 300_000 }, () => {
  beforeAll(async () => {
    if (why !== undefined) return;
    for (const suite of suites) await baseOf(suite, base(suite));
    if (real?.endsWith(".gz")) copyFileSync(real, archive);
    else if (real) writeFileSync(archive, execFileSync("gzip", ["-nc", real], { maxBuffer: 1 << 28 }));
    else {
      const words = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--exclude=__pycache__"];
      const name = `s,^\\.,joinmarket-clientserver-${joinmarket.preferred},`;
      execFileSync("tar", [
        ...words,
        "--transform",
        name,
        "-C",
        path.join(project, "test/joinmarket"),
        "-czf",
        archive,
        ".",
      ]);
    }
    for (const { python } of suites.map(whonixOf))
      for (const half of halves)
        mkdirSync(path.join(project, ".cache/joinmarket-wheels", `${joinmarket.preferred}-${half}-${python}`), {
          recursive: true,
        });
  });

  const test = it.skipIf(why !== undefined);

  describe.each(suites)("%s", (suite) => {
    test("the daemon's is made of what came, runs under its unit, and a wheel that is not the lock's changes nothing", async () => {
      const { files, recipe } = qubeFiles(suite, "daemon");
      const all = new Map([...files, ...sent(suite, "daemon")]);
      const [wheel = ""] = recipe.more.map(({ file }) => file).filter((file) => file.startsWith("twisted"));
      await withContainer({ suite, base: base(suite), files: all, before }, async (box) => {
        // One byte more in one wheel.
        await box.out(`cp /srv/sent/${wheel} /srv/good; echo >>/srv/sent/${wheel}`);
        await bring(box);
        await expect.poll(async () => (await status(box)).stdout, patiently).toContain(`refused: ${wheel}`);
        expect((await box.run(`ls ${recipe.folder}/current`)).status).not.toBe(0);
        expect((await box.run("systemctl is-active qwbtc-joinmarketd")).stdout).toBe("inactive\n");
        await box.out(`chown user: /srv/good; mv /srv/good /home/user/QubesIncoming/elsewhere/${wheel}`);
        await expect.poll(async () => (await status(box)).stdout, patiently).toMatch(/: in use/);
        const listening = async () =>
          (await box.out("ss -Hltn"))
            .split("\n")
            .map((line) => line.split(/\s+/)[3])
            .toSorted();
        await expect
          .poll(listening, patiently)
          .toEqual(expect.arrayContaining(["127.0.0.1:25183", "127.0.0.1:26183", "127.0.0.1:27183"]));
        expect(await box.out("systemctl list-units --failed --plain --no-legend")).toBe("");
        await whole(box, recipe);
      });
    });

    test("the wallet's is made without network, and jm runs it as the qube's user", async () => {
      const { files, recipe } = qubeFiles(suite, "wallet");
      await withContainer(
        { suite, base: base(suite), files: new Map([...files, ...sent(suite, "wallet")]), before },
        async (box) => {
          await box.out("cp -r /srv/sent /srv/again");
          await bring(box);
          await expect.poll(async () => (await status(box)).stdout, patiently).toMatch(/: in use/);
          expect(await box.out("runuser -u user -- /usr/local/bin/jm wallet-tool --help")).toContain(
            "Usage: wallet-tool.py",
          );
          await whole(box, recipe);
          // Another Python, as after an upgrade of the template: it is not taken for whole, and what is needed may come again.
          await box.out(`cd ${recipe.folder}/current/venv/lib; mv python3.* python3.9`);
          expect((await status(box)).stdout).toMatch(/: not in use/);
          expect((await box.run("/usr/local/bin/jm wallet-tool --help")).stderr).toContain("for another Python");
          await box.out(`rmdir /srv/sent; mv /srv/again /srv/sent; systemctl restart qwbtc-bring`);
          await bring(box);
          await expect.poll(async () => (await status(box)).stdout, patiently).toMatch(/: in use/);
          expect(await box.out("runuser -u user -- /usr/local/bin/jm wallet-tool --help")).toContain("Usage:");
        },
      );
    });
  });

  test("what the template lacks is said, and the files that came are kept until it is there", async () => {
    const { files, recipe } = qubeFiles("trixie", "daemon");
    const without = [
      ...before,
      "mkdir /srv/library; mv /usr/lib/x86_64-linux-gnu/libsodium.so* /srv/library/; ldconfig",
    ];
    const all = new Map([...files, ...sent("trixie", "daemon")]);
    await withContainer({ suite: "trixie", base: base("trixie"), files: all, before: without }, async (box) => {
      await bring(box);
      await expect.poll(async () => (await status(box)).stdout, patiently).toContain("something that this qube lacks");
      expect(await box.out("journalctl -b -u qwbtc-bring")).toMatch(
        /jmdaemon does not load;.*a library of the template/,
      );
      expect((await box.out(`ls ${recipe.folder}/verified`)).split("\n").filter(Boolean)).toHaveLength(
        1 + recipe.more.length,
      );
      expect(await box.out(`ls -A ${recipe.folder}/refused`)).toBe("");
      await box.out("mv /srv/library/* /usr/lib/x86_64-linux-gnu/; ldconfig; systemctl restart qwbtc-bring");
      await expect.poll(async () => (await status(box)).stdout, patiently).toMatch(/: in use/);
    });
  });

  it("figures", () => {
    const locks = suites.flatMap((suite) =>
      halves.map((half) => lockOf(joinmarket.preferred, half, whonixOf(suite).python)),
    );
    const files = new Set(locks.flatMap((one) => one?.wheels.map(({ file }) => file) ?? []));
    console.log(
      `joinmarket: ${locks.length} locks, ${files.size} wheels, ${2 * suites.length + 1} environments made, ${suites.length} wheels refused`,
    );
    expect(files.size).toBeGreaterThan(30);
  });
});

/** All of it is root's, nobody else may write it, nothing in it names the folder in which it was made, and no part of pip stayed. */
async function whole(box: Box, { folder }: Recipe): Promise<void> {
  expect(await box.out(`find ${folder}/current/ \\( ! -user root -o -perm /022 ! -type l \\) -print`)).toBe("");
  expect((await box.run(`grep -rl -F joinmarket/.stage ${folder}/current/`)).stdout).toBe("");
  expect(await box.out(`ls ${folder}/current/venv/bin`)).toMatch(/^python\npython3\npython3\.\d+\n$/);
  expect((await box.run(`find ${folder}/current/venv -name pip -o -name setuptools`)).stdout).toBe("");
  // Compiled by content: what was moved is not stale, and running it as root writes nothing.
  expect(Number(await box.out(`find ${folder}/current/ -name '*.pyc' | wc -l`))).toBeGreaterThan(500);
}
