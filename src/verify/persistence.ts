// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "../model/model.ts";
import { paths } from "../render/paths.ts";
import type { Reading } from "./reading.ts";

/** What every AppVM keeps. */
const KEPT = /^\/(?:home|usr\/local|rw)\//;
/** What a Whonix gateway keeps besides, as a bind-dir (anon-gw-anonymizer-config usr/lib/qubes-bind-dirs.d). */
const KEPT_BY_GATEWAYS = "/var/lib/tor/";
/** Where in it tor looks: an onion service of ours, one level deep, and the keys to those of others. */
const TOR_LOOKS = (formula: string) =>
  new RegExp(`^(?:${formula}-[\\w-]+(?:/.*)?|authdir(?:/${formula}-[\\w-]+\\.auth_private)?)$`);

/** Places that an AppVM forgets at shutdown would lose a setting in silence; /rw/config/whonix_firewall.d is read by nobody since 2023. */
export function* persistence({ states }: Reading, model: Model): Iterable<string> {
  const qubeFolder = paths(model.formula).qube("").slice(0, -4);
  const templateFolder = paths(model.formula).template("").slice(0, -4);
  const looks = TOR_LOOKS(model.formula);
  const gateways = new Set(
    model.qubes.filter(({ role }) => role.os === "gateway").map(({ name }) => paths(model.formula).qube(name)),
  );
  for (const { file, id, fun, name } of states) {
    if (!fun.startsWith("file.")) continue;
    if (file.startsWith(qubeFolder)) {
      const kept =
        KEPT.test(name) ||
        (gateways.has(file) && name.startsWith(KEPT_BY_GATEWAYS) && looks.test(name.slice(KEPT_BY_GATEWAYS.length)));
      if (!kept) yield `${file}: ${id} writes ${name}, which an AppVM forgets`;
      if (name.startsWith("/rw/config/whonix_firewall.d"))
        yield `${file}: ${id} writes where Whonix does not look any more`;
    }
    if (file.startsWith(templateFolder) && (KEPT.test(name) || name.startsWith(KEPT_BY_GATEWAYS))) {
      yield `${file}: ${id} writes ${name}, which the template's qubes do not see`;
    }
  }
}
