// SPDX-License-Identifier: GPL-3.0-or-later
/** Which files make a policy, in which order, and what includes mean (qubes-core-qrexec qrexec/policy/parser.py). */
import { describe, expect, it } from "vitest";
import { decide } from "../../src/policy/language/evaluate.ts";
import { loadPolicy } from "../../src/policy/language/load.ts";
import { FOLDER, system } from "./system.ts";

describe("a policy in files", () => {
  it("reads files in the order of their names, those of /run in place of those of /etc, and includes from where they began", () => {
    const files = (more: Record<string, string>) => loadPolicy(new Map(Object.entries(more)));
    const call = { service: "s", argument: "+1", source: "client", target: "server" };
    const kind = (more: Record<string, string>) => decide(files(more), call, system).kind;
    const [allow, deny] = ["s * client server allow", "s * client server deny"];
    expect(kind({ [`${FOLDER}/9-a.policy`]: deny, [`${FOLDER}/80-a.policy`]: allow })).toBe("allow");
    expect(kind({ "/run/qubes/policy.d/50-a.policy": allow, [`${FOLDER}/50-a.policy`]: deny })).toBe("allow");
    expect(
      kind({
        [`${FOLDER}/.1-a.policy`]: deny,
        [`${FOLDER}/1-a.policy.rpmnew`]: "no",
        [`${FOLDER}/50-a.policy`]: allow,
      }),
    ).toBe("allow");
    expect(kind({ [`${FOLDER}/50-A.policy`]: allow })).toBe("deny");
    expect(kind({ [`${FOLDER}/50-a.policy`]: "!include include/x", [`${FOLDER}/include/x`]: allow })).toBe("allow");
    expect(
      kind({
        [`${FOLDER}/50-a.policy`]: "!include-dir more",
        [`${FOLDER}/more/1.policy`]: deny,
        [`${FOLDER}/more/2.policy`]: allow,
      }),
    ).toBe("deny");
    expect(
      kind({
        [`${FOLDER}/50-a.policy`]: "!include-service s * old",
        [`${FOLDER}/old`]: "$anyvm server allow,target=server",
      }),
    ).toBe("allow");
    expect(files({ [`${FOLDER}/50-a.policy`]: "!compat-4.0" }).opaque).toHaveLength(1);
  });

  const call = { service: "s", argument: "+1", source: "client", target: "server" };
  const [allow, deny] = ["s * client server allow", "s * client server deny"];
  const kindOf = (files: Record<string, string>) =>
    decide(loadPolicy(new Map(Object.entries(files))), call, system).kind;
  const main = `${FOLDER}/50-a.policy`;

  it.each([
    ["a file beside it", { [main]: "!include x", [`${FOLDER}/x`]: allow }, "allow"],
    ["a file by its whole path", { [main]: "!include /srv/x", "/srv/x": allow }, "allow"],
    ["a file above", { [main]: "!include ../x", "/etc/qubes/x": allow }, "allow"],
    ["at its place in the order", { [main]: `!include x\n${allow}`, [`${FOLDER}/x`]: deny }, "deny"],
    [
      "from a file that is included, relative to the first",
      { [main]: "!include sub/x", [`${FOLDER}/sub/x`]: "!include y", [`${FOLDER}/y`]: allow },
      "allow",
    ],
    ["the same twice is no loop", { [main]: "!include x\n!include x", [`${FOLDER}/x`]: allow }, "allow"],
    [
      "two that include each other",
      { [main]: `${allow}\n!include x`, [`${FOLDER}/x`]: "!include 50-a.policy" },
      "deny",
    ],
    [
      "a folder, in C order",
      { [main]: "!include-dir d", [`${FOLDER}/d/9.policy`]: allow, [`${FOLDER}/d/10.policy`]: deny },
      "deny",
    ],
    [
      "of a folder only what ends so and is not hidden",
      {
        [main]: "!include-dir d",
        [`${FOLDER}/d/1`]: deny,
        [`${FOLDER}/d/.2.policy`]: deny,
        [`${FOLDER}/d/3.policy`]: allow,
      },
      "allow",
    ],
    [
      "of a folder a name with a sign that none has",
      { [main]: `${allow}\n!include-dir d`, [`${FOLDER}/d/A.policy`]: allow },
      "deny",
    ],
    [
      "a service's old file, with its argument",
      { [main]: "!include-service s +2 x", [`${FOLDER}/x`]: "$anyvm server allow" },
      "deny",
    ],
    [
      "a service's old file, commas and all",
      {
        [main]: "!include-service s +1 x",
        [`${FOLDER}/x`]: "# old\n$tag:anon-vm $default deny\nclient server allow,target=server,user=root",
      },
      "allow",
    ],
    [
      "an old file that includes one more, by the old word",
      { [main]: "!include-service s * x", [`${FOLDER}/x`]: "$include:y", [`${FOLDER}/y`]: "client server allow" },
      "allow",
    ],
    [
      "an old file with a directive of the new",
      {
        [main]: `${allow}\n!include-service s * x`,
        [`${FOLDER}/x`]: "!include-dir d",
        [`${FOLDER}/d/1.policy`]: allow,
      },
      "deny",
    ],
    ["a service that can be none", { [main]: `${allow}\n!include-service s+1 * x`, [`${FOLDER}/x`]: "" }, "deny"],
    ["every service with one argument", { [main]: `${allow}\n!include-service * +1 x`, [`${FOLDER}/x`]: "" }, "deny"],
    [
      "an old file with too few words",
      { [main]: `${allow}\n!include-service s * x`, [`${FOLDER}/x`]: "client server" },
      "deny",
    ],
    ["the old policy, which nobody reads here", { [main]: `!compat-4.0\n${allow}` }, "allow"],
    ["with a word too many", { [main]: `${allow}\n!compat-4.0 x` }, "deny"],
  ])("includes: %s", (_what, files, kind) => {
    expect(kindOf(files as Record<string, string>)).toBe(kind);
  });

  it.each([
    ["numbers as texts", { [`${FOLDER}/100-a.policy`]: allow, [`${FOLDER}/20-a.policy`]: deny }, "allow"],
    [
      "a dash before a digit, a digit before a letter",
      { [`${FOLDER}/5-.policy`]: allow, [`${FOLDER}/50.policy`]: deny, [`${FOLDER}/5a.policy`]: deny },
      "allow",
    ],
    [
      "an underscore after a letter's capital would be, before its small one",
      { [`${FOLDER}/_a.policy`]: allow, [`${FOLDER}/a.policy`]: deny },
      "allow",
    ],
    ["a capital stops everything", { [main]: allow, [`${FOLDER}/60-B.policy`]: "" }, "deny"],
    ["a blank stops everything", { [main]: allow, [`${FOLDER}/60 b.policy`]: "" }, "deny"],
    [
      "another ending is passed over, whatever stands in it",
      { [main]: allow, [`${FOLDER}/60-b.policy~`]: "no rule" },
      "allow",
    ],
    ["a hidden file is passed over", { [main]: allow, [`${FOLDER}/.B.policy`]: "no rule" }, "allow"],
    ["a folder inside is passed over", { [main]: allow, [`${FOLDER}/sub/10-b.policy`]: deny }, "allow"],
    ["of /run and /etc one order", { "/run/qubes/policy.d/60-b.policy": deny, [main]: allow }, "allow"],
    [
      "of one name that of /run, also when it is wrong",
      { "/run/qubes/policy.d/50-a.policy": "no rule", [main]: allow },
      "deny",
    ],
    [
      "and what it takes the place of is not read",
      { "/run/qubes/policy.d/50-a.policy": allow, [main]: "no rule" },
      "allow",
    ],
    [
      "a mistake in any file, about any service, refuses all",
      { [main]: allow, [`${FOLDER}/90-z.policy`]: "t * client server permit" },
      "deny",
    ],
    ["a file without rules", { [main]: "# nothing\n", [`${FOLDER}/60-b.policy`]: allow }, "allow"],
    [
      "lines that end as on other systems",
      { [main]: "# one\r\ns * client server allow\r\n# two\rs * client server deny" },
      "allow",
    ],
  ])("files: %s", (_what, files, kind) => {
    expect(kindOf(files as Record<string, string>)).toBe(kind);
  });
});
