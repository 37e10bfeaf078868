// SPDX-License-Identifier: GPL-3.0-or-later
// Resolves JoinMarket's libraries anew and writes the locks in formulas/joinmarket, one for each Python of Whonix and each half of the program:
//
//   node scripts/joinmarket-lock.js FOLDER...
//
// FOLDER is an unpacked release whose digest is the catalogue's. Needs network and a Python of 3.11 or later whose pip is of 22.2 or later. Only wheels are
// taken: a qube without network and without a compiler can install nothing else. Read the difference before you commit it: what
// changed upstream since the last time is in it, and after it the tests in test/container/joinmarket.test.ts must pass.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";

const project = path.dirname(import.meta.dirname);
/** The Pythons of Debian 12 and 13 (src/software/platforms.ts). */
const PYTHONS = ["3.11", "3.13"];
/** The program's halves, as upstream's pyproject.toml calls what each needs. */
const PARTS = { daemon: "daemon", wallet: "client" };
/** Wheels that run on Debian 12's C library and later. */
const PLATFORMS = ["manylinux_2_28_x86_64", "manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"];

const read = `
import json, sys, tomllib
project = tomllib.load(open(sys.argv[1], "rb"))["project"]
extras = project["optional-dependencies"]
def of(names):
    for name in names:
        head = name.split("[")
        if head[0] == "joinmarket":
            yield from of(extras[head[1].rstrip("]")])
        else:
            yield name
parts = {part: project["dependencies"] + list(of(extras[extra])) for part, extra in json.loads(sys.argv[2]).items()}
print(json.dumps({"version": project["version"], "python": project["requires-python"], "parts": parts}))
`;

function resolve(python, wanted) {
  const flags =
    "-I -m pip --isolated --quiet --disable-pip-version-check install --dry-run --ignore-installed --report - --only-binary=:all: --implementation cp --target /nonexistent --python-version";
  const platforms = PLATFORMS.flatMap((one) => ["--platform", one]);
  const report = execFileSync("python3", [...flags.split(" "), python, ...platforms, ...wanted], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(report).install.map(({ metadata, download_info: found }) => ({
    name: metadata.name.toLowerCase().replaceAll(/[-_.]+/g, "-"),
    version: metadata.version,
    file: decodeURIComponent(path.posix.basename(new URL(found.url).pathname)),
    sha256: found.archive_info.hashes.sha256,
  }));
}

function fits(python, range) {
  const number = (text) => text.split(".").map(Number);
  const [, major, minor] = [0, ...number(python)];
  return range.split(",").every((one) => {
    const [, sign, text] = /^(>=|<)(.*)$/.exec(one.trim()) ?? [];
    if (sign === undefined) throw new Error(`not understood: requires-python ${range}`);
    const [x, y = 0] = number(text);
    const difference = major - x || minor - y;
    return sign === "<" ? difference < 0 : difference >= 0;
  });
}

for (const folder of process.argv.slice(2)) {
  const file = path.join(folder, "pyproject.toml");
  const output = execFileSync("python3", ["-I", "-c", read, file, JSON.stringify(PARTS)], { encoding: "utf8" });
  const { version, python: range, parts } = JSON.parse(output);
  for (const python of PYTHONS.filter((one) => fits(one, range)))
    for (const [part, wanted] of Object.entries(parts)) {
      const wheels = resolve(python, wanted).toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const text = [
        "# SPDX-License-Identifier: GPL-3.0-or-later",
        `# The libraries of JoinMarket ${version}'s ${part} for Python ${python} on x86_64: each wheel by its digest, and nothing but these.`,
        "# Made by scripts/joinmarket-lock.js from the release's own pyproject.toml; what stands after # is the file's name.",
        ...wheels.map((one) => `${one.name}==${one.version} --hash=sha256:${one.sha256}  # ${one.file}`),
      ];
      const name = `joinmarket-${version}-${part}-python${python}.lock`;
      writeFileSync(path.join(project, "formulas/joinmarket", name), `${text.join("\n")}\n`);
      console.log(`${name}: ${wheels.length} wheels`);
    }
}
