// SPDX-License-Identifier: GPL-3.0-or-later
import { defineConfig } from "vitest/config";
import { textFilesForVitest } from "./scripts/text-files.js";

// The system test (CONTRIBUTING.md): whole systems in containers, apart from the other tests since they want the machine for themselves.
export default defineConfig({
  plugins: [textFilesForVitest],
  test: {
    include: ["test/system/*.system.ts"],
    reporters: ["verbose", "./test/tally.js"],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    maxWorkers: 1,
    fileParallelism: false,
    // Each step rests on those before it.
    bail: 1,
  },
});
