// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "./model.ts";

/** What a system takes of its machine: qubes and templates, MiB of memory at start and at most, bytes of disk that were asked for. */
export interface Costs {
  readonly qubes: number;
  readonly clones: number;
  readonly memory: number;
  readonly maxmem: number;
  readonly disk: number;
}

/** A template clone shares its disk with the stock template until it is updated; then it takes up to this much. */
const CLONE_BYTES = 10 * 2 ** 30;
/** The private volume of a qube that asks for none: Qubes' default of 2 GiB. */
export const DEFAULT_PRIVATE = 2 * 2 ** 30;

/** The sums over a model. */
export function costs(model: Model): Costs {
  const sum = (figures: number[]) => figures.reduce((total, one) => total + one, 0);
  const clones = model.templates.filter((template) => template.clone).length;
  return {
    qubes: model.qubes.length,
    clones,
    memory: sum(model.qubes.map(({ vm }) => vm.memory.value)),
    maxmem: sum(model.qubes.map(({ vm }) => vm.maxmem.value)),
    disk: sum(model.qubes.map(({ vm }) => vm.privateBytes?.value ?? DEFAULT_PRIVATE)) + clones * CLONE_BYTES,
  };
}
