// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Folders that belong to others than root, under the real Salt: whoever owns one can put a link in the place of any part of a path below it. No
 * apply may then remove, write, or give away what the link leads to.
 */
import { describe, expect, it } from "vitest";
import { compiled, exampleText, topology } from "./compiled.ts";
import { withQube, type Qube } from "./qube/qube.ts";
import { salts } from "./salts/salts.ts";
import { whyNoSandbox } from "./sandbox.ts";

const refused = whyNoSandbox();
const named = refused === undefined ? "" : ` (skipped: ${refused})`;
const PHONE = "phone: LWFDVE5TDJTXXLZBZDZD6F7UZ33Y5RRZ42AZZGIMLV7L6DKHRAZQ";
const forPhone = compiled(
  topology({
    more: `  electrum-server: { role: fulcrum, bitcoind: bitcoin-server, onion: { gateway: sys-bitcoin, clients: { ${PHONE} } } }`,
  }),
);
/** Several applies one after the other. */
const patient = { timeout: 600_000 };

/** Everything below a folder: mode, owner and content. */
const contents = (qube: Qube, folder: string) =>
  qube.shell(
    `find ${folder} -printf '%p %y %m %u %g %l\\n' | LC_ALL=C sort; find ${folder} -type f -exec sha256sum {} + | LC_ALL=C sort`,
  );
const failed = (states: Awaited<ReturnType<Qube["apply"]>>) => states.filter(({ result }) => !result);

describe.skipIf(refused !== undefined)(
  `links in folders that are not root's${named}`,
  { concurrent: true },
  async () => {
    const [salt] = (refused === undefined ? await salts() : []) as [Awaited<ReturnType<typeof salts>>[number]];
    const folder = "/var/lib/tor/qwbtc-electrum-server-electrum";
    const asTor = (command: string) => `cd / && runuser -u debian-tor -- sh -euc '${command}'`;

    it.each([
      ["whose clients are named, its clients' folder", true, "/authorized_clients"],
      ["for everybody, its own folder", false, ""],
    ])("tor, of a service %s: nothing is emptied, written or given away", patient, async (_what, named, part) => {
      const system = named ? forPhone : compiled(exampleText("exposed"));
      const service = named ? folder : "/var/lib/tor/qwbtc-bitcoin-server-p2p";
      await withQube(system, "sys-bitcoin", salt, async (qube) => {
        expect(failed(await qube.apply())).toEqual([]);
        await qube.shell(
          "mkdir -p /home/user/precious/authorized_clients; echo coins >/home/user/precious/wallet; echo coins >/home/user/precious/authorized_clients/wallet; chown -R user: /home/user/precious",
        );
        for (const target of ["/home/user/precious", "/usr/local/etc/whonix_firewall.d"]) {
          const before = await contents(qube, target);
          await qube.shell(asTor(`rm -rf ${service}${part}; ln -s ${target} ${service}${part}`));
          expect(failed(await qube.apply())).toEqual([]);
          expect(await contents(qube, target)).toBe(before);
          expect(await qube.shell(`stat -c "%F %a %U" ${service} ${service}/authorized_clients`)).toBe(
            "directory 700 debian-tor\ndirectory 700 debian-tor\n",
          );
          if (named) expect(qube.read(`${folder}/authorized_clients/phone.auth`)?.owner).toBe("debian-tor");
        }
        expect((await qube.apply()).filter(({ result, changed }) => !result || changed)).toEqual([]);
      });
    });

    it(
      "what tor keeps among the clients' keys that is not a client's goes, however deep it lies",
      patient,
      async () => {
        await withQube(forPhone, "sys-bitcoin", salt, async (qube) => {
          await qube.apply();
          const clients = `${folder}/authorized_clients`;
          await qube.shell(
            asTor(
              `cd ${clients}; mkdir -p a/b .c; cp phone.auth mallory.auth; cp phone.auth .mallory.auth; cp phone.auth a/b/phone.auth; ln -s /home d`,
            ),
          );
          const reported = (await qube.apply()).filter(({ changed }) => changed).map(({ id }) => id);
          expect(reported).toContain(`qwbtc-prune-${clients}`);
          expect(await qube.shell(`ls -A ${clients}`)).toBe("phone.auth\n");
          expect(await qube.shell("ls /home")).toContain("user");
        });
      },
    );

    it("tor, where keys to others' services lie: no stranger's file is taken for one of ours", patient, async () => {
      await withQube(forPhone, "sys-bitcoin", salt, async (qube) => {
        await qube.apply();
        await qube.shell("mkdir /srv/kept; echo key >/srv/kept/qwbtc-old.auth_private");
        await qube.shell(asTor("rm -rf /var/lib/tor/authdir; ln -s /srv/kept /var/lib/tor/authdir"));
        await qube.apply();
        expect(await qube.shell("cat /srv/kept/qwbtc-old.auth_private")).toBe("key\n");
        await qube.shell(asTor("rm /var/lib/tor/authdir; mkdir /var/lib/tor/authdir"));
        await qube.shell(asTor("cd /var/lib/tor/authdir; touch qwbtc-old.auth_private mine.auth_private"));
        expect(failed(await qube.apply())).toEqual([]);
        expect(await qube.shell("ls /var/lib/tor/authdir")).toBe("mine.auth_private\n");
      });
    });

    it(
      "a node's own settings file and the user's .bashrc: neither is written through, given away or copied",
      patient,
      async () => {
        await withQube(compiled(topology()), "bitcoin-server", salt, async (qube) => {
          expect(failed(await qube.apply())).toEqual([]);
          const own = "/home/bitcoin/.bitcoin/bitcoin.conf.local";
          await qube.shell("echo root:hash >/etc/shadow; chmod 640 /etc/shadow");
          const before = await contents(qube, "/etc/shadow");
          await qube.shell(`cd / && runuser -u bitcoin -- ln -sfn /etc/shadow ${own}`);
          await qube.shell("cd / && runuser -u user -- ln -sfn /etc/shadow /home/user/.bashrc");
          const wrong = failed(await qube.apply());
          expect(wrong.map(({ id }) => id)).toEqual(["qwbtc-block-/home/user/.bashrc"]);
          expect(wrong[0]?.comment).not.toContain("root:hash");
          expect(await contents(qube, "/etc/shadow")).toBe(before);
          expect(qube.read(own)).toMatchObject({ mode: "600", owner: "bitcoin" });
          expect(await qube.shell("grep -rl root:hash /home || true")).toBe("");
          // A link of the user's to a file of the user's is his own way of keeping it.
          await qube.shell(
            "cd / && runuser -u user -- sh -euc 'mkdir /home/user/dotfiles; echo alias >/home/user/dotfiles/b; ln -sfn dotfiles/b /home/user/.bashrc'",
          );
          expect(failed(await qube.apply())).toEqual([]);
          expect(
            await qube.shell(
              "readlink /home/user/.bashrc; head -2 /home/user/dotfiles/b; stat -c %U /home/user/dotfiles/b",
            ),
          ).toBe("dotfiles/b\nalias\n# qwbtc-salt: begin\nuser\n");
        });
      },
    );

    it("a node, in its own home: the folder of its settings leads elsewhere", patient, async () => {
      await withQube(compiled(topology()), "bitcoin-server", salt, async (qube) => {
        expect(failed(await qube.apply())).toEqual([]);
        await qube.shell("mkdir /etc/theirs; echo x >/etc/theirs/bitcoin.conf");
        const before = await contents(qube, "/etc/theirs");
        await qube.shell(
          "cd / && runuser -u bitcoin -- sh -euc 'mv /home/bitcoin/.bitcoin /home/bitcoin/old; ln -s /etc/theirs /home/bitcoin/.bitcoin'",
        );
        expect(failed(await qube.apply())).toEqual([]);
        expect(await contents(qube, "/etc/theirs")).toBe(before);
        expect(qube.read("/home/bitcoin/.bitcoin/bitcoin.conf")?.owner).toBe("bitcoin");
      });
    });
  },
);
