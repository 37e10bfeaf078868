// SPDX-License-Identifier: GPL-3.0-or-later
/** Each harm done to a recipe of a good tree is seen when the tree is read back. */
import { describe, expect, it } from "vitest";
import { inspect } from "../src/verify/verify.ts";
import { compiled, topology } from "./compiled.ts";
import { harmed } from "./harm.ts";

const good = compiled(topology({ more: "  electrum-server: { role: fulcrum, bitcoind: bitcoin-server }" }));

describe("a recipe in which", () => {
  it.each<[string, RegExp, string | RegExp, string, RegExp]>([
    ["a digest is cut short", /bitcoin-core\/recipe\.json$/, /"sha256": "../, '"sha256": "', /is no digest/],
    ["a file has no pin", /bitcoin-core\/recipe\.json$/, '"sha256"', '"sha"', /has 0 pins/],
    [
      "a file has two pins",
      /bitcoin-core\/recipe\.json$/,
      /"sha256": ("[^"]*")/,
      '"sha256": $1, "tar_sha256": $1',
      /has 2 pins/,
    ],
    [
      "a file lies elsewhere",
      /bitcoin-core\/recipe\.json$/,
      '"file": "bitcoin',
      '"file": "../bitcoin',
      /is no file's name/,
    ],
    ["nobody needs to sign", /fulcrum\/recipe\.json$/, '"threshold": 1', '"threshold": 0', /signed by anybody/],
    [
      "more must sign than there are",
      /fulcrum\/recipe\.json$/,
      '"threshold": 1',
      '"threshold": 2',
      /signed by anybody/,
    ],
    ["a key is a short one", /fulcrum\/recipe\.json$/, '"D465135F97D0047E18E99DC321810A54', '"', /signed by anybody/],
    ["an address is not https", /bitcoin-core\/recipe\.json$/, "https:", "http:", /would not be fetched safely/],
    [
      "a qube without network fetches",
      /fulcrum\/recipe\.json$/,
      '"proxy": null',
      '"proxy": "10.152.152.10:9180"',
      /without a net qube/,
    ],
    [
      "a qube with network does not",
      /bitcoin-core\/recipe\.json$/,
      /"proxy": "[^"]*"/,
      '"proxy": null',
      /would not fetch/,
    ],
  ])("%s", (_what, file, from, to, expected) => {
    expect(inspect(harmed(good, file, from, to), good.model).join("\n")).toMatch(expected);
  });
});
