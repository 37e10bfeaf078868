// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A link at work: the client's own sockets and services under a real systemd, our policy files decide, and stand-ins play dom0 and the servers.
 * On the Debians of both Whonix versions.
 */
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compiled, exampleText } from "../compiled.ts";
import { policiesOf, stockPolicies } from "../policy/policy.ts";
import { baseOf, boot, suites, whyNoContainer, withContainer, type Box } from "./container.ts";
import { standIn } from "./standin.ts";
import { templateFiles } from "./template.ts";

/** A client of two servers: it calls the first without a name, and the second, whose port is taken here, by its name and at a port of its own. */
const client = "electrum-client";
const [first, second] = [
  { server: "electrum-one", local: 50001 },
  { server: "electrum-two", local: 50011 },
];
const port = 50001;
const { tree, model } = compiled(exampleText("two-nodes"));

const template = model.qubes.find(({ name }) => name === client)?.template.name ?? "";
const units = templateFiles(tree, template, (file) => /\/qwbtc-[^/]*(\.socket|@\.service)$/.test(file));
/** The socket that listens at a port, and the service of the qube that opens it, both as the units say. */
function socketAt(local: number): { unit: string; gate: string } {
  for (const [file, unit] of units) {
    if (!("text" in unit) || !new RegExp(`^ListenStream=.*\\b${local}$`, "m").test(unit.text)) continue;
    const gate = /^ConditionPathExists=\/run\/qubes-service\/(.*)$/m.exec(unit.text)?.[1] ?? "";
    return { unit: path.basename(file), gate };
  }
  throw new Error(`no socket at ${local}`);
}

/** The client with these links switched on. */
function made(...on: (typeof first)[]) {
  const { files, before } = standIn({
    name: client,
    services: on.map(({ local }) => socketAt(local).gate),
    system: { domains: Object.fromEntries(model.qubes.map(({ name }) => [name, {}])) },
    policies: { ...stockPolicies(), ...policiesOf(tree) },
    servers: { [first.server]: [port], [second.server]: [port] },
  });
  return { files: new Map([...files, ...units]), before };
}
const startServer = (name: string) => `systemctl start standin-server@${name}`;
const why = whyNoContainer();
const named = why === undefined ? "" : ` (skipped: ${why})`;

describe.each(suites)(`sockets in %s${named}`, (suite) => {
  beforeAll(async () => {
    if (why === undefined) await baseOf(suite);
  });

  // No stand-in for another qube runs here, so every listening socket is the client's.
  it.skipIf(why !== undefined).each([
    ["both links", [first, second]],
    ["one link", [first]],
    ["no link", []],
  ])("listen on the loopback alone, for %s that dom0 switched on", async (_what, on) => {
    await withContainer({ suite, ...made(...on) }, async (box) => {
      const lines = (await box.out("ss -Hltn")).split("\n").filter((line) => line !== "");
      const addresses = lines.map((line) => line.trim().split(/\s+/)[3]);
      expect(addresses.toSorted()).toEqual(on.map(({ local }) => `127.0.0.1:${local}`));
      for (const { local } of [first, second].filter((one) => !on.includes(one))) {
        const state = await box.out(`systemctl show -p ActiveState,Result ${socketAt(local).unit}`);
        expect(state.trim().split("\n").toSorted()).toEqual(["ActiveState=inactive", "Result=success"]);
      }
    });
  });
});

describe.each(suites)(`links in %s${named}`, (suite) => {
  let box: Box;
  const uses = async (what: string, ...numbers: number[]): Promise<unknown> =>
    JSON.parse(await box.out(`python3 -IB /usr/lib/standin/client.py ${what} ${numbers.join(" ")}`, 300_000));
  const count = async () => Number(await uses("count", first.local));
  const pongs = (many: number, { server } = first) => Array.from({ length: many }, (_, at) => `pong ${server} ${at}\n`);
  /** The socket is as it should be, and of the connections nothing is left; systemd sees their end a moment after the client does. */
  const inOrder = async () => {
    const look = async () => [
      ...(await box.out(`systemctl show -p ActiveState,NConnections,NRefused ${socketAt(first.local).unit}`))
        .trim()
        .split("\n"),
      await box.out("systemctl list-units --all --plain --no-legend 'qwbtc-*@*.service'"),
    ];
    const idle = ["ActiveState=active", "NConnections=0", "NRefused=0", ""];
    await expect.poll(async () => (await look()).toSorted(), { timeout: 10_000 }).toEqual(idle.toSorted());
    expect(await box.out("systemctl list-units --failed --plain --no-legend")).toBe("");
  };

  beforeAll(async () => {
    if (why !== undefined) return;
    box = await boot({ suite, ...made(first, second) });
    await box.out(startServer(first.server));
    await box.out(startServer(second.server));
  });
  afterAll(async () => box?.stop());

  it.skipIf(why !== undefined)("lead each to its own server", async () => {
    expect(await uses("in-sequence", first.local, 3)).toEqual(pongs(3));
    expect(await uses("in-sequence", second.local, 3)).toEqual(pongs(3, second));
  });

  it.skipIf(why !== undefined)("carry 200 connections at once", async () => {
    const before = await count();
    expect(await uses("at-once", first.local, 200)).toEqual(pongs(200));
    expect((await count()) - before).toBe(201);
    await inOrder();
  });

  it.skipIf(why !== undefined)("carry 400 connections in sequence", { timeout: 300_000 }, async () => {
    expect(await uses("in-sequence", first.local, 400)).toEqual(pongs(400));
    await inOrder();
  });

  it.skipIf(why !== undefined)("carry the whole answer to a client that has shut its side", async () => {
    const { answer, sha256 } = (await uses("take", first.local, 10_000_000)) as { answer: string; sha256: string };
    expect(answer).toBe(`${first.server} 10000000 ${sha256}\n`);
  });

  it.skipIf(why !== undefined)("carry ten megabytes both ways at once, byte for byte", async () => {
    expect(await uses("echo", first.local, 10_000_000)).toBe(true);
    await inOrder();
  });

  it.skipIf(why !== undefined)("leave no warning in the journal", async () => {
    // What systemd says while it reads units at the boot is lost, before there is a journal: let it read them again.
    await box.out("systemctl daemon-reload");
    expect(await box.out("journalctl -b -q -o cat -p warning -u 'qwbtc-*'")).toBe("");
  });

  it.skipIf(why !== undefined)("cost only its own connection when the server is late", async () => {
    await box.out(`systemctl stop standin-server@${first.server}`);
    const unheard = (await uses("in-sequence", first.local, 3)) as string[];
    expect(unheard.filter((answer) => answer.startsWith("pong"))).toEqual([]);
    expect(await uses("in-sequence", second.local, 1)).toEqual(pongs(1, second));
    await box.out(startServer(first.server));
    expect(await uses("in-sequence", first.local, 3)).toEqual(pongs(3));
    await inOrder();
  });

  it.skipIf(why !== undefined)("lead nowhere else: no other port, no other qube, nobody by name", async () => {
    for (const call of [
      "@default qubes.ConnectTCP+22",
      `${first.server} qubes.ConnectTCP+${port}`,
      `${second.server} qubes.ConnectTCP+8332`,
      "bitcoin-one qubes.ConnectTCP+8332",
      "@default qubes.VMShell",
    ]) {
      const said = await box.run(`runuser -u user -- qrexec-client-vm ${call} </dev/null`);
      expect([call, said.status, said.stderr.trim()]).toEqual([call, 126, "Request refused"]);
    }
  });

  /** Does something while the second link's service has lines of its own on top of the unit's. */
  const withLines = async <T>(lines: string[], work: () => Promise<T>): Promise<T> => {
    const folder = `/run/systemd/system/${socketAt(second.local).unit.replace(".socket", "@.service")}.d`;
    const text = ["[Service]", ...lines].join("\\n");
    await box.out(`mkdir -p ${folder}; printf '${text}\\n' >${folder}/probe.conf; systemctl daemon-reload`);
    try {
      return await work();
    } finally {
      await box.out(`rm -r ${folder}; systemctl daemon-reload`);
    }
  };

  it.skipIf(why !== undefined)("let nothing be reached that a connection does not need", async () => {
    const needed = [
      ...["evtchn", "gntalloc", "hypercall", "privcmd", "xenbus"].map((name) => `open /dev/xen/${name}`),
      "connect /var/run/qubes/qrexec-agent",
      "socket AF_UNIX",
    ];
    const unneeded = [
      ...["/dev/xen/gntdev", "/dev/odd"].map((device) => `open ${device}`),
      ...["/home/user/secret", "/rw/config/secret", "/run/secret", "/tmp/secret", "/proc/1/stat", "/proc/meminfo"].map(
        (file) => `read ${file}`,
      ),
      ...["/home", "/home/user", "/rw", "/rw/config", "/tmp", "/var/tmp", "/dev/shm", "/sys"].map(
        (one) => `list ${one}`,
      ),
      // Open to its user outside.
      ...["/home/user", "/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/qubes", "/srv/open"].map(
        (folder) => `write ${folder}`,
      ),
      "connect /run/systemd/journal/stdout",
      "socket AF_INET",
      "socket AF_INET6",
      "socket AF_NETLINK",
      "map code",
    ];
    const probe = ["/usr/bin/python3", "-IB", "/usr/lib/standin/probe.py"];
    const quoted = [...needed, ...unneeded].map((one) => `"${one}"`).join(" ");
    await box.out("mknod -m 666 /dev/odd c 1 99; mkdir -p /rw/config /srv/open; chmod 1777 /srv/open");
    for (const folder of ["/home/user", "/rw/config", "/run", "/tmp"]) await box.out(`echo >${folder}/secret`);
    await box.out("chown user /home/user/secret");

    const outside = JSON.parse(
      await box.out(`setpriv --reuid user --regid qubes --init-groups ${probe.join(" ")} ${quoted} </dev/null`),
    ) as Record<string, string>;
    expect(Object.entries(outside).filter(([, said]) => said !== "yes")).toEqual([]);

    const inside = (await withLines(["ExecStart=", `ExecStart=${probe.join(" ")} ${quoted}`], async () =>
      JSON.parse((await uses("count", second.local)) as string),
    )) as Record<string, string>;
    const reached = Object.entries(inside).flatMap(([what, said]) => (said === "yes" ? [what] : []));
    expect(reached, JSON.stringify(inside)).toEqual(needed);
  });

  // Else the test above would not show that what it finds needed is.
  it.skipIf(why !== undefined).each([
    ["the devices", "DeviceAllow="],
    ["the sight of the devices", "BindPaths="],
    ["the agent's socket", "BindReadOnlyPaths="],
    ["sockets", "RestrictAddressFamilies=none"],
    ["the group", "User=nobody\nGroup=nogroup"],
  ])("carry nothing without %s", async (_what, lines) => {
    const answers = await withLines(lines.split("\n"), () => uses("in-sequence", second.local, 1));
    expect(String(answers)).not.toContain("pong");
    expect(await uses("in-sequence", second.local, 1)).toEqual(pongs(1, second));
  });

  it.skipIf(why !== undefined)("leave the user's shared memory alone", async () => {
    await box.out("runuser -u user -- sh -c 'echo >/dev/shm/mine'");
    expect(await uses("in-sequence", first.local, 1)).toEqual(pongs(1));
    await inOrder();
    expect(await box.out("ls /dev/shm/mine")).toBe("/dev/shm/mine\n");
    // What would become of it: the qube's user has no other unit, so each connection is the last.
    await withLines(["RemoveIPC=true"], () => uses("in-sequence", second.local, 1));
    await expect.poll(async () => (await box.run("ls /dev/shm/mine")).status).not.toBe(0);
  });
});
