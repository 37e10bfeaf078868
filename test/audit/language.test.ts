// SPDX-License-Identifier: GPL-3.0-or-later
/** The policy language: each rule of the grammar and each case of evaluation (qubes-core-qrexec qrexec/policy/parser.py). */
import { describe, expect, it } from "vitest";
import { deadRules } from "../../src/policy/language/dead.ts";
import { decide } from "../../src/policy/language/evaluate.ts";
import { loadPolicy } from "../../src/policy/language/load.ts";
import { FOLDER, system } from "./system.ts";

const load = (text: string) => loadPolicy(new Map([[`${FOLDER}/50-it.policy`, text]]));

/** What `client` hears when it calls `s+1`: the target, `ask` with whom it offers, or `-`. */
function hears(text: string, target: string, source = "client"): string {
  const found = decide(load(text), { service: "s", argument: "+1", source, target }, system);
  if (found.kind === "deny") return "-";
  return found.kind === "allow"
    ? found.target
    : `ask ${found.targets.join(" ")}${found.chosen ? ` (${found.chosen})` : ""}`;
}

describe("the policy language", () => {
  it.each([
    ["too few fields", "s * client server"],
    ["an action that is none", "s * client server permit"],
    ["a service with a sign that none has", "s:t * client server deny"],
    ["a service with a plus", "s+1 * client server deny"],
    ["an argument without a plus", "s 1 client server deny"],
    ["an argument with a sign that none has", "s +1/2 client server deny"],
    ["an argument for every service", "* +1 client server deny"],
    ["a source that only a target can be", "s * @default server deny"],
    ["a disposable as a source", "s * @dispvm server deny"],
    ["an empty tag", "s * @tag: server deny"],
    ["an empty class", "s * client @type: deny"],
    ["an unknown word", "s * client @everybody deny"],
    ["a tag of disposables that is none", "s * client @dispvm:@group:x deny"],
    ["a parameter without a value", "s * client server allow notify"],
    ["a parameter twice", "s * client server allow notify=no notify=no"],
    ["a parameter of another action", "s * client server deny autostart=no"],
    ["default_target of an allow", "s * client server allow default_target=server"],
    ["yes or no, and another word", "s * client server allow autostart=maybe"],
    ["a redirect to a tag", "s * client server allow target=@tag:x"],
    ["a redirect to any", "s * client server allow target=*"],
    ["an allow for @default that names nobody", "s * client @default allow"],
    ["a comment behind a rule", "s * client server allow # for now"],
    ["a directive that is none", "!import x"],
    ["an include of nothing", "!include"],
    ["an include of what is not there", "!include no-such"],
    ["an include of a folder that is not there", "!include-dir no-such"],
    ["an include of a service with too few words", "!include-service s x"],
    ["an include that includes itself", "!include 50-it.policy"],
  ])("refuses %s, and with it every call", (_what, line) => {
    const policy = load(`s * client server allow\n${line}\n`);
    expect(policy.problems.map((one) => one.line)).toEqual([2]);
    expect(decide(policy, { service: "s", argument: "+1", source: "client", target: "server" }, system).kind).toBe(
      "deny",
    );
  });

  it.each([
    ["no line fits", "", "server", "-"],
    ["an allow", "s * client server allow", "server", "server"],
    ["another service", "t * client server allow", "server", "-"],
    ["the argument, exactly", "s +1 client server allow", "server", "server"],
    ["another argument", "s +2 client server allow", "server", "-"],
    ["no argument is not any", "s + client server allow", "server", "-"],
    ["every service", "* * client server allow", "server", "server"],
    ["the first line that fits", "s * client server deny\ns * client server allow", "server", "-"],
    ["tabs and blanks alike", "s\t*\tclient  server\tallow", "server", "server"],
    ["a comment, and an empty line", "# no\n\n  # nor this\ns * client server allow", "server", "server"],
    ["@anyvm as source", "s * @anyvm server allow", "server", "server"],
    ["@anyvm is also who names nobody", "s * client @anyvm deny\ns * client @default allow target=server", "", "-"],
    ["@anyvm is not dom0", "s * client @anyvm allow", "dom0", "-"],
    ["a star is dom0 too", "s * client * allow", "dom0", "dom0"],
    ["dom0 by its word", "s * client @adminvm allow", "dom0", "dom0"],
    ["dom0's word by its name", "s * client dom0 allow", "@adminvm", "dom0"],
    ["a class sees dom0 only by its name", "s * client @type:AdminVM allow", "@adminvm", "-"],
    ["a tag of the source", "s * @tag:anon-vm server allow", "server", "server"],
    ["a tag of the target", "s * client @tag:server allow", "server", "server"],
    ["a tag that it does not bear", "s * client @tag:other allow", "server", "-"],
    ["a class", "s * client @type:TemplateVM allow", "template", "template"],
    ["@default is sent on", "s * client @default allow target=server", "@default", "server"],
    ["an empty target is @default", "s * client @default allow target=server", "", "server"],
    ["who does not exist is @default", "s * client @default allow target=server", "nobody", "server"],
    ["a redirect to who does not exist", "s * client server allow target=nobody", "server", "-"],
    ["a redirect to itself", "s * client server allow target=client", "server", "-"],
    ["its own disposable", "s * client @dispvm allow", "@dispvm", "@dispvm:base"],
    ["no disposable", "s * server @dispvm allow", "@dispvm", "-"],
    ["a disposable by its template", "s * client @dispvm:base allow", "@dispvm:base", "@dispvm:base"],
    ["the caller's own is that one", "s * client @dispvm:base allow", "@dispvm", "@dispvm:base"],
    ["who is no template for disposables", "s * client * allow", "@dispvm:server", "-"],
    ["disposables by a tag", "s * client @dispvm:@tag:bases allow", "@dispvm:base", "@dispvm:base"],
    ["a word that no caller may say", "s * client * allow", "@anyvm", "-"],
    ["nothing is started", "s * client halted allow autostart=no", "halted", "-"],
    ["something is started", "s * client halted allow", "halted", "halted"],
    ["by its number", "s * uuid:11111111-2222-3333-4444-555555555555 server allow", "server", "server"],
    ["a question about one", "s * client server ask", "server", "ask server"],
    [
      "a question offers what lines allow",
      "s * client halted deny\ns * client @anyvm ask",
      "server",
      "ask @dispvm:base base server template",
    ],
    ["a question that starts nothing", "s * client @anyvm ask autostart=no", "server", "ask base server template"],
    [
      "a question with a choice",
      "s * client @anyvm ask default_target=server",
      "server",
      "ask @dispvm:base base halted server template (server)",
    ],
    ["a question with a redirect", "s * client @anyvm ask target=server", "halted", "ask server"],
    ["a question about nobody", "s * client halted ask autostart=no", "halted", "-"],
    ["the argument is no beginning", "s +10 client server allow", "server", "-"],
    ["a star is who names nobody", "s * client * allow target=server", "", "server"],
    ["a star allows nobody who is named by nobody", "s * client * allow", "", "-"],
    ["@anyvm is a disposable too", "s * client @anyvm allow", "@dispvm:base", "@dispvm:base"],
    ["a name is no disposable of it", "s * client base allow", "@dispvm:base", "-"],
    ["a disposable is not its template", "s * client @dispvm:base allow", "base", "-"],
    ["@dispvm is the word, not the template", "s * client @dispvm allow", "@dispvm:base", "-"],
    ["a class of the source", "s * @type:AppVM server allow", "server", "server"],
    ["a disposable's template as source is no qube", "s * @dispvm:client server allow", "server", "-"],
    ["a target by its number", "s * client server allow", "uuid:22222222-2222-3333-4444-555555555555", "server"],
    ["a line's target by its number", "s * client uuid:22222222-2222-3333-4444-555555555555 allow", "server", "server"],
    ["dom0 by its number", "s * client @adminvm allow", "uuid:00000000-0000-0000-0000-000000000000", "dom0"],
    ["a redirect to dom0", "s * client @default allow target=@adminvm", "", "dom0"],
    ["a redirect to dom0 by name", "s * client @default allow target=dom0", "", "dom0"],
    ["a redirect to its disposable", "s * client @default allow target=@dispvm", "", "@dispvm:base"],
    ["a redirect to a disposable", "s * server @default allow target=@dispvm:base", "", "-"],
    ["a redirect to no template", "s * client @default allow target=@dispvm:server", "", "-"],
    [
      "a redirect by a number",
      "s * client @default allow target=uuid:22222222-2222-3333-4444-555555555555",
      "",
      "server",
    ],
    ["a redirect takes the place of whom the caller names", "s * client server allow target=base", "server", "base"],
    ["a comma parts nothing", "s * client server allow target=base,user=root", "server", "-"],
    ["nothing is started, and a disposable would be", "s * client @dispvm allow autostart=no", "@dispvm", "-"],
    ["nothing is started, and dom0 runs", "s * client dom0 allow autostart=no", "dom0", "dom0"],
    ["a question about dom0", "s * client dom0 ask target=@adminvm", "dom0", "ask dom0"],
    [
      "a question about its disposable",
      "s * client @dispvm ask default_target=@dispvm",
      "@dispvm",
      "ask @dispvm:base (@dispvm:base)",
    ],
    ["a choice that is not offered is none", "s * client server ask default_target=base", "server", "ask server"],
    [
      "dom0 denied by its word, offered by its name",
      "s * client @adminvm deny\ns * client * ask",
      "server",
      "ask @dispvm:base base dom0 halted server template",
    ],
    ["the caller is not offered", "s * client client ask\ns * client server ask", "client", "ask server"],
    [
      "a deny of a tag takes its qubes away",
      "s * client @tag:server deny\ns * client @type:AppVM ask",
      "halted",
      "ask base halted",
    ],
    [
      "a line below adds to what is offered",
      "s * client server ask\ns * client halted allow",
      "server",
      "ask halted server",
    ],
    [
      "a line for another argument adds nothing",
      "s * client server ask\ns +2 client halted allow",
      "server",
      "ask server",
    ],
  ])("%s", (_what, text, target, heard) => {
    expect(hears(text, target)).toBe(heard);
  });

  it("lands parameters on their defaults, and keeps what they say", () => {
    const action = (text: string) => load(`s * client server ${text}`).rules[0]?.action;
    expect(action("deny")).toEqual({ kind: "deny", notify: true });
    expect(action("deny notify=no")).toEqual({ kind: "deny", notify: false });
    expect(action("allow")).toEqual({ kind: "allow", notify: false, autostart: true });
    expect(action("allow user=root notify=yes autostart=no")).toEqual({
      kind: "allow",
      user: "root",
      notify: true,
      autostart: false,
    });
    expect(action("ask target=server default_target=@dispvm:base user=")).toEqual({
      kind: "ask",
      target: { kind: "qube", name: "server" },
      defaultTarget: { kind: "dispvm-of", name: "base" },
      user: "",
      notify: false,
      autostart: true,
    });
  });

  it("knows which lines no call reaches, and which are about nobody", () => {
    const dead = (text: string) => deadRules(load(text), system).map(({ rule }) => rule.line);
    expect(dead("s * client @anyvm deny\ns +1 client server allow")).toEqual([2]);
    expect(dead("s +1 client server allow\ns * client @anyvm deny")).toEqual([]);
    expect(dead("s * client server deny\ns * @tag:anon-vm server allow")).toEqual([]);
    expect(dead("s * client server deny\ns * server server deny\ns * @tag:anon-vm server allow")).toEqual(
      [2, 3].slice(1),
    );
    expect(dead("s * @tag:none @anyvm deny")).toEqual([1]);
    expect(dead("* * @anyvm @anyvm deny\ns * client server allow\n* * client dom0 allow")).toEqual([2]);
  });
});
