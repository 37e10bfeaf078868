// SPDX-License-Identifier: GPL-3.0-or-later
/** The stand-in for dom0's policy, case by case: each is a rule of qubes-core-qrexec qrexec/policy/parser.py. */
import { describe, expect, it } from "vitest";
import { compiled, topology } from "../compiled.ts";
import { judged } from "../judges.ts";
import { decide, policiesOf, type Answer, type Policies, type System } from "./policy.ts";

const system: System = {
  domains: {
    client: { tags: ["anon-vm"], default_dispvm: "base" },
    server: { tags: ["anon-vm", "server"] },
    halted: { power_state: "Halted" },
    base: { template_for_dispvms: true, tags: ["bases"] },
    template: { type: "TemplateVM" },
  },
};

/** An answer in a word: the target, `ask` with what is chosen beforehand, or `-` for no. */
function short({ allow, ask, target }: Answer): string {
  return ask ? `ask ${target ?? ""}`.trim() : allow ? (target ?? "?") : "-";
}

/** What `client` hears when it calls `s+1`. */
function hears(rules: string | Policies, target: string, { source = "client", argument = "+1", service = "s" } = {}) {
  const policies = typeof rules === "string" ? { "50-it.policy": rules } : rules;
  return decide(policies, system, [{ service, argument, source, target }], { beside: false })[0] as Answer;
}

describe(judged("the evaluator", "python3"), () => {
  it.each<[what: string, rules: string | Policies, target: string, heard: string]>([
    ["nothing matches", "", "server", "-"],
    ["an allow", "s * client server allow", "server", "server"],
    ["another service", "t * client server allow", "server", "-"],
    ["another argument", "s +2 client server allow", "server", "-"],
    ["the argument, exactly", "s +1 client server allow", "server", "server"],
    ["no argument is not any argument", "s + client server allow", "server", "-"],
    ["a star for a service", "* * client server allow", "server", "server"],
    ["another source", "s * base server allow", "server", "-"],
    ["the first that matches", "s * client server deny\ns * client server allow", "server", "-"],
    ["the first that matches, the other way", "s * client server allow\ns * @anyvm @anyvm deny", "server", "server"],
    [
      "an earlier file shadows a later one",
      { "80-b.policy": "s * client server allow", "45-a.policy": "s * client @anyvm deny" },
      "server",
      "-",
    ],
    [
      "files are in C order: digits one by one",
      { "9-a.policy": "s * @anyvm @anyvm deny", "80-a.policy": "s * client server allow" },
      "server",
      "server",
    ],
    [
      "only files that end in .policy and do not begin with a dot",
      { "10-a.policy.rpmnew": "no policy", ".10-a.policy": "nor this", "50-a.policy": "s * client server allow" },
      "server",
      "server",
    ],
    ["@default is sent on", "s * client @default allow target=server", "@default", "server"],
    ["an empty target is @default", "s * client @default allow target=server", "", "server"],
    ["a qube that does not exist is @default", "s * client @default allow target=server", "nobody", "server"],
    ["@default is no qube", "s * client server allow", "@default", "-"],
    ["@anyvm matches a qube", "s * client @anyvm allow", "server", "server"],
    ["@anyvm matches @default, which leads nowhere", "s * client @anyvm allow", "@default", "-"],
    ["@anyvm, sent on", "s * client @anyvm allow target=server", "@default", "server"],
    ["@anyvm matches @dispvm", "s * client @anyvm allow", "@dispvm", "@dispvm:base"],
    ["@anyvm does not match dom0", "s * client @anyvm allow", "dom0", "-"],
    ["* matches dom0", "s * client * allow", "dom0", "dom0"],
    ["@adminvm is dom0", "s * client dom0 allow", "@adminvm", "dom0"],
    ["sent on to dom0", "s * client @anyvm allow target=@adminvm", "server", "dom0"],
    ["sent on although another was asked for", "s * client server allow target=base", "server", "base"],
    ["sent on to a qube that does not exist", "s * client @default allow target=gone", "@default", "-"],
    ["a tag of the source", "s * @tag:anon-vm server allow", "server", "server"],
    ["a tag that the source lacks", "s * @tag:server server allow", "server", "-"],
    ["a tag of the target", "s * client @tag:server allow", "server", "server"],
    ["@default has no tag", "s * client @tag:server allow target=server", "@default", "-"],
    ["a class", "s * client @type:TemplateVM allow", "template", "template"],
    ["another class", "s * client @type:TemplateVM allow", "server", "-"],
    ["autostart=no to a running qube", "s * client server allow autostart=no", "server", "server"],
    ["autostart=no to a halted qube", "s * client halted allow autostart=no", "halted", "-"],
    ["autostart=no, sent on to a halted qube", "s * client @default allow target=halted autostart=no", "", "-"],
    ["autostart=no to a disposable", "s * client @dispvm allow autostart=no", "@dispvm", "-"],
    ["a halted qube is started", "s * client halted allow", "halted", "halted"],
    ["a call to oneself", "s * client client allow", "client", "-"],
    ["a call to oneself, sent on", "s * client @default allow target=client", "@default", "-"],
    ["a named disposable", "s * client @dispvm:base allow", "@dispvm:base", "@dispvm:base"],
    ["one's own disposable is the named one", "s * client @dispvm:base allow", "@dispvm", "@dispvm:base"],
    ["a disposable by its base's tag", "s * client @dispvm:@tag:bases allow", "@dispvm:base", "@dispvm:base"],
    ["a disposable of what is no base", "s * client @anyvm allow", "@dispvm:server", "-"],
    ["a token that no caller may send", "s * client * allow", "@anyvm", "-"],
    ["a question", "s * client @anyvm ask", "server", "ask"],
    ["a question with a choice", "s * client @anyvm ask default_target=@dispvm", "@default", "ask @dispvm:base"],
    ["comments and empty lines", "# s * client server deny\n\n  # x\ns * client server allow", "server", "server"],
  ])("%s", (_what, rules, target, heard) => {
    expect(short(hears(rules, target))).toBe(heard);
  });

  it("a disposable of a qube that has none is refused", () => {
    expect(hears("s * server @dispvm allow", "@dispvm", { source: "server" }).why).toContain("no default disposable");
  });

  it("says which line decided, and whether the user is told", () => {
    const rules = { "50-a.policy": "# x\ns * client server deny notify=no", "60-a.policy": "s * client * allow" };
    expect(hears(rules, "server")).toMatchObject({ file: "50-a.policy", line: 2, notify: false });
    expect(hears(rules, "base")).toMatchObject({ allow: true, file: "60-a.policy", notify: false, autostart: true });
    expect(hears("", "base")).toMatchObject({ file: null, notify: true });
  });

  it.each([
    ["s * client server", "wrong number of fields"],
    ["s * client server Allow", "invalid action"],
    ["s 1 client server allow", "invalid argument"],
    ["s +1* client server allow", "invalid argument"],
    ["* +1 client server allow", "only * argument"],
    ["s+1 * client server allow", "invalid service"],
    ["s * @default server allow", "invalid token '@default'"],
    ["s * client @nobody allow", "invalid token"],
    ["s * client @tag: allow", "invalid name"],
    ["s * client @default allow", "must have target="],
    ["s * client @default allow target=@anyvm", "invalid token"],
    ["s * client @default allow target=", "invalid name"],
    ["s * client @default allow target=server,autostart=no", "invalid name"],
    ["s * client server allow autostart=0", "yes or no"],
    ["s * client server allow notify=no notify=no", "invalid parameter"],
    ["s * client server deny autostart=no", "invalid parameter"],
    ["s * client server allow default_target=server", "invalid parameter"],
    ["s * client server allow # why", "invalid parameter"],
    ["!include other", "directives are not modelled"],
  ])("one bad line refuses all: %s", (line, why) => {
    expect(() => hears(`s * client server allow\n${line}`, "server")).toThrow(why);
  });

  it("one bad file name refuses all", () => {
    expect(() => hears({ "50-a.policy": "s * client server allow", "50-B.policy": "" }, "server")).toThrow("file name");
  });

  it("a caller that the test forgot is an error of the test", () => {
    expect(() => hears("s * @anyvm server allow", "server", { source: "forgotten" })).toThrow("no qube 'forgotten'");
  });
});

describe(judged("our files beside the stock ones", "python3"), () => {
  const ours = policiesOf(compiled(topology()).tree);
  const whonix = { tags: ["anon-vm", "sdwdate-gui-client"] };
  const gateway = { tags: ["anon-gateway", "sdwdate-gui-server"] };
  const there: System = {
    domains: { "sys-bitcoin": gateway, "sys-whonix": gateway, "bitcoin-server": whonix, "anon-whonix": whonix },
  };
  const ask = (service: string, source: string, target: string, policies = ours) =>
    short(decide(policies, there, [{ service, argument: "+", source, target }])[0] as Answer);

  it("are read at all: the stock files are refused by none, and deny what they deny", () => {
    expect(ask("qubes.ConnectTCP", "anon-whonix", "bitcoin-server", {})).toBe("-");
    expect(ask("qubes.Filecopy", "anon-whonix", "bitcoin-server", {})).toBe("ask");
    expect(ask("sdwdate-gui.Connect", "bitcoin-server", "sys-whonix", {})).toBe("sys-whonix");
  });

  it("come before what the stock files allow", () => {
    expect(ask("sdwdate-gui.Connect", "bitcoin-server", "sys-bitcoin")).toBe("sys-bitcoin");
    expect(ask("sdwdate-gui.Connect", "bitcoin-server", "sys-whonix")).toBe("-");
    expect(ask("sdwdate-gui.Connect", "anon-whonix", "sys-whonix")).toBe("sys-whonix");
  });
});
