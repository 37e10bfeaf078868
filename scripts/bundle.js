// SPDX-License-Identifier: GPL-3.0-or-later
// Makes dist/qwbtc-salt.cjs: the compiler, its templates and its libraries in one readable file that starts fast and can be inspected.
import { chmod, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { textFilesForEsbuild } from "./text-files.js";

const outfile = "dist/qwbtc-salt.cjs";

/** commander can start other programs as commands. Ours has none of that kind, starts nothing, and need not load what could. */
const startsNothing = {
  name: "starts-nothing",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ path }) => ({ path, namespace: "nothing" }));
    onLoad({ filter: /.*/, namespace: "nothing" }, () => ({ contents: "module.exports = {};" }));
  },
};

await build({
  entryPoints: ["src/cli.ts"],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "cjs",
  charset: "ascii",
  // The same parser as ES modules, of which only what we use is taken along.
  alias: { yaml: "./node_modules/yaml/browser/index.js" },
  legalComments: "inline",
  plugins: [textFilesForEsbuild, startsNothing],
  banner: { js: "#!/usr/bin/env node\n// SPDX-License-Identifier: GPL-3.0-or-later" },
  logLevel: "warning",
});
// V8 reads a file of ASCII alone faster, and keeps it in half the room. esbuild has escaped the rest in all code: what is left stands in comments.
await writeFile(outfile, (await readFile(outfile, "utf8")).replaceAll(/[\u0080-\uffff]/g, "-"));
await chmod(outfile, 0o755);
