// SPDX-License-Identifier: GPL-3.0-or-later
/** The command that sets and removes our keys in a program's own JSON file. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import mergeTool from "../formulas/every-qube/merge-json.py";
import { run } from "./judges.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "merge-json-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const tool = path.join(scratch, "merge-json");
writeFileSync(tool, mergeTool, { mode: 0o755 });
let count = 0;
const fresh = () => path.join(scratch, `home-${count++}`);

describe("merge-json", () => {
  const merge = (wanted: string, content: string | undefined, ...words: string[]) => {
    const folder = fresh();
    mkdirSync(folder);
    const target = path.join(folder, "deep/config");
    writeFileSync(path.join(folder, "wanted"), `{"always": ${wanted}, "unless set": {"kept": 7}}`);
    if (content !== undefined) {
      mkdirSync(path.dirname(target));
      writeFileSync(target, content);
    }
    const { status } = run(tool, [...words, path.join(folder, "wanted"), target]);
    return { status, text: existsSync(target) ? readFileSync(target, "utf8") : undefined };
  };

  it("--check: yes only where every key has the value and its type; writes nothing", () => {
    const whole = '{"a": true, "b": 1, "kept": 7}';
    expect(merge('{"a": true}', whole, "--check")).toEqual({ status: 0, text: whole });
    expect(merge('{"a": true}', '{"a": true, "kept": "mine"}', "--check").status).toBe(0);
    expect(merge('{"a": true}', '{"a": true}', "--check").status).toBe(1);
    expect(merge('{"a": true}', '{"a": 1, "kept": 7}', "--check").status).toBe(1); // to Python 1 and true are equal
    expect(merge('{"a": 3}', '{"a": 3.0, "kept": 7}', "--check").status).toBe(1);
    expect(merge('{"a": 1}', undefined, "--check")).toEqual({ status: 1, text: undefined });
  });

  /** One folder through several applies: what the topology wants, and what others did to the file before it. */
  const applies = () => {
    const folder = fresh();
    mkdirSync(folder);
    const [keys, target, memory] = ["wanted", "config", "config.ours"].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    const now = () => JSON.parse(readFileSync(target, "utf8")) as Record<string, unknown>;
    const apply = (always: object, before?: object, unlessSet: object = {}) => {
      writeFileSync(keys, JSON.stringify({ always, "unless set": unlessSet }));
      if (before) writeFileSync(target, JSON.stringify(before));
      const check = run(tool, ["--check", keys, target]).status;
      expect(run(tool, [keys, target]).status).toBe(0);
      const files = [target, memory].map((file) => (existsSync(file) ? readFileSync(file, "utf8") : ""));
      expect(run(tool, ["--check", keys, target])).toEqual({ status: 0, output: "" });
      expect(run(tool, [keys, target])).toEqual({ status: 0, output: "" });
      expect([target, memory].map((file) => (existsSync(file) ? readFileSync(file, "utf8") : ""))).toEqual(files);
      return { check, text: now() };
    };
    return { apply, now, target, memory, keys };
  };

  it("a key that the topology gave up is removed, also when the program wrote its file in between", () => {
    const { apply, now, memory } = applies();
    expect(apply({ a: 1, print: "ab" })).toEqual({ check: 1, text: { a: 1, print: "ab" } });
    expect(lstatSync(memory).mode & 0o777).toBe(0o600);
    expect(apply({ a: 1 }, { ...now(), mine: 2 })).toEqual({ check: 1, text: { a: 1, mine: 2 } });
    // An open program that knows nothing of it brings the key back; with a value of its own it is no longer ours.
    expect(apply({ a: 1 }, { a: 1, mine: 2, print: "ab" })).toEqual({ check: 1, text: { a: 1, mine: 2 } });
    expect(apply({ a: 1 }, { a: 1, print: "cd" })).toEqual({ check: 1, text: { a: 1, print: "cd" } });
    expect(apply({ a: 1 }, { a: 1, print: "ab" })).toEqual({ check: 0, text: { a: 1, print: "ab" } });
  });

  it("a removed key is forgotten at the next boot: whoever sets it then means it", () => {
    const { apply, memory } = applies();
    apply({ a: 1, b: true });
    apply({ a: 1 });
    const { boot, ...rest } = JSON.parse(readFileSync(memory, "utf8")) as Record<string, unknown>;
    expect(rest).toEqual({ set: { a: 1 }, removed: { b: true } });
    writeFileSync(memory, JSON.stringify({ ...rest, boot: `not-${boot}` }));
    expect(apply({ a: 1 })).toEqual({ check: 1, text: { a: 1 } });
    expect(apply({ a: 1 }, { a: 1, b: true })).toEqual({ check: 0, text: { a: 1, b: true } });
  });

  it("never removes what somebody else set: before us, in place of ours, or in another type", () => {
    const before = applies();
    expect(before.apply({ a: 1 }, { a: 1, b: 2 })).toEqual({ check: 0, text: { a: 1, b: 2 } });
    expect(before.apply({})).toEqual({ check: 0, text: { a: 1, b: 2 } });
    const other = applies();
    other.apply({ a: 1, b: 2 });
    expect(other.apply({}, { a: true, b: 3 }).text).toEqual({ a: true, b: 3 });
    const chosen = applies();
    chosen.apply({}, {}, { server: "ours" });
    expect(chosen.apply({}, { server: "mine" }, { server: "ours" }).text).toEqual({ server: "mine" });
    expect(chosen.apply({}, { server: "ours" })).toEqual({ check: 0, text: { server: "ours" } });
    const dropped = applies();
    dropped.apply({}, {}, { server: "ours" });
    expect(dropped.apply({}, undefined, {}).text).toEqual({});
  });

  it("without knowing what is ours it does nothing", () => {
    const { apply, keys, target, memory } = applies();
    apply({ a: 1 });
    for (const broken of ["{", "[]", "{}", '{"set": 1, "removed": {}, "boot": ""}']) {
      writeFileSync(memory, broken);
      writeFileSync(keys, '{"always": {"b": 1}, "unless set": {}}');
      expect(run(tool, [keys, target]).status).toBe(2);
      expect(run(tool, ["--check", keys, target]).status).toBe(2);
      expect(JSON.parse(readFileSync(target, "utf8"))).toEqual({ a: 1 });
    }
  });

  it("follows a link that the user made, from wherever it is called", () => {
    const folder = fresh();
    mkdirSync(path.join(folder, "elsewhere"), { recursive: true });
    writeFileSync(path.join(folder, "wanted"), '{"always": {"a": 1}, "unless set": {}}');
    symlinkSync(path.join(folder, "elsewhere/real"), path.join(folder, "config"));
    expect(run("sh", ["-c", `cd ${folder} && ${tool} wanted config`]).status).toBe(0);
    expect(readFileSync(path.join(folder, "elsewhere/real"), "utf8")).toBe('{\n    "a": 1\n}');
    expect(lstatSync(path.join(folder, "config")).isSymbolicLink()).toBe(true);
  });

  it("sets keys and keeps the rest; a file that is no JSON object stays as it is", () => {
    expect(merge('{"b": false}', '{"c": [1], "a": null, "kept": "mine"}')).toEqual({
      status: 0,
      text: '{\n    "a": null,\n    "b": false,\n    "c": [\n        1\n    ],\n    "kept": "mine"\n}',
    });
    expect(merge("{}", "{}").text).toBe('{\n    "kept": 7\n}');
    for (const broken of ["", "{", "[]", '"text"', "\u0000"]) {
      expect(merge('{"a": 1}', broken)).toEqual({ status: 2, text: broken });
      expect(merge('{"a": 1}', broken, "--check")).toEqual({ status: 2, text: broken });
    }
  });
});
