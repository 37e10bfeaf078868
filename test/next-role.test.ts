// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The next role needs a folder and nothing else: here is one, made of nothing but the Role interface, with all that a role can have: packages,
 * a user, a unit, a reference with two services, a demand on its server, keys, files and rules of its own.
 */
import * as z from "zod";
import { describe, expect, it } from "vitest";
import unit from "../salt-templates/bitcoind/node-status.desktop.hbs";
import { message } from "../src/kernel/message.ts";
import { finding } from "../src/model/finding.ts";
import type { Role } from "../src/model/role.ts";
import { bitcoind } from "../src/roles/bitcoind/role.ts";
import { roles } from "../src/roles/index.ts";
import { jsonSchema } from "../src/topology/json-schema.ts";
import { compiled, findings, topology } from "./compiled.ts";

const explained = <T>(value: T) => ({ value, why: "For the test.", source: "the test" });
const loud = message("QB990", { severity: "warning", title: "t", say: () => "loud", why: "w", fix: "f" });

const indexer: Role = {
  name: "indexer",
  summary: "Reads a node.",
  os: "workstation",
  keys: { loud: z.boolean().default(false).describe("Whether the rule speaks.") },
  references: {
    bitcoind: {
      role: "bitcoind",
      services: ["rpc", "zmq"],
      wants: ["txindex"],
      calls: ["getblockcount", "getblockhash"],
      description: "The node that it reads.",
    },
  },
  vm: {
    label: explained("red"),
    memory: explained(600),
    maxmem: explained(2000),
    vcpus: explained(2),
    include_in_backups: explained(false),
    menu_items: explained([]),
  },
  holds: () => ({ what: "index", words: "An index." }),
  trust: ({ name }) => ({
    with: [`The index of ${name}.`],
    learns: [],
    ifTaken: [],
    servedBy: { bitcoind: { learns: () => [{ what: "what it indexes", why: "It asks." }], could: () => [] } },
    strangers: [],
  }),
  template: {
    suffix: "indexer",
    parts: ({ formula }) => ({
      packages: [{ name: "libzmq5", why: "It listens for blocks." }],
      users: [{ number: 870, name: "indexer", home: "/home/indexer", why: "A user of its own." }],
      units: [
        {
          name: `${formula}-indexer.service`,
          content: { template: unit, view: {} },
          wantedBy: "multi-user.target",
          why: "The unit.",
        },
      ],
    }),
  },
  qube: () => ({
    services: ["qwbtc-indexer"],
    files: [
      {
        path: "/home/indexer/indexer.conf",
        content: { verbatim: "# why\nx = 1\n" },
        user: "indexer",
        group: "indexer",
        mode: "0600",
        dirMode: "0700",
        why: "Its settings.",
      },
    ],
  }),
  rules: [
    function* (model) {
      for (const { own, path } of model.qubes) if (own["loud"] === true) yield finding(loud, [...path, "loud"]);
    },
  ],
};
/** What else a role may say of itself: that upstream has ended, and that a server may be found at another local port. */
const viewer: Role = {
  name: "viewer",
  summary: "Looks at a node.",
  ended: { value: "The viewer was given up in 2020", why: "For the test.", source: "the test" },
  trust: () => ({ with: [], learns: [], ifTaken: [], strangers: [] }),
  holds: () => ({ what: "nothing", words: "Nothing." }),
  os: "workstation",
  keys: {},
  references: {
    bitcoind: { role: "bitcoind", services: ["rpc"], calls: ["uptime"], port: true, description: "The node." },
    more: {
      role: "bitcoind",
      services: ["rpc"],
      calls: ["uptime"],
      many: true,
      optional: true,
      description: "Others.",
    },
  },
  vm: indexer.vm,
  template: { suffix: "viewer", parts: () => ({}) },
  runbook: () => ({ beyond: "nothing", byHand: [{ title: "Look", text: "Look." }] }),
};
const all = [...roles, indexer, viewer];
const text = topology({ more: "  electrum-server: { role: indexer, bitcoind: bitcoin-server }" });
const formulas = "srv/formulas/base/qwbtc-formula/qwbtc";

describe("a new role", () => {
  const { tree } = compiled(text, all);
  const textOf = (path: string) => tree.get(`${formulas}/${path}`)?.text ?? "";

  it("is part of the language and of the JSON Schema", () => {
    expect(jsonSchema(all)).toContain('"const": "indexer"');
    expect(findings(topology({ more: "  x: { role: indexer }" }), all)).toEqual(["QB202 9:3"]);
    expect(findings(topology({ more: "  x: { role: indexer, bitcoind: sys-bitcoin }" }), all)).toContain("QB302 9:33");
    expect(findings(topology({ more: "  x: { role: indexer, bitcoind: bitcoin-server, loud: true }" }), all)).toContain(
      "QB990 9:55",
    );
  });

  it("has its links from one declaration: policy, sockets, services, and what the node is asked for", () => {
    const policy = textOf("files/dom0/etc/qubes/policy.d/80-qwbtc.policy")
      .split("\n")
      .filter((line) => /^[a-z]/.test(line));
    expect(policy).toEqual([
      "qubes.ConnectTCP +8332 electrum-server @default allow target=bitcoin-server autostart=no notify=no",
      "qubes.ConnectTCP +8433 electrum-server @default allow target=bitcoin-server autostart=no notify=no",
      "qubes.ConnectTCP * electrum-server @anyvm deny",
      "qubes.ConnectTCP * @anyvm bitcoin-server deny",
      "qubes.ConnectTCP * @tag:qwbtc @anyvm deny",
      "qubes.ConnectTCP * @anyvm @tag:qwbtc deny",
    ]);
    const units = "files/qwbtc-ws-indexer/usr/lib/systemd/system";
    expect(textOf(`${units}/qwbtc-tcp-8332.socket`)).toContain("\nListenStream=127.0.0.1:8332\n");
    expect(textOf(`${units}/qwbtc-tcp-8433@.service`)).toContain("qrexec-client-vm @default qubes.ConnectTCP+8433\n");
    expect(textOf("template/qwbtc-ws-indexer.sls")).toContain("sockets.target.wants/qwbtc-tcp-8332.socket");
    expect(textOf("dom0/qubes.sls")).toContain('- "qwbtc-tcp-8433"');
    const conf = textOf("files/bitcoin-server/home/bitcoin/.bitcoin/bitcoin.conf");
    expect(conf).toContain("\ntxindex=1\n");
    expect(conf).toContain("\nzmqpubhashblock=tcp://127.0.0.1:8433\n");
    expect(conf).toContain("\nrpcwhitelist=electrum-server:getblockcount,getblockhash\n");
    expect(conf).toContain("\nincludeconf=rpcauth-electrum-server.conf\n");
  });

  it("has its template clone, its package and its user, and no net qube", () => {
    expect(textOf("template/qwbtc-ws-indexer.sls")).toMatch(/pkg\.installed:\n {4}- "pkgs":\n {6}- "libzmq5"/);
    expect(textOf("template/qwbtc-ws-indexer.sls")).toContain('- "home": "/home/indexer"');
    const network = textOf("dom0/qubes.sls").split('"qwbtc-network-electrum-server":')[1]?.split("\n\n")[0];
    expect(network).toContain('- "netvm": "none"\n');
  });

  it("may be given up by upstream, which is said where it is chosen and in the runbook", () => {
    const ended = topology({ more: "  looker: { role: viewer, bitcoind: bitcoin-server }" });
    expect(findings(ended, all)).toContain("QB601 9:19");
    expect(compiled(ended, all).tree.get("README.md")?.text).toContain("> **The viewer was given up in 2020.**");
  });

  it("may have several servers on one port: each but the first by name, at a local port of its own", () => {
    const more = [
      "  bitcoin-two: { role: bitcoind, netvm: sys-bitcoin }",
      "  looker: { role: viewer, bitcoind: bitcoin-server, more: [{ qube: bitcoin-two, port: 18332 }] }",
    ].join("\n");
    const { tree: two } = compiled(topology({ more }), all);
    const part = (path: string) => two.get(`${formulas}/${path}`)?.text ?? "";
    expect(part("files/dom0/etc/qubes/policy.d/80-qwbtc.policy").split("\n")).toEqual(
      expect.arrayContaining([
        "qubes.ConnectTCP +8332 looker @default allow target=bitcoin-server autostart=no notify=no",
        "qubes.ConnectTCP +8332 looker bitcoin-two allow autostart=no notify=no",
      ]),
    );
    const units = "files/qwbtc-ws-viewer/usr/lib/systemd/system";
    expect(part(`${units}/qwbtc-18332-bitcoin-two.socket`)).toContain("\nListenStream=127.0.0.1:18332\n");
    expect(part(`${units}/qwbtc-18332-bitcoin-two@.service`)).toContain(
      "qrexec-client-vm bitcoin-two qubes.ConnectTCP+8332\n",
    );
    expect(part("dom0/qubes.sls")).toContain('- "qwbtc-18332-bitcoin-two"');
  });

  it("whose qube needs one port for two servers is told so", () => {
    const greedy: Role = { ...indexer, name: "greedy", ports: () => [8332] };
    const both = topology({ more: "  two: { role: greedy, bitcoind: bitcoin-server }" });
    expect(findings(both, [...roles, greedy])).toEqual(["QB412 9:3"]);
  });
});

it("a role that serves nothing and wants nothing leaves the node as it was", () => {
  expect(bitcoind.services).toBeDefined();
  const conf = compiled(topology()).tree.get(
    `${formulas}/files/bitcoin-server/home/bitcoin/.bitcoin/bitcoin.conf`,
  )?.text;
  expect(conf).toContain("\ntxindex=0\n");
  expect(conf).not.toContain("zmq");
});

it("two hundred nodes: every state is read back, also in files that are read in pieces", () => {
  const many = Array.from({ length: 200 }, (_, at) => `  n${at}-node: { role: bitcoind, netvm: sys-bitcoin }`).join(
    "\n",
  );
  const { tree } = compiled(topology({ more: many }));
  expect(tree.get(`${formulas}/dom0/qubes.sls`)?.text.length).toBeGreaterThan(500_000);
  expect(tree.size).toBeGreaterThan(1500);
});
