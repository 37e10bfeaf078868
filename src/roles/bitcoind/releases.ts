// SPDX-License-Identifier: GPL-3.0-or-later

/** Bitcoin Core versions that a topology may name, newest first. Source: the release notes of 31.0 name 28 and older as end of life. */
export const releases = ["31.1", "30.3"] as const;

/** One of those versions. */
export type Release = (typeof releases)[number];

/** Whether a version is at least a certain major one. */
export function since(release: Release, major: number): boolean {
  return Number(release.split(".")[0]) >= major;
}
