// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Servers elsewhere, on the Debians of both Whonix versions: the forwarders' own sockets and services under a real systemd, the real socat, and
 * stand-ins for the gateway's SocksPort and for the servers.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compiled, exampleText } from "../compiled.ts";
import { baseOf, boot, suites, whyNoContainer, type Box, type Content } from "./container.ts";
import { standIn } from "./standin.ts";
import { templateFiles } from "./template.ts";

const { tree, model } = compiled(exampleText("remote-servers"));
const onion = "pbsxfazs4a5ghnsefnbo7ghowhkl57i6tridfob5od3e4x2vdjicvvad.onion";
const ways = [
  // Behind the gateway's port the node listens at an address that the qube does not know.
  { name: "bitcoin-server", local: 8332, start: "far 127.0.1.1 8332", addresses: ["10.152.152.10"] },
  { name: "electrum-server", local: 50002, start: "far 192.168.1.20 50002", addresses: ["192.168.1.20"] },
] as const;
const why = whyNoContainer();
const named = why === undefined ? "" : ` (skipped: ${why})`;
const python = "python3 -IB /usr/lib/standin";

/** A forwarder: its template's units, its own files, and what stands for the gateway and the server beyond. */
function made({ name, local }: (typeof ways)[number]) {
  const qube = model.qubes.find((one) => one.name === name);
  const service = `qwbtc-forward-${local}`;
  const { files, before } = standIn({
    name,
    services: [service],
    system: { domains: {} },
    policies: {},
    servers: {},
  });
  const own = new Map<string, Content>();
  for (const [file, { text }] of tree) {
    const at = file.indexOf(`/files/${name}/usr/local/etc/qwbtc-salt/`);
    if (at !== -1) own.set(file.slice(at + `/files/${name}`.length), { text });
  }
  const units = templateFiles(tree, qube?.template.name ?? "", (file) => file.includes(service));
  const socks = readFileSync(path.join(import.meta.dirname, "standin/socks.py"), "utf8");
  return { files: new Map([...files, ...own, ...units, ["/usr/lib/standin/socks.py", { text: socks }]]), before };
}

describe.each(suites)(`forwarders in %s${named}`, (suite) => {
  describe.skipIf(why !== undefined).each(ways)("$name", (way) => {
    const { local, start, addresses } = way;
    let box: Box;
    const uses = async (what: string, ...numbers: number[]): Promise<unknown> =>
      JSON.parse(await box.out(`${python}/client.py ${what} ${[local, ...numbers].join(" ")}`, 120_000));
    const pongs = (many: number) => Array.from({ length: many }, (_, at) => `pong far ${at}\n`);
    const startServer = () => box.out(`systemd-run -q --unit=far --service-type=notify ${python}/server.py ${start}`);
    /** Of the connections nothing is left, and nothing has failed. */
    const inOrder = async () => {
      const look = () => box.out(`systemctl show -p ActiveState,NConnections,NRefused qwbtc-forward-${local}.socket`);
      const lines = async () => (await look()).trim().split("\n").toSorted();
      await expect.poll(lines, { timeout: 10_000 }).toEqual(["ActiveState=active", "NConnections=0", "NRefused=0"]);
      expect(await box.out("systemctl list-units --failed --plain --no-legend")).toBe("");
    };

    beforeAll(async () => {
      await baseOf(suite);
      box = await boot({ suite, ...made(way) });
      for (const one of addresses) await box.out(`ip address add ${one}/32 dev lo`);
      await startServer();
      const tor = `${python}/socks.py 10.152.152.10 9401 ${onion}:8332=127.0.1.1:8332`;
      if (local === 8332) await box.out(`systemd-run -q --unit=socks --service-type=notify ${tor}`);
    });
    afterAll(async () => box?.stop());

    it("listens on the loopback alone", async () => {
      const lines = (await box.out("ss -Hltnp")).split("\n").filter((line) => line.includes('"systemd"'));
      expect(lines.map((line) => line.trim().split(/\s+/)[3])).toEqual([`127.0.0.1:${local}`]);
    });

    it("leads to its server, which hangs up first while the client keeps its side open", async () => {
      expect(await uses("in-sequence", 3)).toEqual(pongs(3));
      await inOrder();
    });

    it("carries ten megabytes both ways at once, and the whole answer to a client that has shut its side", async () => {
      const { answer, sha256 } = (await uses("take", 10_000_000)) as { answer: string; sha256: string };
      expect(answer).toBe(`far 10000000 ${sha256}\n`);
      expect(await uses("echo", 10_000_000)).toBe(true);
      await inOrder();
    });

    it("carries a hundred connections at once", async () => {
      expect(await uses("at-once", 100)).toEqual(pongs(100));
      await inOrder();
    });

    it("runs as a user of its own without rights, files or ways out", async () => {
      const hold = `python3 -c 'import socket,time; c=socket.create_connection(("127.0.0.1",${local})); time.sleep(20)'`;
      await box.out(`systemd-run -q --unit=hold ${hold}`);
      const pids = "grep -lsx socat /proc/[0-9]*/comm | cut -d/ -f3 | head -n 1";
      await expect.poll(async () => (await box.out(pids)).trim(), { timeout: 10_000 }).not.toBe("");
      const pid = (await box.out(pids)).trim();
      const status = await box.out(`cat /proc/${pid}/status`);
      expect(status).toMatch(/^CapBnd:\t0+$/m);
      expect(status).toMatch(/^NoNewPrivs:\t1$/m);
      expect(status).toMatch(/^Seccomp:\t2$/m);
      expect(Number(/^Uid:\t([0-9]+)/m.exec(status)?.[1])).toBeGreaterThan(60_000);
      expect(await box.out(`cd /proc/${pid}/root && stat -c %a usr/local home`)).toMatch(/^0\n/);
      await box.out("systemctl stop hold");
      await inOrder();
    });

    it("costs only its own connection when the server is away, and finds it again", async () => {
      await box.out("systemctl stop far");
      const unheard = (await uses("in-sequence", 3)) as string[];
      expect(unheard.filter((answer) => answer.startsWith("pong"))).toEqual([]);
      await inOrder();
      await startServer();
      expect(await uses("in-sequence", 3)).toEqual(pongs(3));
    });

    it("forwards nothing before the qube was configured, nor to where nobody said, without failing", async () => {
      const file = `/usr/local/etc/qwbtc-salt/forward-${local}.env`;
      await box.out(`mv ${file} /tmp/away`);
      expect(((await uses("in-sequence", 1)) as string[])[0]).not.toMatch(/^pong/);
      await inOrder();
      // A changed file counts from the next connection on.
      await box.out(`sed 's/^PORT=.*/PORT=9/' /tmp/away > ${file}`);
      expect(((await uses("in-sequence", 1)) as string[])[0]).not.toMatch(/^pong/);
      await inOrder();
      await box.out(`mv /tmp/away ${file}`);
      expect(await uses("in-sequence", 2)).toEqual(pongs(2));
    });
  });
});
