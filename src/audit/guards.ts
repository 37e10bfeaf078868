// SPDX-License-Identifier: GPL-3.0-or-later
import type { StateCall } from "./states.ts";

/**
 * By the name of a qube or a file: the states that together fail where it exists and is not ours. They must ask that very question and no other,
 * for all that a list asks must hold before a guard fails (Salt's documentation, requisites, onlyif): one more that does not, and it stands open.
 */
export function guardsOf(
  states: readonly StateCall[],
  formula: string | undefined,
): ReadonlyMap<string, readonly (readonly string[])[]> {
  const guards = new Map<string, string[][]>();
  const halves = new Map<string, string>();
  const add = (name: string, ids: string[]) => guards.set(name, [...(guards.get(name) ?? []), ids]);
  for (const { fun, id, args } of states) {
    const asks = args.get("onlyif");
    if (fun !== "test.fail_without_changes" || formula === undefined || !Array.isArray(asks)) continue;
    const texts = asks.map(String);
    const path = /^test -e (\/[\w./@:+-]+)$/.exec(texts[0] ?? "")?.[1];
    if (path !== undefined) {
      if (is(texts, [`test -e ${path}`, `! head -n 1 ${path} | grep -qx '# Managed by the ${formula} formula.'`]))
        add(path, [id]);
      continue;
    }
    const name = /^qvm-check -q -- ([\w.-]+)$/.exec(texts[0] ?? "")?.[1];
    if (name === undefined || !is(texts.slice(0, 3), strangers(name, formula))) continue;
    const rest = texts.slice(3);
    if (rest.length === 0) {
      add(name, [id]);
      continue;
    }
    // One half fails for a stranger's qube of our kind, which can be handed over, the other for any other: both ask by the same pattern.
    const pattern = / template \| grep -Eq ('[^'\\]*')$/.exec(rest.at(-1) ?? "")?.[1] ?? "";
    const klass = `test "$(qvm-prefs --get -- ${name} klass)" = AppVM`;
    const kind = `qvm-prefs --get -- ${name} template | grep -Eq ${pattern}`;
    const half = is(rest, [klass, kind]) ? "adopt" : is(rest, [`! ${klass} || ! ${kind}`]) ? "foreign" : undefined;
    if (half === undefined) continue;
    halves.set(`${half} ${name} ${pattern}`, id);
    const other = halves.get(`${half === "adopt" ? "foreign" : "adopt"} ${name} ${pattern}`);
    if (other !== undefined) add(name, [id, other]);
  }
  return guards;
}

/** That a qube is there, without our tag, and not because a run of ours was cut off between its making and its tag. */
function strangers(name: string, formula: string): string[] {
  return [
    `qvm-check -q -- ${name}`,
    `! qvm-tags -- ${name} list | grep -qx ${formula}`,
    `! test -e /var/lib/qwbtc-salt/${formula}/creating/${name}`,
  ];
}

function is(said: readonly string[], wanted: readonly string[]): boolean {
  return said.length === wanted.length && said.every((one, at) => one === wanted[at]);
}
