// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * The settings of a file as keys and values, whatever its form (`key=value`, `key = value`, `Key value`, JSON, systemd's), comments left out. Of
 * a key that stands more than once, all values in their order; within sections, `[section] key`.
 */
export function settingsIn(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let section = "";
  for (const whole of text.split("\n")) {
    const line = whole.trim().replace(/,$/, "");
    if (line === "" || /^[#;]|^[{}\]]/.test(line)) continue;
    if (/^\[[^\]]*\]$/.test(line)) {
      section = `${line} `;
      continue;
    }
    const [, key = line, value = ""] = /^"?([\w.+-]+)"?\s*(?:\+?=|:|\s)\s*(.*)$/.exec(line) ?? [];
    const name = `${section}${key}`;
    const known = found.get(name);
    found.set(name, known === undefined ? value : `${known} | ${value}`);
  }
  return found;
}
