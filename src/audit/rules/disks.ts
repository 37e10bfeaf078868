// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import type { Kept } from "../../model/trust.ts";
import type { QubeFacts } from "../facts.ts";
import { placeIn, type Audit } from "../finding.ts";
import { roleOf, seen } from "../role-of.ts";
import type { StateCall } from "../states.ts";

const GIB = 2 ** 30;

const copies = message("QB785", {
  severity: "error",
  title: "A large volume keeps copies of itself",
  say: (name: string, keeps: string) => `the private volume of ${name} keeps ${keeps}`,
  why: "Qubes keeps a copy at each start, and all that changed since stays on the disk twice. With a chain or an index that grows daily the pool fills up, and a full pool stops every qube of the machine.",
  fix: "qvm-volume config NAME:private revisions_to_keep 0",
  source: "qubes-core-admin qubes/storage; Qubes documentation, volume backup and revert",
});

const small = message("QB786", {
  severity: "error",
  title: "A private volume is too small for what must lie in it",
  say: (name: string, has: number, needs: number, what: string) =>
    `${name} gets ${has} GiB, and ${what} needs ${needs} GiB today`,
  why: "The program stops when the disk is full, after days of work, and a database that could not be written may be broken.",
  fix: "Give it more than it needs today: qvm-volume resize, in a state that runs only where the volume is smaller.",
  source:
    "Bitcoin Core src/kernel/chainparams.cpp, m_assumed_blockchain_size; Fulcrum README; Qubes documentation, resizing volumes",
});

const inBackups = message("QB787", {
  severity: "warning",
  title: "What can be had again is taken into backups",
  say: (name: string, what: string) => `Qubes' backups take in ${name}, with ${what}`,
  why: "A backup of hundreds of gigabytes takes days and fails for want of room, so that soon none is made of what counts. A copy that is taken while a database is written may not even be whole.",
  fix: "include_in_backups: false",
  source: "Qubes documentation, backups; Bitcoin Core doc/files.md",
});

const notInBackups = message("QB788", {
  severity: "warning",
  title: "Keys are left out of backups",
  say: (name: string, what: string) => `Qubes' backups leave out ${name}, with ${what}`,
  why: "With the disk it is lost, and what it opens with it.",
  fix: "include_in_backups: true; or keep what counts elsewhere, and know that the machine alone has the rest.",
  source: "Qubes documentation, backups",
});

/** From this size on a volume is one of data that a backup cannot hold, whatever it is. */
const LARGE = 100;

/** Volumes have the room that they need, keep no copies of what grows, and are backed up where that is of use. */
export function* disks({ facts, machine }: Audit): Iterable<Diagnostic> {
  const [sizes, copiesKept] = [SIZE, REVISIONS].map((looks) => lastOf(facts.states.calls, looks));
  for (const qube of machine.ours) {
    const { name } = qube;
    const kept = roleOf(name, facts)?.trust(seen(name, facts)).keeps;
    const size = sizes?.get(name);
    const gib = size && bytesOf(size.value) / GIB;
    const large = gib !== undefined && gib >= LARGE;
    const grows = kept?.kind === "data" || large;
    const what = kept?.what ?? `a volume of ${Math.floor(gib ?? 0)} GiB`;
    const at = (state: StateCall = qube.at) => placeIn(facts.tree, state);
    if (grows) {
      const revisions = copiesKept?.get(name);
      if (revisions?.value !== "0")
        yield copies.at(
          at(revisions?.state),
          name,
          revisions ? `${revisions.value} old copies` : "as many old copies as the pool is set to",
        );
      yield* backedUp(qube, what, at);
    } else if (kept?.kind === "keys") yield* leftOut(qube, what, at);
    // A private volume has 2 GiB where nobody asks for more (qubes-core-admin qubes/config.py).
    const has = gib ?? 2;
    if (kept?.gib !== undefined && has < kept.gib)
      yield small.at(at(size?.state), name, Math.floor(has), kept.gib, kept.what);
  }
}

function* backedUp(
  qube: QubeFacts,
  what: Kept["what"],
  at: (state?: StateCall) => ReturnType<typeof placeIn>,
): Iterable<Diagnostic> {
  const pref = qube.prefs.get("include_in_backups");
  // Qubes takes in whatever is not left out.
  if (qube.made && pref?.value !== false) yield inBackups.at(at(pref?.at), qube.name, what);
}

function* leftOut(
  qube: QubeFacts,
  what: Kept["what"],
  at: (state?: StateCall) => ReturnType<typeof placeIn>,
): Iterable<Diagnostic> {
  const pref = qube.prefs.get("include_in_backups");
  if (pref?.value === false) yield notInBackups.at(at(pref.at), qube.name, what);
}

const SIZE = /^qvm-volume (?:resize|extend) (?:-\S+ )*(?:-- )?(\S+):private ([0-9]+ ?[A-Za-z]*)$/;
const REVISIONS = /^qvm-volume config (?:-- )?(\S+):private revisions_to_keep ([0-9]+)$/;

/** What the last command of a kind says of each qube. */
function lastOf(calls: readonly StateCall[], looks: RegExp): ReadonlyMap<string, { value: string; state: StateCall }> {
  const found = new Map<string, { value: string; state: StateCall }>();
  for (const state of calls) {
    if (state.machine !== "dom0" || !/^cmd\.(?:run|wait)$/.test(state.fun)) continue;
    const [, qube, value = ""] = looks.exec(state.name.trim()) ?? [];
    if (qube !== undefined) found.set(qube, { value, state });
  }
  return found;
}

const UNITS: Readonly<Record<string, number>> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: GIB, T: 2 ** 40 };

/** A size as Qubes' tools take it: bytes, or with a unit of which the first letter counts (qubes-core-admin-client qubesadmin/utils.py, parse_size). */
function bytesOf(text: string): number {
  const [, number = "0", unit = ""] = /^([0-9]+) ?([A-Za-z]?)/.exec(text) ?? [];
  return Number(number) * (UNITS[unit.toUpperCase()] ?? 1);
}
