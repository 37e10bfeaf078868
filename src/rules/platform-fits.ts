// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";
import { qubesRelease, whonixRelease } from "../software/platforms.ts";

const endOfLife = message("QB401", {
  severity: "warning",
  title: "the Qubes OS release gets no updates any more",
  say: (release: string) => `Qubes OS R${release} gets no security updates any more`,
  why: "Money and anonymity rest on dom0 and Xen: a known hole in them undoes everything that is set up here.",
  fix: "Upgrade the machine to R4.3; the topology then needs this one line changed.",
  source: "qubes-release-configs, R4.2 builds disabled on 2026-07-02",
});

const oldWhonix = message("QB415", {
  severity: "warning",
  title: "the Whonix version gets no updates any more",
  say: (version: number) => `Whonix ${version} gets no security updates any more`,
  why: "Tor itself runs in it, and every byte of strangers' traffic goes through it. Where its templates are not on the machine already, they cannot be had any more, and the states stop before they make a qube.",
  fix: "Install the templates of the Whonix version that belongs to your Qubes OS, and name that one.",
  source: "Whonix documentation, release schedule; qubes-mgmt-salt-dom0-virtual-machines qvm/whonix.jinja",
});

const oddPair = message("QB402", {
  severity: "warning",
  title: "this Whonix version does not belong to this Qubes OS release",
  say: (qubes: string, whonix: number) => `Whonix ${whonix} is not what Qubes OS R${qubes} ships`,
  why: "R4.2 ships Whonix 17 and R4.3 ships 18; another pair is tested by nobody, and Whonix supports old versions only for a short while.",
  fix: (qubes) =>
    `Write whonix: ${qubesRelease(qubes as "4.2" | "4.3").whonix}, unless you know that the machine has the other templates.`,
  source: "qubes-mgmt-salt-dom0-virtual-machines qvm/whonix.jinja",
});

/** Release and Whonix version are current and belong together. */
export function* platformFits({ platform }: Model): Iterable<Finding> {
  if (qubesRelease(platform.qubes).status === "end-of-life")
    yield finding(endOfLife, ["platform", "qubes"], platform.qubes);
  if (whonixRelease(platform.whonix).status === "end-of-life")
    yield finding(oldWhonix, ["platform", "whonix"], platform.whonix);
  if (platform.whonix !== qubesRelease(platform.qubes).whonix) {
    yield finding(oddPair, ["platform", "whonix"], platform.qubes, platform.whonix);
  }
}
