// SPDX-License-Identifier: GPL-3.0-or-later
import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** How a command talks: results go to `out`, talk to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Colours text for `err`, if it goes to a terminal that wants colours (NO_COLOR, TERM=dumb and FORCE_COLOR are honoured). */
  paint(style: Style, text: string): string;
}

/** This process's own streams. */
export const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  paint: (style, text) => styleText(style, text, { stream: process.stderr }),
};
