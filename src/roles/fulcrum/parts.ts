// SPDX-License-Identifier: GPL-3.0-or-later
import conf from "../../../salt-templates/fulcrum/fulcrum.conf.hbs";
import unit from "../../../salt-templates/fulcrum/fulcrum.service.hbs";
import type { Qube } from "../../model/model.ts";
import type { TemplateNeeds } from "../../model/role.ts";
import type { QubeParts, TemplateParts } from "../../model/parts.ts";
import { sandboxOf } from "../../model/sandbox.ts";
import { rpcCookie } from "../bitcoind/rpc-access.ts";
import { rpcOf } from "./facts.ts";
import { BIN, CONF, COOKIE, DATABASE, DATADIR, HOME, PROGRAMS, serviceOf, STOPS, USER } from "./own.ts";
import { settings } from "./settings.ts";

/** What the servers' template clone holds: the user and the unit. The program itself lies in the qube, below /usr/local. */
export function serverTemplate({ formula }: TemplateNeeds): TemplateParts {
  const service = serviceOf(formula);
  return {
    users: [
      {
        name: USER,
        number: 862,
        home: HOME,
        why: "The server runs as a user of its own, which owns nothing but the index and cannot log in.",
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
            conf: CONF,
            bin: BIN,
            stops: STOPS,
            sandbox: sandboxOf(DATADIR, {
              readsProc: "Reads /proc/meminfo for how much memory there is. Source: nix-bitcoin modules/fulcrum.nix",
            }),
          },
        },
        wantedBy: "multi-user.target",
        why: "The server's unit. It is in every qube of this template and runs only where the qube's service says so.",
      },
    ],
  };
}

/** A server's own folders and files. */
export function serverFiles(qube: Qube, formula: string): QubeParts {
  const own = { user: USER, group: USER };
  return {
    services: [serviceOf(formula)],
    daemons: [
      {
        unit: `${serviceOf(formula)}.service`,
        reads: [
          { path: CONF, comments: "anywhere" },
          { path: COOKIE, comments: "none" },
        ],
        program: PROGRAMS,
        stops: STOPS,
      },
    ],
    directories: [
      { ...own, path: HOME, mode: "0700", why: "The server's home; nobody else in the qube reads it." },
      { ...own, path: DATADIR, mode: "0700", why: "Its settings, and below it" },
      { ...own, path: DATABASE, mode: "0700", why: "the index." },
      {
        path: PROGRAMS,
        user: "root",
        group: "root",
        mode: "0755",
        why: "Fulcrum goes here: root's, so that the server cannot change its own program.",
      },
    ],
    secrets: [rpcCookie(rpcOf(qube), formula, { ...own, path: COOKIE })],
    files: [
      {
        ...own,
        path: CONF,
        content: { template: conf, view: { qube: qube.name, version: qube.version, sections: settings(qube) } },
        mode: "0600",
        dirMode: "0700",
        why: "The server's settings, each with its reason.",
        needs: [COOKIE],
      },
    ],
  };
}
