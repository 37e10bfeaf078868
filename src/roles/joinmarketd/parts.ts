// SPDX-License-Identifier: GPL-3.0-or-later
import unit from "../../../salt-templates/joinmarketd/joinmarketd.service.hbs";
import type { Qube } from "../../model/model.ts";
import type { Directory, QubeParts, TemplateParts } from "../../model/parts.ts";
import type { TemplateNeeds } from "../../model/role.ts";
import { sandboxOf } from "../../model/sandbox.ts";
import { GATEWAY_ADDRESS } from "../../whonix/gateway.ts";
import { lockOf } from "../../software/joinmarket-locks.ts";
import { whonixRelease } from "../../software/platforms.ts";
import { bringFiles, locksOfWallets, madeFor } from "./bring.ts";
import { daemonLibraries, environmentPackages, pipOverTor } from "./libraries.ts";
import { CURRENT, DATADIR, HOME, PORTS, PROGRAMS, serviceOf, STOPS, USER } from "./own.ts";

/** Where the program goes, in server and wallet alike. */
export const programFolder: Directory = {
  path: PROGRAMS,
  user: "root",
  group: "root",
  mode: "0755",
  why: "JoinMarket goes here: root's, so that nothing that it does can change the program.",
};

/** What the daemons' template clone holds. */
export function daemonTemplate({ formula, whonix, qubes }: TemplateNeeds): TemplateParts {
  const service = serviceOf(formula);
  const { python } = whonixRelease(whonix);
  // One that was made by hand, since its libraries are not known here, has no such file.
  const known = qubes.every(({ version }) => lockOf(version, "daemon", python));
  const environment = known ? madeFor(python) : false;
  return {
    packages: [...daemonLibraries, ...environmentPackages, pipOverTor],
    users: [
      {
        name: USER,
        number: 863,
        home: HOME,
        why: "The daemon runs as a user of its own, which owns nothing of value and cannot log in.",
      },
    ],
    units: [
      {
        name: `${service}.service`,
        content: {
          template: unit,
          view: {
            formula,
            service,
            user: USER,
            home: HOME,
            datadir: DATADIR,
            current: CURRENT,
            environment,
            port: PORTS.daemon,
            stops: STOPS,
            gateway: GATEWAY_ADDRESS,
            sandbox: sandboxOf(DATADIR),
          },
        },
        wantedBy: "multi-user.target",
        why: "The daemon's unit. It is in every qube of this template and runs only where the qube's service says so.",
      },
    ],
  };
}

/** What a daemon's qube holds: folders alone. It has no settings of its own; the wallet brings them with each session. */
export function daemonParts(qube: Qube, formula: string): QubeParts {
  const own = { user: USER, group: USER, mode: "0700" };
  return {
    services: [serviceOf(formula)],
    // Its settings come with each session of the wallet, so only another program is a change.
    daemons: [{ unit: `${serviceOf(formula)}.service`, reads: [], program: PROGRAMS, stops: STOPS }],
    files: [...bringFiles(qube), ...locksOfWallets(qube)],
    directories: [
      { ...own, path: HOME, why: "The daemon's home; nobody else in the qube reads it." },
      { ...own, path: DATADIR, why: "Where it runs. For takers it writes nothing here." },
      programFolder,
    ],
  };
}
