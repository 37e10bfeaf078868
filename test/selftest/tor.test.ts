// SPDX-License-Identifier: GPL-3.0-or-later
/** What the probe hears from the real tor, in a network namespace of its own: the stand-in of the other tests answers the same. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { compiled, exampleText } from "../compiled.ts";
import { has, judged } from "../judges.ts";

const test = it.skipIf(!has("tor") || process.getuid?.() !== 0);
const { tree } = compiled(exampleText("exposed"));
const probe = tree.get("selftest-probe")?.text ?? "";
interface Manifest {
  readonly qubes: Record<string, { probe: { tor?: { socks: object[]; onions: string[]; prefix: string } } }>;
}
const manifest = JSON.parse(tree.get("MANIFEST.json")?.text ?? "") as Manifest;
const [gateway, wanted] = Object.entries(manifest.qubes).flatMap(([name, one]) =>
  one.probe.tor && one.probe.tor.onions.length > 0 ? [[name, one.probe.tor] as const] : [],
)[0] ?? ["", { socks: [], onions: [], prefix: "" }];
const torrc = [...tree].find(([file]) => file.includes(`/files/${gateway}/usr/local/etc/torrc.d/`))?.[1].text ?? "";

/** The answers of the probe beside a tor with this torrc. */
function asked(lines: string, port = 9401): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), "selftest-tor-"));
  try {
    const checks = [
      { id: 0, do: "bootstrap" },
      { id: 1, do: "tor_settings", ...wanted },
      { id: 2, do: "socks", address: "127.0.0.1", port, onionOnly: port === 9401 },
    ];
    // As on a gateway (anon-gw-anonymizer-config etc/torrc.d/65_gateway.conf), and what stock Whonix has beside ours.
    const own =
      "ControlPort 9052\nCookieAuthentication 1\nSocksPort 0.0.0.0:9180 IsolateDestAddr IsolateDestPort\nDataDirectory /var/lib/tor\n";
    writeFileSync(path.join(folder, "torrc"), own + lines);
    writeFileSync(path.join(folder, "probe"), probe);
    writeFileSync(path.join(folder, "plan"), JSON.stringify({ seconds: 60, checks }));
    const script = `
      ip link set lo up && mount -t tmpfs -o mode=0700 tmpfs /var/lib/tor
      tor -f torrc --quiet & tor=$!
      for i in $(seq 100); do [ -e /var/lib/tor/control_auth_cookie ] && break; sleep 0.1; done; sleep 0.3
      python3 -I - "$(cat plan)" <probe
      kill $tor 2>/dev/null; wait`;
    const { stdout, stderr } = spawnSync("unshare", ["-nm", "sh", "-c", script], {
      cwd: folder,
      encoding: "utf8",
      timeout: 90_000,
    });
    expect(stderr.replace(/\[warn\].*|.*\[notice\].*/g, "").trim()).toBe("");
    const said = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { id: number; verdict: string; detail: string });
    return said.toSorted((a, b) => a.id - b.id).map(({ verdict, detail }) => `${verdict}: ${detail}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe(judged("the probe beside the real tor", "tor"), () => {
  test("hears how far it is, what it has, and that it refuses what is no onion service", () => {
    expect(wanted.onions.length).toBeGreaterThan(0);
    const [up, settings, socks] = asked(torrc);
    // There is no network here.
    expect(up).toMatch(/^failed: it is at \d % of its start$/);
    expect(settings).toBe(`ok: 1 SocksPorts and ${wanted.onions.length} onion services of the tree`);
    expect(socks).toBe("ok: 127.0.0.1 port 9401 answers, and refuses what is no onion service");
  });

  test("hears that a flag is not in force", () => {
    const [, settings, socks] = asked(torrc.replaceAll(" OnionTrafficOnly", ""));
    expect(settings).toContain("failed: its SocksPort 9401 lacks OnionTrafficOnly");
    expect(socks).toMatch(/^failed: /);
  });

  test("hears of onion services that are too many or too few", () => {
    const [first = ""] = wanted.onions;
    const renamed = torrc.replaceAll(`HiddenServiceDir ${first}`, `HiddenServiceDir ${wanted.prefix}gone`);
    expect(asked(renamed)[1]).toBe(
      `failed: it does not offer ${first}; it still offers ${wanted.prefix}gone: reload tor`,
    );
  });

  test("takes a SocksPort of Whonix for one, and nothing else", () => {
    expect(asked(torrc, 9180)[2]).toBe("ok: 127.0.0.1 port 9180 answers");
    expect(asked(torrc, 9052)[2]).toMatch(/^failed: no SOCKS at 127\.0\.0\.1 port 9052/);
  });

  test("hears nothing where there is no tor", () => {
    expect(asked("NoSuchOption 1\n")).toEqual([
      "failed: its control port does not answer: Connection refused",
      "failed: its control port does not answer: Connection refused",
      "failed: no SOCKS at 127.0.0.1 port 9401: Connection refused",
    ]);
  });
});
