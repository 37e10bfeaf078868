// SPDX-License-Identifier: GPL-3.0-or-later
/** Tars as bundles are, with a tree in them that is none, each with what must be said of it. */
import { good, type Hostile } from "./hostile.ts";
import { goodFiles, resealed, tar } from "./tars.ts";

/** The files with one of them changed, added, or taken away, and all of them sealed anew. */
function altered(
  change: (files: ReturnType<typeof goodFiles>) => void,
  ...more: Parameters<typeof resealed> extends [unknown, ...infer R] ? R : never
) {
  const files = goodFiles();
  change(files);
  return tar(resealed(files, ...more));
}
const own = "srv/formulas/base/qwbtc-formula/qwbtc";
const put =
  (file: string, text: string, mode = "0644") =>
  (files: ReturnType<typeof goodFiles>) =>
    void files.set(file, { text, mode });

/** Such that the files do not agree with each other, or with the formula. */
export const WRONG_INSIDE: Hostile[] = [
  ["a file that is not listed", "QB927", () => tar(new Map([...good, ["zmore", { text: "x", mode: "0644" }]]))],
  ["a listed file that is not there", "QB927", () => tar(new Map([...good].filter(([file]) => file !== "start")))],
  ["no SHA256SUMS", "QB927", () => tar(new Map([...good].filter(([file]) => file !== "SHA256SUMS")))],
  ["no MANIFEST.json", "QB927", () => tar(new Map([...good].filter(([file]) => file !== "MANIFEST.json")))],
  [
    "other bytes",
    "QB928",
    () => tar(new Map([...good, ["start", { text: "#!/bin/sh\n", mode: "0755" }]].toSorted() as never)),
  ],
  [
    "a script without its mode",
    "QB929",
    () => tar(new Map([...good].map(([file, one]) => [file, file === "start" ? { ...one, mode: "0644" } : one]))),
  ],
  [
    "a text with the mode of a script",
    "QB929",
    () => tar(new Map([...good].map(([file, one]) => [file, file === "README.md" ? { ...one, mode: "0755" } : one]))),
  ],
  [
    "a manifest that is no JSON",
    "QB930",
    () =>
      altered(
        () => undefined,
        () => "{",
      ),
  ],
  [
    "a manifest nested without end",
    "QB930",
    () =>
      altered(
        () => undefined,
        () => "[".repeat(200_000) + "]".repeat(200_000),
      ),
  ],
  [
    "a manifest that is a list",
    "QB930",
    () =>
      altered(
        () => undefined,
        () => [],
      ),
  ],
  [
    "a manifest that is null",
    "QB930",
    () =>
      altered(
        () => undefined,
        () => null,
      ),
  ],
  [
    "a manifest with a key twice",
    "QB930",
    () =>
      altered(
        () => undefined,
        (value) => JSON.stringify(value, null, 2).replace("{", '{\n  "formula": "evil",') + "\n",
      ),
  ],
  [
    "a manifest of another format",
    "QB930",
    () =>
      altered(
        () => undefined,
        (value) => ({ ...value, format: 2 }),
      ),
  ],
  [
    "a formula that Salt would take amiss",
    "QB930",
    () =>
      altered(
        () => undefined,
        (value) => ({ ...value, formula: "database" }),
      ),
  ],
  [
    "a formula that is a path",
    "QB930",
    () =>
      altered(
        () => undefined,
        (value) => ({ ...value, formula: "../x" }),
      ),
  ],
  [
    "a file in the manifest alone",
    "QB930",
    () =>
      altered(
        () => undefined,
        (value) => ({ ...value, files: { ...(value["files"] as object), __proto__x: { mode: "0644", sha256: "" } } }),
      ),
  ],
  [
    "sums out of order",
    "QB930",
    () => {
      const files = goodFiles();
      const sums = files.get("SHA256SUMS")!;
      files.set("SHA256SUMS", { ...sums, text: sums.text.split("\n").slice(0, -1).toReversed().join("\n") + "\n" });
      return tar(files);
    },
  ],
  [
    "sums cut off",
    "QB930",
    () => {
      const files = goodFiles();
      const sums = files.get("SHA256SUMS")!;
      files.set("SHA256SUMS", { ...sums, text: sums.text.slice(0, -5) });
      return tar(files);
    },
  ],
  ["a module for dom0's Salt", "QB931", () => altered(put("srv/salt/_modules/evil.py", "x"))],
  ["a state of another formula", "QB931", () => altered(put("srv/formulas/base/other-formula/other/init.sls", "x"))],
  ["no install.sh", "QB931", () => altered((files) => void files.delete("install.sh"))],
  [
    "a conf file that does more",
    "QB933",
    () =>
      altered(
        put(
          "etc/salt/minion.d/formula-qwbtc.conf",
          "file_roots:\n  base:\n    - /srv/formulas/base/qwbtc-formula\nfailhard: true\n",
        ),
      ),
  ],
  [
    "a private key",
    "QB933",
    () => altered(put(`${own}/files/sys-bitcoin/zkey`, "-----BEGIN OPENSSH PRIVATE KEY-----\n")),
  ],
  ["a state through Jinja", "QB933", () => altered(put(`${own}/qube/zz.sls`, "{{ salt['cmd.run']('id') }}\n"))],
  [
    "a policy that allows by tag",
    "QB933",
    () =>
      altered(
        put(
          `${own}/files/dom0/etc/qubes/policy.d/80-qwbtc.policy`,
          "# Managed by the qwbtc formula.\nqubes.VMShell * @tag:qwbtc @anyvm allow\n",
        ),
      ),
  ],
];
