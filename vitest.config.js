// SPDX-License-Identifier: GPL-3.0-or-later
import { defineConfig } from "vitest/config";
import { textFilesForVitest } from "./scripts/text-files.js";

export default defineConfig({
  plugins: [textFilesForVitest],
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/tally.js"],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    // Vitest leaves a processor for its own; of two that is half, and most of these tests wait for programs.
    maxWorkers: "100%",
  },
});
