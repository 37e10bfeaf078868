// SPDX-License-Identifier: GPL-3.0-or-later
/** rotate-secrets in a private root, by install.sh and by hand: what it makes, keeps, mends, rotates and drops. What it refuses and what it
 * asks for stand in install/pillar-refused.test.ts and install/asked.test.ts. */
import { existsSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { describe, expect } from "vitest";
import { inForce, it, machine, why } from "./install/bench.ts";
import { expectSilence, letsIn, PILLAR, pillarOf, PILLAR_TOP } from "./install/pillar.ts";
import { rpcSecrets } from "./install/tree.ts";

const two = { secrets: rpcSecrets("bitcoin-server", ["electrum-server", "joinmarket-client"]) };
const one = { secrets: rpcSecrets("bitcoin-server", ["joinmarket-client"]) };

/** A machine with a node and two clients in force. */
async function installed() {
  const dom0 = machine();
  dom0.unpack("/tmp/a", "A", two);
  const ran = await dom0.install("/tmp/a");
  expect(ran).toMatchObject({ code: 0, err: "" });
  return { dom0, ran };
}

describe(`secrets that are made${why}`, { concurrent: true }, () => {
  it("a password for each client, in its own part alone, and its hash for the node; all for root alone, and never shown", async () => {
    const { dom0, ran } = await installed();
    const parts = pillarOf(dom0);
    expect(Object.keys(parts).toSorted()).toEqual(["bitcoin-server", "electrum-server", "joinmarket-client"]);
    for (const client of ["electrum-server", "joinmarket-client"]) {
      expect(parts[client]).toEqual({ "rpc:bitcoin-server": expect.stringMatching(`^${client}:[A-Za-z0-9_-]{43}$`) });
      expect(letsIn(parts["bitcoin-server"]?.[`rpcauth:${client}`], parts[client]?.["rpc:bitcoin-server"])).toBe(true);
      expect(ran.out).toContain(`Made: the password of ${client} at bitcoin-server.`);
    }
    expect(parts["electrum-server"]?.["rpc:bitcoin-server"]?.slice(-43)).not.toBe(
      parts["joinmarket-client"]?.["rpc:bitcoin-server"]?.slice(-43),
    );
    expectSilence(ran, parts);
    expect(readlinkSync(dom0.host(PILLAR_TOP))).toBe(`${PILLAR}/init.top`);
  });

  it("once more changes nothing, by install.sh or by hand", async () => {
    const { dom0 } = await installed();
    const before = dom0.snapshot();
    expect((await dom0.install("/tmp/a")).out).toContain("Nothing to do.");
    expect(await dom0.run("/tmp/a/rotate-secrets --missing")).toEqual({
      code: 0,
      out: "Nothing is missing.\n",
      err: "",
    });
    expect(dom0.snapshot()).toEqual(before);
  });

  it("an upgrade keeps those that stay, makes new ones, and drops what the tree no longer names; going back makes them again", async () => {
    const { dom0 } = await installed();
    const before = pillarOf(dom0);
    dom0.unpack("/tmp/b", "B", one);
    const down = await dom0.install("/tmp/b");
    expect(down.out).toContain("Dropped: the secrets of electrum-server");
    expect(down.out).toContain("Dropped: rpcauth:electrum-server of bitcoin-server");
    const after = pillarOf(dom0);
    expect(after["joinmarket-client"]).toEqual(before["joinmarket-client"]);
    expect(after["bitcoin-server"]).toEqual({
      "rpcauth:joinmarket-client": before["bitcoin-server"]?.["rpcauth:joinmarket-client"],
    });
    expect(after["electrum-server"]).toBeUndefined();
    expect((await dom0.install("/tmp/a")).out).toContain("Made: the password of electrum-server");
    const again = pillarOf(dom0);
    expect(again["electrum-server"]).not.toEqual(before["electrum-server"]);
    expect(again["joinmarket-client"]).toEqual(before["joinmarket-client"]);
  });

  it("a tree without secrets has no pillar, and one that has none any more keeps an empty top: no link below /srv dangles", async () => {
    const dom0 = machine();
    dom0.unpack("/tmp/none", "N");
    expect(await dom0.install("/tmp/none")).toMatchObject({ code: 0, err: "" });
    expect(existsSync(dom0.host(`${PILLAR}/init.top`))).toBe(false);
    dom0.unpack("/tmp/a", "A", two);
    await dom0.install("/tmp/a");
    expect(await dom0.install("/tmp/none")).toMatchObject({ code: 0, err: "" });
    expect(pillarOf(dom0)).toEqual({});
    expect((await dom0.run("find -L /srv -type l")).out).toBe("");
    expect((await dom0.install("/tmp/none")).out).toContain("Nothing to do.");
  });

  it("a hash that is not its password's, a part that is gone and modes that were opened are mended", async () => {
    const { dom0 } = await installed();
    const before = pillarOf(dom0);
    const node = dom0.host(`${PILLAR}/bitcoin-server.sls`);
    const text = readFileSync(node, "utf8");
    writeFileSync(node, text.replaceAll(/\$[0-9a-f]{64}/g, `$${"0".repeat(64)}`));
    await dom0.run(`chmod 0644 ${PILLAR}/*; chmod 0755 ${PILLAR}; rm ${PILLAR}/init.top`);
    const mended = await dom0.run("/tmp/a/rotate-secrets --missing");
    // The passwords may have been changed before, by a run that was cut: so their qubes are applied, too.
    expect(mended.out).toContain("--targets=bitcoin-server,electrum-server,joinmarket-client state.apply");
    expect(mended.out).toContain("Mended: the hash of electrum-server's password at bitcoin-server");
    const after = pillarOf(dom0);
    expect(after["electrum-server"]).toEqual(before["electrum-server"]);
    expect(
      letsIn(after["bitcoin-server"]?.["rpcauth:electrum-server"], after["electrum-server"]?.["rpc:bitcoin-server"]),
    ).toBe(true);
    await dom0.run(`rm ${PILLAR}/electrum-server.sls`);
    const made = await dom0.run("/tmp/a/rotate-secrets --missing");
    expect(made.out).toContain("Made: the password of electrum-server");
    expect(made.out).toContain("--targets=bitcoin-server,electrum-server state.apply");
    const last = pillarOf(dom0);
    expect(
      letsIn(last["bitcoin-server"]?.["rpcauth:electrum-server"], last["electrum-server"]?.["rpc:bitcoin-server"]),
    ).toBe(true);
  });
});

describe(`a rotation${why}`, { concurrent: true }, () => {
  it("makes every password anew and says what to apply, servers first", async () => {
    const { dom0 } = await installed();
    const before = pillarOf(dom0);
    const ran = await dom0.run("/tmp/a/rotate-secrets --yes");
    expect(ran).toMatchObject({ code: 0, err: "" });
    const after = pillarOf(dom0);
    for (const client of ["electrum-server", "joinmarket-client"]) {
      expect(after[client]).not.toEqual(before[client]);
      expect(letsIn(after["bitcoin-server"]?.[`rpcauth:${client}`], after[client]?.["rpc:bitcoin-server"])).toBe(true);
    }
    expectSilence(ran, before);
    expectSilence(ran, after);
    expect(ran.out).toContain(
      "Now apply: sudo qubesctl --show-output --targets=bitcoin-server,electrum-server,joinmarket-client state.apply\n",
    );
    expect((await dom0.install("/tmp/a")).out).toContain("Nothing to do.");
  });

  it.each([
    ["electrum-server", ["electrum-server"]],
    ["bitcoin-server", ["electrum-server", "joinmarket-client"]],
  ])("of %s touches its own passwords alone", async (name, clients) => {
    const { dom0 } = await installed();
    const before = pillarOf(dom0);
    expect(await dom0.run("/tmp/a/rotate-secrets --yes $1", name)).toMatchObject({ code: 0, err: "" });
    const after = pillarOf(dom0);
    for (const client of ["electrum-server", "joinmarket-client"]) {
      const changed = JSON.stringify(after[client]) !== JSON.stringify(before[client]);
      expect(changed, client).toBe(clients.includes(client));
      const auth = `rpcauth:${client}`;
      expect(after["bitcoin-server"]?.[auth] !== before["bitcoin-server"]?.[auth], client).toBe(
        clients.includes(client),
      );
    }
  });

  it("refuses what it does not understand, and changes nothing", async () => {
    const { dom0 } = await installed();
    dom0.unpack("/tmp/b", "B", one);
    const before = dom0.snapshot();
    const refused = async (words: string, ...said: string[]) => {
      const ran = await dom0.run(words);
      expect(ran).toMatchObject({ code: 2, out: "" });
      for (const text of ["error: ", "  why: ", "  fix: ", ...said]) expect(ran.err).toContain(text);
    };
    await refused("/tmp/a/rotate-secrets --yes electrum-sever", "nothing secret belongs to electrum-sever");
    await refused("/tmp/a/rotate-secrets --yse", "this is not understood: --yse");
    await refused("/tmp/a/rotate-secrets --missing electrum-server", "this is not understood");
    await refused("/tmp/a/rotate-secrets", "there is no terminal");
    await refused("/tmp/b/rotate-secrets --yes", "this tree is not the version in force");
    await refused("/tmp/b/rotate-secrets --missing", "this tree is not the version in force");
    await refused("flock /etc/salt/minion.d /tmp/a/rotate-secrets --yes", "is at work");
    await refused("setpriv --reuid=65534 --regid=65534 --clear-groups /tmp/a/rotate-secrets --yes", "must run as root");
    await refused("mv /tmp/a/MANIFEST.json /tmp/gone; /tmp/a/rotate-secrets --yes", "MANIFEST.json cannot be read");
    expect(dom0.snapshot()).toEqual(before);
    expect(inForce(dom0)).toBe("# A");
  });

  it("asks first at a terminal; anything but yes changes nothing", async () => {
    const { dom0 } = await installed();
    const before = pillarOf(dom0);
    const no = await dom0.type("/tmp/a/rotate-secrets", [["Type yes:", "y\n"]]);
    expect(no.code).toBe(1);
    expect(no.shown).toContain("  the password of electrum-server at bitcoin-server\n");
    expect(no.shown).toContain("Nothing was changed.");
    expect(pillarOf(dom0)).toEqual(before);
    expect(await dom0.type("/tmp/a/rotate-secrets electrum-server", [["Type yes:", "yes\n"]])).toMatchObject({
      code: 0,
    });
    expect(pillarOf(dom0)["electrum-server"]).not.toEqual(before["electrum-server"]);
  });
});
