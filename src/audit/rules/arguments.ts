// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { ARGUMENTS } from "../arguments.ts";
import { placeIn, type Audit } from "../finding.ts";
import type { StateCall } from "../states.ts";

const STATES = "Salt's documentation, states, requisites and global state arguments";

const unknown = message("QB800", {
  severity: "error",
  title: "An argument that this audit does not know",
  say: (id: string, fun: string, key: string) => `${id}: what ${key} makes of ${fun} is not known to this audit`,
  why: "One argument decides by which shell and with whose libraries a command runs, when a state is skipped, or that a qube is removed. What is not known is not called safe.",
  fix: "Take it out, or read it yourself, knowing that nothing here did.",
  source: STATES,
});

const value = message("QB801", {
  severity: "error",
  title: "An argument whose value undoes what the state is for",
  say: (id: string, key: string, what: string) => `${id}: ${key} ${what}`,
  why: "A file that is never corrected keeps what somebody else wrote, one that is written through a link lands elsewhere, and a guard that does not end the run guards nothing.",
  fix: "Give it the value that the other states of this tree have.",
  source: STATES,
});

/** What an argument may be, where the name alone does not tell that it is harmless. */
const VALUES: Readonly<
  Record<string, Readonly<Record<string, readonly [(one: unknown, state: StateCall) => boolean, string]>>>
> = {
  "file.managed": {
    follow_symlinks: [(one) => one === false, "is not false: a link in its place would be followed"],
    replace: [
      (one, { name, machine }) => one === false && machine !== "dom0" && name.endsWith(".local"),
      "is said of what is not the user's own file",
    ],
  },
  "user.present": {
    shell: [(one) => one === "/usr/sbin/nologin", "lets it log in"],
    system: [(one) => one === true, "makes it a user for people"],
    usergroup: [(one) => one === true, "gives it a group of others"],
  },
  "pkg.installed": {
    install_recommends: [(one) => one === false, "brings packages that nobody named"],
  },
  "test.nop": { failhard: [(one) => one === true, "lets the run go on after a guard has failed"] },
};

/** Every state has arguments that are known for its function, and requisites in their plain form. */
export function* knownArguments({ facts: { tree, states, qubes } }: Audit): Iterable<Diagnostic> {
  for (const state of states.calls) {
    const { id, fun, name, args, machine } = state;
    // Who owns a folder may lay a link where root writes. Templates have no such folders, and dom0's are root's.
    const others = /^\/(?:home|var\/lib\/tor)\//.test(name) && qubes.get(machine)?.klass !== "TemplateVM";
    if (others && fun === "file.managed" && !args.has("follow_symlinks"))
      yield value.at(placeIn(tree, state), id, "follow_symlinks", "is not said: a link in its place would be followed");
    const known = ARGUMENTS[fun];
    if (!known) continue;
    for (const [key, one] of args) {
      if (!known.has(key)) yield unknown.at(placeIn(tree, state), id, fun, key);
      const [fits, what] = VALUES[fun]?.[key] ?? [];
      if (fits?.(one, state) === false) yield value.at(placeIn(tree, state), id, key, what ?? "");
    }
  }
}
