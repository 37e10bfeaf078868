// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "../model/model.ts";
import { paths } from "../render/paths.ts";
import type { Reading } from "./reading.ts";

/** Places that an AppVM forgets at shutdown would lose a setting in silence; /rw/config/whonix_firewall.d is read by nobody since 2023. */
export function* persistence({ states }: Reading, model: Model): Iterable<string> {
  const qubeFolder = paths(model.formula).qube("").slice(0, -4);
  const templateFolder = paths(model.formula).template("").slice(0, -4);
  for (const { file, id, fun, name } of states) {
    if (!fun.startsWith("file.")) continue;
    if (file.startsWith(qubeFolder)) {
      if (!/^\/(?:home|usr\/local|rw)\//.test(name)) yield `${file}: ${id} writes ${name}, which an AppVM forgets`;
      if (name.startsWith("/rw/config/whonix_firewall.d"))
        yield `${file}: ${id} writes where Whonix does not look any more`;
    }
    if (file.startsWith(templateFolder) && /^\/(?:home|usr\/local|rw)\//.test(name)) {
      yield `${file}: ${id} writes ${name}, which the template's qubes do not see`;
    }
  }
}
