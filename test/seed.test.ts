// SPDX-License-Identifier: GPL-3.0-or-later
/** What the seed's guide offers is there; what was wrong in it, and in the guides around it, cannot come back unseen. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { compiled, exampleText, project, topology } from "./compiled.ts";

/** The issues that an entry may still wait for. */
const ISSUES = ["What the daemons know", "On the machine", "Audit"];
/** How many there are of each kind in the lists that these files were made from, and the numbers of the seed's own features. */
const DEFECTS = { seed: 14, readme: 5, guide: 26, salt: 12, qubenix: 6 };
const FEATURES = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 15, 16, 19, 20, 31, 32, 33, 38, 39, 40, 41, 42, 47, 48, 51, 58, 60, 69, 78, 79, 88,
  90, 91, 93,
];

interface Entry {
  readonly tests?: Readonly<Record<string, string>>;
  readonly issue?: string;
  readonly cannot?: string;
  readonly tree?: Readonly<Record<string, string>>;
}

const list = (name: string): unknown => parse(readFileSync(path.join(project, "test/seed", name), "utf8"));
const defects = list("defects.yaml") as Record<keyof typeof DEFECTS, (Entry & { readonly bug: string })[]>;
const features = list("features.yaml") as (Entry & { readonly item: number; readonly what: string })[];

/** Whether a file of tests has a test (or a case, or a broken topology) of this beginning. */
function isTested(file: string, title: string): boolean {
  if (file === "bad") return existsSync(path.join(project, "test/bad", title));
  const found = path.join(project, "test", `${file}.test.ts`);
  const text = existsSync(found) ? readFileSync(found, "utf8") : "";
  return ['"', "`"].some((quote) => text.includes(quote + title));
}

function expectAnswered(entry: Entry): void {
  const { tests, issue, cannot, tree } = entry;
  const kinds = [tests ?? tree, issue, cannot].filter((one) => one !== undefined);
  expect(kinds, "tests or a file of the tree, or an issue, or why it cannot be").toHaveLength(1);
  for (const [file, title] of Object.entries(tests ?? {}))
    expect(isTested(file, title), `${file}: ${title}`).toBe(true);
  if (issue !== undefined) expect(ISSUES).toContain(issue);
  if (cannot !== undefined) expect(cannot.length).toBeGreaterThan(20);
}

const seed = compiled(exampleText("seed"));
const textOf = (end: string) => [...seed.tree].find(([file]) => file.endsWith(end))?.[1].text ?? "";

describe("defects of the guides", () => {
  it.each(Object.entries(DEFECTS))("%s: each of the %i has an entry", (kind, count) => {
    expect(defects[kind as keyof typeof DEFECTS]).toHaveLength(count);
  });

  it.each(
    Object.values(defects)
      .flat()
      .map((one) => [one.bug, one] as const),
  )("%s", (_bug, one) => expectAnswered(one));
});

describe("features of the seed", () => {
  it("each has an entry", () => expect(features.map(({ item }) => item)).toEqual(FEATURES));

  it.each(features.map((one) => [one.item, one.what, one] as const))("%i, %s", (_item, _what, one) => {
    expectAnswered(one);
    for (const [file, pattern] of Object.entries(one.tree ?? {}))
      expect(textOf(file), file).toMatch(new RegExp(pattern, "s"));
  });
});

describe("the seed's system", () => {
  it("each qube has one role and each role a template of its own", () => {
    const clones = seed.model.templates.filter((one) => one.clone);
    expect(seed.model.qubes).toHaveLength(7);
    for (const clone of clones)
      expect(new Set(clone.usedBy.map((one) => one.role.name))).toEqual(new Set([clone.purpose]));
    expect(new Set(clones.map((one) => one.purpose)).size).toBe(clones.length);
  });

  it("servers without an onion service have no net qube", () => {
    const offline = seed.model.qubes.filter((one) => !one.netvm).map((one) => one.name);
    expect(offline).toEqual(["electrum-client", "electrum-server", "joinmarket-client"]);
  });

  it("JoinMarket's wallet asks the node itself, and its daemon asks no node", () => {
    const rpc = seed.model.links.filter((one) => one.service === "rpc").map((one) => one.client.name);
    expect(rpc.toSorted()).toEqual(["electrum-server", "joinmarket-client"]);
    expect(textOf("policy.d/80-qwbtc.policy")).not.toMatch(/^qubes\.ConnectTCP \+\S+ joinmarket-server .* allow/m);
  });

  it("a node has a wallet exactly where a client wants one", () => {
    expect(textOf("bitcoin.conf")).toContain("\ndisablewallet=0\n");
    const alone = compiled(exampleText("node-and-wallet")).tree;
    expect([...alone].find(([file]) => file.endsWith("bitcoin.conf"))?.[1].text).toContain("\ndisablewallet=1\n");
  });

  it("what a wallet sends stays in its node's mempool; only a node without clients sends in private", () => {
    expect(textOf("bitcoin.conf")).toContain("\nprivatebroadcast=0\n");
    const [, alone] = [...compiled(topology()).tree].find(([file]) => file.endsWith("bitcoin.conf")) ?? [];
    expect(alone?.text).toContain("\nprivatebroadcast=1\n");
  });

  it("a client of the RPC may call what is listed and the node's own user everything", () => {
    const conf = textOf("bitcoin.conf");
    expect(conf).toContain("\nrpcwhitelistdefault=0\n");
    const [, server = ""] = /\nrpcwhitelist=electrum-server:(.*)\n/.exec(conf) ?? [];
    const [, wallet = ""] = /\nrpcwhitelist=joinmarket-client:(.*)\n/.exec(conf) ?? [];
    expect(server.split(",")).toHaveLength(14);
    expect(wallet.split(",")).toHaveLength(25);
    for (const method of ["stop", "dumpwallet", "createwallet", "sendtoaddress", "setban", "addnode"])
      expect(`${server},${wallet}`.split(",")).not.toContain(method);
  });

  it("rpcbind and rpcallowip come together, and both are the loopback", () => {
    for (const text of [exampleText("seed"), topology()]) {
      const conf = [...compiled(text).tree].find(([file]) => file.endsWith("bitcoin.conf"))?.[1].text ?? "";
      expect(conf.match(/^rpc(?:bind|allowip)=.*$/gm)).toEqual(["rpcbind=127.0.0.1", "rpcallowip=127.0.0.1"]);
    }
  });

  it("what the firewall of the node opens is what the node binds", () => {
    const [, bound] = /\nbind=0\.0\.0\.0:([0-9]+)=onion\n/.exec(textOf("bitcoin.conf")) ?? [];
    expect(textOf("bitcoin-server/usr/local/etc/whonix_firewall.d/40_qwbtc.conf")).toContain(
      `\nEXTERNAL_OPEN_PORTS+=" ${bound} "\n`,
    );
  });

  it("policy files lie where qrexec reads them; besides, dom0 is given the time that a node needs to end, and nothing else", () => {
    const files = [...seed.tree].filter(([file]) => file.includes("/files/dom0/"));
    expect(files.map(([file]) => file.slice(file.indexOf("/files/dom0/") + 11))).toEqual([
      "/etc/qubes/policy.d/45-qwbtc.policy",
      "/etc/qubes/policy.d/80-qwbtc.policy",
      "/etc/systemd/system/qubes-core.service.d/50-qwbtc.conf",
    ]);
  });

  it("packages are installed in templates alone", () => {
    const states = [...seed.tree].filter(([file]) => file.endsWith(".sls"));
    for (const [file, { text }] of states)
      expect(text.includes("pkg.installed") && !file.includes("/template/"), file).toBe(false);
  });
});
