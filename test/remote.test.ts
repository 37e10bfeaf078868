// SPDX-License-Identifier: GPL-3.0-or-later
/** Servers elsewhere, in the tree: where each port leads, who holds the key, and what their machines are told. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { compiled, exampleText, topology } from "./compiled.ts";
import { run } from "./judges.ts";

const onion = "pbsxfazs4a5ghnsefnbo7ghowhkl57i6tridfob5od3e4x2vdjicvvad";
const fingerprint = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
const { tree } = compiled(
  topology({
    more: [
      "  sys-traders: { role: whonix-gateway }",
      `  traders: { role: joinmarketd, netvm: sys-traders, remote: { host: ${onion}.onion, port: 30000, over: onion, auth: true } }`,
      `  node: { role: bitcoind, netvm: sys-bitcoin, chain: signet, remote: { host: ${onion}.onion, port: 443, over: onion } }`,
      `  index: { role: fulcrum, netvm: sys-bitcoin, remote: { host: ${onion}.onion, port: 50010, over: onion, tls: { fingerprint: ${fingerprint} } } }`,
      "  wallet: { role: electrum-wallet, server: { qube: index, port: 50011 } }",
      "  mixer: { role: joinmarket-wallet, joinmarketd: traders, bitcoind: node, payjoin: true }",
    ].join("\n"),
  }),
);
const read = (end: string) => [...tree].find(([path]) => path.endsWith(end))?.[1].text;
const leads = (qube: string, port: number) =>
  read(`/files/${qube}/usr/local/etc/qwbtc-salt/forward-${port}.env`)
    ?.split("\n")
    .filter((line) => /^[A-Z]/.test(line));

it("each port in use leads to its own at the server, and no other port is forwarded", () => {
  const at = (port: number) => [`HOST=${onion}.onion`, `PORT=${port}`, "SOCKS=9401"];
  expect(leads("traders", 27183)).toEqual(at(30000));
  expect(leads("traders", 25183)).toEqual(at(28000)); // PayJoin's lies 2000 below
  expect(leads("traders", 26183)).toBeUndefined(); // SNICKER is not used
  expect(leads("node", 38332)).toEqual(at(443));
  expect(leads("index", 50002)).toEqual(at(50010));
});

it("a wallet of a server with TLS is told so, at its own port", () => {
  const config = read("/files/wallet/usr/local/lib/qwbtc-salt/electrum/config.json");
  expect(config).toContain('"server": "127.0.0.1:50011:s"');
  expect(config).toContain(`"serverfingerprint": "${fingerprint}"`);
});

it("the key to an onion service lies on the gateway alone, is made known to tor, and stands for nobody else", () => {
  const gateway = read("/qube/sys-traders.sls") ?? "";
  expect(gateway).toContain('- "contents_pillar": "qwbtc:onion_auth:traders"');
  expect(gateway).toMatch(
    /"qwbtc-reload-tor":[^]*"qwbtc-secret-\/var\/lib\/tor\/authdir\/qwbtc-traders\.auth_private"/,
  );
  const holders = [...tree].filter(([path, { text }]) => path.endsWith(".sls") && text.includes("onion_auth"));
  expect(holders.map(([path]) => path.split("/").at(-1))).toEqual(["sys-traders.sls"]);
});

it("a key that is asked for no longer is taken away on every gateway, and only keys of ours are", () => {
  const removal = (qube: string) => /-- (find \S*\/authdir .*) -delete"/.exec(read(`/qube/${qube}.sls`) ?? "")?.[1];
  const folder = mkdtempSync(path.join(tmpdir(), "authdir-"));
  try {
    for (const name of ["qwbtc-traders", "qwbtc-gone", "mine"])
      writeFileSync(path.join(folder, `${name}.auth_private`), "");
    const found = (qube: string) =>
      run("sh", ["-c", removal(qube)?.replace("/var/lib/tor/authdir", folder) ?? "false"])
        .output.trim()
        .split("\n");
    expect(found("sys-traders")).toEqual([path.join(folder, "qwbtc-gone.auth_private")]);
    expect(found("sys-bitcoin").toSorted()).toEqual(
      ["qwbtc-gone", "qwbtc-traders"].map((name) => path.join(folder, `${name}.auth_private`)),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("what a daemon elsewhere dials is the Tor beside it, never a gateway of this machine", () => {
  const cfg = read("/joinmarket.cfg") ?? "";
  expect(cfg.match(/^(?:onion_)?socks5_host = .*$/gm)).toEqual([
    "socks5_host = 127.0.0.1",
    "socks5_host = 127.0.0.1",
    "onion_socks5_host = 127.0.0.1",
  ]);
  expect(new Set(cfg.match(/socks5_port = .*$/gm))).toEqual(new Set(["socks5_port = 9050"]));
  expect(cfg).not.toContain("10.152.152.10");
});

it("the runbook says what belongs on the other machines", () => {
  const runbook = read("README.md") ?? "";
  expect(runbook).toContain("HiddenServicePort 443 127.0.0.1:38332\n");
  expect(runbook).toContain("HiddenServicePort 28000 127.0.0.1:25183\n");
  expect(runbook).toContain("rpcwhitelistdefault=0\nrpcauth=mixer:SALT$HASH\nrpcwhitelist=mixer:");
  expect(runbook).toContain("When a client leaves, its rpcauth line must be removed here as well as its list");
  expect(runbook).toContain("It runs the chain signet.");
  expect(runbook).toContain("ssl = 127.0.0.1:50002\n");
  expect(runbook).toContain(`   - for sys-traders: \`${onion}:descriptor:x25519:PRIVATE_KEY\`\n`);
  expect(runbook).toContain("   - for mixer: `mixer:PASSWORD`\n");
});

it("a qube on the network at home is plain Debian, with nothing of Whonix' in it", () => {
  const home = compiled(exampleText("remote-servers"));
  const held = [...home.tree.keys()].filter((path) => path.includes("/files/electrum-server/"));
  expect(held.map((path) => path.split("/files/electrum-server")[1])).toEqual([
    "/usr/local/etc/qwbtc-salt/forward-50002.env",
    "/usr/local/lib/qwbtc-salt/told",
  ]);
  expect(home.model.qubes.find(({ name }) => name === "electrum-server")?.template.stock).toBe("debian-13-xfce");
});
