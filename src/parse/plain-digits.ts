// SPDX-License-Identifier: GPL-3.0-or-later

/** How far a decimal point is moved: what is longer is no number of a topology, and would be no help to read. */
const FAR = 20;

/** A number of YAML 1.2 in plain decimal digits (1.0e-7 is 0.0000001), digit by digit so that none is rounded; nothing where that would be no help. */
export function plainDigits(source: string): string | undefined {
  if (/^[-+]?(?:0[xo])?[0-9a-f]+$/i.test(source) && Number.isSafeInteger(Number(source))) return String(Number(source));
  const [, sign = "", whole = "", fraction = "", power = "0"] =
    /^([-+]?)([0-9]*)\.?([0-9]*)(?:e([-+]?[0-9]+))?$/i.exec(source) ?? [];
  const move = Number(power);
  if (whole + fraction === "" || Math.abs(move) > FAR) return undefined;
  const digits = "0".repeat(FAR) + whole + fraction + "0".repeat(FAR);
  const point = FAR + whole.length + move;
  const before = digits.slice(0, point).replace(/^0+(?=[0-9])/, "");
  const behind = digits.slice(point).replace(/0+$/, "");
  return `${sign === "-" ? "-" : ""}${before}${behind === "" ? "" : `.${behind}`}`;
}
