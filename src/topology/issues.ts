// SPDX-License-Identifier: GPL-3.0-or-later
import type * as z from "zod";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { Role } from "../model/role.ts";
import type { Document, Path } from "../parse/document.ts";
import * as say from "./messages.ts";
import { at, keysOf, rolesOf } from "./schema-walk.ts";
import { isSetting, settingProblems } from "./settings-problems.ts";
import { vm } from "./vm.ts";

/** What is wrong at one place of a topology, in our words: what zod found, where, and what its fix is. */
export function explainIssue(
  issue: z.core.$ZodIssue,
  path: Path,
  document: Document,
  schema: z.ZodType,
  roles: readonly Role[],
): Diagnostic[] {
  const { locate } = document;
  const value = at(document.value, path);
  const keys = issue.code === "unrecognized_keys" ? issue.keys : undefined;
  const setting = settingProblems(path, keys, kindOf(value), document, roles);
  if (setting) return setting;
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysOf(schema, path, document.value);
      return issue.keys.map((key) => unknown(key, known, path, document, roles));
    }
    case "invalid_key": {
      const key = String(path.at(-1));
      const expected = issue.issues[0]?.message ?? "expected another name";
      return [say.badForm.at(locate(path, "key"), show(key), expected)];
    }
    case "invalid_union":
      if ("discriminator" in issue && issue.discriminator === "role") {
        const qube = path.at(-1) === "role" ? path.slice(0, -1) : path;
        const entry = at(document.value, qube);
        if (typeof entry !== "object" || entry === null)
          return [say.wrongType.at(locate(qube), "expected a map of keys", kindOf(entry))];
        const given = (entry as Record<string, unknown>)["role"];
        if (given === undefined) return [say.missingKey.at(locate(qube, "key"), "role", placeName(qube))];
        if (typeof given !== "string")
          return [say.wrongType.at(locate([...qube, "role"]), "expected the name of a role", kindOf(given))];
        return [say.notOneOf.at(locate([...qube, "role"]), show(given), rolesOf(schema), undefined)];
      }
      return choices(issue, path, document, schema, roles);
    case "invalid_value":
      if (value === undefined)
        return [say.missingKey.at(locate(path), String(path.at(-1)), placeName(path.slice(0, -1)))];
      if (issue.values.every((one) => typeof one === "number" && typeof value !== "number"))
        return [say.wrongType.at(locate(path), issue.message, kindOf(value))];
      return [
        say.notOneOf.at(
          locate(path),
          show(value),
          issue.values.map((one) => (typeof one === "string" && /^\d/.test(one) ? `"${one}"` : String(one))),
          issue.message.startsWith("Write ") ? issue.message : undefined,
        ),
      ];
    case "invalid_type":
      return [
        missingOr(
          say.wrongType.at(locate(path), expectation(issue), kindOf(value), keysOf(schema, path, document.value)),
          value,
          path,
          document,
        ),
      ];
    case "invalid_format":
      return [say.badForm.at(locate(path), show(value), issue.message)];
    case "too_small":
      return [say.outOfRange.at(locate(path), show(value), `less than ${issue.minimum}`)];
    case "too_big":
      return [say.outOfRange.at(locate(path), show(value), `more than ${issue.maximum}`)];
    default:
      return [say.badForm.at(locate(path), show(value), issue.message)];
  }
}

/** A key that does not belong here: where it does belong, if it is one of those that people misplace. */
function unknown(
  key: string,
  known: readonly string[],
  path: Path,
  document: Document,
  roles: readonly Role[],
): Diagnostic {
  const place = document.locate([...path, key], "key");
  const role = at(document.value, [...path, "role"]);
  if (key === "netvm" && path.length === 2 && typeof role === "string") return say.noNetQube.at(place, role);
  const belongs =
    path.length === 2 && key in vm.shape
      ? `Write it below vm: vm: { ${key}: … }.`
      : path.length === 2 && isSetting(key, role, roles)
        ? `Write it below settings: settings: { ${key}: … }.`
        : path.at(-1) === "vm" && ["netvm", "template"].includes(key)
          ? key === "netvm"
            ? "Write netvm beside role, not below vm."
            : "Remove it: the template follows from the role."
          : undefined;
  return say.unknownKey.at(place, key, known, placeName(path), belongs);
}

/** A value that may be written in several ways: what is wrong with the way that was meant, told by its kind. */
function choices(
  issue: z.core.$ZodIssueInvalidUnion,
  path: Path,
  document: Document,
  schema: z.ZodType,
  roles: readonly Role[],
): Diagnostic[] {
  const value = at(document.value, path);
  const meant = issue.errors.find(
    (option) => option.length > 0 && option.every((one) => one.path.length > 0 || one.code !== "invalid_type"),
  );
  const named = issue.errors.find((option) => option.some((one) => one.code === "invalid_type"));
  if (meant && named)
    return meant.flatMap((one) =>
      explainIssue(one, [...path, ...one.path.filter((step) => typeof step !== "symbol")], document, schema, roles),
    );
  return [missingOr(say.wrongType.at(document.locate(path), issue.message, kindOf(value)), value, path, document)];
}

function missingOr(otherwise: Diagnostic, value: unknown, path: Path, document: Document): Diagnostic {
  if (value !== undefined || path.length === 0) return otherwise;
  return say.missingKey.at(document.locate(path), String(path.at(-1)), placeName(path.slice(0, -1)));
}

function expectation(issue: z.core.$ZodIssueInvalidType): string {
  if (issue.message.startsWith("expected")) return issue.message;
  const kinds: Record<string, string> = {
    boolean: "true or false",
    string: "a text",
    int: "a whole number",
    number: "a whole number",
    array: "a list",
    object: "a map of keys",
    record: "a map of names",
  };
  return `expected ${kinds[issue.expected] ?? issue.expected}`;
}

function placeName(path: Path): string {
  if (path.length === 0) return "a topology";
  if (path[0] === "qubes" && path.length === 2) return `the qube "${String(path[1])}"`;
  return `"${path.join(".")}"`;
}

/** A value for a message: short, and with nothing that a terminal would act on. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "string") return `text ${show(value)}`;
  return `${typeof value === "number" ? "the number" : "the value"} ${show(value)}`;
}
