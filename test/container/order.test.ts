// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Any order of starting converges, and who retries for ever keeps nobody alive: a client's own sockets and services under a real systemd, our policies, and
 * servers whose qubes are halted, come up and go away. On the Debians of both Whonix versions.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { compiled, exampleText } from "../compiled.ts";
import { policiesOf, stockPolicies } from "../policy/policy.ts";
import { eventually } from "./eventually.ts";
import { suites, whyNoContainer, withContainer, type Box } from "./container.ts";
import { standIn } from "./standin.ts";
import { templateFiles } from "./template.ts";

const { tree, model } = compiled(exampleText("seed"));
const why = whyNoContainer();
const named = why === undefined ? "" : ` (skipped: ${why})`;

/** A qube of the seed with its links to a server, whose qube is halted until its stand-in starts. */
function made(client: string, server: string) {
  const qube = model.qubes.find(({ name }) => name === client);
  const links = qube?.uses.filter((link) => link.server.name === server) ?? [];
  const units = templateFiles(tree, qube?.template.name ?? "", (file) =>
    /\/qwbtc-tcp[^/]*(\.socket|@\.service)$/.test(file),
  );
  const gates = [...units.values()].flatMap((unit) =>
    "text" in unit
      ? [...unit.text.matchAll(/^ConditionPathExists=\/run\/qubes-service\/(.*)$/gm)].map(([, one]) => one ?? "")
      : [],
  );
  const { files, before } = standIn({
    name: client,
    services: gates,
    system: { domains: Object.fromEntries(model.qubes.map(({ name }) => [name, {}])) },
    policies: { ...stockPolicies(), ...policiesOf(tree) },
    servers: { [server]: links.map(({ port }) => port) },
    follows: true,
  });
  return { files: new Map([...files, ...units]), before, ports: links.map(({ local }) => local) };
}

/** As Fulcrum does with its node: tries each port, without end and without patience; a line for each attempt, with what came of it. */
const retries = (ports: readonly number[]) => `import itertools, socket, time
for at in itertools.count():
    port = ${JSON.stringify(ports)}[at % ${ports.length}]
    said = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
            one.sendall(b"ping %d\\n" % at)
            said = one.recv(100)
    except OSError:
        pass
    with open("/run/attempts", "a") as file:
        print("pong" if said.startswith(b"pong") else "lost", file=file)
    time.sleep(0.05)
`;

async function lines(box: Box, file: string): Promise<string[]> {
  return (await box.run(`cat ${file} 2>/dev/null`)).stdout.split("\n").filter((line) => line !== "");
}

/** The last attempts all came to this. */
async function converges(box: Box, what: string): Promise<void> {
  const last = async () => [...new Set((await lines(box, "/run/attempts")).slice(-6))];
  await eventually(last, [what]);
}

async function inOrder(box: Box): Promise<void> {
  expect(await box.out("systemctl list-units --failed --plain --no-legend")).toBe("");
  const sockets = await box.out("systemctl list-units --type=socket --plain --no-legend 'qwbtc-*'");
  for (const line of sockets.trim().split("\n")) expect(line).toMatch(/ active +(?:listening|running) /);
}

describe.each(suites)(`in %s${named}`, { concurrent: true }, (suite) => {
  const test = it.skipIf(why !== undefined);

  test(
    "a server that retries for ever neither starts its node nor keeps it alive, and finds it whenever it comes",
    { timeout: 300_000 },
    async () => {
      const server = "bitcoin-server";
      const { files, before, ports } = made("electrum-server", server);
      files.set("/usr/lib/standin/retries.py", { text: retries(ports) });
      await withContainer({ suite, files, before }, async (box) => {
        const start = () => box.out(`systemctl start standin-server@${server}`);
        const runs = async () => (await box.run(`systemctl is-active standin-server@${server}`)).stdout.trim();
        const retrying = () => box.out("systemd-run -q --unit=retries python3 -IB /usr/lib/standin/retries.py");
        expect(ports).toEqual([8332, 8433]);
        // The client first: the node's qube is down, and stays so however often it is called.
        await retrying();
        await converges(box, "lost");
        await eventually(
          async () => (await lines(box, "/run/attempts")).length,
          (seen: unknown) => Number(seen) > 20,
        );
        expect([await runs(), new Set(await lines(box, "/run/standin-calls"))]).toEqual([
          "inactive",
          new Set(["refused nobody"]),
        ]);
        await inOrder(box);
        // Then the node: found at once, by a client that nobody touched.
        await start();
        await converges(box, "pong");
        // The node goes, as qubesctl shuts it down while the client runs: nothing brings it back.
        await box.out(`systemctl stop standin-server@${server}`);
        await converges(box, "lost");
        const calls = (await lines(box, "/run/standin-calls")).length;
        await sleep(3000);
        expect((await lines(box, "/run/standin-calls")).length, "it goes on trying").toBeGreaterThan(calls);
        expect(await runs()).toBe("inactive");
        expect(new Set(await lines(box, "/run/standin-calls"))).toEqual(
          new Set(["refused nobody", `allowed ${server}`]),
        );
        // Restarted, both of them, the client while the node is away and the other way round.
        await box.out("systemctl restart retries");
        await start();
        await converges(box, "pong");
        await box.out("systemctl stop retries");
        await box.out(`systemctl restart standin-server@${server} 'qwbtc-tcp-*.socket'`);
        await retrying();
        await converges(box, "pong");
        await inOrder(box);
        console.log(
          `retrying in ${suite}: ${(await lines(box, "/run/attempts")).length} attempts, ${(await lines(box, "/run/standin-calls")).filter((one) => one.startsWith("refused")).length} refused, 0 started`,
        );
      });
    },
  );

  test("sockets outlive a burst of calls to a server that is away", { timeout: 300_000 }, async () => {
    const server = "bitcoin-server";
    const { files, before, ports } = made("electrum-server", server);
    await withContainer({ suite, files, before }, async (box) => {
      const client = `python3 -IB /usr/lib/standin/client.py`;
      const lost = JSON.parse(await box.out(`${client} at-once ${ports[0]} 300`, 200_000)) as string[];
      expect(lost.filter((one) => one.startsWith("pong"))).toEqual([]);
      await box.out(`systemctl start standin-server@${server}`);
      for (const port of ports)
        expect(JSON.parse(await box.out(`${client} in-sequence ${port} 1`))).toEqual([`pong ${server} 0\n`]);
      await eventually(async () => (await box.run("systemctl list-units --failed --plain --no-legend")).stdout, "");
      await inOrder(box);
    });
  });

  // So the stand-in can start a qube, and the first test would have seen one that was started.
  test("a wallet's call does start its server", async () => {
    const { files, before, ports } = made("electrum-client", "electrum-server");
    await withContainer({ suite, files, before }, async (box) => {
      const said = await box.out(`python3 -IB /usr/lib/standin/client.py in-sequence ${ports[0]} 1`);
      expect(JSON.parse(said)).toEqual(["pong electrum-server 0\n"]);
      expect(await lines(box, "/run/standin-calls")).toEqual(["started electrum-server"]);
    });
  });
});
