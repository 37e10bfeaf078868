// SPDX-License-Identifier: GPL-3.0-or-later
// Prints what a build and an audit cost, as ratios of processor time: to `node -e 0`, and of many nodes to one. Not a test: machines are noisy; the
// commands take turns, and medians are quoted.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// In memory where there is such a place: what a disk's file system adds varies tenfold from one minute to the next.
const scratch = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "bench-"));
const cli = join(import.meta.dirname, "../dist/qwbtc-salt.cjs");
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const atExit = 'process.on("exit",()=>process.stderr.write(`\\nRSS ${process.resourceUsage().maxRSS}\\n`))';

/** User and system seconds of one run (bash's own `time`), and its peak memory in MiB. */
function cost(args, fresh) {
  if (fresh) rmSync(join(scratch, "out"), { recursive: true, force: true });
  const script = `TIMEFORMAT='CPU %U %S'; time "$0" "$@" 2>&1 >/dev/null`;
  const text = execFileSync("bash", ["-c", `{ ${script}; } 2>&1`, process.execPath, ...args], {
    encoding: "utf8",
    cwd: scratch,
  });
  const [, user, system] = /CPU ([0-9.]+) ([0-9.]+)/.exec(text);
  return { cpu: Number(user) + Number(system), rss: Number(/RSS (\d+)/.exec(text)?.[1] ?? 0) / 1024 };
}

function nodes(count) {
  const lines = [
    "formula: qwbtc",
    'platform: { qubes: "4.3", whonix: 18 }',
    "qubes:",
    "  sys-bitcoin: { role: whonix-gateway }",
  ];
  for (let at = 0; at < count; at++)
    lines.push(`  n${at}-node: { role: bitcoind, netvm: sys-bitcoin, onion: { p2p: ephemeral } }`);
  const path = join(scratch, `${count}.yaml`);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

/** A hundred qubes: twenty gateways, each with a node, its server, and two wallets. */
function hundred() {
  const groups = Array.from({ length: 20 }, (_, at) => [
    `  sys-${at}: { role: whonix-gateway }`,
    `  n${at}-node: { role: bitcoind, netvm: sys-${at}, onion: { p2p: ephemeral } }`,
    `  n${at}-index: { role: fulcrum, bitcoind: n${at}-node }`,
    `  n${at}-wallet: { role: electrum-wallet, server: n${at}-index }`,
    `  n${at}-other: { role: electrum-wallet, server: n${at}-index }`,
  ]);
  const path = join(scratch, "hundred.yaml");
  writeFileSync(
    path,
    ["formula: qwbtc", 'platform: { qubes: "4.3", whonix: 18 }', "qubes:", ...groups.flat(), ""].join("\n"),
  );
  return path;
}

const rounds = Number(process.argv[2] ?? 15);
const build = (path) => [cli, "build", path, "--out", "out"];
const seed = join(import.meta.dirname, "../examples/seed");
const runs = {
  "node -e 0": ["-e", "0"],
  "build, 1 node": build(nodes(1)),
  "build, 100 nodes": build(nodes(100)),
  "audit, seed's tree": [cli, "audit", join(seed, "expected")],
  "audit, seed": [cli, "audit", join(seed, "topology.yaml")],
};
const seen = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, args] of Object.entries(runs)) seen[name].push(cost(args, true).cpu);
}
const large = [250, 500, 1000].map((count) => [
  count,
  median([1, 2, 3].map(() => cost(build(nodes(count)), true).cpu)),
]);
const reached = [1, 2, 3].map(() => {
  const start = performance.now();
  const { cpu } = cost([cli, "audit", hundred(), "--format", "json"]);
  return { wall: (performance.now() - start) / 1000, cpu };
});
const memory = cost(
  ["--import", `data:text/javascript,${encodeURIComponent(atExit)}`, ...build(nodes(1000))],
  true,
).rss;

const of = (name) => median(seen[name]);
console.log(`node -e 0            ${of("node -e 0").toFixed(3)} s`);
console.log(
  `build, 1 node        ${of("build, 1 node").toFixed(3)} s   ${(of("build, 1 node") / of("node -e 0")).toFixed(2)} times node -e 0 (bound: 3)`,
);
console.log(
  `build, 100 nodes     ${of("build, 100 nodes").toFixed(3)} s   ${(of("build, 100 nodes") / of("build, 1 node")).toFixed(2)} times one (bound: 5)`,
);
for (const [count, cpu] of large)
  console.log(
    `build, ${String(count).padEnd(4)} nodes    ${cpu.toFixed(3)} s   ${((cpu / count) * 1000).toFixed(2)} ms a node`,
  );
for (const [name, bound] of [
  ["audit, seed's tree", " (bound: 4)"],
  ["audit, seed", ", of which its build is most"],
])
  console.log(
    `${name.padEnd(20)} ${of(name).toFixed(3)} s   ${(of(name) / of("node -e 0")).toFixed(2)} times node -e 0${bound}`,
  );
console.log(
  `audit, 100 qubes     ${median(reached.map(({ cpu }) => cpu)).toFixed(3)} s   ${median(reached.map(({ wall }) => wall)).toFixed(2)} s by the clock (bound: 2)`,
);
console.log(`peak memory, 1000    ${memory.toFixed(0)} MiB (bound: 150)`);
rmSync(scratch, { recursive: true });
