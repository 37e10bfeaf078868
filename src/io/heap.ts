// SPDX-License-Identifier: GPL-3.0-or-later
import { setFlagsFromString } from "node:v8";

/** From this many characters on, a topology is large: some two hundred qubes. */
const LARGE = 16384;

/**
 * V8 lets the heap grow to several times of what is in use before it collects. For a system of a thousand qubes that is 340 MB instead of 140;
 * for a usual one it would only cost time. (V8 passes over flags that it does not know.)
 */
export function keepHeapSmall(topology: string): void {
  if (topology.length < LARGE) return;
  setFlagsFromString("--heap-growing-percent=10");
  setFlagsFromString("--semi-space-growth-factor=1");
}
