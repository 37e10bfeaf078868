// SPDX-License-Identifier: GPL-3.0-or-later
/** What MANIFEST.json says of the worth of each qube: by it uninstall.sh asks. */
import { describe, expect, it } from "vitest";
import type { Manifest } from "../src/render/manifest.ts";
import { compiled, examples, exampleText, topology } from "./compiled.ts";

const worth = (text: string) => {
  const { qubes } = JSON.parse(compiled(text).tree.get("MANIFEST.json")?.text ?? "{}") as Manifest;
  return Object.fromEntries(Object.entries(qubes).map(([name, { holds }]) => [name, holds]));
};

describe("what a qube holds", () => {
  it.each(examples)("%s: is said of every qube, in a sentence", (name) => {
    for (const { what, words, in_backups } of Object.values(worth(exampleText(name)))) {
      expect(["keys", "chain", "index", "nothing"]).toContain(what);
      expect(words).toMatch(/^[A-Z][\x20-\x7e]+\.$/);
      if (what === "keys") expect(in_backups).toBe(true);
      if (what === "chain" || what === "index") expect(in_backups).toBe(false);
    }
  });

  it("in the seed's system: wallets keys, the node its chain, the server its index, the rest nothing", () => {
    const seed = worth(exampleText("seed"));
    expect(Object.fromEntries(Object.entries(seed).map(([name, { what }]) => [name, what]))).toEqual({
      "bitcoin-server": "chain",
      "electrum-client": "keys",
      "electrum-server": "index",
      "joinmarket-client": "keys",
      "joinmarket-server": "nothing",
      "sys-bitcoin": "nothing",
      "sys-joinmarket": "nothing",
    });
  });

  it("a gateway has keys as soon as an onion service stays, or one elsewhere asks for one", () => {
    expect(worth(topology({ node: "onion: { p2p: static }" }))["sys-bitcoin"]).toMatchObject({ what: "keys" });
    expect(worth(topology({ node: "onion: { p2p: ephemeral }" }))["sys-bitcoin"]).toMatchObject({ what: "nothing" });
    const remote = Object.values(worth(exampleText("remote-servers")));
    expect(remote.map(({ words }) => words).join()).toContain("dom0's pillar has them too");
  });

  it("follows vm.include_in_backups", () => {
    const node = worth(topology({ node: "vm: { include_in_backups: true }" }))["bitcoin-server"];
    expect(node).toMatchObject({ what: "chain", in_backups: true });
  });
});
