// SPDX-License-Identifier: GPL-3.0-or-later
/** Trees that want to be more than text: whatever stands in one, the page shows it and does nothing else. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auditTree, study } from "../../src/audit/audit.ts";
import type { Tree } from "../../src/kernel/tree.ts";
import { html } from "../../src/report/dossier/html.ts";
import { page } from "../../src/report/dossier/page.ts";
import { has, judged } from "../judges.ts";
import { nasty } from "../nasty.ts";
import { browser, CHROMIUM } from "./browser.ts";
import { good } from "./harm.ts";

const MARKUP = `</pre></title></style><script>document.title="taken"</script><img src=x onerror=document.title="taken"><a href="javascript:1">x</a>`;
const TURNED = "\u202egnp.exe\u202c \u2066abc\u2069 \u200b\u00ad\u061c\ufeff \u{e0041} \u0007\u001b[31m";

function dossier(tree: Tree): string {
  const audit = study(tree);
  return page({ kind: "tree", audit, found: auditTree(audit), ownPolicies: false });
}

/** Every text of a tree with another in it, in whatever form each file can hold it. */
function poisoned(text: string): Tree {
  const inYaml = JSON.stringify(text).slice(1, -1);
  const lines = (own: string) => own.replaceAll(/^(# .*)$/gm, (line) => `${line} ${text.replaceAll(/[\n\r]/g, " ")}`);
  return new Map(
    [...good("node-and-wallet")].map(([path, file]) => {
      if (path === "MANIFEST.json")
        return [path, { ...file, text: file.text.replaceAll(/("(?:words|status|role)": ")/g, `$1${inYaml}`) }];
      if (/\.(?:sls|top)$/.test(path))
        return [path, { ...file, text: file.text.replaceAll("electrum-client", `electrum-client${inYaml}`) }];
      if (path === "README.md") return [path, { ...file, text: file.text.replaceAll(/^(### .*)$/gm, `$1 ${text}`) }];
      return [path, { ...file, text: lines(file.text) }];
    }),
  );
}

describe("a value on the page", () => {
  it("is text, whatever it is: no markup, nothing that hides or turns what stands around it", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const made = html`<p title="${text}">${text}</p>`.text;
        const [, title = "", body = ""] = /^<p title="([^"<>]*)">([^<>]*)<\/p>$/.exec(made) ?? [];
        expect(title).toBe(body);
        expect(body).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}/u);
        if (text !== "") expect(body).not.toBe("");
      }),
    );
  });
});

const there = has(CHROMIUM);

describe.skipIf(!there)(judged("a hostile tree in a browser", CHROMIUM), () => {
  const open = browser(there);

  it.each([
    ["markup", MARKUP],
    ["characters that turn and hide", TURNED],
    ["both", `${TURNED}${MARKUP}`],
  ])("is shown and does nothing: %s", async (_what, text) => {
    const { page: opened, complaints, requests, ask } = await open(dossier(poisoned(text)));
    expect([complaints, requests]).toEqual([[], []]);
    expect(await opened.title()).not.toBe("taken");
    expect(
      await opened.locator("script, img, link, iframe, object, [onerror], [onclick], a:not([href^='#'])").count(),
    ).toBe(0);
    expect(await ask("brokenLinks()")).toEqual([]);
    expect(await ask("stickingOut()")).toEqual([]);
    expect(await ask("overflow()")).toBe(0);
    const shown = (await ask("document.body.textContent")) as string;
    expect(shown).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}/u);
    // It is there for people to see, in a qube's name as in a comment.
    if (text.includes(MARKUP)) expect(shown).toContain('<script>document.title="taken"</script>');
    if (text.includes(TURNED)) expect(shown).toContain("⟨U+202E⟩gnp.exe⟨U+202C⟩");
  });
});

describe("a tree that is none of ours", () => {
  it.each<[string, Tree]>([
    ["nothing at all", new Map()],
    [
      "a manifest of another form",
      new Map([["MANIFEST.json", { text: '{"qubes":{"a":1},"software":[]}', mode: "0644" }]]),
    ],
    [
      "states without a manifest",
      new Map([
        ["srv/salt/top.sls", { text: "base:\n  dom0:\n    - vms\n", mode: "0644" }],
        ["srv/salt/top.top", { text: "base:\n  dom0:\n    - vms\n", mode: "0644" }],
        [
          "srv/salt/vms.sls",
          {
            text: "#!yaml\nwallet:\n  qvm.vm:\n    - name: wallet\n    - present:\n      - label: red\n",
            mode: "0644",
          },
        ],
      ]),
    ],
    ["a file that is no text", new Map([["srv/salt/x.sls", { text: "\u0000 no text: 00\n", mode: "0644" }]])],
  ])("gets a page that says what is not known: %s", (_what, tree) => {
    const made = dossier(tree);
    expect(made).toContain("not known");
    expect(made).toMatch(/Not known: no MANIFEST\.json says which qubes are wallets/);
  });
});

describe("a damaged tree", () => {
  const tree = good("node-and-wallet");
  const paths = [...tree.keys()];
  const damage = fc.record({
    path: fc.constantFrom(...paths),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    put: fc.option(nasty),
  });

  it("gets a page whose links all lead somewhere, whichever lines were lost or became something else", () => {
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 6 }), (all) => {
        const changed = new Map(tree);
        for (const { path, at, put } of all) {
          const file = changed.get(path);
          const lines = file?.text.split("\n") ?? [];
          lines.splice(Math.floor(at * lines.length), 1, ...(put === null ? [] : [put]));
          if (file) changed.set(path, { ...file, text: lines.join("\n") });
        }
        const made = dossier(changed);
        const ids = Array.from(made.matchAll(/ id="([^"]*)"/g), ([, id]) => id);
        const known = new Set(ids);
        const lost = Array.from(made.matchAll(/ href="#([^"]*)"/g), ([, to]) => to).filter((to) => !known.has(to));
        expect([lost, ids.length - known.size]).toEqual([[], 0]);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});
