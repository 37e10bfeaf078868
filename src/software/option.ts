// SPDX-License-Identifier: GPL-3.0-or-later

/** A value of a setting, as a topology writes it. */
export type Value = string | number | boolean;

/** What a setting takes. Ranges are those in which the program does what is written: where it would clamp in silence, the bound stands here. */
export type Kind =
  | { readonly is: "flag" }
  | {
      readonly is: "number";
      readonly min: number;
      readonly max: number;
      readonly unit?: string;
      /** Values below `min` that mean something of their own (0 for off, -1 for none). */
      readonly also?: readonly number[];
      readonly decimals?: true;
    }
  | { readonly is: "choice"; readonly of: readonly string[] }
  | { readonly is: "text"; readonly pattern: RegExp; readonly what: string }
  | { readonly is: "list"; readonly pattern: RegExp; readonly what: string };

/**
 * Whose a setting is. `user`: it may be set. `guarded`: it may be set with a `because`, for ours is the safe value. `compiler`: it follows from
 * other keys of the topology, which `instead` names. `never`: nobody may set it here; `refused` says why.
 */
type Owner = "user" | "guarded" | "compiler" | "never";

/**
 * One setting of a program: all there is to know about it. `Facts` is what a role tells about one qube.
 * Sources are files or documents of the program.
 */
export interface Option<Facts = never> {
  /** The program's own name for it. In a file with sections, `SECTION.name` where the name alone would not do. */
  readonly name: string;
  /** What it does, in a sentence, for the JSON Schema and for the comment where a user sets it. */
  readonly what: string;
  readonly kind: Kind;
  /** The program's own default, in words. */
  readonly default: string;
  /** The first version that knows it, and the first that does not any more. */
  readonly since?: string;
  readonly until?: string;
  readonly owner: Owner;
  /** What to write in its place: another key of the topology, or the option that followed it. */
  readonly instead?: string;
  /** Why nobody may set it, or what a user should know who does. */
  readonly refused?: string;
  /** What the program itself says of values or versions that are refused here; `explain` quotes it. */
  readonly says?: readonly string[];
  /** Our value, where we write one; a list stands for several lines. */
  readonly ours?: (facts: Facts) => Value | readonly Value[] | undefined;
  /** The reason for our value. */
  readonly why?: string | ((facts: Facts, line: Value) => string);
  readonly source: string;
}

/** A heading of a configuration file and its settings, in reading order. */
export interface OptionGroup<Facts = never> {
  readonly heading: string | ((facts: Facts) => string);
  /** The section of the file in which they must stand, where the format has sections. */
  readonly section?: string | ((facts: Facts) => string);
  readonly options: readonly Option<Facts>[];
}

/** All settings of a program that are known here. */
export interface OptionSet<Facts = never> {
  readonly program: string;
  readonly groups: readonly OptionGroup<Facts>[];
  /** How its file writes no and yes. */
  readonly flags: readonly [string, string];
  /** A list is several lines, or one with commas. */
  readonly lists?: "commas";
  /** A file of the user's own which the program reads too: what is not known here may go there, unseen by us. */
  readonly own?: string;
}

/** Every option of a set, flat. */
export function optionsOf<Facts>(set: OptionSet<Facts>): readonly Option<Facts>[] {
  return set.groups.flatMap((group) => group.options);
}
