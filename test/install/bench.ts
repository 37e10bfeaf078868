// SPDX-License-Identifier: GPL-3.0-or-later
/** What the tests of install.sh share: where things lie, machines, and what a refusal looks like. */
import { readFileSync, readlinkSync } from "node:fs";
import { afterAll, expect, it as plain } from "vitest";
import { whyNoSandbox } from "../sandbox.ts";
import { Machine, type Ran } from "./machine.ts";

const refused = whyNoSandbox();
export const it = plain.skipIf(refused !== undefined);
export const why = refused === undefined ? "" : ` (skipped: ${refused})`;
const machines: Machine[] = [];
afterAll(() => machines.forEach((machine) => machine.remove()));

/** A machine that is gone when the tests of the file are over. */
export function machine(): Machine {
  const fresh = new Machine();
  machines.push(fresh);
  return fresh;
}

export const link = "/srv/formulas/base/qwbtc-formula";
export const conf = "/etc/salt/minion.d/formula-qwbtc.conf";
export const tops = "/srv/salt/_tops/base";
export const top = `${tops}/qwbtc.top`;
export const store = "/var/lib/qwbtc-salt/qwbtc";
export const own = "srv/formulas/base/qwbtc-formula/qwbtc";
export const short = (digest: string) => digest.slice(0, 12);

/** The same promise for all who ask. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** A machine with version A in force, B unpacked beside it. */
export async function withA() {
  const dom0 = machine();
  const a = dom0.unpack("/tmp/a", "A");
  const b = dom0.unpack("/tmp/b", "B");
  expect(await dom0.install("/tmp/a")).toMatchObject({ code: 0, err: "" });
  return { dom0, a, b };
}

/** What Salt would read now: the version in init.top, through the two links that lead there. */
export function inForce(dom0: Machine): string | undefined {
  expect(readlinkSync(dom0.host(top))).toBe(`${link}/qwbtc/init.top`);
  const text = readFileSync(dom0.host(`${readlinkSync(dom0.host(link))}/qwbtc/init.top`), "utf8");
  return text.split("\n")[1];
}

/** Shell that runs an installer and says so if it wrote anything that its caller can see. */
export const judged = (script: string) => `
  marks() { find /etc/salt /srv /var/lib -printf '%p %i %C@ %m %u:%g %l\\n' | sort; }
  before=$(marks); ${script}; code=$?
  [ "$before" = "$(marks)" ] || echo "it wrote" >&2
  exit $code`;

/** A refusal: its code, a sentence with why and fix, and nothing written (where the run was judged). */
export function expectRefusal(ran: Ran | undefined, code: number, ...words: string[]) {
  if (ran === undefined) throw new Error("no such run");
  expect(ran.err).not.toContain("it wrote");
  for (const word of ["error: ", "  why: ", "  fix: ", ...words]) expect(ran.err).toContain(word);
  expect(ran.code).toBe(code);
}
