// SPDX-License-Identifier: GPL-3.0-or-later
// How files that are not TypeScript are imported, for both bundlers: the shipped file (esbuild) and the tests (vitest).
// Scripts and examples come as their text; templates are compiled here, once, for compiling them at every start took half of a build.
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import Handlebars from "handlebars";

/** The escaping helpers of src/render/escapes.ts. A template that uses any other name fails here, when the compiler itself is built. */
const HELPERS = [
  "yaml",
  "yamlSingle",
  "id",
  "sls",
  "word",
  "shell",
  "comment",
  "bitcoinConf",
  "fulcrumConf",
  "configparser",
  "policy",
  "markdown",
];

const IMPORTED = /\.(?:conf|css|hbs|lock|py|sh|yaml)$/;

async function moduleOf(path) {
  const text = await readFile(path, "utf8");
  if (!path.endsWith(".hbs")) return `export default ${JSON.stringify(text)};`;
  const spec = Handlebars.precompile(text, {
    strict: true,
    noEscape: true,
    knownHelpersOnly: true,
    knownHelpers: Object.fromEntries(HELPERS.map((name) => [name, true])),
    explicitPartialContext: true,
  });
  return `export default ${spec};`;
}

/** For esbuild. */
export const textFilesForEsbuild = {
  name: "text-files",
  setup(build) {
    build.onLoad({ filter: IMPORTED }, async ({ path }) => ({ contents: await moduleOf(path), loader: "js" }));
  },
};

/** Vite makes something of its own of each style sheet; under another name it leaves one alone. */
const STYLES = "#text";

/** For vitest. */
export const textFilesForVitest = {
  name: "text-files",
  enforce: "pre",
  resolveId: (path, from) => (path.endsWith(".css") && from ? `${resolve(dirname(from), path)}${STYLES}` : undefined),
  load(id) {
    const path = id.replace(STYLES, "");
    return IMPORTED.test(path) ? moduleOf(path) : undefined;
  },
};
