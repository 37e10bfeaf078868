// SPDX-License-Identifier: GPL-3.0-or-later
import { styleText } from "node:util";

type Style = Extract<Parameters<typeof styleText>[0], string>;

/** How a command talks: results go to `out`, talk to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Colours text for `err`, if it goes to a terminal that wants colours (NO_COLOR, TERM=dumb and FORCE_COLOR are honoured). */
  paint(text: string, ...styles: Style[]): string;
}

/** This process's own streams. */
export const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  // One style at a time: given a list of styles, styleText of Node 20 colours pipes too.
  paint: (text, ...styles) =>
    styles.reduce((painted, style) => styleText(style, painted, { stream: process.stderr }), text),
};
