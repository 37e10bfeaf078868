// SPDX-License-Identifier: GPL-3.0-or-later
/** dom0's half of qrexec in the system test, with sockets in the place of qubes: who calls, whom it reaches, what is started. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { has, judged } from "../judges.ts";

const here = import.meta.dirname;
const state = mkdtempSync(path.join(tmpdir(), "qrexecd-"));
const policy = path.join(state, "etc/qubes/policy.d/50-it.policy");
const world = path.join(state, "run/dom0-standin/world.json");
const rules = [
  "qubes.ConnectTCP +1 client @default allow target=server",
  "qubes.ConnectTCP +2 client @default allow target=asleep autostart=no",
  "qubes.ConnectTCP +3 client @default allow target=asleep",
  "qubes.ConnectTCP * @anyvm @anyvm deny",
  "other.Service * client server ask",
].join("\n");

/** A qube's agent: connects to a server that says which port it is, as the real one's answers go. */
const agent = `import json, os, socket, sys, threading
path, = sys.argv[1:]
listener = socket.socket(socket.AF_UNIX); listener.bind(path); listener.listen()
print("up", flush=True)
while True:
    dom0, _ = listener.accept()
    with dom0:
        service, argument = json.loads(dom0.makefile().readline())
        one, other = socket.socketpair()
        other.sendall((service + argument).encode()); other.close()
        socket.send_fds(dom0, [json.dumps({"status": 0}).encode()], [one.fileno()])
`;
const client = `import array, json, socket, sys
path, target, call = sys.argv[1:]
with socket.socket(socket.AF_UNIX) as dom0:
    dom0.connect(path)
    dom0.sendall(json.dumps([target, call]).encode() + b"\\n")
    data, fds, _, _ = socket.recv_fds(dom0, 65536, 1)
    print(socket.socket(fileno=fds[0]).recv(100).decode() if fds else data.decode() or "hung up")
`;

describe.skipIf(!has("python3"))(judged("qrexecd", "python3"), () => {
  let daemon: ChildProcess;
  const agents: ChildProcess[] = [];
  const calls = (source: string, target: string, call: string) =>
    spawnSync("python3", ["-Ic", client, `${state}/run/system/qubes/${source}/dom0.sock`, target, call], {
      encoding: "utf8",
    }).stdout.trim();
  /** What dom0 has stored of a qube; not yet said while it is being written, which is done in place. */
  const power = (name: string) => {
    const text = readFileSync(world, "utf8");
    if (!text.trimEnd().endsWith("}")) return undefined;
    return (JSON.parse(text) as { qubes: Record<string, { power_state: string }> }).qubes[name]?.power_state;
  };
  const wake = async (name: string) => {
    const child = spawn("python3", ["-Ic", agent, `${state}/run/system/qubes/${name}/agent.sock`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    agents.push(child);
    await once(child.stdout, "data");
  };

  beforeAll(async () => {
    for (const name of ["client", "server", "asleep"])
      mkdirSync(`${state}/run/system/qubes/${name}`, { recursive: true });
    mkdirSync(path.dirname(policy), { recursive: true });
    mkdirSync(path.dirname(world), { recursive: true });
    writeFileSync(policy, rules);
    const qube = (power_state: string) => ({
      klass: "AppVM",
      properties: { netvm: null, default_dispvm: null },
      tags: [],
      features: {},
      power_state,
    });
    const qubes = { client: qube("Running"), server: qube("Running"), asleep: qube("Halted") };
    writeFileSync(world, JSON.stringify({ qubes, globals: {} }));
    daemon = spawn("python3", ["-ISB", path.join(here, "qrexecd.py"), state], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: daemon.stdout as NodeJS.ReadableStream });
    for (const qube of ["client", "server", "asleep"]) {
      daemon.stdin?.write(`${JSON.stringify({ qube })}\n`);
      await once(lines, "line");
    }
    await wake("server");
  });
  afterAll(async () => {
    for (const child of agents) child.kill();
    daemon?.stdin?.end();
    await once(daemon, "exit");
    rmSync(state, { recursive: true });
  });

  it("leads a call that is allowed to the target's agent, and hangs up on any other", () => {
    expect(calls("client", "@default", "qubes.ConnectTCP+1")).toBe("qubes.ConnectTCP+1");
    expect(calls("client", "", "qubes.ConnectTCP+1")).toBe("qubes.ConnectTCP+1");
    for (const [source, target, call] of [
      ["client", "server", "qubes.ConnectTCP+1"],
      ["client", "@default", "qubes.ConnectTCP+4"],
      ["client", "@default", "qubes.ConnectTCP"],
      ["server", "@default", "qubes.ConnectTCP+1"],
      ["server", "client", "qubes.ConnectTCP+1"],
    ] as const)
      expect([source, target, call, calls(source, target, call)]).toEqual([source, target, call, "hung up"]);
  });

  it("refuses what the user would be asked, for nobody is there", () => {
    expect(calls("client", "server", "other.Service")).toBe("hung up");
  });

  it("does not start a qube for a call that may not, and does for one that may, once it is up", async () => {
    expect(calls("client", "@default", "qubes.ConnectTCP+2")).toBe("hung up");
    expect(power("asleep")).toBe("Halted");
    const started = spawn("python3", [
      "-Ic",
      client,
      `${state}/run/system/qubes/client/dom0.sock`,
      "",
      "qubes.ConnectTCP+3",
    ]);
    let said = "";
    started.stdout.on("data", (data: Buffer) => (said += data));
    const over = once(started, "close");
    while (power("asleep") !== "Running") await new Promise((done) => setTimeout(done, 20));
    expect(said).toBe("");
    await wake("asleep");
    await over;
    expect(said.trim()).toBe("qubes.ConnectTCP+3");
    expect(calls("client", "@default", "qubes.ConnectTCP+2")).toBe("qubes.ConnectTCP+2");
  });

  it("goes by the policy as it is at the moment, and refuses all while a line of it is broken", () => {
    writeFileSync(policy, rules.replace("+1 client", "+9 client"));
    expect(calls("client", "@default", "qubes.ConnectTCP+1")).toBe("hung up");
    expect(calls("client", "@default", "qubes.ConnectTCP+9")).toBe("qubes.ConnectTCP+9");
    writeFileSync(policy, `${rules}\nbroken`);
    expect(calls("client", "@default", "qubes.ConnectTCP+9")).toBe("hung up");
    writeFileSync(policy, rules);
    expect(calls("client", "@default", "qubes.ConnectTCP+1")).toBe("qubes.ConnectTCP+1");
  });

  it("notes every call", () => {
    const noted = readFileSync(`${state}/run/system/calls`, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(noted[0]).toMatchObject({ source: "client", target: "@default", allow: true, to: "server", started: false });
    expect(noted.filter(({ started }) => started)).toMatchObject([{ to: "asleep", argument: "+3" }]);
  });
});
