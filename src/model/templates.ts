// SPDX-License-Identifier: GPL-3.0-or-later
import { stockTemplate } from "./platform.ts";
import type { Platform, Qube, QubeOs, Template } from "./model.ts";

const SHORT: Readonly<Record<QubeOs, string>> = { gateway: "gw", workstation: "ws", debian: "vm" };

/** The templates of some qubes: stock ones as they are, and a clone for each kind of qube that needs something in its template. */
export function templatesFor(qubes: readonly Qube[], formula: string, platform: Platform): Template[] {
  const groups = new Map<string, Qube[]>();
  for (const qube of qubes) {
    const { os, template } = qube.role;
    const cloned = template !== undefined && (template.needed?.(qube) ?? true);
    const name = cloned ? `${formula}-${SHORT[os]}-${template.suffix}` : stockTemplate(os, platform);
    groups.set(name, [...(groups.get(name) ?? []), qube]);
  }
  return [...groups].map(([name, usedBy]) => {
    const { role } = usedBy[0] as Qube;
    const stock = stockTemplate(role.os, platform);
    const parts = role.template?.parts({ formula, whonix: platform.whonix, qubes: usedBy }) ?? {};
    const clone = name !== stock;
    return {
      name,
      os: role.os,
      stock,
      clone,
      purpose: role.template?.purpose ?? role.name,
      parts: clone ? parts : {},
      usedBy,
    };
  });
}
