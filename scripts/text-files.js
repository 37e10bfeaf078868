// SPDX-License-Identifier: GPL-3.0-or-later
// What is imported as text, for both bundlers: the shipped file (esbuild) and the tests (vitest).
import { readFile } from "node:fs/promises";

const TEXT = /\.(?:hbs|sh|yaml)$/;

/** For esbuild. */
export const textLoaders = { ".hbs": "text", ".sh": "text", ".yaml": "text" };

/** For vitest. */
export function textFiles() {
  return {
    name: "text-files",
    enforce: "pre",
    async load(id) {
      return TEXT.test(id) ? `export default ${JSON.stringify(await readFile(id, "utf8"))};` : undefined;
    },
  };
}
