// SPDX-License-Identifier: GPL-3.0-or-later
import desktop from "../../../salt-templates/bitcoind/node-status.desktop.hbs";
import unit from "../../../salt-templates/bitcoind/bitcoind.service.hbs";
import type { TemplateParts } from "../../model/parts.ts";
import { sandboxOf } from "../../model/sandbox.ts";
import type { TemplateNeeds } from "../../model/role.ts";
import { GATEWAY_ADDRESS } from "../../whonix/gateway.ts";
import { watchWalletsUnit } from "./watch-wallets.ts";
import { BIN, CONF, DATADIR, HOME, serviceOf, STOPS, USER } from "./own.ts";

/** What the nodes' template clone holds: the user and the unit. The program itself lies in the qube, below /usr/local. */
export function nodeTemplate({ formula }: TemplateNeeds): TemplateParts {
  const service = serviceOf(formula);
  return {
    users: [
      {
        name: USER,
        number: 861,
        home: HOME,
        why: "The node runs as a user of its own, which owns nothing but the chain and cannot log in.",
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
            conf: CONF,
            bin: BIN,
            stops: STOPS,
            gateway: GATEWAY_ADDRESS,
            sandbox: sandboxOf(DATADIR),
          },
        },
        wantedBy: "multi-user.target",
        why: "The node's unit. It is in every qube of this template and runs only where the qube's service says so.",
      },
      watchWalletsUnit(formula, service),
    ],
    files: [
      {
        path: `/usr/share/applications/${formula}-node-status.desktop`,
        content: { template: desktop, view: {} },
        user: "root",
        group: "root",
        mode: "0644",
        dirMode: "0755",
        why: "A menu entry that shows how the node is doing.",
      },
    ],
    menu: [`${formula}-node-status.desktop`],
  };
}
