// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "../model/model.ts";
import { paths } from "../render/paths.ts";
import type { Reading } from "./reading.ts";

/** Where a gateway's tor looks for its keys to other people's onion services; Whonix keeps /var/lib/tor (usr/lib/qubes-bind-dirs.d/30_anon-gw-anonymizer-config.conf). */
const TOR_KEYS = /^\/var\/lib\/tor\/authdir(?:\/[A-Za-z0-9_-]+\.auth_private)?$/;

/** Places that an AppVM forgets at shutdown would lose a setting in silence; /rw/config/whonix_firewall.d is read by nobody since 2023. */
export function* persistence({ states }: Reading, model: Model): Iterable<string> {
  const qubeFolder = paths(model.formula).qube("").slice(0, -4);
  const templateFolder = paths(model.formula).template("").slice(0, -4);
  const gateways = new Set(
    model.qubes.filter((one) => one.role.os === "gateway").map((one) => paths(model.formula).qube(one.name)),
  );
  for (const { file, id, fun, name } of states) {
    if (!fun.startsWith("file.")) continue;
    if (file.startsWith(qubeFolder)) {
      if (!/^\/(?:home|usr\/local|rw)\//.test(name) && !(TOR_KEYS.test(name) && gateways.has(file)))
        yield `${file}: ${id} writes ${name}, which an AppVM forgets`;
      if (name.startsWith("/rw/config/whonix_firewall.d"))
        yield `${file}: ${id} writes where Whonix does not look any more`;
    }
    if (file.startsWith(templateFolder) && /^\/(?:home|usr\/local|rw)\//.test(name)) {
      yield `${file}: ${id} writes ${name}, which the template's qubes do not see`;
    }
  }
}
