// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic, Severity } from "../kernel/diagnostic.ts";
import { printable } from "../kernel/printable.ts";
import type { Terminal } from "../io/terminal.ts";

type Paint = Terminal["paint"];

const colours = { error: "red", warning: "yellow", note: "cyan" } as const satisfies Record<Severity, string>;
/** So that a line with its gutter fits into a terminal of 80 columns, and the mark stays below what it marks. */
const WIDTH = 72;

/** Findings for people: code, place, the line with the column marked, the reason, the fix. */
export function pretty(diagnostics: readonly Diagnostic[], paint: Paint): string {
  return diagnostics.map((one) => finding(one, paint)).join("\n");
}

function finding({ code, severity, say, why, fix, span }: Diagnostic, paint: Paint): string {
  const label = `${severity}[${code}]`;
  const [first = "", ...more] = wrapped(`${label} ${printable(say)}`);
  const head = `${paint(label, colours[severity], "bold")}${paint(first.slice(label.length), "bold")}`;
  const lines = [head, ...more.map((one) => `  ${paint(one, "bold")}`)];
  if (span) {
    const { text, column } = window(span.text, span.column, span.length);
    const gutter = String(span.line).padStart(4);
    const length = Math.max(1, Math.min(span.length, text.length - column + 1));
    lines.push(`  ${paint("at", "dim")}  ${printable(span.file)}:${span.line}:${span.column}`);
    lines.push(`${paint(`${gutter} |`, "dim")} ${text}`);
    lines.push(`${paint("     |", "dim")} ${" ".repeat(column - 1)}${paint("^".repeat(length), colours[severity])}`);
  }
  lines.push(...paragraph("why", why, paint), ...paragraph("fix", fix, paint));
  return `${lines.join("\n")}\n`;
}

/** The part of a long line that the finding is about; tabs, and whatever else would shift the mark, become blanks. */
function window(text: string, column: number, length: number): { text: string; column: number } {
  const plain = printable(text);
  if (plain.length <= WIDTH) return { text: plain, column };
  const start = Math.max(0, Math.min(column - 20, plain.length - WIDTH));
  const shown = plain.slice(start, start + Math.max(WIDTH, Math.min(length, WIDTH)));
  return { text: shown, column: column - start };
}

function paragraph(label: string, text: string, paint: Paint): string[] {
  return wrapped(printable(text)).map((one, index) => `  ${index === 0 ? paint(label, "dim") : "   "} ${one}`);
}

/** A text in lines that fit into a terminal. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length > WIDTH) {
      lines.push(line);
      line = "";
    }
    line += (line === "" ? "" : " ") + word;
  }
  return [...lines, line];
}

/** `2 errors, 1 warning`. */
export function tally(diagnostics: readonly Diagnostic[]): string {
  const counts = (["error", "warning", "note"] as const).map((severity) => {
    const count = diagnostics.filter((one) => one.severity === severity).length;
    return count === 0 ? "" : `${count} ${severity}${count === 1 ? "" : "s"}`;
  });
  return counts.filter(Boolean).join(", ") || "no findings";
}
