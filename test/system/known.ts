// SPDX-License-Identifier: GPL-3.0-or-later
/** What dom0 knows of a system's qubes at this moment: its stored world, read anew for each question. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Compiled } from "../../src/compile.ts";
import type { Qube, World } from "../dom0/dom0.ts";
import type { Kind } from "./qube.ts";

/** sys-firewall's address. */
const uplink = "10.137.0.6";
/** A qube of the user's own, which has nothing to do with the system: it brings the bundle, and is kept out like any other. */
export const stranger = "personal";

export class Known {
  /** Where the world is stored. */
  readonly file: string;
  readonly #system: Compiled;

  constructor(state: string, system: Compiled) {
    this.file = path.join(state, "run/dom0-standin/world.json");
    this.#system = system;
  }

  /** The stored dom0. A program of dom0 may just be writing it. */
  world(): World {
    for (let tries = 0; ; tries++) {
      try {
        return JSON.parse(readFileSync(this.file, "utf8")) as World;
      } catch (error) {
        if (tries === 1000) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
    }
  }

  /** Our qubes and template clones, whether dom0 has them yet or not. */
  names(): string[] {
    const { qubes } = this.#system.model;
    const clones = qubes.map(({ template }) => template.name).filter((name) => !name.startsWith("whonix-"));
    return [...new Set([...qubes.map(({ name }) => name), ...clones])];
  }

  /** All that are containers. */
  all(): string[] {
    return [...this.names(), stranger];
  }

  runs(name: string): boolean {
    return this.#held(name)?.power_state === "Running";
  }

  kind(name: string): Kind {
    if (this.#held(name)?.klass === "TemplateVM") return "template";
    return this.#system.model.qubes.find((one) => one.name === name)?.role.os === "gateway" ? "gateway" : "workstation";
  }

  /** From whose root volume it boots: its own, if it is a template. */
  template(name: string): string {
    return this.kind(name) === "template" ? name : String(this.#held(name)?.properties["template"]);
  }

  netvm(name: string): string | null {
    const set = this.#held(name)?.properties["netvm"];
    return (set === undefined ? this.world().globals["default_netvm"] : set) as string | null;
  }

  /** Seconds after which dom0 kills (qubes-core-admin, default_shutdown_timeout). */
  shutdownTimeout(name: string): number {
    return Number(this.#held(name)?.properties["shutdown_timeout"] ?? 60);
  }

  /** A qube's place among all, from which its address comes. */
  number(name: string): number {
    return 50 + this.#system.model.qubes.findIndex((one) => one.name === name);
  }

  address(name: string): string {
    return name === "sys-firewall" ? uplink : `10.137.0.${this.number(name)}`;
  }

  /** What qubesdb has for a qube (qubes-core-admin qubes/vm/qubesvm.py create_qdb_entries, qubes/ext/services.py). */
  told(name: string): Record<string, string> {
    const held = this.#held(name);
    const netvm = this.netvm(name);
    const services = Object.entries(held?.features ?? {})
      .filter(([feature]) => feature.startsWith("service."))
      .map(([feature, value]) => [`/qubes-service/${feature.slice(8)}`, value === "" ? "0" : "1"] as const);
    const wired = { "/qubes-ip": this.address(name), "/qubes-netmask": "255.255.255.255" };
    return {
      "/name": name,
      "/type": held?.klass ?? "",
      "/qubes-vm-type": this.kind(name) === "gateway" ? "NetVM" : (held?.klass ?? ""),
      ...(netvm !== null && { ...wired, "/qubes-gateway": this.address(netvm) }),
      ...(this.kind(name) === "gateway" && { "/qubes-netvm-gateway": this.address(name) }),
      ...Object.fromEntries(services),
    };
  }

  #held(name: string): Qube | undefined {
    return this.world().qubes[name];
  }
}
