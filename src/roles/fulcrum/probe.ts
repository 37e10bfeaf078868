// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../../model/model.ts";
import type { Hello, RoleProbe } from "../../model/probe.ts";
import { BIN, ELECTRUM_PORT, serviceOf } from "./own.ts";

/** What any Electrum server answers, whoever asks (ElectrumX documentation, protocol methods, server.version). */
export const electrumHello: Hello = {
  who: "an Electrum server",
  send: '{"id":0,"method":"server.version","params":["check","1.4"]}\n',
  expect: '\\{[^\\n]*"result" ?: ?\\["[^\\n]*\\n',
};

/** How one sees that a server runs, and how far its index is. */
export function serverProbe(qube: Qube, { formula }: Model): RoleProbe {
  return {
    programs: [{ name: "Fulcrum", file: `${BIN}/Fulcrum`, current: BIN, version: qube.version }],
    serves: {
      ports: [ELECTRUM_PORT],
      unit: `${serviceOf(formula)}.service`,
      late: "it listens when its index is made, after the node has the whole chain",
    },
    height: { port: ELECTRUM_PORT },
    hellos: { electrum: electrumHello },
  };
}
