// SPDX-License-Identifier: GPL-3.0-or-later
/** A gateway that exposes a server, applied by the real Salt: who may call the onion service is who the topology says, whatever it said before. */
import { describe, expect, it } from "vitest";
import { compiled, topology } from "./compiled.ts";
import { withQube } from "./qube/qube.ts";
import { salts } from "./salts/salts.ts";
import { whyNoSandbox } from "./sandbox.ts";

const refused = whyNoSandbox();
const named = refused === undefined ? "" : ` (skipped: ${refused})`;

describe.skipIf(refused !== undefined)(`a gateway that exposes a server${named}`, { concurrent: true }, async () => {
  const [salt] = (refused === undefined ? await salts() : []) as [Awaited<ReturnType<typeof salts>>[number]];
  const clientsOf = (clients: string) =>
    compiled(
      topology({
        more: `  electrum-server: { role: fulcrum, bitcoind: bitcoin-server, onion: { gateway: sys-bitcoin, clients: { ${clients} } } }`,
      }),
    );
  const phone = "phone: LWFDVE5TDJTXXLZBZDZD6F7UZ33Y5RRZ42AZZGIMLV7L6DKHRAZQ";
  const laptop = "laptop: R2HTOKPDTQAZNMDOBJVQLDQ2WFDJGZQAHBIYZAFOZTPSE6RYN5JA";
  const folder = "/var/lib/tor/qwbtc-electrum-server-electrum";
  const auth = (name: string) => `${folder}/authorized_clients/${name}.auth`;
  const torrc = "/usr/local/etc/torrc.d/40_qwbtc.conf";

  it("keys are tor's own alone; one that the topology drops is removed and tor is told; a second apply changes nothing", async () => {
    await withQube(clientsOf(`${phone}, ${laptop}`), "sys-bitcoin", salt, async (qube) => {
      const first = await qube.apply();
      expect(first.filter(({ result }) => !result)).toEqual([]);
      for (const name of ["phone", "laptop"])
        expect(qube.read(auth(name))).toMatchObject({ mode: "600", owner: "debian-tor" });
      expect((await qube.apply()).filter(({ result, changed }) => !result || changed)).toEqual([]);
      const told = qube.calls().length;
      // What tor made is left alone.
      qube.write(`${folder}/hs_ed25519_secret_key`, "tor's");
      qube.use(clientsOf(phone));
      const dropped = await qube.apply();
      expect(dropped.filter(({ result }) => !result)).toEqual([]);
      expect(qube.read(auth("laptop"))).toBeUndefined();
      expect(qube.read(auth("phone"))).toBeDefined();
      expect(qube.read(`${folder}/hs_ed25519_secret_key`)?.text).toBe("tor's");
      expect(qube.calls().slice(told)).toEqual(["systemctl --no-block reload-or-restart tor@default.service"]);
    });
  });

  it("a service that the topology drops ends: its file is gone, its key stays", async () => {
    await withQube(clientsOf(phone), "sys-bitcoin", salt, async (qube) => {
      await qube.apply();
      expect(qube.read(torrc)?.text).toContain("HiddenServiceDir");
      qube.use(compiled(topology()));
      await qube.apply();
      expect(qube.read(torrc)?.text).not.toContain("HiddenServiceDir");
      qube.use(compiled(topology({ gateway: "socks: stock" })));
      const told = qube.calls().length;
      expect((await qube.apply()).filter(({ result }) => !result)).toEqual([]);
      expect(qube.read(torrc)).toBeUndefined();
      expect(qube.calls().slice(told)).toContain("systemctl --no-block reload-or-restart tor@default.service");
      expect(qube.read(auth("phone"))).toBeDefined();
    });
  });

  it("tor learns of no service whose clients' keys could not be laid down: it would let in everybody", async () => {
    await withQube(clientsOf(phone), "sys-bitcoin", salt, async (qube) => {
      qube.remove(`/srv/formulas/base/qwbtc-formula/qwbtc/files/sys-bitcoin${auth("phone")}`);
      const failed = (await qube.apply()).filter(({ result }) => !result).map(({ id }) => id);
      expect(failed).toContain(`qwbtc-file-${auth("phone")}`);
      expect(failed).toContain(`qwbtc-file-${torrc}`);
      expect(qube.read(torrc)).toBeUndefined();
    });
  });
});
