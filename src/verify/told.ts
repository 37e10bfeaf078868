// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "../model/model.ts";
import { paths } from "../render/paths.ts";
import type { Reading } from "./reading.ts";

const NOTE = /^rm -f \/run\/qwbtc-salt\/told\/([\w-]+)$/;

/**
 * No program is told of a change only by the apply that made it: were it to fail once, nobody would ever tell it. A change alone takes a note away,
 * and what tells the program runs until the note is of the files as they are.
 */
export function* told({ states }: Reading, model: Model): Iterable<string> {
  const qubes = paths(model.formula).qube("").slice(0, -4);
  const own = states.filter(({ file }) => file.startsWith(qubes));
  const tells = new Set(
    own.flatMap(({ file, name, unless }) => {
      const [, files] = /^.* && (\/usr\/local\/lib\/qwbtc-salt\/told [\w-]+ .+)$/.exec(name) ?? [];
      const [command, ...rest] = files?.split(" ") ?? [];
      const same = files !== undefined && unless === [command, "--check", ...rest].join(" ");
      return same ? [`${file} ${rest[0]}`] : [];
    }),
  );
  for (const { file, id, name, onchanges } of own) {
    if (!onchanges) continue;
    const [, noted] = NOTE.exec(name) ?? [];
    if (noted === undefined || !tells.has(`${file} ${noted}`))
      yield `${file}: ${id} would never be made up for if it failed`;
  }
}
