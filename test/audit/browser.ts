// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

/** Debian's browser: none is ever fetched. */
export const CHROMIUM = "chromium";

/** A page as it was loaded from a file, and what went wrong or was asked for beside it. */
export interface Opened {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
  /** Asks a question of page-checks.js: `overflow()`. */
  ask(question: string): Promise<unknown>;
}

const CHECKS = readFileSync(path.join(import.meta.dirname, "page-checks.js"), "utf8");

/** Opens pages from files in one browser without network, for the tests of one block; it is closed after them. */
export function browser(there: boolean): (html: string, options?: BrowserContextOptions) => Promise<Opened> {
  const base = mkdtempSync(path.join(tmpdir(), "page-"));
  let running: Browser | undefined;
  let number = 0;
  beforeAll(async () => {
    if (!there) return;
    running = await chromium.launch({ executablePath: `/usr/bin/${CHROMIUM}`, chromiumSandbox: false });
  });
  afterAll(async () => {
    await running?.close();
    rmSync(base, { recursive: true });
  });
  return async (html, options = {}) => {
    const file = path.join(base, `${++number}.html`);
    writeFileSync(file, html);
    const context = await running?.newContext({ offline: true, ...options });
    const page = await context?.newPage();
    if (!page) throw new Error("no browser");
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (one) => complaints.push(`${one.type()}: ${one.text()}`));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (one) => requests.push(one.url()));
    const url = pathToFileURL(file).href;
    await page.goto(url);
    return {
      page,
      complaints,
      requests: requests.filter((one) => one !== url),
      ask: (question) => page.evaluate(`${CHECKS}\n${question}`),
    };
  };
}
