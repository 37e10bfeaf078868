// SPDX-License-Identifier: GPL-3.0-or-later
/** Who learns what, and what a qube could do that was taken over: told from finished trees, and no more than their policies make true. */
import { describe, expect, it } from "vitest";
import { study } from "../../src/audit/audit.ts";
import { knowledgeOf, strangersOf, type Knowledge } from "../../src/audit/knowledge.ts";
import type { Tree } from "../../src/kernel/tree.ts";
import { examples } from "../compiled.ts";
import { edit, good, plus, swap } from "./harm.ts";

const of = (tree: Tree, qube: string): Knowledge => {
  const found = knowledgeOf(study(tree)).find((one) => one.qube === qube);
  if (!found) throw new Error(`no ${qube}`);
  return found;
};
const texts = ({ trustedWith, learns, ifTaken }: Knowledge) =>
  [...trustedWith, ...learns.map(({ what, from }) => `${what} <- ${from}`), ...ifTaken].join("\n");
const seed = good("seed");

describe("each of our qubes, in every example", () => {
  it.each(examples)("%s", (example) => {
    const audit = study(good(example));
    const all = knowledgeOf(audit);
    expect(all.map(({ qube }) => qube)).toEqual(audit.machine.ours.map(({ name }) => name));
    for (const one of all) {
      expect(one.trustedWith.length).toBeGreaterThan(0);
      expect(one.ifTaken.every((text) => text.startsWith("could "))).toBe(true);
      expect(new Set(one.ifTaken).size).toBe(one.ifTaken.length);
      expect(texts(one)).not.toMatch(/undefined|\[object|what that lets it do is not known/);
    }
  });
});

describe("who learns what", () => {
  it("a node learns the addresses of a JoinMarket wallet, and of an Electrum wallet only what its server looks up", () => {
    const { learns } = of(seed, "bitcoin-server");
    expect(learns.find(({ from }) => from === "joinmarket-client")?.what).toContain("every address of the wallet");
    const others = learns.filter(({ from }) => from === "electrum-server");
    expect(others).toHaveLength(1);
    expect(others[0]?.what).toContain("not which wallet");
    expect(learns.some(({ from }) => from === "electrum-client")).toBe(false);
  });

  it("an Electrum server learns its wallets' addresses; a daemon of JoinMarket what goes into a coinjoin, and no key", () => {
    expect(of(seed, "electrum-server").learns.map(({ what }) => what)).toEqual([
      expect.stringContaining("all addresses of each wallet in electrum-client"),
    ]);
    const daemon = of(seed, "joinmarket-server").learns.find(({ from }) => from === "joinmarket-client");
    expect(daemon?.what).toMatch(/inputs and outputs are its own; no key$/);
  });

  it("of wallets elsewhere it is said that they come by an onion service, and their gateway hears what they say", () => {
    const tree = good("exposed");
    expect(of(tree, "electrum-server").learns[0]).toMatchObject({ from: "laptop, phone" });
    expect(of(tree, "sys-electrum").learns[0]?.what).toContain("what is said over the onion services");
  });

  it("a qube that forwards what is encrypted learns when, and one that forwards in plain text learns all", () => {
    const tree = good("remote-servers");
    expect(of(tree, "electrum-server").learns.map(({ what }) => what)).toEqual([
      "when electrum-client talks to its server, and how much",
    ]);
    expect(of(tree, "electrum-server").ifTaken.join(" ")).toContain("neither read nor change");
    const plain = edit(tree, "electrum/config.json", swap(/"serverfingerprint": "[0-9a-f]+",?\n\s*/, ""));
    expect(of(plain, "electrum-server").learns[0]?.what).toContain("all addresses");
    expect(of(tree, "bitcoin-server").learns[0]?.what).toContain("every address of the wallet in joinmarket-client");
  });

  it("exits are among those who learn something where a node is not held to onion services", () => {
    const who = (tree: Tree) => strangersOf(study(tree)).map((one) => one.who);
    expect(who(seed)).not.toContain("Tor exits");
    expect(who(edit(seed, ".bitcoin/bitcoin.conf", swap("onlynet=onion\n", "")))).toContain("Tor exits");
  });
});

describe("a qube that was taken over", () => {
  it("may call what its list says, and where there is no list, everything", () => {
    const could = of(seed, "electrum-server").ifTaken;
    expect(could).toContain(
      "could call the 14 methods of its list at bitcoin-server and no other: it may ask, and do this: sendrawtransaction, submitpackage.",
    );
    expect(could.join(" ")).not.toContain("every wallet that is in bitcoin-server");
    const open = edit(seed, ".bitcoin/bitcoin.conf", swap(/^rpcwhitelist=electrum-server:.*\n/m, ""));
    expect(of(open, "electrum-server").ifTaken.join(" ")).toContain("it could call everything");
    const more = edit(
      seed,
      ".bitcoin/bitcoin.conf",
      swap("rpcwhitelist=electrum-server:", "rpcwhitelist=electrum-server:loadwallet,"),
    );
    expect(of(more, "electrum-server").ifTaken.join(" ")).toContain("every wallet that is in bitcoin-server");
  });

  it("a wallet without network spends by its server, and one of JoinMarket's gets out by its daemon: neither is called safe", () => {
    expect(of(seed, "electrum-client").ifTaken.join(" ")).toMatch(
      /could send any transaction by electrum-server.*by taking over electrum-server, then bitcoin-server/,
    );
    expect(of(seed, "joinmarket-client").ifTaken.join(" ")).toContain("dial where it says, through Tor");
  });

  it("is said to dial nobody only where that is so", () => {
    const dials = (tree: Tree) => !of(tree, "electrum-client").ifTaken.join(" ").includes("could not dial anybody");
    expect(dials(seed)).toBe(false);
    const online = edit(
      seed,
      "/dom0/qubes.sls",
      swap(/("qwbtc-network-electrum-client":\n(?:.*\n)*? {6}- "netvm": )"none"/, '$1"sys-bitcoin"'),
    );
    expect(dials(online)).toBe(true);
    expect(of(online, "electrum-client").ifTaken.join(" ")).toContain("all that Tor reaches through sys-bitcoin");
    const policy = edit(seed, "/45-qwbtc.policy", (text) => `qubes.VMShell * electrum-client personal allow\n${text}`);
    expect(dials(policy)).toBe(true);
    expect(of(policy, "electrum-client").ifTaken).toContain(
      "could call qubes.VMShell of personal, by qubes.VMShell * electrum-client personal allow.",
    );
    const command =
      '"qwbtc-more":\n  cmd.run:\n    - "name": "qvm-prefs -- electrum-client netvm sys-firewall"\n    - "unless": "true"';
    const unknown = edit(seed, "/dom0/qubes.sls", plus(`\n${command}`));
    expect(dials(unknown)).toBe(true);
    expect(of(unknown, "electrum-client").ifTaken.at(-1)).toBe(
      "could do more than is said here: what parts of this tree do is not known (QB755).",
    );
    const opaque = edit(seed, "/qube/bitcoin-server.sls", swap("#!yaml\n", "#!py\n"));
    expect(dials(opaque)).toBe(true);
  });

  it("of a role that is not known, says what the policy lets it do, and that the rest is not known", () => {
    const tree = edit(seed, "/dom0/qubes.sls", plus("# the same states"));
    const foreign = new Map(tree);
    foreign.delete("MANIFEST.json");
    const { trustedWith, learns, ifTaken } = of(foreign, "electrum-server");
    expect(trustedWith).toEqual([expect.stringMatching(/^Not known/)]);
    expect(learns).toMatchObject([{ what: "what electrum-client says at port 50001", from: "electrum-client" }]);
    expect(ifTaken.join(" ")).toContain(
      "could use port 8332 of bitcoin-server; what that lets it do is not known here",
    );
  });
});
