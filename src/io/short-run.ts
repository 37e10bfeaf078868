// SPDX-License-Identifier: GPL-3.0-or-later
import { setFlagsFromString } from "node:v8";

/**
 * V8 optimizes what has run for a while, on the assumption that it goes on for long. A command is over before that has paid: of a tenth of the
 * functions that it chooses by itself the work comes back, in a system of hundreds of qubes as well. (V8 passes over flags that it does not know.)
 */
setFlagsFromString("--interrupt-budget=4000000");
