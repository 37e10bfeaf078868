// SPDX-License-Identifier: GPL-3.0-or-later
/** Secrets of which a machine elsewhere has the other half: asked for, without echo; made at Enter; kept aside, and used again. */
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { describe, expect } from "vitest";
import { has, judged } from "../judges.ts";
import { it, machine, why } from "./bench.ts";
import type { Machine } from "./machine.ts";
import { expectSilence, KEPT, letsIn, PILLAR, pillarOf } from "./pillar.ts";
import { onionKey, rpcPassword, rpcSecrets } from "./tree.ts";

const ADDRESS = "pbsxfazs4a5ghnsefnbo7ghowhkl57i6tridfob5od3e4x2vdjicvvad";
const KEY = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm8A"
  .toUpperCase()
  .replaceAll(/[^A-Z2-7]/g, "A")
  .slice(0, 52);
const remote = {
  secrets: {
    "joinmarket-client": [rpcPassword("joinmarket-client", "bitcoin-server")],
    "sys-bitcoin": [onionKey("bitcoin-server", ADDRESS)],
  },
};
const asksKey = "The key by which bitcoin-server";
const asksPassword = "The password of joinmarket-client at bitcoin-server";
const line = `${ADDRESS}:descriptor:x25519:${KEY}`;

async function withRemote() {
  const dom0 = machine();
  dom0.unpack("/tmp/a", "A", remote);
  return dom0;
}

const kept = (dom0: Machine, name: string) => readFileSync(dom0.host(`${KEPT}/${name}`), "utf8");

describe(`without a terminal${why}`, { concurrent: true }, () => {
  it("it is said what is missing, where it goes and what fails till then; a line that is put there is taken", async () => {
    const dom0 = await withRemote();
    const first = await dom0.install("/tmp/a");
    expect(first.code).toBe(0);
    expect(first.out).toContain(
      "Secrets are still missing, as said above: until they are there, an apply fails for their qubes.",
    );
    for (const words of [
      "error: still missing: the password of joinmarket-client at bitcoin-server\n",
      "error: still missing: the key by which bitcoin-server may call its onion service\n",
      "an apply of sys-bitcoin fails and bitcoin-server cannot be used",
      `put the one line ${ADDRESS}:descriptor:x25519:PRIVATE_KEY\n    into ${KEPT}/onion_auth.bitcoin-server`,
      "/rotate-secrets --missing",
    ])
      expect(first.err).toContain(words);
    expect(pillarOf(dom0)).toEqual({});
    const before = dom0.snapshot();
    expect((await dom0.install("/tmp/a")).out).toMatch(/Nothing to do\. .*\nSecrets are still missing/);
    expect(dom0.snapshot()).toEqual(before);
    // As it was told, but with rights that are too wide.
    const put = `umask 022; echo '${line}' >/tmp/key; install -D /tmp/key ${KEPT}/onion_auth.bitcoin-server; /tmp/a/rotate-secrets --missing`;
    const ran = await dom0.run(put);
    expect(ran.code).toBe(3);
    expect(ran.out).toContain("Taken from what was kept: the key by which bitcoin-server");
    expect(ran.out).toContain("--targets=sys-bitcoin state.apply");
    expect(pillarOf(dom0)).toEqual({ "sys-bitcoin": { "onion_auth:bitcoin-server": line } });
    for (const path of [KEPT, `${KEPT}/onion_auth.bitcoin-server`])
      expect(statSync(dom0.host(path)).mode & 0o77, path).toBe(0);
  });

  it("a rotation of those is refused, and one of the rest leaves them alone", async () => {
    const dom0 = machine();
    const local = rpcSecrets("node-two", ["electrum-server"]);
    dom0.unpack("/tmp/a", "A", { secrets: { ...remote.secrets, ...local } });
    await dom0.type("/tmp/a/install.sh", [
      [asksPassword, "\n"],
      [asksKey, `${KEY}\n`],
    ]);
    const before = pillarOf(dom0);
    expect(await dom0.run("/tmp/a/rotate-secrets --yes bitcoin-server")).toMatchObject({ code: 2, out: "" });
    expect(pillarOf(dom0)).toEqual(before);
    expect(await dom0.run("/tmp/a/rotate-secrets --yes")).toMatchObject({ code: 0, err: "" });
    const after = pillarOf(dom0);
    expect(after["electrum-server"]).not.toEqual(before["electrum-server"]);
    for (const qube of ["sys-bitcoin", "joinmarket-client"]) expect(after[qube]).toEqual(before[qube]);
  });
});

describe(`at a terminal${why}`, { concurrent: true }, () => {
  it("a key is typed without echo, whole or its last word; a slip is asked again; and its public half is shown", async () => {
    for (const typed of [KEY, line]) {
      const dom0 = await withRemote();
      const ran = await dom0.type("/tmp/a/install.sh", [
        [asksPassword, "a password with blanks\n"],
        ["not of the shape joinmarket-client:PASSWORD", "My_own-password\n"],
        [asksKey, `${typed}\n`],
      ]);
      expect(ran.code).toBe(0);
      const parts = pillarOf(dom0);
      expect(parts["sys-bitcoin"]).toEqual({ "onion_auth:bitcoin-server": line });
      expect(parts["joinmarket-client"]).toEqual({ "rpc:bitcoin-server": "joinmarket-client:My_own-password" });
      for (const secret of [KEY, "My_own-password", "with blanks"]) expect(ran.shown).not.toContain(secret);
      const [hash] = /rpcauth=joinmarket-client:[0-9a-f]+\$[0-9a-f]{64}/.exec(ran.shown) ?? [];
      expect(letsIn(hash, "joinmarket-client:My_own-password")).toBe(true);
      expect(ran.shown).toContain("/var/lib/tor/bitcoin-server/authorized_clients/bitcoin-server.auth");
      expect(ran.shown).not.toContain("still missing");
      expect((await dom0.install("/tmp/a")).out).toContain("Nothing to do.");
    }
  });

  (has("openssl") ? it : it.skip)(
    judged("at Enter both are made here; the public half is the one that openssl makes of the private one", "openssl"),
    async () => {
      const dom0 = await withRemote();
      const ran = await dom0.type("/tmp/a/install.sh", [
        [asksPassword, "\n"],
        [asksKey, "\n"],
      ]);
      expect(ran.code).toBe(0);
      const parts = pillarOf(dom0);
      expectSilence({ code: 0, out: ran.shown, err: "" }, parts);
      const again = await dom0.run("/tmp/a/rotate-secrets --elsewhere");
      expectSilence(again, parts);
      const [hash] = /rpcauth=\S+/.exec(again.out) ?? [];
      expect(letsIn(hash, parts["joinmarket-client"]?.["rpc:bitcoin-server"])).toBe(true);
      const [, shown = ""] = /descriptor:x25519:([A-Z2-7]{52})\n/.exec(again.out) ?? [];
      expect(ran.shown).toContain(shown);
      const key = parts["sys-bitcoin"]?.["onion_auth:bitcoin-server"]?.slice(-52) ?? "";
      // The frame of an x25519 private key in PKCS#8 (RFC 8410).
      const der = Buffer.concat([Buffer.from("302e020100300506032b656e04220420", "hex"), base32(key)]);
      const made = spawnSync("openssl", ["pkey", "-inform", "DER", "-pubout", "-outform", "DER"], { input: der });
      expect(made.status, String(made.stderr)).toBe(0);
      expect(base32(shown)).toEqual(made.stdout.subarray(-32));
    },
  );

  it("Ctrl-D leaves one for later, and the next is asked for", async () => {
    const dom0 = await withRemote();
    const ran = await dom0.type("/tmp/a/install.sh", [
      [asksPassword, "\u0004"],
      [asksKey, "\n"],
    ]);
    expect(ran.code).toBe(0);
    expect(ran.shown).toContain("still missing: the password of joinmarket-client");
    expect(Object.keys(pillarOf(dom0))).toEqual(["sys-bitcoin"]);
  });

  it("Ctrl-D and Ctrl-C leave it for later, and what was answered before stays", async () => {
    for (const key of ["\u0004", "\u0003"]) {
      const dom0 = await withRemote();
      const ran = await dom0.type("/tmp/a/install.sh; true", [
        [asksPassword, "\n"],
        [asksKey, key],
      ]);
      expect(ran.shown).toContain("still missing: the key by which bitcoin-server");
      expect(Object.keys(pillarOf(dom0))).toEqual(["joinmarket-client"]);
      expect(await dom0.type("/tmp/a/rotate-secrets --missing", [[asksKey, `${KEY}\n`]])).toMatchObject({ code: 0 });
      expect(Object.keys(pillarOf(dom0))).toHaveLength(2);
    }
  });

  it("they are rotated by name: Ctrl-D leaves one as it is", async () => {
    const dom0 = await withRemote();
    await dom0.type("/tmp/a/install.sh", [
      [asksPassword, "\n"],
      [asksKey, `${KEY}\n`],
    ]);
    const before = pillarOf(dom0);
    const ran = await dom0.type("/tmp/a/rotate-secrets bitcoin-server", [
      ["Type yes:", "yes\n"],
      [asksPassword, "\n"],
      [asksKey, "\u0004"],
    ]);
    expect(ran.code).toBe(0);
    const after = pillarOf(dom0);
    expect(after["sys-bitcoin"]).toEqual(before["sys-bitcoin"]);
    expect(after["joinmarket-client"]).not.toEqual(before["joinmarket-client"]);
    expect(kept(dom0, "rpc.bitcoin-server")).toBe(`${after["joinmarket-client"]?.["rpc:bitcoin-server"]}\n`);
    const cut = await dom0.type("/tmp/a/rotate-secrets bitcoin-server", [
      ["Type yes:", "yes\n"],
      [asksPassword, "\n"],
      [asksKey, "\u0003"],
    ]);
    expect(cut.shown).toContain("--targets=joinmarket-client state.apply");
  });
});

describe(`what a person said is kept${why}`, { concurrent: true }, () => {
  it("while the tree does not name it, for root alone, and taken when it does again, also at another gateway", async () => {
    const dom0 = await withRemote();
    await dom0.type("/tmp/a/install.sh", [
      [asksPassword, "\n"],
      [asksKey, `${KEY}\n`],
    ]);
    const before = pillarOf(dom0);
    dom0.unpack("/tmp/b", "B", { secrets: rpcSecrets("node-two", ["electrum-server"]) });
    expect(await dom0.install("/tmp/b")).toMatchObject({ code: 0, err: "" });
    expect(Object.keys(pillarOf(dom0)).toSorted()).toEqual(["electrum-server", "node-two"]);
    expect(kept(dom0, "onion_auth.bitcoin-server")).toBe(`${line}\n`);
    for (const path of [KEPT, `${KEPT}/onion_auth.bitcoin-server`])
      expect(statSync(dom0.host(path)).mode & 0o77, path).toBe(0);
    const moved = {
      "joinmarket-client": remote.secrets["joinmarket-client"],
      "sys-two": remote.secrets["sys-bitcoin"],
    };
    dom0.unpack("/tmp/c", "C", { secrets: moved });
    expect(await dom0.install("/tmp/c")).toMatchObject({ code: 0, err: "" });
    expect(pillarOf(dom0)).toEqual({
      "joinmarket-client": before["joinmarket-client"],
      "sys-two": before["sys-bitcoin"],
    });
  });

  it("a key for another address is asked for, and the one for the first comes back with its address", async () => {
    const dom0 = await withRemote();
    const other = ADDRESS.replace("pbs", "abs");
    await dom0.type("/tmp/a/install.sh", [
      [asksPassword, "\n"],
      [asksKey, `${KEY}\n`],
    ]);
    const before = pillarOf(dom0);
    dom0.unpack("/tmp/b", "B", { secrets: { ...remote.secrets, "sys-bitcoin": [onionKey("bitcoin-server", other)] } });
    expect(await dom0.type("/tmp/b/install.sh", [[asksKey, `${KEY}\n`]])).toMatchObject({ code: 0 });
    expect(pillarOf(dom0)["sys-bitcoin"]).toEqual({ "onion_auth:bitcoin-server": line.replace(ADDRESS, other) });
    expect(await dom0.install("/tmp/a")).toMatchObject({ code: 0, err: "" });
    expect(pillarOf(dom0)).toEqual(before);
  });

  it("a node that moves elsewhere keeps its clients' passwords, and the line for it is said", async () => {
    const dom0 = machine();
    dom0.unpack("/tmp/a", "A", { secrets: rpcSecrets("bitcoin-server", ["joinmarket-client"]) });
    await dom0.install("/tmp/a");
    const before = pillarOf(dom0);
    dom0.unpack("/tmp/b", "B", { secrets: { "joinmarket-client": remote.secrets["joinmarket-client"] } });
    const ran = await dom0.install("/tmp/b");
    expect(ran).toMatchObject({ code: 0, err: "" });
    const after = pillarOf(dom0);
    expect(after).toEqual({ "joinmarket-client": before["joinmarket-client"] });
    const [hash] = /rpcauth=\S+/.exec(ran.out) ?? [];
    expect(letsIn(hash, after["joinmarket-client"]?.["rpc:bitcoin-server"])).toBe(true);
    expect((await dom0.install("/tmp/b")).out).toContain("Nothing to do.");
    expect((await dom0.run(`ls ${PILLAR}`)).out).toBe("init.top\njoinmarket-client.sls\n");
  });
});

/** The bytes of a base32 text without padding (RFC 4648). */
function base32(text: string): Buffer {
  const bits = [...text]
    .map((sign) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(sign).toString(2).padStart(5, "0"))
    .join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
