// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Who reaches whom, by the finished files alone: each client calls as its own unit would, our policy files lie among the stock ones, and an
 * evaluator of the policy format (test/policy, nothing of the product's) answers.
 */
import type { QubeOs } from "../src/model/model.ts";
import { describe, expect, it } from "vitest";
import { onEveryChain, withNews } from "./chains.ts";
import { compiled, examples, exampleText, topology } from "./compiled.ts";
import { decide, policiesOf, type Domain, type Request } from "./policy/policy.ts";
import { callsOf, dialledBy, listeningOf } from "./wiring.ts";

const system = `
  electrum-server: { role: fulcrum, bitcoind: bitcoin-server }
  electrum-client: { role: electrum-wallet, server: electrum-server }
  joinmarket-server: { role: joinmarketd, netvm: sys-bitcoin }
  joinmarket-client: { role: joinmarket-wallet, joinmarketd: joinmarket-server, bitcoind: { qube: bitcoin-server, port: 18332 }, payjoin: true, snicker: true }`;
const onion = "pbsxfazs4a5ghnsefnbo7ghowhkl57i6tridfob5od3e4x2vdjicvvad.onion";
const far = `
  node: { role: bitcoind, netvm: sys-bitcoin, remote: { host: ${onion}, port: 443, over: onion } }
  sys-traders: { role: whonix-gateway }
  traders: { role: joinmarketd, netvm: sys-traders, remote: { host: ${onion}, port: 30000, over: onion, auth: true } }
  index: { role: fulcrum, netvm: sys-bitcoin, remote: { host: ${onion}, port: 50001, over: onion } }
  wallet: { role: electrum-wallet, server: { qube: index, port: 50011 } }
  mixer: { role: joinmarket-wallet, joinmarketd: traders, bitcoind: node, payjoin: true, snicker: true }`;
const systems: (readonly [string, string])[] = [
  ...examples.map((name): [string, string] => [name, exampleText(name)]),
  ...withNews(onEveryChain, /\/policy\.d\/80-/),
  ["all ports, and a node by name", topology({ head: "updates: sys-bitcoin", more: system.slice(1) })],
  ["all servers elsewhere", topology({ more: far.slice(1) })],
];

describe.each(systems)("in the system %s", (_name, text) => {
  const { tree, model } = compiled(text);
  const policies = policiesOf(tree);
  const names = model.qubes.map(({ name }) => name);
  const strangers = ["sys-whonix", "anon-whonix", "personal", "vault", "sys-net"];
  const whonix: Record<QubeOs, readonly string[]> = {
    debian: [],
    gateway: ["anon-gateway", "sdwdate-gui-server"],
    workstation: ["anon-vm", "sdwdate-gui-client"],
  };
  // Everything runs, so that nothing is denied merely because it is halted. Tags as the Whonix addon gives them.
  const domains: Record<string, Domain> = {
    ...Object.fromEntries(
      model.qubes.map(({ name, role }) => [name, { tags: [model.formula, ...whonix[role.os]], default_dispvm: null }]),
    ),
    ...Object.fromEntries(
      model.templates.map(({ name }) => [name, { type: "TemplateVM", tags: ["whonix-updatevm"] } as const]),
    ),
    "sys-whonix": { tags: whonix.gateway },
    "anon-whonix": { tags: whonix.workstation, default_dispvm: "whonix-workstation-18-dvm" },
    "whonix-workstation-18-dvm": { tags: whonix.workstation, template_for_dispvms: true },
    personal: {},
    vault: {},
    "sys-net": {},
    dom0: {},
  };
  const ask = (requests: readonly Request[]) => decide(policies, { domains }, requests);
  const calls = names.flatMap((name) => callsOf(tree, name));

  it("each declared link, called as its client's unit calls it, reaches its server, which listens there", () => {
    const declared = model.links.map(({ client, server, port, local }) => [client.name, local, server.name, port]);
    const answers = ask(calls.map(({ client, target, port }) => tcp(client, target, port)));
    const reached = calls.map(({ client, local, port }, at) => [client, local, answers[at]?.target, port]);
    expect(reached.toSorted()).toEqual(declared.toSorted());
    for (const { allow, ask: asks } of answers) expect({ allow, asks }).toEqual({ allow: true, asks: false });
    for (const [at, { port }] of calls.entries()) expect(listeningOf(tree, answers[at]?.target ?? "")).toContain(port);
  });

  it("what each program is told to dial is a port that its qube has open", () => {
    for (const name of names) {
      const open = calls.filter((call) => call.client === name).map(({ local }) => local);
      for (const port of dialledBy(tree, name)) expect(open, `${name}: ${port}`).toContain(port);
    }
  });

  it("every other port of every other qube is denied, however it is asked for", () => {
    const declared = new Set(calls.map(({ client, target, port }) => `${client} ${target} ${port}`));
    const ports = [
      ...new Set([
        22,
        80,
        8333,
        8334,
        9051,
        9401,
        25183,
        26183,
        27183,
        50001,
        50002,
        50011,
        ...calls.map(({ port }) => port),
      ]),
    ];
    const all = [...names, ...strangers];
    const requests = all.flatMap((source) =>
      ["@default", "@dispvm", "@dispvm:whonix-workstation-18-dvm", "no-such-qube", ...all, "dom0"]
        .filter((target) => target !== source && (names.includes(source) || names.includes(target)))
        .flatMap((target) => ports.map((port) => tcp(source, target, port)))
        .filter(
          // A name that no qube has is no name: qrexec takes it for @default.
          ({ target, argument }) =>
            !declared.has(`${source} ${target === "no-such-qube" ? "@default" : target} ${argument.slice(1)}`),
        ),
    );
    const wrong = ask(requests).flatMap(({ allow, ask: asks }, at) => (allow || asks ? [requests[at]] : []));
    expect(requests.length).toBeGreaterThan(300);
    expect(wrong).toEqual([]);
  });

  it("Whonix' own calls pass between a workstation and its own gateway, and nowhere else", () => {
    const services = [
      "sdwdate-gui.Connect",
      "sdwdate-gui.ConnectCheck",
      "sdwdate.Connect",
      "whonix.NewStatus",
      "whonix.SdwdateStatus",
      "whonix.GatewayCommand",
    ];
    const all = [...names, "sys-whonix", "anon-whonix"];
    const requests = services.flatMap((service) =>
      all.flatMap((source) =>
        all
          .filter((target) => target !== source && (names.includes(source) || names.includes(target)))
          .map((target) => ({
            service,
            argument: service === "whonix.GatewayCommand" ? "+restart" : "+",
            source,
            target,
          })),
      ),
    );
    const passed = new Set(
      ask(requests).flatMap(({ allow, ask: asks }, at) =>
        allow || asks ? [`${requests[at]?.source} ${requests[at]?.target}`] : [],
      ),
    );
    const own = model.qubes.flatMap(({ name, netvm, role }) =>
      netvm && role.os === "workstation" ? [`${name} ${netvm.name}`, `${netvm.name} ${name}`] : [],
    );
    expect([...passed].toSorted()).toEqual(own.toSorted());
  });

  it("no qube of ours has another run, open or show something for it; none without network is updated", () => {
    const services = [
      "qubes.OpenURL",
      "qubes.OpenInVM",
      "qubes.StartApp",
      "qubes.VMShell",
      "qubes.VMExec",
      "qubes.UpdatesProxy",
    ];
    const targets = ["@default", "@dispvm", "@dispvm:whonix-workstation-18-dvm", ...names, ...strangers];
    const requests = names.flatMap((source) =>
      services.flatMap((service) =>
        targets.filter((one) => one !== source).map((target) => ({ service, argument: "+", source, target })),
      ),
    );
    // Not even where somebody gave the qube a disposable by hand.
    const careless = {
      ...domains,
      ...Object.fromEntries(
        names.map((name) => [name, { ...domains[name], default_dispvm: "whonix-workstation-18-dvm" }]),
      ),
    };
    for (const system of [domains, careless]) {
      const answers = decide(policies, { domains: system }, requests);
      const wrong = answers.flatMap(({ allow, ask: asks }, at) => (allow || asks ? [requests[at]] : []));
      expect(wrong).toEqual([]);
    }
  });

  it("nobody opens a file or a page in a qube without network; copying asks", () => {
    const offline = model.qubes.filter((qube) => !qube.netvm).map(({ name }) => name);
    const sources = [...names, ...strangers];
    const requests = (service: string) =>
      offline.flatMap((target) =>
        sources.filter((one) => one !== target).map((source) => ({ service, argument: "+", source, target })),
      );
    for (const service of ["qubes.OpenURL", "qubes.OpenInVM", "qubes.VMShell", "qubes.VMRootShell"]) {
      for (const { allow, ask: asks } of ask(requests(service)))
        expect({ allow, asks }).toEqual({ allow: false, asks: false });
    }
    for (const answer of ask(requests("qubes.Filecopy"))) expect(answer.ask).toBe(true);
    const clocks = offline.map((source) => ({ service: "qubes.GetDate", argument: "+", source, target: "@default" }));
    for (const { allow } of ask(clocks)) expect(allow).toBe(false);
  });

  it("a qube that the topology no longer names, and a clone of one, stay shut", () => {
    const left = { ...domains, orphan: { tags: [model.formula, ...whonix.workstation], default_dispvm: null } };
    const services = [
      "qubes.ConnectTCP",
      "sdwdate-gui.Connect",
      "whonix.NewStatus",
      "whonix.GatewayCommand",
      "qubes.OpenURL",
    ];
    const requests = services.flatMap((service) =>
      [...names, ...strangers].flatMap((other) => {
        const argument =
          service === "qubes.ConnectTCP" ? "+8332" : service === "whonix.GatewayCommand" ? "+restart" : "+";
        const calls = [{ service, argument, source: "orphan", target: other }];
        // What others ask of it by the stock rules for files and pages, dom0 asks about.
        return service === "qubes.OpenURL" ? calls : [...calls, { service, argument, source: other, target: "orphan" }];
      }),
    );
    for (const { allow, ask: asks } of decide(policies, { domains: left }, requests))
      expect({ allow, asks }).toEqual({ allow: false, asks: false });
  });

  it("a halted server is not started by a daemon's link, only by a wallet's", () => {
    const halted = {
      ...domains,
      ...Object.fromEntries(names.map((name) => [name, { ...domains[name], power_state: "Halted" } as Domain])),
    };
    const answers = decide(
      policies,
      { domains: halted },
      calls.map(({ client, target, port }) => tcp(client, target, port)),
    );
    const woken = calls.filter((_call, at) => answers[at]?.allow).map(({ client }) => client);
    const wallets = model.qubes.filter(({ role }) => role.name === "electrum-wallet").map(({ name }) => name);
    expect(new Set(woken)).toEqual(new Set(wallets));
  });

  it("our template clones update through sys-whonix as stock, or through the gateway that was chosen", () => {
    const clones = model.templates.filter((one) => one.clone).map(({ name }) => name);
    const answers = ask(
      clones.map((source) => ({ service: "qubes.UpdatesProxy", argument: "+", source, target: "@default" })),
    );
    for (const { target } of answers) expect(target).toBe(model.updates?.name ?? "sys-whonix");
  });
});

function tcp(source: string, target: string, port: number): Request {
  return { service: "qubes.ConnectTCP", argument: `+${port}`, source, target };
}
