// SPDX-License-Identifier: GPL-3.0-or-later
import { qubesRelease, whonixRelease } from "../software/platforms.ts";
import type { ExternalQube, Platform, QubeOs } from "./model.ts";

/** A stock template of a platform. */
export function stockTemplate(os: QubeOs, { qubes, whonix }: Platform): string {
  return os === "debian" ? qubesRelease(qubes).debian : whonixRelease(whonix)[os];
}

/** The repository that a stock template comes from (qvm/whonix.jinja; Debian's are Qubes' own). */
export function templateRepository(template: string): string {
  return template.startsWith("whonix-") ? "qubes-templates-community" : "qubes-templates-itl";
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
