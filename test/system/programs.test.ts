// SPDX-License-Identifier: GPL-3.0-or-later
/** The daemons' stand-ins of the system test: each refuses what the real one refuses, or passes over in silence. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { has, judged } from "../judges.ts";
import { passwordOf, rpcauthLine } from "../pillar.ts";

const programs = path.join(import.meta.dirname, "programs");
const scratch = mkdtempSync(path.join(tmpdir(), "programs-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** A port that nobody listens at. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A node's folder with these lines in its file. */
function node(lines: readonly string[], files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(path.join(scratch, "node-"));
  for (const [name, text] of Object.entries({ ...files, "bitcoin.conf": `${lines.join("\n")}\n` }))
    writeFileSync(path.join(folder, name), text);
  return folder;
}

const python = (program: string, ...words: string[]) => ["-ISB", path.join(programs, program), ...words];
const startedProgram = (program: string, ...words: string[]) => {
  const child = spawn("python3", python(program, ...words), { stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  return child;
};

describe.skipIf(!has("python3"))(judged("the stand-in bitcoind", "python3"), () => {
  const head = ["chain=regtest", "[regtest]"];

  it.each<[what: string, lines: string[], says: string]>([
    ["another chain", ["chain=main"], "has no block of main"],
    ["an unknown option", [...head, "rpcusername=x"], "unknown configuration value rpcusername"],
    ["an option without a value", [...head, "server"], "unknown configuration value"],
    ["an unknown section", ["chain=regtest", "[regtets]"], "not recognized"],
    ["a network's option outside its section", ["chain=regtest", "rpcport=1"], "only applied on regtest network"],
    ["an include that is not there", ["chain=regtest", "includeconf=gone.conf"], "Failed to include"],
    ["an include of an include", ["chain=regtest", "includeconf=more.conf"], "cannot be used from included files"],
    ["rpcbind without rpcallowip", [...head, "rpcbind=127.0.0.1"], "rpcallowip was not specified"],
    ["Tor alone without its proxy", [...head, "onlynet=onion"], "proxy for reaching the Tor network is not provided"],
    ["pruning with an index of all", [...head, "prune=550", "txindex=1"], "incompatible with -txindex"],
    ["a value twice", [...head, "server=1", "server=0"], "set twice"],
    ["a password in plain text", [...head, "rpcauth=one:two"], "Invalid -rpcauth"],
    ["a list of methods for nobody", [...head, "rpcwhitelist=one:stop"], "rpcwhitelist of nobody"],
  ])("refuses %s", (_what, lines, says) => {
    const folder = node(lines, { "more.conf": "includeconf=x\n" });
    const { status, stderr } = spawnSync("python3", python("bitcoind.py", `-datadir=${folder}`), { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toContain(says);
  });

  it("refuses other arguments", () => {
    expect(spawnSync("python3", python("bitcoind.py", "-conf=x")).status).toBe(1);
  });

  it("answers each user what is on its list, its cookie everything, and nobody else; and ends cleanly", async () => {
    const port = await freePort();
    const whitelists = ["rpcwhitelistdefault=0", "rpcwhitelist=one:getblockhash,nonsense"];
    const auth = ["includeconf=one.conf", "[regtest]", rpcauthLine("two"), ...whitelists];
    const lines = [
      "chain=regtest",
      ...auth,
      "server=1",
      "rpcbind=127.0.0.1",
      "rpcallowip=127.0.0.1",
      `rpcport=${port}`,
    ];
    const folder = node([...lines, `startupnotify=touch ${scratch}/ready`, `shutdownnotify=touch ${scratch}/over`], {
      "one.conf": rpcauthLine("one"),
    });
    const child = startedProgram("bitcoind.py", `-datadir=${folder}`);
    while (!existsSync(`${scratch}/ready`)) await sleep(20);
    const asked = async (user: string, method: string, params: unknown[] = []) => {
      const authorization = `Basic ${Buffer.from(user).toString("base64")}`;
      const body = JSON.stringify({ id: 1, method, params });
      const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers: { authorization }, body });
      return answer.status === 200 ? ((await answer.json()) as { result: unknown }).result : answer.status;
    };
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(405);
    const one = `one:${passwordOf("one")}`;
    expect(await asked(one, "getblockhash", [0])).toMatch(/^0f9188f1/);
    expect(await asked(one, "getblockcount")).toBe(403);
    expect(await asked(one, "nonsense")).toBe(404);
    expect(await asked("one:wrong", "getblockhash", [0])).toBe(401);
    expect(await asked("three:x", "getblockhash", [0])).toBe(401);
    expect(await asked(readFileSync(`${folder}/regtest/.cookie`, "utf8"), "getblockcount")).toBe(3);
    const cli = (...words: string[]) =>
      spawnSync("python3", python("bitcoin-cli.py", `-datadir=${folder}`, ...words), { encoding: "utf8" });
    expect(cli("getblockcount").stdout).toBe("3\n");
    expect(cli("-named", "createwallet", "wallet_name=w").status).toBe(0);
    expect(JSON.parse(cli("listwallets").stdout)).toEqual(["w"]);
    expect(cli("-rpcpassword=x", "getblockcount").status).toBe(1);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
    expect([existsSync(`${scratch}/over`), existsSync(`${folder}/regtest/.cookie`)]).toEqual([true, false]);
    expect(cli("getblockcount").status).toBe(1);
  });
});

describe.skipIf(!has("python3"))(judged("the stand-in Fulcrum", "python3"), () => {
  /** A server's file, with lines of one's own in the place of some. */
  async function server(changed: Readonly<Record<string, string>> = {}, cookie = "one:two") {
    const folder = mkdtempSync(path.join(scratch, "server-"));
    const [rpc, tcp] = [await freePort(), await freePort()];
    mkdirSync(path.join(folder, "data"));
    writeFileSync(path.join(folder, "cookie"), cookie);
    const lines = {
      bitcoind: `127.0.0.1:${rpc}`,
      rpccookie: `${folder}/cookie`,
      tcp: `127.0.0.1:${tcp}`,
      datadir: `${folder}/data`,
    };
    const text = Object.entries({ ...lines, ...changed }).map(([key, value]) => `${key} = ${value}\n`);
    writeFileSync(path.join(folder, "conf"), text.join(""));
    return { folder, rpc, tcp, conf: path.join(folder, "conf") };
  }

  it.each<[what: string, changed: Record<string, string>, cookie?: string]>([
    ["an unknown key", { tcpp: "127.0.0.1:1" }],
    ["a listener that others reach", { tcp: "0.0.0.0:50001" }],
    ["a node elsewhere", { bitcoind: "10.137.0.51:8332" }],
    ["a cookie with a line break", {}, "one:two\n"],
  ])("refuses %s", async (_what, changed, cookie) => {
    const { conf } = await server(changed, cookie);
    const child = startedProgram("fulcrum.py", conf);
    expect(await once(child, "exit")).toEqual([1, null]);
  });

  it("waits for its node for ever, serves from then on what the node says, and ends at SIGINT", async () => {
    const { rpc, tcp, folder, conf } = await server({}, `one:${passwordOf("one")}`);
    const child = startedProgram("fulcrum.py", conf);
    let said = "";
    child.stdout.on("data", (data: Buffer) => (said += data));
    while (said.split("no node").length < 3) await sleep(20);
    const whitelist = "rpcwhitelist=one:getblockchaininfo,getblockhash,getblockheader,getzmqnotifications";
    const lines = ["[regtest]", rpcauthLine("one"), whitelist, "server=1", `rpcport=${rpc}`];
    startedProgram("bitcoind.py", `-datadir=${node(["chain=regtest", ...lines])}`);
    while (!said.includes("node on regtest")) await sleep(20);
    const ask = `import json, socket, sys, time
time.sleep(0.5)
with socket.create_connection(("127.0.0.1", ${tcp})) as one:
    one.settimeout(9)
    # Electrum does not wait for one answer before it asks on, so two requests may come at once.
    one.sendall(b"".join(b'{"id": %d, "method": "blockchain.block.header", "params": [%d]}\\n' % (at, at) for at in (0, 1)))
    answers = one.makefile()
    print(*(json.loads(answers.readline())["result"] for _ in range(2)), sep="\\n")`;
    const asked = spawnSync("python3", ["-Ic", ask], { encoding: "utf8" });
    expect(asked.stdout, asked.stderr).toMatch(/^0100000000000.*\n[0-9a-f]{160}\n$/);
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(readFileSync(`${folder}/data/stand-in`, "utf8")).toBe("started\nSIGINT\n");
  });
});
