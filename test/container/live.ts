// SPDX-License-Identifier: GPL-3.0-or-later
/** A qube with its daemon at work in a container, and the state of the qube that compares, run as Salt runs it: `unless`, then the command. */
import { load } from "js-yaml";
import { expect } from "vitest";
import { withContainer, type Box, type Content, type Suite } from "./container.ts";
import { daemon, tree } from "./daemon.ts";
import { eventually } from "./eventually.ts";

export type Made = ReturnType<typeof daemon>;

/** The command and the guard of the state that compares. */
export function comparing(name: string): { readonly command: string; readonly unless: string } {
  const [, { text }] = [...tree].find(([file]) => file.endsWith(`/qube/${name}.sls`)) ?? ["", { text: "" }];
  const all = Object.entries(load(text) as Record<string, Record<string, Record<string, string>[]>>);
  const [, state] = all.findLast(([id]) => id.startsWith("qwbtc-in-force-")) ?? [];
  const words = Object.assign({}, ...(state?.["cmd.run"] ?? [])) as Record<string, string>;
  return { command: words["name"] ?? "", unless: words["unless"] ?? "" };
}

export interface Live {
  readonly box: Box;
  readonly made: Made;
  /** Applies the state: what it said, or nothing where its guard found nothing to do. It never takes long. */
  apply(): Promise<string | undefined>;
  fact(property: string): Promise<string>;
  /** What the daemon read at each of its starts. */
  starts(): Promise<Record<string, string>[]>;
  settled(state?: string): Promise<void>;
  /** Changes a file of the daemon, in place. */
  edit(file: string, sed: string): Promise<void>;
}

interface How {
  /** Whether dom0 has its service on at the boot. */
  readonly on?: boolean;
  readonly ends?: number;
  readonly notifies?: boolean;
  readonly without?: (made: Made) => readonly string[];
  readonly more?: (made: Made) => readonly [string, Content][];
}

/** Boots a qube with its daemon for the work. */
export async function live(suite: Suite, name: string, how: How, work: (qube: Live) => Promise<void>) {
  const made = daemon(name, how);
  const gate: [string, Content] = [`/etc/standin-services/${made.gate}`, { text: "" }];
  const files = new Map([...made.files, ...(how.on === false ? [] : [gate]), ...(how.more?.(made) ?? [])]);
  const current = made.program.replace(/\/current\/.*/, "");
  // As it lies in a qube: a folder for each version, and a link to the one in use.
  const before = [...made.before, `mv ${current}/current ${current}/1.0; ln -s 1.0 ${current}/current`];
  for (const file of how.without?.(made) ?? []) before.push(`mv ${file} ${file}.away`);
  const { command, unless } = comparing(name);
  await withContainer({ suite, files, before }, async (box) => {
    const fact = async (property: string) => (await box.out(`systemctl show -P ${property} ${made.service}`)).trim();
    const apply = async () => {
      const started = Date.now();
      if ((await box.run(unless)).status === 0) return undefined;
      const said = await box.out(command);
      expect(Date.now() - started, "the apply waits").toBeLessThan(20_000);
      return said;
    };
    const starts = async () => {
      const { stdout } = await box.run(`cat ${made.plan.report}.starts`);
      return stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Record<string, string>]));
    };
    const settled = async (state = "active") => {
      const look = async () => `${await fact("ActiveState")} ${(await starts()).length > 0 || state !== "active"}`;
      await eventually(look, `${state} true`);
    };
    const edit = async (file: string, sed: string) => {
      await box.out(`sed -i '${sed}' ${file}`);
    };
    await work({ box, made, apply, fact, starts, settled, edit });
  });
}
