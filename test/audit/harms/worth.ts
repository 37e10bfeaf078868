// SPDX-License-Identifier: GPL-3.0-or-later
/** Volumes, backups, pins and ages. */
import { compiled, exampleText } from "../../compiled.ts";
import { edit, good, harming, swap, type HarmClass } from "../harm.ts";

const seed = good("seed");
const on = harming(seed);
const QUBES = "/dom0/qubes.sls";
const NODE = "/bitcoin-server/usr/local/lib/qwbtc-salt/bitcoin-core/recipe.json";
const FULCRUM = "/electrum-server/usr/local/lib/qwbtc-salt/fulcrum/recipe.json";
const TERABYTE = "1073741824000";
const backups = (to: boolean) => swap(/"include[-_]in[-_]backups": \w+/, `"include_in_backups": ${to}`);
const inPrefs = (qube: string, to: boolean) => (text: string) => {
  const start = text.indexOf(`-prefs-${qube}":\n`);
  return text.slice(0, start) + backups(to)(text.slice(start));
};
/** A change of the recipe's first file. */
const digest = (to: string) => swap(/"sha256": "[0-9a-f]{64}"/, to);
const KEYS = ["E777299FC265DD04793070EB944D35F9AC3DB76A", "152812300785C96444D3334D17565732E08E5E41"];
const signed = (threshold: number, ...keys: string[]) =>
  `"signed": ${JSON.stringify({ by: "sums", sums: "SHA256SUMS", signature: "SHA256SUMS.asc", keys, threshold })}`;

/** A wallet whose Electrum is brought: its digest is not known, so signers vouch for it. */
const brought = compiled(
  exampleText("node-and-wallet").replace("role: electrum-wallet", 'role: electrum-wallet\n    version: "4.8.1"'),
).tree;
const ELECTRUM = "/electrum-client/usr/local/lib/qwbtc-salt/electrum/recipe.json";
const [FIRST, SECOND] = ["6694D8DE7BE8EE5631BED9502BD5824B7F9470E6", "0EEDCFD5CAFB459067349B23CA9EEEC43DF911DC"];

export const onWorth: readonly HarmClass[] = [
  {
    name: "a volume that keeps copies of a chain",
    codes: ["QB785"],
    harms: () => [
      on(QUBES, (text) => text.replaceAll("revisions_to_keep 0", "revisions_to_keep 1"), "one copy"),
      on(
        QUBES,
        swap(
          /bitcoin-server:private revisions_to_keep 0"\n    - "unless": .*/,
          'bitcoin-server:private revisions_to_keep 2"\n    - "unless": "false"',
        ),
        "two, of the node",
      ),
      on(
        QUBES,
        swap("electrum-server:private revisions_to_keep 0", "electrum-client:private revisions_to_keep 0"),
        "another qube's are dropped",
      ),
    ],
    twins: () => [
      on(
        QUBES,
        swap(/"unless": ("test [^\n]*revisions_to_keep\)\\" = 0")/, '"unless":\n      - $1'),
        "its condition as a list of one",
      ),
    ],
  },
  {
    name: "a volume without room",
    codes: ["QB786"],
    harms: () => [
      on(QUBES, (text) => text.replaceAll(TERABYTE, "107374182400"), "a tenth of the chain"),
      on(QUBES, (text) => text.replaceAll("268435456000", "10737418240"), "a tenth of the index"),
      on(
        QUBES,
        swap(
          `qvm-volume resize -- bitcoin-server:private ${TERABYTE}`,
          `qvm-volume resize -- electrum-client:private ${TERABYTE}`,
        ),
        "another qube has it",
      ),
      on(
        "/.bitcoin/bitcoin.conf",
        swap("chain=main", "chain=main\nprune=0"),
        "nothing of it",
        edit(seed, QUBES, (text) => text.replaceAll(TERABYTE, "2147483648")),
      ),
    ],
    twins: () => [on(QUBES, (text) => text.replaceAll(TERABYTE, "1288490188800"), "a larger one")],
  },
  {
    name: "backups of what can be had again, or none of keys",
    codes: ["QB787", "QB788"],
    harms: () => [
      on(QUBES, inPrefs("bitcoin-server", true), "the chain"),
      on(QUBES, inPrefs("electrum-server", true), "the index"),
      on(QUBES, inPrefs("electrum-client", false), "not the wallets"),
      on(QUBES, inPrefs("joinmarket-client", false), "not JoinMarket's"),
      on(QUBES, inPrefs("sys-electrum", false), "not an onion service's keys", good("exposed")),
    ],
    twins: () => [on(QUBES, inPrefs("sys-bitcoin", false), "a gateway without keys")],
  },
  {
    name: "a program of which less is asked than is known",
    codes: ["QB795"],
    harms: () => [
      on(
        NODE,
        digest('"sha256": "0000000000000000000000000000000000000000000000000000000000000000"'),
        "another digest",
      ),
      on(
        NODE,
        digest('"tar_sha256": "0000000000000000000000000000000000000000000000000000000000000000"'),
        "the digest of the tar",
      ),
      on(NODE, digest('"sha256": "b80d9c3e"'), "the beginning of a digest"),
      on(NODE, digest('"size": 1'), "no digest"),
      on(NODE, digest(signed(2, ...KEYS)), "signers, where the digest is known"),
      on(NODE, swap('"file": "bitcoin-31.1-x86', '"file": "bitcoin-31.1-mine-x86'), "a file of another name"),
      on(NODE, swap("https://bitcoincore.org", "http://bitcoincore.org"), "no TLS"),
      on(NODE, swap('"finish": null', '"finish": "/home/user/finish"'), "finished by what the user may write"),
      on(NODE, swap("}", ""), "no JSON"),
      ...[null, 5, "x", [], {}, { file: 1 }, { file: "x", signed: 3 }, { file: "x", signed: { keys: [1] } }].map(
        (one) =>
          on(
            NODE,
            (text) => JSON.stringify({ ...(JSON.parse(text) as object), artifacts: { x: one } }),
            JSON.stringify(one),
          ),
      ),
      on(NODE, (text) => JSON.stringify({ ...(JSON.parse(text) as object), more: [null] }), "nothing among more files"),
      on(NODE, () => "[]", "a list"),
      on(ELECTRUM, swap('"threshold": 2', '"threshold": 1'), "one signer is enough", brought),
      on(ELECTRUM, swap(SECOND, FIRST), "one signer twice", brought),
      on(ELECTRUM, swap(SECOND, "0".repeat(40)), "a stranger for one of them", brought),
      on(ELECTRUM, swap("ELECTRUM_VERSION = '4.8.1'", "ELECTRUM_VERSION = '"), "any version inside", brought),
      on(ELECTRUM, swap(/"signed": \{[^}]*\}/, '"signed": null'), "nothing at all", brought),
      on(FULCRUM, swap(/"threshold": [0-9]+/, '"threshold": 0'), "no signature"),
      on(FULCRUM, swap(/"keys": \[\n\s*"/, '$&0000000000000000000000000000000000000000",\n "'), "a stranger signs"),
      on(FULCRUM, swap(/(D465135F97D0047E18E99DC321810A542031C02C)/, "21810A542031C02C"), "a short fingerprint"),
      on(FULCRUM, swap(/"threshold": [0-9]+/, '"threshold": 9'), "more than there are"),
      on(
        "/joinmarket-client/usr/local/lib/qwbtc-salt/joinmarket.lock",
        swap(/sha256:[0-9a-f]{8}/, "sha256:00000000"),
        "a library's digest",
      ),
      on(
        "/joinmarket-server/usr/local/lib/qwbtc-salt/joinmarket.lock",
        (text) => `${text}requests==2.0 --hash=sha256:${"0".repeat(64)}  # x\n`,
        "a library more",
      ),
    ],
    twins: () => [
      on(NODE, swap('"more": []', '"more":   []'), "other blanks"),
      on(ELECTRUM, swap('"threshold": 2', '"threshold": 3'), "one signer more", brought),
    ],
  },
  {
    name: "a program that is not in the catalogue",
    codes: ["QB796"],
    harms: () => [
      on(NODE, swap('"version": "31.1"', '"version": "99.1"'), "a version that there is not"),
      on(NODE, swap('"program": "Bitcoin Core"', '"program": "Bitcoin Other"'), "a program that there is not"),
      on(NODE, (text) => JSON.stringify({ ...(JSON.parse(text) as object), artifacts: {} }, null, 2), "no file at all"),
    ],
    twins: () => [
      on(NODE, swap('"proxy": "10.152.152.10:9180"', '"proxy": "10.152.152.10:9181"'), "another port of Whonix'"),
    ],
  },
  {
    name: "what gets no updates any more",
    codes: ["QB797", "QB798"],
    harms: () => [
      on("MANIFEST.json", swap('"qubes": "4.3"', '"qubes": "4.2"'), "R4.2"),
      on("/dom0/templates.sls", (text) => text.replaceAll("whonix-workstation-18", "whonix-ws-16"), "Whonix 16"),
      on(
        "/dom0/templates.sls",
        (text) => text.replaceAll("whonix-workstation-18", "whonix-workstation-17"),
        "what R4.2 ships",
      ),
      on("/dom0/templates.sls", (text) => text.replaceAll("whonix-workstation-18", "debian-11-minimal"), "Debian 11"),
      on(NODE, (text) => text.replaceAll("31.1", "23.0"), "Bitcoin Core 23.0"),
    ],
    twins: () => [on("MANIFEST.json", swap('"compiler": "', '"compiler": "1'), "another compiler")],
  },
];
