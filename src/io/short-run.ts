// SPDX-License-Identifier: GPL-3.0-or-later
import { setFlagsFromString } from "node:v8";

/**
 * V8 optimizes what has run for a while, on the assumption that it will go on for long. A command is over before that has paid: with sixty times the
 * patience a build takes a fifth less of the processor, an audit a third, one of a hundred qubes included. (V8 passes over flags that it does not
 * know.)
 */
export function expectShortRun(): void {
  setFlagsFromString("--interrupt-budget=4000000");
}
