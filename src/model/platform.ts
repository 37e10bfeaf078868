// SPDX-License-Identifier: GPL-3.0-or-later
import type { ExternalQube, QubeOs } from "./model.ts";

/** A stock template of a Whonix version (qubes-mgmt-salt-dom0-virtual-machines qvm/whonix.jinja: names since Whonix 17). */
export function stockTemplate(os: QubeOs, version: 17 | 18): string {
  return `whonix-${os}-${version}`;
}

/** The repository that stock Whonix templates come from (the same file). */
export const TEMPLATE_REPOSITORY = "qubes-templates-community";

/** Names of templates of this kind, ours and the hand guides' (Whonix 15 and 16 wrote gw and ws), as an extended regular expression. */
export function templatePattern(os: QubeOs): string {
  return os === "gateway" ? "^whonix-(gateway|gw)-" : "^whonix-(workstation|ws)-";
}

/** The qubes of a stock installation that a topology may name without declaring them. */
export const STOCK_QUBES: readonly ExternalQube[] = [
  { name: "sys-net", kind: "net" },
  { name: "sys-firewall", kind: "net" },
  { name: "sys-whonix", kind: "whonix-gateway" },
];
