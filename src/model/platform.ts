// SPDX-License-Identifier: GPL-3.0-or-later
import { qubesRelease, whonixRelease } from "../software/platforms.ts";
import type { ExternalQube, Platform, QubeOs } from "./model.ts";

/** A stock template of a platform. */
export function stockTemplate(os: QubeOs, { qubes, whonix }: Platform): string {
  return os === "debian" ? qubesRelease(qubes).debian : whonixRelease(whonix)[os];
}

/** The repository that a stock template comes from, and who says so. */
export function templateRepository(template: string): Readonly<Record<"repository" | "maker" | "source", string>> {
  return template.startsWith("whonix-")
    ? {
        repository: "qubes-templates-community",
        maker: "Whonix",
        source: "qubes-mgmt-salt-dom0-virtual-machines qvm/whonix.jinja",
      }
    : { repository: "qubes-templates-itl", maker: "Debian", source: "Qubes documentation, templates" };
}

/** Names of templates of this kind, ours and the hand guides' (Whonix 15 and 16 wrote gw and ws), as an extended regular expression. */
export function templatePattern(os: QubeOs): string {
  if (os === "debian") return "^debian-";
  return os === "gateway" ? "^whonix-(gateway|gw)-" : "^whonix-(workstation|ws)-";
}

/** The qubes of a stock installation that a topology may name without declaring them. */
export const STOCK_QUBES: readonly ExternalQube[] = [
  { name: "sys-net", kind: "net" },
  { name: "sys-firewall", kind: "net" },
  { name: "sys-whonix", kind: "whonix-gateway" },
];
