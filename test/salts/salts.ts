// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The Salts that judge: virtualenvs below `.cache/salts/`, made once. Which versions run depends on the Python at hand:
 * 3006.24 and 3007.13 find no SLS on Python 3.13 (file URLs without slashes), the later ones do.
 */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Salt {
  readonly version: string;
  /** The virtualenv's interpreter. */
  readonly python: string;
}

/** The state modules that our states in templates and qubes use. */
const USED = ["cmd", "file", "pkg", "test", "user"];

/**
 * What a minion's configuration disables, only to save time: of each state Salt asks whether its module has a `mod_run_check`, finds none and loads
 * every state module that there is, which takes half of an apply. A state of another module would fail.
 */
export function unusedStates({ python }: Salt): { readonly disable_states: readonly string[] } {
  const lib = path.join(path.dirname(python), "../lib");
  const [release = ""] = readdirSync(lib);
  const modules = readdirSync(path.join(lib, release, "site-packages/salt/states")).map(
    (file) => path.parse(file).name,
  );
  return { disable_states: modules.filter((name) => !["__init__", "__pycache__", ...USED].includes(name)).toSorted() };
}

interface Recipe {
  readonly version: string;
  /** What pip installs, one call each. */
  readonly installs: readonly (readonly string[])[];
}

const cache = path.resolve(import.meta.dirname, "../../.cache/salts");
/** Inside test/sandbox.sh these are the sandbox's own, so a Python that lies there would be gone. */
const hidden = ["root", "home", "srv", "var", "run", "tmp", "etc"].map((name) => `/${name}/`);

/** The wheels of 3007 name no requirements, so a plain install starts and then lacks tornado. */
const of3007 =
  "packaging==24.0 looseversion distro tornado>=6.5 cryptography<43 pyopenssl MarkupSafe<3 Jinja2 jmespath msgpack>=1 PyYAML " +
  "requests>=2.32 urllib3>=2 certifi python-dateutil python-gnupg psutil contextvars croniter pyzmq pycryptodomex aiohttp " +
  "importlib-metadata setproctitle";

const recipe = (version: string, needs: string): Recipe => ({
  version,
  installs: [["setuptools<81", "wheel"], ["--no-deps", `salt==${version}`], needs.split(" ")],
});
const recipe3007 = (version: string): Recipe => recipe(version, of3007);

/** By Python; of each the first is the one that its Debian's Qubes has. */
export const recipes: Readonly<Record<string, readonly Recipe[]>> = {
  "3.11": [
    // Debian 12, and R4.2's dom0: the line that 4.2 shipped and the last of the next one.
    {
      version: "3006.24",
      installs: [
        ["setuptools<81", "wheel"],
        ["salt==3006.24", "looseversion", "packaging", "distro"],
      ],
    },
    recipe3007("3007.13"),
  ],
  // Plainly installed, 3008 wants timelib and rpm-vercmp, which are compiled: not every machine has a compiler, and nothing here needs them.
  "3.13": [
    recipe3007("3007.17"),
    recipe("3008.1", of3007.replace("cryptography<43", "cryptography").replace("MarkupSafe<3", "MarkupSafe")),
  ],
};

let made: Promise<Salt[]> | undefined;

/** Both Salts, installed on the first call of all. */
export function salts(): Promise<Salt[]> {
  made ??= makeAll();
  return made;
}

async function makeAll(): Promise<Salt[]> {
  const python = await findPython();
  const { stdout } = await run(python, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
  const fitting = recipes[stdout.trim()];
  if (fitting === undefined) {
    throw new Error(
      `no Salt is known to run on Python ${stdout.trim()} (${python}); known: ${Object.keys(recipes).join(", ")}`,
    );
  }
  const found: Salt[] = [];
  for (const recipe of fitting) found.push(await make(recipe, python));
  return found;
}

async function findPython(): Promise<string> {
  for (const candidate of ["/usr/bin/python3", "python3"]) {
    try {
      const { stdout } = await run(candidate, ["-c", "import sys; print(sys.executable)"]);
      const real = realpathSync(stdout.trim());
      if (!hidden.some((prefix) => real.startsWith(prefix))) return real;
    } catch {
      // Not this one.
    }
  }
  throw new Error(
    `no python3 outside ${hidden.join(" ")}: install the system's (Debian: apt install python3 python3-venv)`,
  );
}

async function make(recipe: Recipe, python: string): Promise<Salt> {
  const home = path.join(cache, recipe.version);
  const salt = { version: recipe.version, python: path.join(home, "bin/python") };
  const finished = path.join(home, "finished");
  if (isFinished(finished, python)) return salt;
  await mkdir(cache, { recursive: true });
  const lock = `${home}.lock`;
  await take(lock);
  try {
    // The worker that held the lock has perhaps just made it.
    if (isFinished(finished, python)) return salt;
    await rm(home, { recursive: true, force: true });
    await install(recipe, python, home);
    // Last: an install that was interrupted has no such file and is made anew.
    await writeFile(finished, python);
    return salt;
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

function isFinished(marker: string, python: string): boolean {
  return existsSync(marker) && readFileSync(marker, "utf8") === python;
}

async function install(recipe: Recipe, python: string, home: string): Promise<void> {
  try {
    await run(python, ["-m", "venv", home]);
  } catch (error) {
    throw new Error(`${python} -m venv failed; Debian needs python3-venv (apt install python3-venv): ${said(error)}`, {
      cause: error,
    });
  }
  for (const words of recipe.installs) {
    try {
      await run(path.join(home, "bin/python"), ["-m", "pip", "install", "--quiet", ...words], { maxBuffer: 1 << 26 });
    } catch (error) {
      throw new Error(`pip could not install Salt ${recipe.version} (${words.join(" ")}): ${said(error)}`, {
        cause: error,
      });
    }
  }
}

function said(error: unknown): string {
  const { stderr, stdout } = error as { stderr?: string; stdout?: string };
  return (stderr || stdout || String(error)).trim().split("\n").slice(-5).join("\n");
}

/** A directory is the lock, since making one either works or tells; the maker's pid tells a dead one. */
async function take(lock: string): Promise<void> {
  for (;;) {
    try {
      await mkdir(lock);
      await writeFile(path.join(lock, "pid"), String(process.pid));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    await sleep(500);
    if (isAbandoned(lock)) await rm(lock, { recursive: true, force: true });
  }
}

function isAbandoned(lock: string): boolean {
  try {
    const pid = Number(readFileSync(path.join(lock, "pid"), "utf8"));
    if (pid === 0) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
