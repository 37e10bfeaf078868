// SPDX-License-Identifier: GPL-3.0-or-later
// Makes dist/qwbtc-salt.cjs: the compiler, its templates and its libraries in one readable file that starts fast and can be inspected.
import { chmod } from "node:fs/promises";
import { build } from "esbuild";
import { textFilesForEsbuild } from "./text-files.js";

const outfile = "dist/qwbtc-salt.cjs";

await build({
  entryPoints: ["src/cli.ts"],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "cjs",
  charset: "utf8",
  // The same parser as ES modules, of which only what we use is taken along.
  alias: { yaml: "./node_modules/yaml/browser/index.js" },
  legalComments: "inline",
  plugins: [textFilesForEsbuild],
  banner: { js: "#!/usr/bin/env node\n// SPDX-License-Identifier: GPL-3.0-or-later" },
  logLevel: "warning",
});
await chmod(outfile, 0o755);
