// SPDX-License-Identifier: GPL-3.0-or-later
/** Who reaches whom: every pair is answered, nothing that passes is hidden, and what denies is named. */
import { describe, expect, it } from "vitest";
import { study } from "../../src/audit/audit.ts";
import { CLEARNET } from "../../src/audit/outward.ts";
import { pairsOf, type Pair } from "../../src/audit/pairs.ts";
import { TOR, type Way } from "../../src/audit/ways.ts";
import type { Tree } from "../../src/kernel/tree.ts";
import { STOCK_POLICY } from "../../src/policy/stock.ts";
import { examples } from "../compiled.ts";
import { judged } from "../judges.ts";
import { decide as other, policiesOf } from "../policy/policy.ts";
import { before, edit, good, plus, swap, without } from "./harm.ts";

const LINKS = "/policy.d/80-qwbtc.policy";
const EARLY = "/policy.d/45-qwbtc.policy";
const look = (tree: Tree) => {
  const pairs = pairsOf(study(tree));
  const pair = (from: string, to: string) => pairs.find((one) => one.from === from && one.to === to) as Pair;
  const ways = (from: string, to: string) => pair(from, to).ways.map(({ kind, what }) => `${kind}: ${what}`);
  return { pairs, pair, ways };
};
const line = (tree: Tree, { by }: Pick<Way, "by">) => tree.get(by.file)?.text.split("\n")[by.line - 1];

describe.each(examples)("in the example %s", (name) => {
  const tree = good(name);
  const { pairs } = look(tree);

  it("every pair is answered once: by ways, or by what denies", () => {
    const { machine } = study(tree);
    const ours = machine.ours.length;
    const all = ours + machine.strangers.length + 3;
    expect(new Set(pairs.map(({ from, to }) => `${from} ${to}`)).size).toBe(pairs.length);
    expect(pairs.length).toBe(ours * (ours - 1) + 2 * ours * (all - ours));
    for (const { ways, denied } of pairs) expect([ways.length > 0, denied?.why ?? ""]).not.toEqual([false, ""]);
  });

  it("every way that a file of the tree opens has its very line", () => {
    for (const { ways } of pairs)
      for (const way of ways) {
        if (tree.has(way.by.file)) expect(line(tree, way)).toMatch(/\S/);
        else expect([...STOCK_POLICY.keys()]).toContain(way.by.file);
      }
  });
});

describe("in the seed", () => {
  const tree = good("seed");
  const { pair, ways } = look(tree);

  it("a link is a way, by its line; what else is dialled is denied, by its line", () => {
    const { ways: all, rest } = pair("electrum-client", "electrum-server");
    const [link] = all;
    expect(link).toMatchObject({ kind: "link", port: 50001, starts: true });
    expect(line(tree, link as Way)).toMatch(/^qubes\.ConnectTCP \+50001 electrum-client @default allow /);
    expect(rest?.why).toBe('"qubes.ConnectTCP * electrum-client @anyvm deny" answers a call to its ports');
    expect(line(tree, { by: rest?.by ?? { file: "", line: 0 } })).toBe(
      "qubes.ConnectTCP * electrum-client @anyvm deny",
    );
  });

  it("a call by name and one without are told apart where other lines answer them", () => {
    expect(pair("joinmarket-server", "bitcoin-server").rest?.why).toBe(
      '"qubes.ConnectTCP * @anyvm bitcoin-server deny" answers a call to its ports; "qubes.ConnectTCP * @tag:qwbtc @anyvm deny" answers one that names no qube',
    );
  });

  it("wallets reach no network and nothing from one reaches them, for a reason with its state", () => {
    for (const wallet of ["electrum-client", "joinmarket-client", "electrum-server"])
      for (const outside of [TOR, CLEARNET]) {
        for (const one of [pair(wallet, outside), pair(outside, wallet)]) {
          expect(one.ways).toEqual([]);
          expect(one.denied?.why).toContain("it has no net qube");
          expect(line(tree, { by: one.denied?.by ?? { file: "", line: 0 } })).toBe(`"qwbtc-network-${wallet}":`);
        }
      }
  });

  it("a node reaches Tor and no clearnet, and the onion service that it asks for itself is a way in", () => {
    expect(ways("bitcoin-server", TOR)).toEqual(["network: what Tor carries, through sys-bitcoin"]);
    expect(pair("bitcoin-server", CLEARNET).denied?.why).toContain("goes out by Tor or not at all");
    expect(ways(TOR, "bitcoin-server")).toEqual([
      "onion: port 8333 of an onion service that it asks for itself, through sys-bitcoin, for whoever knows the address",
    ]);
    expect(ways("sys-bitcoin", "bitcoin-server")).toContain("network: port 8334, by network");
    expect(ways(TOR, "joinmarket-server")).toEqual([]);
    const closed = look(
      edit(
        tree,
        "/bitcoin-server/usr/local/etc/whonix_firewall.d/40_qwbtc.conf",
        without('EXTERNAL_OPEN_PORTS+=" 8334 "'),
      ),
    );
    expect(closed.ways(TOR, "bitcoin-server")).toEqual([]);
    expect(closed.ways("sys-bitcoin", "bitcoin-server")).not.toContain("network: port 8334, by network");
  });

  it("what only a person's word opens is said, and dom0 is not said to be held by anything", () => {
    expect(ways("personal", "electrum-client")).toEqual([
      "ask: qubes.StartApp, if you say so each time",
      "ask: qubes.Filecopy, if you say so each time",
    ]);
    expect(ways("electrum-client", "default-dvm")).toEqual([
      "ask: qubes.Filecopy, in a new disposable of it, if you say so each time",
    ]);
    expect(ways("dom0", "electrum-client")).toEqual(["call: everything: it rules every qube, and no policy is asked"]);
  });

  it.each([
    ["qubes.VMShell * personal electrum-client allow", "personal", "electrum-client", "call: qubes.VMShell"],
    ["qubes.Backup +it electrum-client vault allow", "electrum-client", "vault", "call: qubes.Backup+it"],
    [
      "qubes.Backup * personal @default allow target=electrum-client",
      "personal",
      "electrum-client",
      "call: qubes.Backup",
    ],
    ["my.Own * @anyvm @adminvm allow", "joinmarket-client", "dom0", "call: my.Own"],
    ["* * vault electrum-client allow", "vault", "electrum-client", "call: every service that no line names"],
    [
      "my.Own * electrum-client @dispvm:default-dvm allow",
      "electrum-client",
      "default-dvm",
      "call: my.Own, in a new disposable of it",
    ],
    ["my.Own * personal electrum-client ask", "personal", "electrum-client", "ask: my.Own, if you say so each time"],
    [
      "qubes.ConnectTCP +22 personal electrum-client allow",
      "personal",
      "electrum-client",
      "call: port 22, which no unit of its dials",
    ],
    ["qubes.ConnectTCP * personal electrum-client allow", "personal", "electrum-client", "call: every port"],
  ])("a line that opens something is a way: %s", (rule, from, to, way) => {
    const found = look(edit(tree, EARLY, (text) => `${rule}\n${text}`)).pair(from, to);
    expect(found.ways.map(({ kind, what }) => `${kind}: ${what}`)).toContain(way);
    expect(found.denied).toBeUndefined();
  });

  it("a deny above takes a link away, and says that it does", () => {
    const shut = look(edit(tree, LINKS, before("qubes.ConnectTCP +50001", "qubes.ConnectTCP * @anyvm @anyvm deny")));
    expect(shut.ways("electrum-client", "electrum-server")).toEqual(["ask: qubes.Filecopy, if you say so each time"]);
    expect(shut.pair("electrum-client", "electrum-server").rest?.why).toBe(
      '"qubes.ConnectTCP * @anyvm @anyvm deny" answers a call to its ports',
    );
  });

  it("a policy that does not load denies every call, those included that would ask", () => {
    const broken = look(edit(tree, LINKS, plus("qubes.ConnectTCP * allow")));
    expect(broken.ways("electrum-client", "electrum-server")).toEqual([]);
    expect(broken.pair("electrum-client", "electrum-server").denied?.why).toContain("the policy does not load");
  });
});

describe("other examples", () => {
  it("an onion service is a way from Tor to the server behind the gateway, for those who have a key", () => {
    const { ways } = look(good("exposed"));
    expect(ways(TOR, "electrum-server")).toEqual([
      "onion: port 50001 of the onion service qwbtc-electrum-server-electrum, through sys-electrum, for laptop, phone",
    ]);
    expect(ways("sys-electrum", "electrum-server")).toContain("link: port 50001, at its own port 26063");
  });

  it("a server on the LAN is the one address that dom0's firewall names; without it, all", () => {
    const tree = good("remote-servers");
    expect(look(tree).ways("electrum-server", CLEARNET)).toEqual(["network: 192.168.1.20:50002 alone"]);
    expect(look(tree).pair("electrum-server", TOR).denied?.why).toContain("sys-firewall is no gateway");
    const open = edit(tree, "/dom0/qubes.sls", swap('"action=drop"', '"action=accept"'));
    expect(look(open).ways("electrum-server", CLEARNET)).toEqual(["network: everything that sys-firewall lets out"]);
  });
});

describe(judged("two evaluators", "python3"), () => {
  it("see the same calls pass between the same qubes", () => {
    const tree = good("seed");
    const { machine } = study(tree);
    const { pairs } = look(tree);
    const qubes = [...machine.ours.map(({ name }) => name), ...machine.strangers];
    const services = [...new Set(machine.policy.rules.flatMap(({ service }) => service ?? []))].filter(
      (one) => one !== "qubes.ConnectTCP",
    );
    const requests = services.flatMap((service) =>
      qubes.flatMap((source) =>
        ["@default", "@dispvm", "dom0", ...qubes]
          .filter((target) => target !== source)
          .map((target) => ({ service, argument: "+x", source, target })),
      ),
    );
    const domains = Object.fromEntries(
      [...machine.system].map(([name, { type, tags, templateForDispvms, defaultDispvm }]) => [
        name,
        {
          type: type as "AppVM",
          tags,
          template_for_dispvms: templateForDispvms ?? false,
          default_dispvm: defaultDispvm ?? null,
        },
      ]),
    );
    const stock = Object.fromEntries(
      [...STOCK_POLICY].map(([path, text]) => [path.slice(path.lastIndexOf("/") + 1), text]),
    );
    const theirs = other({ ...stock, ...policiesOf(tree) }, { domains }, requests, { beside: false });
    const passing = new Set(
      requests.flatMap(({ service, source, target }, at) => {
        const { allow = false, ask = false, target: end = null } = theirs[at] ?? {};
        return allow || ask ? [`${service} ${source} ${(ask ? target : (end ?? "")).replace("@dispvm:", "")}`] : [];
      }),
    );
    let passed = 0;
    for (const { from, to, ways } of pairs) {
      if (from === TOR || to === TOR || from === CLEARNET || to === CLEARNET || from === "dom0") continue;
      for (const service of services) {
        const said = ways.some(({ what }) => what === service || what.startsWith(`${service},`));
        expect([service, from, to, said]).toEqual([service, from, to, passing.has(`${service} ${from} ${to}`)]);
        if (said) passed += 1;
      }
    }
    expect(passed).toBeGreaterThan(100);
  });
});
