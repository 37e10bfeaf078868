// SPDX-License-Identifier: GPL-3.0-or-later
/** What the stock Whonix templates are here: made once for each Debian by stock.sh, and kept below `.cache/`. */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { Suite } from "../container/container.ts";
import { recipes } from "../salts/salts.ts";

const cache = path.resolve(import.meta.dirname, "../../.cache/system");
/** The Python of each, by which its Salt is chosen. */
const python = { bookworm: "3.11", trixie: "3.13" } as const;

export interface Stock {
  /** Roots, as boot.sh takes them. */
  readonly workstation: string;
  readonly gateway: string;
  /** Packages that a template's states have fetched before, so that they need not be fetched again. */
  readonly debs: string;
}

/** The roots, made on the first call of all; others wait for it. */
export async function stockRoot(suite: Suite): Promise<Stock> {
  const folder = path.join(cache, suite);
  const [recipe] = recipes[python[suite]] ?? [];
  if (recipe === undefined) throw new Error(`no Salt is known for the Python of ${suite}`);
  const installs = recipe.installs.map((words) => words.join(" "));
  const words = [path.join(import.meta.dirname, "stock.sh"), suite, folder, ...installs];
  await promisify(execFile)("sh", words, { maxBuffer: 1 << 26 });
  const workstation = path.join(folder, "workstation");
  return { workstation, gateway: `${path.join(folder, "gateway")}:${workstation}`, debs: path.join(folder, "debs") };
}
