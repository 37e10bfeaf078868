// SPDX-License-Identifier: GPL-3.0-or-later

/** A release of Qubes OS. */
interface QubesRelease {
  readonly release: "4.2" | "4.3";
  readonly status: "current" | "end-of-life";
  /** The Whonix version that it ships (qubes-mgmt-salt-dom0-virtual-machines qvm/whonix.jinja). */
  readonly whonix: WhonixVersion;
  /** Its stock Debian template (qubes-builder-debian; names of the R4.2 and R4.3 repositories). */
  readonly debian: string;
}

/** A version of Whonix. */
interface WhonixRelease {
  readonly version: WhonixVersion;
  readonly status: "current" | "end-of-life";
  /** What it is made of. */
  readonly debian: 11 | 12 | 13;
  /** Its Python (packages.debian.org, python3). */
  readonly python: string;
  /** Its stock templates (qvm/whonix.jinja: long names since Whonix 17). */
  readonly gateway: string;
  readonly workstation: string;
  readonly why: string;
}

/** The Whonix versions that a topology may name. */
export type WhonixVersion = 16 | 17 | 18;

export const QUBES_RELEASES: readonly QubesRelease[] = [
  { release: "4.2", status: "end-of-life", whonix: 17, debian: "debian-12-xfce" },
  { release: "4.3", status: "current", whonix: 18, debian: "debian-13-xfce" },
];

export const WHONIX_RELEASES: readonly WhonixRelease[] = [
  {
    version: 16,
    status: "end-of-life",
    debian: 11,
    python: "3.9",
    gateway: "whonix-gw-16",
    workstation: "whonix-ws-16",
    why: "It is made of Debian 11, whose updates have ended, and no repository of Qubes has its templates any more.",
  },
  {
    version: 17,
    status: "current",
    debian: 12,
    python: "3.11",
    gateway: "whonix-gateway-17",
    workstation: "whonix-workstation-17",
    why: "What Qubes OS R4.2 ships.",
  },
  {
    version: 18,
    status: "current",
    debian: 13,
    python: "3.13",
    gateway: "whonix-gateway-18",
    workstation: "whonix-workstation-18",
    why: "What Qubes OS R4.3 ships.",
  },
];

/** A Whonix version's entry. */
export function whonixRelease(version: WhonixVersion): WhonixRelease {
  return WHONIX_RELEASES.find((one) => one.version === version) as WhonixRelease;
}

/** A Qubes OS release's entry. */
export function qubesRelease(release: "4.2" | "4.3"): QubesRelease {
  return QUBES_RELEASES.find((one) => one.release === release) as QubesRelease;
}
