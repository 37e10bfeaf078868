// SPDX-License-Identifier: GPL-3.0-or-later

/** What to say to a server to see that it is the right kind of program, without a password and without an effect. */
export interface Hello {
  /** The program, for people. */
  readonly who: string;
  /** What is sent, a byte a character. */
  readonly send: string;
  /** A pattern of Python's re that the beginning of the answer matches, a byte a character. */
  readonly expect: string;
  /** The SHA-256 of the certificate that it shows, where it speaks TLS. */
  readonly certificate?: string;
}

/** A program that the states do not make: where it must be. */
export interface ProgramProbe {
  readonly name: string;
  /** A file of it. */
  readonly file: string;
  /** The symlink whose last part is the version, and that version. */
  readonly current?: string;
  readonly version?: string;
}

/** How to ask a program how far its chain is: by a command that answers in JSON, or at an Electrum server's port. */
type HeightProbe =
  | {
      readonly command: readonly string[];
      /** The user who may run it; absent: root. */
      readonly user?: string;
      /** A file that is there while the program runs, where it need not. */
      readonly only_with?: string;
      /** Where the answer has `blocks` and, of a node, `headers` and `syncing`. */
      readonly keys: Readonly<Record<string, string>>;
    }
  | { readonly port: number };

/** What the dom0 command `selftest` must know of a role. */
export interface RoleProbe {
  readonly programs?: readonly ProgramProbe[];
  /** The ports that its daemon listens at for others, its unit, and why that may come long after its start. */
  readonly serves?: { readonly ports: readonly number[]; readonly unit: string; readonly late?: string };
  readonly height?: HeightProbe;
  /** What each of its services answers to; one without a hello is only held open. */
  readonly hellos?: Readonly<Record<string, Hello>>;
}
