// SPDX-License-Identifier: GPL-3.0-or-later
/** What a topology says of onion services and SocksPorts, and what follows from it at both ends. */
import { describe, expect, it } from "vitest";
import { GATEWAY_PORTS } from "../src/whonix/gateway.ts";
import { compiled, exampleText, topology } from "./compiled.ts";
import { callsOf } from "./wiring.ts";

const fileOf = ({ tree }: ReturnType<typeof compiled>, end: string) =>
  [...tree].find(([path]) => path.endsWith(end))?.[1].text ?? "";
const phone = "LWFDVE5TDJTXXLZBZDZD6F7UZ33Y5RRZ42AZZGIMLV7L6DKHRAZQ";
const server = (name: string, more = "", node = "bitcoin-server") =>
  `  ${name}: { role: fulcrum, bitcoind: ${node}, onion: { gateway: sys-bitcoin, clients: { phone: ${phone} }${more} } }`;

describe("socks and tor together: each port that is dialled is one that the gateway has", () => {
  const because = "because: { tor: onion peers are few here }";
  it.each([
    ["own", "onion-only", 9401, 9401, true],
    ["own", "onion-preferred", 9401, 9180, true],
    ["stock", "onion-only", 9180, 9180, false],
    ["stock", "onion-preferred", 9180, 9180, false],
  ])("socks: %s, tor: %s", (socks, tor, onion, proxy, own) => {
    const reason = tor === "onion-preferred" ? `\n    ${because}` : "";
    const system = compiled(topology({ gateway: `socks: ${socks}`, node: `tor: ${tor}${reason}` }));
    const conf = fileOf(system, "/bitcoin.conf");
    expect(conf).toContain(`\nonion=10.152.152.10:${onion}\n`);
    expect(conf).toContain(`\nproxy=10.152.152.10:${proxy}\n`);
    expect(conf.includes("\nonlynet=onion\n")).toBe(tor === "onion-only");
    for (const key of ["dns", "dnsseed"]) expect(conf).toContain(`\n${key}=${tor === "onion-only" ? 0 : 1}\n`);
    expect(fileOf(system, "sys-bitcoin/usr/local/etc/torrc.d/40_qwbtc.conf").includes("SocksPort 0.0.0.0:9401")).toBe(
      own,
    );
    const firewall = fileOf(system, "sys-bitcoin/usr/local/etc/whonix_firewall.d/40_qwbtc.conf");
    expect(firewall.includes('INTERNAL_OPEN_PORTS+=" 9401 "')).toBe(own);
    const runbook = system.tree.get("README.md")?.text ?? "";
    expect(runbook.includes("knows onion peers only")).toBe(tor === "onion-only");
    expect(runbook.includes("Bitcoin P2P, exits too")).toBe(tor === "onion-preferred");
  });

  it("JoinMarket's daemon is told its own gateway's port", () => {
    for (const [socks, port] of [
      ["own", 9401],
      ["stock", 9180],
    ]) {
      const text = exampleText("seed").replace(/( {2}sys-joinmarket:\n)/, `$1    socks: ${socks}\n`);
      const system = compiled(text);
      const cfg = fileOf(system, "/joinmarket.cfg");
      expect([...cfg.matchAll(/^(?:onion_)?socks5_port = ([0-9]+)$/gm)].map(([, one]) => Number(one))).toEqual([
        port,
        port,
        port,
      ]);
      expect(fileOf(system, "sys-joinmarket/usr/local/etc/torrc.d/40_qwbtc.conf").includes("9401")).toBe(port === 9401);
    }
  });
});

describe("a gateway that exposes", () => {
  const several = compiled(
    topology({
      node: "onion: { p2p: static }",
      more: [
        "  bitcoin-two: { role: bitcoind, netvm: sys-bitcoin, onion: { p2p: static } }",
        server("server-a"),
        server("server-b", ", port: 443", "bitcoin-two"),
      ].join("\n"),
    }),
  );

  it("finds each server at a port of its own, at which nothing else listens; others are dialled at the port that was chosen", () => {
    const calls = callsOf(several.tree, "sys-bitcoin");
    expect(calls.map(({ port, target }) => `${target} ${port}`).toSorted()).toEqual([
      "bitcoin-server 8334",
      "bitcoin-two 8334",
      "server-a 50001",
      "server-b 50001",
    ]);
    expect(new Set(calls.map(({ local }) => local)).size).toBe(4);
    for (const { local } of calls) expect([...GATEWAY_PORTS, 9401]).not.toContain(local);
    const at = (name: string) => calls.find(({ target }) => target === name)?.local;
    const torrc = fileOf(several, "sys-bitcoin/usr/local/etc/torrc.d/40_qwbtc.conf");
    expect([...torrc.matchAll(/^HiddenServicePort (.*)$/gm)].map(([, one]) => one).toSorted()).toEqual([
      `443 127.0.0.1:${at("server-b")}`,
      `50001 127.0.0.1:${at("server-a")}`,
      ...[at("bitcoin-server"), at("bitcoin-two")].toSorted().map((port) => `8333 127.0.0.1:${port}`),
    ]);
  });

  it("keeps each port, and each call by name, when others come and go: no old onion service ever leads to another server", () => {
    const portsOf = (more: string[]) =>
      new Map(
        callsOf(compiled(topology({ more: more.join("\n") })).tree, "sys-bitcoin").map((one) => [one.target, one]),
      );
    const both = portsOf([server("server-a"), server("server-b")]);
    for (const name of ["server-a", "server-b"]) {
      expect(both.get(name)?.target).toBe(name);
      expect(portsOf([server(name)])).toEqual(new Map([[name, both.get(name)]]));
    }
    expect(portsOf([server("aaa"), server("server-b")]).get("server-b")).toEqual(both.get("server-b"));
  });

  it("runs on a clone, is started by the user and not by the states; others stay on the stock template", () => {
    const text = topology({
      more: `  sys-idle: { role: whonix-gateway }\n  node-two: { role: bitcoind, netvm: sys-idle }\n${server("server-a")}`,
    });
    const system = compiled(text);
    const template = (name: string) => system.model.qubes.find((qube) => qube.name === name)?.template.name;
    expect([template("sys-bitcoin"), template("sys-idle")]).toEqual(["qwbtc-gw-onion", "whonix-gateway-18"]);
    const start = fileOf(system, "/dom0/start.sls");
    expect(start).not.toContain('"sys-bitcoin"');
    expect(start).toContain('"name": "sys-idle"');
    expect(system.tree.get("README.md")?.text).toContain("\n   qvm-start --skip-if-running sys-bitcoin\n");
  });

  it("is needed by what it exposes and needs none of it, and no connection starts a qube", () => {
    const system = compiled(
      topology({
        more: `  sys-way-in: { role: whonix-gateway }\n${server("server-a").replace("sys-bitcoin", "sys-way-in")}`,
      }),
    );
    const { qubes } = JSON.parse(system.tree.get("MANIFEST.json")?.text ?? "") as {
      qubes: Record<string, { needs: string[] }>;
    };
    expect(qubes["server-a"]?.needs).toEqual(["bitcoin-server", "sys-way-in"]);
    expect(qubes["sys-way-in"]?.needs).toEqual([]);
    const policy = fileOf(system, "/80-qwbtc.policy");
    expect(policy).toContain("\nqubes.ConnectTCP +50001 sys-way-in server-a allow autostart=no notify=no\n");
    expect(policy).toContain("\nqubes.ConnectTCP * sys-way-in @anyvm deny\n");
  });
});

describe("a node with an address that stays", () => {
  const address = "jmarketxf5wc4aldf3slm5u6726zsky52bqnfv6qyxe5hnafgly6yuyd.onion";

  it("over qrexec listens on its loopback, opens no firewall, asks Tor for nothing, and tells peers the address", () => {
    const system = compiled(topology({ node: `onion: { p2p: static, address: ${address} }` }));
    const conf = fileOf(system, "/bitcoin.conf");
    for (const line of ["listen=1", "listenonion=0", "bind=127.0.0.1:8334=onion", `externalip=${address}:8333`])
      expect(conf).toContain(`\n${line}\n`);
    expect(conf).not.toContain("torcontrol=");
    expect(fileOf(system, "bitcoin-server/usr/local/etc/whonix_firewall.d/40_qwbtc.conf")).not.toMatch(/^EXTERNAL/m);
    expect([...system.tree.keys()].filter((path) => path.includes("onion-grater-merger"))).toEqual([]);
  });

  it("by network has its address kept in dom0 and one port open, and the gateway stays on the stock template", () => {
    const system = compiled(topology({ node: "onion: { p2p: static, via: network, ip: 10.137.200.1 }" }));
    expect(fileOf(system, "/bitcoin.conf")).toContain("\nbind=0.0.0.0:8334=onion\n");
    expect(fileOf(system, "/dom0/qubes.sls")).toContain('\n      - "ip": "10.137.200.1"\n');
    expect(fileOf(system, "bitcoin-server/usr/local/etc/whonix_firewall.d/40_qwbtc.conf")).toContain(
      '\nEXTERNAL_OPEN_PORTS+=" 8334 "\n',
    );
    expect(system.model.links).toEqual([]);
    expect(system.model.templates.map(({ name }) => name)).toContain("whonix-gateway-18");
  });
});

it("clients in another order are the same topology", () => {
  const text = exampleText("exposed");
  const [, laptop = "", second = ""] = /( {8}laptop: .*\n)( {8}phone: .*\n)/.exec(text) ?? [];
  const turned = text.replace(laptop + second, second + laptop);
  expect(turned).not.toBe(text);
  expect(compiled(turned).tree).toEqual(compiled(text).tree);
});
