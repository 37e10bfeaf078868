// SPDX-License-Identifier: GPL-3.0-or-later
/** A pillar that a person wrote, as earlier runbooks had it: taken over, completed, nothing of it lost; and what is not ours is refused. */
import { readFileSync } from "node:fs";
import { describe, expect } from "vitest";
import { rpcauthLine } from "../pillar.ts";
import { it, machine, store, why } from "./bench.ts";
import { KEPT, letsIn, PILLAR, PILLAR_TOP, pillarOf } from "./pillar.ts";
import { onionKey, rpcSecrets } from "./tree.ts";

const ADDRESS = "pbsxfazs4a5ghnsefnbo7ghowhkl57i6tridfob5od3e4x2vdjicvvad";
const KEY = "A".repeat(52);
const clients = ["electrum-server", "joinmarket-client"];
const tree = {
  secrets: { ...rpcSecrets("bitcoin-server", clients), "sys-bitcoin": [onionKey("traders", ADDRESS)] },
};
const password = "hand_made-0123456789";
/** Word for word the shape of the runbook, with what people change in it: comments, quotes, indentation. */
const byHand: Record<string, string> = {
  "init.top": `base:
  bitcoin-server: [qwbtc.bitcoin-server]
  "electrum-server":
    - qwbtc.electrum-server
  sys-bitcoin: [ 'qwbtc.sys-bitcoin' ]   # the key
`,
  "electrum-server.sls": `# electrum-server.sls
qwbtc:
  rpc:
    # for /home/fulcrum/cookie
    bitcoin-server: "electrum-server:${password}"
`,
  "bitcoin-server.sls": `   qwbtc:
     rpcauth:
       # made in spring
       electrum-server: 'LINE'
`,
  "sys-bitcoin.sls": `#!yaml\n{"qwbtc": {"onion_auth": {"traders": "${ADDRESS}:descriptor:x25519:${KEY}"}}}\n`,
};

/** A machine with files in the pillar, and the tree unpacked. */
async function withPillar(files: Record<string, string>) {
  const dom0 = machine();
  dom0.unpack("/tmp/a", "A", tree);
  for (const [name, text] of Object.entries(files)) {
    const ran = await dom0.run('mkdir -p "$2" && printf %s "$3" >"$2/$1"', name, PILLAR, text);
    expect(ran.err).toBe("");
  }
  return dom0;
}

describe(`a pillar that a person wrote${why}`, { concurrent: true }, () => {
  it("is taken over, completed where something is missing, and the files that are written anew are kept as they were", async () => {
    const auth = rpcauthLine("electrum-server");
    const dom0 = await withPillar({
      ...byHand,
      "bitcoin-server.sls": byHand["bitcoin-server.sls"]!.replace("LINE", auth),
    });
    const ran = await dom0.install("/tmp/a");
    expect(ran).toMatchObject({ code: 0, err: "" });
    const parts = pillarOf(dom0);
    expect(parts["electrum-server"]).toEqual({ "rpc:bitcoin-server": `electrum-server:${password}` });
    expect(parts["sys-bitcoin"]).toEqual({ "onion_auth:traders": `${ADDRESS}:descriptor:x25519:${KEY}` });
    for (const client of clients)
      expect(letsIn(parts["bitcoin-server"]?.[`rpcauth:${client}`], parts[client]?.["rpc:bitcoin-server"])).toBe(true);
    // The hash there was of another password.
    expect(ran.out).toContain("Mended: the hash of electrum-server's password");
    expect(readFileSync(dom0.host(`${KEPT}/bitcoin-server.sls.by-hand1`), "utf8")).toContain("# made in spring");
    expect(readFileSync(dom0.host(`${PILLAR}/electrum-server.sls`), "utf8")).toBe(byHand["electrum-server.sls"]);
    expect(readFileSync(dom0.host(`${KEPT}/onion_auth.traders`), "utf8")).toContain(KEY);
    expect(ran.out + ran.err).not.toMatch(new RegExp(`${password}|${KEY}`));
    expect((await dom0.install("/tmp/a")).out).toContain("Nothing to do.");
  });

  it("a part of it that the tree does not name is kept aside whole", async () => {
    const dom0 = await withPillar({ "gone.sls": `qwbtc:\n  rpc:\n    old-node: "gone:${password}"\n` });
    const ran = await dom0.type("/tmp/a/install.sh", [["The key by which traders", "\n"]]);
    expect(ran.code).toBe(0);
    expect(Object.keys(pillarOf(dom0)).toSorted()).toEqual(Object.keys(tree.secrets).toSorted());
    expect(readFileSync(dom0.host(`${KEPT}/gone.sls.by-hand1`), "utf8")).toContain(password);
    expect(readFileSync(dom0.host(`${KEPT}/rpc.old-node`), "utf8")).toBe(`gone:${password}\n`);
  });
});

const foreign: [what: string, prepare: string, words: string][] = [
  [
    "a state of one's own",
    `echo "mine: {}" >${PILLAR}/mine.sls`,
    "mine.sls: line 1 is not plain YAML of names and texts",
  ],
  [
    "another key",
    `printf 'qwbtc:\\n  mine:\\n    x: y\\n' >${PILLAR}/x.sls`,
    "x.sls: qwbtc has something in it that is no kind",
  ],
  [
    "another formula's",
    `printf 'other:\\n  rpc:\\n    x: y\\n' >${PILLAR}/x.sls`,
    "x.sls: it has something else than qwbtc",
  ],
  ["a key twice", `printf 'qwbtc:\\n  rpc:\\n    x: y\\n    x: z\\n' >${PILLAR}/x.sls`, "x.sls: line 4 is not plain"],
  ["Jinja", `printf 'qwbtc:\\n  rpc:\\n    x: "{{ y }}"\\n' >${PILLAR}/x.sls`, "x.sls: line 3 is not plain"],
  [
    "another language",
    `printf '#!py\\nqwbtc: {}\\n' >${PILLAR}/x.sls`,
    "x.sls: its first line asks Salt for another language",
  ],
  [
    "a text of two lines",
    `printf '{"qwbtc": {"rpc": {"x": "a\\\\nb"}}}' >${PILLAR}/x.sls`,
    "qwbtc:rpc:x is not one line",
  ],
  [
    "a password for a key",
    `printf 'qwbtc:\\n  rpc:\\n    "a:${password}": y\\n' >${PILLAR}/x.sls`,
    "qwbtc:rpc has a key that is no qube's name",
  ],
  ["bytes that are no text", `printf '\\377' >${PILLAR}/x.sls`, "x.sls: it is no plain text"],
  [
    "a top that names more",
    `printf 'base:\\n  x: [qwbtc.x, mine]\\n' >${PILLAR}/init.top`,
    "init.top: it names something else",
  ],
  ["another file", `echo x >${PILLAR}/notes`, `${PILLAR}/notes: nothing of this name and kind is made here`],
  ["a folder", `mkdir ${PILLAR}/x.sls`, "x.sls: nothing of this name and kind is made here"],
  ["a link", `ln -s /etc/passwd ${PILLAR}/x.sls`, "x.sls: nothing of this name and kind is made here"],
  ["a link in place of a leftover", `ln -s /etc/passwd ${PILLAR}/.init.top.new`, ".init.top.new: nothing of this name"],
];

describe(
  `what is not ours in the pillar is refused with its name and a reason, and stays${why}`,
  { concurrent: true },
  () => {
    it.each(foreign)("%s", async (_, prepare, words) => {
      const dom0 = machine();
      dom0.unpack("/tmp/a", "A", tree);
      const look = `find ${PILLAR} -printf '%p %i %C@ %l\\n' | sort`;
      const script = `mkdir -m 0700 -p ${PILLAR}; ${prepare}; before=$(${look}); /tmp/a/install.sh; code=$?; [ "$before" = "$(${look})" ] || echo "it wrote" >&2; exit $code`;
      const ran = await dom0.run(script);
      expect(ran.code).toBe(2);
      for (const text of ["error: ", words, "  why: ", "  fix: ", "In force: nothing of formula qwbtc"])
        expect(ran.err).toContain(text);
      for (const text of ["it wrote", password, "Traceback"]) expect(ran.err).not.toContain(text);
    });

    it("with a version in force, that version stays, whole with its secrets", async () => {
      const dom0 = machine();
      dom0.unpack("/tmp/a", "A", { secrets: rpcSecrets("bitcoin-server", clients) });
      dom0.unpack("/tmp/b", "B", { secrets: rpcSecrets("bitcoin-server", ["electrum-server"]) });
      await dom0.install("/tmp/a");
      const before = pillarOf(dom0);
      await dom0.run(`echo x >${PILLAR}/notes`);
      const ran = await dom0.install("/tmp/b");
      expect(ran.code).toBe(2);
      expect(ran.err).toContain("In force: version ");
      expect(
        (await dom0.run(`rm ${PILLAR}/notes; readlink /srv/formulas/base/qwbtc-formula; ls ${store} | wc -l`)).code,
      ).toBe(0);
      expect(pillarOf(dom0)).toEqual(before);
    });

    it("a pillar top of somebody else's", async () => {
      const dom0 = machine();
      dom0.unpack("/tmp/a", "A", tree);
      const ran = await dom0.run(`mkdir -p /srv/pillar/_tops/base; echo x >${PILLAR_TOP}; /tmp/a/install.sh`);
      expect(ran.code).toBe(2);
      expect(ran.err).toContain(`${PILLAR_TOP} is not a link to ${PILLAR}/init.top`);
      expect(ran.err).toContain("Nothing was written.");
    });
  },
);
