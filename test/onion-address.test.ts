// SPDX-License-Identifier: GPL-3.0-or-later
/** Onion addresses are whole or refused: real ones are taken, and of slips of the finger hardly any passes. */
import { expect, it } from "vitest";
import { isOnionAddress } from "../src/topology/onion-address.ts";

// Of the Tor Project, DuckDuckGo and the example of rend-spec-v3.
const real = [
  "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion",
  "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion",
  "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion",
];

it.each(real)("takes %s", (address) => expect(isOnionAddress(address)).toBe(true));

it("refuses each of them with a letter changed or two neighbours swapped, but for what sixteen bits cannot tell", () => {
  let [tried, taken] = [0, 0];
  const seen = (address: string) => {
    tried += 1;
    if (isOnionAddress(address)) taken += 1;
  };
  for (const address of real) {
    for (let at = 0; at < 56; at++) {
      for (const letter of "abcdefghijklmnopqrstuvwxyz234567") {
        if (letter !== address[at]) seen(address.slice(0, at) + letter + address.slice(at + 1));
      }
      const [one, two] = address.slice(at, at + 2);
      if (at < 55 && one !== two) seen(`${address.slice(0, at)}${two}${one}${address.slice(at + 2)}`);
    }
  }
  // One in 65536 has a checksum that fits by chance.
  expect(tried).toBeGreaterThan(5000);
  expect(taken).toBeLessThan(3);
});

it("refuses what is no address of this kind at all", () => {
  for (const wrong of ["", "example.org", "192.168.1.20", real[0]?.toUpperCase() ?? "", `a${real[0]}`]) {
    expect(isOnionAddress(wrong)).toBe(false);
  }
});
