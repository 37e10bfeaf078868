// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "./model.ts";

/** A template of `salt-templates/`, compiled by Handlebars when the compiler itself is built. */
export type CompiledTemplate = TemplateSpecification;

/** Text for a file: fixed, or a template with its view. */
export type Content = { readonly verbatim: string } | { readonly template: CompiledTemplate; readonly view: object };

/** A file that a state writes into a qube or a template. */
export interface ManagedFile {
  /** Where it lands: an absolute path. */
  readonly path: string;
  readonly content: Content;
  readonly user: string;
  readonly group: string;
  /** Four octal digits. */
  readonly mode: string;
  /** The mode of folders made for it. */
  readonly dirMode: string;
  /** For the comment above its state. */
  readonly why: string;
  /** Made if it is missing and never replaced: from then on it is the user's. */
  readonly once?: true;
  /** A command that makes a running qube take a change of this file. */
  readonly reload?: Reload;
  /** Paths of secrets without which the file would only mislead: it is written after them, and not at all where one is missing. */
  readonly needs?: readonly string[];
  /** Paths of other files of the qube that must be there before. */
  readonly after?: readonly string[];
}

/** A file whose content lies in dom0's pillar alone: the tree knows where it lands, never what it says. */
export interface SecretFile {
  readonly path: string;
  /** The pillar's key: the formula, the kind of secret, whose it is, joined by colons. */
  readonly pillar: string;
  /** How the text looks, for people. */
  readonly shape: string;
  /** The pattern (of Python's re) that the whole text must match: any other is not written. Without quotes and backslashes. */
  readonly check: string;
  /** The client that it lets in, where it is a password or the hash of one. */
  readonly client?: string;
  /** The qube that it is for: a server, or one that stands for a server elsewhere. */
  readonly server: string;
  /** A command that makes a running qube take a change of this file. */
  readonly reload?: Reload;
  readonly user: string;
  readonly group: string;
  readonly mode: string;
  readonly dirMode: string;
  readonly why: string;
}

/** Keys that are set in a JSON file which belongs to a program, and removed when they are set no more: whatever else stands there stays. */
export interface MergedJson {
  readonly path: string;
  /** Where the wanted keys lie in the qube, for the state and for people. */
  readonly wanted: string;
  readonly user: string;
  readonly keys: readonly {
    readonly key: string;
    readonly value: string | number | boolean;
    /** Set only where it is missing: the user may choose another. */
    readonly unlessSet?: boolean;
    readonly why: string;
    readonly source: string;
  }[];
  readonly why: string;
}

/** A command that runs when one of its files changed, and until it has succeeded. Files with the same reload share one run. */
export interface Reload {
  readonly id: string;
  readonly command: string;
  readonly why: string;
}

/** A folder with an owner of its own. */
export interface Directory {
  readonly path: string;
  readonly user: string;
  readonly group: string;
  readonly mode: string;
  readonly why: string;
  /** Paths of managed files: nothing else may lie in it. Absent: what else lies in it stays. */
  readonly only?: readonly string[];
  /** A command that makes a running qube notice that something was removed from it. */
  readonly reload?: Reload;
}

/** A file of an earlier topology that would go on working: it is removed. */
export interface AbsentFile {
  readonly path: string;
  readonly why: string;
  readonly reload?: Reload;
}

/** A marked block in a file that belongs to the user; the rest of that file is never touched. */
export interface Block {
  readonly path: string;
  readonly user: string;
  readonly line: string;
  readonly why: string;
}

/** Files of ours in a folder that others use too: what is not wanted any more is removed. */
export interface Pruned {
  readonly path: string;
  /** Who owns the folder, and removes them: root would follow whatever he made of the path. */
  readonly user: string;
  /** Which names in the folder are ours. */
  readonly glob: string;
  /** Names that stay. */
  readonly keep: readonly string[];
  readonly why: string;
  /** A command that makes a running qube notice that something was removed. */
  readonly reload?: Reload;
}

/** What is a comment in a file: from a # to the end of a line, a whole line that begins with # or ;, or nothing at all. */
type Comments = "anywhere" | "line" | "none";

/** A program that goes on with the settings with which it started: an apply that changes them has it restarted. */
export interface Daemon {
  /** Its unit, which the template has. */
  readonly unit: string;
  /** What it reads when it starts, includes and secrets among it; the user's own file too. Nothing else of ours lies in its home. */
  readonly reads: readonly { readonly path: string; readonly comments: Comments }[];
  /** The folder of its program's versions; it runs the one to which `current` leads. */
  readonly program: string;
  /** Seconds that it is given to end; the unit says the same, and dom0 waits longer. */
  readonly stops: number;
}

/** What a qube holds; all of it below /home, /usr/local or /rw, the only places an AppVM keeps. */
export interface QubeParts {
  readonly directories?: readonly Directory[];
  readonly secrets?: readonly SecretFile[];
  readonly files?: readonly ManagedFile[];
  readonly absent?: readonly AbsentFile[];
  readonly pruned?: readonly Pruned[];
  readonly merged?: readonly MergedJson[];
  readonly blocks?: readonly Block[];
  /** What runs in it by itself. */
  readonly daemons?: readonly Daemon[];
  /** Services (`service.…` features) that are switched on for the qube; its template's units wait for them. */
  readonly services?: readonly string[];
  /** Stock services that are switched off. */
  readonly disabled?: readonly string[];
}

/**
 * A system user of a template. The home is explicit: Debian 12's adduser --system gives /nonexistent. So is the number, since files in a qube outlive its
 * template: a clone made anew, with other packages, would give the next free one, and the chain would belong to somebody else.
 */
interface SystemUser {
  readonly name: string;
  /** Of the user and its group. Among Debian's system numbers, amid the gap between what adduser (from 100 up) and systemd-sysusers (from 999 down) take. */
  readonly number: number;
  readonly home: string;
  readonly why: string;
}

/** A unit of a template. It is enabled by a link and active only where its condition finds the qube's service. */
export interface Unit {
  readonly name: string;
  readonly content: Content;
  /** The target whose `.wants` links it; absent for `@.service` units, which a socket starts. */
  readonly wantedBy?: string;
  readonly why: string;
}

/** What a template clone holds. */
export interface TemplateParts {
  readonly packages?: readonly { readonly name: string; readonly why: string }[];
  readonly users?: readonly SystemUser[];
  readonly units?: readonly Unit[];
  /** More files: menu entries, say. */
  readonly files?: readonly ManagedFile[];
  /** Menu entries that these files and packages bring, which its qubes show by default; all of them, or by qube. */
  readonly menu?: readonly string[] | ((qube: Qube) => readonly string[]);
}
