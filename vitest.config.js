// SPDX-License-Identifier: GPL-3.0-or-later
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { textFilesForVitest } from "./scripts/text-files.js";

export default defineConfig({
  plugins: [textFilesForVitest],
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/tally.js"],
    // Many of these tests apply states or boot containers; on a busy machine each takes many times what it takes on a quiet one.
    testTimeout: 600_000,
    hookTimeout: 900_000,
    // Vitest leaves a processor for its own; of two that is half, and most of these tests wait for programs a third of their time.
    maxWorkers: availableParallelism() + 1,
    // Files share what was loaded: half of a small one's time would go to loading the compiler again.
    isolate: false,
  },
});
