// SPDX-License-Identifier: GPL-3.0-or-later
/** A qube's states, applied by the real Salt in its container: what salt-ssh would do there with the Salt that it brings along. */
/* oxlint-disable no-underscore-dangle -- Salt's own names */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Box } from "../container/container.ts";
import { unusedStates, type Salt } from "../salts/salts.ts";

export interface Applied {
  readonly qube: string;
  /** How many states there were. */
  readonly states: number;
  readonly changed: readonly string[];
  readonly failed: boolean;
  /** All that Salt said, secrets too if it said them. */
  readonly output: string;
  /** What qubesctl shows. */
  readonly text: string;
}

interface Done {
  readonly __id__?: string;
  readonly __run_num__: number;
  readonly result: boolean | null;
  readonly comment: unknown;
  readonly changes: object;
}

const folder = "/usr/lib/standin/dom0/apply";

/** Applies what dom0 has shipped to a qube's place; `here` is that place as this machine has it, `salt` any Salt, by which it is known which modules there are. */
export async function applyIn(
  box: Box,
  qube: string,
  here: string,
  salt: Salt,
  states: readonly string[],
  test: boolean,
): Promise<Applied> {
  mkdirSync(path.join(here, "etc"));
  const minion = {
    id: qube,
    file_client: "local",
    file_roots: { base: [`${folder}/srv`] },
    pillar_roots: { base: [`${folder}/pillar`] },
    root_dir: "/var/tmp/.standin-salt",
    features: { x509_v2: true },
    enable_fqdns_grains: false,
    enable_gpu_grains: false,
    ...unusedStates(salt),
  };
  writeFileSync(path.join(here, "etc/minion"), JSON.stringify(minion));
  const call = `/opt/standin-salt/bin/salt-call --local --config-dir=${folder}/etc --out=json --log-level=quiet`;
  const search = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const command = `${search} ${call} state.apply ${states.join(",")}${test ? " test=True" : ""}; rm -rf /var/tmp/.standin-salt`;
  const { stdout, stderr } = await box.run(command, 600_000);
  return judged(qube, stdout, `${stdout}${stderr}`);
}

function judged(qube: string, stdout: string, output: string): Applied {
  const broken = (text: string): Applied => ({ qube, states: 0, changed: [], failed: true, output, text });
  let parsed: { local: Record<string, Done> | string[] };
  try {
    parsed = JSON.parse(stdout) as typeof parsed;
  } catch {
    return broken(output);
  }
  if (Array.isArray(parsed.local)) return broken(parsed.local.join("\n"));
  const all = Object.entries(parsed.local).toSorted(([, one], [, other]) => one.__run_num__ - other.__run_num__);
  const named = all.map(([tag, done]) => ({ id: done.__id__ ?? tag, ...done }));
  const changed = named.filter(({ changes }) => Object.keys(changes).length > 0).map(({ id }) => id);
  const failed = named.filter(({ result }) => result === false);
  const lines = [
    ...failed.map(({ id, comment, changes }) => `FAILED: ${id}: ${String(comment)} ${JSON.stringify(changes)}`),
    ...changed.map((id) => `changed: ${id}`),
    `Succeeded: ${named.length - failed.length} (changed=${changed.length})`,
    `Failed: ${failed.length}`,
  ];
  return { qube, states: named.length, changed, failed: failed.length > 0, output, text: lines.join("\n") };
}
