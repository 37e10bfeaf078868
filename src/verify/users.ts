// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "../model/model.ts";
import { paths } from "../render/paths.ts";
import { TOR_USER } from "../whonix/gateway.ts";
import type { Reading } from "./reading.ts";

/** Users have a home of their own below /home and the same number in every template, and every file belongs to a user that its machine has. */
export function* users({ states }: Reading, model: Model): Iterable<string> {
  const at = paths(model.formula);
  const made = new Map<string, Set<string>>();
  const numbers = new Map<string, string>();
  for (const { file, id, fun, name, home, shell, uid } of states) {
    if (fun !== "user.present") continue;
    const other = uid === undefined ? undefined : numbers.get(uid);
    if (uid === undefined) yield `${file}: ${id} has whatever number is free`;
    else if (other !== undefined && other !== name) yield `${file}: ${id} has the number of ${other}`;
    else numbers.set(uid, name);
    if (home !== `/home/${name}`) yield `${file}: ${id} has no home of its own below /home`;
    if (shell !== "/usr/sbin/nologin") yield `${file}: ${id} could log in`;
    made.set(file, (made.get(file) ?? new Set()).add(name));
  }
  const machineOf = new Map(model.qubes.map((qube) => [at.qube(qube.name), at.template(qube.template.name)]));
  // tor's user comes with tor's package, in every template of Whonix gateways.
  const tors = new Set(model.qubes.filter(({ role }) => role.os === "gateway").map(({ name }) => at.qube(name)));
  for (const { file, id, user } of states) {
    const template = machineOf.get(file);
    if (template === undefined || user === undefined) continue;
    const stock = user === "root" || user === "user" || (user === TOR_USER && tors.has(file));
    const known = stock || made.get(template)?.has(user);
    if (!known) yield `${file}: ${id} gives a file to ${user}, whom the qube does not know`;
  }
}
