// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A link at work: the client's own sockets and services under a real systemd, our policy files decide, and stand-ins play dom0 and the servers.
 * On the Debians of both Whonix versions.
 */
import * as z from "zod";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Role } from "../../src/model/role.ts";
import { roles } from "../../src/roles/index.ts";
import { compiled, topology } from "../compiled.ts";
import { policiesOf, stockPolicies } from "../policy/policy.ts";
import { boot, suites, whyNoContainer, type Box } from "./container.ts";
import { standIn } from "./standin.ts";
import { templateFiles } from "./template.ts";

const explained = <T>(value: T) => ({ value, why: "For the test.", source: "the test" });

/** A role that does nothing but use both ports of a node. */
const reader: Role = {
  name: "reader",
  summary: "Reads a node.",
  os: "workstation",
  keys: { loud: z.boolean().default(false).describe("Nothing.") },
  references: {
    bitcoind: { role: "bitcoind", services: ["rpc", "zmq"], wants: [], description: "The node that it reads." },
  },
  vm: {
    label: explained("red"),
    memory: explained(600),
    maxmem: explained(2000),
    vcpus: explained(2),
    include_in_backups: explained(false),
    menu_items: explained([]),
  },
  template: () => ({ suffix: "reader" }),
  qube: () => ({}),
};

const client = "reading";
const server = "bitcoin-server";
const { tree, model } = compiled(topology({ more: `  ${client}: { role: reader, bitcoind: ${server} }` }), [
  ...roles,
  reader,
]);
const template = model.qubes.find(({ name }) => name === client)?.template.name ?? "";
const units = templateFiles(tree, template, (file) => /\/qwbtc-[^/]*(\.socket|@\.service)$/.test(file));
/** The links' ports with the services that open them, from the sockets themselves. */
const links = [...units.values()].flatMap((unit) => {
  if (!("text" in unit)) return [];
  const port = /^ListenStream=.*:([0-9]+)$/m.exec(unit.text)?.[1];
  const gate = /^ConditionPathExists=\/run\/qubes-service\/(.*)$/m.exec(unit.text)?.[1];
  return port !== undefined && gate !== undefined ? [{ port: Number(port), gate }] : [];
});
const [link, closed] = links as [(typeof links)[0], (typeof links)[0]];

const made = standIn({
  name: client,
  // The second link is one that dom0 did not switch on.
  services: [link.gate],
  system: { domains: { [client]: {}, [server]: {}, halted: { power_state: "Halted" } } },
  policies: { ...stockPolicies(), ...policiesOf(tree) },
  servers: { [server]: links.map(({ port }) => port) },
});
const start = `systemctl start standin-server@${server}`;
const why = whyNoContainer();

it("has two links to try", () => {
  expect(links).toHaveLength(2);
  expect([...units.values()].filter((unit) => "link" in unit)).toHaveLength(2);
});

describe.each(suites)(`links in %s${why === undefined ? "" : ` (skipped: ${why})`}`, (suite) => {
  let box: Box;
  const uses = async (what: string, ...numbers: number[]): Promise<unknown> =>
    JSON.parse(await box.out(`python3 -IB /usr/lib/standin/client.py ${what} ${numbers.join(" ")}`));
  const count = async () => Number(await uses("count", link.port));
  const pongs = (many: number) => Array.from({ length: many }, (_, at) => `pong ${server} ${at}\n`);
  /** The socket is as it should be, and of the connections nothing is left; systemd sees their end a moment after the client does. */
  const inOrder = async () => {
    const look = async () => [
      ...(await box.out(`systemctl show -p ActiveState,NConnections,NRefused ${link.gate}.socket`)).trim().split("\n"),
      await box.out("systemctl list-units --all --plain --no-legend 'qwbtc-*@*.service'"),
    ];
    const idle = ["ActiveState=active", "NConnections=0", "NRefused=0", ""];
    await expect.poll(async () => (await look()).toSorted(), { timeout: 10_000 }).toEqual(idle.toSorted());
    expect(await box.out("systemctl list-units --failed --plain --no-legend")).toBe("");
  };

  beforeAll(async () => {
    if (why !== undefined) return;
    box = await boot({ suite, files: new Map([...made.files, ...units]), before: made.before });
    await box.out(start);
  });
  afterAll(async () => box?.stop());

  it.skipIf(why !== undefined)("are open only where dom0 switched them on, and on the loopback only", async () => {
    const listening = await box.out("ss -Hltn");
    const local = listening.split("\n").map((line) => line.trim().split(/\s+/)[3] ?? "");
    expect(local.filter((one) => one.endsWith(`:${link.port}`) && !one.startsWith("127.0.1."))).toEqual([
      `127.0.0.1:${link.port}`,
    ]);
    expect(local.filter((one) => one.endsWith(`:${closed.port}`) && !one.startsWith("127.0.1."))).toEqual([]);
    expect(await box.out(`systemctl show -p ActiveState ${closed.gate}.socket`)).toBe("ActiveState=inactive\n");
  });

  it.skipIf(why !== undefined)("carry 200 connections at once", async () => {
    const before = await count();
    expect(await uses("at-once", link.port, 200)).toEqual(pongs(200));
    expect((await count()) - before).toBe(201);
    await inOrder();
  });

  it.skipIf(why !== undefined)("carry 400 connections in sequence", async () => {
    expect(await uses("in-sequence", link.port, 400)).toEqual(pongs(400));
    await inOrder();
  });

  it.skipIf(why !== undefined)("carry the whole answer to a client that has shut its side", async () => {
    const { answer, sha256 } = (await uses("take", link.port, 10_000_000)) as { answer: string; sha256: string };
    expect(answer).toBe(`${server} 10000000 ${sha256}\n`);
  });

  it.skipIf(why !== undefined)("carry ten megabytes both ways at once, byte for byte", async () => {
    expect(await uses("echo", link.port, 10_000_000)).toBe(true);
    await inOrder();
  });

  it.skipIf(why !== undefined)("leave no warning in the journal", async () => {
    // What systemd says while it reads units at the boot is lost, before there is a journal: let it read them again.
    await box.out("systemctl daemon-reload");
    expect(await box.out("journalctl -b -q -o cat -p warning -u 'qwbtc-*'")).toBe("");
  });

  it.skipIf(why !== undefined)("cost only its own connection when the server is late", async () => {
    await box.out(`systemctl stop standin-server@${server}`);
    const unheard = (await uses("in-sequence", link.port, 3)) as string[];
    expect(unheard.filter((answer) => answer.startsWith("pong"))).toEqual([]);
    await box.out(start);
    expect(await uses("in-sequence", link.port, 3)).toEqual(pongs(3));
    await inOrder();
  });

  it.skipIf(why !== undefined)("lead nowhere else: no other port, no other qube, nobody by name", async () => {
    for (const call of [
      "@default qubes.ConnectTCP+22",
      `${server} qubes.ConnectTCP+${link.port}`,
      "@default qubes.VMShell",
    ]) {
      const said = await box.run(`runuser -u user -- qrexec-client-vm ${call} </dev/null`);
      expect([call, said.status, said.stderr.trim()]).toEqual([call, 126, "Request refused"]);
    }
  });
});
