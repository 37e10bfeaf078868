// SPDX-License-Identifier: GPL-3.0-or-later
import bringUnit from "../../salt-templates/bring/bring.service.hbs";
import fetchUnit from "../../salt-templates/bring/fetch.service.hbs";
import type { Qube, Template } from "../model/model.ts";
import type { ManagedFile, Reload, TemplateParts, Unit } from "../model/parts.ts";
import { sandboxOf } from "../model/sandbox.ts";
import { LIBRARY } from "../software/recipe.ts";
import { BRING_TOOL, bringTool, recipeFile } from "../whonix/bring-files.ts";
import { recipeOf } from "../whonix/bringing.ts";
import { GATEWAY_ADDRESS } from "../whonix/gateway.ts";

/** The Qubes services that switch on checking, and fetching. */
const bringService = (formula: string) => `${formula}-bring`;
const fetchService = (formula: string) => `${formula}-fetch`;

/** What a qube holds and which services it has for the program that is brought into it; nothing where none is. */
export function bringParts(qube: Qube, formula: string): { files: ManagedFile[]; services: string[] } {
  const recipe = recipeOf(qube, formula);
  if (!recipe) return { files: [], services: [] };
  const services = [bringService(formula), ...(qube.netvm ? [fetchService(formula)] : [])];
  const units = services.map((one) => `${one}.service`).join(" ");
  const reload: Reload = {
    id: "bring-program",
    command: `if systemctl cat ${units} >/dev/null 2>&1; then systemctl --no-block restart ${units}; fi`,
    why: "In a running qube another recipe counts at once. (Where its template has no such unit yet, it counts from the next start.)",
  };
  return { files: [bringTool, recipeFile(`${recipe.folder}/recipe.json`, recipe, reload)], services };
}

/** What a template needs for the programs that are brought into its qubes. */
export function bringTemplate(
  { usedBy }: Template,
  formula: string,
): Required<Pick<TemplateParts, "packages" | "units">> {
  const recipes = usedBy.flatMap((qube) => recipeOf(qube, formula) ?? []);
  if (recipes.length === 0) return { packages: [], units: [] };
  const networked = recipes.some(({ proxy }) => proxy !== null);
  const view = { formula, tool: BRING_TOOL, library: LIBRARY };
  const units: Unit[] = [
    {
      name: `${bringService(formula)}.service`,
      content: { template: bringUnit, view: { ...view, service: bringService(formula) } },
      wantedBy: "multi-user.target",
      why: "Checks and installs the program when its files come. It waits for them; the boot does not.",
    },
  ];
  if (networked)
    units.push({
      name: `${fetchService(formula)}.service`,
      content: {
        template: fetchUnit,
        view: { ...view, service: fetchService(formula), gateway: GATEWAY_ADDRESS, sandbox: sandboxOf(false) },
      },
      wantedBy: "multi-user.target",
      why: "Fetches the program over Tor, as nobody.",
    });
  return {
    packages: [
      { name: "gpgv", why: "Checks signatures of programs that are brought. Debian 13's own apt does without." },
      ...(recipes.some(({ unpack }) => unpack.kind === "appimage")
        ? [{ name: "squashfs-tools", why: "Unpacks an AppImage without running it." }]
        : []),
      ...(networked
        ? [
            { name: "curl", why: "Fetches programs over Tor." },
            { name: "ca-certificates", why: "By which curl tells the servers." },
          ]
        : []),
    ],
    units,
  };
}
