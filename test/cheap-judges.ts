// SPDX-License-Identifier: GPL-3.0-or-later
/** Programs that judge files by the hundred: each text once, however many topologies lead to it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Tree } from "../src/kernel/tree.ts";
import { has, run } from "./judges.ts";

/** The kinds of files, by the end of their path. */
const KINDS = {
  joinmarket: /\/joinmarket\.cfg$/,
  torrc: /\/torrc\.d\/[^/]+\.conf$/,
  firewall: /\/whonix_firewall\.d\/[^/]+\.conf$/,
  grater: /\/onion-grater-merger\.d\/[^/]+\.yml$/,
  json: /\.json$/,
} as const;

type Kind = keyof typeof KINDS;

/** Distinct texts of many trees. */
export class Collection {
  readonly texts: Readonly<Record<Kind, Set<string>>> = {
    joinmarket: new Set(),
    torrc: new Set(),
    firewall: new Set(),
    grater: new Set(),
    json: new Set(),
  };

  add(tree: Tree): void {
    for (const [file, { text }] of tree) {
      if (!file.includes("/files/")) continue;
      for (const [kind, pattern] of Object.entries(KINDS)) if (pattern.test(file)) this.texts[kind as Kind].add(text);
    }
  }

  /** What the judges have to say: nothing, if all is well. */
  complaints(): string[] {
    const folder = mkdtempSync(path.join(tmpdir(), "judged-"));
    try {
      return [
        ...(has("python3") ? this.each(folder, "joinmarket", READS_CFG) : []),
        ...this.each(folder, "firewall", 'for f in "$0"/*; do bash -n "$f" || echo "bash: $f"; done'),
        ...(has("tor") ? this.each(folder, "torrc", VERIFIES_TORRC, 150) : []),
        ...[...this.texts.json].flatMap((text) => (isObject(text) ? [] : [text])),
        ...[...this.texts.grater].flatMap((text) => (/\t|pattern: [^']/.test(text) ? [text] : [])),
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  private each(folder: string, kind: Kind, script: string, most = Infinity): string[] {
    const own = path.join(folder, kind);
    mkdirSync(own);
    for (const [at, text] of [...this.texts[kind]].slice(0, most).entries())
      writeFileSync(path.join(own, `${at}`), text);
    const { output } = run("sh", ["-c", script, own], { timeout: 600_000 });
    return output.split("\n").filter((line) => line !== "");
  }
}

/** JoinMarket's own parser (configure.py: strict=False), which must find a section and no interpolation that fails. */
const READS_CFG = `python3 -c '
import configparser, pathlib, sys
for file in pathlib.Path(sys.argv[1]).iterdir():
    one = configparser.ConfigParser(strict=False)
    try:
        one.read(file)
        for section in one.sections():
            dict(one.items(section))
        assert one.get("DAEMON", "no_daemon") == "0"
    except Exception as error:
        print(file, repr(error))
' "$0"`;

/** tor's own check; what it only warns of is a complaint too. */
const VERIFIES_TORRC = `for f in "$0"/*; do
  { echo "DataDirectory $0.data"; echo "User debian-tor"; sed "s#/var/lib/tor/#$0.data/#" "$f"; } > "$0.rc"
  mkdir -p "$0.data"; chown debian-tor "$0.data" "$(dirname "$0")" 2>/dev/null; chmod 0711 "$(dirname "$0")"; chmod 0700 "$0.data"
  tor --verify-config --hush -f "$0.rc" 2>&1 | grep -E "\\\\[(warn|err)\\\\]" | sed "s#^#$f: #"
done`;

function isObject(text: string): boolean {
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null;
}
