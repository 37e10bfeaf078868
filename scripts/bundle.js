// SPDX-License-Identifier: GPL-3.0-or-later
// Makes dist/qwbtc-salt.js: the compiler, its templates and its libraries in one readable file that starts fast and can be inspected.
import { chmod } from "node:fs/promises";
import { build } from "esbuild";
import { textFilesForEsbuild } from "./text-files.js";

const outfile = "dist/qwbtc-salt.js";

await build({
  entryPoints: ["src/cli.ts"],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  charset: "utf8",
  legalComments: "inline",
  plugins: [textFilesForEsbuild],
  // Two libraries are CommonJS inside; they ask for node's own modules by require.
  banner: {
    js: [
      "#!/usr/bin/env node",
      "// SPDX-License-Identifier: GPL-3.0-or-later",
      'import { createRequire } from "node:module";',
      "const require = createRequire(import.meta.url);",
    ].join("\n"),
  },
  logLevel: "warning",
});
await chmod(outfile, 0o755);
