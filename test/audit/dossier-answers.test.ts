// SPDX-License-Identifier: GPL-3.0-or-later
/** Each answer of the dossier changes with the system that it is about: one change to a good tree, and the answer is another. */
import { describe, expect, it } from "vitest";
import { auditTree, study } from "../../src/audit/audit.ts";
import type { Tree } from "../../src/kernel/tree.ts";
import { page } from "../../src/report/dossier/page.ts";
import { compiled, topology } from "../compiled.ts";
import { before, edit, good, swap, without } from "./harm.ts";

/** The answers in short, as the page has them. */
function answers(tree: Tree): string[] {
  const audit = study(tree);
  const html = page({ kind: "tree", audit, found: auditTree(audit), ownPolicies: false });
  return Array.from(html.matchAll(/<p class="answer">([\s\S]*?)<\/p>/g), ([, text = ""]) => textOf(text));
}

function textOf(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&#(\d+);/g, (_all, code) => String.fromCodePoint(Number(code)))
    .replaceAll(/\s+/g, " ")
    .trim();
}

const seed = good("seed");
const calm = answers(seed);

/** Changes the part of a text that begins with one line and ends before the next empty one. */
function within(start: string, change: (text: string) => string): (text: string) => string {
  return (text) => {
    const from = text.indexOf(start);
    const end = text.indexOf("\n\n", from);
    if (from === -1) throw new Error(`not found: ${start}`);
    return text.slice(0, from) + change(text.slice(from, end)) + text.slice(end);
  };
}

/** Another MANIFEST.json, whatever the seals say. */
function claiming(change: (text: string) => string): Tree {
  const text = seed.get("MANIFEST.json")?.text ?? "";
  return new Map([...seed, ["MANIFEST.json", { text: change(text), mode: "0644" }]]);
}

const network = (qube: string, netvm: string) =>
  edit(seed, "dom0/qubes.sls", within(`"qwbtc-network-${qube}":`, swap('"netvm": "none"', `"netvm": "${netvm}"`)));

describe("an answer of the dossier", () => {
  it.each<[string, number, Tree, RegExp]>([
    [
      "a wallet has a net qube",
      1,
      network("electrum-client", "sys-firewall"),
      /^Yes: electrum-client has the net qube sys-firewall\.$/,
    ],
    [
      "a wallet may start disposables",
      1,
      edit(
        seed,
        "dom0/qubes.sls",
        within('"qwbtc-network-electrum-client":', swap('"default_dispvm": "none"', '"default_dispvm": "whonix-dvm"')),
      ),
      /^Yes: electrum-client may start a disposable of whonix-dvm/,
    ],
    [
      "no state says which net qube a wallet has",
      1,
      edit(seed, "dom0/qubes.sls", within('"qwbtc-network-joinmarket-client":', swap(/ *- "netvm": "none"\n/, ""))),
      /^Yes: no state says which net qube joinmarket-client has/,
    ],
    [
      "dom0 lets a wallet run something elsewhere",
      1,
      edit(
        seed,
        "45-qwbtc.policy",
        before("qubes.VMShell * electrum-client", "qubes.VMShell * electrum-client personal allow"),
      ),
      /^Yes: dom0 lets electrum-client call qubes\.VMShell of personal/,
    ],
    [
      "a state file is a template",
      1,
      edit(seed, "qube/sys-joinmarket.sls", swap("#!yaml\n", "#!jinja|yaml\n# {{ 1 }}\n")),
      /^Not that it can be seen, but parts of this tree cannot be read\.$/,
    ],
    ["no manifest names roles", 1, claiming(() => "{}"), /^Not known/],
    [
      "a client may spend from the node's wallets",
      2,
      edit(
        seed,
        "bitcoin-server/home/bitcoin/.bitcoin/bitcoin.conf",
        swap("rpcwhitelist=electrum-server:", "rpcwhitelist=electrum-server:sendtoaddress,"),
      ),
      /through the node's own wallets: electrum-server may call sendtoaddress of bitcoin-server\.$/,
    ],
    [
      "a wallet no longer reaches the node",
      3,
      edit(seed, "80-qwbtc.policy", swap(/^qubes\.ConnectTCP \+8332 joinmarket-client .*\n/m, "")),
      /^bitcoin-server learns which transactions (?!.*joinmarket-client)/,
    ],
    [
      "a wallet stands behind the gateway",
      4,
      network("electrum-client", "sys-bitcoin"),
      /it touches electrum-client, where keys lie/,
    ],
    [
      "a link is shut",
      5,
      edit(seed, "80-qwbtc.policy", swap(/^qubes\.ConnectTCP \+8433 .*\n/m, "")),
      /3 ports of 3 servers are open/,
    ],
    [
      "a server goes out without Tor",
      6,
      network("electrum-server", "sys-firewall"),
      /^Without Tor: electrum-server, to sys-firewall\./,
    ],
    [
      "the gateway makes no onion service",
      7,
      edit(seed, "onion-grater-merger.d/40_qwbtc.yml", swap(/^ {2}commands:[^]*/m, "")),
      /^Nothing: no gateway offers an onion service/,
    ],
    [
      "a wallet is kept out of backups",
      8,
      edit(
        seed,
        "dom0/qubes.sls",
        within('"qwbtc-prefs-electrum-client":', swap('"include-in-backups": true', '"include-in-backups": false')),
      ),
      /A wallet that no state puts into backups: electrum-client\./,
    ],
    [
      "a program is checked by nothing",
      9,
      claiming((text) =>
        text.replaceAll(/"keys": \[\s*"D465135F97D0047E18E99DC321810A542031C02C"\s*\]/g, '"keys": []'),
      ),
      /by nothing that stands here: Fulcrum 2\.1\.1/,
    ],
    [
      "a step is left out",
      10,
      edit(seed, "README.md", without("### When bitcoin-server has the whole chain")),
      /and 4 when the time has come/,
    ],
  ])("changes when %s: question %d", (_what, number, tree, said) => {
    expect(calm[number - 1]).not.toMatch(said);
    expect(answers(tree)[number - 1]).toMatch(said);
  });

  it("does not believe a manifest that calls a wallet worthless", () => {
    const worthless = claiming((text) => text.replaceAll('"what": "keys"', '"what": "nothing"'));
    expect(answers(worthless)[0]).toBe(calm[0]);
  });

  it("stays when nothing but a comment changed", () => {
    expect(answers(edit(seed, "80-qwbtc.policy", before("qubes.ConnectTCP +50001", "# by hand")))).toEqual(calm);
  });
});

describe("the dossier of a tree", () => {
  /** The page's own text, without its markup. */
  const shown = (tree: Tree, found = auditTree(study(tree))) =>
    textOf(page({ kind: "tree", audit: study(tree), found, ownPolicies: false }));

  it("says what is departed from, and for which reason", () => {
    const { tree } = compiled(
      topology({ node: "settings: { uacomment: mine }\n    because: { uacomment: peers of my friends }" }),
    );
    expect(shown(tree).includes("uacomment = mine: peers of my friends")).toBe(true);
    expect(shown(seed).includes("MANIFEST.json names none.")).toBe(true);
  });

  it("names the files that nobody but their user sees", () => {
    expect(shown(seed).includes("/home/bitcoin/.bitcoin/bitcoin.conf.local in bitcoin-server.")).toBe(true);
  });

  it("tells a program that is ours from one that nobody has read", () => {
    const ours = "Byte for byte as this version of qwbtc-salt lays it down.";
    const strange = "None that this version of qwbtc-salt lays down: nobody here has read it.";
    expect([shown(seed).includes(ours), shown(seed).includes(strange)]).toEqual([true, false]);
    const edited = edit(seed, "bitcoin-server/usr/local/bin/node-status", (text) => `${text}curl example.org\n`);
    expect(shown(edited).includes(strange)).toBe(true);
  });

  it("says of a policy line that no call reaches it, and by which it is shadowed", () => {
    const line = "qubes.ConnectTCP +9999 electrum-client electrum-server allow";
    const dead = edit(seed, "80-qwbtc.policy", (text) => `${text}${line}\n`);
    expect(shown(seed).includes("Never counts")).toBe(false);
    expect(/Never counts: 80-qwbtc\.policy:[0-9]+ decides before\./.test(shown(dead))).toBe(true);
  });

  it("is the same of a tree and its bundle, but for which it was, and names no path of this machine", () => {
    const audit = study(seed);
    const one = page({ kind: "bundle", audit, found: [], ownPolicies: false });
    const other = page({ kind: "tree", audit, found: [], ownPolicies: false });
    expect(one.replace("a bundle, the tree as one tar", "a finished tree") === other).toBe(true);
    const span = { file: "/home/xavier/topology.yaml", line: 3, column: 1, length: 1, text: "x" };
    const finding = { code: "QB101", severity: "error", say: "it is wrong", why: "so", fix: "mend", span } as const;
    const made = shown(seed, [finding]);
    expect([made.includes("topology:3"), made.includes("xavier")]).toEqual([true, false]);
  });
});

it("what the runbook says of backups stands there whole", () => {
  const audit = study(seed);
  const words = textOf(page({ kind: "tree", audit, found: auditTree(audit), ownPolicies: false }));
  for (const name of audit.machine.ours.map((one) => one.name))
    expect(words).toMatch(new RegExp(`${name}: (?:not )?in Qubes' backup`));
  expect(words).toContain(
    "dom0, /srv/pillar/base/qwbtc: not in Qubes' backup. The passwords between the qubes, which can be made anew, and keys to servers elsewhere, if there are any, which cannot.",
  );
});
