// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../../model/model.ts";
import type { Hello, ProgramProbe, RoleProbe } from "../../model/probe.ts";
import { CURRENT, PORTS, serviceOf } from "./own.ts";

/**
 * JoinMarket's daemon speaks AMP at each of its ports (src/jmdaemon/daemon_protocol.py), which answers a command that it does not know with an
 * error and goes on (twisted.protocols.amp, UNHANDLED_ERROR_CODE). Each connection has a session of its own there, so a running one is not touched.
 */
const hello: Hello = {
  who: "JoinMarket's daemon",
  send: "\0\u0004_ask\0\u00011\0\u0008_command\0\u0008selftest\0\0",
  expect: "\\x00\\x06_error",
};

/** What its services answer to. */
export const daemonHellos: Readonly<Record<string, Hello>> = { daemon: hello, payjoin: hello, snicker: hello };

/** Where JoinMarket must be, in server and wallet alike. */
export function joinmarketProgram({ version }: Qube, file: string): ProgramProbe {
  return { name: "JoinMarket", file: `${CURRENT}/${file}`, current: CURRENT, version };
}

/** How one sees that a daemon runs. */
export function daemonProbe(qube: Qube, { formula }: Model): RoleProbe {
  return {
    programs: [joinmarketProgram(qube, "scripts/joinmarketd.py")],
    serves: { ports: [PORTS.daemon], unit: `${serviceOf(formula)}.service` },
    hellos: daemonHellos,
  };
}
