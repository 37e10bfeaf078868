// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import { featureName, featureValue, label, memory, menuItem, poolName, size, tagName } from "./scalars.ts";

const seconds = (what: string) =>
  z.int({ error: "expected a whole number of seconds" }).min(10).max(86400).describe(what);

/** The keys under a qube's `vm:`: what `qvm-prefs`, `qvm-volume`, `qvm-features` and `qvm-tags` would be told by hand, by their own names. */
export const vm = z
  .strictObject({
    label: label.describe("The label (colour) of the qube; it carries no function."),
    memory: memory.describe("Memory at start, in MiB."),
    maxmem: memory.describe("The most memory that Qubes' balancing may give the qube, in MiB."),
    vcpus: z.int({ error: "expected a whole number of virtual CPUs" }).min(1).max(64).describe("Virtual CPUs."),
    autostart: z.boolean().describe("Start the qube when the machine boots."),
    include_in_backups: z.boolean().describe("Offer the qube for qvm-backup."),
    qrexec_timeout: seconds("How long dom0 waits for the qube to come up, in seconds."),
    shutdown_timeout: seconds("How long dom0 waits for a clean shutdown before it kills the qube, in seconds."),
    private: size.describe("The size of the private volume (/home, /usr/local). It is only ever grown."),
    pool: poolName.describe("The storage pool for the qube's volumes; chosen once, when the qube is created."),
    menu_items: z.array(menuItem).max(40).describe("The qube's entries in the application menu."),
    features: z.record(featureName, featureValue).describe("More features for the qube."),
    tags: z.array(tagName).max(40).describe("More tags for the qube."),
  })
  .partial()
  .describe("Qubes' own settings of this qube, by their qvm-prefs names.");

/** What a topology says under `vm:`. */
export type VmKeys = z.infer<typeof vm>;
