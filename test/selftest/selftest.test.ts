// SPDX-License-Identifier: GPL-3.0-or-later
/** `selftest` on a whole system that runs: it finds nothing where all is well, and each thing that was spoilt by the line that is for it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { suites, whyNoContainer } from "../container/container.ts";
import { whyNoSandbox } from "../sandbox.ts";
import { System, type Row } from "./system.ts";
import { inside } from "./sabotages-inside.ts";
import { waysOut } from "./sabotages.ts";

const why = whyNoContainer() ?? whyNoSandbox();
const named = why === undefined ? "" : ` (skipped: ${why})`;
const short = ({ qube, check, detail }: Row) => `${qube}: ${check}: ${detail}`;

describe.each(suites)(`a system in %s${named}`, (suite) => {
  let system: System;
  const test = it.skipIf(why !== undefined);
  beforeAll(async () => {
    if (why === undefined) system = await System.start(suite);
  });
  afterAll(async () => system?.stop());

  test("is found to be well, and what could not be proven is said", () => {
    const { status, rows, stderr } = system.selftest();
    expect(rows.filter(({ verdict }) => verdict === "failed").map(short)).toEqual([]);
    expect(rows.filter(({ verdict }) => verdict === "not tried").map(short)).toEqual([
      "electrum-client: height: its program is not running",
    ]);
    expect(status).toBe(0);
    expect(stderr).toMatch(/\nMakes \d+ calls between qubes that must be refused/);
    const said = rows.map(short);
    for (const wanted of [
      "electrum-client: link electrum to electrum-server: an Electrum server answers",
      "electrum-server: link rpc to bitcoin-server: Bitcoin Core's RPC answers",
      "electrum-server: link zmq to bitcoin-server: ZMQ answers",
      "electrum-client: call to electrum-server port 50001: refused",
      "electrum-client: routes: no route, neither IPv4 nor IPv6",
      "electrum-server: height beside bitcoin-server: 2 blocks behind",
      "sys-bitcoin: Tor is up: 100 %",
    ])
      expect(said).toContain(wanted);
  });

  // The other Debian's Python and systemd are heard by every third.
  test.each([...waysOut, ...inside].filter((_, at) => suite === "trixie" || at % 3 === 0))(
    "is found out: $name",
    async ({ spoil, mend, failed, untried = [], detail }) => {
      await spoil(system);
      try {
        const { status, rows } = system.selftest();
        const bad = rows.filter(({ verdict }) => verdict === "failed");
        expect(bad.map(({ qube, check }) => `${qube}: ${check}`).toSorted(), bad.map(short).join("\n")).toEqual(
          failed.toSorted(),
        );
        expect(bad.map(short).join("\n")).toMatch(detail);
        const open = rows
          .filter(({ verdict }) => verdict === "not tried")
          .map(({ qube, check }) => `${qube}: ${check}`);
        expect(open).toEqual(expect.arrayContaining(untried));
        expect(status).toBe(failed.length > 0 ? 1 : 0);
      } finally {
        await mend(system);
      }
    },
  );

  test("is well again, by single qubes too, and none was started", () => {
    const { status, rows } = system.selftest("--no-calls", "electrum-client");
    expect([status, rows.filter(({ verdict }) => verdict === "failed").map(short)]).toEqual([0, []]);
    expect(rows.map(short)).toContain("dom0: calls that no link declares: left out by --no-calls");
    expect([...new Set(rows.map(({ qube }) => qube))].toSorted()).toEqual(["dom0", "electrum-client"]);
  });

  test("is probed only where it runs", () => {
    const { pid } = system.world["electrum-server"] as { pid: number };
    const tell = (to: number) => {
      (system.world["electrum-server"] as { pid: number }).pid = to;
      system.tell();
    };
    tell(0);
    try {
      const { status, rows } = system.selftest();
      expect(rows.filter(({ verdict }) => verdict === "failed").map(short)).toEqual([]);
      expect(
        rows.filter(({ verdict }) => verdict === "not tried").map(({ qube, check }) => `${qube}: ${check}`),
      ).toEqual([
        "electrum-client: height",
        "electrum-client: link electrum to electrum-server",
        "electrum-server: all that is in it",
        "electrum-server: link rpc to bitcoin-server",
        "electrum-server: link zmq to bitcoin-server",
      ]);
      expect(status).toBe(0);
    } finally {
      tell(pid);
    }
  });

  test("gives no secret away, and nothing in it is written", async () => {
    const look =
      "find /etc /home /rw /root /usr/local /tmp /var -xdev -newer /run/before -not -path '/var/log/*' -not -path '/var/lib/systemd/*' -not -path '/var/tmp/*' -not -path /tmp -not -path '/tmp/systemd-private*'";
    for (const box of system.boxes.values()) await box.out("touch /run/before; sleep 0.02");
    const { stdout, stderr } = system.command("./selftest --format json; ./selftest --no-calls; ./selftest --list");
    expect(stdout + stderr).not.toContain("not for selftest to read");
    for (const box of system.boxes.values()) expect(await box.out(look)).toBe("");
  });
});
