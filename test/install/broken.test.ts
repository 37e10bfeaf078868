// SPDX-License-Identifier: GPL-3.0-or-later
/** Trees that are not what they claim: install.sh refuses each before it writes anything, and a tree that is swapped while it works. */
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { expectRefusal, inForce, it, judged, link, machine, once, own, short, why, withA } from "./bench.ts";
import type { Machine } from "./machine.ts";
import type { TreeOptions } from "./tree.ts";

const hash = "0".repeat(64);

const without = (map: object, key: string) => Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));

/** Each tree is broken in one place; the words must stand in the error. */
const broken: [what: string, words: string, options: TreeOptions, after?: (host: (path: string) => string) => void][] =
  [
    ["a changed file", `${own}/init.top has other bytes`, {}, (host) => appendFileSync(host(`${own}/init.top`), " ")],
    ["a changed manifest", "MANIFEST.json has other bytes", {}, (host) => appendFileSync(host("MANIFEST.json"), " ")],
    ["a missing file", "README.md is missing", {}, (host) => rmSync(host("README.md"))],
    ["a missing list", "SHA256SUMS is missing", {}, (host) => rmSync(host("SHA256SUMS"))],
    ["a missing manifest", "MANIFEST.json is missing", {}, (host) => rmSync(host("MANIFEST.json"))],
    [
      "an unlisted file",
      `'${own}/dom0/more.sls' is not listed`,
      {},
      (host) => writeFileSync(host(`${own}/dom0/more.sls`), ""),
    ],
    ["a hidden unlisted file", "'.x' is not listed", {}, (host) => writeFileSync(host(".x"), "")],
    [
      "an unlisted name with control characters",
      String.raw`'a\x1b[2J\nb' is not listed`,
      {},
      (host) => writeFileSync(host("a\x1b[2J\nb"), ""),
    ],
    ["an empty folder", "'srv/salt' is a folder of no file", {}, (host) => mkdirSync(host("srv/salt"))],
    [
      "a link to the right bytes",
      "'README.md' is not a plain file",
      {},
      (host) => {
        linkSync(host("README.md"), host("../right"));
        rmSync(host("README.md"));
        symlinkSync("../right", host("README.md"));
      },
    ],
    ["a linked folder", `'${own}/link' is not a plain file`, {}, (host) => symlinkSync("dom0", host(`${own}/link`))],
    [
      "a pipe",
      "'README.md' is not a plain file",
      {},
      (host) => {
        rmSync(host("README.md"));
        spawnSync("mkfifo", [host("README.md")]);
      },
    ],
    ["an absolute path", "line 17 is not a hash", { sums: (lines) => [...lines, `${hash}  /etc/passwd\n`] }],
    ["a path that climbs out", "line 17 is not a hash", { sums: (lines) => [...lines, `${hash}  srv/../../x\n`] }],
    [
      "a control character in a path",
      String.raw`line 17 is not a hash, two blanks and a plain relative path: '${hash}  z\x07'`,
      { sums: (lines) => [...lines, `${hash}  z\x07\n`] },
    ],
    [
      "a path that sha256sum would unescape",
      "line 1 is not a hash",
      { sums: (lines) => [`\\${lines[0]}`, ...lines.slice(1)] },
    ],
    ["a list that names itself", "line 17 is not a hash", { sums: (lines) => [...lines, `${hash}  SHA256SUMS\n`] }],
    [
      "a list that was cut off",
      "it was cut off",
      { sums: (lines) => lines.map((line, at) => (at === 15 ? line.trimEnd() : line)) },
    ],
    [
      "a path twice",
      "stands twice or out of order: README.md",
      { sums: (lines) => lines.flatMap((line) => (line.includes("README") ? [line, line] : [line])) },
    ],
    ["a list out of order", "stands twice or out of order", { sums: (lines) => lines.toReversed() }],
    [
      "no manifest in the list",
      "MANIFEST.json is not listed",
      { sums: (lines) => lines.filter((line) => !line.includes("MANIFEST")) },
    ],
    ["a manifest that is no JSON", "MANIFEST.json does not say what to install", { manifest: () => "{" }],
    [
      "a manifest with a key twice",
      "a key stands twice",
      { manifest: (same) => JSON.stringify(same).replace("{", '{"format":1,') },
    ],
    ["a manifest nested beyond reason", "MANIFEST.json does not say", { manifest: () => "[".repeat(100000) }],
    ["a manifest of another format", "its format is not 1", { manifest: (same) => ({ ...same, format: 2 }) }],
    ["a manifest without files", "KeyError('files')", { manifest: (same) => without(same, "files") }],
    ["a formula that is no text", "MANIFEST.json does not say", { manifest: (same) => ({ ...same, formula: 7 }) }],
    ...["../etc", "Qwbtc", "a-name-too-long", "database", "btc-user", "qvm", "topd", "x\n", "x-"].map(
      (formula): (typeof broken)[number] => [
        `the formula ${JSON.stringify(formula)}`,
        "cannot name a formula",
        { manifest: (same) => ({ ...same, formula }) },
      ],
    ),
    [
      "a hash that the manifest contradicts",
      "disagree about README.md",
      { manifest: (same) => ({ ...same, files: { ...same.files, "README.md": { mode: "0644", sha256: hash } } }) },
    ],
    [
      "a mode that nothing of ours has",
      "disagree about README.md",
      {
        manifest: (same) => ({
          ...same,
          files: { ...same.files, "README.md": { ...same.files["README.md"], mode: "4755" } },
        }),
      },
    ],
    [
      "a file that the manifest leaves out",
      "disagree about README.md",
      { manifest: (same) => ({ ...same, files: without(same.files, "README.md") }) },
    ],
    [
      "a file that only the manifest names",
      "'more' stands in MANIFEST.json only",
      { manifest: (same) => ({ ...same, files: { ...same.files, more: { mode: "0644", sha256: hash } } }) },
    ],
    [
      "a Salt module beside the formula",
      "does not belong to formula qwbtc",
      { files: { "srv/formulas/base/qwbtc-formula/_modules/x.py": "" } },
    ],
    ["a file for another place of dom0", "etc/passwd does not belong", { files: { "etc/passwd": "" } }],
    [
      "a minion file that says more",
      "does more than to declare the root",
      { files: { "etc/salt/minion.d/formula-qwbtc.conf": `file_roots:\n  base:\n    - ${link}\nsudo_user: x\n` } },
    ],
  ];

describe(`a broken tree is refused before anything is written${why}`, { concurrent: true }, () => {
  /** All of them in one sandbox, as making one costs more than a run; what each run wrote is judged on its own. */
  const refused = once(async () => {
    const dom0 = machine();
    for (const [at, [, , options, after]] of broken.entries()) {
      dom0.unpack(`/tmp/t/${at}`, "A", options);
      after?.((path) => join(dom0.host(`/tmp/t/${at}`), path));
    }
    const every = `for at in $(seq 0 ${broken.length - 1}); do (${judged("/tmp/t/$at/install.sh")}) 2>/tmp/$at.err; echo $? >/tmp/$at.code; done`;
    expect(await dom0.run(every)).toMatchObject({ code: 0, err: "" });
    const read = (file: string) => readFileSync(dom0.host(`/tmp/${file}`), "utf8");
    return broken.map((_, at) => ({ code: Number(read(`${at}.code`)), out: "", err: read(`${at}.err`) }));
  });

  it.each(broken.map(([what, words], at) => [what, words, at] as const))("%s", async (_, words, at) => {
    expectRefusal((await refused())[at], 1, words, "Nothing was written.");
  });

  it("and all that is wrong with it is said at once", async () => {
    const { dom0 } = await withA();
    const host = dom0.host("/tmp/b");
    for (const path of ["README.md", `${own}/init.top`]) appendFileSync(join(host, path), "x");
    writeFileSync(join(host, "more"), "");
    expectRefusal(await dom0.install("/tmp/b"), 1, "README.md has", "init.top has", "'more' is not listed");
    expect(inForce(dom0)).toBe("# A");
  });

  /** A python3 that does something right before, or right after, install.sh copies the tree. */
  async function swapped(dom0: Machine, before: string, after = "true") {
    const script = `#!/bin/sh\ncase " $* " in *" store "*) ${before}; /usr/bin/python3 "$@" || exit; ${after};; *) exec /usr/bin/python3 "$@" ;; esac\n`;
    mkdirSync(dom0.host("/tmp/bin"));
    writeFileSync(dom0.host("/tmp/bin/python3"), script);
    chmodSync(dom0.host("/tmp/bin/python3"), 0o755);
    return dom0.run('PATH=/tmp/bin:$PATH; "$1/install.sh"', "/tmp/b");
  }

  it("when a file was swapped after the check", async () => {
    const { dom0, a } = await withA();
    expectRefusal(
      await swapped(dom0, `echo evil >>/tmp/b/${own}/init.top`),
      1,
      "init.top has other bytes",
      `In force: version ${short(a)}`,
    );
    expect(inForce(dom0)).toBe("# A");
    expect(dom0.leftovers()).toEqual([]);
  });

  it("when the whole tree was swapped for another whole one after the check", async () => {
    const { dom0, a } = await withA();
    dom0.unpack("/tmp/c", "C");
    expectRefusal(
      await swapped(dom0, "mv /tmp/b /tmp/old; mv /tmp/c /tmp/b"),
      1,
      "the tree changed while it was checked",
      `In force: version ${short(a)}`,
    );
    expect(inForce(dom0)).toBe("# A");
  });

  it("and what changes in it after the copy changes nothing", async () => {
    const { dom0 } = await withA();
    expect(await swapped(dom0, "true", "find /tmp/b -type f -exec sh -c 'echo evil >$1' - {} \\;")).toMatchObject({
      code: 0,
    });
    expect(inForce(dom0)).toBe("# B");
  });
});
