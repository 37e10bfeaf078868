// SPDX-License-Identifier: GPL-3.0-or-later
import type { Domain, System } from "../../src/policy/language/system.ts";

/** Where dom0 has its policy. */
export const FOLDER = "/etc/qubes/policy.d";

const domain = (more: Partial<Domain> = {}): Domain => ({ type: "AppVM", tags: [], running: true, ...more });
/** A machine with one qube of each sort that a line can tell apart. */
export const system: System = new Map([
  ["client", domain({ tags: ["anon-vm"], defaultDispvm: "base", uuid: "11111111-2222-3333-4444-555555555555" })],
  ["server", domain({ tags: ["anon-vm", "server"], uuid: "22222222-2222-3333-4444-555555555555" })],
  ["halted", domain({ running: false })],
  ["base", domain({ tags: ["bases"], templateForDispvms: true })],
  ["hidden", domain({ internal: true })],
  ["template", domain({ type: "TemplateVM" })],
]);
