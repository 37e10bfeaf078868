// SPDX-License-Identifier: GPL-3.0-or-later
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";

/** Looks until it sees what it waits for. Not `expect.poll`, which forgets its test where several run at once. */
export async function eventually(look: () => Promise<unknown>, wanted: unknown, patience = 60_000): Promise<void> {
  const holds = typeof wanted === "function" ? (wanted as (seen: unknown) => boolean) : undefined;
  for (const until = Date.now() + patience; ; await sleep(200)) {
    const seen = await look();
    if (holds ? holds(seen) : isDeepStrictEqual(seen, wanted)) return;
    if (Date.now() > until) {
      expect(seen, "still after a minute").toEqual(wanted);
      return;
    }
  }
}
