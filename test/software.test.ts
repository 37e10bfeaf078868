// SPDX-License-Identifier: GPL-3.0-or-later
/** What the qubes of a topology are told about the programs that they run, and how its user hears of it. */
import { describe, expect, it } from "vitest";
import type { Role } from "../src/model/role.ts";
import { fulcrum } from "../src/roles/fulcrum/role.ts";
import { roles } from "../src/roles/index.ts";
import type { Recipe } from "../src/software/recipe.ts";
import { compiled, findings, topology, type Compiled } from "./compiled.ts";

const text = (tree: Compiled["tree"], end: string) => [...tree].find(([file]) => file.endsWith(end))?.[1].text ?? "";
const recipe = (tree: Compiled["tree"], qube: string, slug: string) =>
  JSON.parse(text(tree, `/files/${qube}/usr/local/lib/qwbtc-salt/${slug}/recipe.json`)) as Recipe;

const server = "  electrum-server: { role: fulcrum, bitcoind: bitcoin-server }";
const wallet = (more: string) => `  wallet: { role: electrum-wallet, server: electrum-server${more} }`;
const fetching = "  fetcher: { role: downloader, netvm: sys-bitcoin }";

describe("the recipe of a qube", () => {
  const { tree } = compiled(topology({ more: [server, wallet(', version: "4.8.1"'), fetching].join("\n") }));

  it("pins the node by the digest that many builders had signed, and asks for nothing else", () => {
    const { artifacts, keys, urls, unit, proxy } = recipe(tree, "bitcoin-server", "bitcoin-core");
    const file = "bitcoin-31.1-x86_64-linux-gnu.tar.gz";
    const sha256 = "b80d9c3e04da78fb6f0569685673418cf686fadba9042d926d13fb87ff503f9e";
    expect(artifacts["x86_64"]).toEqual({ file, sha256 });
    expect([keys, unit, proxy]).toEqual([[], "qwbtc-bitcoind.service", "10.152.152.10:9180"]);
    expect(urls[file]).toBe(`https://bitcoincore.org/bin/bitcoin-core-31.1/${file}`);
  });

  it("asks for as many signers as the catalogue, where no digest is known", () => {
    const { artifacts, keys, unpack, proxy } = recipe(tree, "wallet", "electrum");
    expect(artifacts["x86_64"]?.signed).toMatchObject({
      by: "itself",
      signature: "electrum-4.8.1-x86_64.AppImage.asc",
      threshold: 2,
    });
    expect(artifacts["x86_64"]?.signed?.keys).toHaveLength(3);
    expect([keys, proxy]).toEqual([["ThomasV.asc", "sombernight_releasekey.asc", "Emzy.asc"], null]);
    // A signature over a file says nothing of its name: what stands inside does.
    expect(unpack.says?.text).toBe("ELECTRUM_VERSION = '4.8.1'");
  });

  it("gives way to pins of the user's own, whose key blocks are called by their fingerprints", () => {
    const stranger = "1234567890123456789012345678901234567890";
    const known = "D465135F97D0047E18E99DC321810A542031C02C";
    const own = compiled(
      topology({
        more: `  electrum-server: { role: fulcrum, bitcoind: bitcoin-server, software: { signers: ["${known}", "${stranger}"], threshold: 1 }, because: { software: two builds } }`,
      }),
    );
    const made = recipe(own.tree, "electrum-server", "fulcrum");
    expect(made.artifacts["x86_64"]?.signed).toMatchObject({
      keys: [known, stranger],
      threshold: 1,
      sums: "Fulcrum-2.1.1-shasums.txt",
    });
    expect(made.keys).toEqual(["calinkey.txt", `${stranger}.asc`]);
    expect(made.urls).not.toHaveProperty(`${stranger}.asc`);
  });

  it("is with the downloader too, which alone has the gateway's port in it", () => {
    const shelf = [...tree.keys()].flatMap(
      (file) => file.split("/files/fetcher/usr/local/lib/qwbtc-salt/recipes/")[1] ?? [],
    );
    expect(shelf.toSorted()).toEqual(["bitcoin-server.json", "electrum-server.json", "wallet.json"]);
    const its = JSON.parse(text(tree, "/recipes/wallet.json")) as Recipe;
    expect(its).toEqual({ ...recipe(tree, "wallet", "electrum"), proxy: "10.152.152.10:9180" });
    expect(text(tree, "README.md")).toContain("fetch-program electrum-server");
  });

  it("is nothing for what Debian provides", () => {
    const plain = compiled(topology({ more: [server, wallet("")].join("\n") })).tree;
    expect(
      [...plain.keys()].filter(
        (file) => file.includes("/wallet/usr/local/lib/qwbtc-salt/") && file.endsWith("recipe.json"),
      ),
    ).toEqual([]);
    expect(text(plain, "/template/qwbtc-ws-electrum.sls")).not.toContain("gpgv");
  });

  it("fetches only where there is a net qube, and no address but https", () => {
    const services = (name: string) =>
      new RegExp(`"qwbtc-settings-${name}":.*?\\n\\n`, "s").exec(text(tree, "dom0/qubes.sls"))?.[0];
    expect(services("bitcoin-server")).toContain('"qwbtc-fetch"');
    expect(services("electrum-server")).not.toContain('"qwbtc-fetch"');
    for (const [file, { text: one }] of tree)
      if (/recipe\.json$|\/recipes\//.test(file))
        for (const url of Object.values((JSON.parse(one) as Recipe).urls))
          expect(url).toMatch(/^https:\/\/[a-z.]+\/[\w./-]+$/);
  });
});

describe("a program of which nothing is known that could be relied on", () => {
  const lost: Role = {
    ...fulcrum,
    program: {
      ...(fulcrum.program as NonNullable<Role["program"]>),
      name: "Lost",
      signers: [{ name: "x", fingerprint: "0".repeat(40), not: "the key is lost" }],
    },
  };
  const others = roles.map((role) => (role === fulcrum ? lost : role));

  it("is a warning, and no pin is made up; with a digest of the user's own it is none", () => {
    expect(findings(topology({ more: server }), others).filter((one) => one.startsWith("QB607"))).toHaveLength(1);
    const pinned = server.replace(" }", `, software: { sha256: "${"5".repeat(64)}" } }`);
    expect(findings(topology({ more: pinned }), others).filter((one) => one.startsWith("QB607"))).toEqual([]);
    const { tree } = compiled(topology({ more: server }), others);
    expect(recipe(tree, "electrum-server", "fulcrum").artifacts).toEqual({});
  });
});
