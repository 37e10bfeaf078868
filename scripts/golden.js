// SPDX-License-Identifier: GPL-3.0-or-later
// Rewrites what the tests compare with: the JSON Schema and each example's expected tree. Look at the difference before you commit it.
import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";

const cli = (...args) =>
  execFileSync(process.execPath, ["dist/qwbtc-salt.cjs", ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });

writeFileSync("examples/topology.schema.json", cli("schema"));
for (const entry of readdirSync("examples", { withFileTypes: true })) {
  if (!entry.isDirectory()) continue;
  const { diagnostics, wrote } = JSON.parse(
    cli(
      "build",
      `examples/${entry.name}/topology.yaml`,
      "--out",
      `examples/${entry.name}/expected`,
      "--format",
      "json",
    ),
  );
  console.log(`${entry.name}: ${wrote ? "rewritten" : "unchanged"}, ${diagnostics.length} findings`);
}
