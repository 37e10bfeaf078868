// SPDX-License-Identifier: GPL-3.0-or-later
import { rootsFile, type Lands } from "../../model/lands.ts";

/** What the states write in a qube that forwards: where each port leads, which its unit's socat is told. */
export const forwarderLands: Lands = {
  files: [rootsFile("/usr/local/etc/qwbtc-salt/forward-{port}.env")],
  template: { packages: ["socat"] },
};
