// SPDX-License-Identifier: GPL-3.0-or-later
import { spawnSync } from "node:child_process";

/** Why test/sandbox.sh, or what runs in it, cannot work here; nothing if it can. */
export function whyNoSandbox(): string | undefined {
  if (process.getuid?.() !== 0) return "needs root for a private mount namespace";
  if (spawnSync("unshare", ["--mount", "--propagation", "private", "true"]).status !== 0) {
    return "private mount namespaces are refused here";
  }
  if (spawnSync("python3", ["-c", "import ensurepip, venv"]).status !== 0) return "python3 with venv not installed";
  return undefined;
}
