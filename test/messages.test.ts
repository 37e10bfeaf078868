// SPDX-License-Identifier: GPL-3.0-or-later
/** What messages say of the particular case. */
import { describe, expect, it } from "vitest";
import { compile } from "../src/compile.ts";
import { allMessages } from "../src/kernel/message.ts";
import { topology } from "./compiled.ts";

const said = (code: string, text: string) =>
  compile({ name: "topology.yaml", text }).diagnostics.filter((one) => one.code === code);

describe("a number that is not in plain digits", () => {
  const of = (number: string) =>
    said("QB105", topology({ node: `settings: { dbcache: ${number} }` })).map(({ say, fix }) => [say, fix]);
  const notPlain = (number: string, fix: string) =>
    expect(of(number)).toEqual([[`"${number}" is not a plain decimal number`, fix]]);

  it("with an exponent: is told as it is meant", () => {
    notPlain("1.0e-7", "Write 0.0000001.");
    notPlain("1e3", "Write 1000.");
    notPlain("-12.5E+3", "Write -12500.");
    notPlain("1.25e1", "Write 12.5.");
    notPlain(".5e-1", "Write 0.05.");
    notPlain("0e0", "Write 0.");
    notPlain("123456789012345678.9e-2", "Write 1234567890123456.789.");
    notPlain("1e999999999", "Write it in plain digits.");
  });

  it("in another base, or with a sign or a bare point", () => {
    notPlain("0x400", "Write 1024.");
    notPlain("0o17", "Write 15.");
    notPlain("+5", "Write 5.");
    notPlain(".5", "Write 0.5.");
    notPlain(".inf", "Write it in plain digits.");
  });

  it("that is a version is to be a text", () => {
    const [{ say, fix } = { say: "", fix: "" }] = said("QB105", topology({ node: "version: 30.3" }));
    expect([say, fix]).toEqual([
      "30.3 is a version, not a number",
      'A version is a text: write "30.3", with the quotes.',
    ]);
  });
});

describe("a release that upstream keeps no more", () => {
  const server = (version: string) => `  server: { role: fulcrum, bitcoind: bitcoin-server, version: "${version}" }`;
  it.each([
    [
      "QB605",
      topology({ node: 'version: "23.0"' }),
      "Bitcoin Core 23.0 is at its end of life",
      /\. What is found in it/,
    ],
    [
      "QB606",
      topology({ more: server("1.8.1") }),
      "Fulcrum 1.8.1 has a successor",
      /\. Corrections go into the newest/,
    ],
  ])("%s: one headline; what is the matter with the release is the reason", (code, text, say, why) => {
    const found = said(code, text);
    expect(found.map((one) => one.say)).toEqual([say]);
    expect(found[0]?.why).toMatch(why);
    // In general, without a release, there is no such reason.
    expect(allMessages().find((one) => one.code === code)).not.toHaveProperty("why");
  });
});
