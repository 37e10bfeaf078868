// SPDX-License-Identifier: GPL-3.0-or-later
/** What gateways tell tor, judged by the real tor, and what nodes may say to it, by onion-grater's own way of matching. */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Compiled } from "../src/compile.ts";
import { CHAINS } from "../src/roles/bitcoind/chains.ts";
import { onEveryChain, withNews } from "./chains.ts";
import { compiled, examples, exampleText, topology } from "./compiled.ts";
import { has, judged, landed, run } from "./judges.ts";

const phone = "LWFDVE5TDJTXXLZBZDZD6F7UZ33Y5RRZ42AZZGIMLV7L6DKHRAZQ";
/** Every way of exposure at once, through two gateways. */
const every = topology({
  gateway: "socks: stock",
  node: "onion: { p2p: static, pow: true }",
  more: `
  sys-second: { role: whonix-gateway }
  node-network: { role: bitcoind, netvm: sys-second, onion: { p2p: static, via: network, ip: 10.137.200.1 } }
  server-a: { role: fulcrum, bitcoind: bitcoin-server, onion: { gateway: sys-second, pow: true, clients: { phone: ${phone} } } }
  server-b: { role: fulcrum, bitcoind: bitcoin-server, onion: { gateway: sys-second, public: true }, because: { public: a gift to everybody } }
  server-c: { role: fulcrum, bitcoind: node-network, onion: { gateway: sys-bitcoin, port: 80, clients: { phone: ${phone} } } }`.slice(
    1,
  ),
});
const systems = withNews(
  [...examples.map((name): [string, string] => [name, exampleText(name)]), ["every exposure", every], ...onEveryChain],
  /\/torrc\.d\/|\.auth$/,
);

/**
 * Starts tor as a gateway does: as its own user, with what the tree lays into /var/lib/tor there already, in a mount and a network namespace of
 * its own. tor(1): --verify-config opens no port and makes no folder, and some warnings come only when that is done.
 */
function startTor({ tree }: Compiled, gateway: string, harm: (root: string) => void = () => {}) {
  return landed(tree, gateway, (root) => {
    harm(root);
    const folder = path.join(root, "usr/local/etc/torrc.d");
    const torrc = path.join(root, "torrc");
    const user = run("id", ["debian-tor"]).status === 0 ? "debian-tor" : "root";
    writeFileSync(
      torrc,
      `User ${user}\nDataDirectory /var/lib/tor\nLog notice stdout\nLog [rend]info stdout\n${existsSync(folder) ? `%include ${folder}/*.conf\n` : ""}`,
    );
    const script = `
      ip link set lo up 2>/dev/null
      mkdir -p /var/lib/tor && mount -t tmpfs -o mode=0700 tmpfs /var/lib/tor
      if [ -d ${root}/var/lib/tor ]; then cp -R ${root}/var/lib/tor/. /var/lib/tor/; fi
      chown -R ${user} /var/lib/tor && find /var/lib/tor -type d -exec chmod 0700 {} + && find /var/lib/tor -type f -exec chmod 0600 {} +
      timeout 3 tor -f ${torrc}
      cd /var/lib/tor && for name in */hostname; do if [ -e "$name" ]; then echo "HOSTNAME $name $(cat "$name")"; fi; done`;
    const { output } = run("unshare", ["-nm", "sh", "-c", script]);
    // Not of our lines: this tor runs without a network, tells more than it should, and as root where there is no debian-tor.
    const excused =
      /public address '0\.0\.0\.0:9401' for SocksPort|You are running Tor as root|Problem bootstrapping|Your log may contain sensitive/;
    const lines = output.split("\n");
    return {
      output,
      warnings: lines.filter((line) => /\[(?:warn|err)\]/.test(line) && !excused.test(line)),
      hostnames: lines.flatMap((line) => /^HOSTNAME (\S+)\/hostname [a-z2-7]{56}\.onion$/.exec(line)?.[1] ?? []),
      clients: lines.flatMap((line) => /Loaded a client authorization key file (\S+)\.auth\./.exec(line)?.[1] ?? []),
    };
  });
}

const torTest = it.skipIf(!has("tor") || process.getuid?.() !== 0);

describe.each(systems)("tor on the gateways of %s", (_name, text) => {
  const system = compiled(text);
  const { tree, model } = system;
  const gateways = model.qubes.filter((qube) => qube.role.providesNetwork).map(({ name }) => name);

  torTest.each(gateways)(
    judged(
      "%s: it starts, warns of nothing but 0.0.0.0, has each onion service and knows its clients",
      "tor",
      "unshare",
    ),
    (gateway) => {
      const { output, warnings, hostnames, clients } = startTor(system, gateway);
      expect(warnings).toEqual([]);
      const torrc = [...tree].find(([file]) => file.includes(`/${gateway}/usr/local/etc/torrc.d/`))?.[1].text ?? "";
      const own = torrc.includes("\nSocksPort 0.0.0.0:9401 ");
      expect(output.includes("'0.0.0.0:9401' for SocksPort")).toBe(own); // the file explains it
      expect(output.includes("Opened Socks listener connection (ready) on 0.0.0.0:9401")).toBe(own);
      const wanted = [...torrc.matchAll(/^HiddenServiceDir \/var\/lib\/tor\/(\S+)$/gm)].map(([, name]) => name);
      expect(hostnames.toSorted()).toEqual(wanted.toSorted());
      expect(output.match(/Service PoW defenses are enabled/g)?.length ?? 0).toBe(
        torrc.split("PoWDefensesEnabled 1").length - 1,
      );
      const named = model.links
        .filter(({ client }) => client.name === gateway)
        .flatMap(({ onion }) => Object.keys(onion?.clients ?? {}));
      expect(clients.toSorted()).toEqual(named.toSorted());
    },
    20_000,
  );
});

describe("tor would say so, if", () => {
  const system = compiled(exampleText("exposed"));
  const harmed = (change: (auth: string) => void) =>
    startTor(system, "sys-electrum", (root) => {
      const folder = path.join(root, "var/lib/tor/qwbtc-electrum-server-electrum/authorized_clients");
      for (const file of readdirSync(folder)) change(path.join(folder, file));
    });

  torTest(judged("a client's key were no key: then it lets in everybody, which is why we look first", "tor"), () => {
    const { warnings, clients, hostnames } = harmed((file) => writeFileSync(file, "descriptor:x25519:SHORT\n"));
    expect(warnings.join("\n")).toContain("Client authorization encoded base32 public key length is invalid: SHORT");
    expect(clients).toEqual([]);
    expect(hostnames).toEqual(["qwbtc-electrum-server-electrum"]);
  });

  torTest(judged("a client's file had a comment", "tor"), () => {
    const { warnings } = harmed((file) => writeFileSync(file, `# phone\ndescriptor:x25519:${phone}\n`));
    expect(warnings.length).toBeGreaterThan(0);
  });

  torTest(judged("an onion service lay one folder deeper: it ends at once", "tor"), () => {
    const deeper = compiled(exampleText("exposed"));
    const tree = new Map(
      [...deeper.tree].map(([file, entry]) => [
        file,
        {
          ...entry,
          text: entry.text.replace("HiddenServiceDir /var/lib/tor/", "HiddenServiceDir /var/lib/tor/services/"),
        },
      ]),
    );
    const { warnings, hostnames } = startTor({ ...deeper, tree }, "sys-bitcoin");
    expect(warnings.join("\n")).toContain("left us in a broken state. Dying");
    expect(hostnames).toEqual([]);
  });
});

const grater =
  'import re,sys\ncount,*rest=sys.stdin.read().splitlines()\nn=int(count)\nprint([any(re.match(p+"$",line) for p in rest[:n]) for line in rest[n:]])';

describe.skipIf(!has("python3"))("onion-grater's own matching (Python re, anchored at the end)", () => {
  it.each(Object.entries(CHAINS))(
    "on %s: lets bitcoind's command through, in both its forms, and nothing else",
    (chain, { ports }) => {
      const { tree } = compiled(topology({ node: `chain: ${chain}\n    onion: { p2p: ephemeral }` }));
      const profile = [...tree].find(([file]) => file.endsWith("onion-grater-merger.d/40_qwbtc.yml"))?.[1].text ?? "";
      const patterns = [...profile.matchAll(/pattern: '(.*)'/g)].map(([, pattern = ""]) => pattern);
      const { p2p, onion } = ports;
      // What bitcoind 23 to 31 sent for bind=0.0.0.0:<onion>=onion, and 32 as its pull request 33414 has it.
      const good = [
        `NEW:ED25519-V3 Port=${p2p},0.0.0.0:${onion}`,
        `NEW:ED25519-V3 PoWDefensesEnabled=1 Port=${p2p},0.0.0.0:${onion}`,
      ];
      const bad = [
        `NEW:ED25519-V3 Port=${p2p},0.0.0.0:${p2p}`,
        `NEW:ED25519-V3 Port=${p2p},0.0.0.0:${ports.rpc}`,
        `NEW:ED25519-V3 Port=${onion},0.0.0.0:${onion}`,
        `NEW:ED25519-V3 Port=${p2p},127.0.0.1:${onion}`,
        `NEW:ED25519-V3 Port=${p2p},0a0a0a0:${onion}`,
        `NEW:ED25519-V3 Port=${p2p},0.0.0.0:${onion}0`,
        `NEW:ED25519-V3 Port=${p2p},10.137.0.9:${onion}`,
        `NEW:ED25519-V3 Port=${p2p},0.0.0.0:${onion} Port=22,0.0.0.0:22`,
        `NEW:ED25519-V3 Port=${p2p},0.0.0.0:${onion} PoWDefensesEnabled=1`,
        `NEW:ED25519-V3 PoWDefensesEnabled=0 Port=${p2p},0.0.0.0:${onion}`,
        `NEW:ED25519-V3 Flags=Detach Port=${p2p},0.0.0.0:${onion}`,
        `NEW:BEST Port=${p2p},0.0.0.0:${onion}`,
        `ED25519-V3:abc Port=${p2p},0.0.0.0:${onion}`,
      ];
      const { output } = run("python3", ["-c", grater], {
        input: [patterns.length, ...patterns, ...good, ...bad].join("\n"),
      });
      expect(output.trim()).toBe(`[${[...good.map(() => "True"), ...bad.map(() => "False")].join(", ")}]`);
      expect([...profile.matchAll(/replacement: '(.*)'/g)].map(([, one]) => one).toSorted()).toEqual([
        `NEW:ED25519-V3 PoWDefensesEnabled=1 Port=${p2p},{client-address}:${onion} Flags=DiscardPK`,
        `NEW:ED25519-V3 Port=${p2p},{client-address}:${onion} Flags=DiscardPK`,
      ]);
    },
  );
});
