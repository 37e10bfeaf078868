// SPDX-License-Identifier: GPL-3.0-or-later
/** What the runbook has a qube with network fetch for one without: its own commands, and whether what they fetch is what they send. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Recipe } from "../src/software/recipe.ts";
import { compiled, examples, exampleText } from "./compiled.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "by-another-qube-"));
afterAll(() => rmSync(scratch, { recursive: true }));

/** curl(1) names a file as --output says, or with --remote-name by the end of the address. qvm-copy refuses what is not there. Nothing else is known. */
const programs = {
  curl: `[ "$1 $2" = "--fail --location" ] || exit 97; shift 2
case "$1" in --output) [ $# = 3 ] || exit 97; echo "$3" >"$2";; --remote-name) [ $# = 2 ] || exit 97; echo "$2" >"\${2##*/}";; *) exit 97;; esac`,
  "qvm-copy": 'for one; do [ -e "$one" ] || { echo "no $one" >&2; exit 1; }; echo "$one" >>sent; done',
};
const bin = mkdtempSync(path.join(scratch, "bin-"));
for (const [name, text] of Object.entries(programs))
  writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });

const blocks = examples.flatMap((example) => {
  const { tree } = compiled(exampleText(example));
  const recipes = [...tree].flatMap(([file, { text }]) =>
    file.endsWith("/recipe.json") ? [JSON.parse(text) as Recipe] : [],
  );
  const readme = tree.get("README.md")?.text ?? "";
  return [...readme.matchAll(/^```sh\n(curl [\s\S]*?)\n```/gm)].map(
    ([, block = ""]) => [example, /qvm-copy (\S+)/.exec(block)?.[1] ?? "", block, recipes] as const,
  );
});

describe("a program that comes by way of another qube", () => {
  it("is in some example under another name than the end of its address", () => {
    expect(blocks.map(([, file]) => file)).toContain("joinmarket-clientserver-0.9.12.tar.gz");
  });

  it.each(blocks)(
    "%s: what is sent is what was fetched, as the recipe calls it: %s",
    (_example, _file, block, recipes) => {
      const folder = mkdtempSync(path.join(scratch, "at-"));
      const ran = spawnSync("bash", ["-e"], {
        input: `${block}\n`,
        cwd: folder,
        encoding: "utf8",
        env: { PATH: `${bin}:/usr/bin:/bin` },
      });
      expect(ran.status, ran.stderr).toBe(0);
      const sent = readFileSync(path.join(folder, "sent"), "utf8").trimEnd().split("\n");
      const from = sent.map((file) => [file, readFileSync(path.join(folder, file), "utf8").trimEnd()]);
      const urls = recipes.map((one) => Object.entries(one.urls));
      expect(urls.some((known) => from.every(([file, url]) => known.some(([a, b]) => a === file && b === url)))).toBe(
        true,
      );
    },
  );
});
