// SPDX-License-Identifier: GPL-3.0-or-later

/** Where a formula's states and files lie in the tree, and what Salt calls them. The only place that knows. */
export function paths(formula: string) {
  const root = `srv/formulas/base/${formula}-formula`;
  const states = `${root}/${formula}`;
  return {
    /** The file root that dom0's Salt is told of. */
    root,
    top: `${states}/init.top`,
    minion: `etc/salt/minion.d/formula-${formula}.conf`,
    dom0: (name: string) => `${states}/dom0/${name}.sls`,
    template: (name: string) => `${states}/template/${name}.sls`,
    qube: (name: string) => `${states}/qube/${name}.sls`,
    /** A file that lands in a machine: an absolute path there. */
    file: (machine: string, path: string) => `${states}/files/${machine}${path}`,
    /** How a state names that file. */
    source: (machine: string, path: string) => `salt://${formula}/files/${machine}${path}`,
  };
}

/** The policy files of a formula: what must beat stock files, and the links. */
export function policyNames(formula: string) {
  return { early: `45-${formula}.policy`, links: `80-${formula}.policy` };
}

/** What dom0 adds to its own unit that shuts all qubes down at power-off. */
export function powerOffPath(formula: string): string {
  return `/etc/systemd/system/qubes-core.service.d/50-${formula}.conf`;
}

/** The feature by which dom0 knows of which stock template a clone of ours is. */
export function stockNote(formula: string): string {
  return `${formula}-stock`;
}

/** Where dom0 notes that a qube of ours is being made. Below /var/lib, which only root writes. */
export function markerPath(formula: string, name: string): string {
  return `/var/lib/qwbtc-salt/${formula}/creating/${name}`;
}
