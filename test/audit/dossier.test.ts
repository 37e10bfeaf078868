// SPDX-License-Identifier: GPL-3.0-or-later
/** The dossier in a browser, from a file, without network and scripts: what people see of it. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { cli, examples, project } from "../compiled.ts";
import { has, judged } from "../judges.ts";
import { browser, CHROMIUM } from "./browser.ts";

function made(example: string, env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout } = spawnSync(
    process.execPath,
    [cli, "audit", path.join(project, "examples", example, "topology.yaml"), "--format", "html"],
    { encoding: "utf8", maxBuffer: 2 ** 24, env: { PATH: process.env["PATH"], ...env } },
  );
  expect(status).toBe(0);
  return stdout;
}

describe("the dossier", () => {
  it.each(examples)("is made of %s, the same in any place and language, and of a size that can be sent", (example) => {
    const page = made(example);
    expect(page.length).toBeLessThan(1_000_000);
    expect(made(example, { TZ: "Pacific/Chatham", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" })).toBe(page);
  });
});

const there = has(CHROMIUM);

describe.skipIf(!there)(judged("the dossier in a browser", CHROMIUM), () => {
  const open = browser(there);

  it.each(examples)(
    "needs nothing beside itself, leads nowhere else, and names all it leads to: %s",
    async (example) => {
      const { page, complaints, requests, ask } = await open(made(example));
      expect([complaints, requests]).toEqual([[], []]);
      expect(await ask("brokenLinks()")).toEqual([]);
      expect(await ask("jumpingHeadings()")).toEqual([]);
      expect(await page.locator("script, link, img, iframe, object, embed, form").count()).toBe(0);
    },
  );

  it.each([
    [360, "light"],
    [360, "dark"],
    [1280, "light"],
    [1280, "dark"],
  ] as const)("fits %d pixels, all opened, and can be read in %s", async (width, colorScheme) => {
    const { ask } = await open(made("seed"), { viewport: { width, height: 800 }, colorScheme });
    expect(await ask("overflow()")).toBe(0);
    await ask("openAll()");
    expect(await ask("overflow()")).toBe(0);
    expect(await ask("stickingOut()")).toEqual([]);
    expect(await ask("faintTexts(4.5)")).toEqual([]);
  });

  it("is opened by print, but for programs and state files", async () => {
    const { page, ask } = await open(made("node"));
    expect(await ask('lineIsShown("onlynet=onion")')).toBe(false);
    await page.emulateMedia({ media: "print" });
    expect(await ask('lineIsShown("onlynet=onion")')).toBe(true);
    expect(await ask('lineIsShown("#!")')).toBe(false);
    expect(await ask("faintTexts(4.5)")).toEqual([]);
  });

  it("has checks that see what is wrong", async () => {
    const { page, ask } = await open(made("node"), { viewport: { width: 360, height: 800 } });
    await page.evaluate(`
      document.querySelector("h1").style.width = "700px";
      document.querySelector(".lead").style.color = "#999";
      document.querySelector(".lead a").href = "#nowhere";
      document.querySelector("main").append(document.createElement("h4"), document.createElement("h6"));
    `);
    expect(await ask("overflow()")).toBeGreaterThan(0);
    expect(await ask("stickingOut()")).not.toEqual([]);
    expect(String(await ask("faintTexts(4.5)"))).toContain("rgb(153, 153, 153)");
    expect(await ask("brokenLinks()")).toEqual(["#nowhere"]);
    expect(await ask("jumpingHeadings().length")).toBe(2);
  });

  it("answers ten questions about the seed system, in its own text, without scripts", async () => {
    const { page } = await open(made("seed"), { javaScriptEnabled: false });
    const texts = async (selector: string) => (await page.locator(selector).allInnerTexts()).map((one) => one.trim());
    const [asked, answered] = [await texts(".question h3"), await texts(".question .answer")];
    expect(asked.map((question, at) => `${question} ${answered[at]}`)).toEqual([
      "1. Can a wallet leak to the network? Not by itself: electrum-client and joinmarket-client have no net qube and may start no disposable. Through others, once one was taken over: electrum-client may call electrum-server, which has no network and may call on to who has one; joinmarket-client may call bitcoin-server and joinmarket-server, which have a network.",
      "2. Who can spend coins? Whoever rules electrum-client or joinmarket-client: the keys lie there. So can whoever rules dom0 or a wallet's template, or has its seed words, or a backup and its passphrase.",
      "3. What does the node learn, and who else learns what about me? bitcoin-server learns which transactions wallets look up by electrum-server, and which they send; not which wallet. It learns every address of the wallet in joinmarket-client that it has shown or used, what it has, and all that comes and goes; no key. It learns the transactions that joinmarket-client sends by it, and looks at. 6 other qubes learn something, each its own part; so do people beyond this machine.",
      "4. What breaks if sys-bitcoin is taken over? sys-bitcoin: the anonymity and the network of bitcoin-server; it stands between whoever knows the address and bitcoin-server; no way leads between it and electrum-client or joinmarket-client, where keys lie. sys-joinmarket: the anonymity and the network of joinmarket-server; no way leads between it and electrum-client or joinmarket-client, where keys lie.",
      "5. Who can reach the node's RPC and the other servers, and with which methods? The RPC of bitcoin-server: electrum-server with 14 methods and joinmarket-client with 25 methods. 4 ports of 3 servers are open in all, each to 2 clients at most.",
      "6. What goes over clearnet? Tor's own traffic and nothing else: that of sys-bitcoin and sys-joinmarket. Whoever carries it sees that Tor is used, not what for.",
      "7. What can be reached from outside? Through Tor alone: bitcoin-server, at port 8333 of an onion service that it asks for itself, through sys-bitcoin, for whoever knows the address.",
      "8. What of it is in backups, and what must I keep? Qubes' backup takes in sys-bitcoin, electrum-client, joinmarket-client and sys-joinmarket, and leaves out bitcoin-server, electrum-server and joinmarket-server. Keep the seed words of electrum-client and joinmarket-client on paper.",
      "9. Which software runs, and who checks it? By a digest that stands in the tree: Bitcoin Core 31.1 and JoinMarket 0.9.12; by its makers' signatures: Fulcrum 2.1.1; by Debian, of which packages are installed: gpgv, curl, ca-certificates, electrum, python3-pyqt5, libsodium23, libsecp256k1-2, python3-venv and python3-socks. Given up by its makers, or without corrections: JoinMarket 0.9.12.",
      "10. What do I still have to do by hand? Bring the tree into dom0, install and apply it; then 9 things once, some of them only if they fit you, and 5 when the time has come.",
    ]);
  });
});
