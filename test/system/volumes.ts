// SPDX-License-Identifier: GPL-3.0-or-later
/** What lies on a machine's disks: root volumes of templates, private volumes of all qubes. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { Kind } from "./qube.ts";
import type { Stock } from "./stock.ts";

export class Volumes {
  readonly #folder: string;
  readonly #stock: Stock;
  /** What each boot of a template has written, the newest first. A qube that runs goes on with what was there when it booted. */
  readonly #layers = new Map<string, string[]>();

  constructor(folder: string, stock: Stock) {
    this.#folder = folder;
    this.#stock = stock;
  }

  /** A template's root volume, as boot.sh takes it. */
  root(template: string, kind: Kind): string {
    const stock = kind === "gateway" ? this.#stock.gateway : this.#stock.workstation;
    return [...(this.#layers.get(template) ?? []), stock].join(":");
  }

  /** A qube's private volume, which is there before its first boot and after its last. */
  private(name: string): string {
    const folder = path.join(this.#folder, "private", name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Where a template's packages are fetched to, with all that was ever fetched. */
  async packages(name: string): Promise<string> {
    const folder = path.join(this.#folder, "debs", name);
    await mirror(this.#stock.debs, folder);
    return folder;
  }

  /** Where what a template writes goes when it has ended. */
  next(name: string): string {
    return path.join(this.#folder, "layers", `${name}-${this.#layers.get(name)?.length ?? 0}`);
  }

  /** A template has ended: its root volume is what it wrote over what it was. */
  async keep(name: string): Promise<void> {
    const layer = this.next(name);
    if (!existsSync(layer)) throw new Error(`${name} was cut off, its root volume is lost`);
    this.#layers.set(name, [layer, ...(this.#layers.get(name) ?? [])]);
    await mirror(path.join(this.#folder, "debs", name), this.#stock.debs);
  }
}

/** Packages that are in one folder and not in another are in both afterwards. */
async function mirror(from: string, to: string): Promise<void> {
  const script =
    'mkdir -p "$1" "$2"; for deb in "$1"/*.deb; do ! [ -e "$deb" ] || [ -e "$2/${deb##*/}" ] || ln "$deb" "$2" 2>/dev/null || cp "$deb" "$2"; done';
  await promisify(execFile)("sh", ["-c", script, "mirror", from, to]);
}
